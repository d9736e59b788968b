"""What a request for an observation asks for, checked. See `protocol.OBSERVE_DEFAULTS` for the fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeVar, get_args

from osarena_guest.desktop import GuestProblem, Rectangle
from osarena_guest.settle import Stillness, parse_stillness

T = TypeVar("T")
Format = Literal["raw", "png", "webp", "jpeg"]


@dataclass(frozen=True, slots=True)
class Picture:
    """How a screenshot is wanted."""

    format: Format = "png"
    quality: int = 90  # of a jpeg, 1 to 100
    region: Rectangle | None = None  # None: all of the screen
    scale: float = 1.0  # above 0, at most 1
    known: str | None = None  # hash of the frame that the asker has
    share: bool = False  # whether raw pixels may go through the shared file
    patch: bool = False  # whether rows that are as in the known frame may be left out of raw pixels


@dataclass(frozen=True, slots=True)
class TreeBudget:
    """How much of the tree is wanted."""

    known: str | None = None  # version of the tree that the asker has
    nodes: int = 10_000
    seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class DomBudget:
    """How much of the pages of browsers is wanted."""

    elements: int = 1000  # of each page
    seconds: float = 2.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """The parts of an observation; `None` and `False` are not wanted."""

    screenshot: Picture | None = None
    tree: TreeBudget | None = None
    windows: bool = False
    cursor: bool = False
    focus: bool = False
    terminal: bool = False
    clipboard: bool = False
    dom: DomBudget | None = None
    settle: Stillness | None = None


def parse_wanted(record: Mapping[str, Any]) -> Wanted:
    """The observation that a request asks for.

    Raises:
        GuestProblem: "bad_request", naming what is wrong.
    """
    known = {field.name for field in fields(Wanted)}
    unknown = set(record) - known
    if unknown:
        raise GuestProblem("bad_request", f"an observation has no {', '.join(sorted(unknown))}")
    flags = {name: bool(record.get(name)) for name in ("windows", "cursor", "focus", "terminal", "clipboard")}
    screenshot, tree, dom = record.get("screenshot"), record.get("tree"), record.get("dom")
    return Wanted(
        screenshot=None if screenshot is None else _parse_picture(screenshot),
        tree=None if tree is None else _parse_budget(tree),
        dom=None if dom is None else _parse_dom_budget(dom),
        settle=parse_stillness(record.get("settle")),
        **flags,
    )


def _parse_picture(record: object) -> Picture:
    picture = _make(Picture, record, "screenshot")
    _require(picture.format in get_args(Format), f"there is no picture format {picture.format!r:.40}")
    _require(_is_number(picture.scale) and 0 < picture.scale <= 1, "scale must be above 0 and at most 1")
    _require(_is_number(picture.quality) and 1 <= picture.quality <= 100, "quality must be in 1..100")
    _require(picture.region is None or _is_region(picture.region), f"there is no region {picture.region!r:.80}")
    return picture


def _parse_budget(record: object) -> TreeBudget:
    budget = _make(TreeBudget, record, "tree")
    _require(_is_number(budget.nodes) and 0 < budget.nodes <= 1_000_000, "nodes must be a number above 0")
    _require(_is_number(budget.seconds) and 0 < budget.seconds <= 600, "seconds must be above 0")
    return budget


def _parse_dom_budget(record: object) -> DomBudget:
    budget = _make(DomBudget, record, "dom")
    _require(isinstance(budget.elements, int) and 0 < budget.elements <= 10_000, "elements must be in 1..10000")
    _require(_is_number(budget.seconds) and 0 < budget.seconds <= 60, "seconds must be above 0 and at most 60")
    return budget


def _make(kind: type[T], record: object, name: str) -> T:
    if not isinstance(record, Mapping):
        raise GuestProblem("bad_request", f"{name} must be an object or null")
    try:
        return kind(**record)
    except TypeError as error:
        raise GuestProblem("bad_request", f"{name}: {error}") from error


def _require(is_met: bool, otherwise: str) -> None:
    if not is_met:
        raise GuestProblem("bad_request", otherwise)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_region(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 4
        and all(isinstance(number, int) and abs(number) < 1 << 14 for number in value)
        and min(value[2:]) > 0
    )
