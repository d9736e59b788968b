"""What plays in Thunderbird have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from osarena.players.screen import Screen

Letter = Mapping[str, str]


def letter_name(letter: Letter) -> re.Pattern[str]:
    """What a letter is called in the list: "Ann Lee <ann@lee.example>, 5/3/25, 10:08, Boats, Read".

    The address is left out where it is in the address book.
    """
    sender, address, subject = (re.escape(letter[part]) for part in ("sender", "address", "subject"))
    return re.compile(f"^{sender}( <{address}>)?, .*, {subject}, ")


def open_folder(screen: Screen, folder: str) -> None:
    """Show the letters of a folder."""
    screen.click("tree item", _row(folder))
    screen.wait_for("heading", folder)


def select(screen: Screen, letters: Sequence[Letter]) -> None:
    """Select these letters of the folder that is shown, and no others."""
    for number, letter in enumerate(letters):
        screen.click("list item", letter_name(letter), modifiers=("ctrl",) if number else ())
        screen.wait_for("list item", letter_name(letter), states=["selected"])


def move(screen: Screen, letters: Sequence[Letter], folder: str, *, copy: bool = False) -> None:
    """Drag letters of the folder that is shown onto another one; with Ctrl held they are copied."""
    select(screen, letters)
    first = screen.wait_for("list item", letter_name(letters[0]))
    screen.drag(first, screen.wait_for("tree item", _row(folder)), modifiers=("ctrl",) if copy else ())
    if not copy:
        for letter in letters:
            screen.wait_gone("list item", letter_name(letter))


def _row(folder: str) -> re.Pattern[str]:
    """What a folder is called in the pane of folders, with the number of its unread letters behind."""
    return re.compile(f"^{re.escape(folder)}(,|$)")
