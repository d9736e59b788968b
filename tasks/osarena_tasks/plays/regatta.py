"""Plays in the mail of a rowing club's secretary."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from osarena.players.screen import Screen
from osarena.tasks.model import play
from osarena_tasks.plays._thunderbird import Letter, letter_name, move, open_folder, select


@play
def sort_entries(
    screen: Screen,
    values: Mapping[str, Any],
    *,
    moved: Literal["entered", "mentioned too", "all but one"] = "entered",
    copy: bool = False,
    starred: Literal["asking", "all", "mentioned too"] = "asking",
    news: Literal["all", "all but one"] = "all",
    filter_for: Literal["address", "domain"] = "address",
    filter_into: Literal["news", "entries"] = "news",
    filter_by_hand: bool = False,
) -> None:
    """Move the entries and star those with a question, make a filter of the newsletter's sender, and move the newsletters."""
    club = values["club"]
    screen.wait_for("heading", "Inbox")
    if starred == "mentioned too":
        _star(screen, club["mentioned"][:1])
    too_many = club["entered"] + club["mentioned"][:1]
    entries = {"entered": club["entered"], "mentioned too": too_many, "all but one": club["entered"][:-1]}
    move(screen, entries[moved], club["entry_folder"], copy=copy)
    _make_filter(
        screen,
        club,
        value=club["news_address"] if filter_for == "address" else club["paper_domain"],
        folder=club["news_folder" if filter_into == "news" else "entry_folder"],
        by_hand=filter_by_hand,
    )
    move(screen, club["news"] if news == "all" else club["news"][1:], club["news_folder"])
    open_folder(screen, club["entry_folder"])
    _star(screen, club["entered"] if starred == "all" else club["asking"])


def _star(screen: Screen, letters: Sequence[Letter]) -> None:
    for letter in letters:
        screen.inside("list item", letter_name(letter)).click("push button", "Message not starred")
        screen.inside("list item", letter_name(letter)).wait_for("push button", "Message starred")


def _make_filter(screen: Screen, club: Mapping[str, Any], *, value: str, folder: str, by_hand: bool) -> None:
    """Begin with the sender of a newsletter, whom Thunderbird puts into the new filter."""
    select(screen, club["news"][:1])
    header = screen.inside("panel", club["news"][0]["subject"])
    header.click("list", "From")
    screen.click("menu item", re.compile("^Create Filter From"))
    rules = screen.inside("frame", "Filter Rules")
    rules.wait_for("entry", "Filter name:", states=["focused"])
    screen.type(club["filter_name"])
    if by_hand:
        rules.click("check box", "Getting New Mail:", states=["checked"])
    if value != club["news_address"]:
        rules.fill("entry", "", value)
    actions = rules.inside("list box", "Perform these actions:")
    chooser = actions.wait_until(lambda shown: shown.find_all("combo box")[1:], what="the choice of a folder")[0]
    screen.click_on(chooser)
    rules.click("menu", club["account"])
    rules.click("menu item", folder)
    actions.wait_for("combo box", re.compile(f"^{re.escape(folder)} on "))
    rules.click("push button", "OK")
    rules.wait_gone()
    # The filters are written when their list is closed.
    overview = screen.inside("frame", "Message Filters")
    overview.wait_for(None, club["filter_name"])
    screen.hotkey("ctrl", "w")
    overview.wait_gone()
