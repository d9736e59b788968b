"""`osarena task …`: what it prints, its JSON and its exit codes."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from osarena.cli.task import app
from osarena.errors import UsageError
from osarena.tasks.model import Task
from tests.support.content import DEMO, demo_record, forget_what_was_found, write_task

pytestmark = pytest.mark.usefixtures("demo")

FAKE = ("--provider", "fake", "--screen", "640x480", "--seeds", "1", "--parallel", "1")


def osarena_task(*words: str) -> Result:
    return CliRunner().invoke(app, [*words])


def json_of(*words: str, code: int = 0) -> Any:
    result = osarena_task(*words, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


@pytest.fixture
def own_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the demo package in place of it, to write into."""
    shutil.copytree(DEMO, tmp_path / "own", ignore=shutil.ignore_patterns("__pycache__"))
    saved = {name: sys.modules.pop(name) for name in [*sys.modules] if name.startswith("demo_")}
    with monkeypatch.context() as patch:
        patch.syspath_prepend(str(tmp_path / "own"))
        patch.setattr(sys, "path", [entry for entry in sys.path if entry != str(DEMO)])
        patch.chdir(tmp_path)
        forget_what_was_found()
        yield tmp_path / "own/demo_tasks"
    for name in [name for name in sys.modules if name.startswith("demo_")]:
        del sys.modules[name]
    sys.modules.update(saved)
    forget_what_was_found()


def test_list_tells_of_every_suite() -> None:
    result = osarena_task("list")
    assert result.exit_code == 0
    assert "demo:notes/write-note" in result.stdout
    (suite,) = json_of("list", "demo")["suites"]
    assert suite["tasks"][0] | {"instruction": ""} == {
        "id": "notes/write-note",
        "version": 1,
        "instruction": "",
        "apps": ["fake-notes"],
        "tags": {"skills": [], "difficulty": "medium", "length": "medium", "reads_screen": False},
        "steps": 20,
        "counterexamples": 3,
        "proven": False,
    }


def test_show_fills_in_the_values_of_a_seed() -> None:
    record = json_of("show", "notes/write-note", "--seed", "3")
    assert record["instruction"] == f'Write "{record["values"]["note"]["text"]}" into the open note, name it ' + (
        f"{record['values']['file']} and save it. Leave old.txt as it is."
    )
    assert record["setup"][0]["content"] == f"<{len(record['values']['old']['text'])} bytes>"
    assert record["check"]["all"][0]["expected"] == record["values"]["note"]["text"]
    assert osarena_task("show", "demo:notes/write-note").exit_code == 0


def test_check_accepts_a_good_suite() -> None:
    found = json_of("check", "demo")
    assert (found["tasks"], found["well"], found["problems"]) == (1, True, [])
    (seen,) = found["seen"]
    assert (seen["id"], seen["errors"], seen["runs"]) == ("demo:notes/write-note", [], "offline")
    assert found["totals"] == {"runs": {"offline": 1}, "needs": {}, "rests_on": {}}
    assert osarena_task("check", "demo").stdout == "1 task, no problems\n"


def test_check_tells_every_problem_of_every_file(tmp_path: Path) -> None:
    write_task(tmp_path, "{", "mine/notes/a.json")
    write_task(tmp_path, demo_record(solution={"play": "x.y"}), "mine/notes/b.json")
    write_task(tmp_path, demo_record(), "mine/notes/c.json")
    found = json_of("check", str(tmp_path / "mine"), code=1)
    assert (found["tasks"], found["well"]) == (3, False)
    assert [(problem["task"], Path(problem["file"]).name) for problem in found["problems"]] == [
        (None, "a.json"),
        ("mine:notes/write-note", "b.json"),
        ("notes/write-note", "c.json"),
    ]
    assert found["problems"][0]["problem"].endswith("a.json:1:2: not JSON: Expecting property name enclosed in double quotes")
    assert "$.solution: there is no play 'x.y'" in osarena_task("check", str(tmp_path / "mine")).stdout


def test_check_of_a_suite_that_is_not_there_is_a_usage_error() -> None:
    assert isinstance(osarena_task("check", "nowhere").exception, UsageError)


def test_schema_is_that_of_a_task_file() -> None:
    result = osarena_task("schema")
    assert json.loads(result.stdout)["properties"] == json.loads(json.dumps(Task.model_json_schema(by_alias=True)["properties"]))


@pytest.mark.parametrize("command", ["list", "show", "check", "schema", "prove", "new", "fetch"])
def test_every_command_has_help_with_an_example(command: str) -> None:
    result = osarena_task(command, "--help")
    assert result.exit_code == 0
    assert f"osarena task {command}" in result.stdout


def test_prove_records_a_proof_and_then_passes_over_it(own_demo: Path) -> None:
    found = json_of("prove", "--suite", "demo", *FAKE)
    (task,) = found["tasks"]
    assert (found["proven"], task["task"], task["proven"], task["findings"]) == (True, "notes/write-note", True, [])
    scores = {trial["trial"]: trial["score"] for trial in task["trials"]}
    counterexamples = {f"counterexample {number}": 0 for number in (1, 2, 3)}
    assert scores == {"solution": 1, "nothing": 0, "infeasible": 0, "random": 0} | counterexamples
    record = json.loads((own_demo / "suites/demo/proofs.json").read_text())
    assert record["tasks"]["notes/write-note"]["grader_digest"] == task["grader_digest"]
    again = json_of("prove", "--suite", "demo", "--changed", *FAKE)
    assert (again["proven"], again["tasks"], again["up_to_date"]) == (True, [], ["notes/write-note"])
    assert json_of("list", "demo")["suites"][0]["tasks"][0]["proven"] is True


