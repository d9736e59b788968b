"""What is drawn on a picture, or on the screen where it is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from osarena.grading.model import reader
from osarena_evaluators.readers.images import pixels, size

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SMALLEST = 48  # pixels; the round buttons for colours are smaller
_MAX_SIDE = 1600  # what is larger is looked at more coarsely
_MAX_RUNS = 200_000
_DIRECTIONS = 36


@reader
def has_red_circle(data: bytes) -> bool:
    """Whether there is a red circle on a picture, drawn as a line or filled, of at least 48 pixels across."""
    found = pixels(data)
    step = max(1, -(-max(found.shape[:2]) // _MAX_SIDE))
    return any(_is_round(points, _SMALLEST / step) for points in _patches(_is_red(found[::step, ::step])))


@reader
def has_size(data: bytes, *, width: int, height: int) -> bool:
    """Whether a picture has this width and height in pixels."""
    return size(data) == [int(width), int(height)]


def _is_red(found: NDArray[np.uint8]) -> NDArray[np.bool_]:
    red: NDArray[np.bool_] = (found[..., 0] >= 150) & (found[..., 1] <= 100) & (found[..., 2] <= 100) & (found[..., 3] > 0)
    return red


def _is_round(points: NDArray[np.int64], smallest: float) -> bool:
    """Whether points (rows and columns) make a ring or a disc, about as high as wide."""
    import numpy as np

    low, high = points.min(axis=0), points.max(axis=0)
    radii = (high - low + 1) / 2
    if radii.min() * 2 < smallest or not 0.75 <= radii[0] / radii[1] <= 1 / 0.75:
        return False
    offsets = (points - (low + high) / 2) / radii
    distances = np.hypot(offsets[:, 0], offsets[:, 1])
    share = len(points) / (np.pi * radii[0] * radii[1])
    if share > 0.9:
        return bool(share < 1.1 and distances.max() < 1.15)
    directions = ((np.arctan2(offsets[:, 0], offsets[:, 1]) / (2 * np.pi) + 0.5) * _DIRECTIONS).astype(int) % _DIRECTIONS
    is_edge = (distances > 0.7) & (distances < 1.15)
    return bool(is_edge.mean() > 0.9 and len(np.unique(directions[is_edge])) >= 0.9 * _DIRECTIONS)


def _patches(mask: NDArray[np.bool_]) -> Iterator[NDArray[np.int64]]:
    """The points of each patch of pixels that touch, also at corners."""
    import numpy as np

    edges = np.diff(mask.astype(np.int8), axis=1, prepend=0, append=0)
    rows, starts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    runs = list(zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True))[:_MAX_RUNS]
    grouped: dict[int, list[int]] = {}
    for number, group in enumerate(_groups(runs)):
        grouped.setdefault(group, []).append(number)
    for numbers in grouped.values():
        yield _points(np.array([runs[number] for number in numbers]))


def _points(runs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Row and column of each pixel of some runs (row, start, end)."""
    import numpy as np

    lengths = runs[:, 2] - runs[:, 1]
    before = np.repeat(np.cumsum(lengths) - lengths, lengths)
    columns = np.repeat(runs[:, 1], lengths) + np.arange(lengths.sum()) - before
    return np.stack([np.repeat(runs[:, 0], lengths), columns], axis=1)


def _groups(runs: list[tuple[int, int, int]]) -> list[int]:
    """The number of the patch of each run of pixels in a row, in their order: rows from the top, from the left in a row."""
    parents = list(range(len(runs)))

    def top(number: int) -> int:
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    above = 0
    for number, (row, start, end) in enumerate(runs):
        while runs[above][0] < row - 1 or (runs[above][0] == row - 1 and runs[above][2] < start):
            above += 1
        other = above
        while runs[other][0] == row - 1 and runs[other][1] <= end:
            parents[top(other)] = top(number)
            other += 1
    return [top(number) for number in range(len(runs))]
