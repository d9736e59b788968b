"""Plays in a folder of downloads: Thunar, and a terminal to see which files are the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from osarena.players.screen import Screen
from osarena.tasks.model import play
from osarena_tasks.plays._thunar import delete, make_folder, move_into, rows, window_of_folder

_SUM = re.compile(r"^([0-9a-f]{32})  (.+)$", re.MULTILINE)
_ENDINGS = {"JPEG image": ".jpg", "PNG image": ".png", "PDF document": ".pdf"}


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    size: str
    kind: str
    changed: datetime


@play
def tidy_up(
    screen: Screen,
    values: Mapping[str, Any],
    *,
    keep: Literal["oldest", "newest", "all"] = "oldest",
    same_by: Literal["content", "size"] = "content",
    by_ending: bool = False,
    copies_to_documents: bool = False,
) -> None:
    """Find the copies by their checksums, delete all but the oldest, and move what is left into folders by its type."""
    downloads = window_of_folder(screen, "Downloads")
    files = _list_files(downloads, len(values["mess"]["files"]))
    copies = _copies(files, _checksums(screen, len(files)), same_by, keep)
    if copies_to_documents:
        move_into(screen, downloads, copies, "Documents", path="~/Documents")
    elif copies:
        delete(screen, downloads, copies)
    if by_ending:
        files = [file for file in files if file.name.endswith(_ENDINGS.get(file.kind, ""))]
    left = [file for file in files if file.name not in copies]
    for folder, kind in (("Pictures", "image"), ("Papers", "PDF document")):
        make_folder(screen, downloads, folder)
        move_into(screen, downloads, [file.name for file in left if file.kind.endswith(kind)], folder)


def _list_files(downloads: Screen, count: int) -> list[_File]:
    """What the window says of each file."""
    listed = downloads.wait_until(lambda window: found if len(found := rows(window)) == count else None, what="the files")
    return [_File(name, size, kind, datetime.strptime(changed, "%m/%d/%y")) for name, size, kind, changed in listed]


def _checksums(screen: Screen, count: int) -> dict[str, str]:
    """The checksum of each download by name, as a terminal tells them.

    It is the panel's: the folder's menu has none where Thunar comes up with a file selected, as it does at times.
    """
    screen.click("push button", "Xfce Terminal")
    screen.wait_for_window("Terminal - ")
    screen.wait_until(lambda shown: "$ " in shown.read("terminal"), what="the prompt")
    screen.type("cd Downloads && md5sum *\n")
    found = screen.wait_until(
        lambda shown: sums if len(sums := _SUM.findall(shown.read("terminal"))) == count else None, what="the checksums"
    )
    screen.type("exit\n")
    screen.wait_gone("terminal")
    screen.wait_for_window("Downloads - Thunar")
    return {name: checksum for checksum, name in found}


def _copies(files: Sequence[_File], checksums: Mapping[str, str], same_by: str, keep: str) -> list[str]:
    """The names of the files that have to go."""
    same = defaultdict[str, list[_File]](list)
    for file in files:
        same[checksums[file.name] if same_by == "content" else file.size].append(file)
    if keep == "all":
        return []
    in_order = [sorted(group, key=lambda file: file.changed, reverse=keep == "newest") for group in same.values()]
    return [file.name for group in in_order for file in group[1:]]
