"""What the outcomes of a task's trials prove. Pure: every finding is a sentence that says what is not proven."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from osarena.grading.model import can_be_infeasible
from osarena.runner.proof.trials import Outcome, failing, units
from osarena.tasks.model import Variant

LEAST_COUNTEREXAMPLES = 3


def judge_task(variant: Variant) -> Iterator[str]:
    """What is missing in the task file itself."""
    task, named = variant.task, {example.fails for example in variant.task.counterexamples}
    if can_be_infeasible(variant.check):
        if task.twin is None:
            yield "an infeasible task needs a feasible twin that differs in one fact"
    elif task.solution is None:
        yield "there is no solution"
    parts = units(variant.check)
    if parts and len(task.counterexamples) < LEAST_COUNTEREXAMPLES:
        yield f"there are {len(task.counterexamples)} counterexamples; a proof needs at least {LEAST_COUNTEREXAMPLES}"
    for unit in parts:
        if not unit & named:
            yield f"no counterexample fails {_quoted(unit)}, so that nothing shows what it is for"


def judge_outcomes(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What the outcomes of one variant's trials do not prove."""
    untouched = next((outcome for outcome in outcomes if outcome.trial.kind == "nothing"), None)
    for outcome in outcomes:
        where = f"seed {outcome.trial.variant.seed}, {outcome.trial.name}"
        yield from (f"{where}: {finding}" for finding in judge_outcome(outcome, untouched))


def judge_outcome(outcome: Outcome, untouched: Outcome | None) -> Iterator[str]:
    """What one outcome does not prove; `untouched` is that of doing nothing with the same variant."""
    verdict = outcome.verdict
    if verdict is None:
        yield outcome.problem or "it gave no verdict"
        return
    if outcome.repeated != verdict:
        again = "nothing" if outcome.repeated is None else f"{outcome.repeated.score:g} ({outcome.repeated.reason})"
        yield f"a second grading of the same evidence gave {again}, the first {verdict.score:g} ({verdict.reason})"
    for leak in outcome.leaks:
        yield f"the answer lies in the desktop: {leak}"
    if outcome.trial.kind == "solution":
        yield from _judge_solution(outcome)
    elif verdict.score > 0:
        yield f"scores {verdict.score:g}, not 0"
    elif outcome.trial.example is not None:
        yield from _judge_counterexample(outcome, outcome.trial.example.fails, untouched)


def _judge_solution(outcome: Outcome) -> Iterator[str]:
    assert outcome.verdict is not None
    if outcome.ended != "finished":
        yield f"the solution reached the limit of {outcome.ended} after {outcome.steps} steps"
    if outcome.verdict.score < 1:
        yield f"the solution scores {outcome.verdict.score:g}: {outcome.verdict.reason}"


def _judge_counterexample(outcome: Outcome, named: str, untouched: Outcome | None) -> Iterator[str]:
    assert outcome.verdict is not None
    parts = {part.name: part for part in outcome.verdict.parts}
    failed = failing(outcome.trial.variant.check, {name: part.score for name, part in parts.items()})
    if not any(named in unit for unit in failed):
        yield f"{named!r} does not fail; what fails is {_all_quoted(failed)}"
    elif len(failed) > 1:
        others = [unit for unit in failed if named not in unit]
        reasons = "; ".join(f"{name}: {parts[name].reason}" for unit in others for name in sorted(unit))
        yield f"beside {named!r}, {_all_quoted(others)} fails as well ({reasons})"
    if outcome.ended != "finished":
        yield f"it reached the limit of {outcome.ended} after {outcome.steps} steps"
    if untouched is not None and untouched.verdict is not None and outcome.evidence == untouched.evidence:
        yield "its evidence is that of the untouched desktop, so that it shows nothing"


def _quoted(unit: frozenset[str]) -> str:
    return " or ".join(repr(name) for name in sorted(unit))


def _all_quoted(found: Sequence[frozenset[str]]) -> str:
    return " and ".join(_quoted(unit) for unit in found) or "nothing"
