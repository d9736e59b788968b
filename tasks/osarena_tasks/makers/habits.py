"""How somebody wants their desktop: workspaces, a shortcut, and keys that do not repeat."""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random
from typing import Any

from osarena.tasks.model import maker

_WORKSPACES = ("Letters", "Accounts", "Garden", "Music", "Photos", "Translations", "School", "Research", "Council", "Printing")
_STARTED = {"the text editor": "mousepad", "the terminal": "xfce4-terminal", "the spreadsheet program": "localc"}
# As people write the keys, as Xfce does, and as a play presses them.
_MODIFIERS = (
    ("Ctrl+Alt", "<Primary><Alt>", ("ctrl", "alt")),
    ("Super", "<Super>", ("super",)),
    ("Shift+Super", "<Shift><Super>", ("shift", "super")),
)
_LETTERS = "bjmnouw"
_SHORTCUTS = "/commands/custom/"
# Some of those that every desktop has.
_KEPT = {
    "<Primary><Alt>t": "exo-open --launch TerminalEmulator",
    "<Primary><Alt>f": "thunar",
    "<Super>e": "thunar",
    "<Alt>F2": "xfce4-appfinder --collapsed",
    "<Primary>Escape": "xfdesktop --menu",
}


@maker
def desktop(rng: Random) -> Mapping[str, Any]:
    """What is asked for, and where Xfce keeps it.

    Returns:
        `workspaces`, three names in order; `application` in words, its `command`, and the `shortcut` in words; for plays the
        `keys` of the shortcut. For checks: `property` of the shortcut, `commands` (a regular expression for the ways to write
        the command), and `kept`, shortcuts that there are from the beginning, by property.
    """
    application, command = rng.choice(sorted(_STARTED.items()))
    words, as_kept, keys = rng.choice(_MODIFIERS)
    letter = rng.choice(_LETTERS)
    return {
        "workspaces": rng.sample(_WORKSPACES, 3),
        "application": application,
        "command": command,
        "shortcut": f"{words}+{letter.upper()}",
        "keys": [*keys, letter],
        "property": f"{_SHORTCUTS}{as_kept}{letter}",
        "commands": rf"(/usr/bin/)?{re.escape(command)}",
        "kept": {f"{_SHORTCUTS}{shortcut}": started for shortcut, started in _KEPT.items()},
    }
