"""A meeting to be arranged in the calendar of Northlight Architects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from osarena.tasks.model import maker
from osarena_tasks.makers._office import (
    FROM,
    PROJECTS,
    ROOMS,
    UNTIL,
    Book,
    Event,
    Slot,
    clock,
    draw_people,
    in_words,
    overlap,
    site_data,
    told_by_site,
    working_days,
)

_MEETINGS = (
    ("Kick-off {project}", "Please bring the site plan and the list of open questions."),
    ("{project}: fire safety", "Agenda: escape routes, doors, the letter from the fire brigade."),
    ("{project}: choice of stone", "Samples are on the table from nine o'clock on."),
    ("{project}: costs after tender", "The spreadsheet is on the shared drive, folder 04."),
)
_INVITATIONS = ("Portfolio evening", "Material library tour", "Sketching hour")
_STEP = 30


@maker
def meeting(rng: Random) -> Mapping[str, Any]:
    """A calendar in which three colleagues, a room and I have one earliest time in common next week.

    Returns:
        `data`, what the site `calendar.calendar` starts from, and `email` and `password` to sign in with. What is asked for:
        `guests` (three names), `room`, `minutes`, `title`, `note`, `monday` and `friday` (in words), and `invitation` and
        `invitation_day` to be declined. What must be there in the end: `time`, `place`, `words`, `invitation_after`,
        `others` (events by number), `settings`; `invitation_number` is where the invitation is. Help for plays: `me`,
        `times` (the right one, and wrong ones: see `_Times`), `free_room` (another one, at the right time), `stranger`,
        `own` (how the week's page calls an event of mine).
    """
    people = draw_people(rng)
    me, *guests = rng.sample([person["name"] for person in people], 4)
    others = [person["name"] for person in people if person["name"] not in (me, *guests)]
    today = date(2025, 1, 14) + timedelta(weeks=rng.randrange(45), days=rng.randrange(3))
    days = working_days(today + timedelta(days=7))
    room, free_room = rng.sample([name for name, _, _ in ROOMS], 2)
    minutes = rng.choice((60, 90))
    times = _Times.draw(rng, days, minutes)
    book = Book(rng)
    invitations = _invite(book, me, others, today)
    for day in (*working_days(today), *days):
        for name in (me, *guests):
            book.fill(name, day, gaps=(0, 30, 60, 120), kept=times)
        for name in rng.sample(others, 4):
            book.fill(name, day, gaps=(60, 120, 180))
    book.work(guests[-1], times.without_guest)
    book.meet(times.without_room, room, others)
    book.book_rooms(days, others, kept={room: times, free_room: times})
    _spoil_earlier_times(book, times, days, [me, *guests], room)
    declined = rng.choice(invitations)
    title, note = rng.choice(_MEETINGS)
    title = title.format(project=rng.choice(PROJECTS))
    own = next(event for event in book.events if event["owner"] == me and event["day"] == days[0].isoformat())
    data = site_data(book, people, me, today)
    told = {str(event["id"]): told_by_site(event) for event in book.events}
    after = told[str(declined["id"])] | {"guests": {me: "no"}}
    return {
        "data": data,
        "email": data["login"]["email"],
        "password": data["login"]["password"],
        "guests": guests,
        "room": room,
        "minutes": minutes,
        "title": title,
        "note": note,
        "monday": in_words(days[0]),
        "friday": in_words(days[-1]),
        "invitation": declined["title"],
        "invitation_day": in_words(date.fromisoformat(declined["day"])),
        "time": _when(times.right),
        "place": {"room": room, "guests": dict.fromkeys(guests, "open")},
        "words": {"title": title, "note": note},
        "invitation_number": str(declined["id"]),
        "invitation_after": after,
        "others": {number: event for number, event in told.items() if number != str(declined["id"])},
        "settings": data["settings"],
        "me": me,
        "times": {name: _when(slot) for name, slot in times._asdict().items()},
        "free_room": free_room,
        "stranger": rng.choice(others),
        "own": f"{days[0]:%A} {clock(own['start'])} to {clock(own['end'])}: {own['title']}",
    }


class _Times(NamedTuple):
    """When the meeting can be, and when it cannot but seems so; each on another day."""

    without_room: Slot  # earlier, but the room is taken
    without_guest: Slot  # earlier, but the last guest is taken
    right: Slot
    later: Slot

    @classmethod
    def draw(cls, rng: Random, days: Sequence[date], minutes: int) -> _Times:
        """Four slots of that length."""
        starts = [rng.randrange(FROM, UNTIL - minutes + 1, _STEP) for _ in range(4)]
        chosen = sorted(rng.sample(list(days), 4))
        first, second, right, later = ((day, start, start + minutes) for day, start in zip(chosen, starts, strict=True))
        return cls(first, second, right, later) if rng.random() < 0.5 else cls(second, first, right, later)


def _spoil_earlier_times(book: Book, times: _Times, days: Sequence[date], names: Sequence[str], room: str) -> None:
    """Give somebody work wherever all and the room would be free before the right time."""
    minutes = times.right[2] - times.right[1]
    for day in days:
        for start in range(FROM, UNTIL - minutes + 1, _STEP):
            slot = (day, start, start + minutes)
            is_free = book.is_free(*slot, room=room) and all(book.is_free(*slot, name=name) for name in names)
            if slot < times.right and is_free:
                book.work(book.rng.choice(names), _without(slot, times))


def _without(slot: Slot, kept: Sequence[Slot]) -> Slot:
    """What of a slot does not lie in those that are kept, of which there is one a day."""
    day, start, end = slot
    for _, from_, until in (other for other in kept if overlap(slot, other)):
        start, end = (start, from_) if start < from_ else (until, end)
    return day, start, end


def _invite(book: Book, me: str, others: Sequence[str], today: date) -> list[Event]:
    """Three invitations of the same title in later weeks, none of them answered."""
    title, host = book.rng.choice(_INVITATIONS), book.rng.choice(others)
    days = [book.rng.choice(working_days(today + timedelta(weeks=week))) for week in (2, 3, 4)]
    return [book.add(host, title, day, 16 * 60 + 30, 18 * 60, guests={me: "open"}) for day in days]


def _when(slot: Slot) -> dict[str, str]:
    day, start, end = slot
    return {"day": day.isoformat(), "start": clock(start), "end": clock(end)}
