"""The service desk's pages, rules and state."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient

from osarena.sites import Site
from osarena.tasks.values import plain_data
from osarena_evaluators.readers import chromium
from osarena_tasks.makers.helpdesk import reports, triage
from osarena_tasks.sites._parts.login import Door
from osarena_tasks.sites.helpdesk import helpdesk
from osarena_tasks.sites.helpdesk.desk import Desk, Filters
from osarena_tasks.sites.helpdesk.pages import create_app
from tests.support.webpages import unlabelled_inputs

FIELDS = {"status": "Open", "priority": "High", "team": "Printing"}


@pytest.fixture
def made() -> Any:
    return triage(Random(3))


@pytest.fixture
def desk(made: Any) -> Desk:
    return Desk.from_data(made["data"])


@pytest.fixture
def stranger(desk: Desk, made: Any) -> FlaskClient:
    return create_app(desk, Door(**made["data"]["login"])).test_client()


@pytest.fixture
def client(stranger: FlaskClient, made: Any) -> FlaskClient:
    stranger.post("/login", data={"email": made["email"], "password": made["password"]})
    return stranger


def test_it_is_a_site(made: Any) -> None:
    assert isinstance(helpdesk(made["data"]), Site)


@pytest.mark.parametrize("url", ["/", "/tickets?q=printer", "/articles", "/reports", "/settings"])
def test_strangers_are_led_to_the_login_and_from_there_to_where_they_wanted(stranger: FlaskClient, made: Any, url: str) -> None:
    answer = stranger.get(url)
    assert answer.status_code == 302
    login = answer.headers["Location"]
    assert login.startswith("/login?next=")
    assert "do not belong together" in stranger.post(login, data={"email": made["email"], "password": "guess"}).text
    assert stranger.get(url).status_code == 302
    right = {"email": f" {made['email'].upper()} ", "password": made["password"]}
    assert stranger.post(login, data=right).headers["Location"] == url
    assert stranger.get(url).status_code == 200
    stranger.post("/logout")
    assert stranger.get(url).status_code == 302


def test_a_login_leads_nowhere_else(stranger: FlaskClient, made: Any) -> None:
    credentials = {"email": made["email"], "password": made["password"]}
    assert stranger.post("/login?next=http://other.example/x", data=credentials).headers["Location"] == "/x"
    assert stranger.post("/login?next=//other.example", data=credentials).headers["Location"] == "/"


@pytest.mark.parametrize("url", ["/", "/tickets", "/tickets/new", "/articles", "/reports", "/settings"])
def test_pages_have_a_heading_and_labels(client: FlaskClient, url: str) -> None:
    page = client.get(url).text
    assert "Kestrel Service Desk</title>" in page
    assert "<h1>" in page
    assert unlabelled_inputs(page) == []


def test_tickets_are_found_by_words_of_all_that_was_written(desk: Desk, made: Any) -> None:
    found = desk.search(Filters(words=f"{made['building']} {made['room']} PRINTER"))
    assert {int(number) for number in made["to_do"]} <= {ticket.number for ticket in found}
    assert desk.search(Filters(words="no such ticket")) == []


def test_lists_are_filtered_sorted_and_split_into_pages(client: FlaskClient, desk: Desk) -> None:
    first = client.get("/tickets?status=Solved&sort=oldest").text
    numbers = [int(number) for number in re.findall(r'href="/tickets/(\d+)"', first)]
    assert numbers == sorted(numbers)
    assert len(numbers) == 10
    following = re.search(r'href="([^"]+)">Next page', first)
    assert following
    second = client.get(following.group(1).replace("&amp;", "&")).text
    assert "Tickets, Solved, page 2" in second
    rest = [int(number) for number in re.findall(r'href="/tickets/(\d+)"', second)]
    assert not set(numbers) & set(rest)
    assert all(ticket.status == "Solved" for ticket in desk.tickets if ticket.number in {*numbers, *rest})


def test_fields_are_set_and_nothing_else_changes(client: FlaskClient, desk: Desk, made: Any) -> None:
    before = desk.state()
    number = made["to_do"][0]
    fields = FIELDS | {"assignee": made["agent"]}
    assert "Saved." in client.post(f"/tickets/{number}", data=fields, follow_redirects=True).text
    after = desk.state()
    assert after["tickets"].pop(number) == fields
    before["tickets"].pop(number)
    assert after == before


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "needs an assignee"),
        ({"status": "Solved soon"}, "Choose a status."),
        ({"assignee": "Nobody Known"}, "needs an assignee"),
    ],
)
def test_fields_are_checked(client: FlaskClient, desk: Desk, made: Any, wrong: dict[str, str], words: str) -> None:
    before = desk.state()
    assert words in client.post(f"/tickets/{made['to_do'][0]}", data=FIELDS | wrong).text
    assert desk.state() == before


def test_replies_and_notes_are_told_apart(client: FlaskClient, desk: Desk, made: Any) -> None:
    url = f"/tickets/{made['question']}"
    assert "Write something first." in client.post(f"{url}/messages", data={"text": " \n "}).text
    client.post(f"{url}/messages", data={"text": "Use  it\r\nso.", "kind": "reply"})
    client.post(f"{url}/messages", data={"text": "Done by me", "kind": "note"})
    state = desk.state()
    assert state["replies"][made["question"]] == "Use it\nso."
    assert state["written"] == [(int(made["question"]), "note"), (int(made["question"]), "reply")]
    assert "internal note" in client.get(url).text


def test_new_tickets_are_checked_and_taken(client: FlaskClient, desk: Desk) -> None:
    entered = {"subject": "Lamp", "requester": "Ida", "place": "", "text": "<b>dark</b>", "team": "Hardware", "priority": "Low"}
    page = client.post("/tickets/new", data=entered).text
    assert "Place is missing." in page
    assert "&lt;b&gt;dark" in page, "what was entered is kept, as text"
    client.post("/tickets/new", data=entered | {"place": "Lab 3"})
    (number,) = desk.state()["created"]
    assert desk.state()["tickets"][str(number)]["team"] == "Hardware"


def test_the_knowledge_base_has_the_facts_and_marks_what_is_out_of_date(client: FlaskClient, desk: Desk, made: Any) -> None:
    titles = [article.title for article in desk.look_up("queue server")]
    assert titles == [made["article"], made["old_article"]]
    current, old = (client.get(f"/articles/{desk.look_up('queue server')[index].slug}").text for index in (0, 1))
    assert all(fact in current for fact in made["facts"])
    assert "out of date" not in current
    assert "out of date" in old
    assert made["facts"][0] not in old


def test_reports_are_listed_by_pages_and_can_be_downloaded(client: FlaskClient, desk: Desk) -> None:
    assert client.get("/reports").text.count('aria-label="Download') == 6
    report = desk.reports[0]
    answer = client.get(f"/reports/{report.month}/download")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="tickets-{report.month}.csv"'
    assert answer.text == report.csv()
    assert report.title in client.get("/reports?page=4").text
    assert client.get("/reports/1999-01").status_code == 404


def test_settings_are_checked_and_saved(client: FlaskClient, desk: Desk) -> None:
    before = desk.state()["settings"]
    assert "needs a signature" in client.post("/settings", data={"signature": ""}).text
    assert desk.state()["settings"] == before
    client.post("/settings", data={"signature": "Bye", "notify_new": "yes"})
    assert desk.state()["settings"] == {"signature": "Bye", "notify_new": True, "notify_replies": False}


@pytest.mark.parametrize("seed", range(12))
def test_what_is_to_be_triaged_can_be_told_from_the_tickets_alone(seed: int) -> None:
    made = triage(Random(seed))
    assert plain_data(made, "$") == made, "a maker returns plain data"
    assert triage(Random(seed)) == made
    desk = Desk.from_data(made["data"])
    place = f"{made['building']}, {made['room']}"
    there = [ticket for ticket in desk.search(Filters(words="printer")) if ticket.place == place]
    assert sorted(str(ticket.number) for ticket in there if ticket.status == "New") == made["to_do"]
    assert {ticket.status for ticket in there} == {"New", "Open", "Solved"}
    assert [str(ticket.number) for ticket in there if ticket.requester == made["asker"]] == [made["question"]]
    assert made["triaged"].keys() | made["others"].keys() == desk.state()["tickets"].keys()
    before = desk.state()["tickets"]
    assert all(before[number] == fields for number, fields in made["others"].items())
    assert all(before[number] != fields for number, fields in made["triaged"].items())
    assert made["facts"][0] not in made["other_queues"]
    assert made["facts"] != made["old_facts"]


@pytest.mark.parametrize("seed", range(12))
def test_the_busiest_months_are_those_that_the_list_of_reports_shows(seed: int) -> None:
    made = reports(Random(seed))
    assert plain_data(made, "$") == made, "a maker returns plain data"
    assert reports(Random(seed)) == made
    desk = Desk.from_data(made["data"])
    client = create_app(desk, Door(**made["data"]["login"] | {"is_open": True})).test_client()
    received: dict[str, tuple[int, str]] = {}
    for number in range(1, 5):
        page = client.get(f"/reports?page={number}").text
        rows = re.findall(r'<a href="(/reports/[^"]+)">([^<]+)</a></td><td class="number">(\d+)', page)
        received |= {title: (int(count), url) for url, title, count in rows}
        assert {title for _, title, _ in rows} == {title for title, page in made["page_of"].items() if page == number}
    busiest = sorted(received, key=received.__getitem__, reverse=True)
    assert busiest[:4] == [*made["months"], made["runner_up"]]
    assert len({count for count, _ in received.values()}) == len(received), "no two months have as many"
    added = [record["url"] for record in made["bookmarks"] if record["folder"] != "Bookmarks bar"]
    assert added == [f"http://desk.kestrel.example{received[title][1]}" for title in made["months"]]
    ((file, text),) = made["downloads"].items()
    assert file == made["file_of"][busiest[0]]
    assert client.get(f"{received[busiest[0]][1]}/download").text == text
    assert chromium.bookmarks(made["bookmarks_before"].encode()) == made["bookmarks"][:3]
