"""The accessibility tree: ours as the host gets it, against pyatspi with its default cache (see `pyatspi_tree.py`)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from typing import Any

from osarena.guest.client import Guest
from osarena.guest.wait import wait_until
from osarena.types.actions import Action, Hotkey, Press, Scroll, TypeText
from osarena.types.observation import Observe, Window
from osarena.types.tree import Tree, from_wire
from osarena_guest.a11y import libreoffice
from tests.benchmarks.measure import COUNT, Row, Sample, measure, times_faster
from tests.benchmarks.setting import STILL, BenchDesktop, run_script
from tests.support.fresh_tree import differences, fresh_tree, kept_tree

TREE = Observe(screenshot=False, windows=False, cursor=False)

_USUAL = "/tmp/pyatspi_tree.py"  # in the desktop
_USUAL_TAKES_S = 60.0  # a usual way that takes longer for its ten measurements is measured less often
_FEWEST = 3
_PYTHON, _PACKAGES = ["/usr/bin/python3", "-S", "-B"], "/opt/osarena/guest"  # that the guest itself runs with

# A reader that has seen nothing before.
_FIRST = f"""
import sys
sys.path.insert(0, {_PACKAGES!r})
import json, time
from osarena_guest.a11y.x11 import AtspiTree
from osarena_guest.screen.x11 import X11Screen
screen = X11Screen()
start = time.perf_counter()
AtspiTree(screen=screen).read(nodes=10_000, seconds=30.0)
print(json.dumps((time.perf_counter() - start) * 1000))
"""


@dataclass(frozen=True)
class Change:
    """Something that is done to the desktop, again and again, before each read; `undo` makes the next time possible."""

    what: str
    window: Window
    actions: Iterator[Action]
    undo: tuple[Action, ...] = ()


def run(desktop: BenchDesktop) -> list[Row]:
    """The rows of the table."""
    desktop.guest.write(_USUAL, Path(__file__).with_name("pyatspi_tree.py").read_bytes())
    return [_first(desktop), _unchanged(desktop), *(_changed(desktop, change) for change in _changes(desktop))]


def _changes(desktop: BenchDesktop) -> list[Change]:
    calc, chromium = desktop.calc, desktop.chromium
    wheel = [(name, window, window.box.center) for name, window in (("Calc", calc), ("Chromium", chromium))]
    return [
        Change("after one keystroke in Calc", calc, cycle([TypeText("x")])),
        Change("after one keystroke in Chromium", chromium, cycle([TypeText("x")])),
        *(
            Change(f"after one scroll in {name}", window, cycle([Scroll(point, dy=3), Scroll(point, dy=-3)]))
            for name, window, point in wheel
        ),
        Change("after one new dialog in Calc", calc, cycle([Hotkey(("ctrl", "h"))]), (Press("escape"),)),
    ]


# --- the rows ------------------------------------------------------------------------------------------------


def _first(desktop: BenchDesktop) -> Row:
    guest = desktop.guest
    desktop.show(desktop.calc)
    times_ms: list[float] = []
    spent: list[float] = []
    for _ in range(COUNT):
        times_ms.append(run_script(guest, _FIRST))
        if _is_wanted(spent):
            with UsualReader.running(guest) as usual:
                seconds, tree = usual.read()
                spent.append(seconds)
    row = times_faster("first", Sample(tuple(times_ms)), _sample(spent), at_least=10, note=_said(spent))
    return _compared(row, "pyatspi's tree", kept_tree(guest), tree)


def _unchanged(desktop: BenchDesktop) -> Row:
    guest = desktop.guest
    desktop.show(desktop.calc)
    _be_still(guest)
    ours = measure(lambda: guest.observe(TREE), count=5 * COUNT)
    with UsualReader.running(guest) as usual:
        usual.read()
        spent: list[float] = []
        while _is_wanted(spent):
            spent.append(usual.read()[0])
    return times_faster("unchanged", ours, _sample(spent), at_least=100, note=_said(spent))


def _changed(desktop: BenchDesktop, change: Change) -> Row:
    guest = desktop.guest
    desktop.show(change.window)
    guest.observe(TREE)

    def do() -> None:
        guest.perform([*change.undo, next(change.actions)], settle=STILL)

    times_ms: list[float] = []
    spent: list[float] = []
    with UsualReader.running(guest) as usual:
        usual.read()
        # One after the other, so that both have the same share of a busy machine.
        for _ in range(COUNT):
            times_ms += measure(lambda: guest.observe(TREE), before=do, count=1).times_ms
            if _is_wanted(spent):
                spent.append(usual.read()[0])
        kept, fresh = _at_one_moment(guest, lambda: fresh_tree(guest, _PYTHON, python_path=_PACKAGES))
        mine, theirs = _at_one_moment(guest, lambda: usual.read()[1])
    guest.perform([*change.undo, Press("escape")], settle=STILL)
    ours = Sample(tuple(times_ms))
    row = _compared(times_faster(change.what, ours, _sample(spent), at_least=20, note=_said(spent)), "a fresh walk", kept, fresh)
    unlike = differences(mine, theirs)
    return replace(row, note=f"{row.note}; pyatspi's own tree differs in {len(unlike)} lines: {unlike[:2]}") if unlike else row


def _at_one_moment(guest: Guest, other: Callable[[], Tree]) -> tuple[Tree, Tree]:
    """Our tree and another; both anew where the screen or the tree changed meanwhile (a caret blinks)."""
    for _ in range(3):
        kept, found = kept_tree(guest), other()
        if not differences(kept, found):
            break
    return kept, found


def _compared(row: Row, what: str, ours: Tree, other: Tree) -> Row:
    """The row, missed where the trees differ."""
    unlike = differences(ours, other)
    size = sum(1 for _ in ours.root.walk())
    verdict = f"equal to {what}, {size} rows" if not unlike else f"NOT equal to {what}: {len(unlike)} lines, {unlike[:4]}"
    return replace(row, note="; ".join(filter(None, (row.note, verdict))), is_met=bool(row.is_met) and not unlike)


def _be_still(guest: Guest) -> None:
    """Wait until a read asks no application anything."""
    wait_until(lambda: guest.observe(TREE).timings_ms["tree"] < 1.0, timeout_s=20, what="a desktop on which nothing changes")


# --- the usual way -------------------------------------------------------------------------------------------


class UsualReader:
    """pyatspi in a process of the desktop's user, kept between reads so that its cache is of use."""

    def __init__(self, guest: Guest, folder: str) -> None:
        self._guest = guest
        self._folder = folder

    @classmethod
    @contextmanager
    def running(cls, guest: Guest) -> Iterator[UsualReader]:
        """Start it, and end it at the end."""
        folder = f"/tmp/pyatspi-{time.monotonic_ns()}"
        guest.run(["sh", "-c", f"mkdir {folder} && mkfifo {folder}/in {folder}/out"])
        guest.launch(["sh", "-c", f"exec /usr/bin/python3 {_USUAL} 0<>{folder}/in 1<>{folder}/out 2>{folder}/problem"])
        reader = cls(guest, folder)
        try:
            yield reader
        finally:
            guest.run(["sh", "-c", f"echo end > {folder}/in"])

    def read(self) -> tuple[float, Tree]:
        """How long it took, in seconds, and the tree."""
        done = self._guest.run(["sh", "-c", f"echo read > {self._folder}/in; head -n 1 {self._folder}/out"], timeout_s=180)
        if not done.stdout:
            raise RuntimeError(self._guest.read(f"{self._folder}/problem").decode())
        answer = json.loads(done.stdout)
        return answer["seconds"], from_wire(_set_right(answer["rows"]), truncated=False)


