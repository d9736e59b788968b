"""The agent: look, mark, ask, read, act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Unpack, get_args

from osarena.agent import Brief, Decision, Usage
from osarena.errors import UsageError
from osarena.perception.frames import CoordinateFrame, fit, scale_image
from osarena.perception.marks import Mark, draw_marks
from osarena.types.actions import Action, Finish, Wait
from osarena.types.geometry import Size
from osarena.types.observation import Observation, Pixels
from osarena_agents.asking import Asking, make_askers
from osarena_agents.conversation import Message, Picture, Reply, Text
from osarena_agents.deeds import Deeds
from osarena_agents.dialects import View, find_dialect
from osarena_agents.dialects.model import ListApps, ReadClipboard, Remember
from osarena_agents.dialects.texts import labelled_fences
from osarena_agents.granting import granted
from osarena_agents.models import ConversationTooLong, Model, Request
from osarena_agents.navi.prompt import as_deed, step_prompt, system_prompt
from osarena_agents.sight import Sight
from osarena_agents.sight.mixture import fair_share
from osarena_agents.turns import Answer

Pictures = Literal["both", "current", "none"]

# Lines of the tree in a prompt without pictures; and lines of it, and marks in words, in a prompt that has to be short.
_OUTLINE, _LEAN = 400, 80


@dataclass(frozen=True, slots=True)
class _Plan:
    """A readable reply: what is to be done and remembered."""

    decision: str  # COMMAND, WAIT, DONE or FAIL
    actions: tuple[Action, ...]
    thought: str
    memory: str | None


class Navi:
    """Chain of thought over set-of-marks.

    Args:
        model: what answers, see `osarena_agents.models`.
        marks: where the numbered elements come from, joined by "+": tree, dom, ocr, icons.
        icons: a file with a detector of icons (.onnx, or TorchScript); the built-in one if not given.
        language: of the texts that OCR reads, in Tesseract's words: "eng", "deu+eng".
        most_marks: elements with a number, at most.
        pictures: "both" is the screen before the last step and now; "current" the screen now; "none" words alone.
        longest_side: pictures are made smaller until no side has more pixels; 0 leaves them as they are.
        history: how many of its last steps the model is shown.
        asking: see `osarena_agents.asking.Asking`; replies have at most 4096 tokens if `max_tokens` is not given.

    Raises:
        UsageError: no model, no key, or an option that there is not.
    """

    def __init__(
        self,
        model: str | Model = "",
        *,
        marks: str = "tree",
        icons: str = "",
        language: str = "eng",
        most_marks: int = 250,
        pictures: Pictures = "both",
        longest_side: int = 0,
        history: int = 15,
        **asking: Unpack[Asking],
    ) -> None:
        if pictures not in get_args(Pictures):
            raise UsageError(f"pictures={pictures!r} is none of {', '.join(get_args(Pictures))}")
        if longest_side < 0 or history < 0:
            raise UsageError("longest_side and history cannot be negative")
        self._sight = Sight(marks, icons=icons, language=language, limit=most_marks)
        self._pictures = pictures
        self._longest_side = longest_side
        self._history = history
        (self._asker,) = make_askers([model], Asking(max_tokens=4096) | asking)
        self._dialect = find_dialect("waa")
        self._brief = Brief("")
        self._begin()

    @property
    def observe(self) -> tuple[str, ...]:
        """What it wants to see."""
        wanted = {"windows", "clipboard", *self._sight.observe}
        wanted.add("tree" if self._pictures == "none" else "screenshot")
        return tuple(sorted(wanted))

    def reset(self, brief: Brief, *, seed: int) -> None:
        """Forget the last episode. The seed is not needed: what is left to chance is the model's."""
        self._brief = brief
        self._asker.begin_job()
        self._begin()

    def act(self, observation: Observation) -> Decision:
        """Ask the model for the next step.

        Raises:
            AgentError: none of its replies could be read, or even a short prompt is longer than it can take in.
            BudgetSpent: the job has spent what it may.
            ModelError: it is not usable, or texts or icons cannot be found.
        """
        self._deeds.see(observation)
        marks = self._sight.look(observation)
        size = fit(observation.screen, longest_side=self._longest_side or None)
        boxes = {mark.number: mark.box for mark in marks}
        view = View(observation.screen, sent=size, pointer=observation.raw.cursor, marks=boxes)
        with self._asker.counting() as cost:
            answer = self._ask(observation, marks, view)
        return self._decided(answer, observation, marks, cost())

    def _begin(self) -> None:
        self._sight.reset()
        self._deeds = Deeds()
        self._memory = ""

    def _ask(self, observation: Observation, marks: Sequence[Mark], view: View) -> Answer[_Plan]:
        """The model's next step; it is told less where all is more than it can take in."""

        def read(reply: Reply) -> _Plan:
            return self._read(reply, view, observation)

        try:
            return self._asker.ask(self._request(observation, marks, view.sent), read)
        except ConversationTooLong:
            return self._asker.ask(self._request(observation, marks, view.sent, is_lean=True), read)

    def _request(self, observation: Observation, marks: Sequence[Mark], size: Size, *, is_lean: bool = False) -> Request:
        """What the model is asked.

        Args:
            is_lean: leave out what is past, and most of what is long.
        """
        history = self._deeds.told(1 if is_lean else self._history, empty="nothing yet")
        outline = 0 if self._pictures != "none" else _LEAN if is_lean else _OUTLINE
        told = fair_share(marks, _LEAN) if is_lean else marks
        words = step_prompt(self._brief, observation, told, history, self._memory, outline=outline)
        shown = [*self._shown(observation, marks, size, is_lean=is_lean), Text(words)]
        return Request([Message("user", shown)], system_prompt(self._brief, self._pictures, has_tree="tree" in self.observe))

    def _shown(self, observation: Observation, marks: Sequence[Mark], size: Size, *, is_lean: bool) -> list[Text | Picture]:
        """The pictures of a step, each after a line that says which it is."""
        shown: list[Text | Picture] = []
        if self._pictures == "both" and self._deeds.seen is not None and not is_lean:
            shown += [Text("The screen before the last step:"), Picture(scale_image(self._deeds.seen.screenshot, size))]
        if self._pictures != "none":
            shown += [Text("The screen now:"), Picture(marked_picture(observation.screenshot, marks, size))]
        return shown

    def _read(self, reply: Reply, view: View, observation: Observation) -> _Plan:
        reading = self._dialect.read(reply, view)
        actions = granted(reading.steps, observation, self._brief, shown=(Remember, ReadClipboard, ListApps))
        memory = "\n".join(step.fact for step in reading.steps if isinstance(step, Remember))
        blocks = labelled_fences(reply.text)
        answer = next((block for label, block in blocks if label == "answer"), "")
        if answer:
            actions = [replace(action, answer=answer) if isinstance(action, Finish) else action for action in actions]
        return _Plan(_decision_of(actions, blocks), tuple(actions), reading.thought, memory or None)

    def _decided(self, answer: Answer[_Plan], observation: Observation, marks: Sequence[Mark], cost: Usage) -> Decision:
        plan = answer.read
        if plan.memory is not None:
            self._memory = plan.memory
        self._deeds.add(as_deed(answer.reply.text, plan.decision, marks), observation)
        extra: dict[str, Any] = {
            "decision": plan.decision,
            "said": answer.reply.text,
            "memory": self._memory,
            "marks": len(marks),
        }
        if answer.misread:
            extra["misread"] = [{"said": misread.said, "reason": misread.reason} for misread in answer.misread]
        return Decision(plan.actions, plan.thought, cost, extra)


def marked_picture(pixels: Pixels, marks: Sequence[Mark], size: Size) -> Pixels:
    """The screenshot at a size with the marks drawn on it: numbers stay as large as they are, however small the picture gets."""
    height, width = pixels.shape[:2]
    if (width, height) == (size.width, size.height):
        return draw_marks(pixels, marks)
    frame = CoordinateFrame(screen=size, size=Size(width, height))
    on_screen = [mark for mark in marks if mark.box.x >= 0 and mark.box.y >= 0]
    scaled = [
        replace(mark, box=frame.box(box.x, box.y, min(box.x + box.width, width), min(box.y + box.height, height)))
        for mark in on_screen
        for box in [mark.box]
    ]
    return draw_marks(scale_image(pixels, size), scaled)


def _decision_of(actions: Sequence[Action], blocks: Sequence[tuple[str, str]]) -> str:
    match actions:
        case [Finish(outcome=outcome)]:
            return "DONE" if outcome == "done" else "FAIL"
        case [Wait()] if not any(label == "python" for label, _ in blocks):
            return "WAIT"
    return "COMMAND"
