"""Plays in the mail and the address book of a choir's organiser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from osarena.players.screen import Screen
from osarena.tasks.model import play
from osarena_tasks.plays._thunderbird import select


@play
def welcome(
    screen: Screen,
    values: Mapping[str, Any],
    *,
    address: Literal["address", "sender"] = "address",
    phone: Literal["phone", "office"] = "phone",
    book: str = "Personal Address Book",
    keep_old_number: bool = False,
    members: Literal["members", "former_members"] = "members",
    tidy_up: bool = False,
) -> None:
    """Add the newcomers, change the number, make the list of the voice."""
    choir = values["choir"]
    if tidy_up:
        select(screen, [choir["notice"]])
        screen.press("delete")
    screen.click("push button", "Address Book (Ctrl+2)")
    page = screen.inside("document web", "Address Book")
    for newcomer in choir["newcomers"]:
        _add(page, newcomer, address=newcomer[address], phone=newcomer[phone], book=book)
    _change_number(screen, page, choir["mover"], choir["new_phone"], keep=keep_old_number)
    _make_list(screen, page, choir["voice"], choir[members])


def _add(page: Screen, person: Mapping[str, str], *, address: str, phone: str, book: str) -> None:
    page.click("push button", "New Contact")
    page.fill("entry", "First name", person["first"])
    page.fill("entry", "Last name", person["last"])
    page.fill("entry", "Email address", address)
    page.click("push button", "Add phone number")
    page.fill("entry", "Phone number", phone)
    if book != "Personal Address Book":
        page.click("combo box", "Add to:")
        page.click("menu item", book)
    page.click("push button", "Save")
    page.wait_for("heading", f"{person['first']} {person['last']}")
    page.wait_for("push button", "Edit")


def _change_number(screen: Screen, page: Screen, name: str, phone: str, *, keep: bool) -> None:
    page.click("table row", name)
    page.wait_for("heading", name)
    page.click("push button", "Edit")
    if keep:
        page.click("push button", "Add phone number")
        screen.press("tab")  # from the kind of number
        screen.type(phone)
    else:
        page.fill("entry", "Phone number", phone)
    page.click("push button", "Save")
    page.wait_for("push button", "Edit")


def _make_list(screen: Screen, page: Screen, name: str, members: Sequence[str]) -> None:
    """Type the addresses one after the other; Thunderbird completes each with the name from the address book."""
    page.click("push button", "Create a new mailing list")
    dialog = page.inside("dialog", "New Mailing List")
    dialog.wait_for("entry", "List Name:", states=["focused"])
    screen.type(name)
    screen.press("tab", 3)
    for address in members:
        dialog.wait_until(_is_on_empty_row, what="an empty row for the next address")
        screen.type(f"{address}\n")
    dialog.wait_until(_is_on_empty_row, what="the last address in its row")
    dialog.click("push button", "OK")
    page.wait_for("tree item", name)


def _is_on_empty_row(dialog: Screen) -> bool | None:
    return any(not entry.text for entry in dialog.find_all("entry", states=["focused"])) or None
