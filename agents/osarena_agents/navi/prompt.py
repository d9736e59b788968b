"""Navi's prompt: the texts in `prompts/`, filled in with what the agent knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from importlib import resources
from string import Template

from osarena.agent import Brief
from osarena.perception.marks import Mark
from osarena.perception.outline import node_as_text, tree_as_text
from osarena.types.geometry import Size
from osarena.types.observation import Observation, Window
from osarena_agents.dialects.texts import labelled_fences

# Longer texts on the clipboard are cut.
_CLIPBOARD = 500
_MOVE_ID = re.compile(r"move_id\(\s*(?:id\s*=\s*)?(\d+)")
_PICTURES = {
    "none": "no picture: the elements of the screen in words",
    "current": "a picture of the screen, in which the elements that you can act on have a frame and a number",
    "both": "a picture of the screen before the last step, and one of the screen now, in which the elements that you can act on "
    "have a frame and a number",
}
_TREE_FUNCTIONS = """
computer.window_manager.switch_to_application("title")   brings an open window to the front"""
_WINDOWS_FUNCTIONS = """
computer.os.open_program("name")           opens a program from the start menu
computer.os.maximize_window()              makes the window in front as large as the screen"""


def system_prompt(brief: Brief, pictures: str, *, has_tree: bool) -> str:
    """What stays the same for an episode: the rules, the form of a reply, the functions that can be carried out."""
    functions = _TREE_FUNCTIONS if has_tree else ""
    if brief.platform == "windows":
        functions += _WINDOWS_FUNCTIONS
    inputs = [
        _PICTURES[pictures],
        "the elements that you can act on, each with a number that is its own",
        "what windows are open, and what was copied last",
        "your own last steps with what became of them, and what you noted",
    ]
    return _template("system.txt").substitute(
        platform={"linux": "Linux", "windows": "Windows"}[brief.platform],
        width=brief.screen.width,
        height=brief.screen.height,
        steps=brief.max_steps,
        inputs="\n".join(f"- {line}" for line in inputs),
        functions=functions,
    )


def step_prompt(
    brief: Brief,
    observation: Observation,
    marks: Sequence[Mark],
    history: str,
    memory: str,
    *,
    outline: int = 0,
) -> str:
    """How things stand now.

    Args:
        history: the last steps in words, oldest first.
        outline: so many lines of the whole tree in words, for a model that sees no picture.
    """
    everything = ""
    if outline:
        everything = (
            "\n\n# Everything on the screen; @ is the left and top edge and the size, in pixels\n"
            f"{tree_as_text(observation.tree, max_lines=outline)}"
        )
    return _template("step.txt").substitute(
        objective=brief.instruction,
        memory=memory or "nothing yet",
        history=history,
        windows=_windows_as_text(observation.raw.windows),
        clipboard=_clipboard_as_text(observation.raw.clipboard),
        marks="\n".join(mark_as_text(mark, observation.screen) for mark in marks) or "none",
        outline=everything,
        step=observation.step + 1,
        steps=brief.max_steps,
    )


def mark_as_text(mark: Mark, screen: Size) -> str:
    """One mark's line: ``7 push button "Save" [0.625 0.031 0.792 0.049]``."""
    box = mark.box
    edges = (
        box.x / screen.width,
        box.y / screen.height,
        (box.x + box.width) / screen.width,
        (box.y + box.height) / screen.height,
    )
    line = node_as_text(replace(mark.node, box=None, children=()))
    return f"{mark.number} {line} [{' '.join(f'{edge:.3f}' for edge in edges)}]"


def as_deed(said: str, decision: str, marks: Sequence[Mark]) -> str:
    """What a readable reply wanted. Numbers of elements mean nothing later, so what they stood for is told beside them."""
    if decision != "COMMAND":
        return decision
    program = "\n".join(block for label, block in labelled_fences(said) if label in ("python", "py", ""))
    named = {int(number) for number in _MOVE_ID.findall(program)}
    told = [
        f"  (then {mark.number} was {node_as_text(replace(mark.node, box=None, children=()))})"
        for mark in marks
        if mark.number in named
    ]
    return "\n".join([program, *told])


def _windows_as_text(windows: Sequence[Window]) -> str:
    ordered = sorted(windows, key=lambda window: window.stacking, reverse=True)
    return "\n".join(map(_window_as_text, ordered)) or "none"


def _window_as_text(window: Window) -> str:
    states = [word for word, holds in (("has the focus", window.is_focused), ("minimised", window.is_minimized)) if holds]
    return f'"{window.title}" ({", ".join([window.app, *states])})'


def _clipboard_as_text(clipboard: str | None) -> str:
    if not clipboard:
        return "empty"
    return clipboard if len(clipboard) <= _CLIPBOARD else f"{clipboard[:_CLIPBOARD]}… ({len(clipboard)} characters in all)"


@lru_cache(maxsize=4)
def _template(name: str) -> Template:
    return Template((resources.files(__package__) / "prompts" / name).read_text("utf-8"))
