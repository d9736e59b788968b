"""Metrics of pictures and of what an edit has changed in them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from osarena_evaluators.osworld._similarity import similarity
from osarena_evaluators.readers.osworld import DesktopFile
from tests.support.osworld import (
    Case,
    fault,
    judge_in_a_grading,
    lacking,
    malformed,
    parameters,
    print_counts,
    right,
    try_any_evidence,
    wrong,
)

MODULES = ("images", "edits")


def saved(image: Image.Image, format: str = "PNG", **options: object) -> bytes:  # noqa: A002
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def photo(size: tuple[int, int] = (64, 48)) -> Image.Image:
    """Something with soft shapes in several colours, not the same in a mirror."""
    image = Image.new("RGB", size, (90, 120, 160))
    draw = ImageDraw.Draw(image)
    draw.ellipse((5, 5, 30, 40), fill=(200, 90, 60))
    draw.rectangle((40, 20, 60, 44), fill=(60, 160, 90))
    draw.line((0, 47, 63, 0), fill=(230, 220, 120), width=3)
    return image.filter(ImageFilter.GaussianBlur(1))


def noise(size: tuple[int, int] = (64, 48)) -> Image.Image:
    return Image.fromarray(np.random.default_rng(7).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))


def triangle(left: int, *, colour: str = "yellow", back: str = "white") -> Image.Image:
    image = Image.new("RGB", (100, 100), back)
    ImageDraw.Draw(image).polygon([(left, 60), (left + 20, 60), (left + 10, 40)], fill=colour)
    return image


def soft_triangle(left: int) -> Image.Image:
    """A triangle with an edge of another colour, which is rarer, on one side."""
    image = triangle(left)
    ImageDraw.Draw(image).line((0, 0, 0, 2), fill=(250, 250, 200))
    ImageDraw.Draw(image).point((99, 99), fill=(1, 2, 3))
    return image


def written(words: str, left: int, *, clear: bool = False) -> Image.Image:
    image = Image.new("RGBA", (400, 60), (0, 0, 0, 0) if clear else (255, 255, 255, 255))
    ImageDraw.Draw(image).text((left, 12), words, fill="black", font=ImageFont.load_default(28))
    return image


def with_clear_border(image: Image.Image) -> Image.Image:
    framed = Image.new("RGBA", (image.width + 20, image.height + 10), (0, 0, 0, 0))
    framed.paste(image.convert("RGBA"), (12, 4))
    return framed


def palette(image: Image.Image) -> Image.Image:
    return image.convert("P", palette=Image.Palette.ADAPTIVE, colors=64)


def backdrop(colour: tuple[int, int, int], size: tuple[int, int] = (30, 30)) -> Image.Image:
    """A black object on a colour."""
    image = Image.new("RGB", size, colour)
    ImageDraw.Draw(image).rectangle((5, 5, 12, 12), fill="black")
    return image


PHOTO, OTHER = saved(photo()), saved(noise())
DARKER, BRIGHTER = (saved(ImageEnhance.Brightness(photo()).enhance(factor)) for factor in (0.6, 1.4))
STRONGER = saved(ImageEnhance.Color(photo()).enhance(1.5))
CONTRAST = saved(ImageEnhance.Contrast(photo()).enhance(1.4))
HALF_CLEAR = photo().convert("RGBA")
HALF_CLEAR.putalpha(128)
BLUE = Image.new("RGBA", HALF_CLEAR.size, (0, 0, 255, 128))
WITH_COLOUR_KEY = saved(Image.new("P", (20, 10), 0), transparency=0)
BROKEN = PHOTO[: len(PHOTO) // 2]
NO_PICTURE = malformed(b"no", PHOTO, words="not a readable picture")
NO_GOLD = fault(PHOTO, b"no", words="the file that the task compares with")
GREEN, WHITE = (0, 200, 0), (255, 255, 255)

CASES: dict[str, list[Case]] = {
    "compare_images": [
        right(PHOTO, PHOTO),
        right(PHOTO, PHOTO, reference_base_result=0.5),
        right(saved(photo(), "BMP"), PHOTO),
        wrong(OTHER, PHOTO, words="not more than the 0.54", reference_base_result=0.54),
        NO_PICTURE,
        malformed(BROKEN, PHOTO, words="damaged picture"),
        malformed(saved(photo((3, 3))), PHOTO, words="too small"),
        NO_GOLD,
        fault(PHOTO, saved(photo((3, 3))), words="too small"),
        fault(PHOTO, PHOTO, words="a number below 1", reference_base_result=1),
    ],
    "compare_image_list": [
        right([PHOTO, OTHER], [PHOTO, OTHER]),
        right(saved(photo(), "BMP"), PHOTO),
        wrong([OTHER, PHOTO], [PHOTO, OTHER], words="picture 1"),
        wrong([PHOTO], [PHOTO, OTHER], words="expected 2 pictures, found 1"),
        right([PHOTO], [PHOTO, OTHER], published=True),
        wrong(saved(BLUE), saved(HALF_CLEAR), words="picture 1"),
        right(saved(BLUE), saved(HALF_CLEAR), published=True),
        wrong(saved(Image.new("RGB", (20, 20))), saved(Image.new("RGB", (10, 10))), words="picture 1"),
        right(saved(Image.new("RGB", (20, 20))), saved(Image.new("RGB", (10, 10))), published=True),
        wrong(OTHER, PHOTO, words="picture 1", published=True),
        NO_PICTURE,
        NO_GOLD,
    ],
    "check_structure_sim": [
        right(saved(photo(), "JPEG", quality=95), PHOTO),
        wrong(OTHER, PHOTO, words="at least 0.9"),
        wrong(saved(photo((60, 48))), PHOTO, words="expected 64x48 pixels, found 60x48"),
        NO_PICTURE,
        NO_GOLD,
    ],
    "check_structure_sim_with_threshold": [
        right(saved(photo().resize((128, 96))), PHOTO),
        wrong(saved(photo().resize((128, 96))), PHOTO, words="at least 0.9999", ssim_threshold=0.9999),
        wrong(OTHER, PHOTO, words="at least 0.85"),
        NO_PICTURE,
        NO_GOLD,
    ],
    "check_structure_sim_resized": [
        right(saved(with_clear_border(photo())), PHOTO),
        wrong(saved(noise()), PHOTO, words="at least 0.9"),
        wrong(saved(Image.new("RGBA", (9, 9))), PHOTO, words="wholly transparent"),
        NO_PICTURE,
        NO_GOLD,
    ],
    "check_file_exists_and_structure_sim": [
        right(PHOTO, PHOTO),
        wrong(OTHER, PHOTO, words="at least 0.9"),
        malformed(None, PHOTO, words="there is no such file"),
        NO_GOLD,
    ],
    "check_image_size": [
        right(PHOTO, {"width": 64, "height": 48}),
        right(saved(with_clear_border(photo())), {"height": 48, "ignore_transparent": True}),
        wrong(saved(with_clear_border(photo())), {"height": 48}, words="'height': 58"),
        right(WITH_COLOUR_KEY, {"width": 20}),
        wrong(WITH_COLOUR_KEY, {"width": 20}, words="'width': 0", published=True),
        malformed(b"no", {"width": 64}, words="not a readable picture"),
        fault(PHOTO, {"width": "64"}, words="cannot be '64'"),
    ],
    "check_image_file_size": [
        right(PHOTO, {"max_size": 100_000}),
        wrong(PHOTO, {"max_size": 10}, words="less than 10 bytes"),
        malformed(b"", {"max_size": 10}, words="not a readable picture"),
        right(b"", {"max_size": 10}, published=True),
        fault(PHOTO, {}, words="has no 'max_size'"),
    ],
    "check_brightness_decrease_and_structure_sim": [
        right(DARKER, PHOTO),
        right(PHOTO, BRIGHTER, threshold=0.15),
        wrong(BRIGHTER, PHOTO, words="expected a mean below"),
        wrong(saved(ImageEnhance.Brightness(noise()).enhance(0.5)), PHOTO, words="apart from brightness"),
        wrong(saved(Image.new("RGB", (64, 48))), PHOTO, words="apart from brightness"),
        right(saved(palette(ImageEnhance.Brightness(photo()).enhance(0.6))), PHOTO),
        wrong(
            saved(palette(ImageEnhance.Brightness(photo()).enhance(0.6))), PHOTO, words="apart from brightness", published=True
        ),
        NO_PICTURE,
        NO_GOLD,
    ],
    "check_saturation_increase_and_structure_sim": [
        right(STRONGER, PHOTO),
        wrong(PHOTO, STRONGER, words="expected a saturation above"),
        wrong(OTHER, PHOTO, words="hue and value are"),
        NO_PICTURE,
        NO_GOLD,
    ],
    "check_contrast_increase_and_structure_sim": [
        right(CONTRAST, PHOTO),
        wrong(PHOTO, CONTRAST, words="expected a contrast above"),
        wrong(OTHER, PHOTO, words="not to 0.65"),
        wrong(saved(photo().convert("RGBA")), PHOTO, words="expected a contrast above"),
        right(saved(photo().convert("RGBA")), PHOTO, published=True),
        NO_PICTURE,
        NO_GOLD,
    ],
    "check_palette_and_structure_sim": [
        right(saved(palette(photo())), PHOTO),
        wrong(PHOTO, PHOTO, words="found the mode RGB"),
        wrong(saved(palette(noise())), PHOTO, words="not to 0.9"),
        NO_PICTURE,
        NO_GOLD,
    ],
    "check_image_mirror": [
        right(saved(ImageOps.mirror(photo())), PHOTO),
        wrong(PHOTO, PHOTO, words="the mirrored picture is"),
        NO_PICTURE,
        NO_GOLD,
    ],
    "check_green_background": [
        right(saved(backdrop(GREEN)), saved(backdrop(WHITE))),
        right(saved(backdrop(GREEN, (40, 20))), saved(backdrop(WHITE, (40, 20)))),
        wrong(saved(backdrop(WHITE)), saved(backdrop(WHITE)), words="are not green"),
        wrong(saved(backdrop(GREEN, (20, 20))), saved(backdrop(WHITE)), words="expected 30x30 pixels"),
        right(saved(backdrop(GREEN)), saved(backdrop(WHITE)), published=True),
        malformed(saved(backdrop(GREEN, (40, 20))), saved(backdrop(WHITE, (40, 20))), words="no squares", published=True),
        NO_PICTURE,
        NO_GOLD,
    ],
    "check_triangle_position": [
        right(saved(triangle(40))),
        right(saved(soft_triangle(40))),
        wrong(saved(triangle(10)), words="pixels off the centre"),
        wrong(saved(soft_triangle(40)), words="pixels off the centre", published=True),
        malformed(saved(Image.new("RGB", (9, 9))), words="one colour"),
    ],
    "compare_triangle_positions": [
        right(saved(triangle(10)), saved(triangle(40))),
        wrong(saved(triangle(40)), saved(triangle(10)), words="farther than"),
        wrong(saved(triangle(10)), saved(triangle(40)), words="in the centre", published=True),
        malformed(PHOTO[:30], saved(triangle(40)), words="picture"),
        malformed(saved(Image.new("RGB", (9, 9))), saved(triangle(40)), words="nothing yellow"),
        fault(saved(triangle(10)), saved(Image.new("RGB", (9, 9))), words="nothing yellow"),
    ],
    "check_textbox_on_leftside": [
        right(saved(written("Hello", 6))),
        right(saved(written("Hello", 6, clear=True))),
        wrong(saved(written("Hello", 200, clear=True)), words="pixels from the left"),
        right(saved(written("Hello", 200, clear=True)), published=True),
        wrong(saved(Image.new("L", (40, 40), 255)), words="nothing dark"),
        malformed(b"no", words="not a readable picture"),
    ],
    "check_sharper": [
        right(saved(photo().filter(ImageFilter.SHARPEN)), PHOTO),
        wrong(saved(photo().filter(ImageFilter.BLUR)), PHOTO, words="expected a sharpness above"),
        NO_PICTURE,
        NO_GOLD,
    ],
    "increase_saturation": [
        right(PHOTO, STRONGER),
        wrong(STRONGER, PHOTO, words="expected a saturation below"),
        NO_PICTURE,
        NO_GOLD,
    ],
    "decrease_brightness": [
        right(PHOTO, DARKER),
        wrong(DARKER, PHOTO, words="expected a mean above"),
        NO_PICTURE,
        NO_GOLD,
    ],
}
READ = {
    "compare_image_text": [
        right(saved(written("Hello World", 20)), {"type": "text", "text": "Hello World"}),
        wrong(saved(written("Hello World", 20)), {"type": "text", "text": "Goodbye"}, words="expected 'Goodbye'"),
        malformed(b"no", {"type": "text", "text": "Hello"}, words="not a readable picture"),
        fault(PHOTO, {"type": "logo"}, words='type is "text"'),
    ]
}
if shutil.which("tesseract") is None:
    READ = {}


@pytest.mark.parametrize(("name", "case"), parameters(CASES | READ))
def test_a_metric(name: str, case: Case) -> None:
    case.check(name)


@pytest.mark.parametrize("name", sorted(CASES))
def test_any_evidence_scores_or_is_unusable(name: str) -> None:
    try_any_evidence(CASES, name, examples=20)


@pytest.mark.parametrize("published", [False, True])
def test_a_picture_of_the_desktop_that_is_damaged_is_the_agents_doing_on_either_side(published: bool) -> None:
    """As in the public task 4c26e3f3, which compares its own picture with the agent's."""
    name, own, spoilt = "check_brightness_decrease_and_structure_sim", saved(photo()), b"no picture"
    malformed(own, DesktopFile(spoilt), words="cannot be used", published=published).check(name)
    fault(own, spoilt, words="cannot be used", published=published).check(name)


