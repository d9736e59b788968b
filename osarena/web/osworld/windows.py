"""Routes of windows: `/setup/open_file`, `/setup/activate_window`, `/setup/close_window`, and WindowsAgentArena's `close_all`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from flask import Flask, Response

from osarena.guest.client import Guest
from osarena.types.observation import Window
from osarena.web.osworld.desktop import BridgedDesktop, expanded
from osarena.web.osworld.fields import Refused, flag, json_body, text
from osarena.web.osworld.shims import ENVIRONMENT

# Shorter than OSWorld's half hour: no application of ours takes minutes.
_OPEN_S = 180.0


def add_windows(app: Flask, desktop: BridgedDesktop) -> None:
    """Add the routes of this group."""

    @app.post("/setup/open_file")
    def open_file() -> Response:
        path = expanded(text(json_body(), "path"))
        with desktop.guest() as guest:
            guest.launch(_opener(guest, path), env=ENVIRONMENT)
            # A title with the file's name in it has its stem in it too.
            window = guest.wait_for_window(title=PurePosixPath(path).stem, timeout_s=_OPEN_S)
            guest.activate_window(window.id)
        return _said("File opened and window activated successfully")

    @app.post("/setup/activate_window")
    def activate_window() -> Response:
        with desktop.guest() as guest:
            guest.activate_window(_asked_for(guest).id)
        return _said("Window activated successfully")

    @app.post("/setup/close_window")
    def close_window() -> Response:
        with desktop.guest() as guest:
            guest.close_window(_asked_for(guest).id)
        return _said("Window closed successfully.")

    @app.post("/setup/close_all")
    def close_all() -> Response:
        with desktop.guest() as guest:
            for window in reversed(guest.windows()):
                guest.close_window(window.id)
        return _said("All windows closed successfully.")


def find_window(windows: Sequence[Window], name: str, *, strict: bool, by_class: bool) -> Window | None:
    """The topmost window that is meant.

    Args:
        name: a part of its title in any case; with `by_class`, of its class, with or without its instance: "Navigator.firefox".
        strict: whether the name is the whole of it, letter by letter.
    """
    wanted = name.rpartition(".")[2] if by_class else name
    for window in reversed(windows):
        called = window.app if by_class else window.title
        if called == wanted or (not strict and wanted.lower() in called.lower()):
            return window
    return None


def _asked_for(guest: Guest) -> Window:
    body = json_body()
    name = text(body, "window_name")
    window = find_window(guest.windows(), name, strict=flag(body, "strict"), by_class=flag(body, "by_class"))
    if window is None:
        raise Refused(404, f"Window {name} not found")
    return window


def _opener(guest: Guest, path: str) -> list[str]:
    """What opens a file, or starts a program of that name. Raises Refused where there is neither."""
    if guest.run(["test", "-e", path]).exit_code == 0:
        return ["xdg-open", path]
    if guest.run(["/bin/sh", "-c", 'command -v -- "$0"', path], env=ENVIRONMENT).exit_code == 0:
        return [path]
    raise Refused(404, f"Application/file not found: {path}")


def _said(words: str) -> Response:
    return Response(words, mimetype="text/plain")
