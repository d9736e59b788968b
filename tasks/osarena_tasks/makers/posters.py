"""A poster that is not finished, in layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from PIL import Image, ImageDraw, ImageFont, ImageOps

from osarena.tasks.model import maker
from osarena_tasks.makers._pictures import landscape
from osarena_tasks.makers._xcf import Layer, flatten, xcf

_SIZE = (800, 1000)
_EVENTS = ("Summer Fair", "Book Market", "Harvest Supper", "Open Gardens", "Bell Concert", "Quiz Night")
_SPONSORS = ("Hill & Daughters", "Bakery Noor", "Cycles Brandt", "Linden Pharmacy", "Print Shop Ott", "Tea Room Merle")
_MONTHS = ("May", "June", "July", "August", "September")
_PAPERS, _INKS = ("#fdf6e3", "#eef4fb", "#f4efe6", "#eaf5ea"), ("#7a1f3d", "#1f4e79", "#22543d", "#5b3a8c")
_PLATE, _STAMP, _CLEAR = "#e9c46a", "#d62828", (0, 0, 0, 0)
_PLATE_SIZE, _ARROW_SIZE, _STRIP_SIZE, _STAMP_SIZE = (320, 100), (200, 120), (640, 90), (520, 220)
_PLATES_AT = ((60, 190), (420, 190))
_PHOTO_AT, _STRIP_AT, _ARROW_AT, _STAMP_AT = (80, 320), (80, 755), (540, 860), (140, 440)
# How far around a point its colour goes on, and by how much it must differ from what was there before (of 255).
_AROUND, _DIFFERENCE = 6, 70


@maker
def unfinished(rng: Random) -> Mapping[str, Any]:
    """A poster with the dates of two years, a stamp on it, hidden sponsors, and an arrow that points the wrong way.

    Returns:
        What is found: `file` (GIMP's own). What is asked for: `event`, `name` (of the files, without their endings), `year`
        and `last_year`. Help for plays: `date` and `old_date`, the names of the two layers. What must be there in the end:
        `layers` (the topmost first), `finished` (the file), and `colours` (red, green, blue and alpha) at `points`.
    """
    event, ink, paper = rng.choice(_EVENTS), rng.choice(_INKS), rng.choice(_PAPERS)
    year, day = rng.randint(2025, 2031), f"{rng.randint(3, 28)} {rng.choice(_MONTHS)}"
    date_name, old_name = rng.sample(("Text", "Text copy"), 2)
    date_at, old_at = rng.sample(_PLATES_AT, 2)
    date = Layer(date_name, _plate(f"{day} {year}"), date_at)
    old = Layer(old_name, _plate(f"{_other_day(rng, day)} {year - 1}"), old_at)
    arrow = Layer("Arrow", _arrow(ink), _ARROW_AT)
    stamp = Layer("Draft", _stamp(), _STAMP_AT)
    title = Layer("Title", _title(event, ink), (0, 30))
    photo = Layer("Photo", landscape(rng).resize((640, 480), Image.Resampling.NEAREST).convert("RGBA"), _PHOTO_AT)
    sponsors = Layer("Sponsors", _strip(rng, ink), _STRIP_AT)
    background = Layer("Background", Image.new("RGBA", _SIZE, paper))
    dates = [date, old] if date_name == "Text copy" else [old, date]
    there = [stamp, arrow, *dates, title, photo, sponsors, background]
    done = [
        replace(stamp, is_visible=False),
        replace(arrow, picture=ImageOps.mirror(arrow.picture)),
        replace(date, name=f"Date {year}"),
        title,
        sponsors,
        photo,
        background,
    ]
    before, after = (flatten(_SIZE, layers).convert("RGB") for layers in (there, done))
    points = [point for layer in (stamp, arrow, old, sponsors) for point in _changed(rng, before, after, layer)]
    points += [(30, 30), (770, 300), (date_at[0] + 12, date_at[1] + 12)]
    return {
        "file": xcf(_SIZE, there),
        "event": event,
        "name": event.lower().replace(" ", "-"),
        "year": year,
        "last_year": year - 1,
        "date": date_name,
        "old_date": old_name,
        "layers": [_as_read(layer) for layer in done],
        "finished": xcf(_SIZE, done),
        "points": [list(point) for point in points],
        "colours": [[*_pixel(after, point), 255] for point in points],
    }


def _as_read(layer: Layer) -> dict[str, Any]:
    """What a reader tells of a layer, as far as it counts."""
    (x, y), (width, height) = layer.place, layer.picture.size
    return {"name": layer.name, "visible": layer.is_visible, "x": x, "y": y, "width": width, "height": height}


def _changed(rng: Random, before: Image.Image, after: Image.Image, layer: Layer) -> list[tuple[int, int]]:
    """Three points below a layer at which the poster has changed, in the middle of one colour, so that a JPEG keeps it."""
    (left, top), (width, height) = layer.place, layer.picture.size
    points = [(x, y) for x in range(left, left + width, 5) for y in range(top, top + height, 5)]
    changed = [point for point in points if _distance(before, after, point) >= _DIFFERENCE]
    telling = [(x, y) for x, y in changed if after.crop((x - _AROUND, y - _AROUND, x + _AROUND, y + _AROUND)).getcolors(1)]
    return rng.sample(telling, 3)


def _distance(one: Image.Image, other: Image.Image, point: tuple[int, int]) -> int:
    return max(abs(a - b) for a, b in zip(_pixel(one, point), _pixel(other, point), strict=True))


def _pixel(picture: Image.Image, point: tuple[int, int]) -> tuple[int, ...]:
    """The colour at a point."""
    found = picture.getpixel(point)
    assert isinstance(found, tuple)
    return found


def _plate(text: str) -> Image.Image:
    plate = Image.new("RGBA", _PLATE_SIZE, _CLEAR)
    draw = ImageDraw.Draw(plate)
    draw.rectangle((0, 0, *_PLATE_SIZE), fill=_PLATE)
    _write(draw, text, _PLATE_SIZE, 38, "#1a1a1a")
    return plate


def _arrow(ink: str) -> Image.Image:
    """It points to the left."""
    arrow = Image.new("RGBA", _ARROW_SIZE, _CLEAR)
    width, height = _ARROW_SIZE
    middle = height // 2
    outline = [(0, middle), (80, 0), (80, 30), (width, 30), (width, height - 30), (80, height - 30), (80, height)]
    ImageDraw.Draw(arrow).polygon(outline, fill=ink)
    return arrow


def _stamp() -> Image.Image:
    stamp = Image.new("RGBA", _STAMP_SIZE, _CLEAR)
    draw = ImageDraw.Draw(stamp)
    draw.rectangle((0, 0, _STAMP_SIZE[0] - 1, _STAMP_SIZE[1] - 1), outline=_STAMP, width=36)
    _write(draw, "DRAFT", _STAMP_SIZE, 130, _STAMP)
    return stamp


def _title(event: str, ink: str) -> Image.Image:
    title = Image.new("RGBA", (_SIZE[0], 140), _CLEAR)
    _write(ImageDraw.Draw(title), event, title.size, 90, ink)
    return title


def _strip(rng: Random, ink: str) -> Image.Image:
    strip = Image.new("RGBA", _STRIP_SIZE, "white")
    _write(ImageDraw.Draw(strip), "  ·  ".join(rng.sample(_SPONSORS, 3)), _STRIP_SIZE, 26, ink)
    return strip


def _write(draw: ImageDraw.ImageDraw, text: str, size: tuple[int, int], height: int, colour: str) -> None:
    """Write into the middle of a field of this size."""
    draw.text((size[0] // 2, size[1] // 2), text, fill=colour, font=ImageFont.load_default(height), anchor="mm")


def _other_day(rng: Random, day: str) -> str:
    """A day near this one, for the year before."""
    number, month = day.split()
    return f"{int(number) + rng.choice((-2, -1))} {month}"
