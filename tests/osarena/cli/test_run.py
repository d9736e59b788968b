from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from osarena.cli.main import main
from osarena.guest.wait import wait_until
from osarena.runner.plan import AgentSpec, Shard, make_plan
from osarena.runner.store import RowWriter
from tests.support.processes import Start, osarena
from tests.support.runs import task_record, write_suite

AGENTS = "tests.support.odd_agents"
FAKE = ("--provider", "fake", "--screen", "320x240")


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    return write_suite(tmp_path, task_record("write"), task_record("write-more"))


def patient(suite: Path, run: Path) -> tuple[str, ...]:
    """A run of 8 episodes of half a second each, two at a time."""
    arguments = ("--agent", f"{AGENTS}:Patient", "--agent-arg", "steps=3", "--agent-arg", "pause_s=0.12")
    return ("run", "--suite", str(suite), *FAKE, "--seeds", "4", "--parallel", "2", *arguments, "--out", str(run))


def stuck(suite: Path, run: Path, folder: Path) -> tuple[str, ...]:
    """A run of 8 episodes that wait until a file `release` is there, two at a time; each writes a line into `mark`."""
    arguments = (
        "--agent",
        f"{AGENTS}:Stuck",
        "--agent-arg",
        f"mark={folder / 'mark'}",
        "--agent-arg",
        f"release={folder / 'release'}",
    )
    return ("run", "--suite", str(suite), *FAKE, "--seeds", "4", "--parallel", "2", *arguments, "--out", str(run))


def lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def result_rows(run: Path) -> list[dict[str, object]]:
    rows = [json.loads(line) for line in (run / "rows.jsonl").read_text().splitlines()]
    return [row for row in rows if row["row"] == "result"]


