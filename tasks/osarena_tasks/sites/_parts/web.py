"""The web application that every site starts from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Flask, render_template

# Part of every site that is made with this module.
ASSETS = ("sites/_parts/static", "sites/_parts/templates")

_parts = Blueprint("parts", __name__, template_folder="templates", static_folder="static", static_url_path="/parts")


def create_app(
    import_name: str, name: str, state: object, pages: Blueprint, *, common: Callable[[], Mapping[str, Any]] = dict
) -> Flask:
    """A site's web application.

    Args:
        import_name: of the module beside which the site's `templates` (with `base.html`) and `static` lie.
        name: what the site calls itself in titles.
        state: what the site is about; its pages find it as `current_app.extensions["state"]`.
        common: what every template is given.
    """
    app = Flask(import_name)
    app.extensions["state"] = state
    app.register_blueprint(_parts)
    app.register_blueprint(pages)
    app.register_error_handler(404, _not_found)
    app.context_processor(lambda: {"site_name": name, **common()})
    return app


def _not_found(_error: Exception) -> tuple[str, int]:
    return render_template("message.html", title="Not found", text="There is no such page here."), 404
