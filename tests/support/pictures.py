"""Small pictures, made by the pixel."""

from __future__ import annotations

from collections.abc import Callable
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


Placed = Callable[[int], bytes]


def xcf(*layers: Placed, size: tuple[int, int] = (2, 1), kind: int = 0, compression: int = 0, colours: bytes = b"") -> bytes:
    """A file of GIMP (version 1) with these layers; `kind` is 0 for RGB, 1 for grey, 2 for a palette of `colours`."""
    head = b"gimp xcf v001\0" + _numbers(*size, kind) + _entry(17, bytes([compression]))
    head += (_entry(1, _numbers(len(colours) // 3) + colours) if colours else b"") + _numbers(0, 0)
    start = len(head) + 4 * len(layers) + 8
    pointers = bodies = b""
    for layer in layers:
        pointers += _numbers(start + len(bodies))
        bodies += layer(start + len(bodies))
    return head + pointers + _numbers(0, 0) + bodies


def xcf_layer(name: str, tile: bytes, *properties: tuple[int, bytes], kind: int = 1, size: tuple[int, int] = (2, 1)) -> Placed:
    """A layer of one tile, for `xcf`; `kind` is 0 for RGB, 1 for RGBA, 2 and 3 for grey, 4 and 5 for a palette."""
    words = name.encode() + b"\0"
    head = _numbers(*size, kind, len(words)) + words + b"".join(_entry(*entry) for entry in properties) + _numbers(0, 0)

    def placed(place: int) -> bytes:
        hierarchy = place + len(head) + 8
        level, depth = hierarchy + 20, (3, 4, 1, 2, 1, 2)[kind]
        return head + _numbers(hierarchy, 0, *size, depth, level, 0, *size, level + 16, 0) + tile

    return placed


def _entry(kind: int, data: bytes) -> bytes:
    return _numbers(kind, len(data)) + data


def _numbers(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(4, "big") for number in numbers)
