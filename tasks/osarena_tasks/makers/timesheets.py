"""A week in the calendar of Northlight Architects, and the timesheet that is to be filled in from it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from osarena.tasks.model import maker
from osarena_tasks.makers._archives import without_clock
from osarena_tasks.makers._office import (
    PROJECTS,
    UNTIL,
    Book,
    Event,
    clock,
    draw_people,
    in_words,
    site_data,
    told_by_site,
    working_days,
)

_WORK = ("Façade drawings", "Cost estimate", "Window details", "Permit papers", "Tender documents", "Call with the client")
_VISITS = ("Visit to the quarry", "Visit to the foundry", "Visit to the timber yard", "Visit to the glassworks")
_INTERNAL = ("Staff meeting", "Lunch talk", "Office inventory")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_FIRST_ROW = 6  # of the projects


@maker
def week(rng: Random) -> Mapping[str, Any]:
    """Last week's events, one of them without its project, and a timesheet with a row for each project and no hours yet.

    Returns:
        `data`, what the site `calendar.calendar` starts from with somebody signed in, and `workbook` (xlsx). What is asked
        for: `monday`, `friday` (in words), `visit`, `visit_day` and `project`. What must be there in the end: `hours` and
        `formulas` (rows of the areas `hours_area` and `formula_areas`), `rest` (rows of the sheet without these),
        `visit_after`, `others` (events by number), `kept` (the rest of the site's state); `visit_number` is where the visit
        is. Help for plays: `week`, `projects` (in the order of the rows), and how the week's page begins to call `another`
        event of mine and the `cancelled` one.
    """
    people = draw_people(rng)
    me, host, *others = rng.sample([person["name"] for person in people], 8)
    monday = date(2025, 1, 13) + timedelta(weeks=rng.randrange(45))
    days = working_days(monday)
    projects = sorted(rng.sample(PROJECTS, 5))
    book = Book(rng)
    visit = _fill_week(book, me, host, days, projects[:4] if rng.random() < 0.5 else projects[1:])
    for day in working_days(monday + timedelta(days=7)):
        book.fill(me, day, gaps=(60, 120, 180))
    for name in others:
        for day in days:
            book.fill(name, day, gaps=(30, 60, 120))
    project = rng.choice([found for event in book.events if (found := event.get("project"))])
    data = site_data(book, people, me, monday + timedelta(days=7), is_signed_in=True)
    told = {str(event["id"]): told_by_site(event) for event in book.events}
    number = str(visit["id"])
    another = next(event for event in book.events if event["owner"] == me and event.get("project", "") not in ("", project))
    booked = [event | {"project": project} if event is visit else event for event in book.events]
    last_row = _FIRST_ROW + len(projects) - 1
    head = _head(me, monday)
    return {
        "data": data,
        "workbook": _timesheet(head, projects),
        "monday": in_words(days[0]),
        "friday": in_words(days[-1]),
        "visit": visit["title"],
        "visit_day": f"{date.fromisoformat(visit['day']):%A}",
        "project": project,
        "hours": _hours(booked, me, days, projects),
        "hours_area": f"B{_FIRST_ROW}:F{last_row}",
        "formulas": _formulas(last_row),
        "formula_areas": [f"G{_FIRST_ROW}:G{last_row}", f"B{last_row + 1}:G{last_row + 1}"],
        "filled_area": f"B{_FIRST_ROW}:G{last_row + 1}",
        "rest": _rest(head, projects),
        "visit_number": number,
        "visit_after": told[number] | {"project": project},
        "others": {key: event for key, event in told.items() if key != number},
        "kept": {"added": [], "settings": data["settings"]},
        "week": monday.isocalendar().week,
        "projects": projects,
        "another": _label(another),
        "cancelled": next(_label(event) for event in book.events if event.get("is_cancelled")),
    }


def _fill_week(book: Book, me: str, host: str, days: Sequence[date], projects: Sequence[str]) -> Event:
    """My week: work on projects, and what does not count; returns the visit without a project."""
    rng = book.rng
    odd_days = rng.sample(list(days), 4)
    for day in days:
        time = rng.choice((8 * 60 + 30, 9 * 60))
        while time < UNTIL - 60:
            end = time + rng.choice((60, 90, 120, 150))
            book.add(me, rng.choice(_WORK), day, time, end, project=rng.choice(projects))
            time = end + rng.choice((0, 30, 60))
    cancelled, declined, private, internal = (_last_of(book, day) for day in odd_days)
    cancelled["is_cancelled"] = True
    declined |= {"owner": host, "guests": {me: "no"}}
    private |= {"title": "Dentist", "is_private": True, "project": ""}
    internal |= {"title": rng.choice(_INTERNAL), "project": ""}
    visit = next(event for event in book.events if event["day"] == odd_days[0].isoformat())
    visit |= {"title": rng.choice(_VISITS), "project": ""}
    return visit


def _last_of(book: Book, day: date) -> Event:
    return [event for event in book.events if event["day"] == day.isoformat()][-1]


def _label(event: Event) -> str:
    day = date.fromisoformat(event["day"])
    return f"{day:%A} {clock(event['start'])} to {clock(event['end'])}: {event['title']}"


def _hours(events: Sequence[Event], me: str, days: Sequence[date], projects: Sequence[str]) -> list[list[float | None]]:
    """My hours on each project (row) and day (column); `None` where there are none."""

    def hours(project: str, day: date) -> float | None:
        counted = [
            event["end"] - event["start"]
            for event in events
            if event["owner"] == me and event["day"] == day.isoformat() and event.get("project") == project
            if not event.get("is_cancelled")
        ]
        return sum(counted) / 60 or None

    return [[hours(project, day) for day in days] for project in projects]


def _head(me: str, monday: date) -> list[list[Any]]:
    """What stands above the projects."""
    week = monday.isocalendar().week
    # No text above the hours begins with a digit: Calc would complete what is typed from it.
    return [["Timesheet"], ["Name", me], ["Period", f"Week {week} of {monday.year}"], [], ["Project", *_DAYS, "Total"]]


def _formulas(last_row: int) -> list[list[str]]:
    rows = [[f"=SUM(B{row}:F{row})"] for row in range(_FIRST_ROW, last_row + 1)]
    return [*rows, [f"=SUM({column}{_FIRST_ROW}:{column}{last_row})" for column in "BCDEFG"]]


def _rest(head: Sequence[Sequence[Any]], projects: Sequence[str]) -> list[list[Any]]:
    """The sheet as rows of one width, without hours and formulas."""
    rows = [*head, *([project] for project in projects), ["Total"]]
    return [[*row, *([None] * (7 - len(row)))] for row in rows]


def _timesheet(head: Sequence[Sequence[Any]], projects: Sequence[str]) -> bytes:
    workbook = Workbook()
    sheet: Any = workbook.worksheets[0]
    sheet.title = "Timesheet"
    for cells in _rest(head, projects):
        sheet.append(cells)
    last_row = _FIRST_ROW + len(projects) - 1
    formulas = _formulas(last_row)
    for row, (formula,) in enumerate(formulas[:-1], start=_FIRST_ROW):
        sheet.cell(row, 7).value = formula
    for column, formula in enumerate(formulas[-1], start=2):
        sheet.cell(last_row + 1, column).value = formula
    _format(sheet, last_row)
    saved = io.BytesIO()
    workbook.save(saved)
    return without_clock(saved.getvalue())


def _format(sheet: Any, last_row: int) -> None:
    line = Side(style="thin", color="B7B7B7")
    sheet["A1"].font = Font(bold=True, size=16)
    for cells in sheet.iter_rows(min_row=_FIRST_ROW - 1, max_row=last_row + 1, max_col=7):
        for cell in cells:
            cell.border = Border(line, line, line, line)
            if cell.row in (_FIRST_ROW - 1, last_row + 1):
                cell.font = Font(bold=True)
                cell.fill = PatternFill("solid", fgColor="E9E1F2")
            if cell.column > 1:
                cell.alignment = Alignment(horizontal="right")
                cell.number_format = "0.0"
    for column, width in zip("ABCDEFG", (26, 12, 12, 12, 12, 12, 12), strict=True):
        sheet.column_dimensions[column].width = width
