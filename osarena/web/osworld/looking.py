"""Routes that tell of the desktop as it is: `/screenshot`, `/accessibility`, `/terminal`, sizes and places."""

from __future__ import annotations

from flask import Flask, Response, jsonify, request

from osarena.errors import GuestError
from osarena.perception.osworld_xml import to_osworld_xml
from osarena.perception.pointer import png_with_pointer
from osarena.types.observation import Observe, RawObservation
from osarena.web.osworld.desktop import HOME, BridgedDesktop
from osarena.web.osworld.fields import Refused, text


def add_looking(app: Flask, desktop: BridgedDesktop) -> None:
    """Add the routes of this group."""

    @app.get("/screenshot")
    def screenshot() -> Response:
        look = _look(desktop, Observe(tree=False, windows=False))
        if look.pixels is None:
            raise GuestError("the guest sent no screenshot")
        return Response(png_with_pointer(look.pixels, look.cursor), mimetype="image/png")

    @app.get("/accessibility")
    def accessibility() -> Response:
        look = _look(desktop, Observe(screenshot=False, windows=False, cursor=False))
        if look.tree is None:
            raise GuestError("the guest sent no tree")
        return jsonify({"AT": to_osworld_xml(look.tree)})

    @app.get("/terminal")
    def terminal() -> Response:
        shown = _look(desktop, Observe(screenshot=False, tree=False, windows=False, cursor=False, terminal=True)).terminal
        return jsonify({"output": None if shown is None else shown.rstrip(), "status": "success"})

    @app.get("/cursor_position")
    def cursor_position() -> Response:
        cursor = _look(desktop, Observe(screenshot=False, tree=False, windows=False)).cursor
        if cursor is None:
            raise GuestError("the guest does not say where the pointer is")
        return jsonify([cursor.x, cursor.y])

    @app.post("/screen_size")
    def screen_size() -> Response:
        return jsonify({"width": desktop.screen.width, "height": desktop.screen.height})

    @app.post("/window_size")
    def window_size() -> Response:
        """Of the first window of a class, the window manager's frame included."""
        wanted = text(request.form, "app_class_name").lower()
        with desktop.guest() as guest:
            boxes = [window.box for window in guest.windows() if window.app.lower() == wanted]
        if not boxes:
            raise Refused(404, f"no window has the class {wanted!r}")
        return jsonify({"width": boxes[0].width, "height": boxes[0].height})

    @app.post("/desktop_path")
    def desktop_path() -> Response:
        return jsonify({"desktop_path": f"{HOME}/Desktop"})

    @app.get("/platform")
    def platform() -> Response:
        return Response("Linux", mimetype="text/plain")


def _look(desktop: BridgedDesktop, want: Observe) -> RawObservation:
    with desktop.guest() as guest:
        return guest.observe(want)
