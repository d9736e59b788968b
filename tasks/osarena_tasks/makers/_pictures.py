"""Drawn pictures, each unlike the other."""

from __future__ import annotations

import io
from random import Random

from PIL import Image, ImageDraw

_SIZE = (480, 360)


def landscape(rng: Random) -> Image.Image:
    """A sky, a sun and three hills, 480 x 360 pixels."""
    width, height = _SIZE
    picture = Image.new("RGB", _SIZE, (rng.randint(120, 200), rng.randint(170, 220), 245))
    draw = ImageDraw.Draw(picture)
    x, y = rng.randrange(width), rng.randrange(30, 120)
    draw.ellipse((x - 25, y - 25, x + 25, y + 25), fill=(255, 236, 150))
    for number in range(3):
        top, left = rng.randint(140, 220) + 50 * number, rng.randrange(-300, 200)
        red, green = (rng.randint(20, 60) + 30 * (2 - number) for _ in range(2))
        draw.ellipse((left, top, left + rng.randint(400, 900), top + 2 * height), fill=(red, green + 60, 40))
    return picture


def as_jpeg(picture: Image.Image, exif: Image.Exif | None = None) -> bytes:
    """The picture as a JPEG file."""
    saved = io.BytesIO()
    picture.save(saved, "JPEG", quality=80, exif=exif or Image.Exif())
    return saved.getvalue()


def as_png(picture: Image.Image) -> bytes:
    """The picture as a PNG file of 16 colours."""
    saved = io.BytesIO()
    picture.quantize(16).save(saved, "PNG")
    return saved.getvalue()
