"""Understanding what was sent: values where it is right, words for the visitor where it is not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from osarena_tasks.sites._parts.forms import Checked, read_choice, tidy, tidy_lines
from osarena_tasks.sites.calendar.agenda import STEP, TIMES, Agenda, Event, clock

NOTE_LENGTH = 400
LENGTHS = ("30 minutes", "60 minutes", "90 minutes")
_TIMES = {clock(time): time for time in TIMES}


def read_day(text: str | None) -> str:
    """A day as an ISO date; nothing where it is none."""
    try:
        return date.fromisoformat(tidy(text)).isoformat()
    except ValueError:
        return ""


def read_event(sent: MultiDict[str, str], agenda: Agenda, number: int = 0) -> Checked[Event]:
    """A new event, or the event of that number as it is to be from now on."""
    start, end = _TIMES.get(sent.get("start", ""), 0), _TIMES.get(sent.get("end", ""), 0)
    known = {person.name for person in agenda.people} - {agenda.me}
    event = Event(
        id=number,
        title=tidy(sent.get("title")),
        day=read_day(sent.get("day")),
        start=start,
        end=end,
        owner=agenda.me,
        guests={name: "open" for name in sent.getlist("guest") if name in known},
        room=read_choice(sent.get("room"), [room.name for room in agenda.rooms]),
        project=read_choice(sent.get("project"), agenda.projects),
        note=tidy_lines(sent.get("note")),
        is_private=sent.get("private") == "yes",
    )
    return Checked(event, _problems(event))


def _problems(event: Event) -> dict[str, str]:
    problems = {}
    if not event.title:
        problems["title"] = "Give it a title."
    if not event.day:
        problems["day"] = "Write the day like 2025-03-10."
    elif date.fromisoformat(event.day).weekday() > 4:
        problems["day"] = "The office is closed on that day."
    if not (event.start and event.end):
        problems["start"] = "Choose when it starts and ends."
    elif event.end - event.start < STEP:
        problems["end"] = "It must end after it starts."
    if event.is_private and event.guests:
        problems["private"] = "A private event has no guests."
    if len(event.note) > NOTE_LENGTH:
        problems["note"] = f"A note has at most {NOTE_LENGTH} characters."
    return problems


def read_settings(sent: Mapping[str, str]) -> Checked[dict[str, Any]]:
    """What I have chosen for myself."""
    settings = {
        "length": read_choice(sent.get("length"), LENGTHS),
        "remind": sent.get("remind") == "yes",
        "digest": sent.get("digest") == "yes",
    }
    return Checked(settings, {} if settings["length"] else {"length": "Choose how long a meeting lasts."})
