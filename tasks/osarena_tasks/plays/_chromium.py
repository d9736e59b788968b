"""What plays in Chromium have in common: pages by title, and forms that are filled in only once they have the focus."""

from __future__ import annotations

import re

from osarena.players.screen import Screen


def page_of(screen: Screen, title: str) -> Screen:
    """The page in the browser whose title starts like this."""
    return screen.inside("document web", re.compile("^" + re.escape(title)))


def fill(page: Screen, label: str, text: str, *, role: str = "entry") -> None:
    """Click into a field, type over what it holds, and see that it holds the text."""
    node = page.click(role, label)
    page.wait_for(role, label, states=["focused"])
    if node.text:
        page.hotkey("ctrl", "a")
    page.type(text)
    page.wait_until(lambda seen: _holds(seen, role, label, text), what=f"{label!r} to hold {text!r:.40}")


def fill_password(page: Screen, label: str, text: str) -> None:
    """The same for a field that hides what it holds."""
    page.click("password text", label)
    page.wait_for("password text", label, states=["focused"])
    page.type(text)


def choose(page: Screen, label: str, option: str) -> None:
    """Open a drop-down list, type how an option begins, and take that once the list is at it."""
    page.click("combo box", label)
    opened = page.inside("combo box", label, states=["expanded"])
    opened.wait_for("menu item", states=["focused"])
    page.type(option)
    opened.wait_for("menu item", re.compile("^" + re.escape(option)), states=["focused"])
    page.press("enter")
    opened.wait_gone()


def _holds(page: Screen, role: str, label: str, text: str) -> bool:
    return any(node.text.split() == text.split() for node in page.find_all(role, label))
