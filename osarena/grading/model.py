"""What a check says and what a verdict is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ParamSpec, Protocol

from osarena.registry import mark

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Source:
    """A value that comes from the episode: what a probe fetched, as a reader understood it.

    In JSON: `{"get": probe, "as": reader, **parameters}`. The parameters that the probe takes are its own, the others
    are the reader's options. Without a reader the value is the bytes as they came.
    """

    probe: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    reader: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Given:
    """A value that the task gives: a literal, or `{"value": bytes, "as": reader, **options}`, read like evidence."""

    value: Any
    reader: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


Operand = Source | Given


@dataclass(frozen=True, slots=True)
class Leaf:
    """One comparison: a metric over what is there and what should be. Its name is unique in its check.

    `expected` is `None` where the metric takes `actual` alone.
    """

    name: str
    metric: str
    actual: Operand
    expected: Operand | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class All:
    """The product of its parts: 1 when each holds, partial where all are at least partly right, 0 when one fails."""

    parts: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Any_:  # noqa: N801  typing has the plain name
    """The best of its parts."""

    parts: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of its parts, but 0 when one fails."""

    parts: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """1 minus its part; but 0 where evidence of the part is missing, since a deleted file proves nothing."""

    part: Check


@dataclass(frozen=True, slots=True)
class Infeasible:
    """The task cannot be done; 1 when the agent says so, 0 otherwise."""

    reason: str


Check = Leaf | All | Any_ | Mean | Not | Infeasible


def leaves(check: Check) -> Iterator[Leaf]:
    """The comparisons of a check, in the order in which they are written."""
    match check:
        case Leaf():
            yield check
        case All(parts) | Any_(parts) | Mean(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case Infeasible():
            return


def can_be_infeasible(check: Check) -> bool:
    """Whether a check takes "this cannot be done" for an answer."""
    match check:
        case Infeasible():
            return True
        case All(parts) | Any_(parts) | Mean(parts):
            return any(can_be_infeasible(part) for part in parts)
        case Not(part):
            return can_be_infeasible(part)
    return False


@dataclass(frozen=True, slots=True)
class Verdict:
    """A score in [0, 1] and the reason in words.

    The verdict of a check has one part for each of its leaves, by name and in the order in which they are written.
    A part's score says how far the leaf is as it should be: under a "not", 1 means that its metric does not hold.
    """

    score: float
    reason: str = ""
    name: str = ""
    parts: tuple[Verdict, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """A JSON object with the same fields."""
        return {
            "score": self.score,
            "reason": self.reason,
            "name": self.name,
            "parts": [part.to_json() for part in self.parts],
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Verdict:
        """The verdict that `to_json` wrote."""
        parts = tuple(cls.from_json(part) for part in record["parts"])
        return cls(float(record["score"]), record["reason"], record["name"], parts)


# --- the marks by which plug-in functions announce what they are -----------------------------------------------

# A probe `(subject, **parameters) -> bytes` fetches evidence and does all the I/O. Its subject is the `Guest`, the
# `SiteStates` or the `Ending` of the episode, by the annotation of its first parameter. It raises NoSuchFile or
# EvidenceMissing for what is not there.
probe = mark("probe")
# A reader `(data: bytes, **options) -> value` is pure. It raises EvidenceMissing for bytes that it cannot read.
reader = mark("reader")
# A metric `(actual, expected, **options) -> float | Verdict` is pure; one without `expected` takes `actual` alone.
metric = mark("metric")

_LIVE = "__osarena_live__"


def live_probe(function: Callable[P, bytes]) -> Callable[P, bytes]:
    """Mark a probe that needs the running session (windows, tabs, settings): it goes before the session is stopped."""
    setattr(function, _LIVE, True)
    return probe(function)


def is_live(function: Callable[..., Any]) -> bool:
    """Whether a probe was marked as live."""
    return getattr(function, _LIVE, False)


@dataclass(frozen=True, slots=True)
class Ending:
    """How the agent ended the episode: `outcome` is None where it never said."""

    outcome: str | None
    answer: str = ""


class SiteStates(Protocol):
    """The web sites of an episode, as probes see them: their state, on the host's side."""

    def state(self, name: str) -> Any:
        """The state of a site by name, as JSON. Raises KeyError where the episode has no such site."""
