"""Where the numbers of marks stand."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osarena.perception.labels import place_labels
from osarena.perception.marks import Mark, draw_marks
from osarena.types.geometry import Box, Size
from osarena.types.observation import Pixels
from osarena.types.tree import Node

SCREEN = Size(800, 600)
BUTTON = Node("push button")


def marked(*places: Box) -> list[Mark]:
    return [Mark(number, BUTTON, place) for number, place in enumerate(places, 1)]


boxes = st.builds(Box, st.integers(-20, 780), st.integers(-20, 580), st.integers(1, 300), st.integers(1, 200))
plain = np.zeros((600, 800, 3), np.uint8)
noisy = np.random.default_rng(0).integers(0, 256, (600, 800, 3), np.uint8)


@settings(max_examples=60, deadline=None)
@given(st.lists(boxes, max_size=60), st.sampled_from([None, plain, noisy]))
def test_no_two_numbers_overlap_and_all_are_on_the_screen(places: list[Box], pixels: Pixels | None) -> None:
    marks = marked(*places)
    labels = list(place_labels(marks, SCREEN, pixels))
    assert [mark.number for mark, _ in labels] == [mark.number for mark in marks]
    for _, label in labels:
        assert label.intersection(Box(0, 0, 800, 600)) == label
    assert not any(one.intersection(other).area for (_, one), (_, other) in combinations(labels, 2))


def test_numbers_stand_outside_of_elements_where_there_is_room() -> None:
    marks = marked(Box(10, 10, 80, 30), Box(300, 300, 80, 30))
    for _, label in place_labels(marks, SCREEN):
        assert not any(label.intersection(mark.box).area for mark in marks)


def test_a_number_that_would_hide_another_element_outside_stands_in_its_own() -> None:
    cells = [Box(20 + 60 * column, 20 + 20 * row, 60, 20) for row in range(5) for column in range(5)]
    (label,) = [label for mark, label in place_labels(marked(*cells), SCREEN) if mark.box == cells[12]]
    assert label.intersection(cells[12]) == label


def test_a_number_leaves_what_is_written_legible() -> None:
    """In a cell amid cells, whose figures stand at its right edge."""
    cells = [Box(20 + 60 * column, 20 + 20 * row, 60, 20) for row in range(5) for column in range(5)]
    pixels = np.full((600, 800, 3), 255, np.uint8)
    for cell in cells:
        pixels[cell.y + 4 : cell.y + 16, cell.x + 30 : cell.x + 58 : 4] = 0
    for mark, label in place_labels(marked(*cells), SCREEN, pixels):
        covered = pixels[label.y : label.y + label.height, label.x : label.x + label.width]
        assert (covered == 255).all(), mark


def test_where_there_is_no_room_at_an_element_its_number_stands_nearby() -> None:
    marks = marked(*[Box(400, 300, 20, 10)] * 30)
    labels = [label for _, label in place_labels(marks, SCREEN)]
    assert len(labels) == 30
    assert all(abs(label.center.x - 410) + abs(label.center.y - 305) < 150 for label in labels)


def test_full_picture_leaves_numbers_out_and_does_not_fail() -> None:
    marks = marked(*[Box(5, 5, 20, 20)] * 39)
    assert 0 < len(list(place_labels(marks, Size(60, 40)))) < 39
    assert draw_marks(np.zeros((40, 60, 3), np.uint8), marks).shape == (40, 60, 3)
    assert list(place_labels(marks, Size(5, 5))) == []
    assert list(place_labels([], SCREEN)) == []


@pytest.mark.parametrize("count", [500])
def test_of_many_marks_all_have_their_number(count: int) -> None:
    marks = marked(*[Box(i % 25 * 76, i // 25 * 50, 60, 30) for i in range(count)])
    assert len(list(place_labels(marks, Size(1920, 1080)))) == count
