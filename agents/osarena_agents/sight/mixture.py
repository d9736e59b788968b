"""One list of marks out of several sources: nothing twice, labels on what they belong to, numbers that stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from osarena.errors import UsageError
from osarena.perception.marks import Mark, find_marks
from osarena.perception.visible import VisibleNode
from osarena.types.geometry import Box
from osarena.types.observation import Observation
from osarena.types.tree import Node
from osarena_agents.sight.components import Integers, Mask, as_boxes, as_corners, shared_areas
from osarena_agents.sight.detectors import load_detector
from osarena_agents.sight.dom import with_pages
from osarena_agents.sight.icons import DrawnIcons, IconFinder
from osarena_agents.sight.layout import find_layout
from osarena_agents.sight.ocr import TextLine, TextReader

# Sources in the order in which they are believed, and what each has to be shown.
SOURCES: Mapping[str, tuple[str, ...]] = {
    "tree": ("tree", "windows"),
    "dom": ("dom", "windows"),
    "icons": ("screenshot",),
    "ocr": ("screenshot",),
}
# No screen has more elements that one can act on; the limit of a list of marks is drawn later, and more fairly.
_ALL = 10_000
# So much of a text or an icon must lie in an element to belong to it.
_BELONGS = 0.8
# Boxes that share more than this part of both together are of the same thing.
_SAME = 0.6
# An icon of which so much is text is no icon.
_IS_TEXT = 0.6
# An element that is so many times as high as a text (or an icon) in it holds more than that, and does not go by it.
_HOLDS_TEXTS, _HOLDS_ICONS = 8, 3
# Elements in which icons are buttons of their own: what empties a field, what closes a tab.
_WITH_BUTTONS = frozenset({"entry", "page tab"})
_SHOWN = frozenset({"enabled", "sensitive", "showing", "visible"})

Element = TypeVar("Element", VisibleNode, Mark)


class Sight:
    """Finds and numbers what can be acted on.

    Args:
        sources: names in `SOURCES`, joined by "+".
        icons: a file with a detector of icons, see `detectors`; the built-in one if not given.
        language: of the texts to read, in Tesseract's words.
        limit: marks at most.

    Raises:
        UsageError: there is no such source, or what it needs is not there.
    """

    def __init__(self, sources: str = "tree", *, icons: str = "", language: str = "eng", limit: int = 250) -> None:
        self._sources = parse_sources(sources)
        if icons and "icons" not in self._sources:
            raise UsageError(f"a detector of icons has no use with marks={sources!r}; name icons among them")
        if limit < 1:
            raise UsageError(f"{limit} marks are none")
        self._limit = limit
        self._numbering = Numbering()
        # Both outlive episodes: a text that was read once is known, and a network is loaded once.
        self._reader = TextReader(language) if "ocr" in self._sources else None
        self._icons: IconFinder | None = None
        if "icons" in self._sources:
            self._icons = load_detector(icons) if icons else DrawnIcons()

    @property
    def observe(self) -> tuple[str, ...]:
        """The parts of an observation that it looks at."""
        return tuple(sorted({part for source in self._sources for part in SOURCES[source]}))

    def reset(self) -> None:
        """Another episode begins, whose numbers start anew."""
        self._numbering = Numbering()

    def look(self, observation: Observation) -> tuple[Mark, ...]:
        """The marks of a look: those of the tree in its order, then those of pages, then what else was found, from the top.

        Raises:
            ModelError: texts cannot be read, or a detector does not work.
        """
        elements = tree_elements(observation) if "tree" in self._sources else []
        if "dom" in self._sources:
            elements = with_pages(elements, observation.dom, observation.raw.windows, observation.screen)
        if self._reader or self._icons:
            layout = find_layout(observation.screenshot)
            texts = self._reader.read(observation.screenshot, layout.lines) if self._reader else []
            places = [line.box for line in texts]
            icons = self._icons.find(observation.screenshot, layout, places) if self._icons else []
            elements = with_pixels(elements, icons, texts)
        return self._numbering.number(fair_share(elements, self._limit))


def with_pixels(elements: Sequence[VisibleNode], icons: Sequence[Box], texts: Sequence[TextLine]) -> list[VisibleNode]:
    """Elements that are known, and what of icons and texts they do not account for, from the top.

    A text in an element is its label: its name, if it has none. An icon in an element is the element's picture. What is in
    something much higher than itself, such as a line in an editor, is a thing of its own.
    """
    lines = as_corners([line.box for line in texts])
    kept = _unknown_icons(elements, as_corners(icons), lines)
    found = [*elements, *(VisibleNode(Node("icon", states=_SHOWN), box) for box in as_boxes(kept))]
    labels: dict[int, list[str]] = {}
    new = []
    for line, owner in zip(texts, _owners(lines, found, _HOLDS_TEXTS), strict=True):
        if owner < 0:
            new.append(VisibleNode(Node("label", line.text, states=_SHOWN), line.box))
        else:
            labels.setdefault(owner, []).append(line.text)
    found = [named(element, " ".join(labels.get(place, ()))) for place, element in enumerate(found)]
    new += found[len(elements) :]
    return [*found[: len(elements)], *sorted(new, key=lambda element: (element.box.y, element.box.x))]


def named(element: VisibleNode, name: str) -> VisibleNode:
    """The element under a name, if it has none."""
    return element if element.node.name or not name else VisibleNode(replace(element.node, name=name), element.box)


def _unknown_icons(elements: Sequence[VisibleNode], icons: Integers, lines: Integers) -> Integers:
    """The icons that are neither text nor an element's."""
    known = as_corners([element.box for element in elements])
    shared = shared_areas(icons, known)
    is_same = (shared > _SAME * (_areas(icons)[:, None] + _areas(known)[None] - shared)).any(axis=1)
    holders = [element for element in elements if element.node.role not in _WITH_BUTTONS]
    is_picture = np.array(_owners(icons, holders, _HOLDS_ICONS), np.int64) >= 0
    is_text = shared_areas(icons, lines).max(axis=1, initial=0) > _IS_TEXT * _areas(icons)
    kept: Integers = icons[~(is_same | is_picture | is_text)]
    return kept


