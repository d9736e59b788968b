"""The timesheet that is filled in from the calendar: what its maker promises."""

from __future__ import annotations

import io
from datetime import date, timedelta
from random import Random

import openpyxl
import pytest

from osarena.tasks.values import plain_data
from osarena_tasks.makers.timesheets import week
from osarena_tasks.sites.calendar.agenda import Agenda, week_of

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@pytest.mark.parametrize("seed", range(12))
def test_hours_are_those_of_the_calendar_once_the_visit_has_its_project(seed: int) -> None:
    made = week(Random(seed))
    assert plain_data(made, "$") == made, "a maker returns plain data"
    assert week(Random(seed)) == made
    agenda = Agenda.from_data(made["data"])
    days = week_of((date.fromisoformat(agenda.today) - timedelta(days=7)).isoformat())
    hours: dict[tuple[str, str], float] = {}
    for event in agenda.of_person(agenda.me, days):
        project = made["project"] if str(event.id) == made["visit_number"] else event.project
        if project and event.takes_time_of(agenda.me):
            hours[project, event.day] = hours.get((project, event.day), 0) + (event.end - event.start) / 60
    assert made["hours"] == [[hours.get((project, day)) for day in days] for project in made["projects"]]
    visit = agenda.events[int(made["visit_number"])]
    assert (visit.title, DAYS[days.index(visit.day)], visit.project) == (made["visit"], made["visit_day"], "")
    assert [event.title for event in agenda.of_person(agenda.me, days)].count(made["visit"]) == 1
    fates = {(event.is_cancelled, event.guests.get(agenda.me)) for event in agenda.of_person(agenda.me, days) if event.project}
    assert fates == {(False, None), (True, None), (False, "no")}, "some of what has a project does not count"


def test_the_timesheet_has_projects_and_formulas_and_no_hours() -> None:
    made = week(Random(1))
    sheet = openpyxl.load_workbook(io.BytesIO(made["workbook"])).worksheets[0]
    assert [sheet.cell(row, 1).value for row in range(6, 11)] == made["projects"]
    assert [cell.value for cells in sheet[made["hours_area"]] for cell in cells] == [None] * 25
    assert [sheet[f"G{row}"].value for row in range(6, 11)] == [row[0] for row in made["formulas"][:5]]