def test_prove_stops_when_its_time_is_up_and_says_what_is_left(own_demo: Path) -> None:
    folder = own_demo / "suites/demo/notes"
    record = json.loads((folder / "write-note.json").read_text())
    (folder / "second.json").write_text(json.dumps(record | {"id": "notes/second"}))
    found = json_of("prove", "--suite", "demo", *FAKE, "--within", "0")
    ((proven,), (left,)) = ([task["task"] for task in found["tasks"]], found["not_reached"])
    assert sorted([proven, left]) == ["notes/second", "notes/write-note"]
    assert (found["proven"], found["up_to_date"]) == (True, [])


def test_with_changed_a_task_without_a_proof_comes_before_one_whose_proof_no_longer_holds(own_demo: Path) -> None:
    file = own_demo / "suites/demo/notes/write-note.json"
    json_of("prove", "--suite", "demo", *FAKE)
    record = json.loads(file.read_text())
    (file.parent / "a-new-one.json").write_text(json.dumps(record | {"id": "notes/a-new-one"}))
    file.write_text(json.dumps(record | {"instruction": "Please. " + record["instruction"]}))
    found = json_of("prove", "--suite", "demo", *FAKE, "--changed", "--within", "0")
    assert [task["task"] for task in found["tasks"]] == ["notes/a-new-one"]
    assert (found["up_to_date"], found["not_reached"]) == ([], ["notes/write-note"])


def test_prove_of_what_cannot_be_proven_exits_with_1_and_takes_the_record_back(own_demo: Path) -> None:
    file = own_demo / "suites/demo/notes/write-note.json"
    (own_demo / "suites/demo/proofs.json").write_text(
        '{"schema": "osarena/proofs@1", "tasks": {"notes/write-note": {"seeds": []}}}'
    )
    file.write_text(file.read_text().replace('{"play": "demo_notes.write"}', '{"play": "demo_notes.hum"}'))
    result = osarena_task("prove", "--suite", "demo", *FAKE)
    assert result.exit_code == 1
    assert "notes/write-note: not proven" in result.stderr
    assert "$.solution: there is no play 'demo_notes.hum'" in result.stderr
    assert json.loads((own_demo / "suites/demo/proofs.json").read_text())["tasks"] == {}


def test_a_new_task_is_accepted_by_check(own_demo: Path) -> None:
    result = osarena_task("new", "mousepad/shopping-list", "--suite", "mine", "--package", "demo_tasks")
    assert result.exit_code == 0
    assert "osarena task check" in result.stdout
    forget_what_was_found()
    found = json_of("check", "mine")
    assert (found["tasks"], found["well"], found["problems"]) == (1, True, [])
    assert (own_demo / "makers/shopping_list.py").exists()


def test_a_new_task_does_not_write_over_anything(own_demo: Path) -> None:
    assert osarena_task("new", "mousepad/a", "--suite", "mine", "--package", "demo_tasks").exit_code == 0
    again = osarena_task("new", "mousepad/a", "--suite", "mine", "--package", "demo_tasks")
    assert isinstance(again.exception, UsageError)
    assert "is there already" in str(again.exception)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("Nonsense",), "a task's id is app/name"),
        (("a/b", "--package", "nowhere"), "there is no content package 'nowhere'"),
        (("a/b",), "say where the task goes with --package"),
    ],
)
def test_new_says_what_it_needs(words: tuple[str, ...], message: str) -> None:
    result = osarena_task("new", *words)
    assert isinstance(result.exception, UsageError)
    assert str(result.exception).startswith(message)


@pytest.mark.desktop
def test_a_new_task_is_proven_as_it_stands(own_demo: Path) -> None:
    assert osarena_task("new", "mousepad/shopping", "--suite", "mine", "--package", "demo_tasks").exit_code == 0
    forget_what_was_found()
    found = json_of("prove", "--suite", "mine", "--seeds", "1", "--parallel", "2")
    assert found["tasks"][0]["findings"] == []
    assert (own_demo / "suites/mine/proofs.json").exists()


PLAY = ("play", "demo:notes/write-note", "--provider", "fake", "--screen", "640x480")


def test_play_tells_each_action_and_the_verdict() -> None:
    result = osarena_task(*PLAY)
    assert result.exit_code == 0, result.output
    assert "\n   1  Click " in result.stdout
    assert "The play is over." in result.stdout
    assert "score 1 after" in result.stdout
    assert "  1  the note: " in result.stdout


def test_play_of_a_counterexample_succeeds_where_that_scores_0() -> None:
    result = osarena_task(*PLAY, "--counterexample", "2")
    assert result.exit_code == 0, result.output
    assert "score 0 after" in result.stdout
    assert "  0  old.txt untouched: " in result.stdout


def test_play_waits_for_whoever_wants_to_watch() -> None:
    result = CliRunner().invoke(app, [*PLAY, "--watch"], input="\n\n")
    assert result.exit_code == 0, result.output
    assert result.stdout.index("Enter begins.") < result.stdout.index("   1  ") < result.stdout.index("Enter ends it.")


def test_play_refuses_a_counterexample_that_there_is_not() -> None:
    with pytest.raises(UsageError, match="has 3 counterexamples, and none of number 9"):
        CliRunner().invoke(app, [*PLAY, "--counterexample", "9"], catch_exceptions=False)
