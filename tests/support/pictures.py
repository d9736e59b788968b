"""Small pictures, made by the pixel."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image


def picture(format: str = "PNG", *, mode: str = "RGBA", size: tuple[int, int] = (24, 16), **options: Any) -> bytes:  # noqa: A002
    """A slope of colours, red to the right and green downwards, with a blue square at 4, 4 and, in RGBA, a clear last column."""
    made = Image.new("RGBA", size)
    width, height = size
    for x in range(width):
        for y in range(height):
            inside = 4 <= x < 8 and 4 <= y < 8
            colour = (0, 0, 255) if inside else (x * 255 // width, y * 255 // height, 0)
            made.putpixel((x, y), (*colour, 0 if x == width - 1 else 255))
    saved = BytesIO()
    made.convert(mode).save(saved, format, **options)
    return saved.getvalue()
