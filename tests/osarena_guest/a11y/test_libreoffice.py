"""Where LibreOffice's elements really are, told from an element and all that it stands in."""

from __future__ import annotations

import pytest

from osarena_guest.a11y import atspi
from osarena_guest.a11y.atspi import Reference
from osarena_guest.a11y.libreoffice import displacement_of
from osarena_guest.desktop import Rectangle

# Parent, role and box, as Calc tells them: its own widgets lie 25 pixels lower than they say.
ELEMENTS: dict[str, tuple[str, str, Rectangle]] = {
    "/frame": (atspi.ROOT, "frame", (0, 0, 1920, 1039)),
    "/panel": ("/frame", "panel", (0, 49, 1920, 990)),
    "/pane": ("/panel", "root pane", (0, 24, 1920, 990)),
    "/sheet": ("/pane", "table", (41, 162, 1806, 793)),
    "/cell": ("/sheet", "table cell", (41, 162, 82, 17)),
}


def displacement(path: str) -> tuple[int, int]:
    steps = displacement_of(path)
    calls = next(steps)
    while True:
        replies: list[object] = []
        for call in calls:
            parent, role, box = ELEMENTS[call.path]
            answers = {
                atspi.GET_REFERENCE: Reference(":1.5", parent),
                atspi.GET_ROLE: atspi.ROLES.index(role),
                atspi.GET_EXTENTS: box,
            }
            replies.append(answers[call.method])
        try:
            calls = steps.send(replies)
        except StopIteration as end:
            found: tuple[int, int] = end.value
            return found


@pytest.mark.parametrize(
    ("path", "expected"), [("/cell", (0, 25)), ("/sheet", (0, 25)), ("/panel", (0, 0)), (atspi.ROOT, (0, 0))]
)
def test_an_element_lies_where_what_it_stands_in_does(path: str, expected: tuple[int, int]) -> None:
    assert displacement(path) == expected
