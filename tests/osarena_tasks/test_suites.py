"""The tasks that come with osarena: each file loads, every name in it resolves, and its counterexamples cover its check."""

from __future__ import annotations

from collections import Counter

import pytest

from osarena.grading.model import Infeasible, leaves
from osarena.tasks.load import load_suite
from osarena.tasks.model import Task
from osarena.tasks.names import check_task
from osarena.tasks.values import make_variant

TASKS = load_suite("core").tasks
SEEDS = range(3)


def test_core_has_its_first_tasks() -> None:
    assert {"calc/total-by-region", "chromium/gift-order", "multi/well-report"} <= {task.id for task in TASKS}


def test_twins_name_each_other_and_one_of_them_cannot_be_done() -> None:
    twins = {task.id: task for task in TASKS if task.twin is not None}
    assert all(twins[task.twin or ""].twin == task.id for task in twins.values())
    infeasible = {task.id for task in TASKS if set(task.check) == {"infeasible"}}
    assert all((task.id in infeasible) != (task.twin in infeasible) for task in twins.values())
    assert infeasible <= set(twins)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
def test_every_name_resolves_and_every_seed_makes_a_variant(task: Task) -> None:
    assert check_task(task, suite="core", seeds=SEEDS) == []
    for seed in SEEDS:
        assert "{" not in make_variant(task, suite="core", seed=seed).instruction


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
def test_seeds_are_tasks_of_their_own(task: Task) -> None:
    made = [repr(make_variant(task, suite="core", seed=seed).values) for seed in SEEDS]
    assert len(set(made)) == len(made)
    assert repr(make_variant(task, suite="core", seed=0).values) == made[0]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
def test_every_comparison_is_named_by_a_counterexample(task: Task) -> None:
    check = make_variant(task, suite="core", seed=0).check
    named = Counter(example.fails for example in task.counterexamples)
    assert set(named) == {leaf.name for leaf in leaves(check)}
    assert named.total() >= 3 or isinstance(check, Infeasible)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
def test_counterexamples_leave_the_solution_unlike_itself(task: Task) -> None:
    for example in task.counterexamples:
        assert example.stage or example.differences, f"{example.why} is the solution itself"
