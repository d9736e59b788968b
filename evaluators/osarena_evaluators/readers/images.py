"""Pictures: PNG, JPEG, GIF, BMP, TIFF, WebP. `xcf` has GIMP's own files, `media` what is written beside the pixels."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

# Formats that Pillow reads by itself; EPS, for one, it hands to another program.
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM", "ICO")
MAX_PIXELS = 30_000_000
_ROWS = 256
# What Pillow raises for files that are damaged.
DAMAGED = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError, TypeError),
    *(ValueError, struct.error, zlib.error),
)


@reader
def size(data: bytes) -> list[int]:
    """Width and height in pixels."""
    return list(open_image(data).size)


@reader
def format(data: bytes) -> str:  # noqa: A001
    """The format that the bytes are in, whatever the file is called: "PNG", "JPEG", "GIF", "BMP", "TIFF" or "WEBP"."""
    return str(open_image(data).format)


@reader
def mode(data: bytes) -> str:
    """What a pixel is made of, as Pillow calls it: "RGB", "RGBA", "L" (grey), "LA", "1" (black or white), "P" (palette) …"""
    return open_image(data).mode


@reader
def pixels(data: bytes) -> NDArray[np.uint8]:
    """All pixels of the (first) picture: `(height, width, 4)` uint8 RGBA. What has no transparency is opaque (255)."""
    import numpy as np

    return np.asarray(_loaded(data))


@reader
def colours(data: bytes, *, points: Sequence[Sequence[int]]) -> list[list[int]]:
    """The colours at some points `[x, y]` in pixels from the top left, each as red, green, blue and alpha from 0 to 255."""
    found = pixels(data)
    height, width = found.shape[:2]
    for x, y in points:
        if not (0 <= x < width and 0 <= y < height):
            raise EvidenceMissing(f"the picture has {width}x{height} pixels, so there is none at {x}, {y}")
    return [[int(value) for value in found[y, x]] for x, y in points]


@reader
def statistics(data: bytes) -> dict[str, float]:
    """What the picture is like as a whole, each from 0 to 1.

    `brightness` is the mean of the grey values, `contrast` their standard deviation, `saturation` the mean distance of the
    strongest from the weakest colour, `transparent` the share of pixels that are not wholly opaque. What is transparent does
    not count for the first three, by how transparent it is.
    """
    found = pixels(data)
    # In parts, so that a large picture does not take eight times its size at once.
    parts = [_sums(found[top : top + _ROWS]) for top in range(0, len(found), _ROWS)]
    weight, grey, square, saturation, transparent = (float(total) for total in sum(parts[1:], start=parts[0]))
    weight = weight or 1.0
    brightness = grey / weight
    return {
        "brightness": brightness,
        "contrast": max(square / weight - brightness**2, 0.0) ** 0.5,
        "saturation": saturation / weight,
        "transparent": transparent / (found.shape[0] * found.shape[1]),
    }


def _sums(rows: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Over some rows: the opacity, the grey values, their squares and the saturation by opacity, and what is not opaque."""
    import numpy as np

    shares = rows.astype(np.float32) / np.float32(255)
    colour, alpha = shares[..., :3], shares[..., 3]
    grey = colour @ np.array([0.299, 0.587, 0.114], np.float32)
    saturation = colour.max(axis=-1) - colour.min(axis=-1)
    summed = (alpha, grey * alpha, grey**2 * alpha, saturation * alpha, alpha < 1)
    return np.array([values.sum(dtype=np.float64) for values in summed])


def open_image(data: bytes) -> Image:
    """A picture whose header was read, not yet its pixels. Raises EvidenceMissing for what is none, or far too large."""
    from PIL import Image, UnidentifiedImageError

    with catch_warnings():
        simplefilter("ignore")  # on large pictures, which are refused here anyway
        try:
            found = Image.open(BytesIO(data), formats=_FORMATS)
        except UnidentifiedImageError as error:  # its text has an address in memory, so no two are the same
            raise EvidenceMissing("it is not a readable picture, in none of the known formats") from error
        except (*DAMAGED, Image.DecompressionBombError) as error:
            raise EvidenceMissing(f"it is not a readable picture: {error}"[:300]) from error
    width, height = found.size
    if width * height > MAX_PIXELS:
        raise EvidenceMissing(f"it has {width}x{height} pixels, which is too much to look at")
    return found


def _loaded(data: bytes) -> Image:
    found = open_image(data)
    with catch_warnings():
        simplefilter("ignore")
        try:
            return (_eight_bits(found) if found.mode.startswith("I") else found).convert("RGBA")
        except DAMAGED as error:
            raise EvidenceMissing(f"it is a damaged picture: {error}"[:300]) from error


def _eight_bits(grey: Image) -> Image:
    """A grey picture with 16 bits as one with 8; Pillow itself makes white of all but the darkest."""
    import numpy as np
    from PIL import Image

    return Image.fromarray((np.asarray(grey).clip(0, 0xFFFF) // 256).astype(np.uint8))
