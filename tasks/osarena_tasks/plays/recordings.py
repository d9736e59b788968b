"""Plays with recordings in VLC: its playlist, and the dialogs for opening a folder and for saving a list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from osarena.players.screen import Screen
from osarena.tasks.model import play
from osarena.types.geometry import Point
from osarena.types.tree import Node

_COLUMNS = 3
_DURATION = re.compile(r"^\d\d:\d\d$")
# From the left edge of a row to its icon, by which it can be dragged, and how far above its middle "before it" is.
_GRIP = 30
_ABOVE = 9


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the playlist: its cells, and what they say."""

    title: Node
    duration: Node
    album: Node

    @property
    def piece(self) -> tuple[str, str]:
        return self.title.name, self.album.name


@play
def make_list(
    screen: Screen,
    values: Mapping[str, Any],
    *,
    longest_first: bool = False,
    by_title_alone: bool = False,
    opening_first: bool = True,
) -> None:
    """Load the whole folder, remove what is not wanted, sort by duration, drag the opening to the front, and save."""
    session = values["session"]
    player = screen.inside("frame", re.compile("VLC media player$"))
    screen.hotkey("ctrl", "l")
    player.wait_for("push button", "Playlist")
    _open_folder(screen, f"/home/user/Music/{session['folder']}")
    rows = _wait_for_rows(player, session["count"])
    opening = session["opening"], session["opening_album"]
    wanted = [row for row in rows if row.album.name == session["album"] or row.piece == opening]
    if by_title_alone:
        namesake = next(row for row in rows if row.title.name == opening[0] and row.piece != opening)
        wanted = [namesake if row.piece == opening else row for row in wanted]
        opening = namesake.piece
    _remove(screen, player, [row for row in rows if row not in wanted], len(rows))
    _sort_by_duration(screen, player, len(wanted), longest_first=longest_first)
    if opening_first:
        _drag_to_front(screen, player, opening, len(wanted))
    _save(screen, session["list_name"])


def _open_folder(screen: Screen, path: str) -> None:
    screen.hotkey("ctrl", "f")
    dialog = screen.inside("dialog", "Open Directory")
    dialog.wait_for("text", "Directory:", states=["focused"])
    screen.type(f"{path}\n")
    dialog.wait_gone()


def _rows(player: Screen) -> list[_Row]:
    """The lines of the playlist that it says everything of: VLC learns durations and albums one after the other."""
    cells = [cell for cell in player.find_all("table cell") if cell.name]
    rows = [cells[start : start + _COLUMNS] for start in range(0, len(cells), _COLUMNS)]
    return [_Row(*row) for row in rows if len(row) == _COLUMNS and _DURATION.match(row[1].name)]


def _wait_for_rows(player: Screen, count: int) -> list[_Row]:
    return player.wait_until(
        lambda shown: rows if len(rows := _rows(shown)) == count else None, what=f"{count} recordings in the playlist"
    )


def _remove(screen: Screen, player: Screen, rows: list[_Row], count: int) -> None:
    for number, row in enumerate(rows):
        screen.click_on(row.title, modifiers=("ctrl",) if number else ())
    screen.press("delete")
    _wait_for_rows(player, count - len(rows))


def _sort_by_duration(screen: Screen, player: Screen, count: int, *, longest_first: bool) -> None:
    """Click the heading of the column, which stands above its first cell and is not in the tree: once, or for falling twice."""
    box = _wait_for_rows(player, count)[0].duration.box
    assert box is not None
    heading = Point(box.center.x, box.y - box.height // 2)
    screen.click_on(heading)
    player.wait_until(lambda shown: _is_sorted(shown, count), what="the playlist sorted by duration")
    if longest_first:
        screen.click_on(heading)
        player.wait_until(lambda shown: _is_sorted(shown, count, falling=True), what="the playlist sorted the other way")


def _is_sorted(player: Screen, count: int, *, falling: bool = False) -> bool:
    durations = [row.duration.name for row in _rows(player)]
    return len(durations) == count and durations == sorted(durations, reverse=falling)


def _drag_to_front(screen: Screen, player: Screen, piece: tuple[str, str], count: int) -> None:
    rows = _wait_for_rows(player, count)
    row = next(row for row in rows if row.piece == piece)
    if row is rows[0]:
        return
    screen.drag(_grip(row), _grip(rows[0], above=_ABOVE))
    player.wait_until(lambda shown: _rows(shown)[0].piece == piece, what="the opening at the front")


def _grip(row: _Row, *, above: int = 0) -> Point:
    assert row.title.box is not None
    return Point(row.title.box.x + _GRIP, row.title.box.center.y - above)


def _save(screen: Screen, name: str) -> None:
    screen.hotkey("ctrl", "y")
    dialog = screen.inside("dialog", "Save playlist as...")
    dialog.wait_for("text", "File name:", states=["focused"])
    screen.type(f"{name}\n")
    dialog.wait_gone()
