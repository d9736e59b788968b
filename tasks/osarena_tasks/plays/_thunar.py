"""What plays do in Thunar's windows. They need its list view: of its icons assistive technology sees nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from osarena.players.screen import Screen


def window_of_folder(screen: Screen, folder: str) -> Screen:
    """The window that shows the folder of this name."""
    return screen.inside("frame", f"{folder} - Thunar")


def select(window: Screen, names: Sequence[str]) -> None:
    """Select these files and folders and no others, once they are listed."""
    for number, name in enumerate(names):
        window.click("table cell", name, modifiers=("ctrl",) if number else ())
    for name in names:
        window.wait_for("table cell", name, states=["selected"])


def open_item(screen: Screen, window: Screen, name: str) -> None:
    """Select a file or folder and press Enter: on a busy machine the two halves of a double-click may come too far apart."""
    select(window, [name])
    screen.press("enter")


def rename(screen: Screen, window: Screen, name: str, new_name: str) -> None:
    """Give a file or folder another name."""
    select(window, [name])
    screen.press("f2")
    dialog = screen.inside("dialog", re.compile("^Rename"))
    dialog.fill("text", None, new_name)
    screen.press("enter")
    dialog.wait_gone()
    window.wait_for("table cell", new_name)


def paste(window: Screen, names: Sequence[str]) -> None:
    """Paste what was cut or copied, and wait until the files of these names are listed."""
    window.click("menu", "Edit")
    window.click("menu item", "Paste", states=["sensitive"])
    for name in names:
        window.wait_for("table cell", name)
