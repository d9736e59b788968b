"""What windows say about themselves: the properties of the Extended Window Manager Hints."""

from __future__ import annotations

import functools
from typing import Any

from Xlib import X
from Xlib.display import Display
from Xlib.protocol import event

from osarena_guest.wait import wait_until
from osarena_guest.x11 import GONE, answers_desktop_gone

_MAX_WORDS = 1 << 16  # of a property that is read
_FROM_A_PAGER = 2  # as source of a request: the window manager honours it at once


class Hints:
    """Reads and asks for window properties over one connection. For one thread at a time."""

    def __init__(self, display: Display) -> None:
        self.display = display
        self.root = display.screen().root
        self.atom = functools.cache(display.intern_atom)

    def numbers(self, window: Any, name: str) -> list[int]:
        """The numbers of a property; empty where the window does not have it."""
        found = window.get_full_property(self.atom(name), X.AnyPropertyType, sizehint=_MAX_WORDS)
        return [] if found is None or found.format != 32 else list(found.value)

    def text(self, window: Any, name: str) -> str:
        """The text of a property; empty where the window does not have it."""
        found = window.get_full_property(self.atom(name), X.AnyPropertyType, sizehint=_MAX_WORDS)
        if found is None or found.format != 8:
            return ""
        value = found.value
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)

    def has(self, window: Any, name: str, *values: str) -> bool:
        """Whether a property that lists atoms lists one of these."""
        return not {self.atom(value) for value in values}.isdisjoint(self.numbers(window, name))

    def is_part_of_desktop(self, window: Any) -> bool:
        """Whether it is a panel or the desktop's background rather than a window."""
        return self.has(window, "_NET_WM_WINDOW_TYPE", "_NET_WM_WINDOW_TYPE_DOCK", "_NET_WM_WINDOW_TYPE_DESKTOP")

    def stacked(self) -> list[Any]:
        """The managed windows, bottom of the stack first."""
        return [self.window(number) for number in self.numbers(self.root, "_NET_CLIENT_LIST_STACKING")]

    def window(self, number: int) -> Any:
        """The window of that number, which may be gone."""
        return self.display.create_resource_object("window", number)

    def active(self) -> int:
        """The number of the window with the focus; 0 where none has it."""
        return next(iter(self.numbers(self.root, "_NET_ACTIVE_WINDOW")), 0)

    def ask(self, window: Any, message: str, *data: int) -> None:
        """Send the window manager a request about a window."""
        words = [*data, 0, 0, 0, 0, 0][:5]
        request = event.ClientMessage(window=window, client_type=self.atom(message), data=(32, words))
        self.root.send_event(request, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self.display.flush()

    def ping(self, window: Any, serial: int) -> None:
        """Ask the window's application for a sign of life, which it sends to the root window with the same words."""
        words = (self.atom("_NET_WM_PING"), serial, window.id, 0, 0)
        message = event.ClientMessage(window=window, client_type=self.atom("WM_PROTOCOLS"), data=(32, words))
        window.send_event(message, event_mask=0)
        self.display.flush()

    def ask_to_activate(self, window: Any) -> None:
        """Ask for it to be brought to the front and given the focus."""
        self.ask(window, "_NET_ACTIVE_WINDOW", _FROM_A_PAGER, X.CurrentTime)

    def ask_to_close(self, window: Any) -> None:
        """Ask for what its close button does."""
        self.ask(window, "_NET_CLOSE_WINDOW", X.CurrentTime, _FROM_A_PAGER)


@answers_desktop_gone
def wait_for_desktop(display: Display, *, timeout_s: float) -> None:
    """Return when a window manager answers and a panel and a desktop background are on the screen.

    Raises:
        GuestProblem: "timeout", where they are not there in time.
    """
    hints = Hints(display)
    wait_until(lambda: _is_shown(hints), timeout_s=timeout_s, what="window manager, panel and desktop")


def _is_shown(hints: Hints) -> bool:
    if not hints.numbers(hints.root, "_NET_SUPPORTING_WM_CHECK"):
        return False
    wanted = {"_NET_WM_WINDOW_TYPE_DOCK", "_NET_WM_WINDOW_TYPE_DESKTOP"}
    try:
        shown = [window for window in hints.stacked() if window.get_attributes().map_state == X.IsViewable]
        return all(any(hints.has(window, "_NET_WM_WINDOW_TYPE", kind) for window in shown) for kind in wanted)
    except GONE:
        return False  # one of them went away while it was looked at
