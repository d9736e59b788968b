"""How puppets say what they are told to do, each in the words of a real model of its kind."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from osarena.agent import Decision
from osarena.types.actions import Action, Click, Finish, Hotkey, TypeText
from osarena.types.geometry import Point, Size
from osarena.types.observation import Observation
from osarena_agents.closer import around
from osarena_agents.dialects import Dialect, Reading, View, find_dialect
from osarena_agents.dialects.grounders import Spot, find_grounder
from osarena_agents.dialects.steps import long_press
from tests.support.model_server import Asked, Say, ToolUse
from tests.support.puppets import Prompter, Words


def dialect_words(name: str) -> Words:
    """Each step in a dialect's words."""
    dialect = find_dialect(name)

    def words(asked: Asked, prompter: Prompter) -> Say:
        return in_dialect(dialect, prompter.next().actions[0], prompter.observation)

    return words


def in_dialect(dialect: Dialect, action: Action, observation: Observation) -> Say:
    """An action in a dialect's words."""
    view = View(observation.screen, sent=dialect.picture_size(observation.screen), pointer=observation.raw.cursor)
    reply = dialect.write(Reading((action,), "I go on."), view)
    return Say(reply.text, [ToolUse(call.name, call.arguments, call.id) for call in reply.tool_calls])


# --- Navi ----------------------------------------------------------------------------------------------------------

# A line of Navi's table: number, kind, name and more, and the edges as fractions of the screen.
_LINE = re.compile(r"^(\d+) .* \[([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)\]$", re.MULTILINE)


def navi_words(asked: Asked, prompter: Prompter) -> Say:
    """A step as Navi's model says it, with the number of a mark wherever one is on what is clicked."""
    (action,), observation = prompter.next().actions, prompter.observation
    if isinstance(action, Finish):
        return Say("It is done.\n```decision\nDONE\n```")
    view = View(observation.screen, sent=observation.screen, pointer=observation.raw.cursor)
    code = find_dialect("waa").write(Reading((action,)), view).text
    number = _mark_at(asked.text, action.point, observation) if isinstance(action, Click) and action.point else None
    if number is not None:
        code = re.sub(r"computer\.mouse\.move_abs\([^)]*\)", f"computer.mouse.move_id(id={number})", code, count=1)
    return Say(f"I go on.\n```decision\nCOMMAND\n```\n{code}")


def _mark_at(prompt: str, point: Point, observation: Observation) -> int | None:
    """The mark of which the middle is at a point, as far as the fractions in the prompt tell."""
    for number, *edges in _LINE.findall(prompt):
        left, top, right, bottom = map(float, edges)
        x, y = (left + right) / 2 * observation.screen.width, (top + bottom) / 2 * observation.screen.height
        if abs(x - point.x) <= 12 and abs(y - point.y) <= 8:
            return int(number)
    return None


# --- OS-Atlas with a planner ---------------------------------------------------------------------------------------

_ASIDE = 40  # pixels by which the grounder is wrong each way before it looks closer


@dataclass
class PlannerAndGrounder:
    """A planner that names elements in words, and a grounder that finds them: roughly at first, and then closer.

    Args:
        planner: which of the models is the planner.
        zoom: by which the closer look is larger.
    """

    planner: str
    zoom: float
    _places: dict[str, Point] = field(default_factory=dict)
    _first: Point | None = None  # what the grounder has found before it looks closer

    def __call__(self, asked: Asked, prompter: Prompter) -> Say:
        if asked.model == self.planner:
            return Say(json.dumps({"thought": "I go on."} | self._plan(prompter.next())))
        return self._find(asked, prompter.observation)

    def _plan(self, decision: Decision) -> Mapping[str, str]:
        (action,) = decision.actions
        match action:
            case Click(point=Point() as point, button="left", count=1):
                target = decision.thought.removeprefix("Click ")
                self._places[target] = point
                return {"action": "click", "target": target}
            case TypeText(text=text):
                return {"action": "type", "text": text}
            case Hotkey(keys=keys):
                return {"action": "press", "keys": "+".join(keys)}
            case Finish(outcome="done"):
                return {"action": "done"}
        raise AssertionError(f"the planner has not learnt to say {action}")

    def _find(self, asked: Asked, observation: Observation) -> Say:
        grounder, screen = find_grounder("os-atlas-base-7b"), observation.screen
        (point,) = {point for target, point in self._places.items() if f'"{target}"' in asked.text}
        view = View(screen, sent=grounder.picture_size(screen))
        if self._first is None:
            aside = Point(abs(point.x - _ASIDE), abs(point.y - _ASIDE))
            reply = grounder.write(Spot(aside), view)
            self._first = grounder.read(reply, view).point
            return Say(reply.text)
        region = around(self._first, screen, self.zoom)
        self._first = None
        there = Point(point.x - region.x, point.y - region.y)
        closer = View(Size(region.width, region.height), sent=view.sent)
        return Say(grounder.write(Spot(there), closer).text)


# --- AndroidControl ------------------------------------------------------------------------------------------------

# A phone has no keys to press together. What a person touches instead: elements one after the other, as the prompt tells of them.
_BY_TOUCH: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("ctrl", "a"): ('menu item "Select All"',),
    ("ctrl", "s"): ('menu "File"', 'menu item "Save"'),
    ("ctrl", "q"): ('menu "File"', 'menu item "Exit LibreOffice"'),
}
# One action of the model, made once it sees what is on the screen then.
_Touch = Callable[[Asked, Observation], Say]


@dataclass
class PhoneWords:
    """A model that knows a phone's actions alone; at the low level it knows them by the instructions of its planner.

    Args:
        planner: which of the models is the planner, if there is one.
    """

    planner: str = ""
    _pending: list[tuple[str, _Touch]] = field(default_factory=list)  # what is to be done, and how
    _clicked: Point | None = None

    def __call__(self, asked: Asked, prompter: Prompter) -> Say:
        if not self._pending:
            self._pending = self._touches(prompter.next())
        instruction, touch = self._pending[0]
        if asked.model == self.planner:
            return Say(json.dumps({"done": ""} if instruction == "Finish" else {"instruction": instruction}))
        assert not self.planner or f"What to do now: {instruction}\n" in asked.text
        self._pending.pop(0)
        return touch(asked, prompter.observation)

    def _touches(self, decision: Decision) -> list[tuple[str, _Touch]]:
        (action,) = decision.actions
        match action:
            case Hotkey(keys=keys):
                by_menu = [(f"Click on {element}", _on_element(element)) for element in _BY_TOUCH[keys]]
                if keys == ("ctrl", "a"):
                    assert self._clicked is not None
                    return [("Long press where you clicked", _saying(long_press(self._clicked))), *by_menu]
                return by_menu
            case Click(point=point):
                self._clicked = point
            case TypeText(text=text):
                return [(f"Type {json.dumps(text)}", _saying(action))]
            case Finish():
                return [("Finish", _saying(action))]
        return [(decision.thought, _saying(action))]


def _saying(action: Action) -> _Touch:
    return lambda asked, observation: in_dialect(find_dialect("android-control"), action, observation)


def _on_element(line: str) -> _Touch:
    def touch(asked: Asked, observation: Observation) -> Say:
        found = re.search(rf"^\d+ {re.escape(line)}.* \((\d+), (\d+)\)$", asked.text, re.MULTILINE)
        assert found, f"the prompt does not tell of {line}:\n{asked.text}"
        said: dict[str, Any] = {"action_type": "click", "x": int(found[1]), "y": int(found[2])}
        return Say(json.dumps(said))

    return touch
