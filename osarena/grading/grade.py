"""`grade`: the verdict that a check gives on an episode's evidence."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import prod
from statistics import fmean

from osarena.grading.evidence import Evidence
from osarena.grading.limited import GradingLimits, Judgement, judge
from osarena.grading.model import All, Any_, Check, Ending, Infeasible, Leaf, Mean, Not, Verdict, can_be_infeasible, leaves

logger = logging.getLogger(__name__)


def grade(check: Check, evidence: Evidence, *, ending: Ending, limits: GradingLimits = GradingLimits()) -> Verdict:
    """The verdict, with one part for each leaf. Needs no desktop, and gives the same verdict every time.

    An agent that says "infeasible" of a task that can be done gets 0, whatever it has left behind.

    Raises:
        CheckerError: a reader or metric failed, answered nonsense or went over its limits, or evidence is not there.
    """
    if ending.outcome == "infeasible" and not can_be_infeasible(check):
        return Verdict(0.0, "the agent said that the task cannot be done, but it can")
    weigh = _Weigher(judge(list(leaves(check)), evidence, limits), ending)
    whole = weigh(check)
    logger.info("verdict %.3g: %s", whole.score, whole.reason)
    return Verdict(whole.score, whole.reason or "everything is as it should be", parts=tuple(weigh.parts(check)))


@dataclass(frozen=True, slots=True)
class _Weighed:
    """How far a check holds, why not wholly, and whether evidence was missing anywhere in it."""

    score: float
    reason: str = ""  # empty where it holds wholly
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class _Weigher:
    judgements: Mapping[str, Judgement]
    ending: Ending

    def __call__(self, check: Check) -> _Weighed:
        match check:
            case Leaf(name):
                return self._leaf(name)
            case Infeasible(reason):
                return self._infeasible(reason)
            case Not(part):
                return _inverted(self(part), part)
            case All(parts):
                return _all([self(part) for part in parts])
            case Any_(parts):
                return _any([self(part) for part in parts])
            case Mean(parts):
                return _mean([self(part) for part in parts])

    def parts(self, check: Check, *, is_inverted: bool = False) -> Iterator[Verdict]:
        """The verdict on each leaf: how far it is as it should be."""
        match check:
            case Leaf(name):
                judgement = self.judgements[name]
                yield _turned(judgement) if is_inverted else judgement.verdict
            case All(parts) | Any_(parts) | Mean(parts):
                for part in parts:
                    yield from self.parts(part, is_inverted=is_inverted)
            case Not(part):
                yield from self.parts(part, is_inverted=not is_inverted)
            case Infeasible():
                return

    def _leaf(self, name: str) -> _Weighed:
        judgement = self.judgements[name]
        verdict = judgement.verdict
        reason = "" if verdict.score == 1 else f"{name}: {verdict.reason}"
        return _Weighed(verdict.score, reason, judgement.is_missing)

    def _infeasible(self, reason: str) -> _Weighed:
        if self.ending.outcome == "infeasible":
            return _Weighed(1.0)
        return _Weighed(0.0, f"the task cannot be done ({reason}), and the agent did not say so")


def _all(parts: list[_Weighed]) -> _Weighed:
    reasons = "; ".join(part.reason for part in parts if part.reason)
    return _Weighed(prod(part.score for part in parts), reasons, any(part.is_missing for part in parts))


def _mean(parts: list[_Weighed]) -> _Weighed:
    scores = [part.score for part in parts]
    return replace(_all(parts), score=fmean(scores) if min(scores) > 0 else 0.0)


def _any(parts: list[_Weighed]) -> _Weighed:
    best = max(part.score for part in parts)
    reasons = " / ".join(part.reason for part in parts if part.reason)
    return _Weighed(best, "" if best == 1 else f"none of these holds: {reasons}", any(part.is_missing for part in parts))


def _inverted(part: _Weighed, check: Check) -> _Weighed:
    if part.is_missing:
        return _Weighed(0.0, part.reason, is_missing=True)
    score = 1 - part.score
    names = " and ".join(repr(leaf.name) for leaf in leaves(check)) or "the part"
    return _Weighed(score, "" if score == 1 else f"{names} holds, but must not")


def _turned(judgement: Judgement) -> Verdict:
    """The verdict on a leaf under a "not"."""
    verdict = judgement.verdict
    if judgement.is_missing:
        return verdict
    score = 1 - verdict.score
    return replace(verdict, score=score, reason="" if score == 1 else "it holds, but must not", parts=())
