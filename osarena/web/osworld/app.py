"""The routes of a bridge, put together."""

from __future__ import annotations

from flask import Flask

from osarena.web.osworld.commands import add_commands
from osarena.web.osworld.desktop import BridgedDesktop
from osarena.web.osworld.fields import guard
from osarena.web.osworld.files import add_files
from osarena.web.osworld.looking import add_looking
from osarena.web.osworld.recording import add_recording
from osarena.web.osworld.wallpaper import add_wallpaper
from osarena.web.osworld.windows import add_windows
from osarena.web.osworld.windows_only import add_windows_only
from osarena_guest.protocol import MAX_FILE_BYTES

# A file, and what a form puts around it.
_MAX_REQUEST_BYTES = MAX_FILE_BYTES + (1 << 20)


def create_app(desktop: BridgedDesktop) -> Flask:
    """OSWorld's routes over a desktop."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _MAX_REQUEST_BYTES
    guard(app)
    add_looking(app, desktop)
    add_commands(app, desktop)
    add_files(app, desktop)
    add_windows(app, desktop)
    add_wallpaper(app, desktop)
    add_recording(app, desktop)
    add_windows_only(app)
    return app
