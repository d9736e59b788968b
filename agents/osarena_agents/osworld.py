"""Agents that were written for OSWorld, as they are: `osarena run --agent osworld:module:Class`.

Such a class has `predict(instruction, obs)`, which returns its reply and a list of actions, and perhaps a `reset`. `obs` holds
`screenshot` (PNG), `accessibility_tree` (XML), `terminal` and `instruction`; an action is a program over pyautogui, a dictionary
of the action space `computer_13`, or one of WAIT, DONE and FAIL. All actions of one reply are one step here.

As in OSWorld, an action that cannot be carried out costs its step and does nothing; the reason is kept in the trajectory.
"""

from __future__ import annotations

import inspect
import json
import logging
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from osarena.agent import Brief, Decision
from osarena.errors import AgentError, UsageError
from osarena.perception.osworld_xml import to_osworld_xml
from osarena.perception.pointer import png_with_pointer
from osarena.registry import find_class
from osarena.types.actions import Action, Finish, Shell
from osarena.types.observation import Observation
from osarena_agents.conversation import Reply
from osarena_agents.dialects import find_dialect
from osarena_agents.dialects.model import Unreadable, View, is_action
from osarena_agents.dialects.steps import Strokes

logger = logging.getLogger(__name__)

# What OSWorld's agents say in `observation_type` where a picture is all that they look at.
_PICTURE_ALONE = "screenshot"
_LONGEST_KEPT = 2000


class OSWorldAgent:
    """Satisfies `osarena.agent.Agent` with the class of an agent for OSWorld.

    Args:
        path: the class, as ``module:Class``.
        arguments: those of the class.
    """

    def __init__(self, path: str = "", **arguments: Any) -> None:
        if not path:
            raise UsageError("give the class of the agent for OSWorld, as osworld:module:Class")
        self._path = path
        self._agent = find_class("osarena.agents", path)(**arguments)
        if not callable(getattr(self._agent, "predict", None)):
            raise UsageError(f"{path} is no agent for OSWorld: it has no method 'predict'")
        self._pyautogui, self._computer_13 = find_dialect("pyautogui"), find_dialect("computer-13")
        self._strokes = Strokes()
        self._brief = Brief("")

    @property
    def observe(self) -> tuple[str, ...]:
        """What the class looks at."""
        if getattr(self._agent, "observation_type", None) == _PICTURE_ALONE:
            return ("screenshot", "cursor")
        return ("screenshot", "tree", "cursor", "terminal")

    def reset(self, brief: Brief, *, seed: int) -> None:
        """Forget the last episode. OSWorld's agents know no seed."""
        self._brief = brief
        self._strokes = Strokes()
        reset = getattr(self._agent, "reset", None)
        if reset is not None:
            reset(**self._reset_arguments(reset))

    def act(self, observation: Observation) -> Decision:
        """Ask the class, and translate what it wants done.

        Raises:
            AgentError: what it returned is no reply with actions.
        """
        returned = self._agent.predict(self._brief.instruction, self._seen(observation))
        if not isinstance(returned, tuple | list) or len(returned) < 2:
            raise AgentError(f"{self._path}.predict returns a reply and actions, not {returned!r:.200}")
        if not self._strokes.is_held:
            self._strokes.pointer = observation.raw.cursor
        actions: list[Action] = []
        undone: list[dict[str, str]] = []
        for wanted in self._listed(returned[1]):
            try:
                actions += self._translated(wanted, observation)
            except Unreadable as error:
                logger.warning("an action of %s is not carried out: %s", self._path, error)
                undone.append({"action": _words(wanted)[:_LONGEST_KEPT], "reason": str(error)})
            if actions and isinstance(actions[-1], Finish):
                break
        return Decision(actions, thought=_words(returned[0]), extra={"not_carried_out": undone} if undone else {})

    def _seen(self, observation: Observation) -> dict[str, Any]:
        raw = observation.raw
        return {
            "screenshot": png_with_pointer(observation.screenshot, raw.cursor),
            "accessibility_tree": None if raw.tree is None else to_osworld_xml(raw.tree),
            "terminal": raw.terminal,
            "instruction": self._brief.instruction,
        }

    def _listed(self, actions: Any) -> Sequence[Any]:
        match actions:
            case None:
                return ()
            case str() | Mapping():
                return (actions,)
            case list() | tuple():
                return actions
        raise AgentError(f"{self._path}.predict returns a list of actions, not {actions!r:.200}")

    def _translated(self, wanted: Any, observation: Observation) -> Iterator[Action]:
        """An action of OSWorld as actions of ours. Raises Unreadable where it cannot be carried out."""
        view = View(observation.screen, observation.screen, self._strokes.pointer, self._strokes.button)
        match wanted:
            case {"command": str() as program} | (str() as program):
                try:
                    reading = self._pyautogui.read(Reply(program), view)
                except Unreadable:
                    if "shell" not in self._brief.channels:
                        raise
                    return iter([Shell(f"python3 -c {shlex.quote(program)}")])
            case Mapping() if "action_type" in wanted:
                reading = self._computer_13.read(Reply(json.dumps(wanted)), view)
            case _:
                raise AgentError(f"{self._path}.predict wants {wanted!r:.200} done, which is no action of OSWorld's")
        return filter(is_action, self._strokes.take(reading.steps))

    def _reset_arguments(self, reset: Any) -> dict[str, Any]:
        """What a `reset` is given: a logger where it takes one. Where the desktop is, no agent is told here."""
        arguments: dict[str, Any] = {}
        for name, parameter in inspect.signature(reset).parameters.items():
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            if "logger" in name:
                arguments[name] = logger
            elif parameter.default is parameter.empty:
                raise AgentError(f"{self._path}.reset needs {name!r}, which no agent is given here")
        return arguments


def _words(value: Any) -> str:
    """A reply or an action as text, whatever it is."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
