"""The oracle: a play becomes decisions, and its end, its failure and its answer reach whoever asked."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pytest

from osarena import registry
from osarena.agent import Agent, Brief, Decision
from osarena.errors import AgentError, GuestError, TaskError
from osarena.grading.model import Check, Infeasible, Leaf
from osarena.guest.client import Guest
from osarena.players.oracle import Oracle
from osarena.players.screen import Screen
from osarena.tasks.model import Counterexample, PlayCall, Task, Variant
from osarena.types.actions import Finish, Press, TypeText
from osarena.types.observation import Observe, RawObservation
from tests.support.looks import BLANK, LookedAt, desktop, element


def greet(screen: Screen, values: Mapping[str, Any], *, name: str = "Eva", loudly: bool = False) -> str | None:
    screen.type(f"{values['greeting']} {name}")
    if loudly:
        screen.press("!")
    return values.get("answer")


def fail(screen: Screen, values: Mapping[str, Any]) -> None:
    screen.type("so far so good")
    raise ValueError("the sheet has no such row")


def look(screen: Screen, values: Mapping[str, Any]) -> None:
    screen.find("push button", "OK")


@pytest.fixture(autouse=True)
def plays(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"test.greet": greet, "test.fail": fail, "test.look": look}
    found = registry.find_function
    monkeypatch.setattr(registry, "find_function", lambda kind, name: known[name] if name in known else found(kind, name))


def make_variant(solution: Any = None, *, check: Check | None = None, **values: Any) -> Variant:
    check_json = {"metric": "values.equal", "actual": 1, "expected": 1, "name": "one"}
    record = {"schema": "osarena/task@1", "id": "test/greet", "version": 1, "instruction": "Greet.", "apps": ["notes"]}
    task = Task.model_validate({**record, "check": check_json, "solution": solution})
    leaf = Leaf("one", "values.equal", 1, 1)
    return Variant(task, "test", 0, {"greeting": "Hello", **values}, "Greet.", (), (), check or leaf, "", "")


def perform(variant: Variant, play: PlayCall | Counterexample | None = None, guest: Guest | None = None) -> list[Decision]:
    """Every decision up to the one that finishes."""
    oracle = Oracle(variant, guest or LookedAt(desktop()), play)
    oracle.reset(Brief("Greet."), seed=0)
    decisions: list[Decision] = []
    try:
        while not (decisions and isinstance(decisions[-1].actions[-1], Finish)):
            decisions.append(oracle.act(BLANK))
    finally:
        oracle.close()
    return decisions


def actions_of(*arguments: Any, **named: Any) -> list[Any]:
    return [action for decision in perform(*arguments, **named) for action in decision.actions]


def test_oracle_is_an_agent() -> None:
    assert isinstance(Oracle(make_variant(), LookedAt(desktop())), Agent)


def test_solution_is_played_one_decision_per_act_and_then_finished() -> None:
    decisions = perform(make_variant({"play": "test.greet"}))
    assert [list(decision.actions) for decision in decisions] == [[TypeText("Hello Eva")], [Finish("done")]]
    assert decisions[0].thought == "Type 'Hello Eva'"


def test_differences_reach_the_play() -> None:
    example = Counterexample.model_validate({"why": "w", "fails": "one", "play": "test.greet", "name": "Ada", "loudly": True})
    assert actions_of(make_variant(), example) == [TypeText("Hello Ada"), Press("!"), Finish("done")]


def test_script_is_played_with_its_placeholders_filled_in() -> None:
    solution = {"play": [{"do": "type", "text": "{greeting}!"}], "answer": "{greeting}"}
    assert actions_of(make_variant(solution)) == [TypeText("Hello!"), Finish("done", "Hello")]


def test_answer_is_what_the_play_returns_or_the_counterexample_says() -> None:
    variant = make_variant({"play": "test.greet"}, answer="42")
    assert actions_of(variant)[-1] == Finish("done", "42")
    wrong = Counterexample(why="w", fails="one", play=None, answer="41")
    assert actions_of(variant, wrong) == [Finish("done", "41")]


def test_infeasible_task_is_declared_infeasible() -> None:
    assert actions_of(make_variant(check=Infeasible("there is no such menu"))) == [Finish("infeasible", "there is no such menu")]


def test_play_that_raises_is_an_agent_error_with_its_words() -> None:
    with pytest.raises(AgentError, match="ValueError: the sheet has no such row"):
        perform(make_variant({"play": "test.fail"}))


def test_play_that_finds_nothing_is_an_agent_error_that_tells_what_is_there() -> None:
    with pytest.raises(AgentError, match=r"push button 'OK'.*label 'Okay'"):
        perform(make_variant({"play": "test.look"}), guest=LookedAt(desktop(element("label", "Okay"))))


def test_dead_desktop_is_not_the_plays_fault() -> None:
    class Dead(LookedAt):
        def observe(self, want: Observe = Observe()) -> RawObservation:
            raise GuestError("no answer")

    with pytest.raises(GuestError, match="no answer"):
        perform(make_variant({"play": "test.look"}), guest=Dead(desktop()))


def test_missing_solution_or_play_is_a_task_error() -> None:
    with pytest.raises(TaskError, match="no solution"):
        perform(make_variant())
    with pytest.raises(TaskError, match=r"there is no play 'nowhere\.at_all'"):
        perform(make_variant({"play": "nowhere.at_all"}))


def test_reset_and_close_leave_no_play_behind() -> None:
    oracle = Oracle(make_variant({"play": "test.greet"}), LookedAt(desktop()))
    for _ in range(3):
        oracle.reset(Brief("Greet."), seed=0)
        assert oracle.act(BLANK).actions == [TypeText("Hello Eva")]
    oracle.close()
    oracle.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "play"]
