"""A window that closes while the list of windows is made is not in it, whatever the X server says of it."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from Xlib.error import BadDrawable, BadWindow, XError

from osarena_guest.windows.x11 import X11Windows


class Closing:
    """A window that is there when it is asked for its name, and gone when it is asked for its place."""

    id = 7

    def __init__(self, error: type[XError]) -> None:
        self.error = error

    def change_attributes(self, **_: Any) -> None: ...

    def get_wm_class(self) -> tuple[str, str]:
        return "app", "App"

    def get_geometry(self) -> Any:
        raise self.error.__new__(self.error)


class HintsOf:
    """The window manager's word on one window."""

    def __init__(self, window: Closing) -> None:
        self.window = window

    def active(self) -> int:
        return 0

    def stacked(self) -> list[Closing]:
        return [self.window]

    def is_part_of_desktop(self, _: Closing) -> bool:
        return False

    def text(self, _: Closing, __: str) -> str:
        return "title"


@pytest.mark.parametrize("error", [BadWindow, BadDrawable])
def test_a_window_that_is_just_closing_is_left_out(error: type[XError]) -> None:
    windows: Any = X11Windows.__new__(X11Windows)
    windows._hints, windows._watched, windows._lock = HintsOf(Closing(error)), set(), threading.Lock()
    assert windows._read() == []
    assert windows._watched == set()
