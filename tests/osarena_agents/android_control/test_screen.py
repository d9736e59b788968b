"""The screen in words."""

from __future__ import annotations

from osarena.perception.frames import CoordinateFrame
from osarena.types.geometry import Box, Size
from osarena.types.observation import Observation, RawObservation
from osarena.types.tree import Node, Tree
from osarena_agents.android_control.screen import elements, elements_as_text, marks_of

SHOWN = frozenset({"showing", "enabled"})
SCREEN = Size(400, 200)


def node(role: str, name: str, box: tuple[int, int, int, int], *children: Node, text: str = "") -> Node:
    return Node(role, name, text=text, states=SHOWN, box=Box(*box), children=children)


WINDOW = node(
    "frame", "Notes", (0, 0, 400, 200),
    node("panel", "holder", (0, 0, 400, 100), node("push button", "Save", (100, 20, 40, 20))),
    node("separator", "", (0, 50, 400, 2)),
    node("entry", "", (10, 60, 200, 20)),
    node("label", "", (10, 90, 50, 20), text="Ready"),
    node("push button", "Beyond", (500, 20, 40, 20)),
)  # fmt: skip
LOOK = Observation(
    0, SCREEN, RawObservation(tree=Tree(Node("desktop frame", children=(Node("application", children=(WINDOW,)),))))
)


def test_what_says_something_or_can_be_filled_in_has_a_line_with_its_middle() -> None:
    found = elements(LOOK, 99)
    assert elements_as_text(found, CoordinateFrame(SCREEN, SCREEN)) == (
        '0 frame "Notes" (200, 100)\n1 push button "Save" (120, 30)\n2 entry (110, 70)\n3 label : "Ready" (35, 100)'
    )
    assert marks_of(found)[1] == Box(100, 20, 40, 20)


def test_places_are_in_pixels_of_the_picture_and_lines_are_counted() -> None:
    found = elements(LOOK, 2)
    assert (
        elements_as_text(found, CoordinateFrame(SCREEN, Size(200, 100)))
        == '0 frame "Notes" (100, 50)\n1 push button "Save" (60, 15)'
    )
    assert elements_as_text([], CoordinateFrame(SCREEN, SCREEN)) == "none"


def test_the_cells_of_a_sheet_do_not_crowd_out_the_question_in_front_of_it() -> None:
    cells = [node("table cell", f"A{row}", (0, 20 * row, 40, 20)) for row in range(1, 9)]
    sheet = node("frame", "Sheet", (0, 0, 400, 200), *cells)
    question = node("alert", "Question", (200, 50, 150, 100), node("push button", "Keep", (210, 60, 40, 20)))
    tree = Tree(Node("desktop frame", children=(Node("application", children=(sheet, question)),)))
    found = elements(Observation(0, SCREEN, RawObservation(tree=tree)), 6)
    assert [visible.node.name for visible in found] == ["Sheet", "A1", "A2", "A3", "Question", "Keep"]
