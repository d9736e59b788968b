"""The routes of the guest. What they do to a desktop lies behind `Desktop`; what they say is described in `protocol`."""

from __future__ import annotations

import base64
import hmac
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException, InternalServerError

from osarena_guest import protocol
from osarena_guest.deadline import Deadlines
from osarena_guest.desktop import Desktop, GuestProblem, Recorder
from osarena_guest.fields import LONGEST_S, file_mode, from_base64, json_body, number, seconds, text, variables, words
from osarena_guest.observe import Observer
from osarena_guest.perform import Performer
from osarena_guest.settle import parse_stillness
from osarena_guest.wait import holds_within, wait_until
from osarena_guest.wanted import parse_wanted

_HTTP_STATUS = {
    "bad_request": 400,
    "unauthorized": 401,
    "no_such_file": 404,
    "too_large": 413,
    "timeout": 504,
    "unsupported": 501,
    "desktop_gone": 503,
    "internal": 500,
}
_FOCUS_S = 0.25
_ROUTE_S = 30.0  # for what should take milliseconds


def create_app(desktop: Desktop, token: str) -> Flask:
    """The guest as a WSGI application."""
    app = Flask("osarena_guest", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = protocol.MAX_FILE_BYTES
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    _guard(app, token)
    _translate_errors(app)
    deadlines = Deadlines()
    _add_health(app, desktop)
    _add_sight_and_touch(app, desktop, deadlines)
    _add_programs(app, desktop, deadlines)
    _add_files(app, desktop, deadlines)
    _add_windows(app, desktop, deadlines)
    _add_extras(app, desktop, deadlines)
    return app


def _guard(app: Flask, token: str) -> None:
    expected = f"Bearer {token}".encode()

    @app.before_request
    def check_token() -> None:
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, expected):
            raise GuestProblem("unauthorized", "the token is missing or wrong")


def _translate_errors(app: Flask) -> None:
    """Every error is answered in the protocol's form; what is not a `GuestProblem` is the guest's own fault."""

    @app.errorhandler(GuestProblem)
    def of_guest(problem: GuestProblem) -> tuple[Response, int]:
        return _error(problem.kind, str(problem))

    @app.errorhandler(HTTPException)
    def of_http(error: HTTPException) -> tuple[Response, int]:
        kind = "too_large" if error.code == 413 else "bad_request"
        return _error(kind, f"{request.method} {request.path}: {error.description}")

    @app.errorhandler(InternalServerError)
    def of_ours(error: InternalServerError) -> tuple[Response, int]:
        cause = error.original_exception
        return _error("internal", f"{type(cause).__name__}: {cause}" if cause else "a fault of the guest")


def _error(kind: str, message: str) -> tuple[Response, int]:
    return jsonify(error={"type": kind, "message": message}), _HTTP_STATUS[kind]


def _add_health(app: Flask, desktop: Desktop) -> None:
    session = desktop.session

    @app.get("/v1/health")
    def health() -> Response:
        holds_within(lambda: session.is_ready() or session.problem(), timeout_s=seconds(request.args, "wait_s", 0.0))
        return jsonify(
            protocol=protocol.VERSION,
            ready=session.is_ready(),
            platform=desktop.platform,
            screen=list(desktop.screen.size),
            share=desktop.share is not None,
            processes=session.processes(),
            problem=session.problem(),
        )


def _add_sight_and_touch(app: Flask, desktop: Desktop, deadlines: Deadlines) -> None:
    observer = Observer(desktop)
    performer = Performer(desktop)

    @app.post("/v1/observe")
    def observe() -> Response:
        wanted = parse_wanted(json_body())
        waits_s = wanted.settle.deadline_s if wanted.settle else 0.0
        waits_s += sum(part.seconds for part in (wanted.tree, wanted.dom) if part is not None)
        header, body = deadlines.within(_ROUTE_S + waits_s, lambda: observer.look(wanted))
        return Response(protocol.pack_message(header, body), content_type=protocol.MESSAGE_TYPE)

    @app.post("/v1/perform")
    def perform() -> Response:
        body = json_body()
        key, actions, stillness = text(body, "key"), body.get("actions"), parse_stillness(body.get("settle"))
        if not isinstance(actions, list):
            raise GuestProblem("bad_request", "actions must be a list")
        limit_s = seconds(body, "timeout_s", LONGEST_S)
        return jsonify(deadlines.within(limit_s, lambda: performer.perform(key, actions, stillness=stillness, timeout_s=limit_s)))


