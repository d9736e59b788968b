"""The desktop behind a bridge: connections to it for several requests at once, and what lasts from one request to the next."""

from __future__ import annotations

import queue
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from osarena.guest.client import Guest, GuestAddress, connect
from osarena.perception.pyautogui_calls import Hand
from osarena.types.geometry import Size

HOME = "/home/user"
_HOME_VARIABLE = re.compile(r"\$HOME\b|\$\{HOME\}")


class BridgedDesktop:
    """One desktop, for the threads of a server.

    `hand` and `is_recording` last from one request to the next; whoever uses them holds `lock`.
    """

    def __init__(self, address: GuestAddress, screen: Size) -> None:
        # Frames come in the answers: connections that share one file would read each other's.
        self._address = replace(address, share=None)
        self.screen = screen
        self.lock = threading.Lock()
        self.hand = Hand(screen, None)
        self.is_recording = False
        self._idle: queue.LifoQueue[Guest] = queue.LifoQueue()

    @contextmanager
    def guest(self) -> Iterator[Guest]:
        """A connection for one request: one that is free, or another one."""
        try:
            guest = self._idle.get_nowait()
        except queue.Empty:
            guest = connect(self._address)
        try:
            yield guest
        finally:
            self._idle.put(guest)

    def close(self) -> None:
        """Close the connections. Requests that are being answered keep theirs."""
        while not self._idle.empty():
            self._idle.get_nowait().close()


def expanded(path: str) -> str:
    """A path of the desktop with its home put in for ``~`` and ``$HOME``."""
    path = _HOME_VARIABLE.sub(HOME, path)
    return HOME + path[1:] if path == "~" or path.startswith("~/") else path
