"""Pictures: equal, alike, of a size, with a text on them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.osworld._files import File, found, wanted
from osarena_evaluators.osworld._operands import given, holds, share
from osarena_evaluators.osworld._pictures import (
    both,
    content_box,
    converted,
    has_transparency,
    in_colours,
    likeness,
    picture,
    require_comparable_size,
    resized,
)
from osarena_evaluators.osworld._similarity import similarity
from osarena_evaluators.osworld._tesseract import text_on

if TYPE_CHECKING:
    from PIL.Image import Image

DEVIATIONS: Mapping[str, str] = MappingProxyType(
    {
        "compare_image_list": (
            "The public one stops at the shorter list, resizes pictures of another size, and sees no difference of colours in "
            "pictures with the same transparency; ours compares all pixels of as many pictures."
        ),
        "check_image_size": (
            "The public one leaves out what is transparent of any picture with a transparent colour, asked or not; ours where "
            "asked."
        ),
        "check_image_file_size": "The public one takes any file that is small, as an empty one; ours needs a picture.",
    }
)

_ALIKE, _NEARLY = 0.9, 0.85
_MARGIN = 0.01  # by which a picture must be above the base score to count at all


@metric
def compare_images(actual: File, expected: File, *, reference_base_result: float | None = None) -> Verdict:
    """The structural similarity of two pictures in grey, both brought to the size of the narrower one.

    With `reference_base_result`, the similarity that the untouched picture has already, how far it comes from there to 1.
    """
    import numpy as np

    one, other = (converted(image, "L") for image in both(actual, expected))
    size = min(one.size, other.size)
    require_comparable_size(other.size, of_task=True)
    require_comparable_size(size, of_task=False)
    score = similarity(np.asarray(resized(one, size)), np.asarray(resized(other, size)))
    reason = f"the structural similarity is {score:.3f}"
    if reference_base_result is None:
        return share(score, reason)
    if not isinstance(reference_base_result, int | float) or reference_base_result >= 1:
        raise CheckerError(f"`reference_base_result` is a number below 1, not {quote(reference_base_result)}")
    if score < reference_base_result + _MARGIN:
        return Verdict(0.0, f"{reason}, not more than the {reference_base_result:g} of the untouched picture")
    return share((score - reference_base_result) / (1 - reference_base_result), reason)


@metric
def compare_image_list(actual: File | list[File], expected: File | list[File], *, published: bool = False) -> Verdict:
    """1 if both lists have the same pictures in the same order, pixel by pixel; one picture is a list of one."""
    there, gold = (files if isinstance(files, list | tuple) else [files] for files in (actual, expected))
    if len(there) != len(gold) and not published:
        return Verdict(0.0, f"expected {len(gold)} pictures, found {len(there)}")
    pictures = [(picture(found(one)), wanted(picture, other)) for one, other in zip(there, gold, strict=False)]
    for number, (one, other) in enumerate(pictures, start=1):
        if not (_same_as_published(one, other) if published else _same(one, other)):
            return Verdict(0.0, f"picture {number} is not the expected one")
    return Verdict(1.0)


@metric
def check_structure_sim(actual: File, expected: File) -> Verdict:
    """1 if two pictures have the same size and a structural similarity of at least 0.9."""
    one, other = both(actual, expected)
    return _alike(one, other)


@metric
def check_structure_sim_with_threshold(actual: File, expected: File, *, ssim_threshold: float = _NEARLY) -> Verdict:
    """1 if the structural similarity of two pictures is at least `ssim_threshold`, the first brought to the other's size."""
    one, other = both(actual, expected)
    return _alike(resized(in_colours(one), other.size), other, ssim_threshold)


@metric
def check_structure_sim_resized(actual: File, expected: File) -> Verdict:
    """1 if a picture, without transparent edges and brought to the other's size, has a structural similarity of 0.9."""
    one, other = both(actual, expected)
    if has_transparency(one):
        box = content_box(one)
        if box is None:
            return Verdict(0.0, "the picture is wholly transparent")
        one = converted(one, "RGBA").crop(box)
    return _alike(in_colours(one).resize(other.size), other)


@metric
def check_file_exists_and_structure_sim(actual: File, expected: File) -> Verdict:
    """1 if there is a picture with the expected size and a structural similarity of at least 0.9."""
    one, other = both(actual, expected)
    return _alike(one, other)


@metric
def check_image_size(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if a picture has this `width` and `height` in pixels, where given.

    With `ignore_transparent`, of the box around all that is not wholly transparent.
    """
    image = picture(found(actual))
    cropped = bool(given(expected, "ignore_transparent", default=False)) and has_transparency(image)
    if published:
        cropped = cropped or "transparency" in image.info
    left, top, right, bottom = (content_box(image) or (0, 0, 0, 0)) if cropped else (0, 0, *image.size)
    size = {"width": right - left, "height": bottom - top}
    wishes = {side: given(expected, side, int, default=None) for side in size}
    is_so = all(wish is None or wish == size[side] for side, wish in wishes.items())
    return holds(is_so, f"expected {quote(wishes)}, found {quote(size)}")


@metric
def check_image_file_size(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if a picture's file has fewer than `max_size` bytes."""
    data, most = found(actual), given(expected, "max_size", (int, float))
    if not published:
        picture(data)
    return holds(len(data) < most, f"expected a file of less than {most} bytes, found {len(data)}")


@metric
def compare_image_text(actual: File, expected: Mapping[str, Any]) -> Verdict:
    """1 if a picture shows the `text`, as Tesseract reads it; the rule's `type` is "text"."""
    if given(expected, "type", str) != "text":
        raise CheckerError(f'the rule\'s type is "text", not {quote(expected["type"])}')
    text, words = given(expected, "text", str), text_on(picture(found(actual)))
    return holds(" ".join(text.split()) in words, f"expected {quote(text)} in {quote(words)}")


def _alike(one: Image, other: Image, at_least: float = _ALIKE) -> Verdict:
    if one.size != other.size:
        return Verdict(0.0, f"expected {other.width}x{other.height} pixels, found {one.width}x{one.height}")
    score = likeness(one, other)
    return holds(score >= at_least, f"expected a structural similarity of at least {at_least:g}, found {score:.3f}")


def _same(one: Image, other: Image) -> bool:
    import numpy as np

    if one.size != other.size:
        return False
    return bool(np.array_equal(np.asarray(converted(one, "RGBA")), np.asarray(converted(other, "RGBA"))))


def _same_as_published(one: Image, other: Image) -> bool:
    from PIL import ImageChops

    try:
        return not ImageChops.difference(converted(resized(one, other.size), other.mode), other).getbbox()
    except ValueError as error:  # of grey pictures with 16 bits
        raise EvidenceMissing(f"these pictures cannot be compared: {error}") from error
