"""Screenshots with the pointer in them. Our own have none: what lies below it would be hidden from who reads the picture."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from osarena.types.geometry import Point
from osarena.types.observation import Pixels

# An arrow, from its tip.
_ARROW = ((0, 0), (0, 16), (4, 13), (7, 19), (10, 18), (7, 12), (12, 12))


def png_with_pointer(pixels: Pixels, pointer: Point | None) -> bytes:
    """The screenshot as PNG, with an arrow where the pointer is."""
    image = Image.fromarray(pixels)
    if pointer is not None:
        outline = [(pointer.x + x, pointer.y + y) for x, y in _ARROW]
        ImageDraw.Draw(image).polygon(outline, fill=(255, 255, 255), outline=(0, 0, 0))
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()
