"""Those who need a server of weights. Each holds a connection to it, which the kernel closes for whoever is killed."""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import suppress


class Holders:
    """Takes connections from the start, tells all of them one line once there is something to tell, and sees them go.

    Args:
        listening: a listening socket, as the one who started the server made it.
    """

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self._lock = threading.Lock()
        self._line = b""
        self._held: set[socket.socket] = set()
        self._changed = threading.Event()
        self._selector = selectors.DefaultSelector()
        self._selector.register(listening, selectors.EVENT_READ)
        threading.Thread(target=self._watch, daemon=True).start()

    def tell(self, line: str) -> None:
        """Tell this to those who are there and to those who will come."""
        with self._lock:
            self._line = f"{line}\n".encode()
            for connection in self._held:
                _send(connection, self._line)

    def wait_until_gone(self, linger_s: float) -> None:
        """Return when nobody has held on for so many seconds."""
        while True:
            self._changed.clear()
            if not self._changed.wait(None if self._held else linger_s) and not self._held:
                return

    def _watch(self) -> None:
        while True:
            for key, _ in self._selector.select():
                connection = key.fileobj
                assert isinstance(connection, socket.socket)
                if connection is self._listening:
                    self._greet(connection.accept()[0])
                else:
                    self._drop(connection)
                self._changed.set()

    def _greet(self, connection: socket.socket) -> None:
        with self._lock:
            self._held.add(connection)
            self._selector.register(connection, selectors.EVENT_READ)
            if self._line:
                _send(connection, self._line)

    def _drop(self, connection: socket.socket) -> None:
        """They say nothing, so there is something to read when they are gone."""
        with self._lock:
            self._held.discard(connection)
            self._selector.unregister(connection)
            connection.close()


def _send(connection: socket.socket, line: bytes) -> None:
    with suppress(OSError):  # gone again, which the selector tells too
        connection.sendall(line)
