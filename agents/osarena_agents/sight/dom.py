"""The elements of the pages in web browsers, as they lie on the screen, beside what the accessibility tree knows of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from osarena.perception.marks import find_marks
from osarena.perception.pages import dom_as_tree
from osarena.perception.visible import VisibleNode, visible_nodes
from osarena.types.dom import CssBox, Dom, PageElement
from osarena.types.geometry import Box, Size
from osarena.types.observation import Window
from osarena.types.tree import Node, Tree
from osarena_agents.sight.components import Mask, as_corners, shared_areas

# Boxes that share more than this part of both together are of one element.
_SAME = 0.6
# Of two elements with one name, so much of the smaller must lie in the larger: it is what can be seen of it, or its longest line.
_BELONGS = 0.8
_SHOWING = frozenset({"showing"})
# What an element of a page is of which nothing is known.
_PLAIN = "push button"


def page_elements(dom: Dom, windows: Sequence[Window], screen: Size) -> list[VisibleNode]:
    """What can be acted on and seen of pages, in their order. What is behind a window or a menu is left out, as with the tree."""
    marks = find_marks(_under_popups(dom, windows), windows, screen, limit=sum(len(page.elements) for page in dom.pages))
    return [VisibleNode(mark.node, mark.box) for mark in marks]


def with_pages(elements: Sequence[VisibleNode], dom: Dom, windows: Sequence[Window], screen: Size) -> list[VisibleNode]:
    """Elements that the tree knows, and what of the pages it does not know, in the order of the pages.

    An element that both know keeps what the tree says of it; from the page it has its box, since that knows what of it can be
    seen and clicked, and a name and a text where the tree has none. What the page says is covered by others is left out.
    """
    known = page_elements(dom, windows, screen)
    twins = _twins(elements, known)
    alike = _likeness(_boxes(elements), _covered(dom, windows, screen)) > _SAME
    covered = set(np.flatnonzero(alike.any(axis=1)).tolist())
    kept = [
        _merged(element, known[twins[place]]) if place in twins else element
        for place, element in enumerate(elements)
        if place in twins or place not in covered
    ]
    told = set(twins.values())
    return [*kept, *(element for place, element in enumerate(known) if place not in told)]


def _merged(element: VisibleNode, twin: VisibleNode) -> VisibleNode:
    node, seen = element.node, twin.node
    return VisibleNode(replace(node, name=node.name or seen.name, text=node.text or seen.text), twin.box)


def _twins(elements: Sequence[VisibleNode], known: Sequence[VisibleNode]) -> dict[int, int]:
    """Which of the tree's elements (by place) is which of the pages'; those that are most alike first, none twice."""
    ours, theirs = _boxes(elements), _boxes(known)
    likeness = _likeness(ours, theirs)
    is_named_so = _have_one_name(elements, known)
    smaller = np.minimum(_areas(ours)[:, None], _areas(theirs)[None])
    is_in = shared_areas(as_corners(ours), as_corners(theirs)) >= _BELONGS * smaller
    pairs = np.argwhere((likeness > _SAME) | (is_named_so & is_in))
    scores = (likeness + is_named_so)[pairs[:, 0], pairs[:, 1]]
    twins: dict[int, int] = {}
    for place, number in pairs[np.argsort(-scores, kind="stable")].tolist():
        if place not in twins and number not in twins.values():
            twins[place] = number
    return twins


def _have_one_name(elements: Sequence[VisibleNode], others: Sequence[VisibleNode]) -> Mask:
    """`(elements, others)` bool: whether two elements are called the same; those without a name are not."""
    numbers = {element.node.name: number for number, element in enumerate(others) if element.node.name}
    one = np.array([numbers.get(element.node.name, -1) for element in elements], dtype=np.int64)
    other = np.array([numbers.get(element.node.name, -2) for element in others], dtype=np.int64)
    same: Mask = one[:, None] == other[None]
    return same


def _likeness(boxes: Sequence[Box], others: Sequence[Box]) -> NDArray[np.float64]:
    """`(boxes, others)` float64: which part of what two boxes cover together they share, 0 to 1."""
    shared = shared_areas(as_corners(boxes), as_corners(others))
    likeness: NDArray[np.float64] = shared / np.maximum(_areas(boxes)[:, None] + _areas(others)[None] - shared, 1)
    return likeness


def _areas(boxes: Sequence[Box]) -> NDArray[np.float64]:
    """`(count,)` float64: pixels in each box."""
    return np.array([box.area for box in boxes], dtype=np.float64)


def _boxes(elements: Sequence[VisibleNode]) -> list[Box]:
    return [element.box for element in elements]


def _covered(dom: Dom, windows: Sequence[Window], screen: Size) -> list[Box]:
    """Where on the screen elements are that others of their page cover, as far as the page itself can be seen there."""
    pages = tuple(replace(page, elements=tuple(map(_element_at, page.covered))) for page in dom.pages)
    shown = visible_nodes(_under_popups(Dom(pages), windows), windows, screen)
    return [seen.box for seen in shown if seen.node.role == _PLAIN]


def _element_at(box: CssBox) -> PageElement:
    return PageElement("", "", "", "", "", frozenset(), box)


def _under_popups(dom: Dom, windows: Sequence[Window]) -> Tree:
    """The pages as a tree, and above all else in it what lies over them and is no window."""
    tree = dom_as_tree(dom, windows)
    popups = Node("application", "popups", children=tuple(_popups(dom)))
    return replace(tree, root=replace(tree.root, children=(*tree.root.children, popups)))


def _popups(dom: Dom) -> Iterator[Node]:
    for box in dict.fromkeys(popup for page in dom.pages for popup in page.popups):
        # A top-level element without anything written in it counts as one that nobody sees.
        yield Node("window", states=_SHOWING, box=box, children=(Node("panel", "popup", states=_SHOWING, box=box),))
