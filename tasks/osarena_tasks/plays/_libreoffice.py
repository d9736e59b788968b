"""What plays in LibreOffice have in common."""

from __future__ import annotations

import re

from osarena.players.screen import Screen
from osarena.players.seek import NotOnScreenError

_UNHEARD_S = 12.0  # after which a window that is still there was not told to go


def window_of(screen: Screen, file: str) -> Screen:
    """The window that has a file open."""
    return screen.inside("frame", re.compile("^" + re.escape(file) + " - LibreOffice"))


def choose_in_menu(screen: Screen, menu: str, *items: str) -> None:
    """Open a menu of the menu bar and choose an item in it, or one in a submenu of it."""
    screen.click("menu", menu)
    place = screen.inside("menu", menu)
    for item in items:
        place.click(name=item)
        place = place.inside("menu", item)


def save_in_its_format(screen: Screen, file: str) -> None:
    """Save a file in the format that it has; where that is not LibreOffice's own, a question comes with it."""
    screen.hotkey("ctrl", "s")
    if not file.endswith((".odt", ".ods", ".odp")):
        keep_format(screen)


def keep_format(screen: Screen) -> None:
    """Answer the question that comes with saving in a format that is not LibreOffice's own."""
    question = screen.inside("alert", "Question")
    question.click("push button", re.compile("^Use (?!ODF).* Format$"))
    question.wait_gone()


def save_and_close(screen: Screen, file: str) -> None:
    """Save in the format that the file has, and quit; that the window goes away without a question shows that it is saved."""
    save_in_its_format(screen, file)
    close(screen, file)


def close(screen: Screen, file: str) -> None:
    """Quit. Where something was not saved, a question comes up instead, and the play cannot go on.

    Once in some thirty times the keys come to nothing right after saving; then they are pressed again.
    """
    window = window_of(screen, file)
    screen.hotkey("ctrl", "q")
    try:
        window.wait_gone(timeout_s=_UNHEARD_S)
    except NotOnScreenError:
        if not screen.is_there("alert"):
            screen.hotkey("ctrl", "q")
        window.wait_gone()


def save_as(screen: Screen, name: str) -> None:
    """Choose a name to save under, in the folder that the file is in; the ending decides on the format."""
    screen.hotkey("ctrl", "shift", "s")
    name_file(screen, name)


def name_file(screen: Screen, name: str) -> None:
    """Give a file its name in the dialog that asks for it."""
    chooser = screen.inside("file chooser")
    chooser.wait_for("text", states=["focused"])
    screen.hotkey("ctrl", "a")
    screen.type(f"{name}\n")
    chooser.wait_gone()


def find(screen: Screen, window: Screen, text: str) -> None:
    """Find the next place with these words by the search bar, and select them."""
    screen.hotkey("ctrl", "f")
    bar = window.inside("tool bar", "Find")
    bar.wait_for("text", states=["focused"])
    screen.type(f"{text}\n")
    screen.press("escape")
    bar.wait_gone()
