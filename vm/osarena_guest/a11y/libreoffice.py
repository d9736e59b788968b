"""Where LibreOffice's elements really are.

The widgets that LibreOffice draws itself (sheet, tool bars, rulers) are told as lying higher than they do: their origin is
the window's, although GTK's menu bar lies above them. They all stand in a "root pane" which fills a GTK widget whose place
is right, and in some of them stand GTK widgets again, which are right too. (Seen with LibreOffice 7.4 under GTK 3.)
"""

from __future__ import annotations

from collections.abc import Iterable

from osarena_guest.a11y import atspi
from osarena_guest.a11y.conversation import Call, Steps
from osarena_guest.desktop import Rectangle

NAME = "soffice"  # of the application
_DEEPEST = 100  # a chain of parents longer than this is a cycle
_ROOT_PANE = "root pane"

Displacement = tuple[int, int]


def displacements(elements: Iterable[tuple[int, str, Rectangle | None]]) -> list[Displacement]:
    """By how many pixels each element lies further right and down than its box says.

    Args:
        elements: number of the parent (-1: none), which comes first, role, and box as it was told.
    """
    told: list[Rectangle | None] = []
    found: list[Displacement] = []
    for parent, role, box in elements:
        displaced = found[parent] if parent >= 0 else (0, 0)
        outer = told[parent] if parent >= 0 else None
        if box is not None and outer is not None and tuple(box[2:]) == tuple(outer[2:]):
            gap = outer[0] + displaced[0] - box[0], outer[1] + displaced[1] - box[1]
            if role == _ROOT_PANE:
                displaced = gap
            elif gap == (0, 0):
                displaced = (0, 0)  # where its parent really is, so that this is GTK's
        told.append(box)
        found.append(displaced)
    return found


def displacement_of(path: str) -> Steps[Displacement]:
    """By how many pixels one element lies further right and down than its box says: all that it stands in is asked."""
    chain = [path]
    while chain[-1] not in (atspi.ROOT, atspi.NULL) and len(chain) < _DEEPEST:
        (parent,) = yield [Call(atspi.GET_REFERENCE, chain[-1], atspi.PARENT)]
        chain.append(atspi.NULL if parent is None else parent.path)
    chain = chain[-2::-1]  # from the window inwards
    roles = yield [Call(atspi.GET_ROLE, element) for element in chain]
    boxes = yield [Call(atspi.GET_EXTENTS, element, atspi.ON_SCREEN) for element in chain]
    told = zip(roles, boxes, strict=True)
    elements = ((number - 1, atspi.role_name(role or 0) or "", box) for number, (role, box) in enumerate(told))
    return displacements(elements)[-1] if chain else (0, 0)
