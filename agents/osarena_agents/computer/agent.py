"""The agent: show the screen, read what the model wants, do it, and tell what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from string import Template
from time import monotonic
from typing import Any, Literal, Unpack, get_args

from osarena.agent import Brief, Decision
from osarena.errors import UsageError
from osarena.types.actions import Action, Finish, Wait
from osarena.types.observation import Observation
from osarena_agents.asking import Asking, make_askers
from osarena_agents.computer.history import Conversation
from osarena_agents.computer.turn import Look, Turn, pictured
from osarena_agents.computer.vendors import dialect_of, forgetting_of, safety_checks
from osarena_agents.conversation import Reply, Text
from osarena_agents.dialects import Unreadable, View, find_dialect
from osarena_agents.dialects.model import Answer as TellUser
from osarena_agents.dialects.model import LookAgain
from osarena_agents.dialects.steps import Strokes
from osarena_agents.models import ConversationTooLong, Model, Request
from osarena_agents.models.bodies import silence
from osarena_agents.turns import Answer, outcome

Safety = Literal["acknowledge", "stop"]
Wordy = Literal["ask", "finish"]

# How often requests are answered without a step of the desktop, in one decision, and for how many seconds: a decision that takes
# too long counts as a hanging agent.
_MOST_LOOKS, _LOOKING_S = 8, 60.0
# Seconds until a later look, where the model asks for one.
_LATER_S = 1.0
_NO_CALL = "it calls no tool. Go on by calling one; if the task is done, or cannot be done, call finish"
# How our clients begin what they say for a service that answers with nothing.
_SILENCE = silence("").partition("gave")[0]


class Computer:
    """A model that uses a computer by its vendor's own tool, or by the words of its family.

    What one reply asks for is one step of the desktop, however many calls and actions it has. Where it only asks (to zoom in,
    where the pointer is, to see the screen at the beginning), it is answered at once, without a step.

    Args:
        model: what answers, see `osarena_agents.models`. OpenAI's computer tools need openai-responses/NAME.
        dialect: how it says what it wants, see `osarena_agents.dialects`; by default the newest tool that a vendor's model
            knows, the family of an open model by its name, and "plain" for any other.
        pictures: the most pictures in one request; when there would be more, all but the newer half are forgotten.
        safety: what to do where the service wants a person to confirm an action: "acknowledge" it, which the decision's
            `extra` tells, or "stop": the desktop is graded as it stands.
        without_call: what a reply in words alone means to a model with a tool: "ask" it once to go on or to finish properly,
            or "finish": it is done, and its words are the answer.
        asking: see `osarena_agents.asking.Asking`.

    Raises:
        UsageError: no model, no key, or an option that there is not.
    """

    observe = ("cursor", "screenshot", "windows")

    def __init__(
        self,
        model: str | Model = "",
        *,
        dialect: str = "",
        pictures: int = 10,
        safety: Safety = "acknowledge",
        without_call: Wordy = "ask",
        **asking: Unpack[Asking],
    ) -> None:
        for name, value, known in (("safety", safety, Safety), ("without_call", without_call, Wordy)):
            if value not in get_args(known):
                raise UsageError(f"{name}={value!r} is none of {', '.join(get_args(known))}")
        if pictures < 1:
            raise UsageError("pictures: at least the screen as it is now has to be shown")
        (self._asker,) = make_askers([model], asking)
        self._dialect = find_dialect(dialect or dialect_of(self._asker.model.name))
        self._pictures = pictures
        self._safety = safety
        self._without_call = without_call
        self._begin(Brief(""))

    def reset(self, brief: Brief, *, seed: int) -> None:
        """Forget the last episode. The seed is not needed: what is left to chance is the model's."""
        self._asker.begin_job()
        self._begin(brief)

    def _begin(self, brief: Brief) -> None:
        self._brief = brief
        self._conversation = Conversation(forgetting_of(self._asker.model.name), self._pictures)
        self._strokes = Strokes()
        self._turn: Turn | None = None
        self._seen: Observation | None = None
        self._answer = ""

    def act(self, observation: Observation) -> Decision:
        """Ask the model for the next step, and answer what it asks itself before it takes one.

        Raises:
            AgentError: none of its replies could be read, or the conversation is longer than it can take in.
            ModelError: it is not usable.
        """
        look = self._look(observation)
        self._tell(look)
        with self._asker.counting() as cost:
            turn, actions, record = self._turn_taken(look)
        self._turn, self._seen = turn, observation
        return Decision(actions, turn.thought, cost(), record)

    def _turn_taken(self, look: Look) -> tuple[Turn, tuple[Action, ...], dict[str, Any]]:
        """The model's turn that takes a step, after those that only asked; its actions, and what is worth keeping."""
        misread, checks = list[dict[str, str]](), list[dict[str, Any]]()
        begun = monotonic()
        for looks in range(_MOST_LOOKS + 1):
            answer = self._ask(look)
            turn = answer.read
            misread += [{"said": part.said, "reason": part.reason} for part in answer.misread]
            checks += self._checks(turn)
            self._conversation.hear(turn.reply, is_corrected=bool(answer.misread))
            self._strokes = turn.strokes
            actions = self._actions(turn, is_last=looks == _MOST_LOOKS or monotonic() - begun > _LOOKING_S)
            if actions is not None:
                break
            self._conversation.say(look.answers(turn, ""))
        assert actions is not None
        return turn, actions, self._record(turn, looks, misread, checks)

    def _look(self, observation: Observation) -> Look:
        size = self._dialect.picture_size(observation.screen)
        view = View(observation.screen, sent=size, pointer=observation.raw.cursor)
        return Look(observation, self._dialect, view, pictured(observation, size))

    def _tell(self, look: Look) -> None:
        """Say what is to be done, or what became of the last step."""
        if self._turn is None or self._seen is None:
            self._conversation.say([Text(self._brief.instruction), look.picture])
            return
        became = outcome(self._seen, look.observation)
        self._conversation.say(look.answers(self._turn, "" if became == "done" else f"{became[:1].upper()}{became[1:]}."))

    def _ask(self, look: Look) -> Answer[Turn]:
        """The model's next turn; a conversation that outgrew it is shortened as far as it can be."""
        while True:
            tools = self._dialect.tools(look.view)
            request = Request(list(self._conversation.messages), self._system(look.view, has_tools=bool(tools)), tools)
            try:
                return self._asker.ask(request, self._reader(look, has_tools=bool(tools)))
            except ConversationTooLong:
                if not self._conversation.shorten():
                    raise

    def _reader(self, look: Look, *, has_tools: bool) -> Callable[[Reply], Turn]:
        may_ask = has_tools and self._without_call == "ask" and self._asker.manner.retries > 0

        def read(reply: Reply) -> Turn:
            nonlocal may_ask
            if not reply.tool_calls and reply.text.startswith(_SILENCE):
                raise Unreadable(reply.text)
            if not reply.tool_calls and may_ask:
                may_ask = False
                raise Unreadable(_NO_CALL)
            return look.read(reply, self._strokes, self._brief)

        return read

    def _actions(self, turn: Turn, *, is_last: bool) -> tuple[Action, ...] | None:
        """What the desktop is to do; None where the model is first to be answered."""
        if self._safety == "stop" and safety_checks(turn.reply):
            return (Finish(),)
        for part in turn.parts:
            self._answer = next((step.text for step in part.steps if isinstance(step, TellUser)), self._answer)
        if turn.actions:
            return tuple(self._answered(action) for action in turn.actions)
        # A screen that was just shown is shown again only at the beginning, when nothing is going on; later, a model that asks
        # for it waits for something.
        if turn.asks_for(LookAgain) and self._turn is not None:
            return (Wait(_LATER_S),)
        return () if is_last else None

    def _answered(self, action: Action) -> Action:
        if isinstance(action, Finish) and action.outcome == "done" and not action.answer:
            return replace(action, answer=self._answer)
        return action

    def _checks(self, turn: Turn) -> list[dict[str, Any]]:
        is_acknowledged = self._safety == "acknowledge"
        return [
            {"tool": check.call.name, "reasons": list(check.reasons), "acknowledged": is_acknowledged}
            for check in safety_checks(turn.reply)
        ]

    def _record(self, turn: Turn, looks: int, misread: list[dict[str, str]], checks: list[dict[str, Any]]) -> dict[str, Any]:
        """What is worth keeping of a decision beside its thought and its actions."""
        calls = [{"name": call.name, "arguments": dict(call.arguments)} for call in turn.reply.tool_calls]
        parts = {"said": turn.reply.text, "calls": calls, "looks": looks, "misread": misread, "safety": checks}
        return {"dialect": self._dialect.name} | {name: part for name, part in parts.items() if part}

    def _system(self, view: View, *, has_tools: bool) -> str:
        """What stays the same for an episode."""
        ending = _prompt("tools.txt").strip() if has_tools else self._dialect.instructions(view)
        return Template(_prompt("system.txt")).substitute(
            platform={"linux": "Linux", "windows": "Windows"}[self._brief.platform], steps=self._brief.max_steps, ending=ending
        )


def _prompt(name: str) -> str:
    return (resources.files(__package__) / "prompts" / name).read_text("utf-8")
