"""Routes of the desktop's backdrop: `/wallpaper` and `/setup/change_wallpaper`."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote

from flask import Flask, Response

from osarena.errors import GuestError
from osarena.guest.client import Guest
from osarena.web.osworld.desktop import BridgedDesktop, expanded
from osarena.web.osworld.fields import Refused, json_body, text

_QUERY = ("xfconf-query", "--channel", "xfce4-desktop")
_DEFAULT_SCREEN = "/backdrop/screen0/monitorVNC-0/workspace0"
_NO_PICTURE, _ZOOMED = "0", "5"


def add_wallpaper(app: Flask, desktop: BridgedDesktop) -> None:
    """Add the routes of this group."""

    @app.post("/wallpaper")
    def wallpaper() -> Response:
        with desktop.guest() as guest:
            path = picture_of(_settings(guest))
            if path is None:
                raise Refused(404, "Wallpaper file not found: this desktop has a plain backdrop")
            return Response(guest.read(path), mimetype="image/png")

    @app.post("/setup/change_wallpaper")
    def change_wallpaper() -> Response:
        path = expanded(text(json_body(), "path"))
        with desktop.guest() as guest:
            if guest.run(["test", "-f", path]).exit_code != 0:
                raise Refused(404, f"File not found: {path}")
            for screen in screens_of(_settings(guest)):
                _set(guest, f"{screen}/last-image", "string", path)
                _set(guest, f"{screen}/image-style", "int", _ZOOMED)
        return Response("Wallpaper changed successfully", mimetype="text/plain")


def picture_of(settings: Mapping[str, str]) -> str | None:
    """The path of the first screen's picture, `None` where no screen has one."""
    for screen in screens_of(settings):
        path = settings.get(f"{screen}/last-image", "")
        if path and settings.get(f"{screen}/image-style", _ZOOMED) != _NO_PICTURE:
            return unquote(path.removeprefix("file://")) if path.startswith("file://") else path
    return None


def screens_of(settings: Mapping[str, str]) -> list[str]:
    """The monitors' workspaces that have settings, or the one that every desktop has."""
    ends = ("/last-image", "/image-style")
    return sorted({name.rpartition("/")[0] for name in settings if name.endswith(ends)}) or [_DEFAULT_SCREEN]


def _settings(guest: Guest) -> dict[str, str]:
    done = guest.run([*_QUERY, "--property", "/backdrop", "--list", "--verbose"])
    lines = (line.split(maxsplit=1) for line in done.stdout.decode(errors="replace").splitlines())
    return {line[0]: line[1].strip() for line in lines if len(line) == 2}


def _set(guest: Guest, name: str, kind: str, value: str) -> None:
    done = guest.run([*_QUERY, "--property", name, "--create", "--type", kind, "--set", value])
    if done.exit_code != 0:
        raise GuestError(f"the backdrop cannot be changed: {done.stderr.decode(errors='replace').strip()}")
