"""The service desk of Kestrel College on some morning: its tickets, articles and reports, and what is to be done there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from osarena.tasks.model import maker
from osarena_tasks.makers import _helpdesk as texts
from osarena_tasks.makers._people import names, password
from osarena_tasks.sites.helpdesk.desk import Desk
from osarena_tasks.sites.helpdesk.pages import REPORTS_PAGE

_FIELDS = ("status", "priority", "team", "assignee")
# How often a ticket has a status or a priority, as in a bag to draw from.
_STATUSES = ("New", "New", "Open", "Open", "Open", "Waiting", "Solved", "Solved", "Solved", "Solved")
_PRIORITIES = ("Low", "Normal", "Normal", "Normal", "High", "Urgent")
_TICKET_COUNT = 46
_REPORT_COUNT = 20
_TEAMS = tuple(texts.TICKETS)
_INTRANET = ("canteen", "timetable", "library", "rooms", "phonebook")
_BAR = "Bookmarks bar"
_DESK_URL = "http://desk.kestrel.example"
# What Chromium's preferences call "Open a specific page or set of pages" on start-up.
_OPEN_PAGES = 4

Ticket = dict[str, Any]
Place = tuple[str, str]  # building, room


@dataclass(slots=True)
class _Desk:
    """The desk while it is being drawn."""

    rng: Random
    now: datetime
    me: str
    agents: list[str]
    people: list[str]
    tickets: list[Ticket] = field(default_factory=list)

    def add(
        self,
        words: Sequence[str],
        place: Place,
        team: str,
        status: str,
        *,
        asker: str = "",
        days: int | None = None,
        answer: str = "",
    ) -> Ticket:
        """A ticket by `asker` or the next person, so many working days old; it is numbered later."""
        room = place[1]
        if days is None:
            days = self.rng.randint(0, 1) if status == "New" else self.rng.randint(0, 8)
        ticket = {
            "subject": words[0].format(room=room),
            "requester": asker or self.people.pop(),
            "place": ", ".join(place),
            "opened": _opening_hour(self.rng, self.now, days),
            "status": status,
            "priority": "Normal" if status == "New" else self.rng.choice(_PRIORITIES),
            "team": team,
            "assignee": "" if status == "New" else self.rng.choice(self.agents),
            "text": words[1].format(room=room),
            "answer": answer,
        }
        self.tickets.append(ticket)
        return ticket


@maker
def triage(rng: Random) -> Mapping[str, Any]:
    """A desk where a printer has broken down, about which some have written, one of them with a question.

    Returns:
        `data`, what the site `helpdesk.helpdesk` starts from, and `email` and `password` to sign in with. What is asked
        for: `building`, `room` (of the printer), `agent`, `asker`, `other_place` (where the asker wants to print). What must
        be there in the end: `triaged` and `others` (fields by ticket number), `question` (the number), `facts`,
        `written`. What must not be in the reply: `other_queues`. Help for plays: `to_do` (the numbers of new tickets about
        the printer), `in_hand` (one that is not new), `old_facts`, `article` and `old_article` (titles).
    """
    desk = _draw_desk(rng)
    building, other_building = rng.sample(list(texts.BUILDINGS), 2)
    room, other_room = rng.choice(list(texts.PRINTER_ROOMS)), rng.choice(list(texts.PRINTER_ROOMS))
    asker = desk.people.pop()
    asking = (texts.ASKING[0], texts.ASKING[1].format(room=room, other_building=other_building, other_room=other_room))
    wanted = [desk.add(words, (building, room), "Printing", "New", days=0) for words in rng.sample(texts.BROKEN[:4], 2)]
    question = desk.add(asking, (building, room), "Printing", "New", asker=asker, days=0)
    in_hand = desk.add(texts.IN_HAND[:2], (building, room), "Printing", "Open", days=1, answer=texts.IN_HAND[2])
    _add_decoys(desk, building, room, other_building)
    _add_everyday_tickets(desk)
    _number(desk)
    numbers = rng.sample(range(11, 99), 2 * len(texts.BUILDINGS) * len(texts.PRINTER_ROOMS))
    queues, old_queues = _queues(rng, numbers), _queues(rng, numbers)
    place = f"{other_building}, {other_room}"
    data = _data(desk, [_table_article(texts.PRINTERS, queues), _table_article(texts.OLD_PRINTERS, old_queues, is_old=True)])
    agent = rng.choice([name for name in desk.agents if name not in (desk.me, in_hand["assignee"])])
    fields = {str(ticket["number"]): {name: ticket[name] for name in _FIELDS} for ticket in desk.tickets}
    done = {"status": "Open", "priority": "High", "team": "Printing", "assignee": agent}
    triaged = {str(ticket["number"]): dict(done) for ticket in wanted}
    triaged[str(question["number"])] = done | {"status": "Waiting"}
    return {
        "data": data,
        **data["login"],
        "me": desk.me,
        "building": building,
        "room": room,
        "agent": agent,
        "asker": asker,
        "other_place": place,
        "other_building": other_building,
        "other_room": other_room,
        "to_do": sorted(triaged),
        "in_hand": str(in_hand["number"]),
        "question": str(question["number"]),
        "article": texts.PRINTERS[0],
        "old_article": texts.OLD_PRINTERS[0],
        "facts": list(queues[place]),
        "old_facts": list(old_queues[place]),
        "other_queues": [queue for at, (queue, _) in queues.items() if at not in (place, f"{building}, {room}")],
        "triaged": triaged,
        "others": {number: kept for number, kept in fields.items() if number not in triaged},
        "written": [[question["number"], "reply"]],
        "settings": data["settings"],
    }


@maker
def reports(rng: Random) -> Mapping[str, Any]:
    """A desk with reports of twenty months, and a browser that has some bookmarks already.

    Returns:
        `data`, what the site `helpdesk.helpdesk` starts from, `email` and `password` to sign in with, and `bookmarks_before`
        (the file of Chromium). What is asked for: `folder`. What must be there in the end: `bookmarks` (records),
        `downloads` (texts by file name), `start` (Chromium's preferences), `kept` (the site's state). Help for plays:
        `months` (titles of the three with the most tickets, that with the most first), `runner_up` (the fourth), and by
        title of a month `page_of` (the number of the page that lists it) and `file_of` (its name).
    """
    desk = _draw_desk(rng)
    _add_everyday_tickets(desk)
    _number(desk)
    data = _data(desk, [])
    site = Desk.from_data(data)
    latest_first = sorted(site.reports, key=lambda report: report.month, reverse=True)
    busiest = sorted(site.reports, key=lambda report: report.received, reverse=True)
    folder = rng.choice(("Busy months", "Board meeting", "Reports"))
    bookmarks = [
        {"folder": _BAR, "name": name.capitalize(), "url": f"http://{name}.kestrel.example/"} for name in rng.sample(_INTRANET, 3)
    ]
    wanted = [{"folder": f"{_BAR}/{folder}", "url": f"{_DESK_URL}/reports/{report.month}"} for report in busiest[:3]]
    return {
        "data": data,
        "email": data["login"]["email"],
        "password": data["login"]["password"],
        "folder": folder,
        "bookmarks_before": _bookmarks_file(bookmarks),
        "bookmarks": [*bookmarks, *wanted],
        "downloads": {f"tickets-{busiest[0].month}.csv": busiest[0].csv()},
        "kept": site.state(),
        "months": [report.title for report in busiest[:3]],
        "start": {"restore_on_startup": _OPEN_PAGES, "startup_urls": [f"{_DESK_URL}/reports"]},
        "runner_up": busiest[3].title,
        "file_of": {report.title: f"tickets-{report.month}.csv" for report in busiest},
        "page_of": {report.title: number // REPORTS_PAGE + 1 for number, report in enumerate(latest_first)},
    }


def _bookmarks_file(bookmarks: Sequence[Mapping[str, str]]) -> str:
    """Chromium's file of bookmarks with these on the bar."""
    marks = [
        {"id": str(number), "type": "url", "name": mark["name"], "url": mark["url"]}
        for number, mark in enumerate(bookmarks, start=5)
    ]
    roots = {
        "bookmark_bar": {"id": "1", "type": "folder", "name": "Bookmarks bar", "children": marks},
        "other": {"id": "2", "type": "folder", "name": "Other bookmarks", "children": []},
        "synced": {"id": "3", "type": "folder", "name": "Mobile bookmarks", "children": []},
    }
    return json.dumps({"version": 1, "roots": roots}, indent=3)


