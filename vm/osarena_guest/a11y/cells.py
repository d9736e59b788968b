"""The visible cells of a table that makes its cells when they are asked for.

Such a table (a spreadsheet, a list of files) may have billions of cells and makes an object for each that is asked for,
so that only what lies between its visible corners is fetched, by row and column. A cell that was fetched before and still
looks the same keeps what was read. (Damage would say too much: LibreOffice draws its whole window for one cell. The
objects are no help either: the application makes new ones whenever it is asked, and forgets them after some seconds.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from osarena_guest.a11y import atspi, wire
from osarena_guest.a11y.atspi import Reference
from osarena_guest.a11y.conversation import Call, Steps
from osarena_guest.a11y.nodes import Node, overlap, shifted
from osarena_guest.a11y.pixels import Comparison
from osarena_guest.a11y.properties import look_up, name_actions
from osarena_guest.a11y.structure import own_paths
from osarena_guest.desktop import Rectangle

_FEW = 400  # cells of a table that are fetched without looking for the visible ones
_MOST = 20_000  # cells that are fetched at once
_INSET = 3  # pixels between a table's corner and the point that is probed
_NARROW, _NARROW_WIDTH, _WIDE_WIDTH = frozenset("0123456789.,-:/ "), 0.47, 0.9  # widest characters, in heights of a cell
_ANCHORS = 8  # cells that tell how far the others have moved, at least
_NOT_OF_A_NUMBER = re.compile(r"[^0-9.eE+-]")
_PROBES = 24  # along each side, where a corner shows no cell

Place = tuple[int, int]  # row, column
Span = tuple[int, int, int, int]  # row, column, and how many of each


@dataclass(slots=True)
class Cell:
    """One visible cell: its own node and what is in it; `nodes` is empty where there is nothing to read."""

    box: Rectangle | None
    nodes: list[Node] = field(default_factory=list)

    def moved_by(self, dx: int, dy: int) -> Cell:
        """The same elsewhere on the screen."""
        if (dx, dy) == (0, 0) or self.box is None:
            return self
        nodes = [replace(node, box=None if node.box is None else shifted(node.box, dx, dy)) for node in self.nodes]
        return Cell(shifted(self.box, dx, dy), nodes)


@dataclass(slots=True)
class Column:
    """What all cells of a column have in common."""

    interfaces: int
    role: int
    has_children: bool


@dataclass(frozen=True, slots=True)
class Doubt:
    """What tells whether a cell may have changed.

    `pixels` compares the screen as it was when the cells were read with how it is now; `hidden` are parts of the screen where
    another window may lie over them; `focus` is the path of the application's object that has the keyboard focus.
    """

    pixels: Comparison
    hidden: Sequence[Rectangle]
    focus: str | None


@dataclass(slots=True)
class Cells:
    """The visible cells of one table, as they were when it had this box and this displacement."""

    box: Rectangle
    displaced: tuple[int, int] = (0, 0)
    places: list[Place] = field(default_factory=list)
    cells: dict[Place, Cell] = field(default_factory=dict)
    columns: dict[int, Column] = field(default_factory=dict)
    touched: set[Place] = field(default_factory=set)  # that had the focus or were selected, and may change unseen
    truncated: bool = False

    def nodes(self) -> Iterator[Node]:
        """The non-empty cells, each before what is in it, row by row."""
        for place in sorted(self.cells):
            yield from self.cells[place].nodes


def read_cells(bus_name: str, table: Node, before: Cells | None, *, doubt: Doubt, limit: int) -> Steps[Cells]:
    """The visible cells of `table`, those that can only be as they were taken over from `before`.

    Args:
        limit: most non-empty cells that are wanted.
    """
    assert table.box is not None
    now = Cells(table.box, table.displaced, columns=before.columns if before is not None else {})
    now.places = yield from _visible_places(table)
    moved = None if before is None else (yield from _movement(table, before, now))
    if before is not None and moved is not None:
        now.touched = before.touched | (yield from _place_of(table, doubt.focus))
        for place in set(now.places) & before.cells.keys() - now.touched:
            cell = before.cells[place]
            if _keeps(cell, doubt, moved, before, now):
                now.cells[place] = cell.moved_by(*moved)
    wanted = [place for place in now.places if place not in now.cells]
    most = max(min(limit - sum(bool(cell.nodes) for cell in now.cells.values()), _MOST), 0)
    now.truncated = len(wanted) > most
    yield from _fetch(bus_name, table, wanted[:most], now)
    return now


def _place_of(table: Node, path: str | None) -> Steps[set[Place]]:
    """Where an object stands in the table, empty where it is none of its cells."""
    if path is None:
        return set()
    (parent,) = yield [Call(atspi.GET_REFERENCE, path, atspi.PARENT)]
    if parent is None or parent.path != table.path:
        return set()
    spans = yield from _spans_of(table, [path])
    return {span[:2] for span in spans.values() if span is not None}


def _movement(table: Node, before: Cells, now: Cells) -> Steps[tuple[int, int] | None]:
    """How far the cells were scrolled, in pixels, or `None` where some of them do not agree on it."""
    if before.displaced != now.displaced:
        return None
    both = set(now.places) & {place for place, cell in before.cells.items() if cell.nodes and _is_inside(cell.box, before.box)}
    if not both:
        return None
    anchors = sorted(both)[:: max(len(both) // _ANCHORS, 1)]
    references = yield [Call(atspi.GET_ACCESSIBLE_AT, table.path, wire.integers(*place)) for place in anchors]
    boxes = yield [
        Call(atspi.GET_EXTENTS, reference.path if reference else atspi.NULL, atspi.ON_SCREEN) for reference in references
    ]
    movements = set()
    for place, box in zip(anchors, boxes, strict=True):
        old = before.cells[place].box
        if old is not None and _is_inside(box, now.box):
            movements.add((box[0] - old[0], box[1] - old[1]) if box[2:] == old[2:] else None)
    return movements.pop() if len(movements) == 1 else None


def _is_inside(box: Rectangle | None, table: Rectangle) -> bool:
    """Whether a cell touches no edge of its table: one that does may be cut off, and larger once it is scrolled."""
    return box is not None and (
        table[0] <= box[0]
        and table[1] <= box[1]
        and box[0] + box[2] < table[0] + table[2]
        and box[1] + box[3] < table[1] + table[3]
    )


def _keeps(cell: Cell, doubt: Doubt, moved: tuple[int, int], before: Cells, now: Cells) -> bool:
    """Whether a cell can only hold what it held.

    Its pixels tell, but not of what cannot be seen: text that does not fit, white space, digits that were rounded away, a
    selected cell's coming edit.
    """
    if cell.box is None:
        return False
    told = shifted(cell.box, *moved)
    if (moved != (0, 0) or before.box != now.box) and not (_is_inside(cell.box, before.box) and _is_inside(told, now.box)):
        return False
    seen = shifted(cell.box, *now.displaced)
    if any(overlap(box, area) for area in doubt.hidden for box in (seen, shifted(seen, *moved))):
        return False
    return all(_fits(node) and _tells_value(node) for node in cell.nodes) and doubt.pixels.is_same(seen, moved=moved)


def _fits(node: Node) -> bool:
    """Whether all of a text surely shows in its box, which is as high as one line of it."""
    if node.box is None or not node.text.isprintable():
        return False
    digits = sum(character in _NARROW for character in node.text)
    return node.box[3] * (_NARROW_WIDTH * digits + _WIDE_WIDTH * (len(node.text) - digits)) <= node.box[2]


def _tells_value(node: Node) -> bool:
    """Whether the text is the whole of the value: 2.00 may stand for 2.001, a date for a time on that day."""
    digits = _NOT_OF_A_NUMBER.sub("", node.text)
    if not node.value or not digits:
        return not node.value
    try:
        number = float(digits)
    except ValueError:
        return False
    return number == (node.value * 100 if node.text.endswith("%") else node.value)


# --- which cells are visible ---------------------------------------------------------------------------------


def _visible_places(table: Node) -> Steps[list[Place]]:
    """Row and column of every cell between the corners of the table's box."""
    size = yield [
        Call(atspi.GET_INTEGER, table.path, wire.strings("org.a11y.atspi.Table", count)) for count in ("NRows", "NColumns")
    ]
    rows, columns = (number or 0 for number in size)
    if rows * columns <= _FEW:
        return [(row, column) for row in range(rows) for column in range(columns)]
    spans = yield from _cells_at(table, _corners(table))
    if None in spans:
        spans += yield from _cells_at(table, _cross(table))
    found = [span for span in spans if span is not None]
    if not found:
        return []
    return [
        (row, column)
        for row in range(min(span[0] for span in found), max(span[0] + span[2] for span in found))
        for column in range(min(span[1] for span in found), max(span[1] + span[3] for span in found))
    ]


