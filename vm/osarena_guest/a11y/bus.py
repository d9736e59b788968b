"""Finding the accessibility bus and the applications on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from jeepney.auth import AuthenticationError
from jeepney.bus import get_bus
from jeepney.io.blocking import prep_socket

from osarena_guest.a11y import atspi, wire
from osarena_guest.a11y.conversation import Call, Link, Steps, ask
from osarena_guest.a11y.events import EVENT_CLASSES, MATCH_RULES, Events
from osarena_guest.a11y.wire import Message, Method
from osarena_guest.desktop import GuestProblem

_PATIENCE_S = 5.0  # for the desktop's own services
_APPLICATION_PATIENCE_S = 1.0  # for an application that has just answered

_BUS = "org.freedesktop.DBus"
_BUS_PATH = "/org/freedesktop/DBus"
_HELLO = Method(_BUS, "Hello", decode=wire.string)
_ADD_MATCH = Method(_BUS, "AddMatch", "s", decode=bool)
_GET_PROCESS = Method(_BUS, "GetConnectionUnixProcessID", "s", decode=wire.unsigned)
_GET_ADDRESS = Method("org.a11y.Bus", "GetAddress", decode=wire.string)
_REGISTER_EVENT = Method(atspi.REGISTRY, "RegisterEvent", "sass", decode=bool)


class AccessibilityBus:
    """The accessibility bus of a session: a link for asking, and the events on it.

    Raises:
        GuestProblem: "desktop_gone", where the session has no such bus.
    """

    def __init__(self) -> None:
        try:
            session = _join(get_bus("SESSION"))
            (address,) = ask(session, [Call(_GET_ADDRESS, "/org/a11y/bus", destination="org.a11y.Bus")], timeout_s=_PATIENCE_S)
            session.close()
            if address is None:
                raise RuntimeError("the session does not know its address")
            self._path = get_bus(address)
            self.events = Events()
            self._listening = _join(self._path, on_signal=self.events.take)
            self._register()
            self.events.listen(self._listening)
            self.link = _join(self._path)
        except (OSError, KeyError, RuntimeError, ValueError, AuthenticationError) as error:
            raise GuestProblem("desktop_gone", f"the accessibility bus cannot be reached: {error!r}") from error

    def close(self) -> None:
        """Leave the bus. May be called twice."""
        self._listening.close()
        self.link.close()

    def link_to(self, bus_name: str, address: str) -> Link | None:
        """A link to an application: at its own address where it has one, else over the bus; `None` where it takes no call."""
        try:
            if address:
                return Link(prep_socket(get_bus(address), timeout=_APPLICATION_PATIENCE_S))
            return _join(self._path, destination=bus_name)
        except (OSError, RuntimeError, ValueError, AuthenticationError):
            return None

    def _register(self) -> None:
        """Ask for every event from now on. Applications fill their caches once somebody has."""
        rules = [Call(_ADD_MATCH, _BUS_PATH, wire.strings(rule), _BUS) for rule in MATCH_RULES]
        events = [
            Call(_REGISTER_EVENT, "/org/a11y/atspi/registry", _event_arguments(event_class), atspi.REGISTRY)
            for event_class in EVENT_CLASSES
        ]
        if None in ask(self._listening, rules + events, timeout_s=_PATIENCE_S):
            raise RuntimeError("the bus does not let one listen")


def _join(path: str, *, destination: str = "", on_signal: Callable[[Message], None] | None = None) -> Link:
    """A link to the bus at a socket."""
    link = Link(prep_socket(path, timeout=_PATIENCE_S), destination=destination, on_signal=on_signal)
    ask(link, [Call(_HELLO, _BUS_PATH, destination=_BUS)], timeout_s=_PATIENCE_S)
    return link


def _event_arguments(event_class: str) -> bytes:
    """Of type `sass`: the event, no properties, of every application."""
    name = wire.strings(event_class)
    name += b"\0" * (-len(name) % 4)
    return name + wire.integers(0) + wire.strings("")


def list_applications() -> Steps[Sequence[atspi.Reference]]:
    """The applications, in the order in which they came."""
    (references,) = yield [Call(atspi.GET_CHILDREN, atspi.ROOT, destination=atspi.REGISTRY)]
    return list(dict.fromkeys(references or ()))


class Whereabouts(NamedTuple):
    """How to reach an application: the D-Bus address without the bus in between (empty: none), and its process (0: unknown)."""

    address: str
    process: int


def find_application(bus_name: str) -> Steps[Whereabouts]:
    """Where an application is."""
    address, process = yield [
        Call(atspi.GET_BUS_ADDRESS, atspi.ROOT, destination=bus_name),
        Call(_GET_PROCESS, _BUS_PATH, wire.strings(bus_name), _BUS),
    ]
    return Whereabouts(str(address or ""), process or 0)
