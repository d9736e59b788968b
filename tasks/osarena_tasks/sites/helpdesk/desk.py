"""What has come in at the service desk, what is known there, and what its one agent has done. No web in here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Literal

STATUSES = ("New", "Open", "Waiting", "Solved")
PRIORITIES = ("Low", "Normal", "High", "Urgent")
TEAMS = ("Accounts", "Classrooms", "Hardware", "Network", "Printing", "Software")
# What of a ticket can be set on its page.
FIELDS = ("status", "priority", "team", "assignee")
MONTHS = "January February March April May June July August September October November December".split()

Order = Literal["newest", "oldest", "priority"]


@dataclass(frozen=True, slots=True)
class Message:
    """Something written on a ticket; an internal note is for the desk alone."""

    author: str
    at: str
    text: str
    is_internal: bool = False


@dataclass(slots=True)
class Ticket:
    """Something that somebody needs help with; `assignee` is empty while nobody has it."""

    number: int
    subject: str
    requester: str
    place: str
    opened: str
    status: str
    priority: str
    team: str
    assignee: str
    messages: list[Message]

    def fields(self) -> dict[str, str]:
        """What can be set, by name."""
        return {name: getattr(self, name) for name in FIELDS}

    def text(self) -> str:
        """All that a search looks at."""
        return " ".join(
            [str(self.number), self.subject, self.requester, self.place, *(message.text for message in self.messages)]
        )


@dataclass(frozen=True, slots=True)
class Article:
    """A page of the knowledge base: paragraphs, and perhaps a table with its headings in the first row."""

    slug: str
    title: str
    category: str
    updated: str
    paragraphs: Sequence[str]
    table: Sequence[Sequence[str]] = ()
    is_outdated: bool = False


@dataclass(frozen=True, slots=True)
class TeamMonth:
    """How one team did in a month."""

    team: str
    received: int
    solved: int
    in_time: int  # of those solved


@dataclass(frozen=True, slots=True)
class Report:
    """How all teams did in a month, such as "2025-03"."""

    month: str
    teams: Sequence[TeamMonth]

    @property
    def title(self) -> str:
        """The month in words."""
        return f"{MONTHS[int(self.month[5:]) - 1]} {self.month[:4]}"

    @property
    def received(self) -> int:
        """Tickets of all teams."""
        return sum(team.received for team in self.teams)

    @property
    def solved(self) -> int:
        """Solved tickets of all teams."""
        return sum(team.solved for team in self.teams)

    def csv(self) -> str:
        """The report as a file to be downloaded."""
        rows = [f"{team.team},{team.received},{team.solved},{team.in_time}" for team in self.teams]
        return "\n".join(["Team,Received,Solved,Solved in time", *rows, ""])


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of tickets should be narrowed to; empty values narrow nothing."""

    words: str = ""
    status: str = ""
    team: str = ""
    assignee: str = ""
    order: Order = "newest"


@dataclass(slots=True)
class Desk:
    """The desk with its tickets, articles and reports. `now` is the minute that it is there, all day long."""

    tickets: list[Ticket]
    articles: tuple[Article, ...]
    reports: tuple[Report, ...]
    agents: tuple[str, ...]
    me: str
    now: str
    settings: dict[str, Any]
    added: list[tuple[int, Message]] = field(default_factory=list)
    created: list[int] = field(default_factory=list)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Desk:
        """The desk that a maker described."""
        return cls(
            tickets=[
                Ticket(**{**ticket, "messages": [Message(**message) for message in ticket["messages"]]})
                for ticket in data["tickets"]
            ],
            articles=tuple(Article(**article) for article in data["articles"]),
            reports=tuple(Report(report["month"], [TeamMonth(**team) for team in report["teams"]]) for report in data["reports"]),
            agents=tuple(data["agents"]),
            me=data["me"],
            now=data["now"],
            settings=deepcopy(dict(data["settings"])),
        )

    def state(self) -> dict[str, Any]:
        """All that counts, as JSON.

        `tickets` are the fields of each by its number, `replies` what was written to each requester, `written` where
        something was written at all, `created` the numbers of new tickets, and `settings` the agent's own.
        """
        return {
            "tickets": {str(ticket.number): ticket.fields() for ticket in self.tickets},
            "replies": {str(ticket.number): "\n".join(self._replies(ticket.number)) for ticket in self.tickets},
            "written": sorted({(number, "note" if message.is_internal else "reply") for number, message in self.added}),
            "created": list(self.created),
            "settings": deepcopy(self.settings),
        }

    def _replies(self, number: int) -> list[str]:
        return [message.text for written_on, message in self.added if written_on == number and not message.is_internal]

    # --- looking ------------------------------------------------------------------------------------------------

    def ticket(self, number: int) -> Ticket | None:
        """The ticket with that number."""
        return next((ticket for ticket in self.tickets if ticket.number == number), None)

    def search(self, filters: Filters) -> list[Ticket]:
        """The tickets that have all the words and pass, in the order asked for."""
        words = filters.words.casefold().split()
        found = [ticket for ticket in self.tickets if _passes(ticket, filters) and _has_words(ticket.text(), words)]
        found.sort(key=lambda ticket: ticket.number, reverse=filters.order != "oldest")
        if filters.order == "priority":
            found.sort(key=lambda ticket: PRIORITIES.index(ticket.priority), reverse=True)
        return found

    def count(self, status: str) -> int:
        """How many tickets have that status."""
        return sum(ticket.status == status for ticket in self.tickets)

    @property
    def categories(self) -> list[str]:
        """Of articles, in alphabetical order."""
        return sorted({article.category for article in self.articles})

    def article(self, slug: str) -> Article | None:
        """The article at that address."""
        return next((article for article in self.articles if article.slug == slug), None)

    def look_up(self, words: str, category: str = "") -> list[Article]:
        """The articles that have all the words, by title."""
        sought = words.casefold().split()
        found = [article for article in self.articles if category in ("", article.category) and _knows(article, sought)]
        return sorted(found, key=lambda article: article.title)

    def report(self, month: str) -> Report | None:
        """The report of that month."""
        return next((report for report in self.reports if report.month == month), None)

    # --- working ------------------------------------------------------------------------------------------------

    def write(self, ticket: Ticket, text: str, *, is_internal: bool) -> None:
        """Write to the requester, or a note for the desk."""
        message = Message(self.me, self.now, text, is_internal)
        ticket.messages.append(message)
        self.added.append((ticket.number, message))

    def open_ticket(self, *, subject: str, requester: str, place: str, text: str, team: str, priority: str) -> Ticket:
        """Note down a ticket that came in by telephone."""
        ticket = Ticket(
            number=max(ticket.number for ticket in self.tickets) + 1,
            subject=subject,
            requester=requester,
            place=place,
            opened=self.now,
            status="New",
            priority=priority,
            team=team,
            assignee="",
            messages=[Message(requester, self.now, text)],
        )
        self.tickets.append(ticket)
        self.created.append(ticket.number)
        return ticket


def _passes(ticket: Ticket, filters: Filters) -> bool:
    wanted = {"status": filters.status, "team": filters.team, "assignee": filters.assignee}
    return all(value in ("", getattr(ticket, name)) for name, value in wanted.items())


def _knows(article: Article, words: Sequence[str]) -> bool:
    cells = [cell for row in article.table for cell in row]
    return _has_words(" ".join([article.title, article.category, *article.paragraphs, *cells]), words)


def _has_words(text: str, words: Sequence[str]) -> bool:
    text = text.casefold()
    return all(word in text for word in words)
