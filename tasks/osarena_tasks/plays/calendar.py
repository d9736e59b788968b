"""Plays in the calendar of Northlight Architects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from osarena.players.screen import Screen
from osarena.tasks.model import play
from osarena_tasks.plays._chromium import choose, choose_next, fill, page_of, sign_in

_SITE = "Northlight Calendar"


@play
def meeting(
    screen: Screen,
    values: Mapping[str, Any],
    *,
    when: Literal["right", "without_guest", "later"] = "right",
    other_room: bool = False,
    forget_guest: bool = False,
    invite_stranger: bool = False,
    with_note: bool = True,
    again: bool = False,
    cancel_own: bool = False,
    decline: bool = True,
    digest: bool = False,
) -> None:
    """Look at the weeks of everybody and of the room, add the meeting, and decline the invitation."""
    plan = values["plan"]
    sign_in(screen, _SITE, plan["email"], plan["password"])
    week = date.fromisoformat(plan["times"]["right"]["day"]).isocalendar().week
    for name in plan["guests"]:
        _look_at_week(screen, name, week)
    page_of(screen, "").click("link", "Rooms")
    _look_at_next_week(screen, "Rooms", plan["room"], week)
    guests = plan["guests"][:-1] if forget_guest else plan["guests"]
    guests = [*guests, plan["stranger"]] if invite_stranger else guests
    room = plan["free_room"] if other_room else plan["room"]
    note = plan["note"] if with_note else ""
    for time in (when, "later") if again else (when,):
        own_week = _own_week(screen, week)
        if cancel_own:
            own_week.click("link", plan["own"])
            page_of(screen, plan["own"].split(": ")[1]).click("push button", "Cancel event")
            screen.wait_for("static", "This was cancelled.")
            own_week = _own_week(screen, week)
        _add(screen, own_week, plan, plan["times"][time], room=room, guests=guests, note=note)
    if decline:
        _decline(screen, plan, plan["invitation_day"])
    if digest:
        ask_for_digest(screen)


def _look_at_week(screen: Screen, name: str, week: int) -> None:
    page_of(screen, "").click("link", "People")
    page = page_of(screen, "People · ")
    fill(page, "Name or job", name)
    screen.press("enter")
    _look_at_next_week(screen, f"People with “{name}”", name, week)


def _look_at_next_week(screen: Screen, list_title: str, name: str, week: int) -> None:
    """Open somebody's week, or a room's, from a list, and go on to the next one."""
    page_of(screen, list_title).click("link", name)
    page_of(screen, f"{name}, week {week - 1},").click("link", "Next week")
    page_of(screen, f"{name}, week {week},").wait_for("heading", name)


def _own_week(screen: Screen, week: int) -> Screen:
    page_of(screen, "").click("link", "My week")
    page_of(screen, f"My week, week {week - 1},").click("link", "Next week")
    return page_of(screen, f"My week, week {week},")


def _add(
    screen: Screen,
    own_week: Screen,
    plan: Mapping[str, Any],
    time: Mapping[str, str],
    *,
    room: str,
    guests: Sequence[str],
    note: str,
) -> None:
    day = date.fromisoformat(time["day"])
    own_week.click("link", f"New event on {day:%A} {day.day} {day:%B %Y}")
    page = page_of(screen, "New event")
    fill(page, "Title", plan["title"])
    choose(page, "Starts", time["start"])
    choose_next(page, "Ends", time["end"])
    choose_next(page, "Room", room)
    for name in guests:
        page.click("check box", name)
    if note:
        fill(page, "Note", note)
    page.click("push button", "Save event")
    page_of(screen, plan["title"]).wait_for("heading", plan["title"])


def _decline(screen: Screen, plan: Mapping[str, Any], day: str) -> None:
    """Find the invitation by searching, and decline it."""
    fill(page_of(screen, ""), "Search my calendar", plan["invitation"])
    screen.press("enter")
    results = page_of(screen, f"Search for “{plan['invitation']}”")
    link = results.wait_until(
        lambda seen: next((node for node in seen.find_all("link") if node.name.endswith(f" {day}")), None),
        what=f"the invitation of {day}",
    )
    results.click("link", link.name)
    page_of(screen, link.name).click("push button", "Decline")
    screen.wait_until(lambda seen: any("has declined" in node.text for node in seen.find_all()), what="it to be declined")


def ask_for_digest(screen: Screen) -> None:
    """Switch the daily mail on, which nobody has asked for."""
    page_of(screen, "").click("link", "Settings")
    page = page_of(screen, "Settings · ")
    page.click("check box", "Send me my day at seven in the morning")
    page.click("push button", "Save settings")
    page.wait_for("static", "Your settings are saved.")
