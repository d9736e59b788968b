"""A conversation with Chromium over its remote debugging. Protocol: https://chromedevtools.github.io/devtools-protocol/"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias, TypeVar
from urllib.parse import urlsplit

from osarena_guest.dom.stream import Stream, StreamError
from osarena_guest.dom.websocket import WebSocket

_LARGEST_ANSWER = 1 << 16  # bytes of what is asked by plain HTTP

T = TypeVar("T")


class Command(NamedTuple):
    """What is asked for; of the browser, or of what a session is attached to."""

    method: str
    params: Mapping[str, Any]
    session: str = ""


# What a command is answered with; `None` for an error.
Reply: TypeAlias = "dict[str, Any] | None"
# A conversation: it yields commands and is sent the replies to all of them, in order.
Steps = Generator[Sequence[Command], list[Reply], T]


class DevTools:
    """A connection to the browser that debugs on a port of the loopback. For one thread at a time.

    Nothing is left of it when it is closed: Chromium detaches whatever was attached.

    Raises:
        ConnectionRefusedError: nobody listens there.
        StreamError: here and in all that follows: who listens is no Chromium, does not answer in time, or hangs up.
    """

    def __init__(self, port: int, *, deadline: float) -> None:
        path = _browser_path(port, deadline)
        self._socket = WebSocket(Stream(port, deadline=deadline), port=port, path=path)
        self._numbers = itertools.count(1)

    def close(self) -> None:
        """Hang up. May be called twice."""
        self._socket.close()

    def ask(self, command: Command) -> Reply:
        """What one command is answered with."""
        replies: list[Reply] = []

        def steps() -> Steps[None]:
            replies.extend((yield [command]))

        self.converse([steps()], is_over=lambda: False)
        return replies[0]

    def converse(self, conversations: Sequence[Steps[None]], *, is_over: Callable[[], bool]) -> None:
        """Run conversations side by side, none waiting for another, until all are through or `is_over`."""
        awaited: dict[int, tuple[_Batch, int]] = {}

        def advance(steps: Steps[None], replies: list[Reply] | None) -> None:
            try:
                commands = next(steps) if replies is None else steps.send(replies)
            except StopIteration:
                return
            batch = _Batch(steps, [None] * len(commands), len(commands))
            for place, command in enumerate(commands):
                number = next(self._numbers)
                awaited[number] = batch, place
                self._socket.send(_as_text(number, command))

        for steps in conversations:
            advance(steps, None)
        while awaited and not is_over():
            message = _read(self._socket.receive())
            number, result = message.get("id"), message.get("result")
            if not isinstance(number, int) or number not in awaited:
                continue  # an event, of which none is of use here
            batch, place = awaited.pop(number)
            batch.replies[place] = result if isinstance(result, dict) else None
            batch.missing -= 1
            if batch.missing == 0:
                advance(batch.steps, batch.replies)


@dataclass(slots=True)
class _Batch:
    """What a conversation waits for."""

    steps: Steps[None]
    replies: list[Reply]
    missing: int


def _browser_path(port: int, deadline: float) -> str:
    """Where on the port the browser itself is talked to; the name in it is another one after each start."""
    stream = Stream(port, deadline=deadline)
    try:
        stream.send(f"GET /json/version HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        status, headers = stream.read_head()
        length = headers.get("content-length", "")
        if status != 200 or not (length.isascii() and length.isdigit()) or int(length) > _LARGEST_ANSWER:
            raise StreamError(f"this is no Chromium: {status}, {length!r:.20} bytes")
        url = _read(stream.read(int(length))).get("webSocketDebuggerUrl")
    finally:
        stream.close()
    path = urlsplit(url).path if isinstance(url, str) else ""
    if not (path.startswith("/devtools/") and path.isascii() and path.isprintable() and " " not in path):
        raise StreamError(f"Chromium does not say where it is: {url!r:.80}")
    return path


def _as_text(number: int, command: Command) -> str:
    message = {"id": number, "method": command.method, "params": command.params}
    return json.dumps(message | ({"sessionId": command.session} if command.session else {}))


def _read(message: str | bytes) -> dict[str, Any]:
    try:
        record = json.loads(message)
    except (ValueError, RecursionError) as error:
        raise StreamError(f"this is no JSON: {error}") from error
    if not isinstance(record, dict):
        raise StreamError(f"this is no message: {record!r:.80}")
    return record
