"""Tables of what models write and what it means, and the checks that hold for every dialect.

A table is a module in `tests/osarena_agents/dialects/cases/` with `TABLES`, by name of the dialect::

    TABLES = {
        "plain": Table(
            reads=[reads('{"action": "press", "key": "enter"}', Press("enter"))],
            refuses=[refuses("hello", "not JSON")],
            writes=[writes(Reading((Press("enter"),), "Why"), '{"thought": "Why", …}')],
            unsayable="shell",
        )
    }

A reply is written as text, or as tool calls: `calls(("computer", {"action": "screenshot"}))`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from osarena.perception.frames import CoordinateFrame
from osarena.types.actions import (
    Action,
    Click,
    Drag,
    Finish,
    Hotkey,
    KeyDown,
    KeyUp,
    Move,
    Press,
    Scroll,
    Shell,
    TypeText,
    Wait,
)
from osarena.types.geometry import Point, Size
from osarena_agents.conversation import Reply, ToolCall
from osarena_agents.dialects import Dialect, View
from osarena_agents.dialects.model import Reading, Step
from osarena_agents.dialects.steps import spelled_out
from osarena_guest.protocol import KEYS

SCREEN = Size(1920, 1080)
POINTER = Point(50, 60)
_FOLDER = Path(__file__).parents[1] / "osarena_agents/dialects/cases"


@dataclass(frozen=True, slots=True)
class Reads:
    """A reply, and the steps and the thought that are in it."""

    reply: Reply
    steps: tuple[Step, ...]
    thought: str = ""


@dataclass(frozen=True, slots=True)
class Refuses:
    """A reply that cannot be read, and a part of the reason."""

    reply: Reply
    words: str


@dataclass(frozen=True, slots=True)
class Writes:
    """What a model has said, and its own words for it."""

    reading: Reading
    reply: Reply


@dataclass(frozen=True, slots=True)
class Table:
    """What is known of a dialect."""

    reads: Sequence[Reads]
    refuses: Sequence[Refuses]
    writes: Sequence[Writes]
    # The names in EVERYTHING that it has no words for, with blanks between; all others come back when written and read.
    unsayable: str = ""
    # What the model was looking at: the picture in the dialect's own size where none is given.
    view: View | None = None
    # Lengths of time are not said.
    is_timeless: bool = False
    # Scrolling is said with its direction alone.
    is_amountless: bool = False
    # To type is said with a click before it, where the pointer is.
    clicks_to_type: bool = False
    # Whether it can be said that a click is where the pointer is; it is written out where not.
    says_places: bool = False
    # How far off a place may come back, in pixels of the screen; what the frame's grid brings about if not given.
    pixels_off: int | None = None


def reads(said: str | Reply, *steps: Step, thought: str = "") -> Reads:
    """These words mean these steps."""
    return Reads(as_reply(said), steps, thought)


def refuses(said: str | Reply, words: str) -> Refuses:
    """These words mean nothing, for this reason."""
    return Refuses(as_reply(said), words)


def writes(said: str | Reply, *steps: Step, thought: str = "") -> Writes:
    """These are the model's own words for these steps."""
    return Writes(Reading(steps, thought), as_reply(said))


def calls(*made: tuple[str, Mapping[str, Any]], text: str = "") -> Reply:
    """A reply of tool calls, by name and arguments."""
    return Reply(text, tuple(ToolCall(f"call_{number}", name, given) for number, (name, given) in enumerate(made, 1)))


def as_reply(said: str | Reply) -> Reply:
    """A reply of these words."""
    return Reply(said) if isinstance(said, str) else said


@lru_cache(maxsize=1)
def all_tables() -> Mapping[str, Table]:
    """The tables of every file of cases, by name of the dialect."""
    tables: dict[str, Table] = {}
    for path in sorted(_FOLDER.glob("*.py")):
        tables |= import_module(f"tests.osarena_agents.dialects.cases.{path.stem}").TABLES
    return tables


def view_of(dialect: Dialect, table: Table) -> View:
    """What the model was looking at."""
    return table.view or View(SCREEN, dialect.picture_size(SCREEN), POINTER)


# One of every kind of thing that can be done. A dialect's table names those that it has no words for.
EVERYTHING: Mapping[str, Action] = {
    "move": Move(Point(300, 400)),
    "click": Click(Point(300, 400)),
    "click_here": Click(),
    "double_click": Click(Point(300, 400), count=2),
    "triple_click": Click(Point(300, 400), count=3),
    "right_click": Click(Point(300, 400), "right"),
    "middle_click": Click(Point(300, 400), "middle"),
    "right_double_click": Click(Point(300, 400), "right", 2),
    "ctrl_click": Click(Point(300, 400), modifiers=("ctrl",)),
    "drag": Drag((Point(300, 400), Point(900, 700))),
    "long_drag": Drag((Point(300, 400), Point(900, 700), Point(910, 300))),
    "right_drag": Drag((Point(300, 400), Point(900, 700)), "right"),
    "shift_drag": Drag((Point(300, 400), Point(900, 700)), modifiers=("shift",)),
    "long_press": Drag((Point(300, 400), Point(300, 400)), duration_s=1.0),
    "scroll": Scroll(Point(900, 500), dy=3),
    "scroll_up": Scroll(Point(900, 500), dy=-3),
    "scroll_here": Scroll(None, dy=3),
    "scroll_right": Scroll(Point(900, 500), dx=3),
    "scroll_both": Scroll(Point(900, 500), dx=-2, dy=3),
    "ctrl_scroll": Scroll(Point(900, 500), dy=3, modifiers=("ctrl",)),
    "type": TypeText("Grüße, 'x' \"y\" \\n [z] {w} (1, 2)\nsecond line"),
    "press": Press("pagedown"),
    "press_twice": Press("down", 2),
    "key_down": KeyDown("shift"),
    "key_up": KeyUp("shift"),
    "hotkey": Hotkey(("ctrl", "shift", "t")),
    "wait": Wait(3.0),
    "shell": Shell("ls"),
    "finish": Finish(),
    "finish_with_answer": Finish("done", "It is 42."),
    "infeasible": Finish("infeasible"),
    "infeasible_because": Finish("infeasible", "there is no printer"),
}


