"""Grounding: models that are asked where something is, and answer with a place or a box.

`find_grounder("os-atlas-base-7b")` gives the ways of one family: what to ask, how large to send the picture, and the frame of
the answer. Answers come with brackets of all kinds, with tokens, in JSON or in a call of a click; the last place in the text
is what is meant, and four numbers are a box. A family that says (-1, -1) for what is not there raises `NotThere`; nothing else
is ever made of an answer without a place but `Unreadable`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from osarena.errors import AgentError, UsageError
from osarena.perception.frames import CoordinateFrame
from osarena.types.geometry import Box, Point, Size
from osarena_agents.conversation import Reply
from osarena_agents.dialects.model import Unreadable, View
from osarena_agents.dialects.places import (
    Resizing,
    corner_numbers,
    fractions,
    grid,
    locate,
    locate_box,
    numbers_in,
    whole_numbers,
)
from osarena_agents.dialects.texts import bounded, json_objects, tagged

# Names of things and thoughts, in which numbers mean nothing.
_ASIDE = re.compile(
    r"<\|object_ref_start\|>.*?<\|object_ref_end\|>|<(think|thinking|grounding_think)>.*?</\1>|<\|im_end\|>", re.DOTALL
)
_BOX = re.compile(r"<\|box_start\|>(.*?)(?:<\|box_end\|>|\Z)", re.DOTALL)
# Tokens for places of Florence-2 and what was trained from it, four for a box: <loc_12><loc_34>. The first thing found counts.
_PLACE_TOKENS = re.compile(r"(?:<loc_\d{1,4}>)+")
# Two to four numbers after a bracket, whatever brackets are between and after them.
_PLACE = re.compile(r"[\[(]\s*-?\d*\.?\d+(?:[\s,\[\]()]+-?\d*\.?\d+){1,3}")
# What the keys of a place are called in JSON.
_KEYS = ("coordinate", "point", "point_2d", "bbox", "bbox_2d", "box")


class NotThere(AgentError):
    """The model says that what it was asked for is not on the screen."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is: a point of the screen, and its box where the model gave one."""

    point: Point
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Grounder:
    """One family's ways of being asked where something is.

    Places are pixels of the resized picture where there is a `resizing`, else in a grid from 0 to `divisor`. `form` is the answer
    with {x} and {y}, or with {x1}, {y1}, {x2} and {y2} where the family answers with boxes.
    """

    name: str
    prompt: str
    form: str
    divisor: int = 1000
    resizing: Resizing | None = None
    may_refuse: bool = False

    def picture_size(self, screen: Size) -> Size:
        """How large to send the picture of a screen."""
        return screen if self.resizing is None else self.resizing.size(screen)

    def frame(self, view: View) -> CoordinateFrame:
        """What the answer's numbers are laid over."""
        return grid(view, self.divisor) if self.resizing is None else self.resizing.frame(view)

    def question(self, what: str, view: View) -> str:
        """The prompt that asks where `what` is: an element, described in words, or what is to be done with it."""
        size = self.frame(view).size
        return self.prompt.replace("{width}", str(size.width)).replace("{height}", str(size.height)).replace("{what}", what)

    def read(self, reply: Reply, view: View) -> Spot:
        """Where the model says that it is.

        Raises:
            NotThere: it says that it is not on the screen.
            Unreadable: it says no place, or one outside of the frame.
        """
        numbers = _numbers(reply)
        if self.may_refuse and set(numbers) == {-1}:
            raise NotThere("the model says that this is not on the screen")
        frame = self.frame(view)
        return Spot(locate(frame, numbers), locate_box(frame, numbers) if len(numbers) == 4 else None)

    def write(self, spot: Spot, view: View) -> Reply:
        """The answer in which the model would say this."""
        frame = self.frame(view)
        x, y = fractions(frame, spot.point, digits=2) if frame.size == Size(1, 1) else whole_numbers(frame, spot.point)
        x1, y1, x2, y2 = corner_numbers(frame, spot.box) if spot.box else (x, y, x, y)
        values = {"x": x, "y": y, "x1": x1, "y1": y1, "x2": x2, "y2": y2}
        return Reply(re.sub(r"\{(\w\d?)\}", lambda found: str(values[found[1]]), self.form))


