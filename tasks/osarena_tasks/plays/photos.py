"""Plays with the photos of a trip: Thunar's window for renaming many files at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from osarena.players.screen import Screen
from osarena.tasks.model import play
from osarena_tasks.plays._thunar import window_of_folder

_DIALOG = "Rename Multiple Files"
_BY_TEXT, _BY_DATE, _BY_CASE = "Insert / Overwrite", "Insert Date / Time", "Uppercase / Lowercase"


@play
def put_dates_in_names(
    screen: Screen,
    values: Mapping[str, Any],
    *,
    time: str = "Date Picture Taken",
    lower_ending: bool = True,
    phone_alone: bool = False,
    everything: bool = False,
) -> None:
    """Insert the dates in front of the photos' names, then turn the endings into small letters."""
    trip = values["trip"]
    folder = window_of_folder(screen, trip["place"])
    if everything:
        folder.click("table cell", trip["photos"][0])
        screen.hotkey("ctrl", "a")
    else:
        photos = [name for name in trip["photos"] if not phone_alone or name.startswith("IMG")]
        _select_photos(folder, photos, trip["others"])
    dialog = _ask_for_dates(screen, time, trip["date_format"])
    dialog.click("push button", "Apply", states=["sensitive"])
    dialog.wait_for("push button", "Close", states=["sensitive"])  # it said "Cancel" before
    if lower_ending:
        _choose(screen, dialog, _BY_DATE, _BY_CASE)
        _choose(screen, dialog, "Name only", "Extension only")
        dialog.wait_for("combo box", "lowercase")
        dialog.click("push button", "Done", states=["sensitive"])
    else:
        dialog.click("push button", "Close")
    dialog.wait_gone()


@play
def find_names_refused(screen: Screen, values: Mapping[str, Any]) -> None:
    """Ask for dates that no file name can have, and see that Thunar cannot rename the photos."""
    trip = values["trip"]
    _select_photos(window_of_folder(screen, trip["place"]), trip["photos"], trip["others"])
    dialog = _ask_for_dates(screen, "Date Picture Taken", trip["date_format"])
    dialog.click("push button", "Apply", states=["sensitive"])
    refusal = screen.inside("alert", "Error")
    refusal.click("push button", "Cancel")
    refusal.wait_gone()
    dialog.click("push button", "Close")
    dialog.wait_gone()


def _select_photos(folder: Screen, photos: list[str], others: list[str]) -> None:
    """Select from the first photo to the last, and leave out again what stands between them."""
    folder.click("table cell", photos[0])
    folder.wait_for("table cell", photos[0], states=["selected"])
    folder.click("table cell", photos[-1], modifiers=("shift",))
    folder.wait_for("table cell", photos[-1], states=["selected"])
    for name in others:
        if photos[0] < name < photos[-1]:
            folder.click("table cell", name, modifiers=("ctrl",))


def _ask_for_dates(screen: Screen, time: str, date_format: str) -> Screen:
    """Open the window for renaming and fill in which date is wanted, and how it is written; return the window."""
    screen.press("f2")
    dialog = screen.inside("dialog", _DIALOG)
    _choose(screen, dialog, _BY_TEXT, _BY_DATE)
    _choose(screen, dialog, "Current", time)
    dialog.fill("text", None, f"{date_format} ")
    return dialog


def _choose(screen: Screen, dialog: Screen, now: str, wanted: str) -> None:
    dialog.click("combo box", now)
    screen.click("menu item", wanted)
    dialog.wait_for("combo box", wanted)
