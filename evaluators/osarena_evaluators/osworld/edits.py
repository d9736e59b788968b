"""What an edit has changed in a picture, and what it has not: brightness, colours, place of a shape."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena_evaluators.osworld._files import File, found
from osarena_evaluators.osworld._operands import holds
from osarena_evaluators.osworld._pictures import both, converted, in_colours, likeness, on_white, picture, resized

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    Plane = NDArray[np.float64]

_MODES = "The public one also counts transparency, or numbers of a palette, as if they were colours; ours counts colours."
DEVIATIONS: Mapping[str, str] = MappingProxyType(
    {
        "check_brightness_decrease_and_structure_sim": _MODES,
        "check_contrast_increase_and_structure_sim": _MODES,
        "check_triangle_position": (
            "The public one takes the second rarest colour for the triangle, which may be its soft edge or the background; ours "
            "the second most frequent."
        ),
        "compare_triangle_positions": "The public one takes the whole picture for the triangle and gives 0; ours what is yellow.",
        "check_textbox_on_leftside": "The public one takes transparent pixels for dark text; ours takes them for white paper.",
        "check_green_background": (
            "The public one mixes up rows and columns, so it fails on pictures that are no squares; ours looks at all of them."
        ),
    }
)

_ALIKE, _ROUGHLY, _MIRRORED = 0.9, 0.65, 0.99
_MIDDLE_GREY = 128.0
_DARK = 128
_LEFT_SHARE = _CENTRE_SHARE = 0.05
# What counts as yellow: red and green at least so strong, blue at most so.
_YELLOW_LEAST, _YELLOW_BLUE = 128, 100


@metric
def check_brightness_decrease_and_structure_sim(
    actual: File, expected: File, *, threshold: float = 0.03, published: bool = False
) -> Verdict:
    """1 if the first picture is darker, and apart from brightness the mean squared difference is below `threshold`."""
    one, other = both(actual, expected)
    if not published:
        one, other = in_colours(one), in_colours(other)
    brightness, before = _mean(converted(one, "L")), _mean(converted(other, "L"))
    if brightness >= before:
        return Verdict(0.0, f"expected a mean below {before:.1f}, found {brightness:.1f}")
    apart = _squared_difference(_levelled(one, brightness), _levelled(other, before))
    return holds(apart < threshold, f"apart from brightness they differ by {apart:.4f}, not less than {threshold:g}")


@metric
def check_saturation_increase_and_structure_sim(actual: File, expected: File) -> Verdict:
    """1 if the first picture's colours are stronger, while hue and value have a structural similarity of at least 0.9."""
    one, other = (converted(in_colours(image), "HSV") for image in both(actual, expected))
    stronger, before = _mean(one.getchannel("S")), _mean(other.getchannel("S"))
    if stronger <= before:
        return Verdict(0.0, f"expected a saturation above {before:.1f}, found {stronger:.1f}")
    hue, value = (likeness(one.getchannel(name), other.getchannel(name)) for name in ("H", "V"))
    return holds(min(hue, value) >= _ALIKE, f"hue and value are to {hue:.3f} and {value:.3f} the same")


