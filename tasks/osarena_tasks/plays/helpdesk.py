"""Plays at the service desk of Kestrel College."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

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


@play
def reports(
    screen: Screen,
    values: Mapping[str, Any],
    *,
    take_runner_up: bool = False,
    on_bar: bool = True,
    start: Literal["reports", "overview", "forgotten"] = "reports",
    download: Literal["busiest", "second", "both"] = "busiest",
    notify: bool = False,
) -> None:
    """Open the reports in tabs, set the page to start with, bookmark the tabs in a folder, and download one report."""
    desk = values["desk"]
    sign_in(screen, _SITE, desk["email"], desk["password"])
    if notify:
        _ask_for_mails(screen)
    months = [*desk["months"][:2], desk["runner_up"]] if take_runner_up else desk["months"]
    _open_in_tabs(screen, sorted(months, key=desk["page_of"].__getitem__), desk["page_of"])
    if start != "forgotten":
        _start_with(screen, "http://desk.kestrel.example/" + ("reports" if start == "reports" else ""))
    screen.hotkey("ctrl", "w")
    _bookmark_all_tabs(screen, desk["folder"], on_bar=on_bar)
    wanted = {"busiest": months[:1], "second": months[1:2], "both": months[:2]}[download]
    for month in wanted:
        _download(screen, month, desk["file_of"][month])


def _open_in_tabs(screen: Screen, months: Sequence[str], page_of_month: Mapping[str, int]) -> None:
    """Go through the list of reports, and open these in tabs behind it."""
    page_of(screen, "").click("link", "Reports")
    page, number = page_of(screen, "Reports · "), 1
    for month in months:
        while number < page_of_month[month]:
            page.click("link", "Next page")
            number += 1
            page = page_of(screen, f"Reports, page {number} · ")
        page.click("link", month, modifiers=("ctrl",))
        screen.wait_for("page tab", re.compile(f"^Report {month} "))


def _start_with(screen: Screen, url: str) -> None:
    """Have Chromium open this page when it starts."""
    screen.hotkey("ctrl", "l")
    screen.type("chrome://settings/onStartup\n")
    page = page_of(screen, "Settings")
    page.click("radio button", "Open a specific page or set of pages")
    page.click("link", "Add a new page")
    dialog = page.inside("dialog", "Add a new page")
    fill(dialog, "Site URL", url)
    dialog.click("push button", "Add", states=["enabled"])
    dialog.wait_gone()


def _bookmark_all_tabs(screen: Screen, folder: str, *, on_bar: bool) -> None:
    """Bookmark the open tabs in a new folder on the bookmarks bar, or where Chromium offers to."""
    page_of(screen, "Report ").wait_for("table")
    screen.hotkey("ctrl", "shift", "d")
    dialog = screen.inside("dialog", "Bookmark all tabs")
    dialog.wait_for("entry", "Bookmark name", states=["focused"])
    screen.hotkey("ctrl", "a")
    screen.type(folder)
    if on_bar:
        dialog.click("tree item", "Bookmarks bar")
        dialog.wait_for("tree item", "Bookmarks bar", states=["selected"])
    dialog.click("push button", "Save")
    dialog.wait_gone()


def _download(screen: Screen, month: str, file: str) -> None:
    """Download a report; the page of downloads shows whether it is there, the note beside the button only for a moment."""
    screen.click("page tab", re.compile(f"^Report {month} "))
    page_of(screen, f"Report {month} ").click("link", "Download as CSV")
    screen.hotkey("ctrl", "j")
    page_of(screen, "Download history").wait_for("link", file)


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
