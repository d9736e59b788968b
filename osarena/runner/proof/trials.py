"""The episodes that a proof consists of, and what came of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from osarena.grading.model import All, Any_, Check, Infeasible, Mean, Not, Verdict, can_be_infeasible, leaves
from osarena.runner.model import Ended
from osarena.tasks.model import Counterexample, Variant
from osarena.tasks.values import counterexamples_of

Kind = Literal["solution", "nothing", "infeasible", "random", "counterexample"]
TrialKey = tuple[int, Kind, int]


@dataclass(frozen=True, slots=True)
class Trial:
    """One episode of a proof. `number` counts a variant's counterexamples from 1, 0 for the other kinds."""

    variant: Variant
    kind: Kind
    number: int = 0
    example: Counterexample | None = None

    @property
    def name(self) -> str:
        """ "solution", "counterexample 2" …"""
        return f"{self.kind} {self.number}" if self.number else self.kind

    @property
    def key(self) -> TrialKey:
        """What tells it from the other trials of its task."""
        return self.variant.seed, self.kind, self.number


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a trial. Without a verdict, `problem` says why there is none."""

    trial: Trial
    ended: Ended = "error"
    steps: int = 0
    seconds: float = 0.0
    verdict: Verdict | None = None
    # The verdict of a second grading of the same evidence.
    repeated: Verdict | None = None
    # What each probe fetched (digest, or why nothing) and what the agent finished with.
    evidence: Mapping[str, str] = field(default_factory=dict)
    leaks: tuple[str, ...] = ()
    problem: str = ""

    def to_json(self) -> dict[str, Any]:
        """A JSON object for `--json` and the record."""
        return {
            "trial": self.trial.name,
            "seed": self.trial.variant.seed,
            "score": None if self.verdict is None else self.verdict.score,
            "steps": self.steps,
            "seconds": round(self.seconds, 1),
        }


def plan_trials(variant: Variant) -> list[Trial]:
    """The episodes that prove a task for one seed."""
    examples = [
        Trial(variant, "counterexample", number, example) for number, example in enumerate(counterexamples_of(variant), 1)
    ]
    others: list[Kind] = ["solution", "nothing", "random"]
    if not can_be_infeasible(variant.check):
        others.insert(2, "infeasible")
    return [*(Trial(variant, kind) for kind in others), *examples]


def units(check: Check) -> list[frozenset[str]]:
    """The names of comparisons that can fail for themselves: one each, but all those of an "any" together."""
    return failing(check, dict.fromkeys((leaf.name for leaf in leaves(check)), 0.0))


def failing(check: Check, scores: Mapping[str, float], *, is_inverted: bool = False) -> list[frozenset[str]]:
    """Which units of a check fail, by the scores of its comparisons (under a "not", 1 means that the metric does not hold)."""
    match check:
        case All(parts) | Any_(parts) | Mean(parts):
            each = [failing(part, scores, is_inverted=is_inverted) for part in parts]
            if isinstance(check, Any_) == is_inverted:
                return [unit for units_of_part in each for unit in units_of_part]
            return [frozenset().union(*(unit for part in each for unit in part))] if all(each) else []
        case Not(part):
            return failing(part, scores, is_inverted=not is_inverted)
        case Infeasible():
            return []
    return [frozenset({check.name})] if scores[check.name] < 1 else []
