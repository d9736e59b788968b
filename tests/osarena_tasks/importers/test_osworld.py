"""Public task files: found in a checkout, read as they are, whole."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from osarena.cli.main import app
from osarena.errors import TaskError, UsageError
from osarena.runner.plan import AgentSpec, make_plan
from osarena.tasks import downloads
from osarena.tasks.load import absolute, find_suite, load_suite
from osarena.tasks.model import Task
from osarena.tasks.names import check_task

COMPAT = Path(__file__).parents[4] / "shared/compat"
needs_compat = pytest.mark.skipif(not COMPAT.is_dir(), reason="the public task files are not here")

BOOK = "https://files.example/book.xlsx"
RULE = {"type": "rule", "rules": {"expected": "yes\n"}}
RECORD: dict[str, Any] = {
    "id": "11111111-aaaa",
    "snapshot": "libreoffice_calc",
    "instruction": "Sum up {the} column.",
    "source": "",
    "config": [
        {"type": "download", "parameters": {"files": [{"url": BOOK, "path": "/home/user/book.xlsx"}]}},
        {"type": "open", "parameters": {"path": "/home/user/book.xlsx"}},
    ],
    "trajectory": "trajectories/",
    "related_apps": ["libreoffice calc"],
    "evaluator": {
        "func": "exact_match",
        "result": {"type": "vm_command_line", "command": "echo yes"},
        "expected": RULE,
        "postconfig": [{"type": "execute", "parameters": {"command": ["true"]}}],
    },
    "proxy": False,
}
MOVED = {"type": "vm_file", "path": "/home/user/a.pdf", "dest": "a.pdf"}
GOLD = {"type": "cloud_file", "path": "https://files.example/gold.pdf", "dest": "gold.pdf"}


def record(**evaluator: Any) -> dict[str, Any]:
    return RECORD | {"evaluator": {**RECORD["evaluator"], **evaluator}}


def write(folder: Path, content: Any, name: str = "libreoffice_calc/1.json") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content))
    return file


def task_of(folder: Path, content: Any, *, published: bool = False) -> Task:
    (task,) = load_suite(f"osworld{'+published' if published else ''}:{write(folder, content)}").tasks
    return task


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSARENA_DOWNLOADS", str(tmp_path / "cache"))


# --- what is public --------------------------------------------------------------------------------------------------


@needs_compat
@pytest.mark.parametrize(("spec", "count"), [("osworld:osworld", 143), ("osworld:osworld_windows", 20), ("waa:waa", 63)])
def test_every_public_file_means_something(spec: str, count: int) -> None:
    source, _, folder = spec.partition(":")
    result = CliRunner().invoke(app, ["task", "check", f"{source}:{COMPAT / folder}", "--json"])
    found = json.loads(result.stdout)
    assert found["problems"] == []
    assert found["tasks"] == count
    is_windows = folder != "osworld"
    assert all(("Windows" in one["needs"]) == is_windows for one in found["seen"])


# Which class a getter's type puts its check into, as reference/osworld-tasks.md has them in 2.2 and 2.3.
_COMMANDS = {"vm_command_line", "vm_command_error", "default_video_player", "cache_file", "vm_wallpaper", "rule_relativeTime"}
_LIVE = {
    "accessibility_tree", "active_tab_html_parse", "active_tab_info", "active_tab_url_parse", "active_url_from_accessTree",
    "chrome_appearance_mode_ui", "googledrive_file", "gotoRecreationPage_and_get_html_content", "info_from_website",
    "open_tabs_info", "page_info", "pdf_from_url", "url_dashPart", "url_path_parse", "vlc_playing_info", "vm_screen_size",
    "vm_terminal_output", "vm_window_size", "vscode_config",
}  # fmt: skip


def _class_of(evaluator: dict[str, Any]) -> str:
    if evaluator["func"] == "infeasible":
        return "the agent's word"
    getters = [one for side in ("result", "expected") for one in _listed(evaluator.get(side)) if one]
    types = {getter["type"] for getter in getters}
    return "a live application" if types & _LIVE else "command output" if types & _COMMANDS else "files"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@needs_compat
def test_totals_of_public_files_are_those_of_their_getters() -> None:
    files = sorted((COMPAT / "osworld").glob("*/*.json"))
    expected = Counter(_class_of(json.loads(file.read_bytes())["evaluator"]) for file in files)
    result = CliRunner().invoke(app, ["task", "check", f"osworld:{COMPAT / 'osworld'}", "--json"])
    found = json.loads(result.stdout)
    assert found["totals"]["rests_on"] == dict(expected)
    needs = {file.stem: set(one["needs"]) for file, one in zip(files, found["seen"], strict=True)}
    for file in files:
        content = json.loads(file.read_bytes())
        types = {step["type"] for step in content.get("config", [])}
        assert ("a Google account" in needs[file.stem]) == ("googledrive" in types or "login" in types)
        if content.get("proxy"):
            assert any(need.startswith("live site") for need in needs[file.stem])
    assert sum(one["runs"] != "not here" for one in found["seen"]) > 80


# --- where files lie -------------------------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "OSWorld"
    for name in ("os/1.json", "os/2.json", "chrome/A-3.json"):
        write(root / "evaluation_examples/examples", RECORD, name)
    write(root / "evaluation_examples/examples_windows", RECORD, "excel/9.json")
    write(root / "evaluation_examples", {"os": ["2"], "chrome": ["A-3"]}, "test_small.json")
    return root


@pytest.mark.parametrize(
    ("part", "ids"),
    [
        ("", ["chrome/a-3", "os/1", "os/2"]),
        ("evaluation_examples", ["chrome/a-3", "os/1", "os/2"]),
        ("evaluation_examples/examples", ["chrome/a-3", "os/1", "os/2"]),
        ("evaluation_examples/examples/os", ["os/1", "os/2"]),
        ("evaluation_examples/examples/os/2.json", ["os/2"]),
        ("evaluation_examples/examples_windows", ["excel/9"]),
        ("evaluation_examples/test_small.json", ["chrome/a-3", "os/2"]),
    ],
)
def test_any_part_of_a_checkout_is_a_suite(checkout: Path, part: str, ids: list[str]) -> None:
    suite = load_suite(f"osworld:{checkout / part}")
    assert suite.name == "osworld"
    assert [task.id for task in suite.tasks] == ids


def test_a_list_that_names_what_is_not_there_is_an_error(checkout: Path) -> None:
    file = write(checkout / "evaluation_examples", {"os": ["7"]}, "test_odd.json")
    with pytest.raises(TaskError, match=r"test_odd.json: \$.os: there is no file os/7.json"):
        find_suite(f"osworld:{file}")


def test_a_path_that_is_not_there_or_empty_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="osworld:PATH takes a checkout"):
        find_suite(f"osworld:{tmp_path / 'none'}")
    with pytest.raises(UsageError, match="holds no task file of osworld's"):
        find_suite(f"osworld:{tmp_path}")


def test_a_suite_is_named_the_same_from_every_folder(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout.parent)
    assert absolute("osworld:OSWorld") == f"osworld:{checkout}"
    assert absolute("osworld+published:OSWorld") == f"osworld+published:{checkout}"
    assert absolute("core") == "core"


# --- what becomes of a file ------------------------------------------------------------------------------------------


def test_a_file_becomes_a_task(tmp_path: Path) -> None:
    task = task_of(tmp_path, RECORD)
    assert (task.id, task.instruction, task.apps, task.needs) == (
        "libreoffice_calc/1",
        "Sum up {{the}} column.",
        ["libreoffice-calc"],
        [],
    )
    assert downloads.urls_of(task) == [BOOK]
    assert [call.step for call in task.finish] == ["shell.run"]
    assert task.check["metric"] == "osworld.exact_match"
    assert check_task(downloads.without_files(task), suite="osworld", seeds=(0,)) == []


@pytest.mark.parametrize(("conj", "kind"), [("and", "mean"), ("or", "any"), (None, "mean")])
def test_several_functions_are_joined(tmp_path: Path, conj: str | None, kind: str) -> None:
    joined = {"conj": conj} if conj else {}
    content = record(
        func=["compare_pdfs", "compare_pdfs"], result=[MOVED, MOVED], expected=[GOLD, GOLD], options=[None], **joined
    )
    (found,) = task_of(tmp_path, content).check.items()
    assert found[0] == kind
    assert [leaf["name"] for leaf in found[1]] == ["compare_pdfs 1", "compare_pdfs 2"]


def test_lists_may_have_gaps(tmp_path: Path) -> None:
    content = record(
        func=["is_utc_0", "compare_pdfs"],
        result=[{"type": "vm_command_line", "command": "timedatectl"}, MOVED],
        expected=[{}, GOLD],
    )
    leaves = task_of(tmp_path, content).check["mean"]
    assert "expected" not in leaves[0]
    assert leaves[1]["expected"] == "{file_2}"


def test_what_is_impossible_is_to_be_said_so(tmp_path: Path) -> None:
    task = task_of(tmp_path, RECORD | {"evaluator": {"func": "infeasible"}})
    assert list(task.check) == ["infeasible"]
    assert task.finish == []


def test_an_output_in_the_cache_is_looked_at_by_the_check(tmp_path: Path) -> None:
    step = {"type": "execute", "parameters": {"command": ["echo", "yes"], "stdout": "answer.txt"}}
    task = task_of(tmp_path, record(postconfig=[step], result={"type": "cache_file", "path": "answer.txt"}))
    assert task.finish == []
    assert task.check["actual"]["command"] == ["echo", "yes"]


def test_published_behaviour_is_asked_for_where_it_differs(tmp_path: Path) -> None:
    content = record(func="is_expected_tabs", result={"type": "open_tabs_info"}, expected={"type": "rule", "rules": {"urls": []}})
    assert "options" not in task_of(tmp_path, content).check
    assert task_of(tmp_path, content, published=True).check["options"] == {"published": True}
    assert load_suite(f"osworld+published:{tmp_path / 'libreoffice_calc/1.json'}").name == "osworld-published"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"func": "exact_mach"}, r"1.json: \$.evaluator.func: there is no metric 'osworld.exact_mach' .*exact_match"),
        ({"result": {"type": "vm_fiel"}}, r"\$.evaluator.result.type: there is no getter 'vm_fiel' \(near: vm_file"),
        ({"result": {"type": "vm_file"}}, r"\$.evaluator.result: vm_file needs path"),
        ({"result": None}, r"\$.evaluator.result: exact_match has nothing to look at"),
        ({"expected": {}}, r"\$.evaluator.expected: exact_match has nothing to compare with"),
        ({"options": {"shap": 1}, "func": "compare_table", "result": MOVED, "expected": GOLD}, "shap"),
        ({"func": []}, r"\$\.evaluator\.func"),
        ({"postconfig": [{"type": "opne", "parameters": {}}]}, r"\$.evaluator.postconfig\[0\].type: there is no step 'opne'"),
    ],
)
def test_what_is_not_known_is_one_error_that_names_file_and_place(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    result = CliRunner().invoke(app, ["task", "check", f"osworld:{write(tmp_path, record(**changes))}", "--json"])
    (problem,) = json.loads(result.stdout)["problems"]
    with pytest.raises(TaskError, match=words):
        raise TaskError(f"{Path(problem['file']).name}: {problem['problem'].rpartition(str(tmp_path))[2]}")


def test_not_json_is_an_error_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "os/1.json"
    file.parent.mkdir()
    file.write_text("{\n]")
    with pytest.raises(TaskError, match=r"1.json:2:1: not JSON"):
        load_suite(f"osworld:{file}")


# --- what is needed --------------------------------------------------------------------------------------------------


def needs(folder: Path, content: Any) -> list[str]:
    return task_of(folder, content).needs


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"config": [{"type": "login", "parameters": {"settings_file": "x", "platform": "googledrive"}}]}, ["a Google account"]),
        (
            {"config": [{"type": "chrome_open_tabs", "parameters": {"urls_to_open": ["https://www.shop.example/a"]}}]},
            ["live site: www.shop.example"],
        ),
        ({"config": [{"type": "chrome_open_tabs", "parameters": {"urls_to_open": ["chrome://settings"]}}]}, []),
        ({"proxy": True}, ["live site: any"]),
        ({"instruction": "Look it up on arxiv.org."}, ["live site: arxiv.org"]),
        ({"config": [{"type": "execute", "parameters": {"command": "echo x | sudo -S true"}}]}, ["root rights in the desktop"]),
        ({"config": [{"type": "execute", "parameters": {"command": "pip install x"}}]}, ["a store or package index"]),
        ({"config": [{"type": "launch", "parameters": {"command": ["code"]}}]}, ["Visual Studio Code"]),
        (
            {"config": [{"type": "execute", "parameters": {"command": "gsettings reset org.gnome.shell b"}}]},
            ["the GNOME desktop"],
        ),
        ({"config": [{"type": "execute", "parameters": {"command": "gsettings reset org.gnome.desktop.session b"}}]}, []),
    ],
)
def test_needs_are_found(tmp_path: Path, changes: dict[str, Any], expected: list[str]) -> None:
    assert needs(tmp_path, RECORD | changes) == expected


def test_a_run_leaves_out_what_cannot_be_run_and_says_so(tmp_path: Path) -> None:
    write(tmp_path, RECORD | {"config": []}, "os/1.json")
    write(tmp_path, RECORD | {"proxy": True}, "os/2.json")
    plan = make_plan(f"osworld:{tmp_path}", AgentSpec("noop"))
    assert [job.task_id for job in plan.jobs] == ["os/1"]
    assert dict(plan.left_out) == {"os/2": ["live site: any"]}
    with pytest.raises(UsageError, match="os/2 needs live site: any"):
        make_plan(f"osworld:{tmp_path}", AgentSpec("noop"), tasks=["os/2"])


def test_a_run_whose_files_are_missing_says_how_to_get_them(tmp_path: Path) -> None:
    write(tmp_path, RECORD, "os/1.json")
    with pytest.raises(TaskError, match="osarena task fetch"):
        make_plan(f"osworld:{tmp_path}", AgentSpec("noop"))
    downloads.keep(BOOK, b"PK")
    assert len(make_plan(f"osworld:{tmp_path}", AgentSpec("noop")).jobs) == 1
