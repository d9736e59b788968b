"""Top-level windows of an X server whose window manager follows EWMH."""

from __future__ import annotations

import threading
from typing import Any, TypeAlias

from Xlib import X

from osarena_guest.desktop import GuestProblem
from osarena_guest.wait import holds_within
from osarena_guest.windows.ewmh import Hints
from osarena_guest.x11 import GONE, answers_desktop_gone, connect

_ACTIVATION_TIMEOUT_S = 3.0
_Records: TypeAlias = "list[dict[str, Any]]"  # in the class below, `list` is a method
_WATCHED = X.PropertyChangeMask | X.StructureNotifyMask


class X11Windows:
    """Lists, activates and closes windows. Safe for several threads.

    The list is made again only after an event of the root window or of a window in it: an unchanged list costs one
    round trip.
    """

    def __init__(self, display_name: str | None = None) -> None:
        self._hints = Hints(connect(display_name))
        self._lock = threading.Lock()
        self._watched: set[int] = set()
        self._known: _Records | None = None
        self._hints.root.change_attributes(event_mask=X.PropertyChangeMask)

    @answers_desktop_gone
    def list(self) -> _Records:
        """The windows, bottom of the stack first; panels and the desktop itself are not windows."""
        with self._lock:
            self._hints.display.sync()
            while self._hints.display.pending_events():
                self._hints.display.next_event()
                self._known = None
            if self._known is None:
                self._known = self._read()
            return [dict(window) for window in self._known]

    @answers_desktop_gone
    def activate(self, window: int) -> None:
        """Bring it to the front and focus it, and return when it has the focus. Raises GuestProblem where it is gone."""
        with self._lock:
            self._hints.ask_to_activate(self._hints.window(self._existing(window)))
        if not holds_within(lambda: self._is_active(window), timeout_s=_ACTIVATION_TIMEOUT_S):
            raise GuestProblem("timeout", f"window {window} did not get the focus")

    @answers_desktop_gone
    def close(self, window: int) -> None:
        """Ask it to close. Raises GuestProblem where it is gone."""
        with self._lock:
            self._hints.ask_to_close(self._hints.window(self._existing(window)))
            self._hints.display.sync()

    @answers_desktop_gone
    def front_process(self) -> int | None:
        """The process of the window with the focus, or `None` where there is none or it does not say."""
        with self._lock:
            try:
                return next(iter(self._hints.numbers(self._hints.window(self._hints.active()), "_NET_WM_PID")), None)
            except GONE:
                return None  # it has just closed, or no window has the focus

    def _is_active(self, window: int) -> bool:
        with self._lock:
            return self._hints.active() == window

    def _existing(self, window: int) -> int:
        if window not in self._hints.numbers(self._hints.root, "_NET_CLIENT_LIST"):
            raise GuestProblem("bad_request", f"there is no window {window}")
        return window

    def _read(self) -> _Records:
        active = self._hints.active()
        windows: _Records = []
        for window in self._hints.stacked():
            try:
                if window.id not in self._watched:
                    window.change_attributes(event_mask=_WATCHED)
                    self._watched.add(window.id)
                if not self._hints.is_part_of_desktop(window):
                    windows.append(self._describe(window, active) | {"stacking": len(windows)})
            except GONE:
                self._watched.discard(window.id)
        return windows

    def _describe(self, window: Any, active: int) -> dict[str, Any]:
        hints = self._hints
        name = window.get_wm_class()
        return {
            "id": window.id,
            "title": hints.text(window, "_NET_WM_NAME") or str(window.get_wm_name() or ""),
            "app": name[1] if name else "",
            "box": self._box(window),
            "focused": window.id == active,
            "minimized": hints.has(window, "_NET_WM_STATE", "_NET_WM_STATE_HIDDEN"),
        }

    def _box(self, window: Any) -> tuple[int, ...]:
        """The window with the frame that the window manager draws, without the shadow that a toolkit draws."""
        size = window.get_geometry()
        corner = self._hints.root.translate_coords(window, 0, 0)
        left, right, top, bottom = (self._hints.numbers(window, "_NET_FRAME_EXTENTS") + [0] * 4)[:4]
        inner_left, inner_right, inner_top, inner_bottom = (self._hints.numbers(window, "_GTK_FRAME_EXTENTS") + [0] * 4)[:4]
        x, y = corner.x - left + inner_left, corner.y - top + inner_top
        width = size.width + left + right - inner_left - inner_right
        height = size.height + top + bottom - inner_top - inner_bottom
        return x, y, width, height
