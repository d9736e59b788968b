"""Pyautogui programs, as OSWorld's controllers send them, carried out as typed actions. Their text is read, never run here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from osarena.errors import AgentError
from osarena.perception.pyautogui_text import follow
from osarena.types.observation import Observe
from osarena.web.osworld.desktop import BridgedDesktop

_PYTHONS = frozenset({"python", "python3", "/usr/bin/python", "/usr/bin/python3"})


@dataclass(frozen=True, slots=True)
class Performed:
    """What became of a program: the first action that could not be done, or that it cannot be read, in words."""

    is_translated: bool
    problem: str = ""


def pyautogui_program(argv: Sequence[str]) -> str | None:
    """The text of `python -c TEXT` where it speaks of pyautogui, else `None`."""
    if len(argv) == 3 and argv[0] in _PYTHONS and argv[1] == "-c" and "pyautogui" in argv[2]:
        return argv[2]
    return None


def perform(desktop: BridgedDesktop, program: str) -> Performed:
    """Carry a program out, as far as all of it can be read; else do nothing.

    A mouse button that it presses and does not release is held until a later program releases it.
    """
    with desktop.lock, desktop.guest() as guest:
        hand = desktop.hand
        before = hand.held, list(hand.held_path), hand.held_s, hand.pointer
        hand.actions = []
        if hand.held is None:
            hand.pointer = guest.observe(Observe(screenshot=False, tree=False, windows=False)).cursor
        try:
            follow(program, hand, may_hold=True)
        except AgentError as error:
            hand.held, hand.held_path, hand.held_s, hand.pointer = before
            return Performed(is_translated=False, problem=str(error))
        problem = guest.perform(hand.actions).problem if hand.actions else ""
        return Performed(is_translated=True, problem=problem)
