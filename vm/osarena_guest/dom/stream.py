"""Bytes to and from a program on this machine's loopback, all of it within one deadline.

Any program of the desktop may listen there, so that nothing is waited for longer or read further than was said.
"""

from __future__ import annotations

import socket
import time

_CHUNK = 1 << 16
_LARGEST_HEAD = 1 << 14  # bytes of the head of an HTTP answer


class StreamError(Exception):
    """The other end is not there, is late, has hung up, or says what it must not."""


class Stream:
    """One connection.

    Args:
        port: on 127.0.0.1.
        deadline: `time.monotonic()` from which on whatever is waited for has come too late. It may be set anew.

    Raises:
        ConnectionRefusedError: nobody listens on the port.
        StreamError: no connection could be made.
    """

    def __init__(self, port: int, *, deadline: float) -> None:
        self.deadline = deadline
        self._incoming = bytearray()
        try:
            self._socket = socket.create_connection(("127.0.0.1", port), timeout=self._left_s())
        except ConnectionRefusedError:
            raise
        except OSError as error:
            raise StreamError(f"no connection to port {port}: {error}") from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        """Hang up. May be called twice."""
        self._socket.close()

    def send(self, data: bytes) -> None:
        """Write all of it."""
        try:
            self._socket.settimeout(self._left_s())
            self._socket.sendall(data)
        except OSError as error:
            raise StreamError(f"the other end does not listen: {error}") from error

    def read(self, size: int) -> bytes:
        """Exactly so many bytes."""
        while len(self._incoming) < size:
            self._receive()
        data = bytes(memoryview(self._incoming)[:size])
        del self._incoming[:size]
        return data

    def read_head(self) -> tuple[int, dict[str, str]]:
        """Status and headers of an HTTP answer, their names in lower case."""
        while (end := self._incoming.find(b"\r\n\r\n")) < 0:
            if len(self._incoming) > _LARGEST_HEAD:
                raise StreamError("the head of the answer does not end")
            self._receive()
        first, *lines = self.read(end + 4).decode("latin-1").rstrip().split("\r\n")
        version, _, rest = first.partition(" ")
        status = rest[:3]
        if not (version.startswith("HTTP/1.") and status.isascii() and status.isdigit()):
            raise StreamError(f"this is no answer in HTTP: {first!r:.80}")
        pairs = (line.partition(":") for line in lines)
        return int(status), {name.strip().lower(): value.strip() for name, _, value in pairs}

    def _receive(self) -> None:
        try:
            self._socket.settimeout(self._left_s())
            data = self._socket.recv(_CHUNK)
        except OSError as error:
            raise StreamError(f"the other end does not answer: {error}") from error
        if not data:
            raise StreamError("the other end has hung up")
        self._incoming += data

    def _left_s(self) -> float:
        left_s = self.deadline - time.monotonic()
        if left_s <= 0:
            raise StreamError("the other end is late")
        return left_s