def _draw_desk(rng: Random) -> _Desk:
    """A desk without tickets, on a weekday morning."""
    day = datetime(2025, 1, 13) + timedelta(weeks=rng.randrange(40), days=rng.randrange(5))
    agents = rng.sample(texts.AGENTS, 5)
    people = names(rng, texts.FIRST_NAMES, texts.LAST_NAMES)
    return _Desk(rng, day + timedelta(hours=9, minutes=rng.randrange(10, 50)), rng.choice(agents), sorted(agents), people)


def _opening_hour(rng: Random, now: datetime, days: int) -> datetime:
    """A moment of an opening day so many working days ago, or of today before now."""
    day = now
    while days:
        day -= timedelta(days=1)
        days -= day.weekday() < 5
    opens = day.replace(hour=7, minute=30)
    closes = now - timedelta(minutes=5) if day == now else day.replace(hour=18, minute=0)
    return opens + timedelta(minutes=rng.randrange(int((closes - opens).total_seconds()) // 60))


def _add_decoys(desk: _Desk, building: str, room: str, other_building: str) -> None:
    """Tickets that look like those about the broken printer and are none to be touched."""
    (elsewhere,) = (other for other in texts.PRINTER_ROOMS if other != room)
    third = desk.rng.choice([name for name in texts.BUILDINGS if name not in (building, other_building)])
    desk.add(texts.DONE[:2], (building, room), "Printing", "Solved", days=6, answer=texts.DONE[2])
    desk.add(texts.BROKEN[4], (third, room), "Printing", "New")
    desk.add(desk.rng.choice(texts.TICKETS["Printing"][:2]), (building, elsewhere), "Printing", "New")
    desk.add(texts.TICKETS["Network"][0], (building, room), "Network", "New")
    desk.add(texts.TICKETS["Hardware"][5], (building, room), "Hardware", "New")


def _add_everyday_tickets(desk: _Desk) -> None:
    """What comes in on other days, from rooms without a printer."""
    everyday = [(team, words) for team, written in texts.TICKETS.items() for words in written]
    drawn = desk.rng.sample(everyday, len(everyday)) + desk.rng.sample(everyday, _TICKET_COUNT - len(everyday))
    for team, words in drawn:
        building = desk.rng.choice(list(texts.BUILDINGS))
        desk.add(words, (building, desk.rng.choice(texts.BUILDINGS[building][1])), team, desk.rng.choice(_STATUSES))


def _number(desk: _Desk) -> None:
    """Put the tickets in the order in which they came in, and number them."""
    desk.tickets.sort(key=lambda ticket: ticket["opened"])
    number = desk.rng.randrange(30_100, 48_000)
    for ticket in desk.tickets:
        number += desk.rng.randint(1, 4)
        ticket["number"] = number


def _queues(rng: Random, numbers: list[int]) -> dict[str, tuple[str, str]]:
    """Queue and server of each printer, by its place; `numbers` are used up."""
    return {
        f"{building}, {room}": (f"KC-{code}-{room_code}-{numbers.pop()}", f"prn{rng.randint(1, 9)}.kestrel.example")
        for building, (code, _) in texts.BUILDINGS.items()
        for room, room_code in texts.PRINTER_ROOMS.items()
    }


def _table_article(
    words: tuple[str, Sequence[str]], queues: Mapping[str, tuple[str, str]], *, is_old: bool = False
) -> dict[str, Any]:
    rows = [[place, queue, server] for place, (queue, server) in sorted(queues.items())]
    return _article(words, "Printing") | {"table": [["Printer", "Queue", "Server"], *rows], "is_outdated": is_old}


def _article(words: tuple[str, Sequence[str]], category: str) -> dict[str, Any]:
    title, paragraphs = words
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return {"slug": slug, "title": title, "category": category, "paragraphs": list(paragraphs)}


def _data(desk: _Desk, extra_articles: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the site starts from."""
    rng = desk.rng
    articles = [_article(words, category) for category, written in texts.ARTICLES.items() for words in written]
    articles += extra_articles
    days = rng.sample(range(20, 900), len(articles))
    for article, age in zip(articles, days, strict=True):
        article["updated"] = (desk.now - timedelta(days=age)).date().isoformat()
    first, _, last = desk.me.lower().partition(" ")
    return {
        "login": {"email": f"{first}.{last}@kestrel.example", "password": password(rng)},
        "me": desk.me,
        "now": _said(desk.now),
        "agents": desk.agents,
        "tickets": [_told(desk, ticket) for ticket in desk.tickets],
        "articles": articles,
        "reports": _reports(rng, desk.now),
        "settings": {"signature": texts.SIGNATURE.format(name=desk.me), "notify_new": False, "notify_replies": True},
    }


def _told(desk: _Desk, ticket: Ticket) -> dict[str, Any]:
    """A ticket as the site takes it, with what was written on it so far."""
    opened: datetime = ticket["opened"]
    messages = [{"author": ticket["requester"], "at": _said(opened), "text": ticket["text"]}]
    answer = ticket["answer"] or ("Thank you, we are looking into it." if ticket["status"] != "New" else "")
    if answer:
        at = min(opened + timedelta(minutes=desk.rng.randint(15, 300)), desk.now - timedelta(minutes=2))
        messages.append({"author": ticket["assignee"], "at": _said(at), "text": answer})
    kept = {key: ticket[key] for key in ("number", "subject", "requester", "place", *_FIELDS)}
    return kept | {"opened": _said(opened), "messages": messages}


def _said(moment: datetime) -> str:
    return f"{moment:%a} {moment.day} {moment:%b}, {moment:%H:%M}"


def _reports(rng: Random, now: datetime) -> list[dict[str, Any]]:
    """The reports of past months, the latest last; no two months have as many tickets."""
    months = [divmod(now.year * 12 + now.month - 2 - age, 12) for age in reversed(range(_REPORT_COUNT))]
    reports = []
    totals: set[int] = set()
    for year, month in months:
        teams = [_team_month(rng, team) for team in _TEAMS]
        while sum(team["received"] for team in teams) in totals:
            teams[0]["received"] += 1
        totals.add(sum(team["received"] for team in teams))
        reports.append({"month": f"{year}-{month + 1:02}", "teams": teams})
    return reports


def _team_month(rng: Random, team: str) -> dict[str, Any]:
    received = rng.randint(40, 190)
    solved = received - rng.randint(0, received // 6)
    return {"team": team, "received": received, "solved": solved, "in_time": solved - rng.randint(0, solved // 4)}
