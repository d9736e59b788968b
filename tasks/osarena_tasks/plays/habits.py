"""Plays in the windows for the desktop's settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from osarena.players.screen import Screen
from osarena.tasks.model import play


@play
def set_up(
    screen: Screen,
    values: Mapping[str, Any],
    *,
    reverse_names: bool = False,
    one_more: bool = False,
    keys: Sequence[str] = (),
    stop_repeat: bool = True,
    remove: str = "",
) -> None:
    """Name the workspaces, then stop the keys from repeating and add the shortcut. `remove` is a shortcut to remove as well."""
    wanted = values["desktop"]
    names = wanted["workspaces"][::-1] if reverse_names else wanted["workspaces"]
    _set_workspaces(screen, names, count=len(names) + one_more)
    keyboard = _open_settings(screen, "Keyboard")
    if stop_repeat:
        keyboard.click("check box", "Enable key repeat", states=["checked"])
    _add_shortcut(screen, keyboard, wanted["command"], keys or wanted["keys"])
    if remove:
        keyboard.click("table cell", remove)
        keyboard.click("push button", "Remove")
        keyboard.wait_gone("table cell", remove)
    keyboard.click("push button", "Close")
    keyboard.wait_gone()


def _open_settings(screen: Screen, name: str) -> Screen:
    """Open a window for settings from the panel's menu."""
    screen.click("toggle button", "Applications")
    screen.click("menu", "Settings")
    screen.click("menu item", name)
    dialog = screen.inside("dialog", name)
    dialog.wait_for("push button", "Close")
    return dialog


def _set_workspaces(screen: Screen, names: Sequence[str], *, count: int) -> None:
    dialog = _open_settings(screen, "Workspaces")
    dialog.fill("spin button", None, f"{count}\n")
    dialog.wait_for("table cell", f"Workspace {count}")
    for number, name in enumerate(names, start=1):
        dialog.double_click("table cell", f"Workspace {number}")
        screen.type(f"{name}\n")
        dialog.wait_for("table cell", name)
    dialog.click("push button", "Close")
    dialog.wait_gone()


def _add_shortcut(screen: Screen, keyboard: Screen, command: str, keys: Sequence[str]) -> None:
    keyboard.click("page tab", "Application Shortcuts")
    keyboard.click("push button", "Add")
    dialog = screen.inside("dialog", "Shortcut Command")
    dialog.wait_for("text", states=["focused"])
    screen.type(command)
    dialog.click("push button", "OK")
    dialog.wait_gone()
    question = screen.inside("dialog", "Command Shortcut")
    question.wait_for("push button", "Cancel")
    screen.hotkey(*keys)
    question.wait_gone()