def _owners(things: Integers, elements: Sequence[VisibleNode], holds: int) -> list[int]:
    """For each thing the number of the smallest element that it belongs to, or -1."""
    if not len(elements):
        return [-1] * len(things)
    boxes = as_corners([element.box for element in elements])
    belongs: Mask = shared_areas(things, boxes) >= _BELONGS * _areas(things)[:, None]
    belongs &= _heights(boxes)[None] <= holds * _heights(things)[:, None]
    sizes = np.where(belongs, _areas(boxes)[None], np.iinfo(np.int64).max)
    numbers: list[int] = np.where(belongs.any(axis=1), sizes.argmin(axis=1), -1).tolist()
    return numbers


def _areas(corners: Integers) -> Integers:
    areas: Integers = (corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1])
    return areas


def _heights(corners: Integers) -> Integers:
    heights: Integers = corners[:, 3] - corners[:, 1]
    return heights


def parse_sources(text: str) -> tuple[str, ...]:
    """The sources that a user names, in the order in which they are believed.

    Raises:
        UsageError: none, or one that there is not.
    """
    wanted = {name.strip() for name in text.split("+")}
    if unknown := wanted - set(SOURCES):
        raise UsageError(f"marks={text!r}: there is no source {', '.join(sorted(unknown))!r}; known are {', '.join(SOURCES)}")
    return tuple(source for source in SOURCES if source in wanted)


def tree_elements(observation: Observation) -> list[VisibleNode]:
    """What the accessibility tree says can be acted on and seen."""
    marks = find_marks(observation.tree, observation.raw.windows, observation.screen, limit=_ALL)
    return [VisibleNode(mark.node, mark.box) for mark in marks]


def fair_share(elements: Sequence[Element], limit: int) -> list[Element]:
    """At most `limit` elements, in their order. Each role keeps as many as the others may have, its first ones.

    So a sheet with a thousand cells does not crowd out the dialog in front of it.
    """
    left, share = limit, limit
    counts = sorted(Counter(element.node.role for element in elements).values())
    # The smallest roles are served in full; what they leave is shared by the larger ones.
    for place, count in enumerate(counts):
        share = max(left // (len(counts) - place), 1)
        if count > share:
            break
        left -= count
    kept: Counter[str] = Counter()
    chosen = []
    for element in elements:
        kept[element.node.role] += 1
        if kept[element.node.role] <= share:
            chosen.append(element)
    return chosen[:limit]


class Numbering:
    """Gives numbers from 1. An element that stays where it was keeps its number from look to look; others take free ones."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str, Box, int], int] = {}

    def number(self, elements: Iterable[VisibleNode]) -> tuple[Mark, ...]:
        """The elements as marks, in their order."""
        keyed = list(_keyed(elements))
        kept = {key: self._numbers[key] for key, _ in keyed if key in self._numbers}
        taken = set(kept.values())
        free = (number for number in range(1, len(keyed) + len(taken) + 1) if number not in taken)
        self._numbers = {key: kept[key] if key in kept else next(free) for key, _ in keyed}
        return tuple(Mark(self._numbers[key], element.node, element.box) for key, element in keyed)


def _keyed(elements: Iterable[VisibleNode]) -> Iterator[tuple[tuple[str, str, Box, int], VisibleNode]]:
    """The elements with what tells them apart: role, name and place, and a count where even those are the same."""
    seen: Counter[tuple[str, str, Box]] = Counter()
    for element in elements:
        what = (element.node.role, element.node.name, element.box)
        seen[what] += 1
        yield (*what, seen[what]), element
