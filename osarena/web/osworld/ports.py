"""Ports of this machine's loopback that lead to ports of a desktop's loopback."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from osarena.errors import GuestError, UsageError
from osarena.guest import forwarder
from osarena.guest.client import Guest
from osarena.guest.tunnel import Tunnel, tunnel

logger = logging.getLogger(__name__)


@contextmanager
def forwarded(guest: Guest, port: int, *, host: str, host_port: int) -> Iterator[int]:
    """A port of this machine from which connections go to one of the desktop, while the context lasts; yields its number.

    Args:
        host: an address of loopback.
        host_port: the number wanted, or 0 for any that is free.

    Raises:
        UsageError: the port is taken.
        GuestError: the desktop cannot be reached so.
    """
    with tunnel(guest, port) as way, listening(host, host_port) as listener:
        threading.Thread(target=_serve, args=(listener, way), name=f"port {port}", daemon=True).start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises UsageError where the port is taken or may not be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise UsageError(f"cannot listen on {host}:{port}: {error.strerror}; choose another port") from error


def _serve(listener: socket.socket, way: Tunnel) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return  # closed
        threading.Thread(target=_carry, args=(client, way), daemon=True).start()


def _carry(client: socket.socket, way: Tunnel) -> None:
    with client, suppress(OSError):
        try:
            with way.connect() as desktop:
                forwarder.pump(client, desktop)
        except GuestError as error:
            logger.warning("a connection to the desktop was refused: %s", error)