def test_a_grading_scores_what_is_right(tmp_path: Path) -> None:
    judge_in_a_grading(CASES | READ, "osworld", tmp_path)


def test_every_name_has_cases_of_each_kind(capsys: pytest.CaptureFixture[str]) -> None:
    print_counts(CASES | READ, capsys)
    assert set(lacking(CASES | READ, *MODULES)) <= {"compare_image_text"} - READ.keys()


# --- the structural similarity -------------------------------------------------------------------------------------------


def by_hand(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """The definition, window by window."""
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    scores = []
    for top in range(one.shape[0] - 6):
        for left in range(one.shape[1] - 6):
            x, y = (plane[top : top + 7, left : left + 7].astype(float).ravel() for plane in (one, other))
            covariance = ((x - x.mean()) * (y - y.mean())).sum() / 48
            above = (2 * x.mean() * y.mean() + c1) * (2 * covariance + c2)
            scores.append(above / ((x.mean() ** 2 + y.mean() ** 2 + c1) * (x.var(ddof=1) + y.var(ddof=1) + c2)))
    return float(np.mean(scores))


@pytest.mark.parametrize("change", [lambda plane: plane, lambda plane: plane[::-1], lambda plane: plane // 2, np.roll])
def test_structural_similarity_is_the_mean_over_windows(change: Callable[..., NDArray[np.uint8]]) -> None:
    plane = np.random.default_rng(1).integers(0, 256, (17, 23), dtype=np.uint8)
    other = np.roll(plane, 1) if change is np.roll else change(plane)
    assert similarity(plane, other) == pytest.approx(by_hand(plane, other), abs=1e-9)


def test_a_partial_score_is_the_similarity_in_grey_above_that_of_the_untouched_picture() -> None:
    blurred = photo().filter(ImageFilter.GaussianBlur(2))
    score = by_hand(np.asarray(blurred.convert("L")), np.asarray(photo().convert("L")))
    assert 0.3 < score < 0.99
    wrong(saved(blurred), PHOTO, score=score, words="structural similarity").check("compare_images")
    above = wrong(saved(blurred), PHOTO, score=(score - 0.2) / 0.8, words="structural", reference_base_result=0.2)
    above.check("compare_images")


def test_pictures_are_compared_in_the_size_of_the_narrower_one() -> None:
    wide = Image.new("L", (60, 10), 100)
    right(saved(wide), saved(Image.new("L", (20, 90), 100))).check("compare_images")
    malformed(saved(wide.resize((5, 90))), saved(wide), words="a picture of 5x90").check("compare_images")


def test_structural_similarity_of_one_window_of_two_greys() -> None:
    black, grey = np.zeros((7, 7), dtype=np.uint8), np.full((7, 7), 10, dtype=np.uint8)
    assert similarity(black, grey) == pytest.approx(6.5025 / (100 + 6.5025))  # c1 by the square of the mean and c1


def test_structural_similarity_of_colours_is_the_mean_of_theirs() -> None:
    one, other = (np.random.default_rng(seed).integers(0, 256, (600, 9, 3), dtype=np.uint8) for seed in (1, 2))
    assert similarity(one, other) == pytest.approx(np.mean([by_hand(one[..., at], other[..., at]) for at in range(3)]))
