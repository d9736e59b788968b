"""Chromium's remote debugging in a desktop: which pages are open, and a way to it for programs on the host."""

from __future__ import annotations

import json
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from osarena.guest import forwarder
from osarena.guest.client import Guest
from osarena.guest.tunnel import Tunnel, tunnel
from osarena_guest import protocol

# Every desktop of osarena starts Chromium with remote debugging on this port of its loopback.
DEBUGGING_PORT = protocol.DEBUGGING_PORT
_HEADER_BYTES = 1 << 14
_TOKEN_HEADER = "X-Osarena-Token"

# The guest runs on Python, so every desktop has one; not every desktop has curl.
_FETCH = (
    "import sys, urllib.request as request;"
    "direct = request.build_opener(request.ProxyHandler({}));"
    "sys.stdout.buffer.write(direct.open(sys.argv[1], timeout=10).read())"
)


def list_pages(guest: Guest, *, port: int = DEBUGGING_PORT) -> list[dict[str, Any]] | None:
    """The open pages as Chromium lists them (`url`, `title`, `id` …), the one that was in front last first.

    `None` where no Chromium answers on the port.
    """
    done = guest.run(["python3", "-c", _FETCH, f"http://127.0.0.1:{port}/json/list"], timeout_s=15.0)
    if done.exit_code != 0:
        return None
    try:
        targets = json.loads(done.stdout)
    except ValueError:
        return None
    listed = targets if isinstance(targets, list) else []
    return [target for target in listed if isinstance(target, dict) and target.get("type") == "page"]


def close_page(guest: Guest, page_id: str, *, port: int = DEBUGGING_PORT) -> None:
    """Close one of the pages that `list_pages` tells of; one that is gone already is no matter."""
    guest.run(["python3", "-c", _FETCH, f"http://127.0.0.1:{port}/json/close/{page_id}"], timeout_s=15.0)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where remote debugging can be reached on this host, and the headers without which it answers nothing."""

    url: str
    headers: dict[str, str]


@contextmanager
def remote_debugging(guest: Guest, *, port: int = DEBUGGING_PORT, timeout_s: float = 60.0) -> Iterator[Endpoint]:
    """A way from this host's loopback to Chromium in the desktop, while the context lasts.

    After `timeout_s` every connection breaks: a page that is busy for ever, or that shows a message, never answers.

    Raises:
        GuestError: the desktop shares no folder with this host, or the way did not open.
    """
    with tunnel(guest, port) as way, socket.create_server(("127.0.0.1", 0)) as listener:
        token = secrets.token_urlsafe(16)
        threading.Thread(target=_serve, args=(listener, way, token), name="devtools", daemon=True).start()
        deadline = threading.Timer(timeout_s, way.cut)
        deadline.start()
        try:
            yield Endpoint(f"http://127.0.0.1:{listener.getsockname()[1]}", {_TOKEN_HEADER: token})
        finally:
            deadline.cancel()
            listener.shutdown(socket.SHUT_RDWR)


def _serve(listener: socket.socket, way: Tunnel, token: str) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return  # closed
        threading.Thread(target=_carry, args=(client, way, token), daemon=True).start()


def _carry(client: socket.socket, way: Tunnel, token: str) -> None:
    """Let a client through that knows the token, which stands in its first request."""
    with client, suppress(OSError):
        request = b""
        while b"\r\n\r\n" not in request and len(request) < _HEADER_BYTES:
            data = client.recv(_HEADER_BYTES)
            if not data:
                return
            request += data
        if f"{_TOKEN_HEADER}: {token}\r\n".lower().encode() in request.lower():
            with way.connect() as desktop:
                desktop.sendall(request)
                forwarder.pump(client, desktop)
