"""Agents written for OSWorld run as ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from osarena.agent import Agent, Brief
from osarena.errors import AgentError, UsageError
from osarena.registry import find_class
from osarena.types.actions import Action, Click, Drag, Finish, Press, Shell, TypeText, Wait
from osarena.types.geometry import Point, Size
from osarena.types.observation import Observation, RawObservation
from osarena.types.tree import Node, Tree
from osarena_agents.osworld import OSWorldAgent
from tests.support.processes import osarena
from tests.support.runs import task_record, write_suite

AGENTS = "tests.support.osworld_agents"
SCREEN = Size(64, 48)


def look(cursor: Point | None = None) -> Observation:
    raw = RawObservation(np.zeros((48, 64, 3), np.uint8), tree=Tree(Node("desktop frame")), cursor=cursor, terminal="$")
    return Observation(0, SCREEN, raw)


def saying(*actions: Any, channels: tuple[str, ...] = ("gui",)) -> OSWorldAgent:
    agent = OSWorldAgent(f"{AGENTS}:Says", returned=("so", list(actions)))
    agent.reset(Brief("do it", channels=channels), seed=0)
    return agent


@pytest.mark.parametrize("space", ["pyautogui", "computer_13"])
def test_a_task_is_solved_in_a_run(tmp_path: Path, space: str) -> None:
    row = run(tmp_path, "Writer", "--agent-arg", f"space={space}")
    assert (row["status"], row["ended"], row["steps"], row["solved"]) == ("SCORED", "finished", 3, 1)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Crashing", "KeyError"),
        ("Demanding", "needs 'vm_ip', which no agent is given here"),
        ("Says", "predict returns a reply and actions, not None"),
    ],
)
def test_faults_of_the_class_are_the_agents(tmp_path: Path, agent: str, words: str) -> None:
    row = run(tmp_path, agent)
    assert (row["status"], row["solved"]) == ("AGENT_ERROR", 0)
    assert words in json.dumps(row)


def run(folder: Path, agent: str, *arguments: str) -> dict[str, Any]:
    suite = write_suite(folder, task_record())
    where = ("--provider", "fake", "--screen", "640x480", "--out", str(folder / "run"), "--json")
    _, stdout, stderr = osarena("run", "--suite", str(suite), "--agent", f"osworld:{AGENTS}:{agent}", *arguments, *where)
    assert stdout, stderr
    rows = [json.loads(line) for line in (folder / "run/rows.jsonl").read_text().splitlines()]
    (found,) = [row for row in rows if "status" in row]
    return found | {"solved": json.loads(stdout)["solved"]}


def test_the_adapter_is_found_by_its_name_and_is_an_agent() -> None:
    agent = find_class("osarena.agents", f"osworld:{AGENTS}:Says")(returned=("", []))
    assert isinstance(agent, OSWorldAgent)
    assert isinstance(agent, Agent)


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (["DONE"], [Finish()]),
        (["FAIL", "pyautogui.press('a')"], [Finish("infeasible")]),
        ([{"action_type": "DONE"}], [Finish()]),
        (["pyautogui.click(5, 6)", "pyautogui.press('a')"], [Click(Point(5, 6)), Press("a")]),
        ([{"action_type": "CLICK", "x": 5, "y": 6}], [Click(Point(5, 6))]),
        ([{"command": "pyautogui.write('a')", "action_type": "tool_use"}], [TypeText("a")]),
        (
            ["pyautogui.click(5, 6)", {"action_type": "DRAG_TO", "x": 7, "y": 8}],
            [Click(Point(5, 6)), Drag((Point(5, 6), Point(7, 8)))],
        ),
        ([], []),
    ],
)
def test_actions(actions: list[Any], expected: list[Action]) -> None:
    decision = saying(*actions).act(look())
    assert decision.actions == expected
    assert (decision.thought, decision.extra) == ("so", {})


def test_a_button_is_held_from_one_step_to_the_next() -> None:
    agent = OSWorldAgent(f"{AGENTS}:Says")
    agent.reset(Brief("do it"), seed=0)
    done: list[Action] = []
    for action in ({"action_type": "MOUSE_DOWN"}, {"action_type": "MOVE_TO", "x": 7, "y": 8}, {"action_type": "MOUSE_UP"}):
        agent._agent.returned = "", [action]
        done += agent.act(look(Point(1, 2))).actions
    assert done == [Drag((Point(1, 2), Point(7, 8)))]


def test_what_cannot_be_translated_costs_its_step_and_is_told() -> None:
    decision = saying("import os; os.remove('a')", {"action_type": "FLY"}, "WAIT").act(look())
    assert [type(action) for action in decision.actions] == [Wait]
    reasons = [undone["reason"] for undone in decision.extra["not_carried_out"]]
    assert "os is not available" in reasons[0]
    assert "FLY" in reasons[1]


def test_what_cannot_be_translated_runs_in_the_desktop_where_the_task_gives_a_shell() -> None:
    decision = saying("import os; os.remove('a')", channels=("gui", "shell")).act(look())
    assert decision.actions == [Shell("python3 -c 'import os; os.remove('\"'\"'a'\"'\"')'")]


@pytest.mark.parametrize("returned", [None, "DONE", ("so",), ("so", 5), ("so", [5]), ("so", [{"x": 1}])])
def test_what_is_no_reply_with_actions_is_the_agents_fault(returned: Any) -> None:
    agent = OSWorldAgent(f"{AGENTS}:Says", returned=returned)
    agent.reset(Brief("do it"), seed=0)
    with pytest.raises(AgentError, match="predict"):
        agent.act(look())


def test_it_looks_at_what_the_class_wants_to_see() -> None:
    agent = saying()
    agent.act(look(Point(3, 3)))
    (seen,) = agent._agent.seen
    assert seen["screenshot"].startswith(b"\x89PNG")
    assert seen["accessibility_tree"].startswith("<desktop-frame")
    assert (seen["terminal"], seen["instruction"]) == ("$", "do it")
    assert "tree" in agent.observe
    assert OSWorldAgent(f"{AGENTS}:Says", observation_type="screenshot").observe == ("screenshot", "cursor")


@pytest.mark.parametrize(
    ("path", "words"),
    [("", "osworld:module:Class"), (f"{AGENTS}:NoAgent", "no method 'predict'"), (f"{AGENTS}:Nobody", "cannot load")],
)
def test_what_is_no_agent_of_osworld_is_refused(path: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        OSWorldAgent(path)
