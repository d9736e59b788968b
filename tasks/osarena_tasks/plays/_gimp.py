"""What plays in GIMP have in common."""

from __future__ import annotations

import re

from osarena.players.screen import Screen
from osarena.types.tree import Node


def title_of(image: str) -> re.Pattern[str]:
    """The window's title while this image is shown and has no changes that are not saved or exported."""
    return re.compile(f"^{re.escape(image)}.* – GIMP$")


def command(screen: Screen, name: str, tells: str) -> None:
    """Carry out a command by GIMP's own search. `tells` is how its description begins, since several have the same name.

    The items of open menus cannot be found: GTK 2 does not tell assistive technology that they show.
    """
    screen.press("/")
    search = screen.inside("frame", "Search Actions")
    search.wait_for("text", states=["focused"])
    screen.type(name)
    search.double_click("table cell", re.compile(f"^{re.escape(name)}.*\n{re.escape(tells)}"))
    search.wait_gone()


def fill_number(screen: Screen, part: Screen, label: str, number: int) -> None:
    """Type a number into the field beside a label, and leave the field, by which GIMP takes it."""
    screen.click_on(part.wait_until(lambda shown: _beside(shown, label), what=f"the field {label}"))
    screen.hotkey("ctrl", "a")
    screen.type(f"{number}\t")
    part.wait_until(lambda shown: _holds(_beside(shown, label), number), what=f"{number} in the field {label}")


def export(screen: Screen, path: str, kind: str) -> None:
    """Export the image to a file, with what its format ("PNG", "JPEG") offers by itself."""
    screen.hotkey("ctrl", "shift", "e")
    dialog = screen.inside("dialog", "Export Image")
    dialog.wait_for("text", states=["focused"])
    screen.hotkey("ctrl", "a")
    screen.type(f"{path}\n")
    options = screen.inside("dialog", f"Export Image as {kind}")
    options.click("push button", "Export")
    options.wait_gone()


def _beside(part: Screen, label: str) -> Node | None:
    tops = {node.box.y for node in part.find_all("label", label) if node.box}
    return next((node for node in part.find_all("spin button") if node.box and node.box.y in tops), None)


def _holds(field: Node | None, number: int) -> bool | None:
    return (field is not None and field.text == str(number)) or None
