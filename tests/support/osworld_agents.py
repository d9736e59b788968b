"""Agents as they are written for OSWorld."""

from __future__ import annotations

import io
import logging
import re
from typing import Any
from xml.etree import ElementTree

from PIL import Image

COMPONENT = "{https://accessibility.ubuntu.example.org/ns/component}"


class Writer:
    """Types the word of the instruction into the text field that its tree shows, saves, and is done.

    Args:
        space: its action space, "pyautogui" or "computer_13".
    """

    def __init__(self, space: str = "pyautogui") -> None:
        self.space = space
        self.turn = 0

    def reset(self, _logger: logging.Logger | None = None, vm_ip: str | None = None, **kwargs: Any) -> None:
        assert isinstance(_logger, logging.Logger)
        assert (vm_ip, kwargs) == (None, {})
        self.turn = 0

    def predict(self, instruction: str, obs: dict[str, Any]) -> tuple[str, list[Any]]:
        assert obs["instruction"] == instruction
        assert Image.open(io.BytesIO(obs["screenshot"])).format == "PNG"
        self.turn += 1
        if self.turn == 1:
            return "I wait.", ["WAIT"] if self.space == "pyautogui" else [{"action_type": "WAIT"}]
        if self.turn == 2:
            return "I write and save.", self._write(instruction.split()[1], *self._place(obs["accessibility_tree"]))
        return "It is saved.", ["DONE"]

    def _place(self, tree: str) -> tuple[int, int]:
        (field,) = [element for element in ElementTree.fromstring(tree).iter() if element.get("name") == "Text"]
        x, y = map(int, re.findall(r"-?\d+", str(field.get(f"{COMPONENT}screencoord"))))
        return x + 5, y + 5

    def _write(self, word: str, x: int, y: int) -> list[Any]:
        if self.space == "pyautogui":
            return [
                f"import pyautogui\nimport time\npyautogui.click({x}, {y})\ntime.sleep(0.1)",
                {"command": f"pyautogui.write('{word}'); pyautogui.hotkey('ctrl', 's')"},
            ]
        return [
            {"action_type": "MOVE_TO", "x": x, "y": y},
            {"action_type": "MOUSE_DOWN"},
            {"action_type": "MOUSE_UP"},
            {"action_type": "TYPING", "parameters": {"text": word}},
            {"action_type": "HOTKEY", "keys": ["ctrl", "s"]},
        ]


class Says:
    """Returns always the same."""

    def __init__(self, returned: Any = None, observation_type: str = "screenshot_a11y_tree") -> None:
        self.returned = returned
        self.observation_type = observation_type
        self.seen: list[dict[str, Any]] = []

    def predict(self, instruction: str, obs: dict[str, Any]) -> Any:
        self.seen.append(obs)
        return self.returned


class Crashing:
    """Raises at its first look."""

    def predict(self, instruction: str, obs: dict[str, Any]) -> Any:
        raise KeyError("no such key")


class Demanding(Says):
    """Wants to know where the desktop is."""

    def reset(self, vm_ip: str) -> None:
        raise AssertionError(vm_ip)


class NoAgent:
    """Cannot predict."""
