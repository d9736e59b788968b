"""The calendar's pages, rules and state, and the makers that fill it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient

from osarena.sites import Site
from osarena.tasks.values import plain_data
from osarena_tasks.makers.calendar import meeting
from osarena_tasks.sites._parts.login import Door
from osarena_tasks.sites.calendar import calendar
from osarena_tasks.sites.calendar.agenda import Agenda, week_of
from osarena_tasks.sites.calendar.pages import create_app
from tests.support.webpages import unlabelled_inputs

SEEDS = range(12)


@pytest.fixture
def made() -> Any:
    return meeting(Random(3))


@pytest.fixture
def agenda(made: Any) -> Agenda:
    return Agenda.from_data(made["data"])


@pytest.fixture
def client(agenda: Agenda, made: Any) -> FlaskClient:
    client = create_app(agenda, Door(**made["data"]["login"])).test_client()
    client.post("/login", data={"email": made["email"], "password": made["password"]})
    return client


def entered(made: Any, **differences: Any) -> dict[str, Any]:
    asked = {"title": made["title"], "note": made["note"], "room": made["room"], "guest": made["guests"], **made["time"]}
    return asked | differences


def test_it_is_a_site_with_a_door(made: Any, agenda: Agenda) -> None:
    assert isinstance(calendar(made["data"]), Site)
    stranger = create_app(agenda, Door(**made["data"]["login"])).test_client()
    assert stranger.get("/people").status_code == 302


@pytest.mark.parametrize("url", ["/", "/people", "/rooms", "/search?q=review", "/events/new", "/settings"])
def test_pages_have_a_heading_and_labels(client: FlaskClient, url: str) -> None:
    page = client.get(url).text
    assert "Northlight Calendar</title>" in page
    assert "<h1>" in page
    assert unlabelled_inputs(page) == []


def test_weeks_follow_each_other(client: FlaskClient, agenda: Agenda) -> None:
    first = client.get("/").text
    following = re.search(r'href="(\?of=[^"]+)">Next week', first)
    assert following
    next_monday = week_of((date.fromisoformat(agenda.today) + timedelta(days=7)).isoformat())[0]
    assert following.group(1) == f"?of={next_monday}"
    assert f"week {date.fromisoformat(next_monday).isocalendar().week}," in client.get(f"/{following.group(1)}").text
    assert client.get("/?of=nonsense").text == first


def test_a_week_shows_what_happens_and_hides_what_is_private(client: FlaskClient, agenda: Agenda, made: Any) -> None:
    private = next(event for event in agenda.events.values() if event.is_private and event.owner == made["guests"][0])
    page = client.get(f"/people/{private.owner.lower().replace(' ', '-')}?of={private.day}").text
    shown = [event for event in agenda.of_person(private.owner, week_of(private.day)) if not event.is_private]
    assert shown
    assert all(f"/events/{event.id}" in page for event in shown)
    assert ": Busy" in page
    assert private.title not in page
    assert client.get(f"/events/{private.id}").status_code == 404


def test_a_meeting_is_booked_as_wanted_and_shows_in_every_week(client: FlaskClient, agenda: Agenda, made: Any) -> None:
    before = agenda.state()
    client.post("/events/new", data=entered(made))
    state = agenda.state()
    (added,) = state["added"]
    assert {key: added[key] for key in made["time"]} == made["time"]
    assert {key: added[key] for key in made["place"]} == made["place"]
    assert {key: added[key] for key in made["words"]} == made["words"]
    assert state["added_count"] == 1
    assert state["events"] == before["events"]
    for place in ("", *(f"people/{name.lower().replace(' ', '-')}" for name in made["guests"])):
        assert made["title"] in client.get(f"/{place}?of={made['time']['day']}").text.replace("&#39;", "'")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": " "}, "Give it a title."),
        ({"day": "10 March"}, "Write the day like"),
        ({"day": "2025-03-08"}, "The office is closed"),
        ({"start": "10:10"}, "Choose when it starts"),
        ({"start": "11:00", "end": "10:30"}, "It must end after it starts."),
        ({"private": "yes"}, "A private event has no guests."),
        ({"note": "x" * 401}, "at most 400"),
    ],
)
def test_events_are_checked(client: FlaskClient, agenda: Agenda, made: Any, wrong: dict[str, str], words: str) -> None:
    page = client.post("/events/new", data=entered(made, **wrong)).text
    assert words in page
    assert agenda.state()["added"] == []


def test_a_taken_room_is_refused(client: FlaskClient, agenda: Agenda, made: Any) -> None:
    page = client.post("/events/new", data=entered(made, **made["times"]["without_room"])).text
    assert f"{made['room']} is taken from" in page
    assert agenda.state()["added"] == []


def test_own_events_can_be_changed_and_cancelled_and_others_not(client: FlaskClient, agenda: Agenda, made: Any) -> None:
    client.post("/events/new", data=entered(made))
    number = max(agenda.events)
    client.post(f"/events/{number}/edit", data=entered(made, title="Later", guest=made["guests"][:1]))
    (added,) = agenda.state()["added"]
    assert (added["title"], list(added["guests"])) == ("Later", made["guests"][:1])
    client.post(f"/events/{number}", data={"do": "cancel"})
    assert agenda.state()["added"] == []
    other = next(event for event in agenda.events.values() if event.owner == made["guests"][0] and not event.is_private)
    assert f"Only {other.owner} can cancel this." in client.post(f"/events/{other.id}", data={"do": "cancel"}).text
    assert not agenda.events[other.id].is_cancelled


def test_invitations_are_found_and_answered(client: FlaskClient, agenda: Agenda, made: Any) -> None:
    url = f"/events/{made['invitation_number']}"
    assert url in client.get(f"/search?q={made['invitation'].upper()}").text
    client.post(url, data={"do": "no"})
    assert agenda.state()["events"][made["invitation_number"]] == made["invitation_after"]
    assert "declined" in client.get(f"/search?q={made['invitation']}").text
    own = next(event for event in agenda.events.values() if event.owner == made["me"])
    assert "You are not invited" in client.post(f"/events/{own.id}", data={"do": "yes"}).text


def test_people_and_results_are_split_into_pages(client: FlaskClient, agenda: Agenda) -> None:
    first, second = (client.get(f"/people?page={number}").text for number in (1, 2))
    assert first.count('href="/people/') == 8
    assert second.count('href="/people/') == len(agenda.people) - 8
    assert "Nobody here is called that." in client.get("/people?q=xyz").text


def test_settings_are_checked_and_saved(client: FlaskClient, agenda: Agenda) -> None:
    assert "Choose how long" in client.post("/settings", data={"length": "ages"}).text
    assert agenda.state()["settings"]["remind"] is True
    client.post("/settings", data={"length": "30 minutes", "digest": "yes"})
    assert agenda.state()["settings"] == {"length": "30 minutes", "remind": False, "digest": True}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_meeting_has_one_earliest_time_that_looking_at_the_weeks_gives(seed: int) -> None:
    made = meeting(Random(seed))
    assert plain_data(made, "$") == made, "a maker returns plain data"
    assert meeting(Random(seed)) == made
    agenda = Agenda.from_data(made["data"])
    days = week_of(made["time"]["day"])
    busy = {name: agenda.of_person(name, days) for name in (made["me"], *made["guests"])}
    busy["room"] = agenda.of_room(made["room"], days)
    slots = [(day, start, start + made["minutes"]) for day in days for start in range(540, 1020 - made["minutes"] + 1, 30)]

    def is_free(slot: tuple[str, int, int], *without: str) -> bool:
        return not any(event.overlaps(*slot) for name, events in busy.items() if name not in without for event in events)

    def found(name: str) -> tuple[str, int, int]:
        start, end = (int(made["times"][name][key][:2]) * 60 + int(made["times"][name][key][3:]) for key in ("start", "end"))
        return (made["times"][name]["day"], start, end)

    assert next(slot for slot in slots if is_free(slot)) == found("right")
    assert found("without_room") < found("right")
    assert is_free(found("without_room"), "room")
    assert found("without_guest") < found("right")
    assert is_free(found("without_guest"), made["guests"][-1])
    assert found("later") > found("right")
    assert is_free(found("later"))
    assert not any(event.overlaps(*found("right")) for event in agenda.of_room(made["free_room"], days))
    assert made["others"].keys() | {made["invitation_number"]} == agenda.state()["events"].keys()
    before = agenda.state()["events"]
    assert all(before[number] == event for number, event in made["others"].items())
