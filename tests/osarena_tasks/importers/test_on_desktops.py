"""Tasks in OSWorld's own form from end to end: imported, set up on real desktops, solved by hand or left alone, graded."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from osarena.tasks.importing import find
from osarena.tasks.model import Task
from tests.osarena_tasks.importers.osworld_files import FOLDER, addresses, keep_all, made_addresses
from tests.support.processes import osarena

_SUITE = f"osworld:{FOLDER}"
_DOMAINS = {
    "chrome": 4,
    "gimp": 1,
    "libreoffice_calc": 3,
    "libreoffice_impress": 2,
    "libreoffice_writer": 3,
    "multi_apps": 2,
    "os": 3,
    "thunderbird": 1,
    "vlc": 1,
}
_TABS = "chrome/da2e9763-df9b-5328-b69d-77d28bfbf4f3"
_BOOKMARK = "chrome/69e67f21-933b-5cd4-bfc5-38a2408393df"
_DECIMALS = "libreoffice_calc/802a2292-225f-564c-9ef3-d003f9bed319"
_SPACING = "libreoffice_writer/16454f7f-b224-5995-9e82-7196135547bf"
_PRICE = "multi_apps/0f535684-60ef-5971-bad1-f05c1f3f529a"
_SUM = "libreoffice_calc/01e5a467-62c9-5a37-beaf-1fc7fb4efbb8"
_PACK = "multi_apps/cc08db31-31f9-507e-920b-a3a3591f5ee8"
_FARES = "multi_apps/a9d6bbb1-b129-5c4f-9579-df7c93f24daf"

Row = dict[str, Any]


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_all(tmp_path / "downloads", monkeypatch)


def run(suite: str, folder: Path, agent: str, *more: str, timeout_s: float) -> dict[str, Row]:
    """A run to its end: its rows by tasks, each with a score."""
    command = ("run", "--suite", suite, "--agent", agent, "--out", str(folder), "--json", *more)
    code, stdout, stderr = osarena(*command, timeout_s=timeout_s)
    assert stdout, stderr
    rows = {row["task"].partition(":")[2]: row for row in json.loads(stdout)["rows"]}
    unscored = {task: (row["status"], row["reason"]) for task, row in rows.items() if row["status"] != "SCORED"}
    assert (unscored, code) == ({}, 0), stderr
    return rows


def task_of(name: str) -> Task:
    """One of the tasks as osarena has it."""
    suite = find(f"{_SUITE}/examples/{name}.json")
    assert suite is not None
    return suite.read(suite.files[0]).task


def test_there_is_a_task_for_everything() -> None:
    suite = find(_SUITE)
    assert suite is not None
    counts = Counter(file.parent.name for file in suite.files)
    assert {domain: min(counts[domain], least) for domain, least in _DOMAINS.items()} == _DOMAINS
    listed = find(f"{_SUITE}/test_all.json")
    assert listed is not None
    assert sorted(listed.files) == sorted(suite.files)
    text = "\n".join(file.read_text() for file in suite.files)
    for kind in (
        *("download", "launch", "open", "execute", "activate_window", "sleep", "chrome_open_tabs", "update_browse_history"),
        *("close_window", "vm_command_line", "cache_file", "accessibility_tree", "rule_relativeTime"),
    ):
        assert f'"type": "{kind}"' in text, kind


def test_all_can_run_here() -> None:
    code, stdout, stderr = osarena("task", "check", _SUITE, "--json")
    seen = json.loads(stdout)["seen"]
    wrong = {one["id"]: one for one in seen if one["errors"] or one["needs"] or one["files_missing"]}
    assert (wrong, code, len(seen) >= 20) == ({}, 0, True), stderr


def test_what_they_download_is_what_is_made() -> None:
    assert addresses() == made_addresses()


# --- what these tasks have brought to light ---------------------------------------------------------------------------


def test_opened_pages_take_the_place_of_the_empty_tab() -> None:
    setup = task_of(_TABS).setup
    close = next(call for call in setup if call.step == "browser.close_tabs")
    assert close.parameters == {"urls": ["chrome://newtab", "about:blank"]}
    assert setup[setup.index(close) - 1].step == "browser.open"


def test_a_workbook_whose_print_is_compared_comes_with_it() -> None:
    check = task_of(_DECIMALS).check
    assert check["actual"]["paths"] == ["/home/user/price_list.xlsx", "/home/user/price_list-Sheet1.csv"]
    assert len(check["expected"]) == 2


def test_a_test_suite_is_given_all_files_of_a_program_by_their_names() -> None:
    check = task_of(_FARES).check
    assert check["actual"]["paths"] == ["/home/user/Desktop/ferry/fares.py", "/home/user/Desktop/ferry/crossings.py"]
    assert check["options"] == {"test_function_name": "test", "file_names": ["fares.py", "crossings.py"]}


def test_ending_a_browser_waits_for_its_end_and_not_for_a_window() -> None:
    kill, start = (call for call in task_of(_BOOKMARK).finish if call.step != "screen.rest")
    assert (kill.step, kill.parameters) == ("osworld.kill", {"command": ["pkill", "chromium"]})
    assert (start.step, start.parameters) == ("apps.start", {"command": ["chromium"], "app": "chromium", "must_appear": False})


def test_what_is_saved_for_the_agent_keeps_its_format() -> None:
    steps = [call.step for call in task_of(_SPACING).finish]
    assert steps[steps.index("inputs.pyautogui") + 1] == "osworld.keep_format"


def test_an_expected_file_is_no_site_that_the_desktop_needs() -> None:
    assert task_of(_PRICE).needs == []


# --- on desktops ------------------------------------------------------------------------------------------------------


@pytest.mark.desktop
def test_one_is_solved(tmp_path: Path) -> None:
    rows = run(_SUITE, tmp_path / "run", "oracle", "--task", _SUM, timeout_s=200)
    assert rows[_SUM]["score"] == 1.0, rows[_SUM]["reason"]


@pytest.mark.desktop
@pytest.mark.slow
@pytest.mark.timeout(5400)
@pytest.mark.parametrize(("agent", "score"), [("oracle", 1.0), ("noop", 0.0)])
def test_all_are_solved_by_hand_and_by_nothing_less(tmp_path: Path, agent: str, score: float) -> None:
    rows = run(_SUITE, tmp_path / "run", agent, "--parallel", "2", timeout_s=5300)
    other = {task: (row["score"], row["reason"]) for task, row in rows.items() if row["score"] != score}
    assert (other, len(rows) >= 20) == ({}, True)


@pytest.mark.desktop
@pytest.mark.slow
def test_what_is_half_done_scores_a_part(tmp_path: Path) -> None:
    """Both files are packed, one of them with the old line in it."""
    file = FOLDER / "examples" / f"{_PACK}.json"
    record = json.loads(file.read_text())
    solution = record["osarena"]["solution"]
    solution["play"] = [step for step in solution["play"] if step.get("text") != "11:40" and step.get("key") != "backspace"]
    half = tmp_path / "half" / "multi_apps" / file.name
    half.parent.mkdir(parents=True)
    half.write_text(json.dumps(record))
    (row,) = run(f"osworld:{half}", tmp_path / "run", "oracle", timeout_s=280).values()
    assert (row["score"], row["reason"]) == (0.5, "compare_archive: not wholly right: ['tides.txt']")
