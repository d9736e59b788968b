"""Steps of public configurations, on a stand-in for the guest that remembers what was asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import pytest

from osarena.guest.client import Completed
from osarena.tasks.steps import StepContext
from osarena.types.geometry import Box, Size
from osarena.types.observation import Window
from osarena_tasks.steps import osworld


class Guest:
    """Two windows, and programs that are found so many times before they have ended."""

    def __init__(self, *, found: int) -> None:
        self.found = found
        self.asked: list[str] = []

    def windows(self) -> list[Window]:
        box = Box(0, 0, 9, 9)
        return [Window(1, "News - Chromium", "Chromium", box, True), Window(2, "Home", "Thunar", box, False)]

    def close_window(self, window: int) -> None:
        self.asked.append(f"close {window}")

    def run(self, argv: Sequence[str]) -> Completed:
        words = argv[4:] if argv[0] == "sh" else argv
        self.asked.append(" ".join(words))
        if words[0] == "pgrep":
            self.found -= 1
            return Completed(0 if self.found >= 0 else 1, b"", b"")
        return Completed(0, b"", b"")


def kill(guest: Guest, *command: str) -> list[str]:
    osworld.kill(StepContext(cast(Any, guest), cast(Any, None), Size(640, 480)), command)
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
