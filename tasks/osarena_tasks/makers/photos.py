"""The photos of a trip, as they come from a camera and a phone: named by number, dated inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from PIL import Image

from osarena.tasks.model import maker
from osarena_tasks.makers._pictures import as_jpeg, as_png, landscape

_PLACES = ("Lisbon", "Harz", "Bergen", "Trieste", "Ghent", "Cork", "Krakow", "Split")
# EXIF tags: the moment of the last change to the picture, and, in the part for the camera, that of the shot.
_CHANGED, _CAMERA_PART, _TAKEN = 0x0132, 0x8769, 0x9003
_DATE_FORMATS = (("%Y", "%m", "%d"), ("%d", "%m", "%Y"))


@dataclass(frozen=True, slots=True)
class _Photo:
    name: str
    taken: datetime
    data: bytes


@maker
def trip(rng: Random, *, separator: str) -> Mapping[str, Any]:
    """The folder of a trip: photos from two cameras, and a scan, a map and a text that are none.

    Args:
        separator: what stands between day, month and year in the names that are asked for.

    Returns:
        What is found: `place` (the folder's name), `files` (name to bytes) and `modified` (name to the time of the file,
        which is that of copying). What is asked for: `date_format` (as strftime has it), and of one photo, its name
        (`example`), the day in words (`example_day`) and its new name (`example_renamed`). Help for plays: `photos`, the
        names of all photos in alphabetical order, and `others`, those of the other files. What must be there in the end:
        `renamed` and `left`, SHA-256 by file name. For counterexamples: `copies`, the photos under their new names.
    """
    photos = _draw_photos(rng)
    others = _draw_others(rng)
    date_format = separator.join(rng.choice(_DATE_FORMATS))
    renamed = {f"{photo.taken.strftime(date_format)} {_with_lower_ending(photo.name)}": photo for photo in photos}
    example = rng.choice(photos)
    return {
        "place": rng.choice(_PLACES),
        "files": {photo.name: photo.data for photo in photos} | others,
        "modified": _times_of_copying(photos, list(others)),
        "date_format": date_format,
        "example": example.name,
        "example_day": f"{example.taken.day} {example.taken:%B %Y}",
        "example_renamed": next(name for name, photo in renamed.items() if photo is example),
        "photos": sorted(photo.name for photo in photos),
        "others": sorted(others),
        "renamed": {name: sha256(photo.data).hexdigest() for name, photo in renamed.items()},
        "left": {name: sha256(data).hexdigest() for name, data in others.items()},
        "copies": {name: photo.data for name, photo in renamed.items()},
    }


def _draw_photos(rng: Random) -> list[_Photo]:
    """Eight photos over some days, which camera and phone took in turns."""
    first_day = datetime(rng.choice((2021, 2022, 2023)), rng.randint(3, 10), rng.randint(3, 24))
    days = sorted(rng.randrange(5) for _ in range(8))
    on_camera = set(rng.sample(range(8), rng.choice((3, 4, 5))))
    camera, phone = rng.randint(300, 9000), rng.randint(100, 900)
    photos = []
    for index, day in enumerate(days):
        taken = first_day + timedelta(days=day, hours=8 + index, minutes=rng.randrange(60), seconds=rng.randrange(60))
        if index in on_camera:
            camera += rng.randint(1, 30)
            name = f"DSC{camera:05}.JPG"
        else:
            phone += rng.randint(1, 9)
            name = f"IMG_{phone:04}.JPG"
        photos.append(_Photo(name, taken, _photograph(landscape(rng), taken)))
    return photos


def _draw_others(rng: Random) -> dict[str, bytes]:
    """Files that stand before, between and behind the photos in an alphabetical list. The scan carries no date."""
    nights = rng.randint(2, 6)
    return {
        "Bill (scan).JPG": as_jpeg(landscape(rng).convert("L")),
        "Hotel.txt": f"{nights} nights, breakfast included.\nRoom {rng.randint(11, 68)}.\n".encode(),
        "Map.png": as_png(landscape(rng)),
    }


def _times_of_copying(photos: list[_Photo], others: list[str]) -> dict[str, str]:
    """Everything was copied some days after the last photo, the camera's a day before the rest."""
    copied = max(photo.taken for photo in photos).replace(hour=19, minute=5, second=0) + timedelta(days=6)
    names = [*(photo.name for photo in photos), *others]
    return {name: (copied - timedelta(days=name.startswith("DSC"))).isoformat(" ") for name in names}


def _with_lower_ending(name: str) -> str:
    return name.removesuffix(".JPG") + ".jpg"


def _photograph(picture: Image.Image, taken: datetime) -> bytes:
    exif = Image.Exif()
    stamp = taken.strftime("%Y:%m:%d %H:%M:%S")
    exif[_CHANGED] = stamp
    exif.get_ifd(_CAMERA_PART)[_TAKEN] = stamp
    return as_jpeg(picture, exif)
