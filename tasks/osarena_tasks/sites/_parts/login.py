"""A door in front of a site: everything but the login page wants somebody signed in.

A site has one visitor, so that whether they are signed in is kept here and not in a cookie.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from osarena_tasks.sites._parts.forms import tidy

_pages = Blueprint("door", __name__)


@dataclass(slots=True)
class Door:
    """Who may come in, and whether they are in."""

    email: str
    password: str
    is_open: bool = False

    def knock(self, email: str, password: str) -> bool:
        """Let them in where both are right; an address counts whatever its case."""
        self.is_open = email.casefold() == self.email.casefold() and password == self.password
        return self.is_open


def put_door(app: Flask, door: Door) -> None:
    """Make every page of a site but its style sheets lead to its login page until somebody has signed in."""
    app.extensions["door"] = door
    app.register_blueprint(_pages)
    app.before_request(_guard)


def _door() -> Door:
    door: Door = current_app.extensions["door"]
    return door


def _guard() -> Response | None:
    is_free = (request.endpoint or "").endswith("static") or request.blueprint == "door"
    return None if is_free or _door().is_open else redirect(url_for("door.login", next=request.full_path.rstrip("?")))


@_pages.get("/login")
def login() -> str:
    """The login page."""
    return render_template("login.html", email="", problem="")


@_pages.post("/login")
def sign_in() -> Any:
    """Sign in, and go where the visitor wanted to go."""
    email = tidy(request.form.get("email"))
    if not _door().knock(email, request.form.get("password", "")):
        return render_template("login.html", email=email, problem="That address and password do not belong together.")
    return redirect(_within_site(request.args.get("next", "")))


@_pages.post("/logout")
def sign_out() -> Response:
    """Sign out."""
    _door().is_open = False
    return redirect(url_for("door.login"))


def _within_site(url: str) -> str:
    """The address without host, or the front page where there is none."""
    parts = urlsplit(url)
    return parts._replace(scheme="", netloc="").geturl() if parts.path.startswith("/") else "/"
