"""Plays at the service desk of Kestrel College."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from osarena.players.screen import Screen
from osarena.tasks.model import play
from osarena_tasks.plays._chromium import choose, choose_next, fill, page_of, sign_in

_SITE = "Kestrel Service Desk"


@play
def triage(
    screen: Screen,
    values: Mapping[str, Any],
    *,
    overlook: bool = False,
    waiting: bool = True,
    also_in_hand: bool = False,
    old_article: bool = False,
    name_all: bool = False,
    note: bool = False,
    new_ticket: bool = False,
    notify: bool = False,
) -> None:
    """Sign in, find the tickets about the printer, set their fields, and answer the question from the knowledge base."""
    desk = values["desk"]
    sign_in(screen, _SITE, desk["email"], desk["password"])
    to_do = desk["to_do"][1:] if overlook else desk["to_do"]
    for number in [*to_do, desk["in_hand"]] if also_in_hand else to_do:
        status = "Waiting" if waiting and number == desk["question"] else "Open"
        _set_fields(_open_ticket(screen, desk["building"], number), number, status, desk["agent"])
    queue, server = _look_up(screen, desk["old_article" if old_article else "article"], desk["other_place"])
    others = f" The others are {', '.join(desk['other_queues'])}." if name_all else ""
    page = _open_ticket(screen, desk["building"], desk["question"])
    _write(page, f"Please use the queue {queue} on {server}.{others}")
    if note:
        _write(_open_ticket(screen, desk["building"], desk["in_hand"]), "See also the other tickets.", is_note=True)
    if new_ticket:
        _open_new_ticket(screen, desk)
    if notify:
        _ask_for_mails(screen)


def _open_ticket(screen: Screen, words: str, number: str) -> Screen:
    """Search for tickets with these words and turn the pages until the ticket is there; returns its page."""
    anywhere = page_of(screen, "")
    fill(anywhere, "Search tickets", words)
    screen.press("enter")
    page = page_of(screen, f"Tickets with “{words}” · ")
    page.wait_for("table")
    turned = 1
    while not page.is_there("link", number):
        page.click("link", "Next page")
        turned += 1
        page = page_of(screen, f"Tickets with “{words}”, page {turned} · ")
        page.wait_for("table")
    page.click("link", number)
    return page_of(screen, f"Ticket {number}: ")


def _set_fields(page: Screen, number: str, status: str, agent: str) -> None:
    choose(page, "Status", status)
    choose_next(page, "Priority", "High")
    choose_next(page, "Assignee", agent.split(maxsplit=1)[0], tabs=2)
    page.click("push button", "Save fields")
    page.wait_for("static", "Saved.")


def _look_up(screen: Screen, article: str, place: str) -> Sequence[str]:
    """What the article's table says of a place."""
    page_of(screen, "").click("link", "Knowledge base")
    page = page_of(screen, "Knowledge base · ")
    fill(page, "Words", "queue server")
    screen.press("enter")
    page_of(screen, "Knowledge base with “queue server”").click("link", article)
    page = page_of(screen, article)
    page.wait_for("table")
    cells = [cell.text or cell.name for cell in page.find_all("table cell")]
    row = cells.index(place)
    return cells[row + 1 : row + 3]


def _write(page: Screen, text: str, *, is_note: bool = False) -> None:
    fill(page, "Message", text)
    if is_note:
        page.click("radio button", "Internal note")
    page.click("push button", "Send")
    page.wait_until(
        lambda seen: seen.is_there("entry", "Message") and not seen.find("entry", "Message").text, what="it to be sent"
    )


def _open_new_ticket(screen: Screen, desk: Mapping[str, Any]) -> None:
    page_of(screen, "").click("link", "New ticket")
    page = page_of(screen, "New ticket · ")
    fill(page, "Subject", "Printer broken")
    fill(page, "Requester", desk["me"])
    fill(page, "Place", f"{desk['building']}, {desk['room']}")
    choose(page, "Team", "Printing")
    fill(page, "What is wrong", "See the other tickets.")
    page.click("push button", "Open ticket")
    page.wait_gone()


def _ask_for_mails(screen: Screen) -> None:
    page_of(screen, "").click("link", "Settings")
    page = page_of(screen, "Settings · ")
    page.click("check box", "Send me a mail for every new ticket")
    page.click("push button", "Save settings")
    page.wait_for("static", "Your settings are saved.")