def test_json_is_one_object_on_standard_output(suite: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    code, stdout, stderr = osarena(
        "run", "--suite", str(suite), "--agent", "oracle", *FAKE, "--seeds", "2", "--out", str(run), "--json"
    )
    assert code == 0, stderr
    record = json.loads(stdout)
    assert (record["jobs"], record["solved"], record["mean"], record["counted"]) == (4, 4, 1.0, 4)
    assert record["status"] == {"SCORED": 4, "AGENT_ERROR": 0, "MODEL_ERROR": 0, "DESKTOP_ERROR": 0, "CHECKER_ERROR": 0}
    assert [(task["task"], task["jobs"], task["solved"]) for task in record["tasks"]] == [
        ("notes/write", 2, 2),
        ("notes/write-more", 2, 2),
    ]
    assert [(row["task"], row["seed"], row["score"]) for row in record["rows"]] == [
        ("fruit:notes/write", 0, 1.0),
        ("fruit:notes/write", 1, 1.0),
        ("fruit:notes/write-more", 0, 1.0),
        ("fruit:notes/write-more", 1, 1.0),
    ]
    assert "[4/4]" in stderr
    assert (run / "report.html").exists()
    # `report` says the same.
    code, stdout, _ = osarena("report", str(run), "--json")
    assert (code, json.loads(stdout)) == (0, record)


def test_task_and_shard_choose_jobs(suite: Path, tmp_path: Path) -> None:
    choice = ("--seeds", "8", "--task", "notes/write", "--shard", "1/2")
    plan = make_plan(str(suite), AgentSpec("noop"), tasks=["notes/write"], seeds=range(8), shard=Shard(1, 2))
    _, stdout, _ = osarena(
        "run", "--suite", str(suite), "--agent", "noop", *FAKE, *choice, "--json", "--out", str(tmp_path / "run")
    )
    chosen = [(row["task"], row["seed"]) for row in json.loads(stdout)["rows"]]
    assert 0 < len(chosen) < 8
    assert chosen == sorted((planned.job.task, planned.job.seed) for planned in plan.jobs)


def test_without_out_the_folder_is_named_by_suite_and_agent(suite: Path, tmp_path: Path) -> None:
    code, _, stderr = osarena("run", "--suite", str(suite), "--agent", "noop", *FAKE, cwd=tmp_path)
    assert code == 0
    assert "results go to runs/fruit-noop; the same command goes on where it was" in stderr
    assert (tmp_path / "runs/fruit-noop/rows.jsonl").exists()


def test_an_agent_of_the_current_folder_is_found(suite: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("from osarena_agents.noop import Noop\n\nclass Mine(Noop):\n    pass\n")
    code, _, stderr = osarena("run", "--suite", str(suite), "--agent", "mine:Mine", *FAKE, cwd=tmp_path)
    assert code == 0, stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--agent", "orakel"], "there is no agent 'orakel'; there are oracle"),
        (["--agent", "replay:nowhere"], "there is nothing to replay at 'nowhere'"),
        (["--agent", "noop", "--agent-arg", "steps"], "--agent-arg takes key=value, not 'steps'"),
        (["--agent", "noop", "--seeds", "x"], "--seeds takes a count (3), seeds (4,7) or a range (10-19), not 'x'"),
        (["--agent", "noop", "--shard", "3/2"], "--shard takes k/n"),
        (["--agent", "noop", "--task", "notes/wriet"], "has no task 'notes/wriet'; did you mean notes/write"),
        (["--agent", "noop", "--provider", "cloud"], "there is no provider 'cloud'"),
        (["--agent", "noop", "--suite", "no-such-suite"], "there is no suite or path 'no-such-suite'"),
    ],
)
def test_a_wrong_command_is_one_clear_line(
    suite: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", "--suite", str(suite), *FAKE, "--out", str(tmp_path / "run"), *arguments])
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[-1].startswith("osarena: ")
    assert words in said.err
    assert not (tmp_path / "run/rows.jsonl").exists()


def test_a_malformed_task_starts_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite = write_suite(tmp_path, task_record(), task_record("broken", limits={"steps": "many"}))
    with pytest.raises(SystemExit) as ended:
        main(["run", "--suite", str(suite), *FAKE, "--out", str(tmp_path / "run")])
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "broken.json" in line
    assert "limits.steps" in line
    assert not (tmp_path / "run").exists()


def test_a_task_that_names_what_is_not_there_starts_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = task_record("wrong", setup=[{"step": "files.putt", "path": "~/a"}])
    suite = write_suite(tmp_path, task_record(), wrong)
    with pytest.raises(SystemExit) as ended:
        main(["run", "--suite", str(suite), *FAKE, "--out", str(tmp_path / "run")])
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "notes/wrong: $.setup[0]" in line
    assert "files.putt" in line
    assert not (tmp_path / "run").exists()


def test_killed_halfway_then_the_same_command_gives_one_counted_row_per_job(
    start: Start, suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    temporary = Path(tempfile.mkdtemp(dir="/tmp"))  # a short path: it is to hold a socket
    monkeypatch.setenv("TMPDIR", str(temporary))
    command = start(patient(suite, run))
    wait_until(lambda: lines(run / "rows.jsonl") >= 4, timeout_s=30, what="two results", interval_s=0.01)
    command.process.kill()
    command.finish()
    command.wait_until_nothing_runs()
    assert list(temporary.iterdir()) == []
    done = len(result_rows(run))
    assert 2 <= done < 8
    code, _, stderr = osarena(*patient(suite, run))
    assert code == 0, stderr
    assert f"{done} of them done already" in stderr
    assert sorted(Counter(row["job_id"] for row in result_rows(run)).values()) == [1] * 8
    temporary.rmdir()  # nothing is left in it


def test_ctrl_c_finishes_what_runs(start: Start, suite: Path, tmp_path: Path) -> None:
    command = start(stuck(suite, tmp_path / "run", tmp_path))
    wait_until(lambda: lines(tmp_path / "mark") == 2, timeout_s=30, what="two episodes", interval_s=0.02)
    command.process.send_signal(signal.SIGINT)
    (tmp_path / "release").touch()
    code, _, stderr = command.finish()
    assert code == 130
    assert "finishing the running episodes" in stderr
    assert (
        "6 of 8 planned episodes have no score (6 not run)" in " ".join(stderr.split()) or len(result_rows(tmp_path / "run")) == 2
    )
    command.wait_until_nothing_runs()


def test_a_second_ctrl_c_stops_at_once(start: Start, suite: Path, tmp_path: Path) -> None:
    command = start(stuck(suite, tmp_path / "run", tmp_path))
    wait_until(lambda: lines(tmp_path / "mark") == 2, timeout_s=30, what="two episodes", interval_s=0.02)
    command.process.send_signal(signal.SIGINT)
    wait_until(lambda: "once more" in command.stderr, timeout_s=10, what="the first Ctrl-C to be heard", interval_s=0.02)
    command.process.send_signal(signal.SIGINT)
    code, _, _ = command.finish(timeout_s=20)
    assert code == 130
    assert lines(tmp_path / "run/rows.jsonl") == 0
    command.wait_until_nothing_runs()


def test_sigterm_drains(start: Start, suite: Path, tmp_path: Path) -> None:
    command = start(stuck(suite, tmp_path / "run", tmp_path))
    wait_until(lambda: lines(tmp_path / "mark") == 2, timeout_s=30, what="two episodes", interval_s=0.02)
    command.process.terminate()
    (tmp_path / "release").touch()
    code, _, _ = command.finish()
    assert (code, len(result_rows(tmp_path / "run"))) == (143, 2)
    command.wait_until_nothing_runs()


def test_a_worker_that_somebody_kills_is_nobodys_fault(start: Start, suite: Path, tmp_path: Path) -> None:
    command = start(stuck(suite, tmp_path / "run", tmp_path))
    wait_until(lambda: lines(tmp_path / "mark") == 2, timeout_s=30, what="two episodes", interval_s=0.02)
    os.kill(int((tmp_path / "mark").read_text().splitlines()[0]), signal.SIGKILL)
    (tmp_path / "release").touch()
    code, _, stderr = command.finish()
    assert code == 0, stderr
    assert sorted(str(row["attempts"]) for row in result_rows(tmp_path / "run")) == ["1"] * 7 + ["2"]


def test_workers_whose_server_somebody_kills_are_nobodys_fault(start: Start, suite: Path, tmp_path: Path) -> None:
    """With the server that they are forked from, all workers end, and nobody has seen how."""
    command = start(stuck(suite, tmp_path / "run", tmp_path))
    wait_until(lambda: lines(tmp_path / "mark") == 2, timeout_s=30, what="two episodes", interval_s=0.02)
    worker = int((tmp_path / "mark").read_text().splitlines()[0])
    os.kill(int(Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[1]), signal.SIGKILL)
    (tmp_path / "release").touch()
    code, _, stderr = command.finish()
    assert code == 0, stderr
    rows = result_rows(tmp_path / "run")
    assert {row["status"] for row in rows} == {"SCORED"}
    assert sorted(str(row["attempts"]) for row in rows) == ["1"] * 6 + ["2"] * 2
    command.wait_until_nothing_runs()


def test_a_second_runner_is_told_who_is_there(suite: Path, tmp_path: Path) -> None:
    with RowWriter(tmp_path / "run"):
        code, _, stderr = osarena(*patient(suite, tmp_path / "run"))
    assert code == 2
    assert f"another runner (process {os.getpid()} on " in stderr


# --- disks ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip("only root can mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def test_a_read_only_folder_is_a_clear_error_and_can_be_reported_on(suite: Path, small_disk: Path) -> None:
    run = small_disk / "run"
    assert osarena("run", "--suite", str(suite), "--agent", "noop", *FAKE, "--out", str(run))[0] == 0
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    code, _, stderr = osarena("run", "--suite", str(suite), "--agent", "noop", *FAKE, "--seeds", "2", "--out", str(run))
    assert code == 2
    assert "Read-only file system; give another folder with --out" in stderr
    code, stdout, _ = osarena("report", str(run), "--json")
    assert (code, json.loads(stdout)["jobs"]) == (0, 2)


def test_a_disk_that_fills_up_stops_the_run_and_loses_no_row(start: Start, suite: Path, small_disk: Path) -> None:
    run = small_disk / "run"
    command = start(patient(suite, run))
    wait_until(lambda: lines(run / "rows.jsonl") >= 2, timeout_s=30, what="a result", interval_s=0.01)
    fill(small_disk / "ballast")
    code, _, stderr = command.finish()
    assert code == 2
    assert "No space left on device" in stderr
    assert "Traceback" not in stderr
    command.wait_until_nothing_runs()
    (small_disk / "ballast").unlink()
    code, _, stderr = osarena(*patient(suite, run))
    assert code == 0, stderr
    assert sorted(Counter(row["job_id"] for row in result_rows(run)).values()) == [1] * 8


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return
