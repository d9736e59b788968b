"""Routes of films of the screen: `/start_recording` and `/end_recording`."""

from __future__ import annotations

from flask import Flask, Response, jsonify

from osarena.web.osworld.desktop import BridgedDesktop
from osarena.web.osworld.fields import Refused

_FPS = 15


def add_recording(app: Flask, desktop: BridgedDesktop) -> None:
    """Add the routes of this group."""

    @app.post("/start_recording")
    def start_recording() -> Response:
        with desktop.lock, desktop.guest() as guest:
            if desktop.is_recording:
                raise Refused(400, "Recording is already in progress.")
            guest.start_recording(fps=_FPS)
            desktop.is_recording = True
        return jsonify({"status": "success", "message": "Started recording successfully."})

    @app.post("/end_recording")
    def end_recording() -> Response:
        with desktop.lock, desktop.guest() as guest:
            if not desktop.is_recording:
                raise Refused(400, "No recording in progress to stop.")
            desktop.is_recording = False
            film = guest.stop_recording()
        attached = {"Content-Disposition": "attachment; filename=recording.mp4"}
        return Response(film, mimetype="video/mp4", headers=attached)
