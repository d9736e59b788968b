"""The client's end of a WebSocket: text messages, no extensions. Format: RFC 6455, whose sections are named below."""

from __future__ import annotations

import base64
import hashlib
import os
from typing import NamedTuple

from osarena_guest.dom.stream import Stream, StreamError

# Of one message, whole. A page's elements take 100 kB where there are many.
LARGEST_MESSAGE = 8 << 20
_LARGEST_CONTROL = 125  # 5.5
_CONTINUATION, _TEXT, _BINARY, _CLOSE, _PING, _PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA  # 5.2
_CONTROL = frozenset({_CLOSE, _PING, _PONG})
_KEY_SUFFIX = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # 1.3


class WebSocket:
    """One open connection. For one thread at a time.

    Args:
        stream: a fresh connection to the server; from now on it belongs to the WebSocket.
        port, path: where the server says that it is.

    Raises:
        StreamError: here and in all that follows: the other end is late, has hung up, sends too much, or speaks no WebSocket.
    """

    def __init__(self, stream: Stream, *, port: int, path: str) -> None:
        self._stream = stream
        key = base64.b64encode(os.urandom(16))
        # Without an Origin: that is for browsers, whose pages Chromium keeps away from here.
        head = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key.decode()}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        stream.send(head.encode("latin-1"))
        status, headers = stream.read_head()
        expected = base64.b64encode(hashlib.sha1(key + _KEY_SUFFIX, usedforsecurity=False).digest()).decode()
        if status != 101 or headers.get("sec-websocket-accept") != expected or "sec-websocket-extensions" in headers:
            raise StreamError(f"this is no WebSocket: {status}")

    def send(self, text: str) -> None:
        """Send one message."""
        self._stream.send(frame(_TEXT, text.encode()))

    def receive(self) -> str:
        """The next message, put together from its fragments; pings are answered on the way."""
        pieces: list[bytes] = []
        size = 0
        while True:
            head = self._read_head()
            if head.kind in _CONTROL:
                self._control(head.kind, self._stream.read(head.size))
                continue
            if (head.kind == _CONTINUATION) != bool(pieces) or head.kind == _BINARY:
                raise StreamError(f"a frame of kind {head.kind} is out of place")
            size += head.size
            if size > LARGEST_MESSAGE:
                raise StreamError(f"a message has more than {LARGEST_MESSAGE} bytes")
            pieces.append(self._stream.read(head.size))
            if head.is_last:
                return _as_text(b"".join(pieces))

    def close(self) -> None:
        """Hang up, without a word: nothing is on its way that matters. May be called twice."""
        self._stream.close()

    def _read_head(self) -> _Head:
        first, second = self._stream.read(2)
        size = second & 0x7F
        if size >= 126:
            size = int.from_bytes(self._stream.read(2 if size == 126 else 8))
        head = _Head(first & 0x0F, bool(first & 0x80), size)
        is_control = head.kind in _CONTROL
        # Bits of extensions that nobody asked for, a mask, which servers never use, and more than such a frame may hold.
        if first & 0x70 or second & 0x80 or (is_control and not (head.is_last and size <= _LARGEST_CONTROL)):
            raise StreamError("the other end breaks the rules of WebSocket")
        if not is_control and head.kind > _BINARY:
            raise StreamError(f"there is no frame of kind {head.kind}")
        return head

    def _control(self, kind: int, data: bytes) -> None:
        if kind == _CLOSE:
            raise StreamError("the other end has closed the WebSocket")
        if kind == _PING:
            self._stream.send(frame(_PONG, data))


class _Head(NamedTuple):
    """What stands before the data of a frame."""

    kind: int
    is_last: bool
    size: int


def frame(kind: int, data: bytes) -> bytes:
    """One whole frame as a client sends it: with a mask of its own (5.3)."""
    size = len(data)
    if size < 126:
        length = bytes((0x80 | size,))
    elif size < 1 << 16:
        length = b"\xfe" + size.to_bytes(2)
    else:
        length = b"\xff" + size.to_bytes(8)
    mask = os.urandom(4)
    return bytes((0x80 | kind,)) + length + mask + masked(data, mask)


def masked(data: bytes, mask: bytes) -> bytes:
    """The data under a mask of 4 bytes; the same once more takes it off."""
    size = len(data)
    repeated = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(data) ^ int.from_bytes(repeated)).to_bytes(size)


def _as_text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise StreamError(f"a message is no text: {error}") from error
