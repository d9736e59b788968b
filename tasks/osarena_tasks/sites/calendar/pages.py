"""The pages of the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from osarena_tasks.sites._parts import web
from osarena_tasks.sites._parts.forms import tidy
from osarena_tasks.sites._parts.login import Door, put_door
from osarena_tasks.sites._parts.paging import asked_page
from osarena_tasks.sites.calendar import forms
from osarena_tasks.sites.calendar.agenda import OPENS, TIMES, Agenda, Event, RefusalError, clock, week_of

PEOPLE_PAGE = 8
RESULTS_PAGE = 8

pages = Blueprint("pages", __name__)


class CalendarSite:
    """The calendar as a site: a web application and the state behind it."""

    def __init__(self, agenda: Agenda, door: Door) -> None:
        self._agenda = agenda
        self.wsgi = create_app(agenda, door)

    def state(self) -> dict[str, Any]:
        """What is in the calendar now (see `Agenda.state`)."""
        return self._agenda.state()


def create_app(agenda: Agenda, door: Door) -> Flask:
    """The web application over a calendar."""
    app = web.create_app(__name__, "Northlight Calendar", agenda, pages, common=_common)
    put_door(app, door)
    app.jinja_env.filters |= {"clock": clock, "weekday": weekday, "long_day": long_day}
    return app


def weekday(day: str) -> str:
    """Such as "Monday"."""
    return f"{date.fromisoformat(day):%A}"


def long_day(day: str) -> str:
    """Such as "Monday 10 March 2025"."""
    found = date.fromisoformat(day)
    return f"{found:%A} {found.day} {found:%B %Y}"


def _agenda() -> Agenda:
    agenda: Agenda = current_app.extensions["state"]
    return agenda


def _common() -> dict[str, Any]:
    return {"agenda": _agenda(), "is_in": current_app.extensions["door"].is_open, "opens": OPENS, "times": TIMES}


# --- weeks ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Week:
    """Five days of somebody or something, with what happens on each."""

    days: Sequence[str]
    events: Sequence[Event]
    viewer: str  # whoever looks
    person: str = ""  # whose week it is, where it is a person's

    @property
    def title(self) -> str:
        """The number of the week and its first and last day."""
        first, last = (date.fromisoformat(self.days[index]) for index in (0, -1))
        return f"Week {first.isocalendar().week}, {first.day} {first:%B} to {last.day} {last:%B %Y}"

    @property
    def before(self) -> str:
        """A day of the week before."""
        return (date.fromisoformat(self.days[0]) - timedelta(days=7)).isoformat()

    @property
    def after(self) -> str:
        """A day of the week after."""
        return (date.fromisoformat(self.days[0]) + timedelta(days=7)).isoformat()

    def on(self, day: str) -> list[Event]:
        """What happens on a day; what others have declined or cancelled is nobody's business."""
        seen = (event for event in self.events if event.day == day)
        return [event for event in seen if event.concerns(self.viewer) or not self.person or event.takes_time_of(self.person)]

    def name_of(self, event: Event) -> str:
        """What the viewer may know of it."""
        return "Busy" if event.is_private and not event.concerns(self.viewer) else event.title

    def fate_of(self, event: Event) -> str:
        """Whether it was cancelled, declined or not yet answered, in a word."""
        if event.is_cancelled:
            return "cancelled"
        return {"no": "declined", "open": "not answered"}.get(event.guests.get(self.person, ""), "")


def _asked_week() -> list[str]:
    return week_of(forms.read_day(request.args.get("of")) or _agenda().today)


@pages.get("/")
def home() -> str:
    """My week."""
    agenda, days = _agenda(), _asked_week()
    return render_template("week.html", week=Week(days, agenda.of_person(agenda.me, days), agenda.me, agenda.me), whose="My week")


@pages.get("/people")
def people() -> str:
    """Everybody by name, `PEOPLE_PAGE` to a page."""
    words = tidy(request.args.get("q"))
    return render_template("people.html", words=words, page=asked_page(_agenda().look_up(words), size=PEOPLE_PAGE))


@pages.get("/people/<slug>")
def person(slug: str) -> str:
    """A colleague's week."""
    agenda, days = _agenda(), _asked_week()
    shown = agenda.person(slug) or abort(404)
    week = Week(days, agenda.of_person(shown.name, days), agenda.me, shown.name)
    return render_template("week.html", week=week, whose=shown.name, facts=f"{shown.job}, telephone {shown.telephone}")


