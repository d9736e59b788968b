"""Plays in the folder of the well inspection: Thunar, Mousepad and LibreOffice Writer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from osarena.players.screen import Screen
from osarena.tasks.model import play
from osarena_tasks.plays._libreoffice import save_and_close, window_of
from osarena_tasks.plays._thunar import open_item, paste, rename, select, window_of_folder

_REPORT = "Report.docx"


@dataclass(frozen=True, slots=True)
class _Note:
    file: str
    well: str
    visited: str
    level: str
    is_broken: bool


@play
def report(
    screen: Screen,
    values: Mapping[str, Any],
    *,
    stale_level: bool = False,
    swap_rows: bool = False,
    signature: str = "",
    correct: bool = True,
    correct_another: bool = False,
    copy: bool = False,
) -> None:
    """Read every note, correct the misread one on the way, fill in the report, rename it, and move the notes to repair."""
    wells = values["wells"]
    folder = window_of_folder(screen, values["folder"])
    to_correct = {wells["misread"]: wells["level"]} if correct else {}
    if correct_another:
        to_correct[wells["another"]] = wells["level"]
    notes = _read_notes(screen, folder, to_correct)
    if not stale_level:
        notes = [replace(note, level=wells["level"]) if note.well == wells["misread"] else note for note in notes]
    _fill_in_report(screen, folder, _rows(notes, swap=swap_rows), signature)
    rename(screen, folder, _REPORT, wells["report_name"])
    _move(screen, folder, [note.file for note in notes if note.is_broken], "Repairs", copy=copy)


def _read_notes(screen: Screen, folder: Screen, to_correct: Mapping[str, str]) -> list[_Note]:
    """Open all notes in the editor together, read each, and put levels right where they are known to be wrong.

    One after the other would not do: the editor is one process for all its windows, and one that is still about to end
    swallows the next file.
    """
    files = _files(folder, ".txt")
    select(folder, files)
    screen.press("enter")
    notes = [_read_note(screen, file, to_correct) for file in files]
    screen.hotkey("ctrl", "q")
    screen.wait_gone("application", "mousepad")
    return notes


def _files(folder: Screen, ending: str) -> list[str]:
    """The names of the files that the folder's window shows."""
    folder.wait_for("table cell", _REPORT)
    return [cell.name for cell in folder.find_all("table cell", re.compile(re.escape(ending) + "$"))]


def _read_note(screen: Screen, file: str, to_correct: Mapping[str, str]) -> _Note:
    """Turn to a note's tab in the editor, read it, and put its level right where it is known to be wrong."""
    screen.click("page tab", file)
    editor = screen.inside("frame", re.compile(f"{re.escape(file)} - Mousepad$")).inside("page tab", file, states=["selected"])
    text = editor.wait_until(_text_of_note, what=f"the text of {file}")
    facts = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
    if facts["Well"] in to_correct:
        _correct_level(screen, editor, file, text, to_correct[facts["Well"]])
    level = facts["Water level"].removesuffix(" m")
    return _Note(file, facts["Well"], facts["Visited"].split(" by ")[0], level, facts["Pump"] == "broken")


def _text_of_note(editor: Screen) -> str | None:
    return next((node.text for node in editor.find_all("text") if "Water level: " in node.text), None)


def _correct_level(screen: Screen, editor: Screen, file: str, text: str, level: str) -> None:
    """Go to the line of the level, type over it, and save; the star in the title tells whether it is saved."""
    line = next(number for number, words in enumerate(text.splitlines()) if words.startswith("Water level: "))
    screen.hotkey("ctrl", "home")
    screen.press("down", line)
    screen.hotkey("shift", "end")
    screen.type(f"Water level: {level} m")
    editor.wait_until(lambda shown: f"Water level: {level} m\n" in (_text_of_note(shown) or ""), what="the corrected level")
    screen.hotkey("ctrl", "s")
    screen.wait_for("frame", re.compile(f"^[^*]*{re.escape(file)} - Mousepad$"))


def _rows(notes: Sequence[_Note], *, swap: bool) -> list[_Note]:
    """The notes in the order of the report's table."""
    in_order = sorted(notes, key=lambda note: note.well)
    return [in_order[1], in_order[0], *in_order[2:]] if swap else in_order


def _fill_in_report(screen: Screen, folder: Screen, rows: Sequence[_Note], signature: str) -> None:
    open_item(screen, folder, _REPORT)
    window = window_of(screen, _REPORT)
    window.wait_for("document text")
    _go_to_first_cell(screen, window)
    for number, row in enumerate(rows):
        screen.type(f"{row.visited}\t{row.level}" + ("\t\t" if number < len(rows) - 1 else ""))
    window.wait_until(lambda shown: _cells(shown)[-1:] == [rows[-1].level], what="the last level")
    if signature:
        screen.hotkey("ctrl", "end")
        screen.type(f"\n{signature}")
    save_and_close(screen, _REPORT)


def _cells(window: Screen) -> list[str]:
    """The texts of the table's cells, row by row."""
    return [node.text for node in window.inside("table").find_all("paragraph")]


def _go_to_first_cell(screen: Screen, window: Screen) -> None:
    """Find the heading of the table's last column with the search bar; the first empty cell is two Tabs away."""
    screen.hotkey("ctrl", "f")
    search_bar = window.inside("tool bar", "Find")
    search_bar.wait_for("text", states=["focused"])
    screen.type("Level (m)\n")
    screen.press("escape")
    search_bar.wait_gone()
    screen.press("end")  # lets go of what was found: Tab would stretch the selection over the cells on its way
    screen.press("tab", 2)


def _move(screen: Screen, folder: Screen, files: Sequence[str], into: str, *, copy: bool) -> None:
    """Cut (or copy) the files, and paste them into another folder."""
    select(folder, files)
    screen.hotkey("ctrl", "c" if copy else "x")
    open_item(screen, folder, into)
    target = window_of_folder(screen, into)
    target.wait_for("status bar", re.compile("^0 items"))
    paste(screen, target, files)
