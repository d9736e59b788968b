"""`python -m tests.benchmarks.recall [TASK …]`: how many clickable elements have a mark from OCR and icons alone.

The start desktops of the tasks of `core` are looked at, one seed each. What is clickable is what the accessibility tree says can
be acted on and seen, as far as it is not covered (`find_marks`). An element is found by a mark whose middle lies in it, or that
shares at least half of what both cover together (IoU ≥ 0.5). Large elements are found easily by the first; the column
"IoU ≥ 0.5" is for the second alone. Of the marks, lines of text are OCR's; icons are icons, with words in them or without.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from osarena.perception.marks import Mark, find_marks
from osarena.types.observation import Observation
from osarena_agents.sight import Sight
from osarena_agents.sight.components import as_corners, shared_areas
from tests.benchmarks.start_desktops import start_desktops

_ALL = 10_000
_SAME = 0.5

Found = NDArray[np.bool_]  # (elements, marks)


@dataclass
class Tally:
    """Elements of one kind, and how many of them are found by what."""

    elements: int = 0
    by_text: int = 0
    by_icon: int = 0
    by_any: int = 0
    by_area: int = 0

    def add(self, *, by_text: bool, by_icon: bool, by_area: bool) -> None:
        """Count one element."""
        self.elements += 1
        self.by_text += by_text
        self.by_icon += by_icon
        self.by_any += by_text or by_icon
        self.by_area += by_area


@dataclass
class Recall:
    """The tallies of all desktops."""

    applications: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    roles: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    everything: Tally = field(default_factory=Tally)
    desktops: int = 0
    marks: Counter[str] = field(default_factory=Counter)  # by source, and "idle" for those in which no element is found

    def look(self, observation: Observation, marks: Sequence[Mark]) -> None:
        """Count the elements of one desktop, and the marks by which they are to be found."""
        elements = find_marks(observation.tree, observation.raw.windows, observation.screen, limit=_ALL)
        owners = _owners(observation)
        is_text = np.array([mark.node.role != "icon" for mark in marks], np.bool_)
        inside, same = _inside(elements, marks), _same(elements, marks)
        found = inside | same
        for element, hits, areas in zip(elements, found, same, strict=True):
            facts = {"by_text": bool(hits[is_text].any()), "by_icon": bool(hits[~is_text].any()), "by_area": bool(areas.any())}
            for tally in (self.applications[owners[id(element.node)]], self.roles[element.node.role], self.everything):
                tally.add(**facts)
        self.desktops += 1
        self.marks.update(text=int(is_text.sum()), icon=int((~is_text).sum()), idle=int((~found.any(axis=0)).sum()))


def _owners(observation: Observation) -> Mapping[int, str]:
    """The name of the application that each node belongs to."""
    return {id(node): application.name for application in observation.tree.root.children for node in application.walk()}


def _inside(elements: Sequence[Mark], marks: Sequence[Mark]) -> Found:
    """Whether the middle of each mark lies in each element."""
    left, top, right, bottom = as_corners([element.box for element in elements]).T[..., None]
    x, y = np.array([(mark.point.x, mark.point.y) for mark in marks], np.int64).reshape(-1, 2).T
    found: Found = (left <= x) & (x < right) & (top <= y) & (y < bottom)
    return found


def _same(elements: Sequence[Mark], marks: Sequence[Mark]) -> Found:
    """Whether each mark shares with each element at least half of what both cover."""
    ours, theirs = (as_corners([mark.box for mark in some]) for some in (elements, marks))
    shared = shared_areas(ours, theirs)
    areas = [(corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1]) for corners in (ours, theirs)]
    found: Found = shared >= _SAME * (areas[0][:, None] + areas[1][None] - shared)
    return found


def main(tasks: list[str]) -> None:
    """Look at the desktops, and print the tables."""
    sight, recall = Sight("ocr+icons", limit=_ALL), Recall()
    for task, env in start_desktops("core", tasks):
        sight.reset()
        recall.look(env.observation, sight.look(env.observation))
        print(f"{task}: {recall.everything.by_any} of {recall.everything.elements} so far", flush=True)
    console = Console(width=120)
    console.print(_table("application", recall.applications, recall.everything))
    console.print(_table("kind of element", recall.roles, None))
    marks = recall.marks
    console.print(
        f"{recall.desktops} desktops; {marks['text']} marks by OCR and {marks['icon']} by icons; {marks['idle']} of them find "
        "nothing that the tree calls clickable"
    )


def _table(what: str, tallies: Mapping[str, Tally], total: Tally | None) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(what)
    for column in ("elements", "found", "recall", "by OCR", "by icons", "by both", "IoU ≥ 0.5"):
        table.add_column(column, justify="right")
    for name, tally in sorted(tallies.items(), key=lambda item: -item[1].elements):
        table.add_row(name, *_cells(tally))
    if total is not None:
        table.add_row("all", *_cells(total), style="bold")
    return table


def _cells(tally: Tally) -> Iterator[str]:
    both = tally.by_text + tally.by_icon - tally.by_any
    yield from map(str, (tally.elements, tally.by_any))
    yield f"{tally.by_any / max(tally.elements, 1):.3f}"
    yield from map(str, (tally.by_text, tally.by_icon, both))
    yield f"{tally.by_area / max(tally.elements, 1):.3f}"


if __name__ == "__main__":
    main(sys.argv[1:])
