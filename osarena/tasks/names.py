"""Does every name in a task mean something? `check_task` tells, without a desktop.

It draws the task's variants for a few seeds, since only then is it known that makers keep their promises and that every
path such as `{sales.totals}` leads somewhere, and it resolves steps, plays, sites, probes, readers and metrics with the
names of their parameters; the values of steps are held against the annotations of their functions.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from osarena import registry
from osarena.errors import TaskError, UsageError
from osarena.grading.model import leaves
from osarena.grading.resolve import parameters_of
from osarena.tasks.load import Suite
from osarena.tasks.model import Counterexample, PlayCall, Task, Variant
from osarena.tasks.values import counterexamples_of, draw_values, make_variant, solution_of
from osarena.types.encoding import encode

_SEEDS = (0, 1, 2)


def check_task(task: Task, *, suite: str = "suite", seeds: Sequence[int] = _SEEDS) -> list[str]:
    """What is wrong with a task, each as `$.path: words`; an empty list means that it can be run."""
    if problems := [*_early_problems(task)]:
        return problems
    for seed in seeds:
        try:
            problems = [*_variant_problems(make_variant(task, suite=suite, seed=seed))]
        except TaskError as error:
            problems = [str(error)]
        if problems:
            return list(dict.fromkeys(problems))
    return [*_repetition_problems(task, seeds[0])]


def check_suite(suite: Suite) -> dict[str, list[str]]:
    """What is wrong with each task of a suite, by task id; tasks that are well are left out."""
    found = {task.id: [*check_task(task, suite=suite.name), *_twin_problems(task, suite)] for task in suite.tasks}
    return {task_id: problems for task_id, problems in found.items() if problems}


def _early_problems(task: Task) -> Iterator[str]:
    """What has to be there before a variant can be made: makers, set-up steps and sites."""
    for name, spec in task.values.items():
        if isinstance(spec, Mapping) and "maker" in spec:
            parameters = {key: value for key, value in spec.items() if key != "maker"}
            yield from _call_problems("maker", spec["maker"], parameters, f"$.values.{name}")
    for index, call in enumerate(task.finish):
        yield from _existence_problems("step", call.step, f"$.finish[{index}]")
    for index, call in enumerate(task.setup):
        yield from _existence_problems("step", call.step, f"$.setup[{index}]")
        if call.step == "sites.serve" and isinstance(address := call.parameters.get("site"), str):
            yield from _existence_problems("site", address, f"$.setup[{index}].site")


def _variant_problems(variant: Variant) -> Iterator[str]:
    for part, calls in (("setup", variant.setup), ("finish", variant.finish)):
        for index, call in enumerate(calls):
            yield from _call_problems("step", call.step, call.parameters, f"$.{part}[{index}]")
    solution = solution_of(variant)
    if solution is not None:
        yield from _play_problems(solution, "$.solution")
    names = [leaf.name for leaf in leaves(variant.check)]
    for index, example in enumerate(counterexamples_of(variant)):
        where = f"$.counterexamples[{index}]"
        if example.fails not in names:
            yield f"{where}.fails: the check has no comparison {example.fails!r} (it has {', '.join(names) or 'none'})"
        yield from _play_problems(example, where)
        for number, call in enumerate(example.stage or ()):
            yield from _call_problems("step", call.step, call.parameters, f"{where}.stage[{number}]")


def _play_problems(call: PlayCall | Counterexample, where: str) -> Iterator[str]:
    if isinstance(call.play, str):
        differences = {name: value for name, value in call.differences.items() if name != "answer"}  # the player's
        yield from _call_problems("play", call.play, differences, where)


def _call_problems(kind: str, address: str, given: Mapping[str, Any], where: str) -> Iterator[str]:
    problem = next(_existence_problems(kind, address, where), None)
    if problem:
        yield problem
        return
    function = registry.find_function(kind, address)
    # A play is given the screen and the values, everything else one subject; the parameters come after that.
    takes = parameters_of(function).without("values") if kind == "play" else parameters_of(function)
    try:
        takes.require(given, where, address)
    except TaskError as error:
        yield str(error)
        return
    if kind == "step":
        yield from _type_problems(function, given, address, where)


def _existence_problems(kind: str, address: str, where: str) -> Iterator[str]:
    try:
        registry.find_function(kind, address)
    except UsageError as error:
        yield f"{where}: {error}"


def _type_problems(function: Callable[..., Any], given: Mapping[str, Any], owner: str, where: str) -> Iterator[str]:
    """Values that are of another type than a function's annotations say."""
    hints = get_type_hints(function)
    for name, value in given.items():
        try:
            TypeAdapter(hints.get(name, Any)).validate_python(value, strict=True)
        except ValidationError:
            yield f"{where}.{name}: {owner} wants {inspect.formatannotation(hints[name])} here, not {value!r:.60}"


def _repetition_problems(task: Task, seed: int) -> Iterator[str]:
    """Whether a second drawing for the same seed gives other bytes."""
    first, second = draw_values(task, seed), draw_values(task, seed)
    for name in first:
        if encode(first[name]) != encode(second[name]):
            yield f"$.values.{name}: two drawings for seed {seed} differ; a maker takes all its chance (and time) from `rng`"


def _twin_problems(task: Task, suite: Suite) -> Iterator[str]:
    if task.twin is None:
        return
    twins = {other.id: other for other in suite.tasks}
    if task.twin not in twins:
        yield f"$.twin: the suite has no task {task.twin!r}"
    elif twins[task.twin].twin != task.id:
        yield f"$.twin: {task.twin} does not name this task as its twin"