def _corners(table: Node) -> list[Place]:
    assert table.box is not None
    x, y, width, height = table.box
    return [(px, py) for px in (x + _INSET, x + width - 1 - _INSET) for py in (y + _INSET, y + height - 1 - _INSET)]


def _cross(table: Node) -> list[Place]:
    """Points down the left edge and along the middle, for a table with headers or with room after its last cell."""
    assert table.box is not None
    x, y, width, height = table.box
    down = [(x + _INSET, y + height * step // _PROBES) for step in range(1, _PROBES)]
    return down + [(x + width * step // _PROBES, y + height // 2) for step in range(1, _PROBES)]


def _cells_at(table: Node, points: Sequence[Place]) -> Steps[list[Span | None]]:
    """Row, column and span of the cell at each point, `None` where there is none."""
    references: list[Reference | None] = yield [
        Call(atspi.GET_ACCESSIBLE_AT_POINT, table.path, wire.integers(x, y, 0)) for x, y in points
    ]
    paths = [None if reference is None or reference.path == atspi.NULL else reference.path for reference in references]
    spans = yield from _spans_of(table, [path for path in paths if path is not None])
    return [None if path is None else spans[path] for path in paths]


def _spans_of(table: Node, paths: Sequence[str]) -> Steps[dict[str, Span | None]]:
    distinct = list(dict.fromkeys(paths))
    indices = yield [Call(atspi.GET_INDEX_IN_PARENT, path) for path in distinct]
    spans = yield [Call(atspi.GET_ROW_AND_COLUMN, table.path, wire.integers(index or 0)) for index in indices]
    return dict(zip(distinct, spans, strict=True))


# --- fetching cells ------------------------------------------------------------------------------------------


def _fetch(bus_name: str, table: Node, places: Sequence[Place], into: Cells) -> Steps[None]:
    """Read the cells at these places."""
    references: list[Reference | None] = yield [
        Call(atspi.GET_ACCESSIBLE_AT, table.path, wire.integers(row, column)) for row, column in places
    ]
    paths = {
        place: reference.path
        for place, reference in zip(places, references, strict=True)
        if reference is not None and reference.bus_name == bus_name and reference.path != atspi.NULL
    }
    yield from _learn_columns(paths, into.columns)
    nodes = {
        place: Node(path, table.path, 0, role=column.role, interfaces=column.interfaces, displaced=table.displaced)
        for place, path in paths.items()
        if (column := into.columns.get(place[1])) is not None
    }
    yield from _read_looks(nodes.values())
    for place, node in nodes.items():
        into.cells[place] = Cell(node.box)
        if node.states & (atspi.FOCUSED | atspi.SELECTED):
            into.touched.add(place)
    showing = {place: node for place, node in nodes.items() if node.is_showing()}
    inner = yield from _read_inner(
        bus_name, {place: node for place, node in showing.items() if into.columns[place[1]].has_children}
    )
    full = {place: node for place, node in showing.items() if inner.get(place) or node.text or not node.interfaces & atspi.TEXT}
    yield from _read_rest(full.values())
    for place, node in full.items():
        if inner.get(place) or node.text or node.name or node.value is not None or node.actions:
            into.cells[place].nodes = [node, *inner.get(place, ())]


def _learn_columns(paths: dict[Place, str], columns: dict[int, Column]) -> Steps[None]:
    """Ask one cell of each new column what kind of cells it has."""
    samples = {column: path for (_, column), path in paths.items() if column not in columns}
    replies = yield [
        call
        for path in samples.values()
        for call in (
            Call(atspi.GET_INTERFACES, path),
            Call(atspi.GET_ROLE, path),
            Call(atspi.GET_INTEGER, path, atspi.CHILD_COUNT),
        )
    ]
    for number, column in enumerate(samples):
        interfaces, role, child_count = replies[number * 3 : number * 3 + 3]
        if interfaces is not None and role is not None:
            columns[column] = Column(interfaces, role, bool(child_count))


def _read_looks(nodes: Iterable[Node]) -> Steps[None]:
    """States, box and text: what tells whether there is something to see."""
    cells = list(nodes)
    replies = iter(
        (
            yield [
                call
                for node in cells
                for call in (
                    Call(atspi.GET_STATE, node.path),
                    Call(atspi.GET_EXTENTS, node.path, atspi.ON_SCREEN),
                    Call(atspi.GET_TEXT, node.path, atspi.WHOLE_TEXT),
                )[: 3 if node.interfaces & atspi.TEXT else 2]
            ]
        )
    )
    for node in cells:
        node.states, node.box = next(replies) or 0, next(replies)
        if node.interfaces & atspi.TEXT:
            node.text = next(replies) or ""


def _read_rest(nodes: Iterable[Node]) -> Steps[None]:
    """What only a cell with something in it is asked for."""
    cells = list(nodes)
    wanted = [
        (node, call)
        for node in cells
        for call, of in (
            (Call(atspi.GET_STRING, node.path, atspi.NAME), ~0),
            (Call(atspi.GET_STRING, node.path, atspi.DESCRIPTION), ~0),
            (Call(atspi.GET_DOUBLE, node.path, atspi.CURRENT_VALUE), atspi.VALUE),
        )
        if of == ~0 or node.interfaces & of
    ]
    replies = iter((yield [call for _, call in wanted]))
    for node in cells:
        node.name, node.description = next(replies) or "", next(replies) or ""
        node.value = next(replies) if node.interfaces & atspi.VALUE else None
    yield from name_actions(cells)


def _read_inner(bus_name: str, cells: dict[Place, Node]) -> Steps[dict[Place, list[Node]]]:
    """The showing parts of cells that hold several things, such as an icon and a text; only where there is a text."""
    families = yield [Call(atspi.GET_CHILDREN, node.path) for node in cells.values()]
    parents: dict[str, str | None] = {
        path: node.path for node, family in zip(cells.values(), families, strict=True) for path in own_paths(family, bus_name)
    }
    parts = [part for part in (yield from look_up(parents)) if part.is_showing()]
    inner = {place: [part for part in parts if part.parent == node.path] for place, node in cells.items()}
    return {place: family for place, family in inner.items() if any(part.text or part.name or part.actions for part in family)}
