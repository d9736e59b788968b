"""Pictures of goods for a web shop: cut out, lying on their side, with an uneven margin around them."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from hashlib import sha256
from random import Random
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from osarena.tasks.model import maker

_PALETTES = (
    ("#1f4e79", "#f2c14e"),
    ("#7a1f3d", "#f4e4c1"),
    ("#22543d", "#f6ad55"),
    ("#44337a", "#9ae6b4"),
    ("#3b3b3b", "#e85d4a"),
)
_INK = "#1a1a1a"
_CLEAR = (0, 0, 0, 0)
# Goods are drawn so much larger than shown, which makes edges smooth.
_FINE = 4
_HEIGHT = 600  # of the goods as they are found, in pixels
_HEIGHTS = (360, 420, 450, 480, 540)
_CANVASES = (640, 700, 800)
_FOUND_ON = (1000, 800)
_TURNS: Mapping[str, Image.Transpose] = {"left": Image.Transpose.ROTATE_90, "right": Image.Transpose.ROTATE_270}
_BACK: Mapping[str, str] = {"left": "right", "right": "left"}


@maker
def lying_product(rng: Random) -> Mapping[str, Any]:
    """A picture of something for a shop, lying on its left or right side somewhere on a transparent canvas.

    Returns:
        What is found: `name` (such as "mug-41") and `file` (PNG). What is asked for: `goods` (in a word), `height` of the
        goods and `canvas`, the side of the square, both in pixels. Help for plays: `turn`, to the "left" or the "right", by
        which it stands upright. What must be there in the end: `wanted` (PNG, to be compared as a picture) and `desktop`
        (file name to SHA-256, as it was found).
    """
    goods, number = rng.choice(sorted(_GOODS)), rng.randint(11, 99)
    height, canvas = rng.choice(_HEIGHTS), rng.choice(_CANVASES)
    # With these widths, neither the scaled width nor the margins beside it have half pixels.
    width = rng.choice([width for width in range(400, 520) if width * height % (2 * _HEIGHT) == 0])
    upright = _draw(rng, goods, number, width)
    turn = rng.choice(sorted(_TURNS))
    file = _as_png(_placed(rng, upright.transpose(_TURNS[_BACK[turn]])))
    scaled = upright.resize((width * height // _HEIGHT, height), Image.Resampling.BICUBIC)
    return {
        "name": f"{goods}-{number}",
        "file": file,
        "goods": goods,
        "height": height,
        "canvas": canvas,
        "turn": turn,
        "wanted": _as_png(_centred(scaled, canvas)),
        "desktop": {f"{goods}-{number}.png": sha256(file).hexdigest()},
    }


def _draw(rng: Random, goods: str, number: int, width: int) -> Image.Image:
    """The goods upright, reaching to all four edges of a picture of this width."""
    colours = rng.choice(_PALETTES)
    picture = Image.new("RGBA", (width * _FINE, _HEIGHT * _FINE), _CLEAR)
    _GOODS[goods](ImageDraw.Draw(picture), *picture.size, colours)
    label = Image.new("RGBA", picture.size, _CLEAR)
    draw = ImageDraw.Draw(label)
    middle = (picture.width * 0.42, picture.height * 0.62)
    draw.rounded_rectangle((middle[0] - 520, middle[1] - 210, middle[0] + 520, middle[1] + 210), 60, fill="white")
    draw.text(middle, f"No. {number}", fill=_INK, font=ImageFont.load_default(250), anchor="mm")
    picture.alpha_composite(label)
    return picture.reduce(_FINE)


def _draw_mug(draw: ImageDraw.ImageDraw, width: int, height: int, colours: tuple[str, str]) -> None:
    body, band = colours
    draw.ellipse((0.5 * width, 0.25 * height, width - 1, 0.8 * height), fill=body)
    draw.ellipse((0.6 * width, 0.35 * height, 0.88 * width, 0.7 * height), fill=_CLEAR)
    draw.rounded_rectangle((0, 0, 0.78 * width, height - 1), 0.08 * height, fill=body)
    draw.rectangle((0, 0.12 * height, 0.78 * width, 0.2 * height), fill=band)
    for column in range(6):
        left = (0.06 + 0.12 * column) * width
        draw.ellipse((left, 0.26 * height, left + 0.06 * width, 0.26 * height + 0.06 * width), fill=band)


def _draw_kettle(draw: ImageDraw.ImageDraw, width: int, height: int, colours: tuple[str, str]) -> None:
    body, band = colours
    draw.polygon(
        [(0, 0.3 * height), (0.16 * width, 0.26 * height), (0.5 * width, 0.7 * height), (0.3 * width, 0.9 * height)], fill=band
    )
    draw.arc((0.25 * width, 0.06 * height, width - 1, 0.8 * height), 180, 360, fill=_INK, width=int(0.05 * width))
    draw.ellipse((0.52 * width, 0, 0.72 * width, 0.16 * height), fill=band)
    draw.ellipse((0.14 * width, 0.28 * height, width - 1, height - 1), fill=body)
    for row in range(3):
        draw.rectangle((0.3 * width, (0.36 + 0.04 * row) * height, 0.84 * width, (0.375 + 0.04 * row) * height), fill=band)


def _draw_lamp(draw: ImageDraw.ImageDraw, width: int, height: int, colours: tuple[str, str]) -> None:
    shade, trim = colours
    draw.rectangle((0.38 * width, 0.4 * height, 0.46 * width, 0.95 * height), fill=_INK)
    draw.ellipse((0.1 * width, 0.9 * height, 0.74 * width, height - 1), fill=_INK)
    draw.line((0.9 * width, 0.4 * height, 0.9 * width, 0.7 * height), fill=_INK, width=int(0.015 * width))
    draw.ellipse((0.87 * width, 0.68 * height, 0.93 * width, 0.73 * height), fill=trim)
    draw.polygon([(0.25 * width, 0), (0.65 * width, 0), (width - 1, 0.42 * height), (0, 0.42 * height)], fill=shade)
    for column in range(5):
        left = (0.3 + 0.075 * column) * width
        draw.line((left, 0.02 * height, 2.2 * left - 0.54 * width, 0.4 * height), fill=trim, width=int(0.012 * width))


_GOODS: Mapping[str, Callable[[ImageDraw.ImageDraw, int, int, tuple[str, str]], None]] = {
    "kettle": _draw_kettle,
    "lamp": _draw_lamp,
    "mug": _draw_mug,
}


def _placed(rng: Random, picture: Image.Image) -> Image.Image:
    """The picture on a larger canvas, with no two margins the same."""
    spare = [outer - inner for outer, inner in zip(_FOUND_ON, picture.size, strict=True)]
    place = (rng.randint(30, spare[0] // 2 - 20), rng.randint(spare[1] // 2 + 20, spare[1] - 30))
    found = Image.new("RGBA", _FOUND_ON, _CLEAR)
    found.paste(picture, place)
    return found


def _centred(picture: Image.Image, side: int) -> Image.Image:
    square = Image.new("RGBA", (side, side), _CLEAR)
    square.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    return square


def _as_png(picture: Image.Image) -> bytes:
    saved = io.BytesIO()
    picture.save(saved, "PNG")
    return saved.getvalue()
