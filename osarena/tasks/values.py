"""From a task and a seed to a variant: values are drawn or made, and every placeholder is filled in.

A value of a task file is a literal (a string may use earlier values, a list is taken as it is) or one of these objects:

==============================================  ====================================================================
``{"choice": [a, b, …]}``                       one of them
``{"sample": [a, b, …], "count": n}``           a list of `n` different ones, in random order
``{"int": [low, high]}``                        a whole number, both ends included
``{"date": ["2026-01-01", "2026-12-31"]}``      a day as ISO text, both ends included
``{"maker": "workbooks.sales", …}``             what that maker returns for these parameters
``{"download": "https://…"}``                   the bytes of a file from the web, see `osarena.tasks.downloads`
``{"literal": …}``                              the thing itself, for objects
==============================================  ====================================================================

Each value has a random generator of its own, seeded by task, version, value name and seed: the same seed gives the same
bytes, and adding a value changes no other. A made value is plain data: JSON, bytes, dates and decimals.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from osarena import registry
from osarena.errors import TaskError, UsageError
from osarena.grading.resolve import parse_check
from osarena.tasks import digests, downloads
from osarena.tasks.model import Counterexample, PlayCall, StepCall, Task, Variant
from osarena.tasks.placeholders import fill, join_path


def make_variant(task: Task, *, suite: str, seed: int) -> Variant:
    """The task for one seed, with every placeholder filled in.

    Raises:
        TaskError: a value cannot be drawn or made, or a placeholder names something that is not there.
    """
    try:
        values = draw_values(task, seed)
        return Variant(
            task=task,
            suite=suite,
            seed=seed,
            values=values,
            instruction=str(fill(task.instruction, values, "$.instruction")),
            setup=_fill_steps(task.setup, values, "$.setup"),
            finish=_fill_steps(task.finish, values, "$.finish"),
            check=parse_check(fill(task.check, values, "$.check"), where="$.check"),
            episode_digest=digests.episode_digest(task),
            grader_digest=digests.grader_digest(task),
        )
    except TaskError as error:
        raise TaskError(f"{suite}:{task.id} (seed {seed}): {error}") from error


def solution_of(variant: Variant) -> PlayCall | None:
    """The solution with its placeholders filled in."""
    if variant.task.solution is None:
        return None
    return PlayCall.model_validate(fill(variant.task.solution.model_dump(), variant.values, "$.solution"))


def counterexamples_of(variant: Variant) -> tuple[Counterexample, ...]:
    """The counterexamples with their placeholders filled in."""
    return tuple(
        Counterexample.model_validate(fill(example.model_dump(), variant.values, f"$.counterexamples[{index}]"))
        for index, example in enumerate(variant.task.counterexamples)
    )


def draw_values(task: Task, seed: int) -> dict[str, Any]:
    """The values of a task for one seed, in the order in which they are written.

    Raises:
        TaskError: a value cannot be drawn, or its maker failed to keep its promise.
    """
    values: dict[str, Any] = {}
    for name, spec in task.values.items():
        rng = Random(f"{task.id}@{task.version}/{name}#{seed}")
        values[name] = _draw(spec, rng, values, f"$.values.{name}")
    return values


def check_spec(spec: Any, where: str) -> None:
    """Check the form of a value as a task file writes it.

    Raises:
        TaskError: an object that is none of the known kinds, or one with wrong or missing parts.
    """
    if not isinstance(spec, Mapping):
        return
    kind = _kind_of(spec, where)
    allowed = {kind, *_PARTS.get(kind, ())}
    if kind != "maker" and (extra := set(spec) - allowed):
        raise TaskError(f"{where}: {kind!r} takes no {', '.join(map(repr, sorted(extra)))}")
    if missing := allowed - set(spec):
        raise TaskError(f"{where}: {kind!r} needs {', '.join(map(repr, sorted(missing)))}")
    if kind == "maker" and not isinstance(spec["maker"], str):
        raise TaskError(f'{where}.maker: the address of a maker, such as "workbooks.sales", not {spec["maker"]!r:.60}')


def _draw(spec: Any, rng: Random, values: Mapping[str, Any], where: str) -> Any:
    check_spec(spec, where)
    if not isinstance(spec, Mapping):
        return fill(spec, values, where)
    kind = _kind_of(spec, where)
    return _DRAWS[kind](fill(dict(spec), values, where), rng, where)


def _kind_of(spec: Mapping[str, Any], where: str) -> str:
    kinds = [kind for kind in _DRAWS if kind in spec]
    if "maker" in kinds:
        return "maker"
    if len(kinds) == 1:
        return kinds[0]
    close = [hit for key in spec for hit in difflib.get_close_matches(key, _DRAWS, n=1)]
    hint = f"did you mean {close[0]!r}?" if close else 'for a literal object write {"literal": {…}}'
    raise TaskError(f"{where}: an object here is one of {', '.join(_DRAWS)}, not {sorted(spec)}; {hint}")


def _draw_choice(spec: dict[str, Any], rng: Random, where: str) -> Any:
    return rng.choice(_as_items(spec["choice"], f"{where}.choice"))


def _draw_sample(spec: dict[str, Any], rng: Random, where: str) -> list[Any]:
    items, count = _as_items(spec["sample"], f"{where}.sample"), spec["count"]
    if not _is_int(count) or not 0 <= count <= len(items):
        raise TaskError(f"{where}.count: a whole number from 0 to {len(items)}, not {count!r:.60}")
    return rng.sample(items, count)


def _draw_int(spec: dict[str, Any], rng: Random, where: str) -> int:
    match spec["int"]:
        case [low, high] if _is_int(low) and _is_int(high) and low <= high:
            return rng.randint(low, high)
        case other:
            raise TaskError(f"{where}.int: two whole numbers, the lower one first, not {other!r:.60}")


def _draw_date(spec: dict[str, Any], rng: Random, where: str) -> str:
    try:
        first, last = (date.fromisoformat(text) for text in spec["date"])
        return (first + timedelta(days=rng.randint(0, (last - first).days))).isoformat()
    except (TypeError, ValueError) as error:
        raise TaskError(f"{where}.date: two ISO days, the earlier one first, not {spec['date']!r:.60}") from error


def _draw_literal(spec: dict[str, Any], _rng: Random, _where: str) -> Any:
    return spec["literal"]


def _draw_download(spec: dict[str, Any], _rng: Random, where: str) -> bytes:
    if not isinstance(spec["download"], str):
        raise TaskError(f"{where}.download: the address of a file, not {spec['download']!r:.60}")
    try:
        return downloads.read(spec["download"])
    except TaskError as error:
        raise TaskError(f"{where}: {error}") from error


def _draw_maker(spec: dict[str, Any], rng: Random, where: str) -> Any:
    address = spec.pop("maker")
    try:
        made = registry.find_function("maker", address)(rng, **spec)
    except (UsageError, TypeError, ValueError, LookupError) as error:
        raise TaskError(f"{where}: maker {address}: {error}") from error
    return plain_data(made, where)


_DRAWS: Mapping[str, Callable[[dict[str, Any], Random, str], Any]] = {
    "choice": _draw_choice,
    "sample": _draw_sample,
    "int": _draw_int,
    "date": _draw_date,
    "maker": _draw_maker,
    "download": _draw_download,
    "literal": _draw_literal,
}
_PARTS: Mapping[str, tuple[str, ...]] = {"sample": ("count",)}


def plain_data(made: Any, where: str) -> Any:
    """What a maker returned as plain data: dataclasses (with their public properties) and mappings become dicts, sequences lists.

    Raises:
        TaskError: something that is neither; the text says where in the value it lies.
    """
    match made:
        case None | bool() | int() | str() | bytes() | date() | time() | timedelta() | Decimal():
            return made
        case float() if math.isfinite(made):
            return made
        case Mapping() if all(isinstance(key, str) for key in made):
            return {key: plain_data(item, join_path(where, key)) for key, item in made.items()}
        case list() | tuple():
            return [plain_data(item, join_path(where, index)) for index, item in enumerate(made)]
        case _ if dataclasses.is_dataclass(made) and not isinstance(made, type):
            return {name: plain_data(getattr(made, name), join_path(where, name)) for name in _public_names(made)}
        case _:
            raise TaskError(f"{where}: a maker returns JSON, bytes, dates and decimals, not {type(made).__name__} {made!r:.60}")


def _public_names(made: Any) -> list[str]:
    names = [field.name for field in dataclasses.fields(made)]
    names += [name for name, member in vars(type(made)).items() if isinstance(member, property)]
    return [name for name in names if not name.startswith("_")]


def _fill_steps(calls: Sequence[StepCall], values: Mapping[str, Any], where: str) -> tuple[StepCall, ...]:
    filled = (fill(call.model_dump(), values, f"{where}[{index}]") for index, call in enumerate(calls))
    return tuple(StepCall.model_validate(record) for record in filled)


def _as_items(value: Any, where: str) -> list[Any]:
    if isinstance(value, list) and value:
        return value
    raise TaskError(f"{where}: a list with at least one item, not {value!r:.60}")


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
