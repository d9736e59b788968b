"""How different two colours look: the CIEDE2000 distance (Sharma, Wu and Dalal 2005)."""

from __future__ import annotations

from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

Lab = tuple[float, float, float]
_WHITE = (0.95047, 1.0, 1.08883)  # daylight (D65)


def colour_distance(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """The distance of two colours in red, green and blue from 0 to 255: about 1 is just seen, black and white are 100 apart."""
    return _distance(_lab(one), _lab(other))


def _lab(colour: tuple[int, int, int]) -> Lab:
    red, green, blue = (_linear(value / 255) for value in colour)
    x = 0.412453 * red + 0.357580 * green + 0.180423 * blue
    y = 0.212671 * red + 0.715160 * green + 0.072169 * blue
    z = 0.019334 * red + 0.119193 * green + 0.950227 * blue
    one, two, three = (_cube_root(value / white) for value, white in zip((x, y, z), _WHITE, strict=True))
    return 116 * two - 16, 500 * (one - two), 200 * (two - three)


def _linear(value: float) -> float:
    return float(((value + 0.055) / 1.055) ** 2.4) if value > 0.04045 else value / 12.92


def _cube_root(value: float) -> float:
    return float(value ** (1 / 3)) if value > 0.008856 else 7.787 * value + 16 / 116


def _distance(one: Lab, other: Lab) -> float:
    lightness = (one[0] + other[0]) / 2
    chroma = (hypot(one[1], one[2]) + hypot(other[1], other[2])) / 2
    stretch = 1 + 0.5 * (1 - sqrt(chroma**7 / (chroma**7 + 25.0**7)))
    chromas = [hypot(stretch * colour[1], colour[2]) for colour in (one, other)]
    hues = [degrees(atan2(colour[2], stretch * colour[1])) % 360 for colour in (one, other)]
    mean_chroma, hue, turn = sum(chromas) / 2, *_hue(hues, grey=0 in chromas)
    by_lightness = (other[0] - one[0]) / (1 + 0.015 * (lightness - 50) ** 2 / sqrt(20 + (lightness - 50) ** 2))
    by_chroma = (chromas[1] - chromas[0]) / (1 + 0.045 * mean_chroma)
    by_hue = 2 * sqrt(chromas[0] * chromas[1]) * sin(radians(turn) / 2) / (1 + 0.015 * mean_chroma * _hue_weight(hue))
    turning = -sin(radians(60 * exp(-(((hue - 275) / 25) ** 2)))) * 2 * sqrt(mean_chroma**7 / (mean_chroma**7 + 25.0**7))
    return sqrt(max(by_lightness**2 + by_chroma**2 + by_hue**2 + turning * by_chroma * by_hue, 0.0))


def _hue(hues: list[float], *, grey: bool) -> tuple[float, float]:
    """The mean of two hues and the way from one to the other, in degrees; a grey has no hue."""
    turn, total = hues[1] - hues[0], hues[0] + hues[1]
    if grey:
        return total, 0.0
    if abs(turn) <= 180:
        return total / 2, turn
    mean = (total + 360) / 2 if total < 360 else (total - 360) / 2
    return mean, turn - 360 if turn > 180 else turn + 360


def _hue_weight(hue: float) -> float:
    waves = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    return 1 + sum(height * cos(radians(times * hue + shift)) for height, times, shift in waves)
