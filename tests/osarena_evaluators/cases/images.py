"""Cases of pictures. Their arrays of pixels are compared by `Rgba`, since arrays have no plain equality."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Any
from zlib import crc32

import numpy as np
from PIL import Image

from osarena_evaluators.readers import images
from tests.support.cases import differs, fails, holds, lacks, malformed, reads, unusable
from tests.support.pictures import picture

PNG, JPEG, OPAQUE = picture(), picture("JPEG", mode="RGB", quality=90), picture(mode="RGB")
GREY = picture(mode="L")
GIF = picture("GIF", mode="P")
CUT = PNG[: len(PNG) * 2 // 3]
# A header of 100,000 x 100,000 pixels with the right checksum.
HUGE_HEADER = b"IHDR" + struct.pack(">II", 100_000, 100_000) + PNG[24:29]
HUGE = PNG[:12] + HUGE_HEADER + struct.pack(">I", crc32(HUGE_HEADER)) + PNG[33:]
NO_PICTURE = (
    malformed(b"GIF89a", "it is not a readable picture"),
    malformed(b"", "it is not a readable picture"),
    malformed(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "it is not a readable picture"),
)
DAMAGED = malformed(JPEG[:-20], "it is a damaged picture")


class Rgba:
    """Equal to an array of pixels with these values."""

    __array_ufunc__ = None  # so that arrays leave the comparison to this class
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, values: Any) -> None:
        self.array = np.asarray(values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, np.ndarray) and other.dtype == np.uint8 and np.array_equal(self.array, other)


def as_pillow_says(data: bytes) -> Rgba:
    """Equal to the pixels of a picture."""
    return Rgba(Image.open(BytesIO(data)).convert("RGBA"))


def about(**wanted: float) -> Any:
    """Equal to a mapping of numbers that are these to three places."""

    class About:
        def __eq__(self, other: object) -> bool:
            return isinstance(other, dict) and {key: round(value, 3) for key, value in other.items()} == wanted

        __hash__ = None  # type: ignore[assignment]

    return About()


def changed(data: bytes, *points: tuple[int, int], colour: tuple[int, int, int, int] = (9, 9, 9, 255)) -> Any:
    """The pixels with another colour at some points."""
    found = images.pixels(data).copy()
    for x, y in points:
        found[y, x] = colour
    return found


def blurred(data: bytes) -> Any:
    from PIL import ImageFilter

    return np.asarray(Image.open(BytesIO(data)).convert("RGBA").filter(ImageFilter.GaussianBlur(2)))


def deep(*values: int) -> bytes:
    """A row of grey pixels with 16 bits."""
    saved = BytesIO()
    Image.fromarray(np.array([values], np.uint16)).save(saved, "PNG")
    return saved.getvalue()


DEEP = deep(0, 256, 65535)

READERS = {
    "images.size": [
        reads(PNG, [24, 16]),
        differs(picture(size=(3, 5)), [3, 5]),
        *NO_PICTURE,
        malformed(HUGE, "Image size (10000000000 pixels) exceeds limit"),
    ],
    "images.format": [reads(PNG, "PNG"), reads(JPEG, "JPEG"), differs(GIF, "GIF"), *NO_PICTURE],
    "images.mode": [reads(PNG, "RGBA"), reads(GREY, "L"), differs(GIF, "P"), *NO_PICTURE],
    "images.pixels": [
        reads(PNG, as_pillow_says(PNG)),
        reads(GREY, as_pillow_says(GREY)),
        reads(DEEP, Rgba([[[0, 0, 0, 255], [1, 1, 1, 255], [255, 255, 255, 255]]])),
        differs(OPAQUE, as_pillow_says(OPAQUE)),
        *NO_PICTURE,
        DAMAGED,
        malformed(CUT, "it is a damaged picture"),
        malformed(HUGE, "Image size (10000000000 pixels) exceeds limit"),
    ],
    "images.colours": [
        reads(PNG, [[0, 0, 0, 255], [0, 0, 255, 255], [244, 0, 0, 0]], points=[[0, 0], [4, 4], [23, 0]]),
        differs(OPAQUE, [[244, 0, 0, 255]], points=[[23, 0]]),
        lacks(PNG, "the picture has 24x16 pixels, so there is none at 24, 0", points=[[24, 0]]),
        malformed(b"", "it is not a readable picture", points=[[0, 0]]),
        malformed(CUT, "it is a damaged picture", points=[[0, 0]]),
    ],
    "images.statistics": [
        reads(GREY, about(brightness=0.410, contrast=0.197, saturation=0.0, transparent=0.0)),
        reads(PNG, about(brightness=0.404, contrast=0.196, saturation=0.654, transparent=0.042)),
        differs(picture(size=(1, 1)), about(brightness=0.0, contrast=0.0, saturation=0.0, transparent=1.0)),
        *NO_PICTURE,
        DAMAGED,
    ],
}

SEEN, SEEN_OPAQUE, SMALL = images.pixels(PNG), images.pixels(OPAQUE), images.pixels(picture(size=(3, 2)))
NO_PIXELS: tuple[tuple[Any, str], ...] = ((None, "None"), ([[1]], "[[1]]"), (np.zeros((2, 2)), "array"), (b"x", "b'x'"))

METRICS = {
    "images.same_pixels": [
        holds(SEEN, SEEN),
        holds(changed(PNG, (23, 0), colour=(9, 9, 9, 0)), SEEN),  # hidden by its transparency
        holds(changed(PNG, (0, 0), colour=(2, 2, 0, 255)), SEEN, tolerance=2),
        holds(changed(PNG, (5, 1), (6, 2)), SEEN, but=[[5, 1, 2, 2]]),
        fails(
            changed(PNG, (5, 1), (6, 2)),
            SEEN,
            words="2 of 384 pixels differ, the first at 5, 1: expected [53, 15, 0, 255], found [9, 9, 9, 255]",
        ),
        fails(SEEN_OPAQUE, SEEN, words="16 of 384 pixels differ"),
        fails(SMALL, SEEN, words="expected 24x16 pixels, found 3x2"),
        *(unusable(actual, SEEN, words=f"expected a picture, found {words}") for actual, words in NO_PIXELS),
    ],
    "images.similar": [
        holds(SEEN, SEEN),
        holds(SMALL, SMALL),
        holds(images.pixels(JPEG), SEEN_OPAQUE, at_least=0.5),
        fails(images.pixels(JPEG), SEEN_OPAQUE, score=0.0, at_least=0.99, words="the pictures are to 0."),
        fails(blurred(OPAQUE), SEEN_OPAQUE, at_least=0.9, words="the pictures are to 0."),
        fails(SMALL, SEEN, words="expected 24x16 pixels, found 3x2"),
        *(unusable(actual, SEEN, words=f"expected a picture, found {words}") for actual, words in NO_PIXELS),
    ],
    "images.same_size": [
        holds(SEEN, [24, 16]),
        holds(SEEN_OPAQUE, SEEN),
        fails(SEEN, [16, 24], words="expected 16x24 pixels, found 24x16"),
        unusable("24x16", [24, 16], words="expected a picture, found '24x16'"),
    ],
}