def _numbers(reply: Reply) -> tuple[float, ...]:
    """The numbers of the last place in a reply."""
    for call in reversed(reply.tool_calls):
        if (numbers := _of_record(call.arguments)) is not None:
            return numbers
    text = _ASIDE.sub("", bounded(reply.text))
    text = (tagged(text, "answer") or tagged(text, "tool_call") or [text])[-1]
    if boxes := _BOX.findall(text):
        return numbers_in(boxes[-1])
    if found := _PLACE_TOKENS.search(text):
        return _place(numbers_in(found[0])[:4], text)
    for _, record in reversed(json_objects(text)):
        if (numbers := _of_record(record)) is not None:
            return numbers
    places = _PLACE.findall(text)
    return _place(numbers_in(places[-1] if places else text), reply.text)


def _place(numbers: tuple[float, ...], said: str) -> tuple[float, ...]:
    if len(numbers) not in (2, 4):
        raise Unreadable(f"{said!r:.80} names no place")
    return numbers


def _of_record(record: Mapping[str, object]) -> tuple[float, ...] | None:
    """The place in a JSON object, or in the arguments of a call in it."""
    inner = record.get("arguments")
    if isinstance(inner, Mapping):
        return _of_record(inner)
    if "x" in record and "y" in record:
        return numbers_in([record["x"], record["y"]])
    return next((numbers_in(record[key]) for key in _KEYS if key in record), None)


_CALL = '<tool_call>\n{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [{x}, {y}]}}\n</tool_call>'
_WHERE = 'Where in this screenshot is the element for the command "{what}"?'
_PIXELS = "The screenshot is {width} x {height} pixels."

GROUNDERS: Mapping[str, Grounder] = {
    grounder.name: grounder
    for grounder in (
        Grounder("os-atlas-base-4b", f"{_WHERE} (with point)", "[[{x},{y}]]"),
        Grounder("os-atlas-base-7b", f"{_WHERE} (with bbox)", "<|box_start|>({x1},{y1}),({x2},{y2})<|box_end|><|im_end|>"),
        Grounder("seeclick", f"{_WHERE} (with point)", "({x},{y})", divisor=1),
        Grounder("uground", f"{_WHERE} Answer with one point (x, y) from 0 to 1000.", "({x}, {y})"),
        Grounder(
            "gta1",
            f"{_PIXELS} {_WHERE} Answer with its middle as (x,y).",
            "({x},{y})",
            resizing=Resizing(28, 3_136, 4096 * 2160),
        ),
        Grounder(
            "jedi",
            f"{_PIXELS} Click on this, by a call of computer_use, or at [-1, -1] if it is not there: {{what}}",
            _CALL,
            resizing=Resizing(28, 3_136, 2_700 * 28 * 28),
            may_refuse=True,
        ),
        Grounder(
            "holo1.5",
            f"{_PIXELS} {_WHERE} Answer with Click(x, y).",
            "Click({x}, {y})",
            resizing=Resizing(28, 3_136, 2560 * 1440),
        ),
        Grounder("holo2", f'{_WHERE} Answer with {{"x": ..., "y": ...}}, each from 0 to 1000.', '{"x": {x}, "y": {y}}'),
        Grounder("kimi-vl", f"{_WHERE} Answer with (x,y), each from 0 to 1000.", "({x},{y})"),
        Grounder(
            "mai-ui",
            f'{_WHERE} Answer with <answer>{{"coordinate": [x, y]}}</answer>, each from 0 to 999.',
            '<answer>{"coordinate": [{x}, {y}]}</answer>',
            divisor=999,
        ),
        Grounder("florence-2", "<OPEN_VOCABULARY_DETECTION>{what}", "<loc_{x1}><loc_{y1}><loc_{x2}><loc_{y2}>"),
        Grounder("tinyclick", "What to do to execute the command? {what}", "click<loc_{x}><loc_{y}>"),
        Grounder("ui-venus", f"{_WHERE} Answer with [x,y], each from 0 to 1000, or with [-1,-1].", "[{x},{y}]", may_refuse=True),
    )
}


def find_grounder(name: str) -> Grounder:
    """The grounder of this name.

    Raises:
        UsageError: there is none; the text names the closest ones.
    """
    if name not in GROUNDERS:
        close = difflib.get_close_matches(name, GROUNDERS, n=3, cutoff=0.4) or list(GROUNDERS)
        raise UsageError(f"there is no grounder {name!r} (known: {', '.join(close)})")
    return GROUNDERS[name]
