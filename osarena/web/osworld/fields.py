"""Who may ask, the fields of what is asked, and errors as OSWorld's server answers them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from osarena.errors import GuestError, NoSuchFile

logger = logging.getLogger(__name__)

_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


class Refused(Exception):
    """A request that cannot be carried out. `more` stands in the answer beside status and message."""

    def __init__(self, status: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.more = more


def guard(app: Flask) -> None:
    """Answer nobody but programs of this machine that know whom they ask, and every error in JSON.

    A page in a browser of this machine could send requests here too, under a host name of its own that leads to loopback, or
    across origins. The one is known by its `Host`, the other by its `Origin`, which no client of OSWorld's sends.
    """

    @app.before_request
    def refuse_strangers() -> None:
        if not is_loopback_host(request.headers.get("Host", "")):
            raise Refused(403, "this bridge answers requests to localhost alone")
        if "Origin" in request.headers:
            raise Refused(403, "this bridge does not answer pages of browsers")

    @app.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        return _error(error.status, str(error), **error.more)

    @app.errorhandler(NoSuchFile)
    def no_such_file(error: NoSuchFile) -> Response:
        return _error(404, f"File not found: {error}")

    @app.errorhandler(GuestError)
    def guest_error(error: GuestError) -> Response:
        logger.info("%s %s: %s", request.method, request.path, error)
        return _error(500, str(error))

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        return _error(error.code or 500, error.description or error.name)


def is_loopback_host(header: str) -> bool:
    """Whether a `Host` header names loopback, with any port."""
    try:
        return urlsplit(f"//{header}").hostname in _HOSTS
    except ValueError:
        return False


def _error(status: int, message: str, **more: Any) -> Response:
    # OSWorld's own answers have the words now in the one, now in the other.
    answer = jsonify({"status": "error", "message": message, "error": message} | more)
    answer.status_code = status
    return answer


# --- fields ----------------------------------------------------------------------------------------------------------


def json_body() -> dict[str, Any]:
    """The JSON object in the body of the request."""
    body = request.get_json()
    if not isinstance(body, dict):
        raise Refused(400, "the body must be a JSON object")
    return body


def text(source: Mapping[str, Any], name: str) -> str:
    """A field that must hold some text."""
    value = source.get(name)
    if not isinstance(value, str) or not value or "\0" in value:
        raise Refused(400, f"{name} is required, as a text")
    return value


def flag(source: Mapping[str, Any], name: str) -> bool:
    """A field that may hold a truth value, false where it is not there."""
    return source.get(name, False) in (True, "true", "True")


def seconds(source: Mapping[str, Any], name: str, default: float, *, most: float = 1800.0) -> float:
    """A field that may hold a time."""
    value = source.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
        raise Refused(400, f"{name} must be a number of seconds above 0 and at most {most:g}")
    return float(value)