def _add_programs(app: Flask, desktop: Desktop, deadlines: Deadlines) -> None:
    @app.post("/v1/run")
    def run() -> Response:
        body = json_body()
        argv, env = words(body, "argv"), variables(body, "env")
        cwd = text(body, "cwd") if body.get("cwd") is not None else None
        if body.get("detach"):
            pid = desktop.programs.launch(argv, env=env, cwd=cwd)
            return jsonify(exit_code=None, stdout="", stderr="", timed_out=False, pid=pid)
        timeout_s, stdin = seconds(body, "timeout_s", 30.0), from_base64(body, "stdin")
        status, output, errors = deadlines.within(
            timeout_s + _ROUTE_S, lambda: desktop.programs.run(argv, timeout_s=timeout_s, stdin=stdin, env=env, cwd=cwd)
        )
        return jsonify(
            exit_code=status,
            stdout=base64.b64encode(output).decode(),
            stderr=base64.b64encode(errors).decode(),
            timed_out=status is None,
            pid=None,
        )


def _add_files(app: Flask, desktop: Desktop, deadlines: Deadlines) -> None:
    programs = desktop.programs

    @app.get("/v1/files")
    def read() -> Response:
        path = text(request.args, "path")
        return Response(deadlines.within(_ROUTE_S, lambda: programs.read(path)), content_type="application/octet-stream")

    @app.put("/v1/files")
    def write() -> Response:
        path, data, mode = text(request.args, "path"), request.get_data(), file_mode(request.args.get("mode", "644"))
        deadlines.within(_ROUTE_S, lambda: programs.write(path, data, mode=mode))
        return jsonify({})

    @app.delete("/v1/files")
    def remove() -> Response:
        path = text(request.args, "path")
        deadlines.within(_ROUTE_S, lambda: programs.remove(path))
        return jsonify({})

    @app.get("/v1/files/list")
    def list_files() -> Response:
        path = text(request.args, "path")
        entries = deadlines.within(_ROUTE_S, lambda: programs.list_files(path))
        return jsonify(entries=entries[: protocol.MAX_LISTED], truncated=len(entries) > protocol.MAX_LISTED)

    @app.post("/v1/files/folder")
    def make_folder() -> Response:
        path = text(json_body(), "path")
        deadlines.within(_ROUTE_S, lambda: programs.make_folder(path))
        return jsonify({})


def _add_windows(app: Flask, desktop: Desktop, deadlines: Deadlines) -> None:
    windows = desktop.windows

    @app.get("/v1/windows")
    def list_windows() -> Response:
        return jsonify(windows=deadlines.within(_ROUTE_S, windows.list))

    @app.post("/v1/windows/activate")
    def activate() -> Response:
        window = number(json_body(), "id")
        deadlines.within(_ROUTE_S, lambda: windows.activate(window))
        return jsonify({})

    @app.post("/v1/windows/close")
    def close() -> Response:
        window = number(json_body(), "id")
        deadlines.within(_ROUTE_S, lambda: windows.close(window))
        return jsonify({})

    @app.post("/v1/windows/wait")
    def wait() -> Response:
        body = json_body()
        timeout_s, gone = seconds(body, "timeout_s", 30.0), bool(body.get("gone"))
        title, app_name = str(body.get("title") or "").casefold(), str(body.get("app") or "").casefold()

        def found() -> list[dict[str, Any]]:
            return [
                window
                for window in windows.list()
                if title in window["title"].casefold() and app_name in window["app"].casefold()
            ]

        what = f"{'no' if gone else 'a'} window with title {title!r} and class {app_name!r}"

        def wait_for_it() -> dict[str, Any] | None:
            if gone:
                wait_until(lambda: not found(), timeout_s=timeout_s, what=what)
                return None
            wait_until(found, timeout_s=timeout_s, what=what)
            # A new window gets the focus a few milliseconds after it is listed; some never do.
            holds_within(lambda: any(window["focused"] for window in found()), timeout_s=_FOCUS_S)
            return wait_until(found, timeout_s=timeout_s, what=what)[-1]

        return jsonify(window=deadlines.within(timeout_s + _ROUTE_S, wait_for_it))


def _add_extras(app: Flask, desktop: Desktop, deadlines: Deadlines) -> None:
    def recorder() -> Recorder:
        if desktop.recorder is None:
            raise GuestProblem("unsupported", "this desktop cannot be filmed")
        return desktop.recorder

    @app.post("/v1/record/start")
    def start_recording() -> Response:
        fps = number(json_body(), "fps")
        if not 1 <= fps <= 60:
            raise GuestProblem("bad_request", "fps must be in 1..60")
        recorder().start(fps=fps)
        return jsonify({})

    @app.post("/v1/record/stop")
    def stop_recording() -> Response:
        return Response(deadlines.within(_ROUTE_S * 2, recorder().stop), content_type="video/mp4")

    @app.post("/v1/relay")
    def relay() -> Response:
        body = json_body()
        if desktop.relays is None:
            raise GuestProblem("unsupported", "this desktop cannot relay")
        desktop.relays.add(text(body, "host"), number(body, "port"), text(body, "target"))
        return jsonify({})

    @app.post("/v1/session/stop")
    def stop_session() -> Response:
        deadlines.within(_ROUTE_S, desktop.programs.stop_all)
        return jsonify({})
