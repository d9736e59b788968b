"""Who does what when and where, as one person of the office sees and changes it. No web in here.

Times of day are minutes after midnight. A person is named by the full name, a room by its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal

OPENS, CLOSES = 8 * 60, 18 * 60
STEP = 30
# Every time at which something may start or end.
TIMES = tuple(range(OPENS, CLOSES + STEP, STEP))

Answer = Literal["open", "yes", "no"]


class RefusalError(Exception):
    """The calendar cannot do that; the text is for whoever asked."""


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague."""

    name: str
    job: str
    telephone: str

    @property
    def slug(self) -> str:
        """How addresses of pages name them."""
        return slug_of(self.name)


@dataclass(frozen=True, slots=True)
class Room:
    """A room that can be booked."""

    name: str
    seats: int
    equipment: str

    @property
    def slug(self) -> str:
        """How addresses of pages name it."""
        return slug_of(self.name)


@dataclass(frozen=True, slots=True)
class Event:
    """Something in somebody's calendar; `guests` are the invited, with their answers."""

    id: int
    title: str
    day: str  # ISO
    start: int
    end: int
    owner: str
    guests: Mapping[str, Answer] = field(default_factory=dict)
    room: str = ""
    project: str = ""
    note: str = ""
    is_private: bool = False
    is_cancelled: bool = False

    def concerns(self, name: str) -> bool:
        """Whether it is in that person's calendar."""
        return name == self.owner or name in self.guests

    def takes_time_of(self, name: str) -> bool:
        """Whether that person is taken by it."""
        return not self.is_cancelled and (name == self.owner or self.guests.get(name, "no") != "no")

    def overlaps(self, day: str, start: int, end: int) -> bool:
        """Whether it takes place then, whole or in part."""
        return self.day == day and self.start < end and start < self.end

    def to_json(self) -> dict[str, Any]:
        """All of it but its number, with times as people write them."""
        told = asdict(self) | {"start": clock(self.start), "end": clock(self.end), "guests": dict(self.guests)}
        del told["id"]
        return told


@dataclass(slots=True)
class Agenda:
    """The office's calendar. `today` is an ISO date, `me` the name of whoever uses it."""

    people: tuple[Person, ...]
    rooms: tuple[Room, ...]
    projects: tuple[str, ...]
    events: dict[int, Event]
    me: str
    today: str
    settings: dict[str, Any]
    added: list[int] = field(default_factory=list)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Agenda:
        """The calendar that a maker described."""
        events = (Event(**event) for event in data["events"])
        return cls(
            people=tuple(Person(**person) for person in data["people"]),
            rooms=tuple(Room(**room) for room in data["rooms"]),
            projects=tuple(data["projects"]),
            events={event.id: event for event in events},
            me=data["me"],
            today=data["today"],
            settings=deepcopy(dict(data["settings"])),
        )

    def state(self) -> dict[str, Any]:
        """All that counts, as JSON: the `events` that were there by number, those `added` and not cancelled, and `settings`."""
        added = [event for event in map(self.events.__getitem__, self.added) if not event.is_cancelled]
        return {
            "events": {str(event.id): event.to_json() for event in self.events.values() if event.id not in self.added},
            "added": [event.to_json() for event in added],
            "added_count": len(added),
            "settings": deepcopy(self.settings),
        }

    # --- looking ------------------------------------------------------------------------------------------------

    def person(self, slug: str) -> Person | None:
        """The person at that address."""
        return next((person for person in self.people if person.slug == slug), None)

    def room(self, slug: str) -> Room | None:
        """The room at that address."""
        return next((room for room in self.rooms if room.slug == slug), None)

    def look_up(self, words: str) -> list[Person]:
        """The people whose name or job has all the words, by name."""
        sought = words.casefold().split()
        found = [person for person in self.people if all(word in f"{person.name} {person.job}".casefold() for word in sought)]
        return sorted(found, key=lambda person: person.name)

    def of_person(self, name: str, days: Sequence[str]) -> list[Event]:
        """What is in somebody's calendar on these days, by time."""
        return self._in_order(event for event in self.events.values() if event.day in days and event.concerns(name))

    def of_room(self, name: str, days: Sequence[str]) -> list[Event]:
        """What takes place in a room on these days, by time."""
        booked = (event for event in self.events.values() if event.day in days and event.room == name)
        return self._in_order(event for event in booked if not event.is_cancelled)

    def search(self, words: str) -> list[Event]:
        """The events in my calendar that have all the words, the earliest first."""
        sought = words.casefold().split()
        mine = (event for event in self.events.values() if event.concerns(self.me))
        return self._in_order(event for event in mine if all(word in _text(event) for word in sought))

    @staticmethod
    def _in_order(events: Any) -> list[Event]:
        return sorted(events, key=lambda event: (event.day, event.start, event.id))

    # --- changing -----------------------------------------------------------------------------------------------

    def add(self, event: Event) -> Event:
        """Put a new event into my calendar, under a number of its own.

        Raises:
            RefusalError: its room is taken.
        """
        self._require_free_room(event)
        event = replace(event, id=max(self.events, default=100) + 1, owner=self.me)
        self.events[event.id] = event
        self.added.append(event.id)
        return event

    def change(self, event: Event) -> None:
        """Replace one of my events; guests who stay keep their answers.

        Raises:
            RefusalError: it is not mine, or its room is taken.
        """
        before = self.events[event.id]
        if before.owner != self.me:
            raise RefusalError(f"Only {before.owner} can change this.")
        self._require_free_room(event)
        guests = {name: before.guests.get(name, "open") for name in event.guests}
        self.events[event.id] = replace(event, owner=self.me, guests=guests)

    def cancel(self, number: int) -> None:
        """Cancel one of my events; it stays in the calendar as cancelled.

        Raises:
            RefusalError: it is not mine.
        """
        event = self.events[number]
        if event.owner != self.me:
            raise RefusalError(f"Only {event.owner} can cancel this.")
        self.events[number] = replace(event, is_cancelled=True)

    def answer(self, number: int, answer: Answer) -> None:
        """Accept or decline an invitation.

        Raises:
            RefusalError: I am not invited.
        """
        event = self.events[number]
        if self.me not in event.guests:
            raise RefusalError("You are not invited to this.")
        self.events[number] = replace(event, guests={**event.guests, self.me: answer})

    def _require_free_room(self, event: Event) -> None:
        others = (other for other in self.of_room(event.room, [event.day]) if other.id != event.id)
        taken = next((other for other in others if event.room and other.overlaps(event.day, event.start, event.end)), None)
        if taken:
            raise RefusalError(f"{event.room} is taken from {clock(taken.start)} to {clock(taken.end)}.")


def slug_of(name: str) -> str:
    """A name as part of an address."""
    return name.lower().replace(" ", "-")


def clock(minutes: int) -> str:
    """A time of day as people write it, such as "09:30"."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def week_of(day: str) -> list[str]:
    """The five working days of the week in which a day lies, as ISO dates."""
    found = date.fromisoformat(day)
    monday = found - timedelta(days=found.weekday())
    return [(monday + timedelta(days=number)).isoformat() for number in range(5)]


def _text(event: Event) -> str:
    return " ".join([event.title, event.owner, event.room, event.project, event.note, *event.guests]).casefold()
