"""Where the numbers of marks stand on a picture, so that they hide little of it, and what they look like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from osarena.types.geometry import Box, Size
from osarena.types.observation import Pixels


class Numbered(Protocol):
    """A thing with a number and a place: a `Mark`."""

    @property
    def number(self) -> int:
        """What is written."""

    @property
    def box(self) -> Box:
        """The element that it is written at."""


N = TypeVar("N", bound=Numbered)
Integers = NDArray[np.int64]

_COLOURS = (
    (0xC0, 0x00, 0x00), (0x00, 0x50, 0xC8), (0x00, 0x7A, 0x33), (0xA0, 0x00, 0xA0),
    (0xB3, 0x59, 0x00), (0x00, 0x6D, 0x77), (0x5A, 0x2C, 0xA0), (0x8A, 0x1C, 0x4A),
)  # fmt: skip
_FONT_SIZE, _PADDING = 12, 2
# Places for a number, the best first: above and below the element, in it, beside it, at its corners.
_PLACES = tuple(
    place.split()
    for place in (
        "left above, right above, left below, right below, left middle, right middle, before middle, after middle, before top, "
        "after top, left top, right top, left bottom, right bottom, before above, after above, middle above, middle below, "
        "middle middle"
    ).split(", ")
)
# What a place costs is counted on every second pixel each way: that is exact enough, and four times as fast.
_STEP = 2
_RIM = 2  # pixels
# Differences of brightness between neighbours (0 to 255) from here on are drawn, smaller ones are shading.
_EDGE = 24
# A pixel of something that is drawn is worth so many of an element that is not the number's own.
_DRAWN = 3


def colour_of(number: int) -> tuple[int, int, int]:
    """The colour of a mark, in RGB; numbers that follow each other differ."""
    return _COLOURS[number % len(_COLOURS)]


def place_labels(marks: Sequence[N], screen: Size, pixels: Pixels | None = None) -> Iterator[tuple[N, Box]]:
    """A box for each mark's number, none overlapping another, all on the screen; where that is full, the rest have none.

    A number stands at its element, where it hides least of other elements and of what is drawn; somewhere near where all
    such places are taken.

    Args:
        pixels: the screen as `(height, width, 3)` uint8 RGB; without it, nothing is known of what is drawn.
    """
    sizes = [_label_size(mark.number) for mark in marks]
    places = _places([mark.box for mark in marks], sizes)
    costs = _costs(places, _corners([mark.box for mark in marks]), screen, pixels)
    taken = np.zeros((screen.height, screen.width), np.bool_)
    for mark, size, corners, cost in zip(marks, sizes, places, costs, strict=True):
        order = np.argsort(cost, kind="stable")
        best_first = corners[order[np.isfinite(cost[order])]].tolist()
        free = next((place for place in best_first if _is_free(taken, place)), None) or _nearest_free(mark.box, size, taken)
        if free is not None:
            left, top, right, bottom = free
            taken[top:bottom, left:right] = True
            yield mark, Box(left, top, right - left, bottom - top)


@lru_cache(maxsize=1024)
def label_picture(number: int, width: int, height: int) -> Pixels:
    """A number on its colour, `(height, width, 3)`; drawing it anew each time would take longer than all else."""
    picture = Image.new("RGB", (width, height), colour_of(number))
    ImageDraw.Draw(picture).text((width // 2, height // 2), str(number), fill="white", font=_font(), anchor="mm")
    return np.asarray(picture)


@lru_cache(maxsize=1024)
def _label_size(number: int) -> Size:
    left, _, right, _ = _font().getbbox(str(number))
    return Size(round(right - left) + 2 * _PADDING + 1, _FONT_SIZE + 2 * _PADDING - 1)


@lru_cache(maxsize=1)
def _font() -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(_FONT_SIZE)


def _corners(boxes: Sequence[Box]) -> Integers:
    """`(count, 4)` int64: left, top, right and bottom, the latter two just beyond."""
    return np.array([(box.x, box.y, box.x + box.width, box.y + box.height) for box in boxes], np.int64).reshape(-1, 4)


def _places(boxes: Sequence[Box], sizes: Sequence[Size]) -> Integers:
    """`(boxes, places, 4)` int64: the corners of each place for each box's label."""
    left, top, right, bottom = _corners(boxes).T
    width = np.array([size.width for size in sizes], np.int64)
    height = np.array([size.height for size in sizes], np.int64)
    across = {"left": left, "right": right - width, "before": left - width, "after": right, "middle": (left + right - width) // 2}
    down = {"top": top, "bottom": bottom - height, "above": top - height, "below": bottom, "middle": (top + bottom - height) // 2}
    x = np.stack([across[word] for word, _ in _PLACES], axis=1)
    y = np.stack([down[word] for _, word in _PLACES], axis=1)
    return np.stack((x, y, x + width[:, None], y + height[:, None]), axis=2)


def _costs(places: Integers, elements: Integers, screen: Size, pixels: Pixels | None) -> NDArray[np.float64]:
    """`(elements, places)`: what a label would hide at each place, apart from its own element; infinite beside the screen.

    What lies under a label's rim is not counted: borders and rulings, along which labels stand.
    """
    limits = np.array([screen.width, screen.height] * 2)
    is_inside = ((places >= 0) & (places <= limits)).all(axis=2)
    places = np.clip(places + np.array([_RIM, _RIM, -_RIM, -_RIM]), 0, limits) // _STEP
    elements = np.clip(elements, 0, limits) // _STEP
    height, width = screen.height // _STEP, screen.width // _STEP
    hidden = _covers(elements, width, height)
    if pixels is not None:
        hidden += _DRAWN * _drawn(pixels, width, height)
    own = np.minimum(places[..., 2:], elements[:, None, 2:]) - np.maximum(places[..., :2], elements[:, None, :2])
    costs = _sums(hidden, places) - np.clip(own, 0, None).prod(axis=2)
    return np.where(is_inside, costs, np.inf)


def _covers(elements: Integers, width: int, height: int) -> NDArray[np.int32]:
    """`(height, width)`: how many of the elements are at each pixel."""
    steps = np.zeros((height + 1, width + 1), np.int32)
    left, top, right, bottom = elements.T
    for x, y, step in ((left, top, 1), (right, bottom, 1), (left, bottom, -1), (right, top, -1)):
        np.add.at(steps, (y, x), step)
    return steps.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)[:height, :width]


def _drawn(pixels: Pixels, width: int, height: int) -> NDArray[np.int32]:
    """`(height, width)`: 1 where brightness changes to the right or downwards."""
    grey = pixels[: height * _STEP : _STEP, : width * _STEP : _STEP, 1].astype(np.int16)
    drawn = np.zeros((height, width), np.int32)
    drawn[:, :-1] |= np.abs(np.diff(grey, axis=1)) >= _EDGE
    drawn[:-1] |= np.abs(np.diff(grey, axis=0)) >= _EDGE
    return drawn


def _sums(values: NDArray[np.int32], places: Integers) -> NDArray[np.int32]:
    """The sum of the values in each place, by a table of all sums from the upper left corner."""
    height, width = values.shape
    table = np.zeros((height + 1, width + 1), np.int32)
    np.cumsum(np.cumsum(values, axis=0, dtype=np.int32), axis=1, dtype=np.int32, out=table[1:, 1:])
    left, top, right, bottom = np.moveaxis(places, -1, 0)
    sums: NDArray[np.int32] = table[bottom, right] - table[top, right] - table[bottom, left] + table[top, left]
    return sums


def _is_free(taken: NDArray[np.bool_], place: Sequence[int]) -> bool:
    left, top, right, bottom = place
    return not taken[top:bottom, left:right].any()


def _nearest_free(box: Box, label: Size, taken: NDArray[np.bool_]) -> list[int] | None:
    """The free place nearest to an element on a grid over the whole screen, or `None` where it is full."""
    height, width = taken.shape
    x, y = np.meshgrid(
        np.arange(0, width - label.width + 1, max(label.width // 2, 1)),
        np.arange(0, height - label.height + 1, max(label.height // 2, 1)),
    )
    places = np.stack((x, y, x + label.width, y + label.height), axis=2).reshape(-1, 4)
    free = places[_sums(taken.astype(np.int32), places) == 0]
    if not len(free):
        return None
    distance = ((free[:, :2] - [box.center.x, box.center.y]) ** 2).sum(axis=1)
    nearest: list[int] = free[distance.argmin()].tolist()
    return nearest
