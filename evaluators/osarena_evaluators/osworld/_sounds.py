"""How alike two sounds are: coefficients of what they sound like (MFCC), aligned in time (FastDTW)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from osarena_evaluators.osworld._ffmpeg import RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_COEFFICIENTS, _MELS, _FFT, _HOP = 20, 128, 2048, 512
_FLOOR, _TOP_DB = 1e-10, 80.0
_BLOCK = 2_000  # frames that are transformed at once
_RADIUS = 1
Cell = tuple[int, int]


def likeness(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """e to the minus of the mean cosine distance along the alignment of two sounds, from 0 to 1."""
    distance, length = _aligned(_features(one), _features(other))
    return math.exp(-distance / length)


def coefficients(samples: NDArray[np.float32]) -> Array:
    """The mel-frequency cepstral coefficients, `(frames, 20)`, with librosa's defaults: Slaney's mels, DCT-II, orthonormal."""
    import numpy as np

    padded = np.pad(samples.astype(np.float64), _FFT // 2)
    windows = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_FFT) / _FFT)
    filters = _mel_filters()
    parts = [
        (np.abs(np.fft.rfft(windows[at : at + _BLOCK] * hann, axis=1)) ** 2) @ filters.T for at in range(0, len(windows), _BLOCK)
    ]
    decibels = 10 * np.log10(np.maximum(np.concatenate(parts), _FLOOR))
    result: Array = np.maximum(decibels, decibels.max() - _TOP_DB) @ cosines(_MELS, _COEFFICIENTS).T
    return result


def cosines(size: int, count: int) -> Array:
    """The first rows of the orthonormal discrete cosine transform (DCT-II), `(count, size)`."""
    import numpy as np

    rows = np.cos(np.pi / size * np.outer(np.arange(count), np.arange(size) + 0.5)) * math.sqrt(2 / size)
    rows[0] /= math.sqrt(2)
    transform: Array = rows
    return transform


def _features(samples: NDArray[np.float32]) -> Array:
    """The coefficients, each by its largest value over time."""
    import numpy as np

    found = coefficients(samples)
    largest = np.abs(found).max(axis=0)
    features: Array = found / np.where(largest > np.finfo(np.float32).tiny, largest, 1.0)
    return features


def _mel_filters() -> Array:
    """The triangular filters of Slaney's Auditory Toolbox, each of the same area, `(128, 1025)`."""
    import numpy as np

    step, knee = 200 / 3, 1000.0  # linear up to 1 kHz, logarithmic above
    knee_mel, log_step = knee / step, math.log(6.4) / 27
    top = knee_mel + math.log(RATE / 2 / knee) / log_step
    mels = np.linspace(0, top, _MELS + 2)
    edges = np.where(mels < knee_mel, mels * step, knee * np.exp(log_step * (np.maximum(mels, knee_mel) - knee_mel)))
    bins = np.linspace(0, RATE / 2, _FFT // 2 + 1)
    rising = (bins[None, :] - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - bins[None, :]) / np.diff(edges)[1:, None]
    filters: Array = np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None]
    return filters


# --- alignment: Salvador and Chan 2007, "Toward accurate dynamic time warping in linear time and space" -----------------


def _aligned(one: Array, other: Array) -> tuple[float, int]:
    """The sum of distances along the alignment of two series, and its length."""
    distance, path = _fast_alignment(one, other)
    return distance, len(path)


def _fast_alignment(one: Array, other: Array) -> tuple[float, list[Cell]]:
    """Align them at half the resolution first, then only near to that."""
    if len(one) < _RADIUS + 2 or len(other) < _RADIUS + 2:
        everything = [(0, len(other))] * len(one)
        return _alignment(one, other, everything)
    _, coarse = _fast_alignment(_halved(one), _halved(other))
    return _alignment(one, other, _window(coarse, len(one), len(other)))


def _halved(series: Array) -> Array:
    even = len(series) // 2 * 2
    halves: Array = (series[0:even:2] + series[1:even:2]) / 2
    return halves


def _window(path: list[Cell], rows: int, columns: int) -> list[tuple[int, int]]:
    """For each row of the fine series the columns to look at, from and to: what is near to the coarse path."""
    low, high = [columns] * rows, [0] * rows
    for i, j in path:
        for row in range(2 * (i - _RADIUS), 2 * (i + _RADIUS) + 2):
            if 0 <= row < rows:
                low[row] = min(low[row], max(2 * (j - _RADIUS), 0))
                high[row] = max(high[row], min(2 * (j + _RADIUS) + 2, columns))
    return list(zip(low, high, strict=True))


def _alignment(one: Array, other: Array, window: list[tuple[int, int]]) -> tuple[float, list[Cell]]:
    """The cheapest way from both starts to both ends within a window, and its cost."""
    costs: list[list[float]] = []
    for row, (low, high) in enumerate(window):
        distances = _cosine_distances(one[row], other[low:high])
        before, start = (costs[-1], window[row - 1][0]) if row else ([], 0)
        line: list[float] = []
        for at, distance in enumerate(distances):
            column = low + at
            if row == column == 0:
                line.append(distance)
                continue
            up, left = _cost(before, column - start), line[-1] if line else math.inf
            line.append(distance + min(up, left, _cost(before, column - start - 1)))
        costs.append(line)
    return costs[-1][-1], _way_back(costs, window)


def _way_back(costs: list[list[float]], window: list[tuple[int, int]]) -> list[Cell]:
    row, column = len(costs) - 1, window[-1][1] - 1
    path = [(row, column)]
    while (row, column) != (0, 0):
        steps = [(row - 1, column), (row, column - 1), (row - 1, column - 1)]
        row, column = min(
            steps, key=lambda cell: _cost(costs[cell[0]], cell[1] - window[cell[0]][0]) if cell[0] >= 0 else math.inf
        )
        path.append((row, column))
    return path[::-1]


def _cost(line: list[float], at: int) -> float:
    return line[at] if 0 <= at < len(line) else math.inf


def _cosine_distances(one: Array, others: Array) -> list[float]:
    """1 minus the cosine of the angle between a vector and each of some others; of a vector without length, 1."""
    import numpy as np

    lengths = np.sqrt((others * others).sum(axis=1) * (one * one).sum())
    products = others @ one
    distances: list[float] = (1 - np.divide(products, lengths, out=np.zeros_like(products), where=lengths > 0)).tolist()
    return distances
