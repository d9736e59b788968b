"""The client's end of a WebSocket, against a server that keeps the rules or does not."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osarena_guest.dom import websocket
from osarena_guest.dom.stream import Stream, StreamError
from osarena_guest.dom.websocket import WebSocket, frame, masked
from tests.support.websocket_server import CLOSE, PING, PONG, TEXT, Peer, server_frame, serving, websocket_server


def opened(port: int, *, seconds: float = 10.0) -> WebSocket:
    return WebSocket(Stream(port, deadline=time.monotonic() + seconds), port=port, path="/there")


def received(*data: bytes) -> str:
    """What the client makes of what a server sends."""
    with websocket_server(lambda peer: peer.send_raw(b"".join(data))) as port:
        return opened(port).receive()


def waits(peer: Peer) -> None:
    """Say nothing until the client hangs up."""
    peer.receive()


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 300_000])
def test_messages_of_every_length_go_there_and_back(size: int) -> None:
    def echo(peer: Peer) -> None:
        kind, data = peer.receive()
        peer.send_raw(server_frame(kind, data))

    text = ("é" * size)[:size]
    with websocket_server(echo) as port:
        socket = opened(port)
        socket.send(text)
        assert socket.receive() == text


@given(st.binary(max_size=300), st.binary(min_size=4, max_size=4))
def test_a_mask_taken_twice_is_none(data: bytes, mask: bytes) -> None:
    assert masked(masked(data, mask), mask) == data
    assert masked(data, mask) == bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))


def test_every_frame_has_a_mask_of_its_own() -> None:
    assert len({frame(TEXT, b"the same") for _ in range(10)}) == 10


def test_a_message_in_fragments_is_put_together_and_pings_between_are_answered() -> None:
    answers: list[tuple[int, bytes]] = []
    answered = threading.Event()

    def talk(peer: Peer) -> None:
        peer.send_raw(server_frame(TEXT, "Grü".encode()[:3], is_last=False) + server_frame(PING, b"still there?"))
        answers.append(peer.receive())
        answered.set()
        peer.send_raw(server_frame(0, "Grü".encode()[3:], is_last=False) + server_frame(PONG, b"") + server_frame(0, b"n"))

    with websocket_server(talk) as port:
        assert opened(port).receive() == "Grün"
    assert answered.wait(5)
    assert answers == [(PONG, b"still there?")]


@pytest.mark.parametrize(
    "sent",
    [
        server_frame(CLOSE, b"\x03\xe8"),
        server_frame(0, b"goes on with nothing"),
        server_frame(TEXT, b"a", is_last=False) + server_frame(TEXT, b"b"),
        server_frame(0x2, b"not text"),
        server_frame(0x3, b"of no kind"),
        server_frame(0xB, b""),
        server_frame(PING, b"long" * 40),
        server_frame(PING, b"in parts", is_last=False),
        server_frame(TEXT, b"\xff\xfe"),
        b"\xc1\x01a",  # compressed, as nobody asked for
        b"\x81\x81\0\0\0\0a",  # a server with a mask
        b"\x81\x05cut",
        b"",
    ],
)
def test_what_breaks_the_rules_is_an_error(sent: bytes) -> None:
    with pytest.raises(StreamError):
        received(sent)


def test_a_message_that_is_too_long_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "LARGEST_MESSAGE", 1000)
    assert received(server_frame(TEXT, b"x" * 1000)) == "x" * 1000
    with pytest.raises(StreamError, match="more than 1000 bytes"):
        received(server_frame(TEXT, b"x" * 600, is_last=False), server_frame(0, b"x" * 600))
    with pytest.raises(StreamError, match="more than 1000 bytes"):
        received(b"\x81\x7f" + (1 << 60).to_bytes(8))


@given(st.binary(max_size=60))
def test_no_bytes_but_a_message_or_an_error(sent: bytes) -> None:
    with suppress(StreamError):
        assert isinstance(received(sent), str)


@pytest.mark.parametrize(
    "pause", [waits, lambda peer: peer.send_raw(b"\x81") or waits(peer), None], ids=["silent", "cut", "drip"]
)
def test_who_is_late_is_not_waited_for(pause: Callable[[Peer], None] | None) -> None:
    def drip(peer: Peer) -> None:
        """Pings without end are no message."""
        while True:
            peer.send_raw(server_frame(PING, b"."))

    with websocket_server(pause or drip) as port:
        began = time.monotonic()
        with pytest.raises(StreamError):
            opened(port, seconds=0.2).receive()
        assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 404 Not Found\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: guessed\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 200 " + b"x" * 100_000,
        b"\0\0\r\n\r\n",
        b"",
    ],
)
def test_who_is_no_websocket_is_refused(answer: bytes) -> None:
    def serve(peer: Peer) -> None:
        peer.read_request()
        peer.send_raw(answer)

    with serving(serve) as port, pytest.raises(StreamError):
        opened(port)


def test_an_extension_that_nobody_asked_for_is_refused() -> None:
    def serve(peer: Peer) -> None:
        _, headers = peer.read_request()
        peer.accept(headers, "Sec-WebSocket-Extensions: permessage-deflate\r\n")

    with serving(serve) as port, pytest.raises(StreamError):
        opened(port)


def test_the_request_names_no_origin() -> None:
    seen: list[dict[str, str]] = []

    def serve(peer: Peer) -> None:
        path, headers = peer.read_request()
        seen.append(headers | {"path": path})
        peer.accept(headers)

    with serving(serve) as port:
        opened(port)
    assert seen[0]["path"] == "/there"
    assert seen[0]["host"] == f"127.0.0.1:{port}"
    assert "origin" not in seen[0]


def test_a_port_where_nobody_listens_is_told_apart() -> None:
    with serving(lambda peer: None) as port:
        pass
    with pytest.raises(ConnectionRefusedError):
        opened(port)
