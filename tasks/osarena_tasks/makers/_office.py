"""Northlight Architects: its people, rooms and projects, and a calendar that fills up as makers draw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from osarena_tasks.makers._people import password

Event = dict[str, Any]
Slot = tuple[date, int, int]  # from minute to minute of a day

_FIRST_NAMES = (
    "Alma", "Benno", "Carla", "David", "Elena", "Franz", "Gesa", "Hanna", "Igor", "Jule", "Kofi", "Lucia", "Marek", "Nora",
    "Otto", "Paula", "Ravi", "Sonja", "Timo", "Vera",
)  # fmt: skip
_LAST_NAMES = ("Adler", "Brook", "Costa", "Dahl", "Ekberg", "Falk", "Gruber", "Holm", "Ito", "Jung", "Keller", "Lind", "Moreau")
_JOBS = ("Partner", "Architect", "Architect", "Architect", "Draughtsperson", "Interior designer", "Site manager", "Accounts")
ROOMS = (
    ("Attic", 6, "screen"),
    ("Harbour", 10, "projector, whiteboard"),
    ("Model room", 8, "cutting table"),
    ("Quay", 14, "projector, video conference"),
)
PROJECTS = (
    "Canal Baths", "Dyer Street School", "Elm Court Housing", "Ferry Terminal", "Granary Museum", "Hillside Clinic",
    "Iron Bridge Kiosk", "Kestrel Library",
)  # fmt: skip
_DESK_WORK = (
    "Façade drawings", "Call with the client", "Site visit", "Cost estimate", "Drawings review", "Window details",
    "Permit papers",
    "Call with the engineer", "Model photographs", "Tender documents",
)  # fmt: skip
_PRIVATE = ("Dentist", "Parents' evening", "Physiotherapy", "Bank")
_INTERNAL = ("Staff meeting", "Lunch talk", "Office inventory", "Coffee with the new intern")
# Between these times people meet.
FROM, UNTIL = 9 * 60, 17 * 60


@dataclass(slots=True)
class Book:
    """The calendar while it is being drawn."""

    rng: Random
    events: list[Event] = field(default_factory=list)

    def add(self, owner: str, title: str, day: date, start: int, end: int, **more: Any) -> Event:
        """An event under the next number."""
        event = {"id": 301 + len(self.events), "title": title, "day": day.isoformat(), "start": start, "end": end, "owner": owner}
        self.events.append(event | more)
        return self.events[-1]

    def is_free(self, day: date, start: int, end: int, *, name: str = "", room: str = "") -> bool:
        """Whether a person, or a room, has nothing then."""
        return not any(
            event["day"] == day.isoformat() and event["start"] < end and start < event["end"]
            for event in self.events
            if (name and name in (event["owner"], *event.get("guests", ()))) or (room and event.get("room") == room)
        )

    def fill(self, name: str, day: date, *, gaps: Sequence[int], kept: Sequence[Slot] = ()) -> None:
        """A person's day with work in it, gaps of some of these lengths between, and the slots that are kept free."""
        time = FROM - self.rng.choice((0, 30))
        while time < UNTIL:
            length = self.rng.choice((60, 60, 90, 120))
            slot = (day, time, time + length)
            if time + length <= UNTIL + 60 and self.is_free(*slot, name=name) and not any(overlap(slot, other) for other in kept):
                self.work(name, slot)
            time += length + self.rng.choice(gaps)

    def work(self, name: str, slot: Slot) -> None:
        """A person is busy with something."""
        is_private = self.rng.random() < 0.12
        self.add(name, self.rng.choice(_PRIVATE if is_private else _DESK_WORK), *slot, is_private=is_private)

    def book_rooms(self, days: Sequence[date], owners: Sequence[str], *, kept: Mapping[str, Sequence[Slot]]) -> None:
        """Meetings of people who are free for them, in every room but in the slots that are kept free in it."""
        for day in days:
            for room, _, _ in ROOMS:
                for time in sorted(self.rng.sample(range(FROM, UNTIL - 60, 60), 4)):
                    slot = (day, time, time + self.rng.choice((60, 60, 90)))
                    if self.is_free(*slot, room=room) and not any(overlap(slot, other) for other in kept.get(room, ())):
                        self.meet(slot, room, owners)

    def meet(self, slot: Slot, room: str, owners: Sequence[str]) -> None:
        """One of these people who is free has a meeting in a room."""
        free = [name for name in owners if self.is_free(*slot, name=name)]
        self.add(self.rng.choice(free or owners), self.rng.choice(PROJECTS), *slot, room=room)


def draw_people(rng: Random) -> list[dict[str, str]]:
    """Fifteen people, each with a first name of their own."""
    first_names = rng.sample(_FIRST_NAMES, 15)
    last_names = rng.choices(_LAST_NAMES, k=15)
    return [
        {"name": f"{first} {last}", "job": rng.choice(_JOBS), "telephone": str(rng.randint(200, 399))}
        for first, last in zip(first_names, last_names, strict=True)
    ]


def working_days(day: date) -> list[date]:
    """The five working days of the week in which a day lies."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=number) for number in range(5)]


def site_data(book: Book, people: list[dict[str, str]], me: str, today: date, *, is_signed_in: bool = False) -> dict[str, Any]:
    """What the site `calendar.calendar` starts from."""
    return {
        "login": {
            "email": f"{me.lower().replace(' ', '.')}@northlight.example",
            "password": password(book.rng),
            "is_open": is_signed_in,
        },
        "people": people,
        "rooms": [{"name": name, "seats": seats, "equipment": equipment} for name, seats, equipment in ROOMS],
        "projects": list(PROJECTS),
        "events": book.events,
        "me": me,
        "today": today.isoformat(),
        "settings": {"length": "60 minutes", "remind": True, "digest": False},
    }


def told_by_site(event: Event) -> Event:
    """An event as the site's state tells it."""
    rest: Event = {"guests": {}, "room": "", "project": "", "note": "", "is_private": False, "is_cancelled": False}
    told = rest | event | {"start": clock(event["start"]), "end": clock(event["end"])}
    return {key: value for key, value in told.items() if key != "id"}


def clock(minutes: int) -> str:
    """Minutes after midnight as people write them, such as "09:30"."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def in_words(day: date) -> str:
    """Such as "10 March 2025"."""
    return f"{day.day} {day:%B %Y}"


def overlap(one: Slot, other: Slot) -> bool:
    """Whether two slots have a moment in common."""
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]