@pages.get("/rooms")
def rooms() -> str:
    """Every room."""
    return render_template("rooms.html")


@pages.get("/rooms/<slug>")
def room(slug: str) -> str:
    """A room's week."""
    agenda, days = _agenda(), _asked_week()
    shown = agenda.room(slug) or abort(404)
    facts = f"{shown.seats} seats, {shown.equipment}"
    return render_template(
        "week.html", week=Week(days, agenda.of_room(shown.name, days), agenda.me), whose=shown.name, facts=facts
    )


@pages.get("/search")
def search() -> str:
    """What is in my calendar with these words, `RESULTS_PAGE` to a page."""
    words = tidy(request.args.get("q"))
    agenda = _agenda()
    page = asked_page(agenda.search(words) if words else [], size=RESULTS_PAGE)
    return render_template("search.html", words=words, page=page, week=Week([], [], agenda.me, agenda.me))


# --- events -----------------------------------------------------------------------------------------------------


@pages.get("/events/<int:number>")
def event(number: int) -> str:
    """One event."""
    return _show_event(_find_event(number))


@pages.post("/events/<int:number>")
def act(number: int) -> str | Response:
    """Cancel it, or answer the invitation to it."""
    shown = _find_event(number)
    try:
        match request.form.get("do"):
            case "cancel":
                _agenda().cancel(number)
            case "yes":
                _agenda().answer(number, "yes")
            case "no":
                _agenda().answer(number, "no")
    except RefusalError as refusal:
        return _show_event(shown, str(refusal))
    return redirect(url_for("pages.event", number=number))


@pages.get("/events/new")
def new_event() -> str:
    """A form for a new event, perhaps for a day."""
    day = forms.read_day(request.args.get("day"))
    return _event_form(Event(0, "", day, 0, 0, _agenda().me), {})


@pages.post("/events/new")
def add_event() -> str | Response:
    """Take a new event."""
    checked = forms.read_event(request.form, _agenda())
    if checked.problems:
        return _event_form(checked.value, checked.problems)
    try:
        added = _agenda().add(checked.value)
    except RefusalError as refusal:
        return _event_form(checked.value, {"room": str(refusal)})
    return redirect(url_for("pages.event", number=added.id))


@pages.get("/events/<int:number>/edit")
def edit(number: int) -> str:
    """A form for an event that is there."""
    return _event_form(_find_event(number), {})


@pages.post("/events/<int:number>/edit")
def change_event(number: int) -> str | Response:
    """Take the changes to an event."""
    before = _find_event(number)
    checked = forms.read_event(request.form, _agenda(), number)
    changed = replace(checked.value, is_cancelled=before.is_cancelled)
    if checked.problems:
        return _event_form(changed, checked.problems)
    try:
        _agenda().change(changed)
    except RefusalError as refusal:
        return _event_form(changed, {"room": str(refusal)})
    return redirect(url_for("pages.event", number=number))


def _find_event(number: int) -> Event:
    found = _agenda().events.get(number)
    is_hidden = found is not None and found.is_private and not found.concerns(_agenda().me)
    return abort(404) if found is None or is_hidden else found


def _show_event(shown: Event, problem: str = "") -> str:
    return render_template("event.html", event=shown, problem=problem)


def _event_form(entered: Event, problems: Any) -> str:
    return render_template("event_form.html", entered=entered, problems=problems, note_length=forms.NOTE_LENGTH)


# --- settings ---------------------------------------------------------------------------------------------------


@pages.get("/settings")
def settings() -> str:
    """What I may choose for myself."""
    return _settings_page(_agenda().settings, {})


@pages.post("/settings")
def change_settings() -> str:
    """Take new settings."""
    checked = forms.read_settings(request.form)
    if not checked.problems:
        _agenda().settings.update(checked.value)
    return _settings_page(checked.value, checked.problems, is_saved=not checked.problems)


def _settings_page(entered: Any, problems: Any, *, is_saved: bool = False) -> str:
    return render_template("settings.html", entered=entered, problems=problems, is_saved=is_saved, lengths=forms.LENGTHS)
