"""Pictures, as the reader `images.pixels` makes them: arrays `(height, width, 4)` uint8 RGBA."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from osarena.errors import EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Plane = NDArray[np.float64]

# The window of the structural similarity, in pixels, and its two constants for values from 0 to 1 (Wang et al. 2004).
_WINDOW = 7
_C1, _C2 = 0.01**2, 0.03**2


@metric
def same_pixels(actual: Any, expected: Any, *, tolerance: int = 0, but: Sequence[Sequence[int]] = ()) -> Verdict:
    """1 if both pictures have the same size and the same pixels.

    A colour may be off by `tolerance` (0 to 255). Wholly transparent pixels are the same, whatever colour they hide. `but`
    has boxes `[left, top, width, height]` in pixels that do not count.
    """
    import numpy as np

    found, wanted = _pixels_of(actual), _require_pixels(expected)
    if words := _size_difference(found, wanted):
        return Verdict(0.0, words)
    off = np.abs(_without_hidden(found) - _without_hidden(wanted)).max(axis=-1) > tolerance
    for left, top, width, height in but:
        off[max(top, 0) : max(top + height, 0), max(left, 0) : max(left + width, 0)] = False
    if not off.any():
        return Verdict(1.0)
    y, x = (int(place[0]) for place in np.nonzero(off))
    first = f"the first at {x}, {y}: expected {wanted[y, x].tolist()}, found {found[y, x].tolist()}"
    return Verdict(0.0, f"{int(off.sum())} of {off.size} pixels differ, {first}")


@metric
def similar(actual: Any, expected: Any, *, at_least: float | None = None) -> Verdict:
    """The structural similarity of two pictures of the same size, from 0 to 1; with `at_least`, 1 if it is that, else 0.

    It is the mean over windows of 7x7 pixels, the least of red, green, blue and transparency. In a photo, JPEG with quality 90
    leaves some 0.9, a blur that one sees 0.8, its mirror image 0.2. It tells structure: a brighter copy still has some 0.95.
    """
    found, wanted = _pixels_of(actual), _require_pixels(expected)
    if words := _size_difference(found, wanted):
        return Verdict(0.0, words)
    planes = zip(_planes(found), _planes(wanted), strict=True)
    score = min(max(min(_similarity(one, other) for one, other in planes), 0.0), 1.0)
    return Verdict(score if at_least is None else float(score >= at_least), f"the pictures are to {score:.3f} the same")


@metric
def same_size(actual: Any, expected: Any) -> Verdict:
    """1 if both pictures have the same size, or the picture has the size `[width, height]` in pixels."""
    found = _pixels_of(actual)
    wanted = list(expected) if isinstance(expected, list | tuple) else [*_require_pixels(expected).shape[1::-1]]
    words = "x".join(map(str, wanted))
    return Verdict(1.0) if [*found.shape[1::-1]] == wanted else Verdict(0.0, f"expected {words} pixels, found {_size(found)}")


def _pixels_of(actual: Any) -> Pixels:
    """An agent's picture. Raises EvidenceMissing for anything else."""
    import numpy as np

    if isinstance(actual, np.ndarray) and actual.dtype == np.uint8 and actual.ndim == 3 and actual.shape[2] == 4:
        return actual
    raise EvidenceMissing(f"expected a picture, found {quote(actual)}")


def _require_pixels(expected: Any) -> Pixels:
    try:
        return _pixels_of(expected)
    except EvidenceMissing as error:
        raise TypeError(f"this metric compares with a picture, but the task expects {quote(expected)}") from error


def _size(picture: Pixels) -> str:
    return f"{picture.shape[1]}x{picture.shape[0]}"


def _size_difference(found: Pixels, wanted: Pixels) -> str:
    return "" if found.shape == wanted.shape else f"expected {_size(wanted)} pixels, found {_size(found)}"


def _without_hidden(picture: Pixels) -> NDArray[np.int16]:
    """The pixels as numbers that can be subtracted, black where nothing of them is seen."""
    import numpy as np

    return np.where(picture[..., 3:] > 0, picture, 0).astype(np.int16)


def _planes(picture: Pixels) -> list[Plane]:
    """Red, green, blue and alpha from 0 to 1."""
    shown = _without_hidden(picture) / 255
    return [shown[..., channel] for channel in range(4)]


def _similarity(one: Plane, other: Plane) -> float:
    mean_one, mean_other = _means(one), _means(other)
    variance_one = _means(one * one) - mean_one**2
    variance_other = _means(other * other) - mean_other**2
    covariance = _means(one * other) - mean_one * mean_other
    above = (2 * mean_one * mean_other + _C1) * (2 * covariance + _C2)
    below = (mean_one**2 + mean_other**2 + _C1) * (variance_one + variance_other + _C2)
    return float((above / below).mean())


def _means(plane: Plane) -> Plane:
    """The mean of each window; of all pixels, in a direction in which the picture is smaller than a window."""
    import numpy as np

    for axis in (0, 1):
        window = min(_WINDOW, plane.shape[axis])
        sums = np.cumsum(np.insert(plane, 0, 0, axis=axis), axis=axis)
        ends = np.take(sums, range(window, sums.shape[axis]), axis=axis)
        plane = (ends - np.take(sums, range(sums.shape[axis] - window), axis=axis)) / window
    return plane