@metric
def check_contrast_increase_and_structure_sim(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """1 if the first picture has more contrast (standard deviation), with a structural similarity of at least 0.65."""
    import numpy as np

    one, other = both(actual, expected)
    if not published:
        one, other = in_colours(one), in_colours(other)
    more, before = (float(np.asarray(image, dtype=np.float32).std()) for image in (one, other))
    if more <= before:
        return Verdict(0.0, f"expected a contrast above {before:.1f}, found {more:.1f}")
    score = likeness(one, other)
    return holds(score >= _ROUGHLY, f"the pictures are to {score:.3f} the same, not to {_ROUGHLY:g}")


@metric
def check_palette_and_structure_sim(actual: File, expected: File) -> Verdict:
    """1 if the first picture has a palette, and a structural similarity of at least 0.9."""
    one, other = both(actual, expected)
    if one.mode != "P":
        return Verdict(0.0, f"expected a picture with a palette, found the mode {one.mode}")
    score = likeness(one, other)
    return holds(score >= _ALIKE, f"the pictures are to {score:.3f} the same, not to {_ALIKE:g}")


@metric
def check_image_mirror(actual: File, expected: File) -> Verdict:
    """1 if the first picture is the other one with left and right exchanged (structural similarity of at least 0.99)."""
    from PIL.Image import Transpose

    one, other = both(actual, expected)
    score = likeness(one.transpose(Transpose.FLIP_LEFT_RIGHT), other)
    return holds(score >= _MIRRORED, f"the mirrored picture is to {score:.3f} the same, not to {_MIRRORED:g}")


@metric
def check_green_background(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """1 if the picture is green (more than red and blue) wherever the expected one is not black, which is its object."""
    import numpy as np

    one, other = (np.asarray(in_colours(image)) for image in both(actual, expected))
    if one.shape != other.shape:
        return Verdict(0.0, f"expected {other.shape[1]}x{other.shape[0]} pixels, found {one.shape[1]}x{one.shape[0]}")
    if published and other.shape[0] != other.shape[1]:
        raise EvidenceMissing("the public function fails on pictures that are no squares")
    red, green, blue = (one[..., colour] for colour in range(3))
    left = other.any(axis=-1) & ~((green > red) & (green > blue))
    return holds(not left.any(), f"{int(left.sum())} pixels of the background are not green")


@metric
def check_triangle_position(actual: File, *, published: bool = False) -> Verdict:
    """1 if the centre of all pixels of the second most frequent colour is within 5 % of the picture's centre."""
    import numpy as np

    pixels = np.asarray(converted(picture(found(actual)), "RGBA"))
    pixels = np.ascontiguousarray(pixels).view(np.uint32)[..., 0]  # a colour as one number
    colours, counts = np.unique(pixels, return_counts=True)
    if len(colours) < 2:
        raise EvidenceMissing("the picture has one colour, so there is no triangle on it")
    colour = colours[np.argsort(counts, kind="stable")[1 if published else -2]]
    offset = _offset(pixels == colour)
    is_central = all(abs(part) < _CENTRE_SHARE * side for part, side in zip(offset, pixels.shape, strict=False))
    return holds(is_central, f"the triangle is {offset[1]:.0f} and {offset[0]:.0f} pixels off the centre")


@metric
def compare_triangle_positions(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """1 if the yellow triangle of the first picture is farther from its centre than that of the second."""
    one, other = both(actual, expected)
    if published:
        return Verdict(0.0, "the public function finds every triangle in the centre")
    distance, before = _distance(one, EvidenceMissing), _distance(other, CheckerError)
    return holds(distance > before, f"expected it farther than {before:.1f} pixels from the centre, found {distance:.1f}")


@metric
def check_textbox_on_leftside(actual: File, *, published: bool = False) -> Verdict:
    """1 if dark text starts within the left 5 % of the picture."""
    import numpy as np

    image = picture(found(actual))
    grey = np.asarray(converted(image, "L") if published else on_white(image))
    dark = np.flatnonzero((grey < _DARK).any(axis=0))
    if not dark.size:
        return Verdict(0.0, "there is nothing dark on the picture")
    return holds(dark[0] < _LEFT_SHARE * image.width, f"what is dark starts {dark[0]} of {image.width} pixels from the left")


@metric
def check_sharper(actual: File, expected: File) -> Verdict:
    """1 if the first picture is sharper: its Laplacian (the difference of a pixel from its neighbours) varies more."""
    sharp, before = (_sharpness(image) for image in both(actual, expected))
    return holds(sharp > before, f"expected a sharpness above {before:.1f}, found {sharp:.1f}")


@metric
def increase_saturation(actual: File, expected: File) -> Verdict:
    """1 if the second picture's colours are stronger than the first one's."""
    one, other = (_mean(converted(in_colours(image), "HSV").getchannel("S")) for image in both(actual, expected))
    return holds(one < other, f"expected a saturation below {other:.1f}, found {one:.1f}")


@metric
def decrease_brightness(actual: File, expected: File) -> Verdict:
    """1 if the first picture is brighter than the second."""
    one, other = (_mean(converted(image, "L")) for image in both(actual, expected))
    return holds(one > other, f"expected a mean above {other:.1f}, found {one:.1f}")


def _mean(plane: Image) -> float:
    import numpy as np

    return float(np.asarray(plane).mean(dtype=np.float64))


def _levelled(image: Image, mean: float) -> Image:
    """A picture brought to a mean in the middle; one that is wholly black stays so."""
    factor = _MIDDLE_GREY / mean if mean else 0.0
    table = [min(255, int(value * factor)) for value in range(256)]
    return image.point(table * len(image.getbands())) if image.mode not in ("I", "F", "I;16", "1") else image


def _squared_difference(one: Image, other: Image) -> float:
    """The mean squared difference of colours from 0 to 1, the first picture brought to the other's size."""
    import numpy as np

    first, second = (np.asarray(in_colours(image), dtype=np.float32) / 255 for image in (resized(one, other.size), other))
    return float(np.mean((first - second) ** 2))


def _offset(mask: NDArray[np.bool_]) -> tuple[float, float]:
    """How far the centre of a shape lies from that of the picture: down and to the right, in pixels."""
    import numpy as np

    rows, columns = np.nonzero(mask)
    return float(rows.mean()) - mask.shape[0] / 2, float(columns.mean()) - mask.shape[1] / 2


def _distance(image: Image, fault: type[Exception]) -> float:
    """How far what is yellow lies from the centre, in pixels. Raises `fault` where nothing is."""
    import numpy as np

    pixels = np.asarray(in_colours(image))
    yellow = (pixels[..., :2] >= _YELLOW_LEAST).all(axis=-1) & (pixels[..., 2] <= _YELLOW_BLUE)
    if not yellow.any():
        raise fault("there is nothing yellow on the picture")
    return float(np.hypot(*_offset(yellow)))


def _sharpness(image: Image) -> float:
    """The variance of the Laplacian, at the edges with the pixels mirrored."""
    import numpy as np

    grey = np.asarray(converted(image, "L"), dtype=np.float64)
    if min(grey.shape) < 2:
        return 0.0
    padded: Plane = np.pad(grey, 1, mode="reflect")
    around = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    return float((around - 4 * grey).var())
