"""Plays that fill in a timesheet in Calc from the calendar of Northlight Architects."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Literal

from osarena.players.screen import Screen
from osarena.tasks.model import play
from osarena_tasks.plays._chromium import choose, page_of
from osarena_tasks.plays._libreoffice import close, save_as, save_in_its_format, window_of
from osarena_tasks.plays._thunar import open_item, window_of_folder
from osarena_tasks.plays.calendar import ask_for_digest

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
# How the page of a week calls an event that counts: one with a project, and nothing after it.
_EVENT = re.compile(r"^(?P<day>\w+) (?P<start>[\d:]+) to (?P<end>[\d:]+): (?P<title>[^,]*), (?P<project>[^,]+)(?P<fate>, .*)?$")


@play
def fill_in(
    screen: Screen,
    values: Mapping[str, Any],
    *,
    book_visit: bool = True,
    read_first: bool = False,
    count_cancelled: bool = False,
    book_another: bool = False,
    digest: bool = False,
    totals: Literal["formulas", "numbers"] = "formulas",
    signature: str = "",
    copy_as: str = "",
) -> None:
    """Book the visit on its project, read the week, and type the hours into the timesheet."""
    sheet = values["sheet"]
    page_of(screen, "My week").click("link", "Previous week")
    hours = _read_hours(_week(screen, sheet), sheet, count_cancelled=count_cancelled) if read_first else sheet["hours"]
    if book_visit:
        _book(screen, _week(screen, sheet), f": {sheet['visit']}", sheet["project"])
        hours = hours if read_first else _read_hours(_week(screen, sheet), sheet, count_cancelled=count_cancelled)
    if book_another:
        _book(screen, _week(screen, sheet), sheet["another"], sheet["project"])
    if digest:
        ask_for_digest(screen)
    screen.hotkey("alt", "tab")
    folder = window_of_folder(screen, values["folder"])
    screen.wait_for_window(f"{values['folder']} - Thunar")
    open_item(screen, folder, values["file"])
    _type_hours(screen, values["file"], hours)
    if totals == "numbers":
        _type_totals(screen, hours)
    if signature:
        screen.hotkey("ctrl", "end")
        screen.press("down", 2)
        screen.type(f"{signature}\n")
    save_in_its_format(screen, values["file"])
    if copy_as:
        save_as(screen, copy_as)
        close(screen, copy_as)
    else:
        close(screen, values["file"])


def _week(screen: Screen, sheet: Mapping[str, Any]) -> Screen:
    """The page of last week, once it is loaded."""
    page = page_of(screen, f"My week, week {sheet['week']},")
    page.wait_for("heading", "My week")
    return page


def _book(screen: Screen, week: Screen, event: str, project: str) -> None:
    """Put an event on a project, and come back to the week."""
    week.click("link", re.compile(re.escape(event)))
    event_page = page_of(screen, event.rpartition(": ")[2])
    event_page.click("link", "Edit")
    form = page_of(screen, "Edit event")
    choose(form, "Project", project)
    form.click("push button", "Save event")
    event_page.wait_for("link", "Edit")
    screen.click_on(event_page.find_all("link", "My week")[-1])  # the one to the week of the event


def _read_hours(week: Screen, sheet: Mapping[str, Any], *, count_cancelled: bool) -> list[list[float]]:
    """The hours on each project and day, as the page of the week shows them."""
    hours = {project: [0.0] * len(_DAYS) for project in sheet["projects"]}
    for found in filter(None, (_EVENT.match(link.name) for link in week.find_all("link"))):
        is_off = found["fate"] and not (count_cancelled and "cancelled" in found["fate"])
        if found["day"] in _DAYS and not is_off:
            hours[found["project"]][_DAYS.index(found["day"])] += _minutes(found["end"]) / 60 - _minutes(found["start"]) / 60
    return list(hours.values())


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)


def _type_hours(screen: Screen, file: str, hours: Sequence[Sequence[float | None]]) -> None:
    """Type the rows below the headings; Enter after a row of Tabs goes to the start of the next."""
    window_of(screen, file).wait_for("table")
    screen.hotkey("ctrl", "home")
    screen.press("down", 5)
    screen.press("right")
    for row in hours:
        _type_row(screen, [f"{number:g}" if number else "" for number in row])


def _type_row(screen: Screen, cells: list[str]) -> None:
    """Type a row and go to the next. Calc takes Tabs that are typed in one go for a single one, but not those pressed."""
    while cells and not cells[-1]:
        cells.pop()
    for is_empty, run in groupby(cells, key=lambda cell: not cell):
        if is_empty:
            screen.press("tab", len(list(run)))
        else:
            screen.type("\t".join(run) + "\t")
    screen.press("enter")


def _type_totals(screen: Screen, hours: Sequence[Sequence[float | None]]) -> None:
    """Type the sums of the rows over their formulas."""
    screen.hotkey("ctrl", "home")
    screen.press("down", 5)
    screen.press("right", 6)
    screen.type("".join(f"{sum(number or 0 for number in row):g}\n" for row in hours))
