"""Understanding what the desk's agent sent: values where it is right, words for the agent where it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from osarena_tasks.sites._parts.forms import Checked, read_choice, tidy, tidy_lines
from osarena_tasks.sites.helpdesk.desk import PRIORITIES, STATUSES, TEAMS, Filters, Order

REPLY_LENGTH = 2000
_NEEDED = {"subject": "Subject", "requester": "Requester", "place": "Place", "text": "What is wrong"}


def read_filters(sent: Mapping[str, str], agents: Sequence[str]) -> Filters:
    """The filters in an address's query; what is not known narrows nothing."""
    orders: dict[str, Order] = {"oldest": "oldest", "priority": "priority"}
    return Filters(
        words=tidy(sent.get("q")),
        status=read_choice(sent.get("status"), STATUSES),
        team=read_choice(sent.get("team"), TEAMS),
        assignee=read_choice(sent.get("assignee"), agents),
        order=orders.get(sent.get("sort", ""), "newest"),
    )


def read_fields(sent: Mapping[str, str], agents: Sequence[str]) -> Checked[dict[str, str]]:
    """The fields of a ticket. One that is being worked on needs somebody who does it."""
    fields = {
        "status": read_choice(sent.get("status"), STATUSES),
        "priority": read_choice(sent.get("priority"), PRIORITIES),
        "team": read_choice(sent.get("team"), TEAMS),
        "assignee": read_choice(sent.get("assignee"), agents),
    }
    problems = {name: f"Choose a {name}." for name in ("status", "priority", "team") if not fields[name]}
    if fields["status"] in ("Open", "Waiting") and not fields["assignee"]:
        problems["assignee"] = f"A ticket that is {fields['status'].lower()} needs an assignee."
    return Checked(fields, problems)


def read_reply(sent: Mapping[str, str]) -> Checked[str]:
    """What is to be written on a ticket."""
    text = tidy_lines(sent.get("text"))
    problems = {} if text else {"text": "Write something first."}
    if len(text) > REPLY_LENGTH:
        problems["text"] = f"A reply has at most {REPLY_LENGTH} characters."
    return Checked(text, problems)


def read_ticket(sent: Mapping[str, str]) -> Checked[dict[str, str]]:
    """A ticket that came in by telephone."""
    ticket = {name: tidy(sent.get(name)) for name in _NEEDED}
    problems = {name: f"{label} is missing." for name, label in _NEEDED.items() if not ticket[name]}
    ticket |= {
        "team": read_choice(sent.get("team"), TEAMS),
        "priority": read_choice(sent.get("priority"), PRIORITIES),
    }
    if not ticket["team"]:
        problems["team"] = "Choose a team."
    if not ticket["priority"]:
        problems["priority"] = "Choose a priority."
    return Checked(ticket, problems)


def read_settings(sent: Mapping[str, str]) -> Checked[dict[str, Any]]:
    """The agent's own settings."""
    settings: dict[str, Any] = {
        "signature": tidy_lines(sent.get("signature")),
        "notify_new": sent.get("notify_new") == "yes",
        "notify_replies": sent.get("notify_replies") == "yes",
    }
    return Checked(settings, {} if settings["signature"] else {"signature": "A reply needs a signature."})
