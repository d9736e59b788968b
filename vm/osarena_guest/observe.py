"""One look at a desktop: the parts that were asked for, from one moment as far as can be had."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from osarena_guest.desktop import Desktop, DomReading, Frame, TreeReading
from osarena_guest.picture import Pictures
from osarena_guest.settle import read_once_still
from osarena_guest.wanted import Wanted

T = TypeVar("T")

# How often a look is repeated whose screen changed while tree and pages were read.
_ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class _Sight:
    """What must be of one moment. `is_consistent`: the screen was the same before and after the others were read."""

    frame: Frame | None = None
    tree: TreeReading | None = None
    dom: DomReading | None = None
    is_consistent: bool = True


class Observer:
    """Assembles looks at one desktop."""

    def __init__(self, desktop: Desktop) -> None:
        self._desktop = desktop
        self._pictures = Pictures(desktop.share)

    def look(self, wanted: Wanted) -> tuple[dict[str, Any], bytes | memoryview]:
        """The header and the binary body of the answer."""
        desktop, clock = self._desktop, _Clock()
        header: dict[str, Any] = {"settled": True}
        if wanted.settle is None:
            sight = self._see(wanted, clock)
        else:
            with clock.time("settle"):
                sight, header["settled"] = read_once_still(desktop, wanted.settle, lambda: self._see(wanted, clock))
        header["consistent"] = sight.is_consistent
        if wanted.windows:
            with clock.time("windows"):
                header["windows"] = desktop.windows.list()
        if wanted.cursor:
            header["cursor"] = list(desktop.inputs.pointer())
        if wanted.focus:
            with clock.time("focus"):
                header["focus"] = desktop.tree.focused()
        if wanted.terminal:
            with clock.time("terminal"):
                header["terminal"] = desktop.tree.terminal_text()
        if wanted.clipboard:
            with clock.time("clipboard"):
                header["clipboard"] = desktop.clipboard.text()
        if sight.dom is not None:
            header["dom"] = {"truncated": sight.dom.truncated, "pages": sight.dom.pages}
        if sight.tree is not None and wanted.tree:
            header["tree"] = _tree_part(sight.tree, known=wanted.tree.known)
        body: bytes | memoryview = b""
        if sight.frame is not None and wanted.screenshot:
            with clock.time("encode"):
                header["screenshot"], body = self._pictures.part(sight.frame, wanted.screenshot)
        header["timings_ms"] = clock.spent_ms
        return header, body

    def _see(self, wanted: Wanted, clock: _Clock) -> _Sight:
        """Screen, tree and pages, as far as they are wanted."""
        grab = clock.timed("screenshot", self._desktop.screen.grab)
        if wanted.tree is None and wanted.dom is None:
            return _Sight(grab() if wanted.screenshot else None)
        if wanted.screenshot is None:
            return _Sight(None, *self._read(wanted, clock))
        frame = grab()
        for _ in range(_ATTEMPTS):
            before, (tree, dom), frame = frame, self._read(wanted, clock), grab()
            if before.hash == frame.hash:
                return _Sight(frame, tree, dom)
        return _Sight(frame, tree, dom, is_consistent=False)

    def _read(self, wanted: Wanted, clock: _Clock) -> tuple[TreeReading | None, DomReading | None]:
        tree, dom = None, None
        if wanted.tree is not None:
            with clock.time("tree"):
                tree = self._desktop.tree.read(nodes=wanted.tree.nodes, seconds=wanted.tree.seconds)
        if wanted.dom is not None:
            with clock.time("dom"):
                dom = self._desktop.dom.read(elements=wanted.dom.elements, seconds=wanted.dom.seconds)
        return tree, dom


def _tree_part(reading: TreeReading, *, known: str | None) -> dict[str, Any]:
    unchanged = reading.version == known
    return {
        "version": reading.version,
        "unchanged": unchanged,
        "truncated": reading.truncated,
        "nodes": None if unchanged else reading.rows,
    }


@dataclass(slots=True)
class _Clock:
    """Adds up where the time goes, in milliseconds; a part within a part counts for itself alone."""

    spent_ms: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def time(self, part: str) -> Any:
        start, others_ms = time.perf_counter(), sum(self.spent_ms.values())
        yield
        own_ms = (time.perf_counter() - start) * 1000 - (sum(self.spent_ms.values()) - others_ms)
        self.spent_ms[part] = round(self.spent_ms.get(part, 0.0) + own_ms, 3)

    def timed(self, part: str, function: Callable[[], T]) -> Callable[[], T]:
        def run() -> T:
            with self.time(part):
                return function()

        return run
