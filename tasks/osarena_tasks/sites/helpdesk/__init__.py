"""The service desk of Kestrel College: tickets, a knowledge base and monthly reports, behind a login.

`desk` keeps tickets and articles and knows nothing of the web, `forms` understands what is sent, `pages` are the routes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from osarena.sites import Site
from osarena.tasks.model import site
from osarena_tasks.sites._parts.login import Door
from osarena_tasks.sites.helpdesk.desk import Desk
from osarena_tasks.sites.helpdesk.pages import HelpdeskSite


@site
def helpdesk(data: Mapping[str, Any]) -> Site:
    """The desk of one episode, as `makers.helpdesk` describes it, with nobody signed in."""
    return HelpdeskSite(Desk.from_data(data), Door(**data["login"]))
