"""The agent, at both levels of instructions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Unpack, get_args

from osarena.agent import Brief, Decision
from osarena.errors import UsageError
from osarena.perception.frames import fit, scale_image
from osarena.types.actions import Action, Finish
from osarena.types.observation import Observation
from osarena_agents.android_control.instruct import Instruction, read_instruction
from osarena_agents.android_control.prompt import agent_step, planner_rules, planner_step
from osarena_agents.android_control.screen import elements, elements_as_text, marks_of
from osarena_agents.asking import Asking, ModelAsker, make_askers
from osarena_agents.conversation import Message, Picture, Reply, Text
from osarena_agents.deeds import Deeds
from osarena_agents.dialects import View, find_dialect
from osarena_agents.models import Model, Request
from osarena_agents.phones import on_desktop
from osarena_agents.turns import Misread

Level = Literal["high", "low"]
Inputs = Literal["screenshot+tree", "screenshot", "tree"]


@dataclass(frozen=True, slots=True)
class _Look:
    """What the models are shown of one observation."""

    view: View
    picture: Picture | None
    elements: str | None

    def message(self, words: str) -> Message:
        return Message("user", [*([self.picture] if self.picture else []), Text(words)])


@dataclass(frozen=True, slots=True)
class _Deed:
    """What the trained model does."""

    said: str
    thought: str
    actions: tuple[Action, ...]


class AndroidControl:
    """A model that was fine-tuned on AndroidControl's demonstrations, at work on a desktop.

    What its actions become here is in `osarena_agents.phones`. At the high level it knows the goal alone. At the low level a
    planner says for each step what is to be done, and ends the episode.

    Args:
        model: the trained model, see `osarena_agents.models`.
        level: "high" or "low".
        planner: a model that follows instructions, for the low level.
        inputs: what both models are shown: "screenshot", "tree" (its elements in words), or "screenshot+tree".
        dialect: what the model says: "android-control", or "android-world" for one that names elements by their numbers.
        adapter: a folder with a LoRA adapter for the weights of `hf:PATH-or-NAME`. It becomes a part of the model's name,
            ``hf:PATH-or-NAME+ADAPTER``. A server loads its adapters itself (vLLM: ``--lora-modules NAME=FOLDER``), and the
            model is ``http://HOST/v1#NAME``.
        longest_side: pictures are made smaller until no side has more pixels; 0 leaves them as they are.
        most_elements: elements that are told of, at most.
        history: how many of the last steps are told.
        asking: of both models, see `osarena_agents.asking.Asking`; what one job may spend is for both together.

    Raises:
        UsageError: no model, no key, or an option that there is not.
    """

    def __init__(
        self,
        model: str | Model = "",
        *,
        level: Level = "high",
        planner: str | Model = "",
        inputs: Inputs = "screenshot+tree",
        dialect: str = "android-control",
        adapter: str = "",
        longest_side: int = 0,
        most_elements: int = 150,
        history: int = 15,
        **asking: Unpack[Asking],
    ) -> None:
        for name, value, known in (("level", level, Level), ("inputs", inputs, Inputs)):
            if value not in get_args(known):
                raise UsageError(f"{name}={value!r} is none of {', '.join(get_args(known))}")
        if (level == "low") != (planner != ""):
            raise UsageError("the low level needs a planner, which says what each step is to do; the high level has none")
        if min(longest_side, most_elements, history) < 0:
            raise UsageError("longest_side, most_elements and history cannot be negative")
        models = [_adapted(model, adapter), *([planner] if planner != "" else [])]
        self._asker, *planners = make_askers(models, asking)
        self._planner = planners[0] if planners else None
        self._inputs = inputs.split("+")
        self._dialect = find_dialect(dialect)
        self._longest_side = longest_side
        self._most_elements = most_elements
        self._history = history
        self._brief = Brief("")
        self._deeds = Deeds()

    @property
    def observe(self) -> tuple[str, ...]:
        """What it wants to see. The tree and the windows are needed anyway, to open programs and to go back."""
        return ("cursor", "screenshot", "tree", "windows") if "screenshot" in self._inputs else ("cursor", "tree", "windows")

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
        look = self._look(observation)
        record: dict[str, Any] = {}
        with self._asker.counting() as cost:
            if self._planner is None:
                deed = self._done(observation, look, "", record)
                self._deeds.add(deed.said, observation)
                return Decision(deed.actions, deed.thought, cost(), record)
            instruction = self._instructed(self._planner, observation, look, record)
            if instruction.finish is not None:
                return Decision((instruction.finish,), instruction.thought, cost(), record)
            deed = self._done(observation, look, instruction.text, record)
            self._deeds.add(instruction.text, observation)
            # It is the planner that ends the episode.
            actions = tuple(action for action in deed.actions if not isinstance(action, Finish))
            return Decision(actions, instruction.thought, cost(), record)

    def _look(self, observation: Observation) -> _Look:
        size = observation.screen
        if "screenshot" in self._inputs:
            size = self._dialect.picture_size(fit(observation.screen, longest_side=self._longest_side or None))
        found = elements(observation, self._most_elements) if "tree" in self._inputs else []
        view = View(observation.screen, sent=size, pointer=observation.raw.cursor, marks=marks_of(found))
        told = elements_as_text(found, self._dialect.frame(view)) if "tree" in self._inputs else None
        picture = Picture(scale_image(observation.screenshot, size)) if "screenshot" in self._inputs else None
        return _Look(view, picture, told)

    def _instructed(self, planner: ModelAsker, observation: Observation, look: _Look, record: dict[str, Any]) -> Instruction:
        """What the planner wants done next."""
        words = planner_step(self._brief, observation, self._deeds.told(self._history, empty="nothing"), look.elements)
        answer = planner.ask(Request([look.message(words)], planner_rules(self._brief)), read_instruction)
        record["instruction"] = answer.read.text
        _keep(record, "planner_misread", answer.misread)
        return answer.read

    def _done(self, observation: Observation, look: _Look, instruction: str, record: dict[str, Any]) -> _Deed:
        """What the trained model does about it."""

        def read(reply: Reply) -> _Deed:
            reading = self._dialect.read(reply, look.view)
            actions = on_desktop(reading.steps, observation, self._brief)
            return _Deed(" ".join(reply.text.split())[:300], reading.thought, tuple(actions))

        # The steps of the demonstrations that it was trained on stand there without what became of them.
        history = self._deeds.told(self._history, empty="nothing", outcomes=False)
        words = agent_step(self._brief, self._dialect.instructions(look.view), instruction, history, look.elements)
        answer = self._asker.ask(Request([look.message(words)], temperature=self._asker.greedy), read)
        record["said"] = answer.reply.text
        _keep(record, "misread", answer.misread)
        return answer.read


def _adapted(model: str | Model, adapter: str) -> str | Model:
    """The model's name with that of its adapter."""
    if not adapter:
        return model
    if not isinstance(model, str) or not model.startswith("hf:"):
        raise UsageError("an adapter goes with hf:PATH-or-NAME; a server loads its adapters itself, and each has a name there")
    return f"{model}+{adapter}"


def _keep(record: dict[str, Any], name: str, misread: tuple[Misread, ...]) -> None:
    if misread:
        record[name] = [{"said": part.said, "reason": part.reason} for part in misread]
