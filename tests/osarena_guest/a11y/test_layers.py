"""Which processes can have drawn on a part of the screen."""

from __future__ import annotations

from osarena_guest.a11y.layers import Layer, Layers
from osarena_guest.desktop import Rectangle

WM, PANEL, SHEET, PAGE, BACKGROUND = 1, 2, 3, 4, 5


def window(box: Rectangle, *processes: int, opaque: tuple[Rectangle, ...] | None = None) -> Layer:
    return Layer(box, (box,) if opaque is None else opaque, frozenset(processes))


# A dialog with round corners above its own maximised window, which lies above another one; a panel below them all.
DIALOG = window((40, 30, 20, 20), SHEET, WM, opaque=((41, 30, 18, 1), (40, 31, 20, 19)))
LAYERS = Layers(
    (
        DIALOG,
        window((0, 0, 100, 90), SHEET, WM),
        window((0, 0, 100, 90), PAGE, WM),
        window((0, 90, 100, 10), PANEL, WM),
        window((0, 0, 100, 100), BACKGROUND),
    )
)


def test_what_is_wholly_covered_draws_nothing() -> None:
    assert LAYERS.drawers([(10, 10, 5, 5), (0, 0, 100, 90)]) == {SHEET, WM}
    assert LAYERS.drawers([(45, 35, 2, 2)]) == {SHEET, WM}
    assert LAYERS.drawers([(0, 80, 100, 20)]) == {SHEET, PANEL, WM}
    assert LAYERS.drawers([]) == set()


def test_what_is_seen_beside_or_through_a_window_may_have_drawn() -> None:
    narrow = Layers((window((0, 0, 50, 100), SHEET), window((0, 0, 60, 100), PAGE), window((0, 0, 100, 100), BACKGROUND)))
    assert narrow.drawers([(40, 10, 10, 10)]) == {SHEET}
    assert narrow.drawers([(40, 10, 11, 10)]) == {SHEET, PAGE}
    assert narrow.drawers([(0, 0, 100, 100)]) == {SHEET, PAGE, BACKGROUND}
    round_corner = Layers((DIALOG, window((0, 0, 100, 90), PAGE)))
    assert round_corner.drawers([(40, 30, 1, 1)]) == {SHEET, WM, PAGE}
    assert round_corner.drawers([(42, 32, 8, 8)]) == {SHEET, WM}
    translucent = Layers((window((0, 0, 100, 90), SHEET, opaque=()), window((0, 0, 100, 90), PAGE)))
    assert translucent.drawers([(5, 5, 1, 1)]) == {SHEET, PAGE}


def test_what_lies_over_a_part_of_a_window_is_known() -> None:
    assert LAYERS.over(SHEET, (0, 20, 100, 60)) == [DIALOG.box]
    assert LAYERS.over(SHEET, (0, 60, 100, 20)) == []
    assert LAYERS.over(PAGE, (0, 60, 100, 20)) == [(0, 0, 100, 90)]
    assert LAYERS.over(BACKGROUND, (0, 95, 10, 5)) == [(0, 90, 100, 10)]


def test_nothing_is_said_of_processes_without_a_window() -> None:
    assert not LAYERS.has(99)
    assert LAYERS.over(99, (0, 0, 10, 10)) is None
    assert LAYERS.over(PANEL, (0, 0, 10, 10)) is None
    assert Layers().drawers([(0, 0, 10, 10)]) == set()
