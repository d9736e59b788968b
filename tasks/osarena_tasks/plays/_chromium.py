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


def sign_in(screen: Screen, site: str, email: str, password: str) -> None:
    """Sign in on a site's login page, which is open."""
    page = page_of(screen, f"Sign in · {site}")
    fill(page, "E-mail address", email)
    page.click("password text", "Password")
    page.wait_for("password text", "Password", states=["focused"])
    page.type(f"{password}\n")
    page.wait_gone()


def choose(page: Screen, label: str, option: str) -> None:
    """Open a drop-down list, type how an option begins, and take that once the list is at it."""
    page.click("combo box", label)
    opened = page.inside("combo box", label, states=["expanded"])
    opened.wait_for("menu item", states=["focused"])
    page.type(option)
    opened.wait_for("menu item", re.compile("^" + re.escape(option)), states=["focused"])
    page.press("enter")
    opened.wait_gone()


def choose_next(page: Screen, label: str, option: str, *, tabs: int = 1) -> None:
    """Go on with Tab to a drop-down list further down in a form, and type how an option begins."""
    page.type("\t" * tabs + option)
    chosen = re.compile("^" + re.escape(option))
    page.inside("combo box", label, states=["focused"]).wait_for("menu item", chosen, states=["selected"])


def _holds(page: Screen, role: str, label: str, text: str) -> bool:
    return any(node.text.split() == text.split() for node in page.find_all(role, label))
