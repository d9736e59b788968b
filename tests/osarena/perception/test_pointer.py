"""Screenshots with the pointer drawn in."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from osarena.perception.pointer import png_with_pointer
from osarena.types.geometry import Point

GREY = np.full((40, 60, 3), 128, np.uint8)


def decoded(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)))


def test_the_arrow_has_its_tip_at_the_pointer() -> None:
    seen = decoded(png_with_pointer(GREY, Point(20, 10)))
    rows, columns = np.nonzero((seen != GREY).any(axis=2))
    assert (columns.min(), rows.min()) == (20, 10)
    assert tuple(seen[20, 22]) == (255, 255, 255)
    assert (GREY == 128).all()


def test_without_a_pointer_or_with_one_at_the_edge() -> None:
    assert (decoded(png_with_pointer(GREY, None)) == GREY).all()
    assert decoded(png_with_pointer(GREY, Point(59, 39))).shape == GREY.shape
