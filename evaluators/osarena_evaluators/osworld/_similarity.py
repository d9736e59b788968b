"""The structural similarity of pictures, as scikit-image computes it unless told otherwise.

Wang et al. 2004: the mean over all windows of 7x7 pixels, each pixel counting the same, with the sample covariance (by 48, not
49) and the constants 0.01 and 0.03; of several colours, the mean of theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WINDOW = 7
_K1, _K2 = 0.01, 0.03
_ROWS = 512  # at once, so that a large picture does not take many times its size


def similarity(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """The similarity of two pictures of the same shape, `(height, width)` or `(height, width, colours)`, from -1 to 1.

    Raises:
        ValueError: they are smaller than a window, or of different shapes.
    """
    if one.shape != other.shape or min(one.shape[:2]) < WINDOW:
        raise ValueError(f"pictures of {one.shape} and {other.shape} have no structural similarity")
    if one.ndim == 3:
        scores = [similarity(one[..., at], other[..., at]) for at in range(one.shape[2])]
        return sum(scores) / len(scores)
    total = count = 0.0
    for top in range(0, one.shape[0] - WINDOW + 1, _ROWS):
        rows = slice(top, top + _ROWS + WINDOW - 1)
        local = _local(one[rows], other[rows])
        total += float(local.sum())
        count += local.size
    return total / count


def _local(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The similarity of each window."""
    x, y = one.astype(float), other.astype(float)
    mean_x, mean_y = _means(x), _means(y)
    sample = WINDOW**2 / (WINDOW**2 - 1)
    variance_x = sample * (_means(x * x) - mean_x * mean_x)
    variance_y = sample * (_means(y * y) - mean_y * mean_y)
    covariance = sample * (_means(x * y) - mean_x * mean_y)
    c1, c2 = (_K1 * 255) ** 2, (_K2 * 255) ** 2
    above = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    below = (mean_x**2 + mean_y**2 + c1) * (variance_x + variance_y + c2)
    local: NDArray[np.float64] = above / below
    return local


def _means(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of each window."""
    import numpy as np

    for _ in ("down", "across"):
        sums = np.cumsum(np.pad(plane, ((1, 0), (0, 0))), axis=0)
        plane = ((sums[WINDOW:] - sums[:-WINDOW]) / WINDOW).T
    return plane
