"""Steps of public configurations, on a stand-in for the guest that remembers what was asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import pytest

from osarena.guest.client import Completed
from osarena.tasks.steps import StepContext
from osarena.types.actions import Action, Press
from osarena.types.geometry import Box, Size
from osarena.types.observation import Window
from osarena_tasks.steps import osworld


class Asking:
    """LibreOffice, which asks a question, or not, until Enter is pressed."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.pressed: list[Action] = []

    def windows(self) -> list[Window]:
        box = Box(0, 0, 9, 9)
        return [Window(1, self.title, "Soffice", box, 0, is_focused=True)] if not self.pressed else []

    def perform(self, actions: Sequence[Action]) -> None:
        self.pressed += actions


@pytest.mark.parametrize(("title", "pressed"), [("Confirm File Format", [Press("enter")]), ("a.docx - LibreOffice Writer", [])])
def test_a_file_keeps_its_format_where_that_is_asked(monkeypatch: pytest.MonkeyPatch, title: str, pressed: list[Action]) -> None:
    monkeypatch.setattr(osworld, "_ASKING_S", 0.1)
    guest = Asking(title)
    osworld.keep_format(context_of(guest))
    assert guest.pressed == pressed


class Guest:
    """Two windows, and programs that are found so many times before they have ended."""

    def __init__(self, *, found: int) -> None:
        self.found = found
        self.asked: list[str] = []

    def windows(self) -> list[Window]:
        box = Box(0, 0, 9, 9)
        return [Window(1, "News - Chromium", "Chromium", box, 1), Window(2, "Home", "Thunar", box, 0)]

    def close_window(self, window: int) -> None:
        self.asked.append(f"close {window}")

    def run(self, argv: Sequence[str]) -> Completed:
        words = argv[4:] if argv[0] == "sh" else argv
        self.asked.append(" ".join(words))
        if words[0] == "pgrep":
            self.found -= 1
            return Completed(0 if self.found >= 0 else 1, b"", b"")
        return Completed(0, b"", b"")


def context_of(guest: Any) -> StepContext:
    return StepContext(guest, cast(Any, None), Size(640, 480))


def kill(guest: Guest, *command: str) -> list[str]:
    osworld.kill(context_of(guest), command)
    return guest.asked


def test_what_is_killed_has_ended_afterwards() -> None:
    assert kill(Guest(found=2), "pkill", "-9", "thunderbird") == ["pkill -9 thunderbird", *["pgrep thunderbird"] * 3]
    assert kill(Guest(found=0), "killall", "soffice.bin") == ["killall soffice.bin", "pgrep --exact soffice.bin"]


def test_a_browser_is_closed_first_so_that_it_writes_what_it_remembers() -> None:
    asked = kill(Guest(found=1), "pkill", "chromium")
    assert asked == ["close 1", *["pgrep chromium"] * 2, "pkill chromium", "pgrep chromium"]


def test_what_does_not_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(osworld, "_ENDING_S", 0.0)
    assert kill(Guest(found=99), "pkill", "vlc")[0] == "pkill vlc"
