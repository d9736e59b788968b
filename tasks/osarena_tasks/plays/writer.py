"""Plays in LibreOffice Writer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from osarena.players.screen import Screen
from osarena.tasks.model import play
from osarena_tasks.plays._libreoffice import choose_in_menu, close, find, save_and_close, window_of


@play
def review_lease(
    screen: Screen, values: Mapping[str, Any], *, mixed_up: bool = False, remark: str = "", keep_comments: bool = False
) -> None:
    """Reject one person's changes, accept what is left, delete the comments, and save."""
    lease = values["lease"]
    window = window_of(screen, values["file"])
    changes = _manage_changes(screen, window)
    _show_changes_of(screen, changes, lease["agreed" if mixed_up else "rejected"])
    changes.click("push button", "Reject All")
    changes.wait_gone("table cell")
    _show_all_changes(changes)
    changes.click("push button", "Accept All")
    changes.wait_gone("table cell")
    changes.click("push button", "Close")
    changes.wait_gone()
    if not keep_comments:
        choose_in_menu(window, "Edit", "Comment", "Delete All Comments")
        window.wait_gone("comment")
    if remark:
        screen.hotkey("ctrl", "end")
        screen.type(f"\n{remark}")
    save_and_close(screen, values["file"])


@play
def find_notice_untracked(screen: Screen, values: Mapping[str, Any]) -> None:
    """Look through the other one's changes: none is of the notice period, so that there is no way back to the old one."""
    window = window_of(screen, values["file"])
    changes = _manage_changes(screen, window)
    _show_changes_of(screen, changes, values["lease"]["rejected"])
    changes.click("push button", "Close")
    changes.wait_gone()
    close(screen, values["file"])


def _manage_changes(screen: Screen, window: Screen) -> Screen:
    window.wait_for("document text")
    choose_in_menu(window, "Edit", "Track Changes", "Manage...")
    dialog = screen.inside("dialog", "Manage Changes")
    dialog.wait_for("table cell")
    return dialog


def _show_changes_of(screen: Screen, changes: Screen, author: str) -> None:
    """Narrow the list of changes down to one person's."""
    changes.click("page tab", "Filter")
    changes.click("check box", "Author:")
    changes.wait_for("check box", "Author:", states=["checked"])
    changes.click("toggle button", states=["sensitive"])
    screen.click("table cell", author)
    screen.wait_gone("table cell", author)
    changes.click("page tab", "List")
    changes.wait_for("table cell", author)


def _show_all_changes(changes: Screen) -> None:
    changes.click("page tab", "Filter")
    changes.click("check box", "Author:")
    changes.click("page tab", "List")
    changes.wait_for("table cell")


@play
def house_style(
    screen: Screen,
    values: Mapping[str, Any],
    *,
    subsections: int = 2,
    title: str = "Title",
    contents_early: bool = False,
    contents_at_end: bool = False,
    typed_number: bool = False,
    remark: str = "",
) -> None:
    """Style the title and each heading, insert the contents, and put the page number into the footer.

    `subsections` is their level, and `title` the title's style.
    """
    report = values["report"]
    window = window_of(screen, values["file"])
    window.wait_for("document text")
    _apply_style(screen, window, title)
    marked = [[heading, subsections if level == 2 else 1] for heading, level in report["headings"]]
    last = marked.pop()
    for heading, level in marked:
        _make_heading(screen, window, heading, level)
    if not contents_early:
        _make_heading(screen, window, *last)
    if remark:
        screen.hotkey("ctrl", "end")
        screen.type(f"\n{remark}")
    _insert_contents(screen, window, below=2, at_end=contents_at_end)
    if contents_early:
        _make_heading(screen, window, *last)
    _number_pages(screen, window, typed=typed_number)
    save_and_close(screen, values["file"])


def _apply_style(screen: Screen, window: Screen, style: str) -> None:
    """Give the paragraph a style by its name in the box of the toolbar."""
    box = window.inside("tool bar", "Formatting")
    box.click("text")
    box.wait_for("text", states=["focused"])
    screen.hotkey("ctrl", "a")
    screen.type(f"{style}\n")
    window.wait_for("document text", states=["showing"])


def _make_heading(screen: Screen, window: Screen, text: str, level: int) -> None:
    """Find a line by its words, and make it a heading of a level."""
    find(screen, window, text)
    screen.hotkey("ctrl", str(level))
    window.wait_for("heading", states=["showing"])


def _insert_contents(screen: Screen, window: Screen, *, below: int, at_end: bool) -> None:
    """Insert a table of contents below so many lines."""
    if at_end:
        screen.hotkey("ctrl", "end")
        screen.press("enter")
    else:
        screen.hotkey("ctrl", "home")
        screen.press("down", below)
        screen.press("home")
    choose_in_menu(window, "Insert", "Table of Contents and Index", "Table of Contents, Index or Bibliography...")
    dialog = screen.inside("dialog", re.compile("^Table of Contents"))
    dialog.click("push button", "OK")
    dialog.wait_gone()


def _number_pages(screen: Screen, window: Screen, *, typed: bool) -> None:
    choose_in_menu(window, "Insert", "Header and Footer", "Footer", "Default Page Style")
    window.wait_for("footer")
    if typed:
        screen.type("1")
    else:
        choose_in_menu(window, "Insert", "Field", "Page Number")
