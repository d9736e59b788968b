"""Which part of each element can be seen: not behind another window, an open menu or the edge of the screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from osarena.types.geometry import Box, Size
from osarena.types.observation import Window
from osarena.types.tree import Node, Tree

# Elements that open above everything else, with what is in them.
_POPUPS = frozenset({"menu", "popup menu"})
# Elements that cut off what reaches beyond them.
_CLIPPING = frozenset({"scroll pane", "viewport"})
# An unknown top-level element that fills this share of the screen is the desktop's background, any other a panel or a popup.
_BACKGROUND = 0.9


@dataclass(frozen=True, slots=True)
class VisibleNode:
    """An element and the largest rectangle of it that can be seen."""

    node: Node
    box: Box


@dataclass(frozen=True, slots=True)
class _Layer:
    """A top-level element with its height in the stack."""

    node: Node
    height: float


def visible_nodes(tree: Tree, windows: Sequence[Window], screen: Size) -> Iterator[VisibleNode]:
    """The elements of which something can be seen, in document order.

    Args:
        windows: the top-level windows with their stacking; what no window of them accounts for lies on top, like a menu
            or a panel, or at the bottom where it is as large as the screen.
    """
    everything = Box(0, 0, screen.width, screen.height)
    layers = _layers(tree, windows, everything)
    popups = [(node, box) for layer in layers for node in layer.node.walk() if (box := _popup_box(node)) is not None]
    covers = [(float(window.stacking), window.box) for window in windows if not window.is_minimized]
    covers += [(_TOP, box) for layer in layers if layer.height == _TOP and (box := _shown_box(layer.node)) is not None]
    for layer in layers:
        above = [box for height, box in covers if height > layer.height]
        yield from _visible_in(layer.node, everything, above, popups)


_TOP, _BOTTOM = float("inf"), -1.0


def _layers(tree: Tree, windows: Sequence[Window], screen: Box) -> list[_Layer]:
    """The top-level elements. Each window is that of the element which is most like it, and of no other."""
    tops = [node for application in tree.root.children for node in application.children]
    shown = [window for window in windows if not window.is_minimized]
    pairs = [(_likeness(node, window), index, window) for index, node in enumerate(tops) for window in shown]
    heights: dict[int, float] = {}
    taken: set[int] = set()
    for likeness, index, window in sorted(pairs, key=lambda pair: pair[0], reverse=True):
        if likeness > 0 and index not in heights and window.id not in taken:
            heights[index] = float(window.stacking)
            taken.add(window.id)
    return [_Layer(node, heights.get(index, _height_without_window(node, screen))) for index, node in enumerate(tops)]


def _height_without_window(node: Node, screen: Box) -> float:
    is_background = node.box is not None and node.box.intersection(screen).area >= _BACKGROUND * screen.area
    return _BOTTOM if is_background else _TOP


def _likeness(node: Node, window: Window) -> float:
    """How sure it is that an element is a window's: the same title counts most, then how far the boxes agree; 0 for no."""
    agreement = 0.0
    if node.box is not None:
        shared = node.box.intersection(window.box).area
        agreement = shared / max(node.box.area + window.box.area - shared, 1)
    has_title = bool(node.name) and (node.name in window.title or window.title in node.name) and bool(window.title)
    return 1 + agreement if has_title and (node.box is None or agreement > 0) else agreement if agreement > 0.5 else 0.0


def _shown_box(node: Node) -> Box | None:
    """The box of a top-level element in which something is written; Chromium tells of empty popups that nobody sees."""
    if "showing" not in node.states:
        return None
    return node.box if any(inner.box is not None and (inner.name or inner.text) for inner in node.walk()) else None


def _popup_box(node: Node) -> Box | None:
    """The area of an open menu: what its items cover together."""
    if node.role not in _POPUPS or _is_folded(node):
        return None
    boxes = [child.box for child in node.children if child.box is not None and child.box.area and "showing" in child.states]
    return _bounding(boxes) if boxes else None


def is_ghost(node: Node) -> bool:
    """Whether this is a menu bar without a place, which is not on the screen with all that is in it.

    LibreOffice under GTK tells of its menus twice: as the toolkit's, which one sees, and as its own, whose boxes lie about.
    """
    return node.role == "menu bar" and node.box is None


def _is_folded(node: Node) -> bool:
    """Whether this is the menu in a closed list of choices: Chromium says of the chosen one alone that it shows."""
    return node.role in _POPUPS and "showing" not in node.states


def _visible_in(root: Node, screen: Box, above: Sequence[Box], popups: Sequence[tuple[Node, Box]]) -> Iterator[VisibleNode]:
    """Walk one layer, inside its window. An open menu reaches beyond, and covers all but itself and its open submenus."""
    window = screen if root.box is None else root.box.intersection(screen)
    pending = [(root, window, tuple(popups))]
    while pending:
        node, clip, covering = pending.pop()
        if is_ghost(node) or _is_folded(node):
            continue
        yield from _largest(node, clip, [*above, *(box for _, box in covering)])
        if any(popup is node for popup, _ in popups):
            below = {id(inner) for child in node.children for inner in child.walk()}
            clip, covering = screen, tuple(entry for entry in popups if id(entry[0]) in below)
        elif node.role in _CLIPPING and node.box is not None:
            clip = clip.intersection(node.box)
        pending.extend((child, clip, covering) for child in reversed(node.children))


def _largest(node: Node, clip: Box, covers: Iterable[Box]) -> Iterator[VisibleNode]:
    if node.box is None or "showing" not in node.states:
        return
    pieces = [node.box.intersection(clip)]
    for cover in covers:
        pieces = [rest for piece in pieces for rest in subtract(piece, cover)]
    best = max(pieces, key=lambda piece: piece.area, default=None)
    if best is not None and best.area:
        yield VisibleNode(node, best)


def subtract(box: Box, cover: Box) -> Iterator[Box]:
    """What is left of a box under a cover, as rectangles: those above and below over the whole width, then left and right."""
    shared = box.intersection(cover)
    if not shared.area:
        yield box
        return
    right, bottom = shared.x + shared.width, shared.y + shared.height
    rest = (
        Box(box.x, box.y, box.width, shared.y - box.y),
        Box(box.x, bottom, box.width, box.y + box.height - bottom),
        Box(box.x, shared.y, shared.x - box.x, shared.height),
        Box(right, shared.y, box.x + box.width - right, shared.height),
    )
    yield from (piece for piece in rest if piece.area)


def _bounding(boxes: Sequence[Box]) -> Box:
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)
    return Box(left, top, right - left, bottom - top)
