"""Set-of-marks: the elements that one can act on, numbered, and the screenshot with the numbers drawn on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from osarena.perception.labels import colour_of, label_picture, place_labels
from osarena.perception.outline import node_as_text
from osarena.perception.visible import VisibleNode, visible_nodes
from osarena.types.geometry import Box, Point, Size
from osarena.types.observation import Pixels, Window
from osarena.types.tree import Node, Tree

_ROLES = frozenset(
    {
        "push button", "button", "toggle button", "check box", "radio button", "combo box", "entry", "password text",
        "spin button", "slider", "link", "menu", "menu item", "check menu item", "radio menu item", "page tab", "list item",
        "tree item", "table cell", "table column header", "icon", "switch", "date editor", "editbar", "color chooser", "terminal",
    }
)  # fmt: skip
# Elements of pages in Chromium in which nothing happens upon a click: their action is called so, and they are in no such state.
_NO_ACTION, _PARTS = "doDefault", frozenset({"table cell", "list item"})
_ACTIVE = frozenset({"focusable", "selectable", "editable", "checkable"})
# Elements that offer a click but only hold others: a mark on them would hide those inside.
_HOLDERS = frozenset(
    {
        "application", "frame", "window", "dialog", "panel", "filler", "section", "scroll pane", "viewport", "document web",
        "document frame", "document text", "document spreadsheet", "table", "tree table", "tree", "list", "list box", "menu bar",
        "tool bar", "status bar", "page tab list", "split pane", "layered pane", "root pane", "grouping", "form", "landmark",
        "article", "paragraph", "static", "separator", "scroll bar", "table row",
    }
)  # fmt: skip
# Holders that are a target where one can write in them.
_WRITTEN_IN = frozenset({"document text", "paragraph", "section"})
_CLICKS = frozenset({"click", "press", "activate", "jump", "toggle", "open", "select", "expand or contract"})
# An element of which less than this many pixels can be seen each way cannot be hit.
_LEAST_SIDE = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """One numbered element: what of it can be seen, and so where to click it."""

    number: int  # from 1
    node: Node
    box: Box

    @property
    def point(self) -> Point:
        """The middle of what can be seen of it."""
        return self.box.center

    def __str__(self) -> str:
        return f"{self.number}\t{node_as_text(self.node)}"


def find_marks(tree: Tree, windows: Sequence[Window], screen: Size, *, limit: int = 500) -> tuple[Mark, ...]:
    """The elements that one can act on and can see, numbered in document order; at most `limit`."""
    candidates = [visible for visible in visible_nodes(tree, windows, screen) if _is_target(visible)]
    chosen = _without_doubles(candidates)[:limit]
    return tuple(Mark(number, visible.node, visible.box) for number, visible in enumerate(chosen, 1))


def marks_as_text(marks: Sequence[Mark]) -> str:
    """One line for each mark: its number, a tab, and the element's line as in `tree_as_text`."""
    return "\n".join(map(str, marks))


def draw_marks(pixels: Pixels, marks: Sequence[Mark]) -> Pixels:
    """The screenshot with a box around each marked element and its number beside it, as `(height, width, 3)` uint8 RGB.

    No two numbers overlap. A number stands at its element, where it hides least, and at the end of a thin line where there
    is no room; it is left out only where the whole picture is full.
    """
    # Straight into the array: a picture of Pillow's would have to be copied there and back, which takes longer than all else.
    height, width = pixels.shape[:2]
    drawn = pixels.copy()
    for mark in marks:
        _draw_frame(drawn, mark.box, colour_of(mark.number))
    for mark, label in place_labels(marks, Size(width, height), pixels):
        if not label.intersection(_grown(mark.box, 1)).area:
            _draw_line(drawn, label.center, mark.point, colour_of(mark.number))
        _part(drawn, label)[:] = label_picture(mark.number, label.width, label.height)
    return drawn


def _draw_frame(drawn: Pixels, box: Box, colour: tuple[int, int, int]) -> None:
    """Colour the outermost pixels of a box, as far as they are on the picture."""
    right, bottom = box.x + box.width - 1, box.y + box.height - 1
    for edge in (
        Box(box.x, box.y, box.width, 1), Box(box.x, bottom, box.width, 1),
        Box(box.x, box.y, 1, box.height), Box(right, box.y, 1, box.height),
    ):  # fmt: skip
        _part(drawn, edge)[:] = colour


def _draw_line(drawn: Pixels, start: Point, end: Point, colour: tuple[int, int, int]) -> None:
    """Colour the pixels between two points of which the first is on the picture, as far as they all are."""
    count = max(abs(end.x - start.x), abs(end.y - start.y)) + 1
    x, y = (np.linspace(one, other, count).round().astype(np.int64) for one, other in ((start.x, end.x), (start.y, end.y)))
    is_inside = (x >= 0) & (x < drawn.shape[1]) & (y >= 0) & (y < drawn.shape[0])
    drawn[y[is_inside], x[is_inside]] = colour


def _part(drawn: Pixels, box: Box) -> Pixels:
    """The part of a picture that is in a box; what is written to it is written to the picture."""
    return drawn[max(box.y, 0) : max(box.y + box.height, 0), max(box.x, 0) : max(box.x + box.width, 0)]


def _is_target(visible: VisibleNode) -> bool:
    node, box = visible.node, visible.box
    if box.width < _LEAST_SIDE or box.height < _LEAST_SIDE:
        return False
    if not node.states & {"enabled", "sensitive"}:
        return False
    if node.role in _PARTS and _NO_ACTION in node.actions and not node.states & _ACTIVE:
        return False
    if node.role in _ROLES or ("editable" in node.states and node.role not in _HOLDERS - _WRITTEN_IN):
        return True
    return node.role not in _HOLDERS and bool(_CLICKS.intersection(node.actions))


def _without_doubles(candidates: Sequence[VisibleNode]) -> list[VisibleNode]:
    """Of elements that cover the same pixels (an item and the link that it consists of), the one that says most."""
    says_most: dict[Box, VisibleNode] = {}
    for candidate in candidates:
        known = says_most.get(candidate.box)
        if known is None or len(candidate.node.name) > len(known.node.name):
            says_most[candidate.box] = candidate
    return [candidate for candidate in candidates if says_most[candidate.box] is candidate]


def _grown(box: Box, by: int) -> Box:
    return Box(box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by)