def any_action(screen: Size) -> st.SearchStrategy[Action]:
    """Actions that a desktop of that size would carry out."""
    points = st.builds(Point, st.integers(0, screen.width - 1), st.integers(0, screen.height - 1))
    maybe = st.none() | points
    buttons = st.sampled_from(["left", "middle", "right"])
    modifiers = st.sampled_from([(), (), ("ctrl",), ("shift", "alt")])
    keys = st.sampled_from(sorted(KEYS)) | st.sampled_from("az5+-.,/'\"é")
    turns = st.integers(-20, 20)
    texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=30)
    return st.one_of(
        st.builds(Move, points),
        st.builds(Click, maybe, buttons, st.integers(1, 3), modifiers),
        st.builds(Drag, st.lists(points, min_size=2, max_size=4, unique=True).map(tuple), buttons, modifiers),
        st.builds(Scroll, maybe, turns, turns, modifiers).filter(lambda scroll: scroll.dx or scroll.dy),
        st.builds(TypeText, texts),
        st.builds(Press, keys | st.just("Z"), st.integers(1, 3)),
        st.builds(KeyDown, keys),
        st.builds(KeyUp, keys),
        st.builds(Hotkey, st.lists(keys, min_size=2, max_size=3).map(tuple)),
        st.builds(Wait, st.integers(1, 30).map(float)),
        st.builds(Finish, st.sampled_from(["done", "infeasible"]), st.just("") | texts),
    )


def settled(steps: Iterable[Step], table: Table, pointer: Point | None) -> list[Step]:
    """Steps with what no two families say alike taken out: they are equal if the same is done."""
    settled_steps = [_settled(step, table, pointer) for step in _in_few_words(spelled_out(steps))]
    if table.clicks_to_type:
        settled_steps = [step for step in settled_steps if not (isinstance(step, Click) and _is_here(step, pointer))]
    without_moves = _without_idle_moves(settled_steps, pointer)
    return _once(without_moves) if table.is_amountless else without_moves


def _in_few_words(steps: Iterable[Step]) -> Iterable[Step]:
    for step in steps:
        match step:
            case Hotkey(keys=(key,)):
                yield Press(key)
            case Scroll(point=Point() as point):
                yield Move(point)
                yield replace(step, point=None)
            case _:
                yield step


def _is_here(click: Click, pointer: Point | None) -> bool:
    """Whether a click is where the pointer is, as closely as a grid of a thousand can tell."""
    place = click.point or pointer
    return pointer is not None and place is not None and max(abs(place.x - pointer.x), abs(place.y - pointer.y)) <= 2


def _once(steps: Sequence[Step]) -> list[Step]:
    """With scrolling by one notch, however often it is said."""
    kept: list[Step] = []
    for step in steps:
        if not isinstance(step, Scroll):
            kept.append(step)
        elif (once := replace(step, dx=_sign(step.dx), dy=_sign(step.dy))) not in kept[-1:]:
            kept.append(once)
    return kept


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _without_idle_moves(steps: Sequence[Step], pointer: Point | None) -> list[Step]:
    """Without movements to where the pointer is already: a scroll there is the same, said with its place or without."""
    kept: list[Step] = []
    for step in steps:
        if step != Move(pointer or Point(-1, -1)):
            kept.append(step)
        pointer = _places(step)[-1] if _places(step) else pointer
    return kept or list(steps)


def _settled(step: Step, table: Table, pointer: Point | None) -> Step:
    match step:
        case Click(point=None) if table.says_places:
            assert pointer is not None
            return replace(step, point=pointer)
        case Drag():
            return replace(step, duration_s=0.3)
        case Wait() if table.is_timeless:
            return Wait(1.0)
    return step


def close(one: Sequence[Step], other: Sequence[Step], pixels: int) -> bool:
    """Whether two sequences do the same, at places that are at most so many pixels apart."""
    return len(one) == len(other) and all(_close(*pair, pixels) for pair in zip(one, other, strict=True))


def _close(one: Step, other: Step, pixels: int) -> bool:
    nowhere = Point(0, 0)
    places, others = _places(one), _places(other)
    if len(places) != len(others):
        return False
    if any(max(abs(a.x - b.x), abs(a.y - b.y)) > pixels for a, b in zip(places, others, strict=True)):
        return False
    match one:
        case Drag(path=path):
            return isinstance(other, Drag) and replace(one, path=(nowhere,) * len(path)) == replace(
                other, path=(nowhere,) * len(path)
            )
        case Move() | Click(point=Point()):
            return type(one) is type(other) and replace(one, point=nowhere) == replace(other, point=nowhere)  # type: ignore[call-arg]
    return one == other


def _places(step: Step) -> tuple[Point, ...]:
    match step:
        case Drag(path=path):
            return path
        case Move(point=point) | Click(point=Point() as point):
            return (point,)
    return ()


def accuracy(frame: CoordinateFrame, table: Table) -> int:
    """How many pixels off a place may come back that was written in this frame."""
    if table.pixels_off is not None:
        return table.pixels_off
    steps = [max(frame.size.width, 1), max(frame.size.height, 1)]
    if steps == [1, 1]:  # fractions, with four digits
        return 1
    return math.ceil(max(frame.screen.width / steps[0], frame.screen.height / steps[1], 1) - 1)
