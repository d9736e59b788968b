"""`python3 -m osarena_guest`: start a desktop and serve it, as one line of JSON on standard input says (see `config`)."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from importlib import import_module
from typing import Any

from osarena_guest.children import Children
from osarena_guest.config import Config, parse_config
from osarena_guest.desktop import Accessibility, Desktop, Dom, GuestProblem, Windows
from osarena_guest.session import GivenSession, XfceSession

_PR_SET_DUMPABLE = 4
_THREADS = 12
_READY_TIMEOUT_S = 30.0


def main() -> None:
    """Serve until killed."""
    # Programs of the desktop run as the same user. From here on none of them can read this process's memory.
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    logging.basicConfig(level=logging.ERROR)
    children = Children()
    try:
        config = parse_config(sys.stdin.readline())
        listener = _listen(config)
        _become(config.user)
        if config.ends_with_input:
            threading.Thread(target=_end_with_input, name="input", daemon=True).start()
        desktop = _make_desktop(config, children)
        threading.Thread(target=_warm_up, args=(desktop,), name="warm-up", daemon=True).start()
        _serve(desktop, config.token, listener)
    except GuestProblem as problem:
        sys.exit(f"osarena_guest: {problem}")
    finally:
        children.kill_all(timeout_s=5.0)


def _listen(config: Config) -> socket.socket:
    """The socket to serve on; programs of the desktop do not inherit it."""
    if config.fd is not None:
        os.set_inheritable(config.fd, False)
        return socket.socket(fileno=config.fd)
    host, _, port = (config.bind or "").rpartition(":")
    try:
        if host == "unix":
            return _listen_at(port)
        return socket.create_server((host, int(port)), reuse_port=False)
    except (OSError, ValueError) as error:
        raise GuestProblem("bad_request", f"cannot listen on {config.bind!r}: {error}") from error


def _listen_at(path: str) -> socket.socket:
    """A unix socket that nobody but its maker, which is root, can put another in the place of."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(f"{path}.new")
    os.chmod(f"{path}.new", 0o666)  # the folder, and the token, keep others out
    listener.listen(64)
    os.rename(f"{path}.new", path)  # who sees it can connect
    return listener


def _become(user: int | None) -> None:
    if user is None or os.getuid() == user:
        return
    try:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    except OSError as error:
        raise GuestProblem("bad_request", f"cannot become the user {user}: {error}") from error
    # The change of users has made this readable for debuggers of that user again, or not, as the kernel is set up.
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _end_with_input() -> None:
    while sys.stdin.read(1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _make_desktop(config: Config, children: Children) -> Desktop:
    session = XfceSession(config, children) if config.session else GivenSession()
    if isinstance(session, XfceSession):
        # The libraries of the server load while the X server starts.
        loading = threading.Thread(target=_load_libraries, daemon=True)
        loading.start()
        session.start()
        loading.join()
    return _connect(config, children, session)


def _load_libraries() -> None:
    """Load what comes next, in the order in which it is needed."""
    for name in ("session_bus", "windows.ewmh", "screen.x11", "inputs.x11", "a11y.x11", "app"):
        import_module(f"osarena_guest.{name}")
    import_module("waitress")


def _connect(config: Config, children: Children, session: Any) -> Desktop:
    from osarena_guest.a11y.x11 import AtspiTree
    from osarena_guest.clipboard.x11 import X11Clipboard
    from osarena_guest.dom.deferred import DeferredDom
    from osarena_guest.inputs.x11 import X11Inputs
    from osarena_guest.programs import UserPrograms
    from osarena_guest.record import FfmpegRecorder
    from osarena_guest.relay import LoopbackRelays
    from osarena_guest.screen.x11 import X11Screen
    from osarena_guest.windows.x11 import X11Windows

    screen = X11Screen()
    tree, windows = AtspiTree(screen=screen), X11Windows()
    return Desktop(
        platform="linux",
        screen=screen,
        inputs=X11Inputs(),
        tree=tree,
        windows=windows,
        clipboard=X11Clipboard(),
        dom=DeferredDom(lambda: _make_dom(windows, tree)),
        programs=UserPrograms(children, session.environment, lambda: set(session.processes().values())),
        session=session,
        recorder=FfmpegRecorder(children, session.environment, screen.size),
        relays=LoopbackRelays(hosts_file=f"{config.share}/hosts" if config.share else "/etc/hosts"),
        share=config.share,
    )


def _make_dom(windows: Windows, tree: Accessibility) -> Dom:
    from osarena_guest.a11y.layers import LayerReader
    from osarena_guest.dom.chromium import ChromiumDom

    return ChromiumDom(windows=windows, tree=tree, layers=LayerReader())


def _warm_up(desktop: Desktop) -> None:
    """Read the tree once as soon as the desktop is there: from then on applications tell what changes."""
    from osarena_guest.wait import holds_within

    if holds_within(desktop.session.is_ready, timeout_s=_READY_TIMEOUT_S, interval_s=0.05):
        with suppress(GuestProblem):  # whoever asks for the tree next is told
            desktop.tree.read(nodes=10_000, seconds=5.0)


def _serve(desktop: Desktop, token: str, listener: socket.socket) -> None:
    import waitress

    from osarena_guest.app import create_app
    from osarena_guest.protocol import MAX_FILE_BYTES

    waitress.serve(
        create_app(desktop, token),
        sockets=[listener],
        threads=_THREADS,
        max_request_body_size=MAX_FILE_BYTES,
        # Answers wait in memory: pixels of a large screen, files of the largest size.
        outbuf_overflow=2 * MAX_FILE_BYTES,
        outbuf_high_watermark=2 * MAX_FILE_BYTES,
        inbuf_overflow=MAX_FILE_BYTES,
        ident=None,
    )


if __name__ == "__main__":
    main()