def _set_right(rows: list[list[Any]]) -> list[list[Any]]:
    """The rows with LibreOffice's boxes where its elements really are.

    pyatspi hands on what LibreOffice says; ours corrects it. To compare the two, this is done here and not measured.
    """
    inside: set[int] = set()  # numbers of the rows of LibreOffice
    for number, (parent, role, name, *_) in enumerate(rows):
        if parent in inside or (role == "application" and name == libreoffice.NAME):
            inside.add(number)
    numbers = {number: place for place, number in enumerate(sorted(inside))}
    told = [(numbers.get(rows[number][0], -1), rows[number][1], rows[number][-1]) for number in numbers]
    for number, (dx, dy) in zip(numbers, libreoffice.displacements(told), strict=True):
        box = rows[number][-1]
        if box is not None:
            rows[number][-1] = [box[0] + dx, box[1] + dy, *box[2:]]
    return rows


def _is_wanted(spent: list[float]) -> bool:
    return len(spent) < _FEWEST or (len(spent) < COUNT and sum(spent) < _USUAL_TAKES_S)


def _sample(spent: list[float]) -> Sample:
    return Sample(tuple(seconds * 1000 for seconds in spent))


def _said(spent: list[float]) -> str:
    return "" if len(spent) >= COUNT else f"the usual way was measured {len(spent)} times"
