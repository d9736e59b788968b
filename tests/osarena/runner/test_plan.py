from __future__ import annotations

from pathlib import Path

import pytest

from osarena.errors import UsageError
from osarena.runner.plan import AgentSpec, Shard, make_plan, parse_arguments, parse_seeds
from tests.support.runs import task_record, write_suite


@pytest.mark.parametrize(
    ("text", "seeds"),
    [("3", (0, 1, 2)), ("4,7", (4, 7)), ("10-12", (10, 11, 12)), ("1-2,5,1", (1, 2, 5)), ("7,", (7,))],
)
def test_seeds(text: str, seeds: tuple[int, ...]) -> None:
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize("text", ["", "x", "0", "3-1", "1.5", ","])
def test_seeds_that_mean_nothing_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--seeds"):
        parse_seeds(text)


def test_an_agent_spec_has_one_canonical_text() -> None:
    spec = AgentSpec.parse("navi", ["b=two", "a=1", "c=[1, true]"])
    assert spec.arguments == {"a": 1, "b": "two", "c": [1, True]}
    assert str(spec) == 'navi(a=1, b="two", c=[1, true])'
    assert str(AgentSpec("noop")) == "noop"


def test_arguments_keep_what_stands_after_the_first_equals_sign() -> None:
    assert parse_arguments("--agent-arg", ["url=http://x/?a=b"]) == {"url": "http://x/?a=b"}


def test_the_same_command_plans_the_same_ids(tmp_path: Path) -> None:
    suite = str(write_suite(tmp_path))
    first, second = (make_plan(suite, AgentSpec("noop"), seeds=(0, 1), trials=2) for _ in range(2))
    ids = [planned.job.id for planned in first.jobs]
    assert ids == [planned.job.id for planned in second.jobs]
    assert len(set(ids)) == 4


@pytest.mark.parametrize("parts", [["1/3", "2/3", "3/3"], ["0/3", "1/3", "2/3"]])
def test_shards_share_the_plan_out_from_0_or_from_1(tmp_path: Path, parts: list[str]) -> None:
    suite = str(write_suite(tmp_path))
    whole = {planned.job.id for planned in make_plan(suite, AgentSpec("noop"), seeds=range(20)).jobs}
    shares = [
        [p.job.id for p in make_plan(suite, AgentSpec("noop"), seeds=range(20), shard=Shard.parse(part)).jobs] for part in parts
    ]
    assert sorted(id_ for share in shares for id_ in share) == sorted(whole)
    assert all(shares)


def test_tasks_are_chosen_by_id_or_pattern(tmp_path: Path) -> None:
    suite = str(write_suite(tmp_path, task_record("one"), task_record("two")))

    def chosen(*patterns: str) -> list[str]:
        return [planned.task_id for planned in make_plan(suite, AgentSpec("noop"), tasks=patterns).jobs]

    assert chosen() == ["notes/one", "notes/two"]
    assert chosen("notes/t*") == ["notes/two"]
    assert chosen("fruit:notes/one") == ["notes/one"]
    with pytest.raises(UsageError, match=r"has no task 'notes/onw'; did you mean notes/one"):
        make_plan(suite, AgentSpec("noop"), tasks=["notes/onw"])
