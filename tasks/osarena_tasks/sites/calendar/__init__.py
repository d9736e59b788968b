"""The calendar of the office Northlight Architects: everybody's weeks, rooms, invitations and search, behind a login.

`agenda` keeps people, rooms and events and knows nothing of the web, `forms` understands what is sent, `pages` are the routes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from osarena.sites import Site
from osarena.tasks.model import site
from osarena_tasks.sites._parts.login import Door
from osarena_tasks.sites.calendar.agenda import Agenda
from osarena_tasks.sites.calendar.pages import CalendarSite


@site
def calendar(data: Mapping[str, Any]) -> Site:
    """The calendar of one episode, as `makers.calendar` describes it."""
    return CalendarSite(Agenda.from_data(data), Door(**data["login"]))
