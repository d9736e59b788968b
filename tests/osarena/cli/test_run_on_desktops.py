"""The runner on real desktops: what only those can show."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections import Counter
from pathlib import Path

import pytest

from osarena.guest.wait import wait_until
from osarena.providers.local.estate import state_folder
from osarena.providers.local.janitor import find_sandboxes
from osarena.recording.trajectory import read_trajectory
from tests.support.processes import Start, osarena, processes_below
from tests.support.runs import write_suite

pytestmark = pytest.mark.desktop


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """One task with nothing to set up but a file; it is left undone."""
    path = "~/Desktop/note.txt"
    record = {
        "schema": "osarena/task@1",
        "id": "files/leave-alone",
        "version": 1,
        "instruction": "Leave note.txt alone.",
        "apps": ["thunar"],
        "setup": [{"step": "files.put", "path": path, "content": "a note"}],
        "check": {
            "name": "note",
            "metric": "text.same",
            "actual": {"get": "file", "path": path, "as": "text"},
            "expected": "a note",
        },
    }
    return write_suite(tmp_path, record)


def command(suite: Path, run: Path, *more: str) -> tuple[str, ...]:
    pause = ("--agent-arg", "steps=3", "--agent-arg", "pause_s=0.3")
    return ("run", "--suite", str(suite), "--agent", "tests.support.odd_agents:Patient", *pause, "--out", str(run), *more)


def result_rows(run: Path) -> list[dict[str, object]]:
    rows = [json.loads(line) for line in (run / "rows.jsonl").read_text().splitlines()]
    return [row for row in rows if row["row"] == "result"]


def test_killed_halfway_leaves_no_desktop_and_goes_on_with_the_same_command(start: Start, suite: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    arguments = command(suite, run, "--seeds", "6", "--parallel", "2")
    runner = start(arguments)
    rows = run / "rows.jsonl"
    wait_until(lambda: rows.exists() and len(result_rows(run)) >= 2, timeout_s=120, what="two results", interval_s=0.02)
    desktops = list(find_sandboxes(f"{state_folder()}/{runner.process.pid}-"))
    assert desktops
    runner.process.kill()
    runner.finish()
    runner.wait_until_nothing_runs(timeout_s=30)
    folders = [Path(f"/proc/{process}") for process in desktops]
    wait_until(lambda: not any(folder.exists() for folder in folders), timeout_s=15, what="the end of the desktops")
    assert not list(state_folder().glob(f"{runner.process.pid}-*"))
    done = len(result_rows(run))
    assert 2 <= done < 6
    code, stdout, stderr = osarena(*arguments, "--json", timeout_s=240)
    assert code == 0, stderr
    assert (json.loads(stdout)["jobs"], json.loads(stdout)["solved"]) == (6, 6)
    assert sorted(Counter(row["job_id"] for row in result_rows(run)).values()) == [1] * 6


def test_what_the_agent_saw_is_on_disk(suite: Path, tmp_path: Path) -> None:
    code, stdout, stderr = osarena(*command(suite, tmp_path / "run", "--json"), timeout_s=240)
    assert code == 0, stderr
    (row,) = json.loads(stdout)["rows"]
    trajectory = read_trajectory(tmp_path / "run" / row["trajectory"])
    assert len(list(trajectory.decisions())) == 4
    frame = tmp_path / "run" / Path(row["trajectory"]).parent / trajectory.frames()[-1]
    assert frame.stat().st_size > 5_000
    lock = json.loads((tmp_path / "run/lock.json").read_text())
    assert any(name.startswith("app:") for name in lock["sessions"][0]["desktop"])


@pytest.mark.parametrize("victim", ["Xvnc", "-m osarena_guest"])
def test_a_desktop_that_is_killed_in_mid_episode_is_replaced(start: Start, suite: Path, tmp_path: Path, victim: str) -> None:
    run, mark, release = tmp_path / "run", tmp_path / "mark", tmp_path / "release"
    stuck = ("--agent", "tests.support.odd_agents:Stuck", "--agent-arg", f"mark={mark}", "--agent-arg", f"release={release}")
    runner = start(("run", "--suite", str(suite), *stuck, "--parallel", "1", "--out", str(run)))
    wait_until(mark.exists, timeout_s=120, what="the episode", interval_s=0.02)
    victims: list[int] = []
    for sandbox in find_sandboxes(f"{state_folder()}/{runner.process.pid}-"):
        victims += [process for process, line in processes_below(sandbox).items() if victim in line]
    assert victims
    for process in victims:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    release.touch()
    code, _, stderr = runner.finish(timeout_s=240)
    assert code == 0, stderr
    (row,) = result_rows(run)
    assert (row["status"], row["attempts"]) == ("SCORED", 2)
    assert "attempt 2 on a fresh desktop, because" in stderr
