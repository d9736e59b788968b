"""What outcomes prove, and the sentence for each thing that they do not."""

from __future__ import annotations

from typing import Any

import pytest

from osarena.grading.model import All, Any_, Check, Given, Infeasible, Leaf, Mean, Not, Verdict
from osarena.runner.proof.judge import judge_outcome, judge_outcomes, judge_task
from osarena.runner.proof.trials import Kind, Outcome, Trial, failing, plan_trials, units
from osarena.tasks.model import Counterexample, Task, Variant


def leaf(name: str) -> Leaf:
    return Leaf(name, "text.same", Given(""), Given(""))


UNCHANGED = "its evidence is that of the untouched desktop, so that it shows nothing"
NO_TWIN = "an infeasible task needs a feasible twin that differs in one fact"

A, B, C = leaf("a"), leaf("b"), leaf("c")


def variant_of(check: Check = All((A, B)), fails: str = "aab", **changes: Any) -> Variant:
    examples = [{"why": "…", "fails": name, "answer": "x"} for name in fails]
    record = {
        "schema": "osarena/task@1", "id": "app/task", "version": 1, "instruction": "Do it.", "apps": ["app"], "check": {},
        "solution": {"play": "x"}, "counterexamples": examples,
    }  # fmt: skip
    task = Task.model_validate(record | changes)
    return Variant(task, "demo", 4, {}, "Do it.", (), (), check, "", "")


def verdict(**scores: float) -> Verdict:
    parts = tuple(Verdict(score, "" if score == 1 else f"{name} is wrong", name) for name, score in scores.items())
    return Verdict(float(all(part.score == 1 for part in parts)), "…", parts=parts)


def outcome(kind: Kind = "solution", *, fails: str = "a", evidence: str = "changed", **changes: Any) -> Outcome:
    example = Counterexample(why="…", fails=fails, answer="x") if kind == "counterexample" else None
    given = changes.pop("verdict", verdict(a=1, b=1) if kind == "solution" else verdict(a=0, b=1))
    trial = Trial(variant_of(), kind, int(example is not None), example)
    parts = {"ended": "finished", "steps": 5, "verdict": given, "repeated": given, "evidence": {"file": evidence}}
    return Outcome(trial, **(parts | changes))


UNTOUCHED = outcome("nothing", evidence="untouched")


@pytest.mark.parametrize("kind", ["solution", "nothing", "infeasible", "random", "counterexample"])
def test_what_is_as_it_should_be_gives_no_finding(kind: Kind) -> None:
    assert [*judge_outcome(outcome(kind), UNTOUCHED)] == []


@pytest.mark.parametrize(
    ("given", "finding"),
    [
        (outcome(verdict=verdict(a=1, b=0.5)), "the solution scores 0: …"),
        (outcome(ended="steps"), "the solution reached the limit of steps after 5 steps"),
        (outcome(verdict=None, problem="the desktop failed: gone"), "the desktop failed: gone"),
        (outcome(repeated=Verdict(0.5, "b")), "a second grading of the same evidence gave 0.5 (b), the first 1 (…)"),
        (outcome("nothing", leaks=("it is in ~/x",)), "the answer lies in the desktop: it is in ~/x"),
        (outcome("nothing", verdict=Verdict(0.3)), "scores 0.3, not 0"),
        (outcome("random", verdict=verdict(a=1, b=1)), "scores 1, not 0"),
        (outcome("infeasible", verdict=verdict(a=1, b=1)), "scores 1, not 0"),
        (outcome("counterexample", verdict=verdict(a=1, b=1)), "scores 1, not 0"),
        (outcome("counterexample", fails="b"), "'b' does not fail; what fails is 'a'"),
        (outcome("counterexample", verdict=verdict(a=0, b=0)), "beside 'a', 'b' fails as well (b: b is wrong)"),
        (outcome("counterexample", ended="time"), "it reached the limit of time after 5 steps"),
        (outcome("counterexample", evidence="untouched"), UNCHANGED),
    ],
)  # fmt: skip
def test_what_is_not_proven_is_one_sentence(given: Outcome, finding: str) -> None:
    assert [*judge_outcome(given, UNTOUCHED)] == [finding]


def test_findings_name_seed_and_trial() -> None:
    wrong = outcome("counterexample", fails="b")
    assert [*judge_outcomes([UNTOUCHED, wrong])] == ["seed 4, counterexample 1: 'b' does not fail; what fails is 'a'"]


@pytest.mark.parametrize(
    ("variant", "findings"),
    [
        (variant_of(), []),
        (variant_of(fails="aaa"), ["no counterexample fails 'b', so that nothing shows what it is for"]),
        (variant_of(fails="ab"), ["there are 2 counterexamples; a proof needs at least 3"]),
        (variant_of(solution=None), ["there is no solution"]),
        (variant_of(Any_((A, B)), "aaa"), []),
        (variant_of(Infeasible("no such menu"), "", solution=None), [NO_TWIN]),
        (variant_of(Infeasible("no such menu"), "", solution=None, twin="app/other"), []),
    ],
)  # fmt: skip
def test_what_is_missing_in_the_file_is_said_without_a_desktop(variant: Variant, findings: list[str]) -> None:
    assert [*judge_task(variant)] == findings


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (A, ["a"]),
        (All((A, B)), ["a", "b"]),
        (Any_((A, B)), ["ab"]),
        (All((Any_((A, B)), C)), ["ab", "c"]),
        (Mean((A, B)), ["a", "b"]),
        (Not(A), ["a"]),
        (Not(Any_((A, B))), ["a", "b"]),
        (Not(All((A, B))), ["ab"]),
        (Any_((A, All((B, C)))), ["abc"]),
        (Infeasible("…"), []),
    ],
)
def test_units_fail_for_themselves(check: Check, expected: list[str]) -> None:
    assert [frozenset(names) for names in expected] == units(check)


def test_an_any_fails_only_as_a_whole() -> None:
    check = All((Any_((A, B)), C))
    assert failing(check, {"a": 0, "b": 1, "c": 0}) == [frozenset("c")]
    assert failing(check, {"a": 0, "b": 0, "c": 1}) == [frozenset("ab")]


def test_a_proof_consists_of_the_solution_three_ways_to_fail_and_the_counterexamples() -> None:
    names = [trial.name for trial in plan_trials(variant_of())]
    counterexamples = ["counterexample 1", "counterexample 2", "counterexample 3"]
    assert names == ["solution", "nothing", "infeasible", "random", *counterexamples]


def test_an_infeasible_task_is_not_held_against_saying_so() -> None:
    names = [trial.name for trial in plan_trials(variant_of(Infeasible("…"), "", twin="app/other"))]
    assert names == ["solution", "nothing", "random"]
