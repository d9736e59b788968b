"""The accessibility tree of a Linux desktop, over AT-SPI."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Sequence
from typing import Any

from osarena_guest.a11y import atspi, libreoffice
from osarena_guest.a11y.application import Application
from osarena_guest.a11y.bus import AccessibilityBus, Whereabouts, find_application, list_applications
from osarena_guest.a11y.conversation import Conversation, Outcome, Steps, converse
from osarena_guest.a11y.layers import LayerReader, Layers
from osarena_guest.a11y.nodes import Content
from osarena_guest.a11y.properties import look_up
from osarena_guest.desktop import Rectangle, Row, Screen, TreeReading

_SILENCE_S = 1.0  # without any reply, after which an application counts as hanging
_SILENCE_SHARE = 0.1  # of the budget, the same where that is longer
_ATTEMPTS = 2  # at applications that hang up while they are asked; one that has ended is not listed the second time
_SECOND_SILENCE_S = 0.1  # the same for one that was hanging already
_BACKGROUND = frozenset({"xfdesktop"})  # whose window covers nothing

_DESKTOP: Content = ("desktop frame", "main", "", "", 0, None, (), None)


class AtspiTree:
    """The tree as applications tell it; what has not changed since the last read is not asked again.

    Args:
        screen: tells what was drawn on. Nothing is asked of applications that were neither drawn on nor sent an event.
    """

    def __init__(self, *, screen: Screen) -> None:
        self._screen = screen
        self._lock = threading.Lock()
        self._bus: AccessibilityBus | None = None
        self._layer_reader: LayerReader | None = None
        self._layers = Layers()
        self._applications: dict[str, Application] = {}
        self._mark = 0
        self._read_at = 0.0
        self._limit = 0
        self._silence_s = _SILENCE_S
        self._reading: TreeReading | None = None
        self._instance = secrets.token_hex(4)
        self._count = 0

    def read(self, *, nodes: int, seconds: float) -> TreeReading:
        """The showing elements and visible non-empty cells of every application, within both budgets.

        Raises:
            GuestProblem: "desktop_gone", where the accessibility bus cannot be reached.
        """
        with self._lock:
            deadline = time.monotonic() + seconds
            bus = self._connected()
            self._mark, damage = self._screen.damage_since(self._mark)
            if damage:
                self._note_damage(damage)
            if self._reading is not None and not self._is_outdated(bus, damage, limit=nodes):
                return self._reading
            self._read_at, self._limit = time.monotonic(), nodes
            self._silence_s = max(_SILENCE_S, seconds * _SILENCE_SHARE)
            is_cut = self._refresh(bus, has_damage=bool(damage), limit=nodes, deadline=deadline)
            return self._assemble(limit=nodes, truncated=is_cut)

    def focused(self) -> Row | None:
        """The element with the keyboard focus, as a row with parent -1."""
        with self._lock:
            reference = self._connected().events.focus()
            application = None if reference is None else self._applications.get(reference.bus_name)
            if reference is not None and application is not None and application.link is not None:
                found: list[Content] = []
                talk = Conversation(application.link, _describe_one(application, reference.path, found))
                converse([talk], deadline=time.monotonic() + _SILENCE_S, silence_s=_SILENCE_S)
                if found and found[0][4] & atspi.FOCUSED:
                    return (-1, *found[0])
            return self._focused_in_reading()

    def terminal_text(self) -> str | None:
        """What the focused (else the topmost) terminal shows, or `None` where no terminal is open."""
        reading = self.read(nodes=10_000, seconds=2.0)
        terminals = [row for row in reading.rows if row[1] == atspi.ROLES[atspi.TERMINAL]]
        terminals.sort(key=lambda row: bool(row[5] & atspi.FOCUSED))
        return str(terminals[-1][4]) if terminals else None

    def changed_at(self) -> float:
        """`time.monotonic()` of the last event that an application sent."""
        bus = self._bus
        return bus.events.changed_at() if bus is not None else 0.0

    def close(self) -> None:
        """Leave the accessibility bus. May be called twice."""
        with self._lock:
            self._disconnect()

    def _connected(self) -> AccessibilityBus:
        if self._bus is not None and not self._bus.events.is_alive():
            self._disconnect()
        if self._bus is None:
            self._bus = AccessibilityBus()
            self._layer_reader = LayerReader()
        return self._bus

    def _disconnect(self) -> None:
        for application in self._applications.values():
            if application.link is not None:
                application.link.close()
        self._applications, self._reading, self._mark = {}, None, 0
        if self._bus is not None:
            self._bus.close()
            self._bus = None
        if self._layer_reader is not None:
            self._layer_reader.close()
            self._layer_reader, self._layers = None, Layers()

    def _note_damage(self, damage: Sequence[Rectangle]) -> None:
        """Let each application know whether it may have drawn this."""
        assert self._layer_reader is not None
        drawn_at = min(self._screen.changed_at(), time.monotonic())
        before, self._layers = self._layers, self._layer_reader.read()
        # Some of it was drawn before a window came over another one.
        drawers = self._layers.drawers(damage) | (before.drawers(damage) if before != self._layers else frozenset())
        for application in self._applications.values():
            application.note_damage(damage, self._layers, drawers, drawn_at=drawn_at)

    def _is_outdated(self, bus: AccessibilityBus, damage: Sequence[Rectangle], *, limit: int) -> bool:
        assert self._reading is not None
        return (
            bool(damage)
            or self._reading.truncated
            or limit < len(self._reading.rows)
            or bus.events.changed_at() > self._read_at
            or any(self._may_have_changed(application, bus, limit) for application in self._applications.values())
        )

    def _may_have_changed(self, application: Application, bus: AccessibilityBus, limit: int) -> bool:
        return application.may_have_changed(event_at=bus.events.last_of(application.bus_name), limit=limit)

    def _refresh(self, bus: AccessibilityBus, *, has_damage: bool, limit: int, deadline: float) -> bool:
        """Fetch what may have changed. Returns whether some application could not be asked to the end."""
        assert self._layer_reader is not None
        self._layers = self._layer_reader.read()
        for _ in range(_ATTEMPTS):
            present: list[atspi.Reference] = []
            listing = Conversation(bus.link, _collect(list_applications(), present))
            converse([listing], deadline=deadline, silence_s=self._silence_s)
            is_listed = listing.outcome is Outcome.DONE
            bus_names = [reference.bus_name for reference in present] if is_listed else list(self._applications)
            self._forget_all_but(bus_names)
            for bus_name in bus_names:
                self._applications.setdefault(bus_name, Application(bus_name))
            self._connect_applications(bus, deadline)
            self._fetch(bus, list(self._applications.values()), has_damage=has_damage, limit=limit, deadline=deadline)
            embedding = self._newly_embedding()
            if embedding:
                self._fetch(bus, embedding, has_damage=False, limit=limit, deadline=deadline)
            if set(bus_names) == self._applications.keys():
                return not is_listed or any(application.is_silent for application in self._applications.values())
        return True

    def _fetch(
        self, bus: AccessibilityBus, applications: Sequence[Application], *, has_damage: bool, limit: int, deadline: float
    ) -> None:
        """Let these applications be read side by side, each as far as it may have changed."""
        covering = self._covering()
        talks = {
            application: Conversation(application.link, self._steps(application, bus, has_damage, limit, covering))
            for application in applications
            if application.link is not None
        }
        converse(list(talks.values()), deadline=deadline, silence_s=self._silence_s)
        for application, talk in talks.items():
            self._conclude(application, talk)

    def _newly_embedding(self) -> list[Application]:
        """The applications of which other objects than before stand in another one."""
        references = set().union(*(application.embeds() for application in self._applications.values()))
        return [
            application
            for bus_name, application in self._applications.items()
            if application.set_embedded(reference.path for reference in references if reference.bus_name == bus_name)
        ]

    def _steps(
        self, application: Application, bus: AccessibilityBus, has_damage: bool, limit: int, covering: Sequence[Rectangle]
    ) -> Steps[None]:
        if self._may_have_changed(application, bus, limit) or (has_damage and (yield from application.check())):
            focus = bus.events.focus()
            path = focus.path if focus is not None and focus.bus_name == application.bus_name else None
            yield from application.fetch(limit=limit, grab=self._screen.grab, layers=self._layers, covering=covering, focus=path)

    def _conclude(self, application: Application, talk: Conversation) -> None:
        application.is_silent = talk.outcome in (Outcome.SILENT, Outcome.LATE)
        application.conclude(is_complete=talk.outcome is Outcome.DONE)
        if talk.outcome is Outcome.GONE:
            self._applications.pop(application.bus_name, None)
        elif application.is_silent:
            # Its answers would come when nobody waits for them any more.
            talk.link.close()
            application.link = None

    def _connect_applications(self, bus: AccessibilityBus, deadline: float) -> None:
        answers: dict[Application, list[Whereabouts]] = {
            application: [] for application in self._applications.values() if application.link is None
        }
        talks = {
            application: Conversation(bus.link, _collect_one(find_application(application.bus_name), found))
            for application, found in answers.items()
        }
        fresh = [talk for application, talk in talks.items() if not application.is_silent]
        converse(fresh, deadline=deadline, silence_s=self._silence_s)
        converse([talk for talk in talks.values() if talk not in fresh], deadline=deadline, silence_s=_SECOND_SILENCE_S)
        for application, found in answers.items():
            application.link = bus.link_to(application.bus_name, found[0].address) if found else None
            application.process = found[0].process if found else 0
            application.is_silent = application.link is None

    def _forget_all_but(self, bus_names: Sequence[str]) -> None:
        for bus_name in self._applications.keys() - set(bus_names):
            link = self._applications.pop(bus_name).link
            if link is not None:
                link.close()

    def _covering(self) -> list[Rectangle]:
        return [
            box
            for application in self._applications.values()
            if application.name not in _BACKGROUND
            for _, states, box in application.toplevels
            if box is not None and states & atspi.SHOWING
        ]

    def _assemble(self, *, limit: int, truncated: bool) -> TreeReading:
        rows: list[Row] = [(-1, *_DESKTOP)]
        for application in self._applications.values():
            self._append(rows, 0, application, atspi.ROOT)
            truncated = truncated or application.truncated
        if len(rows) > limit:
            truncated = True
            del rows[limit:]
        before = self._reading
        if before is not None and before.truncated == truncated and before.rows == rows:
            return before
        self._count += 1
        self._reading = TreeReading(f"{self._instance}-{self._count}", rows, truncated)
        return self._reading

    def _append(self, rows: list[Row], parent: int, application: Application, root: str) -> None:
        """Add one of an application's roots and all below it, in it also what other applications have put there."""
        numbers: dict[int, int] = {}
        for number, line in enumerate(application.lines):
            if line.parent in numbers or (line.parent < 0 and line.path == root):
                numbers[number] = len(rows)
                rows.append((numbers.get(line.parent, parent), *line.content))
                if line.embedded is not None:
                    self._append_embedded(rows, line.embedded)

    def _append_embedded(self, rows: list[Row], embedded: atspi.Reference) -> None:
        """Add what stands in the last row, whose states are those of what stands in it."""
        socket = len(rows) - 1
        guest = self._applications.get(embedded.bus_name)
        if guest is not None and embedded.path != atspi.ROOT:
            self._append(rows, socket, guest, embedded.path)
        if len(rows) > socket + 1:
            rows[socket] = (*rows[socket][:5], rows[socket + 1][5], *rows[socket][6:])

    def _focused_in_reading(self) -> Row | None:
        rows = self._reading.rows if self._reading is not None else ()
        focused = [row for row in rows if row[5] & atspi.FOCUSED]
        return (-1, *focused[-1][1:]) if focused else None


def _collect(steps: Steps[Sequence[Any]], into: list[Any]) -> Steps[None]:
    into.extend((yield from steps))


def _collect_one(steps: Steps[Any], into: list[Any]) -> Steps[None]:
    into.append((yield from steps))


def _describe_one(application: Application, path: str, into: list[Content]) -> Steps[None]:
    for node in (yield from look_up({path: None})):
        if application.name == libreoffice.NAME:
            node.displaced = yield from libreoffice.displacement_of(path)
        into.append(node.content())
