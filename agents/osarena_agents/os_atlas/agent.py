"""The agent, with a planner or without."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Unpack

from osarena.agent import Brief, Decision
from osarena.errors import UsageError
from osarena.perception.frames import fit, scale_image
from osarena.types.actions import Action
from osarena.types.geometry import Point, Size
from osarena.types.observation import Observation
from osarena_agents.asking import Asking, make_askers
from osarena_agents.conversation import Message, Picture, Reply, Text
from osarena_agents.deeds import Deeds
from osarena_agents.dialects import Unreadable, View, find_dialect
from osarena_agents.dialects.grounders import GROUNDERS, NotThere
from osarena_agents.granting import granted
from osarena_agents.grounding import Finder, find_grounding
from osarena_agents.models import Model, Request
from osarena_agents.os_atlas.plan import read_plan
from osarena_agents.os_atlas.prompt import action_step, planner_rules, planner_step
from osarena_agents.phones import on_desktop
from osarena_agents.turns import Misread

_NONE_YET = "None"
# Of the planner's picture, in pixels: it has to see what there is, not where exactly.
_LONGEST_SIDE = 1568


@dataclass(frozen=True, slots=True)
class _Decided:
    """What is to be done, in words and as actions."""

    words: str
    thought: str
    actions: tuple[Action, ...]


@dataclass(slots=True)
class _Places:
    """Finds the elements that a planner names, and keeps where they were for the record."""

    finder: Finder
    observation: Observation
    found: list[dict[str, Any]] = field(default_factory=list)

    def find(self, what: str) -> Point:
        try:
            found = self.finder.find(what, self.observation.screenshot)
        except NotThere as error:
            raise Unreadable(
                f"{what!r:.200} was not found on the screen; describe something that you see there, or do something else"
            ) from error
        except Unreadable as error:
            raise Unreadable(f"{what!r:.200} could not be found on the screen ({error}); describe it in another way") from error
        record: dict[str, Any] = {"what": what, "point": _pair(found.spot.point)}
        if found.at_first is not None:
            record["at_first"] = _pair(found.at_first.point)
        if found.misread:
            record["misread"] = _told(found.misread)
        self.found.append(record)
        return found.spot.point


class OSAtlas:
    """OS-Atlas, or any grounding model in its place.

    With a planner, that names the next action and its target in words, and the model finds the target. Without one the model
    does both, in action mode; what it says of phones is done as `osarena_agents.phones` has it.

    Args:
        model: OS-Atlas, see `osarena_agents.models`.
        planner: a model that follows instructions, or nothing for action mode.
        grounder: how the model is asked where something is: a name of `dialects.grounders`, or of any dialect, in which it is
            then told to click there. By default the one that the model's name holds, and OS-Atlas' 7B form for other names.
        zoom: with more than 1, each place is looked at so many times larger and asked for once more. Needs a planner.
        dialect: what the model speaks in action mode.
        history: how many of the last steps are told.
        asking: of both models, see `osarena_agents.asking.Asking`; what one job may spend is for both together.

    Raises:
        UsageError: no model, no key, or an option that there is not.
    """

    def __init__(
        self,
        model: str | Model = "",
        *,
        planner: str | Model = "",
        grounder: str = "",
        zoom: float = 1.0,
        dialect: str = "os-atlas",
        history: int = 15,
        **asking: Unpack[Asking],
    ) -> None:
        if history < 0:
            raise UsageError("history cannot be negative")
        if planner == "" and (zoom != 1 or grounder):
            raise UsageError("zoom and grounder are ways of finding what a planner names: give a planner, too")
        self._asker, *planners = make_askers([model] if planner == "" else [model, planner], asking)
        self._planner = planners[0] if planners else None
        self._finder = Finder(self._asker, find_grounding(grounder or grounder_of(self._asker.model.name)), zoom=zoom)
        self._dialect = find_dialect(dialect)
        self._history = history
        self._brief = Brief("")
        self._deeds = Deeds()

    @property
    def observe(self) -> tuple[str, ...]:
        """What it wants to see. In action mode the tree says where programs are opened; no model is told of it."""
        return ("cursor", "screenshot", "windows") if self._planner else ("cursor", "screenshot", "tree", "windows")

    def reset(self, brief: Brief, *, seed: int) -> None:
        """Forget the last episode. The seed is not needed: what is left to chance is the models'."""
        self._asker.begin_job()
        self._brief, self._deeds = brief, Deeds()

    def act(self, observation: Observation) -> Decision:
        """Ask for the next action.

        Raises:
            AgentError: none of the replies could be read, or the prompt is longer than a model can take in.
            ModelError: a model is not usable.
        """
        self._deeds.see(observation)
        with self._asker.counting() as cost:
            decided, record = self._acted(observation) if self._planner is None else self._planned(observation)
        self._deeds.add(decided.words, observation)
        return Decision(decided.actions, decided.thought, cost(), record)

    def _planned(self, observation: Observation) -> tuple[_Decided, dict[str, Any]]:
        assert self._planner is not None
        places = _Places(self._finder, observation)

        def read(reply: Reply) -> _Decided:
            places.found.clear()
            plan = read_plan(reply, observation.screen, places.find)
            actions = granted(plan.reading.steps, observation, self._brief)
            return _Decided(plan.words, plan.reading.thought, tuple(actions))

        size = fit(observation.screen, longest_side=_LONGEST_SIDE)
        words = planner_step(self._brief, observation, self._deeds.told(self._history, empty=_NONE_YET))
        request = Request([_shown(observation, size, words)], planner_rules(self._brief))
        answer = self._planner.ask(request, read)
        record: dict[str, Any] = {"mode": "planner", "said": answer.reply.text, "found": places.found}
        return answer.read, record | _misread(answer.misread)

    def _acted(self, observation: Observation) -> tuple[_Decided, dict[str, Any]]:
        size = self._dialect.picture_size(observation.screen)
        view = View(observation.screen, sent=size, pointer=observation.raw.cursor)

        def read(reply: Reply) -> _Decided:
            reading = self._dialect.read(reply, view)
            actions = on_desktop(reading.steps, observation, self._brief)
            return _Decided(_deed(reply.text), reading.thought, tuple(actions))

        history = self._deeds.told(self._history, empty=_NONE_YET)
        words = action_step(self._brief, self._dialect.instructions(view), history)
        tools = self._dialect.tools(view)
        request = Request([_shown(observation, size, words)], tools=tools, temperature=self._asker.greedy)
        answer = self._asker.ask(request, read)
        return answer.read, {"mode": "action", "said": answer.reply.text} | _misread(answer.misread)


def grounder_of(model: str) -> str:
    """The grounder whose name, or part of it, is in a model's name; OS-Atlas' 7B form for all others."""
    served = model.rpartition("/")[2].rpartition("#")[2].lower().replace("_", "-")
    if "atlas" in served and "4b" in served:
        return "os-atlas-base-4b"
    return next((name for name in GROUNDERS if name in served), "os-atlas-base-7b")


def _shown(observation: Observation, size: Size, words: str) -> Message:
    return Message("user", [Picture(scale_image(observation.screenshot, size)), Text(words)])


def _deed(said: str) -> str:
    """What a reply in action mode does, without the thought before it, on one line."""
    return " ".join((said.rpartition("actions:")[2] or said).split())[:300]


def _pair(point: Point) -> list[int]:
    return [point.x, point.y]


def _told(misread: tuple[Misread, ...]) -> list[dict[str, str]]:
    return [{"said": part.said, "reason": part.reason} for part in misread]


def _misread(misread: tuple[Misread, ...]) -> dict[str, Any]:
    return {"misread": _told(misread)} if misread else {}
