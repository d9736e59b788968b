"""Pictures as Pillow has them, from files that may be anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter

from osarena.errors import CheckerError, EvidenceMissing
from osarena_evaluators.osworld._files import found, wanted
from osarena_evaluators.osworld._similarity import WINDOW, similarity
from osarena_evaluators.readers.images import DAMAGED, open_image

if TYPE_CHECKING:
    from PIL.Image import Image


def picture(data: bytes) -> Image:
    """A picture with its pixels. Raises EvidenceMissing for what is none, is damaged or far too large."""
    image = open_image(data)
    with catch_warnings():
        simplefilter("ignore")
        try:
            image.load()
        except DAMAGED as error:
            raise EvidenceMissing(f"it is a damaged picture: {error}"[:300]) from error
    return image


def both(actual: Any, expected: Any) -> tuple[Image, Image]:
    """The agent's picture and the task's. Where the latter is one that an agent makes too, it may be missing."""
    if expected is None:
        raise EvidenceMissing("the picture to compare with is not there")
    return picture(found(actual)), wanted(picture, expected)


def in_colours(image: Image) -> Image:
    """Red, green and blue, without transparency."""
    return converted(image, "RGB")


def converted(image: Image, mode: str) -> Image:
    """A picture in another mode. Raises EvidenceMissing where Pillow cannot tell how, as for a palette that is damaged."""
    try:
        with catch_warnings():
            simplefilter("ignore")  # on palettes whose transparency is bytes
            return image if image.mode == mode else image.convert(mode)
    except DAMAGED as error:
        raise EvidenceMissing(f"it is a damaged picture: {error}"[:300]) from error


def on_white(image: Image) -> Image:
    """Grey values of a picture as it looks on white paper."""
    from PIL import Image as Images

    if not has_transparency(image):
        return converted(image, "L")
    shown = converted(image, "RGBA")
    paper = Images.new("RGBA", shown.size, "white")
    return converted(Images.alpha_composite(paper, shown), "L")


def has_transparency(image: Image) -> bool:
    """Whether a picture can be transparent somewhere."""
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def content_box(image: Image) -> tuple[int, int, int, int] | None:
    """The box around all that is not wholly transparent; None where everything is."""
    return converted(image, "RGBA").getchannel("A").getbbox()


def likeness(one: Image, other: Image) -> float:
    """The structural similarity of two pictures of the same size, in colours; 0 where it has none, being too small."""
    import numpy as np

    if one.size != other.size or min(one.size) < WINDOW:
        return 0.0
    return similarity(np.asarray(in_colours(one)), np.asarray(in_colours(other)))


def resized(image: Image, size: tuple[int, int]) -> Image:
    """A picture in another size, by the best filter."""
    from PIL import Image as Images

    return image if image.size == size else image.resize(size, Images.Resampling.LANCZOS)


def require_comparable_size(size: tuple[int, int], *, of_task: bool) -> None:
    """Raise where a picture is too small for a structural similarity: a fault of the task, or of the agent's picture."""
    if min(size) < WINDOW:
        words = f"a picture of {size[0]}x{size[1]} pixels is too small to compare"
        raise CheckerError(words) if of_task else EvidenceMissing(words)
