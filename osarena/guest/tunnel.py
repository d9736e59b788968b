"""A way from this host to a port of a desktop's loopback, through the folder that both share."""

from __future__ import annotations

import os
import secrets
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from osarena.errors import GuestError
from osarena.guest import forwarder
from osarena.guest.client import Guest
from osarena.guest.wait import wait_until

# Where the desktop sees the folder that it shares with the host.
_SHARE_IN_DESKTOP = "/run/osarena"
_START_TIMEOUT_S = 30.0


class Tunnel:
    """Connections to one port of a desktop."""

    def __init__(self, path: Path, first: socket.socket) -> None:
        self._path = path
        self._first = first

    def connect(self) -> socket.socket:
        """A new connection. It is closed by the other end where nothing listens on the port.

        Raises:
            GuestError: the desktop has put something else in the place of the socket.
            OSError: the way is closed.
        """
        return _connect(self._path)

    def cut(self) -> None:
        """Close the way; connections that there are end too."""
        with suppress(OSError):
            self._first.shutdown(socket.SHUT_RDWR)


@contextmanager
def tunnel(guest: Guest, port: int) -> Iterator[Tunnel]:
    """The way to a port, while the context lasts.

    Raises:
        GuestError: the desktop shares no folder with this host, or the way did not open.
    """
    share = guest.share
    if share is None:
        raise GuestError(
            f"port {port} of a desktop is reached through the folder that it shares with its host, and this one has none"
        )
    path = share / f"tunnel-{secrets.token_hex(4)}.sock"
    script = Path(forwarder.__file__).read_text()
    guest.launch(["python3", "-c", script, f"{_SHARE_IN_DESKTOP}/{path.name}", str(port)])
    try:
        wait_until(path.exists, timeout_s=_START_TIMEOUT_S, what=f"the way to port {port} of the desktop")
        # The other end stops serving when this first connection is closed.
        with _connect(path) as first:
            yield Tunnel(path, first)
    finally:
        path.unlink(missing_ok=True)


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
