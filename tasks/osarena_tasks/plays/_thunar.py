"""What plays do in Thunar's windows. They need its list view: of its icons assistive technology sees nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from osarena.players.screen import Screen
from osarena.players.seek import NotOnScreenError

_COLUMNS = 4
_UNTOLD_S = 10.0  # after which pasted files that are not listed will not be by themselves


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


def paste(screen: Screen, window: Screen, names: Sequence[str]) -> None:
    """Paste what was cut or copied, and wait until the files of these names are listed.

    The menu offers what could be pasted when it was opened, so it is opened again until that has got about. Of files that are
    put into a folder just as Thunar opens it, it does not always hear, or of some only; then the folder is loaded again.
    """
    while True:
        window.click("menu", "Edit")
        item = window.wait_for("menu item", "Paste")
        if "sensitive" in item.states:
            break
        screen.press("escape")
        window.wait_gone("menu item", "Paste")
    window.click_on(item)
    try:
        _wait_listed(window, names, timeout_s=_UNTOLD_S)
    except NotOnScreenError:
        screen.hotkey("ctrl", "r")
        _wait_listed(window, names)


def _wait_listed(window: Screen, names: Sequence[str], timeout_s: float | None = None) -> None:
    """Return once each of these is in the list."""

    def are_listed(shown: Screen) -> bool | None:
        listed = {cell.name for cell in shown.find_all("table cell")}
        return listed.issuperset(names) or None

    window.wait_until(are_listed, what=f"{', '.join(map(repr, names))} in the list", timeout_s=timeout_s)


def rows(window: Screen) -> list[tuple[str, ...]]:
    """What the list says of each file and folder: name, size, type and date of change, in the order in which they are listed."""
    cells = [cell.name for cell in window.inside("directory pane").find_all("table cell") if cell.name]
    return [tuple(cells[start : start + _COLUMNS]) for start in range(0, len(cells), _COLUMNS)]


def make_folder(screen: Screen, window: Screen, name: str) -> None:
    """Make a folder in the one that the window shows."""
    screen.hotkey("ctrl", "shift", "n")
    dialog = screen.inside("dialog", "Create New Folder")
    dialog.fill("text", None, name)
    screen.press("enter")
    dialog.wait_gone()
    window.wait_for("table cell", name)


def delete(screen: Screen, window: Screen, names: Sequence[str]) -> None:
    """Delete files for good: the desktop has no trash."""
    select(window, names)
    screen.press("delete")
    question = screen.inside("alert")
    question.click("push button", "Delete")
    question.wait_gone()
    for name in names:
        window.wait_gone("table cell", name)


def move_into(screen: Screen, window: Screen, names: Sequence[str], folder: str, *, path: str = "") -> None:
    """Cut files, paste them into a folder that is listed beside them (or lies at `path`), and come back."""
    select(window, names)
    screen.hotkey("ctrl", "x")
    if path:
        screen.hotkey("ctrl", "l")
        window.wait_for("text", states=["focused"])
        screen.type(f"{path}\n")
    else:
        open_item(screen, window, folder)
    target = window_of_folder(screen, folder)
    target.wait_for("status bar")
    paste(screen, target, names)
    screen.hotkey("alt", "left")
    window.wait_for("status bar")
