"""What holds for every dialect: its table of cases, that actions come back, and that no text does harm."""

from __future__ import annotations

import contextlib
import time

import pytest
from _pytest.mark import ParameterSet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from osarena.errors import AgentError
from osarena.types.actions import from_json, to_json
from osarena_agents.conversation import Reply, ToolCall
from osarena_agents.dialects import DIALECTS, Dialect, Reading, Unreadable, Unsayable, View, find_dialect
from osarena_agents.dialects.model import Request, is_action
from tests.support.dialects import (
    EVERYTHING,
    POINTER,
    Reads,
    Refuses,
    Table,
    Writes,
    accuracy,
    all_tables,
    any_action,
    close,
    settled,
    view_of,
)

NAMES = sorted(all_tables())
NONSENSE = ["{", "(", "<think>", "◁think▷", "<tool_call>", "```", "\n", "Action:", "click(a='", "<|recipient|>os", "x)\n"]


def _known(name: str) -> tuple[Dialect, Table, View]:
    dialect, table = find_dialect(name), all_tables()[name]
    return dialect, table, view_of(dialect, table)


def _cases(kind: str) -> list[ParameterSet]:
    return [
        pytest.param(name, case, id=f"{name}-{number}")
        for name, table in sorted(all_tables().items())
        for number, case in enumerate(getattr(table, kind))
    ]


def test_every_dialect_has_a_table() -> None:
    assert set(NAMES) == set(DIALECTS)


@pytest.mark.parametrize(("name", "case"), _cases("reads"))
def test_words_are_read(name: str, case: Reads) -> None:
    dialect, _, view = _known(name)
    reading = dialect.read(case.reply, view)
    assert (reading.steps, reading.thought) == (case.steps, case.thought)


@pytest.mark.parametrize(("name", "case"), _cases("refuses"))
def test_what_is_no_action_is_refused_with_the_reason(name: str, case: Refuses) -> None:
    dialect, _, view = _known(name)
    with pytest.raises(Unreadable) as refused:
        dialect.read(case.reply, view)
    assert case.words
    assert case.words in str(refused.value)


@pytest.mark.parametrize(("name", "case"), _cases("writes"))
def test_actions_are_written_in_the_models_words(name: str, case: Writes) -> None:
    dialect, _, view = _known(name)
    assert dialect.write(case.reading, view) == case.reply


@pytest.mark.parametrize("name", NAMES)
def test_actions_come_back(name: str) -> None:
    dialect, table, view = _known(name)
    unsayable = set()
    for kind, action in EVERYTHING.items():
        try:
            written = dialect.write(Reading((action,), "Because."), view)
        except Unsayable:
            unsayable.add(kind)
            continue
        steps = dialect.read(written, view).steps
        wanted = settled([action], table, POINTER)
        found = settled(steps, table, POINTER)
        assert close(wanted, found, accuracy(dialect.frame(view), table)), f"{written} is {steps}"
    assert unsayable == set(table.unsayable.split())


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_action_comes_back_or_is_unsayable(name: str, data: st.DataObject) -> None:
    dialect, table, view = _known(name)
    action = data.draw(any_action(view.screen))
    try:
        written = dialect.write(Reading((action,), "Because."), view)
    except Unsayable:
        return
    wanted = settled([action], table, POINTER)
    found = settled(dialect.read(written, view).steps, table, POINTER)
    assert close(wanted, found, accuracy(dialect.frame(view), table)), f"{written} is {found}"


@pytest.mark.parametrize("name", NAMES)
def test_what_was_read_is_written_so_that_it_is_read_again(name: str) -> None:
    dialect, table, view = _known(name)
    again = 0
    for case in table.reads:
        try:
            written = dialect.write(Reading(case.steps, case.thought), view)
        except Unsayable:
            continue
        found = dialect.read(written, view)
        steps, wanted = settled(found.steps, table, POINTER), settled(case.steps, table, POINTER)
        assert close(wanted, steps, accuracy(dialect.frame(view), table)), f"{written} is {steps}"
        assert found.thought == case.thought
        again += 1
    assert again >= len(table.reads) // 2


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_reply_is_read_or_refused(name: str, data: st.DataObject) -> None:
    dialect, table, view = _known(name)
    reply = data.draw(st.text(max_size=200).map(Reply) | _damaged(table))
    try:
        reading = dialect.read(reply, view)
    except Unreadable:
        return
    assert reading.steps
    for step in reading.steps:
        if is_action(step):
            assert from_json(to_json(step)) == step, "the guest would refuse it"
        else:
            assert isinstance(step, Request)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("piece", NONSENSE)
def test_long_nonsense_takes_no_time(name: str, piece: str) -> None:
    dialect, _, view = _known(name)
    began = time.process_time()
    with contextlib.suppress(Unreadable):  # vendors' tools take words without a call as the answer
        dialect.read(Reply(piece * (49_000 // len(piece))), view)
    assert time.process_time() - began < 2


def _damaged(table: Table) -> st.SearchStrategy[Reply]:
    """Replies of the table with a piece cut out, doubled or replaced; arguments of tool calls with odd values."""
    replies = [case.reply for case in (*table.reads, *table.refuses)]
    odd = st.sampled_from([None, True, -1, 10**400, 1e308, float("nan"), float("inf"), "", "x", [], [1], [[1, 2]], {}, "\ud800"])
    pieces = st.sampled_from(
        ["", "(", ")", "[", "]", "{", "}", "'", '"', "\\", "\n", ",", "9" * 400, "-", "é", "<", ">", "=", "1e9"]
    )

    @st.composite
    def damaged(draw: st.DrawFn) -> Reply:
        reply = draw(st.sampled_from(replies))
        text = reply.text
        for _ in range(draw(st.integers(0, 3))):
            start = draw(st.integers(0, len(text)))
            stop = draw(st.integers(start, min(len(text), start + 8)))
            text = text[:start] + draw(pieces) + text[stop:]
        made = tuple(
            ToolCall(call.id, call.name, {key: draw(st.just(value) | odd) for key, value in call.arguments.items()})
            for call in reply.tool_calls
        )
        return Reply(text, made, reply.reasoning)

    return damaged()


def test_unreadable_is_what_becomes_of_an_agents_error() -> None:
    assert issubclass(Unreadable, AgentError)
    assert issubclass(Unsayable, AgentError)
