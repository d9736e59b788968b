"""One application as the tree knows it: what was read, when, and what may have changed since."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from osarena_guest.a11y import atspi, chromium, libreoffice
from osarena_guest.a11y.atspi import Reference
from osarena_guest.a11y.cells import Cells, Doubt, read_cells
from osarena_guest.a11y.conversation import Call, Link, Steps
from osarena_guest.a11y.layers import Layers
from osarena_guest.a11y.nodes import Line, Node, Outline, number_lines, overlap
from osarena_guest.a11y.pixels import Comparison
from osarena_guest.a11y.properties import describe
from osarena_guest.a11y.structure import Structure, own_paths
from osarena_guest.desktop import Frame, Rectangle

# An application may draw first and tell assistive technology a moment later (Chromium's renderer does, and says nothing
# of boxes that moved), so that what was read within this time of a change is read once more.
_AFTERMATH_S = 1.0
# LibreOffice (7.4) leaves dead objects in the cache that the accessibility bridge keeps for it, and crashes when it lists them.
_WITHOUT_CACHE = frozenset({libreoffice.NAME})

Toplevel = tuple[str, int, Rectangle | None]  # path, states, box


class Application:
    """What is known of one application, by its unique name on the accessibility bus.

    `link` is how to talk to it, `None` as long as it has not said how. `process` is its number, 0 where it is not known.
    `lines` are its rows.
    """

    def __init__(self, bus_name: str) -> None:
        self.bus_name = bus_name
        self.name = ""
        self._toolkit = ""
        self.process = 0
        self.link: Link | None = None
        self.is_silent = False
        self.lines: list[Line] = []
        self.truncated = False
        self.toplevels: list[Toplevel] = []
        self._roots = [atspi.ROOT]
        self._limit = 0
        self._fetched_at: float | None = None
        self._drawn_at = 0.0
        self._frame: Frame | None = None
        self._structure: Structure | None = None
        self._outline: dict[str, Node] = {}
        self._cells: dict[str, Cells] = {}
        self._has_news = False

    # --- what may have changed -----------------------------------------------------------------------------------

    def note_damage(self, rectangles: Iterable[Rectangle], layers: Layers, drawers: Collection[int], *, drawn_at: float) -> None:
        """Remember what was drawn in one of its windows.

        Args:
            drawers: processes that can have drawn this, as far as `layers` tell.
        """
        if layers.has(self.process) and len(self._roots) == 1:
            is_drawn = self.process in drawers
        else:
            # It stands in another one's window, or nothing is known of its windows but what it says itself.
            windows = [box for _, _, box in self.toplevels if box is not None]
            is_drawn = any(overlap(area, window) for area in rectangles for window in windows)
        if is_drawn:
            self._drawn_at = drawn_at

    def may_have_changed(self, *, event_at: float, limit: int) -> bool:
        """Whether what was read may no longer be so: it was drawn on or sent an event since, or nothing was read."""
        if self._fetched_at is None or (limit != self._limit and (self.truncated or len(self.lines) > limit)):
            return True
        return max(self._drawn_at, event_at) > self._fetched_at - _AFTERMATH_S

    def embeds(self) -> set[Reference]:
        """Objects of other applications that stand in this one."""
        return {line.embedded for line in self.lines if line.embedded is not None}

    def set_embedded(self, paths: Iterable[str]) -> bool:
        """Have these objects read as roots of their own. Returns whether some were not so before."""
        roots = [atspi.ROOT, *sorted(paths)]
        if roots == self._roots:
            return False
        self._roots, self._fetched_at = roots, None
        return True

    # --- reading -------------------------------------------------------------------------------------------------

    def check(self) -> Steps[bool]:
        """Whether a window of it came, went, moved or changed its states without a word."""
        return self.toplevels != (yield from self._read_toplevels())

    def fetch(
        self, *, limit: int, grab: Callable[[], Frame], layers: Layers, covering: Sequence[Rectangle], focus: str | None
    ) -> Steps[None]:
        """Read it again: nodes first, then cells, so that what was read is of use wherever this is stopped.

        Args:
            limit: most rows that are wanted.
            grab: takes a picture of the screen.
            layers: what lies over what.
            covering: boxes of windows that may lie over its inactive ones, as far as layers do not tell.
            focus: path of the object that last told that it has the keyboard focus.
        """
        started_at = time.monotonic()
        structure, self._structure = self._structure or Structure(self.bus_name), None
        self._fetched_at, self._limit = None, limit
        self.toplevels = yield from self._read_toplevels()
        outline = yield from self._read_outline(structure, limit, started_at)
        if self.name == libreoffice.NAME:
            _set_right(outline)
        before, self._outline, self._cells = self._cells, outline.found, {}
        self.truncated, self._has_news = outline.truncated, True
        tables = [node for node in outline.found.values() if node.is_table_of_cells() and node.is_showing() and node.box]
        frame = grab() if tables else None
        for table in tables:
            assert frame is not None
            doubt = Doubt(Comparison(self._frame, frame), self._hidden_parts(table, layers, covering), focus)
            cells = yield from read_cells(
                self.bus_name, table, before.get(table.path), doubt=doubt, limit=limit - len(outline.found)
            )
            self._cells[table.path] = cells
            self.truncated |= cells.truncated
        self._structure, self._fetched_at, self._frame = structure, started_at, frame

    def _read_outline(self, structure: Structure, limit: int, started_at: float) -> Steps[Outline]:
        """Bring the structure up to date and fetch all of what shows."""
        is_lagging = self._toolkit == chromium.TOOLKIT and started_at - self._drawn_at < chromium.LAG_S
        known = list(self._outline.values()) if is_lagging else []
        yield from chromium.catch_up(known)
        for _ in range(chromium.ATTEMPTS):
            before = yield from chromium.look(known)
            yield from structure.read(self._roots, has_cache=self.name not in _WITHOUT_CACHE)
            outline = Outline(structure.nodes, structure.kept, self._roots, limit=limit)
            yield from describe(outline.found.values())
            structure.forget_all_but(outline.found)
            if before == (yield from chromium.look(known)):
                break
        return outline

    def conclude(self, *, is_complete: bool) -> None:
        """Make `lines` of what was read since they were made; `is_complete` is false where reading was stopped."""
        if self._has_news:
            self.lines = number_lines(self._nodes())
            self._has_news = False
        if not is_complete:
            self.truncated, self._fetched_at = True, None

    def forget(self) -> None:
        """Drop what was read."""
        self.lines, self._outline, self._cells, self._fetched_at, self._has_news = [], {}, {}, None, False

    def _nodes(self) -> Iterator[Node]:
        for path, node in self._outline.items():
            yield node
            if path in self._cells:
                yield from self._cells[path].nodes()

    def _read_toplevels(self) -> Steps[list[Toplevel]]:
        references, name, toolkit = yield [
            Call(atspi.GET_CHILDREN, atspi.ROOT),
            Call(atspi.GET_STRING, atspi.ROOT, atspi.NAME),
            Call(atspi.GET_STRING, atspi.ROOT, atspi.TOOLKIT_NAME),
        ]
        self.name, self._toolkit = name or "", toolkit or ""
        paths = own_paths(references, self.bus_name) + self._roots[1:]
        replies = yield [
            call for path in paths for call in (Call(atspi.GET_STATE, path), Call(atspi.GET_EXTENTS, path, atspi.ON_SCREEN))
        ]
        return [(path, replies[number * 2] or 0, replies[number * 2 + 1]) for number, path in enumerate(paths)]

    def _hidden_parts(self, table: Node, layers: Layers, covering: Sequence[Rectangle]) -> Sequence[Rectangle]:
        """Where the table may lie under another window, so that its pixels are not seen."""
        box = table.true_box()
        over = layers.over(self.process, box) if box is not None else None
        if over is not None:
            return over
        window = table
        while window.parent is not None and window.parent != atspi.ROOT:
            window = self._outline[window.parent]
        return () if window.states & atspi.ACTIVE else [box for box in covering if box != window.box]


def _set_right(outline: Outline) -> None:
    """Note of LibreOffice's nodes where they really are."""
    nodes = outline.found
    numbers = {path: number for number, path in enumerate(nodes)}
    elements = ((numbers.get(node.parent or "", -1), node.content()[0], node.box) for node in nodes.values())
    for node, displaced in zip(nodes.values(), libreoffice.displacements(elements), strict=True):
        node.displaced = displaced
