"""Values: the same seed gives the same bytes, in every process, whatever stands beside them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osarena.errors import TaskError
from osarena.tasks.model import Task
from osarena.tasks.values import counterexamples_of, draw_values, make_variant, plain_data, solution_of
from osarena.types.encoding import encode
from tests.support.content import demo_record

KINDS = "$.values.x: an object here is one of choice, sample, int, date, maker, download, literal"

seeds = st.integers(min_value=0, max_value=2**63)


def task_of(**values: Any) -> Task:
    return Task.model_validate(
        demo_record(values=values, instruction="Do it.", setup=[], check={"infeasible": "…"}, counterexamples=[])
    )


def as_bytes(values: Any) -> bytes:
    return json.dumps(encode(values)).encode()


@given(seeds)
def test_the_same_seed_gives_the_same_bytes(seed: int) -> None:
    task = task_of(
        a={"int": [1, 10**9]},
        b={"choice": [1, 2, 3]},
        c={"sample": list(range(20)), "count": 5},
        d={"date": ["2020-01-01", "2030-12-31"]},
    )
    assert as_bytes(draw_values(task, seed)) == as_bytes(draw_values(task, seed))


@given(seeds, st.lists(st.sampled_from("pqrs"), unique=True))
def test_another_value_beside_it_changes_no_value(seed: int, others: Sequence[str]) -> None:
    spec = {"int": [0, 10**12]}
    crowded = task_of(**{name: {"int": [0, 9]} for name in others}, x=spec)
    assert draw_values(task_of(x=spec), seed)["x"] == draw_values(crowded, seed)["x"]


@given(seeds, st.integers(-100, 100), st.integers(0, 50))
def test_an_int_lies_between_its_ends(seed: int, low: int, width: int) -> None:
    assert low <= draw_values(task_of(x={"int": [low, low + width]}), seed)["x"] <= low + width


@given(seeds)
def test_a_date_lies_between_its_ends(seed: int) -> None:
    drawn = date.fromisoformat(draw_values(task_of(x={"date": ["2026-02-27", "2026-03-01"]}), seed)["x"])
    assert date(2026, 2, 27) <= drawn <= date(2026, 3, 1)


@given(seeds)
def test_a_sample_holds_different_items(seed: int) -> None:
    assert len(set(draw_values(task_of(x={"sample": ["a", "b", "c"], "count": 3}), seed)["x"])) == 3


def test_seeds_versions_and_names_draw_differently() -> None:
    spec = {"int": [0, 10**12]}
    task = task_of(x=spec, y=spec)
    other_version = task.model_copy(update={"version": 2})
    drawn = {*draw_values(task, 0).values(), *draw_values(task, 1).values(), *draw_values(other_version, 0).values()}
    assert len(drawn) == 6


def test_a_draw_is_the_same_in_another_process_and_release() -> None:
    assert draw_values(task_of(x={"int": [0, 10**12]}, y={"choice": ["a", "b", "c", "d"]}), 7) == {"x": 927659103935, "y": "b"}


def test_later_values_may_use_earlier_ones() -> None:
    task = task_of(n={"literal": {"low": 3}}, m={"int": ["{n.low}", "{n.low}"]}, text="m is {m}", items=["{m}", 1])
    assert draw_values(task, 0) == {"n": {"low": 3}, "m": 3, "text": "m is 3", "items": [3, 1]}


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (
            {"choise": [1]},
            f"{KINDS}, not ['choise']; did you mean 'choice'?",
        ),
        (
            {"low": 1},
            KINDS + ", not ['low']; for a literal object write {\"literal\": {…}}",
        ),
        ({"int": [2, 1]}, "$.values.x.int: two whole numbers, the lower one first, not [2, 1]"),
        ({"int": [1, 2], "step": 1}, "$.values.x: 'int' takes no 'step'"),
        ({"choice": []}, "$.values.x.choice: a list with at least one item, not []"),
        ({"sample": [1]}, "$.values.x: 'sample' needs 'count'"),
        ({"sample": [1], "count": 2}, "$.values.x.count: a whole number from 0 to 1, not 2"),
        (
            {"date": ["2026-01-02", "2026-01-01"]},
            "$.values.x.date: two ISO days, the earlier one first, not ['2026-01-02', '2026-01-01']",
        ),
        ({"maker": 5}, '$.values.x.maker: the address of a maker, such as "workbooks.sales", not 5'),
    ],
)
def test_a_wrong_value_is_one_clear_error(spec: Any, message: str) -> None:
    with pytest.raises(TaskError) as caught:
        draw_values(task_of(x=spec), 0)
    assert str(caught.value) == message


@pytest.mark.usefixtures("demo")
def test_a_maker_gives_plain_data_with_its_properties() -> None:
    note = draw_values(task_of(note={"maker": "demo_notes.note", "count": 2}), 0)["note"]
    assert note["file"] == note["text"].encode()
    assert note["lines"] == note["text"].split()
    assert note["line_count"] == 2


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (
            {"maker": "demo_notes.nothing"},
            "$.values.x: maker demo_notes.nothing: there is no maker 'demo_notes.nothing' (known: demo_notes.note",
        ),
        (
            {"maker": "demo_notes.note", "size": 1},
            "$.values.x: maker demo_notes.note: note() got an unexpected keyword argument 'size'",
        ),
        (
            {"maker": "demo_notes.rude"},
            "$.values.x.deep[0]: a maker returns JSON, bytes, dates and decimals, not object <object object",
        ),
    ],
)
def test_a_maker_that_fails_is_one_clear_error(spec: Any, message: str) -> None:
    with pytest.raises(TaskError) as caught:
        draw_values(task_of(x=spec), 0)
    assert str(caught.value).startswith(message)


def test_nan_is_no_data() -> None:
    with pytest.raises(TaskError, match=r"\$\.x: a maker returns JSON"):
        plain_data(float("nan"), "$.x")


@pytest.mark.usefixtures("demo")
def test_a_variant_has_no_placeholder_left() -> None:
    task = Task.model_validate(demo_record())
    variant = make_variant(task, suite="demo", seed=1)
    note, file = variant.values["note"]["text"], variant.values["file"]
    assert variant.name == "demo:notes/write-note"
    assert variant.instruction == f'Write "{note}" into the open note, name it {file} and save it. Leave old.txt as it is.'
    assert variant.setup[0].parameters["content"] == variant.values["old"]["file"]
    assert solution_of(variant) == task.solution
    staged = counterexamples_of(variant)[2].stage
    assert staged is not None
    assert staged[0].parameters["path"] == f"~/Desktop/{file}"
    assert "{file}" not in repr(variant.check)


@pytest.mark.usefixtures("demo")
def test_a_variant_that_cannot_be_made_names_task_and_seed() -> None:
    task = Task.model_validate(demo_record(instruction="Write {note.title}."))
    with pytest.raises(
        TaskError, match=r"^demo:notes/write-note \(seed 4\): \$\.instruction: \{note.title\}: there is no 'title' in note"
    ):
        make_variant(task, suite="demo", seed=4)


@pytest.mark.usefixtures("demo")
def test_a_variant_is_the_same_in_another_process() -> None:
    script = (
        "import sys, json; from osarena.tasks.load import find_task; from osarena.tasks.values import make_variant;"
        "from osarena.types.encoding import encode; suite, task = find_task('demo:notes/write-note');"
        "variant = make_variant(task, suite=suite.name, seed=5);"
        "print(json.dumps([encode(variant.values), variant.episode_digest, variant.grader_digest]))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, timeout=60)
    variant = make_variant(Task.model_validate(demo_record()), suite="demo", seed=5)
    assert json.loads(run.stdout) == [encode(variant.values), variant.episode_digest, variant.grader_digest]
