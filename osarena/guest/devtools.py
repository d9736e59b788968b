"""Chromium's remote debugging in a desktop: which pages are open, and a way to it for programs on the host."""

from __future__ import annotations

import json
import os
import secrets
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osarena.errors import GuestError
from osarena.guest import forwarder
from osarena.guest.client import Guest
from osarena.guest.wait import wait_until
from osarena_guest import protocol

# Every desktop of osarena starts Chromium with remote debugging on this port of its loopback.
DEBUGGING_PORT = protocol.DEBUGGING_PORT
# Where the desktop sees the folder that it shares with the host.
_SHARE_IN_DESKTOP = "/run/osarena"
_START_TIMEOUT_S = 30.0
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
    share = guest.share
    if share is None:
        raise GuestError(
            "remote debugging is reached through the folder that a desktop shares with its host, and this one has none"
        )
    path = share / f"devtools-{secrets.token_hex(4)}.sock"
    script = Path(forwarder.__file__).read_text()
    guest.launch(["python3", "-c", script, f"{_SHARE_IN_DESKTOP}/{path.name}", str(port)])
    try:
        wait_until(path.exists, timeout_s=_START_TIMEOUT_S, what="the way to remote debugging")
        # The other end stops serving when this first connection is closed.
        with _connect(path) as first, socket.create_server(("127.0.0.1", 0)) as listener:
            token = secrets.token_urlsafe(16)
            threading.Thread(target=_serve, args=(listener, path, token), name="devtools", daemon=True).start()
            deadline = threading.Timer(timeout_s, first.shutdown, (socket.SHUT_RDWR,))
            deadline.start()
            try:
                yield Endpoint(f"http://127.0.0.1:{listener.getsockname()[1]}", {_TOKEN_HEADER: token})
            finally:
                deadline.cancel()
                listener.shutdown(socket.SHUT_RDWR)
    finally:
        path.unlink(missing_ok=True)


def _serve(listener: socket.socket, path: Path, token: str) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return  # closed
        threading.Thread(target=_carry, args=(client, path, token), daemon=True).start()


def _carry(client: socket.socket, path: Path, token: str) -> None:
    """Let a client through that knows the token, which stands in its first request."""
    with client, suppress(OSError):
        request = b""
        while b"\r\n\r\n" not in request and len(request) < _HEADER_BYTES:
            data = client.recv(_HEADER_BYTES)
            if not data:
                return
            request += data
        if f"{_TOKEN_HEADER}: {token}\r\n".lower().encode() in request.lower():
            with _connect(path) as desktop:
                desktop.sendall(request)
                forwarder.pump(client, desktop)


def _connect(path: Path) -> socket.socket:
    """A connection to a socket that the desktop has made. Its user could put a link to another one there: none is followed."""
    place = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
    connection = socket.socket(socket.AF_UNIX)
    try:
        if not stat.S_ISSOCK(os.fstat(place).st_mode):
            raise GuestError(f"{path} is no socket")
        connection.connect(f"/proc/self/fd/{place}")
    except BaseException:
        connection.close()
        raise
    finally:
        os.close(place)
    return connection
