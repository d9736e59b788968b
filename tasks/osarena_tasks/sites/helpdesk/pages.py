"""The pages of the service desk."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from osarena_tasks.sites._parts import web
from osarena_tasks.sites._parts.forms import read_choice, tidy
from osarena_tasks.sites._parts.login import Door, put_door
from osarena_tasks.sites._parts.paging import asked_page
from osarena_tasks.sites.helpdesk import forms
from osarena_tasks.sites.helpdesk.desk import PRIORITIES, STATUSES, TEAMS, Desk, Report, Ticket

TICKETS_PAGE = 10
ARTICLES_PAGE = 8
REPORTS_PAGE = 6
SORTS = {"": "Newest first", "oldest": "Oldest first", "priority": "Priority"}

pages = Blueprint("pages", __name__)


class HelpdeskSite:
    """The desk as a site: a web application and the state behind it."""

    def __init__(self, desk: Desk, door: Door) -> None:
        self._desk = desk
        self.wsgi = create_app(desk, door)

    def state(self) -> dict[str, Any]:
        """What was done at the desk (see `Desk.state`)."""
        return self._desk.state()


def create_app(desk: Desk, door: Door) -> Flask:
    """The web application over a desk."""
    app = web.create_app(__name__, "Kestrel Service Desk", desk, pages, common=_common)
    put_door(app, door)
    return app


def _desk() -> Desk:
    desk: Desk = current_app.extensions["state"]
    return desk


def _common() -> dict[str, Any]:
    is_in = current_app.extensions["door"].is_open
    return {"desk": _desk(), "is_in": is_in, "statuses": STATUSES, "priorities": PRIORITIES, "teams": TEAMS}


@pages.get("/")
def home() -> str:
    """How much there is to do, and what came in last."""
    desk = _desk()
    newest = sorted(desk.tickets, key=lambda ticket: ticket.number, reverse=True)[:6]
    fresh = sorted(desk.articles, key=lambda article: article.updated, reverse=True)[:5]
    return render_template("home.html", newest=newest, fresh=fresh)


# --- tickets ----------------------------------------------------------------------------------------------------


@pages.get("/tickets")
def tickets() -> str:
    """Search results, filtered and sorted, `TICKETS_PAGE` to a page."""
    filters = forms.read_filters(request.args, _desk().agents)
    page = asked_page(_desk().search(filters), size=TICKETS_PAGE)
    return render_template("tickets.html", filters=filters, page=page, sorts=SORTS)


@pages.get("/tickets/<int:number>")
def ticket(number: int) -> str:
    """One ticket with its messages and fields."""
    return _show_ticket(_find_ticket(number))


@pages.post("/tickets/<int:number>")
def change_ticket(number: int) -> str | BaseResponse:
    """Set a ticket's fields."""
    shown = _find_ticket(number)
    checked = forms.read_fields(request.form, _desk().agents)
    if checked.problems:
        return _show_ticket(shown, fields=checked.value, problems=checked.problems)
    for name, value in checked.value.items():
        setattr(shown, name, value)
    return redirect(url_for("pages.ticket", number=number, saved="yes"))


@pages.post("/tickets/<int:number>/messages")
def write(number: int) -> str | BaseResponse:
    """Reply to the requester, or leave a note for the desk."""
    shown = _find_ticket(number)
    checked = forms.read_reply(request.form)
    if checked.problems:
        return _show_ticket(shown, entered=checked.value, problems=checked.problems)
    _desk().write(shown, checked.value, is_internal=request.form.get("kind") == "note")
    return redirect(url_for("pages.ticket", number=number, _anchor="last"))


def _find_ticket(number: int) -> Ticket:
    return _desk().ticket(number) or abort(404)


def _show_ticket(shown: Ticket, *, fields: Any = None, entered: str = "", problems: Any = None) -> str:
    is_saved = request.method == "GET" and request.args.get("saved") == "yes"
    fields = fields or shown.fields()
    return render_template(
        "ticket.html", ticket=shown, fields=fields, entered=entered, problems=problems or {}, is_saved=is_saved
    )


@pages.get("/tickets/new")
def new_ticket() -> str:
    """A form for what comes in by telephone."""
    return render_template("new_ticket.html", entered={"priority": "Normal"}, problems={})


@pages.post("/tickets/new")
def open_ticket() -> str | BaseResponse:
    """Take a new ticket."""
    checked = forms.read_ticket(request.form)
    if checked.problems:
        return render_template("new_ticket.html", entered=checked.value, problems=checked.problems)
    return redirect(url_for("pages.ticket", number=_desk().open_ticket(**checked.value).number))


# --- knowledge base ---------------------------------------------------------------------------------------------


@pages.get("/articles")
def articles() -> str:
    """Articles by words and category, `ARTICLES_PAGE` to a page."""
    words, category = tidy(request.args.get("q")), read_choice(request.args.get("category"), _desk().categories)
    page = asked_page(_desk().look_up(words, category), size=ARTICLES_PAGE)
    return render_template("articles.html", words=words, category=category, page=page)


@pages.get("/articles/<slug>")
def article(slug: str) -> str:
    """One article."""
    shown = _desk().article(slug) or abort(404)
    others = [other for other in _desk().look_up("", shown.category) if other != shown][:5]
    return render_template("article.html", article=shown, others=others)


# --- reports ----------------------------------------------------------------------------------------------------


@pages.get("/reports")
def reports() -> str:
    """Every month, the latest first, `REPORTS_PAGE` to a page."""
    latest_first = sorted(_desk().reports, key=lambda report: report.month, reverse=True)
    return render_template("reports.html", page=asked_page(latest_first, size=REPORTS_PAGE))


@pages.get("/reports/<month>")
def report(month: str) -> str:
    """One month, team by team."""
    return render_template("report.html", report=_find_report(month))


@pages.get("/reports/<month>/download")
def download(month: str) -> Response:
    """One month as a CSV file."""
    found = _find_report(month)
    named = {"Content-Disposition": f'attachment; filename="tickets-{found.month}.csv"'}
    return Response(found.csv(), mimetype="text/csv", headers=named)


def _find_report(month: str) -> Report:
    return _desk().report(month) or abort(404)


# --- settings ---------------------------------------------------------------------------------------------------


@pages.get("/settings")
def settings() -> str:
    """What the agent may choose."""
    return render_template("settings.html", entered=_desk().settings, problems={}, is_saved=False)


@pages.post("/settings")
def change_settings() -> str:
    """Take new settings."""
    checked = forms.read_settings(request.form)
    if not checked.problems:
        _desk().settings.update(checked.value)
    return render_template("settings.html", entered=checked.value, problems=checked.problems, is_saved=not checked.problems)
