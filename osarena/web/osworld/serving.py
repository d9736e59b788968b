"""A desktop that answers as OSWorld's do, on ports of this machine's loopback, as long as a context lasts."""

from __future__ import annotations

import ipaddress
import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from typing_extensions import override
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from osarena.errors import NoSuchFile, UsageError
from osarena.guest.client import Guest
from osarena.guest.devtools import DEBUGGING_PORT
from osarena.providers.base import Machine, MachineSpec
from osarena.web.osworld.app import create_app
from osarena.web.osworld.desktop import HOME, BridgedDesktop
from osarena.web.osworld.ports import forwarded, listening
from osarena.web.osworld.shims import install_shims

logger = logging.getLogger(__name__)

# OSWorld's own numbers.
SERVER_PORT, CHROME_PORT, VLC_PORT = 5000, 9222, 8080
_VLC_SETTINGS = f"{HOME}/.config/vlc/vlcrc"
# OSWorld's desktops have a VLC that answers on HTTP, with this password.
_VLC_ANSWERS = "\n[core]\nextraintf=http\n[lua]\nhttp-password=password\n"


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports of this machine for one desktop; 0 is any that is free, `None` none at all."""

    server: int = SERVER_PORT
    chrome: int | None = CHROME_PORT
    vlc: int | None = VLC_PORT

    def of(self, number: int) -> Ports:
        """Those of another desktop, counted from 0, where these are the first's."""

        def moved(port: int) -> int:
            return port + number if port else 0

        chrome, vlc = (None if port is None else moved(port) for port in (self.chrome, self.vlc))
        return Ports(moved(self.server), chrome, vlc)


def loopback(host: str) -> str:
    """The address that a name of loopback stands for.

    Raises:
        UsageError: it is none: a desktop without a token is for nobody else.
    """
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError as error:
        raise UsageError(f"{host!r:.80} is no address; a bridge listens on 127.0.0.1 or ::1") from error
    if not address.is_loopback:
        raise UsageError(f"a bridge has no token, so it listens on loopback alone, not on {address}; use an SSH tunnel")
    return str(address)


@contextmanager
def bridge(machine: Machine, spec: MachineSpec, ports: Ports, *, host: str = "127.0.0.1") -> Iterator[Ports]:
    """The ports on which a desktop answers while the context lasts.

    Raises:
        UsageError: the address is not of loopback, or a port is taken.
        GuestError: the desktop does not answer.
    """
    address = loopback(host)
    with ExitStack() as stack:
        desktop = stack.enter_context(closing(BridgedDesktop(machine.address, spec.screen)))
        install_shims(machine.guest)
        _let_vlc_answer(machine.guest)
        led = {
            inside: None
            if outside is None or machine.guest.share is None
            else stack.enter_context(forwarded(machine.guest, inside, host=address, host_port=outside))
            for inside, outside in ((DEBUGGING_PORT, ports.chrome), (VLC_PORT, ports.vlc))
        }
        server = stack.enter_context(_served(create_app(desktop), address, ports.server))
        yield Ports(server, led[DEBUGGING_PORT], led[VLC_PORT])


@contextmanager
def _served(app: Flask, host: str, port: int) -> Iterator[int]:
    with listening(host, port) as listener:
        server: BaseWSGIServer = make_server(host, port, app, threaded=True, request_handler=_Quiet, fd=listener.fileno())
        # Whoever is being answered when the server ends is not waited for.
        server.daemon_threads = True  # type: ignore[attr-defined]
        server.block_on_close = False  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, name="osworld", daemon=True).start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            server.shutdown()
            server.server_close()


class _Quiet(WSGIRequestHandler):
    """Tells of requests in this module's log."""

    protocol_version = "HTTP/1.1"

    @override
    def log(self, type: str, message: str, *args: Any) -> None:
        logger.debug(message, *args)


def _let_vlc_answer(guest: Guest) -> None:
    try:
        settings = guest.read(_VLC_SETTINGS)
    except NoSuchFile:
        settings = b""
    guest.write(_VLC_SETTINGS, settings + _VLC_ANSWERS.encode())
