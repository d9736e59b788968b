"""The observation space, and what a look at a desktop is as a member of it.

An observation is a dictionary. `instruction` (what is to be done) and `last_error` (why the last action could not be
carried out, or nothing) are always in it; the others are those that the environment was asked for:

================  ============================================================================================
``screenshot``    `(height, width, 3)` uint8 RGB
``tree``          the accessibility tree as indented text, see `osarena.perception.outline`
``marks``         set-of-marks: ``image`` as the screenshot with numbered boxes, ``boxes`` `(500, 4)` int32 with
                  left, top, width and height of mark 1, 2 …, ``count`` of them, ``table`` with a line for each
``windows``       the top-level windows, one a line, bottom of the stack first
``cursor``        `(2,)` int32, where the pointer is
``focus``         the element with the keyboard focus, as a line of the tree
``terminal``      what the focused terminal shows
``clipboard``     the text that was last copied
``dom``           the pages in web browsers and the elements in them that one can act on, as text like ``tree``
================  ============================================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium import spaces

from osarena.env.text import UnicodeText
from osarena.errors import MachineError, UsageError
from osarena.perception.marks import draw_marks, find_marks, marks_as_text
from osarena.perception.outline import node_as_text, tree_as_text
from osarena.perception.pages import dom_as_tree
from osarena.types.geometry import Box, Point, Size
from osarena.types.observation import Observation, Observe, Pixels, Settle, Window

PARTS = ("screenshot", "tree", "marks", "windows", "cursor", "focus", "terminal", "clipboard", "dom")
MOST_MARKS = 500

_LONG, _SHORT = UnicodeText(400_000), UnicodeText(10_000)


def observation_space(screen: Size, parts: Sequence[str]) -> spaces.Dict:
    """The space of observations with these parts.

    Raises:
        UsageError: a part that there is not.
    """
    if unknown := set(parts) - set(PARTS):
        raise UsageError(f"an observation has no {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    known = {name: _part_space(name, screen) for name in PARTS if name in parts}
    return spaces.Dict({"instruction": UnicodeText(_SHORT.max_length), "last_error": UnicodeText(_SHORT.max_length)} | known)


def what_to_observe(parts: Sequence[str], settle: Settle | None = None) -> Observe:
    """What the guest must be asked for."""
    has_marks = "marks" in parts
    return Observe(
        screenshot=has_marks or "screenshot" in parts,
        tree=has_marks or "tree" in parts,
        windows=has_marks or "windows" in parts or "dom" in parts,
        focus="focus" in parts,
        terminal="terminal" in parts,
        clipboard="clipboard" in parts,
        dom="dom" in parts,
        settle=settle,
    )


def as_member(observation: Observation, instruction: str, parts: Sequence[str]) -> dict[str, Any]:
    """The observation as a member of the space; all of it is the receiver's to keep and change.

    Raises:
        MachineError: the desktop's screen is not of the size that was ordered.
    """
    screen = observation.screen
    pixels = observation.raw.pixels
    if pixels is not None and pixels.shape != (screen.height, screen.width, 3):
        raise MachineError(f"the desktop's screen is {pixels.shape[1]}x{pixels.shape[0]}, not {screen.width}x{screen.height}")
    member: dict[str, Any] = {"instruction": _SHORT.fit(instruction), "last_error": _SHORT.fit(observation.last_error)}
    return member | {name: _part(name, observation) for name in PARTS if name in parts}


def _part_space(name: str, screen: Size) -> spaces.Space[Any]:
    image = spaces.Box(0, 255, (screen.height, screen.width, 3), np.uint8)
    match name:
        case "screenshot":
            return image
        case "marks":
            longest = max(screen.width, screen.height)
            return spaces.Dict(
                {
                    "image": image,
                    "boxes": spaces.Box(0, longest, (MOST_MARKS, 4), np.int32),
                    "count": spaces.Discrete(MOST_MARKS + 1),
                    "table": UnicodeText(_LONG.max_length),
                }
            )
        case "cursor":
            return spaces.Box(np.zeros(2, np.int32), np.array([screen.width - 1, screen.height - 1], np.int32), dtype=np.int32)
        case "tree" | "terminal" | "clipboard" | "dom":
            return UnicodeText(_LONG.max_length)
        case _:
            return UnicodeText(_SHORT.max_length)


def _part(name: str, observation: Observation) -> Any:
    raw = observation.raw
    match name:
        case "screenshot":
            return observation.screenshot.copy()
        case "marks":
            return _marks(observation)
        case "tree":
            return _LONG.fit(tree_as_text(observation.tree))
        case "windows":
            return _SHORT.fit("\n".join(map(_window_as_text, raw.windows)))
        case "cursor":
            return _cursor(raw.cursor, observation.screen)
        case "focus":
            return _SHORT.fit(node_as_text(raw.focused) if raw.focused else "")
        case "terminal":
            return _LONG.fit(raw.terminal or "")
        case "dom":
            return _LONG.fit(tree_as_text(dom_as_tree(observation.dom, raw.windows)))
        case _:
            return _LONG.fit(raw.clipboard or "")


def _marks(observation: Observation) -> dict[str, Any]:
    marks = find_marks(observation.tree, observation.raw.windows, observation.screen, limit=MOST_MARKS)
    boxes = np.zeros((MOST_MARKS, 4), np.int32)
    for row, mark in enumerate(marks):
        boxes[row] = _as_row(mark.box)
    image: Pixels = draw_marks(observation.screenshot, marks)
    return {"image": image, "boxes": boxes, "count": np.int64(len(marks)), "table": _LONG.fit(marks_as_text(marks))}


def _as_row(box: Box) -> tuple[int, int, int, int]:
    return box.x, box.y, box.width, box.height


def _cursor(cursor: Point | None, screen: Size) -> Any:
    x, y = (0, 0) if cursor is None else (cursor.x, cursor.y)
    return np.clip([x, y], 0, [screen.width - 1, screen.height - 1]).astype(np.int32)


def _window_as_text(window: Window) -> str:
    box = window.box
    line = f'"{window.title}" {window.app} @{box.x},{box.y} {box.width}x{box.height}'
    states = [word for word, holds in (("focused", window.is_focused), ("minimized", window.is_minimized)) if holds]
    return f"{line} [{' '.join(states)}]" if states else line
