"""Navi in a run on the fake desktop, with a model behind HTTP: from screen to prompt to reply to click to score."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.model_server import Asked, Garbage, ModelServer, Say, Script, Status
from tests.support.processes import osarena
from tests.support.runs import task_record, write_suite

COMMAND = "```decision\nCOMMAND\n```\n```python\n{}\n```"


def run(folder: Path, script: Script, *arguments: str, **changes: Any) -> tuple[dict[str, Any], list[Asked]]:
    """Run Navi on one task: its row with how many were solved, and what its model was asked."""
    suite = write_suite(folder, task_record(**changes))
    with ModelServer(script) as server:
        agent = ("--agent", "osarena_agents.navi:Navi", "--agent-arg", f"model={server.spec}", *arguments)
        where = ("--provider", "fake", "--screen", "640x480", "--out", "run", "--json")
        _, stdout, stderr = osarena("run", "--suite", str(suite), *agent, *where, cwd=folder)
        assert stdout, stderr
    rows = [json.loads(line) for line in (folder / "run/rows.jsonl").read_text().splitlines()]
    (found,) = [row for row in rows if "status" in row]
    return found | {"solved": json.loads(stdout)["solved"]}, server.asked


def write_and_save(asked: Asked) -> Say:
    """Clicks into the text by its number, writes the word of the task, saves, looks, and is done."""
    if "ctrl+s" in asked.text.partition("# What you have done")[2].partition("# The windows")[0]:
        return Say("It is saved.\n```decision\nDONE\n```")
    if word := re.search(r"# What you noted\nthe word is (\w+)", asked.text):
        assert f': "{word[1]}"' in asked.text
        return Say(COMMAND.format('computer.keyboard.press("ctrl+s")'))
    word = re.search(r"# The task\nWrite (\w+) into", asked.text)
    field = re.search(r'^(\d+) text "Text"', asked.text, re.MULTILINE)
    assert word
    assert field
    calls = f'computer.mouse.move_id(id={field[1]})\ncomputer.mouse.single_click()\ncomputer.keyboard.write("{word[1]}")'
    return Say(f"I write.\n{COMMAND.format(calls)}\n```memory\nthe word is {word[1]}\n```", prompt=900, reply=100)


@pytest.mark.parametrize("pictures", ["both", "none"])
def test_a_task_is_solved(tmp_path: Path, pictures: str) -> None:
    row, asked = run(tmp_path, write_and_save, "--agent-arg", f"pictures={pictures}")
    assert (row["status"], row["ended"], row["steps"]) == ("SCORED", "finished", 3)
    assert row["solved"] == 1
    assert row["usage"]["calls"] == 3
    sizes = [[picture.shape for picture in request.pictures] for request in asked]
    screen = (480, 640, 3)
    assert sizes == ([[screen], [screen] * 2, [screen] * 2] if pictures == "both" else [[], [], []])


@pytest.mark.parametrize("sources", ["dom", "tree+dom"])
def test_a_page_is_used_by_its_own_elements(tmp_path: Path, sources: str) -> None:
    def seek(asked: Asked) -> Say:
        """Types into the field of the page and presses its button, both by number, and gives up at what it finds."""
        if asked.number:
            return Say("```decision\nFAIL\n```")
        field, button = (
            re.search(rf"^(\d+) {name}", asked.text, re.MULTILINE) for name in ('entry "Search"', 'push button "Go"')
        )
        assert field
        assert button
        calls = f'computer.mouse.move_id(id={field[1]})\ncomputer.mouse.single_click()\ncomputer.keyboard.write("tea")'
        return Say(COMMAND.format(f"{calls}\ncomputer.mouse.move_id(id={button[1]})\ncomputer.mouse.single_click()"))

    row, asked = run(
        tmp_path, seek, "--agent-arg", f"marks={sources}", setup=[{"step": "shell.run", "command": ["fake-browser"]}]
    )
    assert (row["status"], row["steps"]) == ("SCORED", 2)
    assert '"tea - Browser" (fake-browser' in asked[1].text
    # What is no part of the page, such as the address, is known to the tree alone.
    assert ('entry "Address"' in asked[0].text) == (sources != "dom")


def test_garbage_is_sent_back_and_costs_no_step(tmp_path: Path) -> None:
    def stutter(asked: Asked) -> Say:
        return Say("Let me think.") if asked.number % 2 == 0 else write_and_save(asked)

    row, asked = run(tmp_path, stutter)
    assert (row["status"], row["steps"], row["usage"]["calls"]) == ("SCORED", 3, 6)
    assert "the reply has no program" in asked[1].text


def test_nothing_but_garbage_is_an_error_of_the_agent(tmp_path: Path) -> None:
    row, asked = run(tmp_path, Say("Let me think."), "--agent-arg", "retries=1")
    assert row["status"] == "AGENT_ERROR"
    assert "none of 2 replies could be read" in row["reason"]
    assert len(asked) == 2


def test_a_task_that_cannot_be_done_is_given_up(tmp_path: Path) -> None:
    said = Say("```decision\nFAIL\n```\n```answer\nThere is no printer.\n```")
    row, _ = run(tmp_path, said, check={"infeasible": "there is no printer"})
    assert (row["status"], row["ended"], row["steps"], row["solved"]) == ("SCORED", "finished", 1, 1)
    trajectory = (tmp_path / "run/jobs" / row["job_id"] / "trajectory.json").read_text()
    assert "There is no printer." in trajectory


def test_waiting_takes_steps_until_there_are_none(tmp_path: Path) -> None:
    row, asked = run(tmp_path, Say("```decision\nWAIT\n```"), limits={"steps": 2, "time_s": 30})
    assert (row["status"], row["ended"], row["steps"]) == ("SCORED", "steps", 2)
    assert "Step 1: WAIT -> done, but nothing changed on the screen" in asked[1].text


def test_a_spent_budget_is_graded_as_it_stands(tmp_path: Path) -> None:
    row, asked = run(tmp_path, write_and_save, "--agent-arg", "budget_calls=2")
    assert (row["status"], row["ended"], len(asked)) == ("SCORED", "budget", 2)
    assert row["solved"] == 1


@pytest.mark.parametrize("fault", [Status(401), Garbage(b'{"choices": []}')])
def test_a_service_that_fails_is_no_score(tmp_path: Path, fault: Status | Garbage) -> None:
    row, _ = run(tmp_path, fault, "--agent-arg", "patience_s=0.1")
    assert row["status"] == "MODEL_ERROR"
