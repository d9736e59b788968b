"""A small server of WebSockets on the loopback, to test what talks to one: it follows a script, and need not keep the rules."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


class Peer:
    """The server's end of one connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._stream = connection.makefile("rb")

    def read_request(self) -> tuple[str, dict[str, str]]:
        """The path of an HTTP request, and its headers."""
        first = self._stream.readline().decode().split()
        lines = iter(lambda: self._stream.readline().decode().strip(), "")
        pairs = (line.partition(":") for line in lines)
        return first[1] if first else "", {name.lower(): value.strip() for name, _, value in pairs}

    def accept(self, headers: dict[str, str], more: str = "") -> None:
        """Make a WebSocket of it. `more` are further lines of the answer's head."""
        key = headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        told = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        self.send_raw(f"{head}{told}\r\n{more}\r\n".encode())

    def send_raw(self, data: bytes) -> None:
        self._connection.sendall(data)

    def send(self, text: str) -> None:
        """One whole text message."""
        self.send_raw(server_frame(TEXT, text.encode()))

    def receive(self) -> tuple[int, bytes]:
        """Kind and data of the client's next frame; the connection ends where there is none, or it has no mask."""
        first, second = self._read(2)
        assert second & 0x80, "a client must mask what it sends"
        size = second & 0x7F
        if size >= 126:
            size = int.from_bytes(self._read(2 if size == 126 else 8))
        mask, data = self._read(4), self._read(size)
        return first & 0x0F, bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))

    def _read(self, size: int) -> bytes:
        data = self._stream.read(size)
        if len(data) < size:
            raise ConnectionError("the client has hung up")
        return data


@contextmanager
def serving(serve: Callable[[Peer], None]) -> Iterator[int]:
    """A server on a port of its own; each connection is served in a thread. In the end none is left."""
    with ExitStack() as connections, socket.create_server(("127.0.0.1", 0)) as listener:
        accepting = threading.Thread(target=_accept_all, args=(listener, serve, connections))
        accepting.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join()


def _accept_all(listener: socket.socket, serve: Callable[[Peer], None], connections: ExitStack) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        thread = threading.Thread(target=_serve_one, args=(connection, serve))
        thread.start()
        connections.callback(thread.join)
        connections.callback(_hang_up, connection)


def _serve_one(connection: socket.socket, serve: Callable[[Peer], None]) -> None:
    with connection, suppress(OSError):
        serve(Peer(connection))


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def websocket_server(talk: Callable[[Peer], None]) -> Iterator[int]:
    """A server that accepts every WebSocket, and then follows the script."""

    def serve(peer: Peer) -> None:
        _, headers = peer.read_request()
        peer.accept(headers)
        talk(peer)

    with serving(serve) as port:
        yield port


@contextmanager
def debugged_browser(answer: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Iterator[int]:
    """A browser that is debugged as Chromium is.

    Args:
        answer: is given a command; what it says is merged into the reply (`{"result": …}`, `{"error": …}`). With `None` there
            is no reply.
    """

    def serve(peer: Peer) -> None:
        path, headers = peer.read_request()
        if "upgrade" not in headers:
            body = json.dumps({"webSocketDebuggerUrl": f"ws://{headers['host']}/devtools/browser/0-1"}).encode()
            peer.send_raw(b"HTTP/1.1 200 OK\r\nContent-Length:%d\r\n\r\n%s" % (len(body), body))
            return
        assert path == "/devtools/browser/0-1"
        peer.accept(headers)
        while True:
            kind, data = peer.receive()
            if kind != TEXT:
                return
            command = json.loads(data)
            reply = answer(command)
            if reply is not None:
                peer.send(json.dumps({"id": command["id"]} | reply))

    with serving(serve) as port:
        yield port


def server_frame(kind: int, data: bytes, *, is_last: bool = True) -> bytes:
    """A frame without a mask, as servers send them."""
    size = len(data)
    length = bytes((size,)) if size < 126 else b"\x7e" + size.to_bytes(2) if size < 1 << 16 else b"\x7f" + size.to_bytes(8)
    return bytes((kind | (0x80 if is_last else 0),)) + length + data
