from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from osarena.errors import MachineError, StoreError, UsageError
from osarena.providers.fake import NO_MACHINE, FakeProvider
from osarena.recording.trajectory import read_trajectory
from osarena.runner.events import Finished, Started, Stop
from osarena.runner.model import Status
from osarena.runner.store import RowWriter, read_rows
from tests.support import evaluators
from tests.support.runs import Notes, odd, only_row, run_suite, task_record, write_suite

PATIENT = "tests.support.odd_agents:Patient"


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    return write_suite(tmp_path)


def test_oracle_solves_the_task_and_everything_is_on_disk(suite: Path, tmp_path: Path) -> None:
    rows = run_suite(suite, tmp_path / "run")
    result = only_row(rows)
    assert (result.status, result.ended, result.attempts) == (Status.SCORED, "finished", 1)
    assert rows.score(result.job_id) == 1.0
    assert set(result.timings_s) == {"machine", "setup", "agent", "desktop", "check", "total"}
    trajectory = read_trajectory(tmp_path / "run" / result.trajectory)
    assert trajectory.extra is not None
    assert trajectory.extra["osarena"]["score"] == 1.0
    assert [step.source for step in trajectory.steps] == ["user"] + ["agent"] * result.steps
    assert (tmp_path / "run/jobs" / result.job_id / "evidence/manifest.json").exists()
    lock = json.loads((tmp_path / "run/lock.json").read_text())
    assert lock["jobs"][0]["id"] == result.job_id
    assert lock["sessions"][0]["desktop"]["desktop"] == "in memory"


def test_every_seed_and_trial_gets_its_row_in_parallel(suite: Path, tmp_path: Path) -> None:
    rows = run_suite(suite, tmp_path / "run", seeds=(0, 1, 2), trials=2, parallel=3)
    assert sorted((row.seed, row.trial) for row in rows.results.values()) == [(s, t) for s in (0, 1, 2) for t in (0, 1)]
    assert all(rows.score(job) == 1.0 for job in rows.results)


def test_the_same_run_again_runs_nothing(suite: Path, tmp_path: Path) -> None:
    run_suite(suite, tmp_path / "run")
    before = (tmp_path / "run/rows.jsonl").read_bytes()
    notes = Notes()
    run_suite(suite, tmp_path / "run", watcher=notes)
    assert notes.remaining == []
    assert (tmp_path / "run/rows.jsonl").read_bytes() == before


def test_more_seeds_extend_the_run(suite: Path, tmp_path: Path) -> None:
    run_suite(suite, tmp_path / "run")
    notes = Notes()
    rows = run_suite(suite, tmp_path / "run", seeds=(0, 1), watcher=notes)
    assert [job.job.seed for job in notes.remaining] == [1]
    assert len(rows.results) == 2


def test_another_agent_in_the_same_folder_is_refused(suite: Path, tmp_path: Path) -> None:
    run_suite(suite, tmp_path / "run", agent=PATIENT)
    with pytest.raises(UsageError, match=r"holds another run: its agent is tests.support.odd_agents:Patient, not oracle.*--out"):
        run_suite(suite, tmp_path / "run", agent="oracle")


def test_a_changed_task_is_run_again_and_its_old_row_counts_no_more(tmp_path: Path) -> None:
    run_suite(write_suite(tmp_path), tmp_path / "run")
    suite = write_suite(tmp_path, task_record(instruction="Write {word} into note.txt, then save."))
    rows = run_suite(suite, tmp_path / "run")
    lock = json.loads((tmp_path / "run/lock.json").read_text())
    assert len(rows.results) == 2
    assert (len(lock["jobs"]), len(lock["outdated"])) == (1, 1)


def test_a_mended_check_does_not_run_the_episode_again(tmp_path: Path) -> None:
    run_suite(write_suite(tmp_path), tmp_path / "run")
    suite = write_suite(tmp_path, task_record(check=task_record()["check"] | {"options": {"ignore_case": True}}))
    notes = Notes()
    run_suite(suite, tmp_path / "run", watcher=notes)
    assert notes.remaining == []


# --- agents that go wrong ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        ("raises", "act raised RuntimeError: I have lost my keys"),
        ("quits", "act raised SystemExit: I quit"),
        ("returns_none", "act returned None, which is no Decision"),
        ("returns_words", "act returned 'click on the blue button', which is no Decision"),
        ("returns_odd_actions", "'click on the blue button', which is no action"),
        ("returns_odd_extra", "unusable decision"),
    ],
)
def test_an_agent_that_goes_wrong_is_an_agent_error_with_its_words(suite: Path, tmp_path: Path, deed: str, words: str) -> None:
    rows = run_suite(suite, tmp_path / "run", **odd(deed))
    result = only_row(rows)
    assert (result.status, result.ended, result.attempts) == (Status.AGENT_ERROR, "error", 1)
    assert re.search(words, result.reason), result.reason
    assert rows.score(result.job_id) == 0.0
    # What it did before is kept.
    trajectory = read_trajectory(tmp_path / "run" / result.trajectory)
    assert trajectory.steps[1].reasoning_content == "step 2"


@pytest.mark.parametrize(
    ("deed", "words"),
    [("leaves", "(?s)ended with exit code 3; its last words: .*good bye"), ("crashes", "(?s)killed by SIGSEGV; .*string_at")],
)
def test_an_agent_that_takes_its_process_along_is_an_agent_error(suite: Path, tmp_path: Path, deed: str, words: str) -> None:
    result = only_row(run_suite(suite, tmp_path / "run", **odd(deed)))
    assert (result.status, result.attempts, result.steps) == (Status.AGENT_ERROR, 1, 1)
    assert re.search(words, result.reason), result.reason


def test_an_agent_that_hangs_is_stopped_with_its_words(suite: Path, tmp_path: Path) -> None:
    result = only_row(run_suite(suite, tmp_path / "run", act_s=1.0, **odd("hangs")))
    assert result.status is Status.AGENT_ERROR
    assert re.search("(?s)did not answer in time .step 2.; .*I am thinking about it$", result.reason), result.reason
    log = (tmp_path / "run/jobs" / result.job_id / "log.txt").read_text()
    assert "in hangs" in log  # where it stood


def test_an_agent_may_overrun_the_time_limit_by_the_grace_alone(tmp_path: Path) -> None:
    suite = write_suite(tmp_path, task_record(limits={"steps": 8, "time_s": 0.5}))
    result = only_row(run_suite(suite, tmp_path / "run", grace_s=0.5, **odd("hangs", moves=0)))
    assert result.status is Status.AGENT_ERROR
    assert 1.0 <= result.timings_s["total"] < 60


def test_at_the_time_limit_the_desktop_is_graded_as_it_stands(tmp_path: Path) -> None:
    suite = write_suite(tmp_path, task_record(limits={"steps": 1000, "time_s": 0.3}))
    arguments = {"steps": 1000, "pause_s": 0.1}
    result = only_row(run_suite(suite, tmp_path / "run", agent=PATIENT, arguments=arguments))
    assert (result.status, result.ended) == (Status.SCORED, "time")


def test_at_the_step_limit_the_desktop_is_graded_as_it_stands(suite: Path, tmp_path: Path) -> None:
    rows = run_suite(suite, tmp_path / "run", agent=PATIENT, arguments={"steps": 1000})
    result = only_row(rows)
    assert (result.status, result.ended, result.steps) == (Status.SCORED, "steps", 8)
    assert rows.score(result.job_id) == 0.0
    assert result.usage == {"prompt_tokens": 80, "completion_tokens": 16, "cached_tokens": 0, "cost_usd": 4.0, "calls": 8}


@pytest.mark.parametrize(
    ("deed", "status"),
    [
        ("pays_for_nothing", Status.AGENT_ERROR),
        ("pays_until_the_model_is_gone", Status.MODEL_ERROR),
        ("spends_its_last", Status.SCORED),
    ],
)
def test_what_a_step_has_cost_that_fails_is_counted(suite: Path, tmp_path: Path, deed: str, status: Status) -> None:
    result = only_row(run_suite(suite, tmp_path / "run", **odd(deed, moves=1)))
    assert (result.status, result.steps) == (status, 1)
    assert result.usage == {"prompt_tokens": 30, "completion_tokens": 6, "cached_tokens": 0, "cost_usd": 2.0, "calls": 3}
    trajectory = json.loads((tmp_path / "run/jobs" / result.job_id / "trajectory.json").read_text())
    assert trajectory["final_metrics"]["total_cost_usd"] == 2.0


def test_a_cost_that_is_none_is_the_fault_of_the_agent(suite: Path, tmp_path: Path) -> None:
    result = only_row(run_suite(suite, tmp_path / "run", **odd("counts_in_words")))
    assert result.status is Status.AGENT_ERROR
    assert "whose usage is no Usage: 'a lot'" in result.reason


def test_the_budget_of_a_run_pays_for_episodes_that_are_run_again(suite: Path, tmp_path: Path) -> None:
    for spent in (2.0, 4.0):
        rows = run_suite(suite, tmp_path / "run", budget_usd=3.0, **odd("pays_until_the_model_is_gone"))
        assert rows.cost_usd == spent
    notes = Notes()
    run_suite(suite, tmp_path / "run", budget_usd=3.0, watcher=notes, **odd("pays_until_the_model_is_gone"))
    assert (len(notes.remaining), notes.events) == (1, [])


def test_an_action_that_cannot_be_carried_out_is_no_error(suite: Path, tmp_path: Path) -> None:
    result = only_row(run_suite(suite, tmp_path / "run", **odd("clicks_far_away")))
    assert result.status is Status.SCORED


def test_a_missing_model_is_no_score_and_is_run_again(suite: Path, tmp_path: Path) -> None:
    rows = run_suite(suite, tmp_path / "run", **odd("has_no_model"))
    result = only_row(rows)
    assert (result.status, result.reason) == (Status.MODEL_ERROR, "the model is out to lunch")
    assert rows.score(result.job_id) is None
    notes = Notes()
    run_suite(suite, tmp_path / "run", watcher=notes, **odd("has_no_model"))
    assert len(notes.remaining) == 1


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("tests.support.odd_agents:Unmakeable", "cannot be made: FileNotFoundError: weights.bin"),
        ("tests.support.odd_agents:NoAgent", "has no method 'act'"),
        ("tests.support.odd_agents:Nobody", "cannot load 'tests.support.odd_agents:Nobody'"),
        ("noop", "cannot be made: TypeError"),
    ],
)
def test_an_agent_that_cannot_be_made_stops_the_run(suite: Path, tmp_path: Path, agent: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        run_suite(suite, tmp_path / "run", agent=agent, arguments={"strange": 1} if agent == "noop" else {})
    assert read_rows(tmp_path / "run").results == {}


# --- desktops and checks that go wrong -----------------------------------------------------------------------------


def test_a_desktop_that_dies_once_is_retried_on_a_fresh_one(suite: Path, tmp_path: Path) -> None:
    notes = Notes()
    rows = run_suite(suite, tmp_path / "run", provider=FakeProvider(faults=["dies_after=9"]), watcher=notes)
    result = only_row(rows)
    assert (result.status, result.attempts, rows.score(result.job_id)) == (Status.SCORED, 2, 1.0)
    assert [event.attempt for event in notes.events if isinstance(event, Started)] == [1, 2]


def test_a_desktop_that_always_dies_is_a_desktop_error_and_never_a_zero(suite: Path, tmp_path: Path) -> None:
    rows = run_suite(suite, tmp_path / "run", provider=FakeProvider(faults=["dies_after=9"] * 9))
    result = only_row(rows)
    assert (result.status, result.attempts, rows.score(result.job_id)) == (Status.DESKTOP_ERROR, 3, None)
    assert "died" in result.reason
    assert not rows.is_counted(result.job_id)


def test_a_setup_that_fails_is_retried(suite: Path, tmp_path: Path) -> None:
    provider = FakeProvider(faults=["refuses=/v1/files"])
    result = only_row(run_suite(suite, tmp_path / "run", provider=provider))
    assert (result.status, result.attempts) == (Status.SCORED, 2)


def test_a_machine_that_is_not_there_once_is_asked_for_again(suite: Path, tmp_path: Path) -> None:
    result = only_row(run_suite(suite, tmp_path / "run", provider=FakeProvider(faults=[NO_MACHINE])))
    assert (result.status, result.attempts) == (Status.SCORED, 2)


def test_without_any_machine_nothing_is_run(suite: Path, tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="told to make no machine"):
        run_suite(suite, tmp_path / "run", provider=FakeProvider(faults=[NO_MACHINE] * 9))
    assert read_rows(tmp_path / "run").results == {}


def test_a_machine_that_cannot_be_restored_is_replaced(suite: Path, tmp_path: Path) -> None:
    rows = run_suite(suite, tmp_path / "run", seeds=(0, 1), provider=FakeProvider(faults=["", NO_MACHINE]))
    assert sorted(row.attempts for row in rows.results.values()) == [1, 2]
    assert all(rows.score(job) == 1.0 for job in rows.results)


def test_a_metric_that_raises_is_a_checker_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "from osarena.grading.model import metric\n\n@metric\ndef broken(actual, expected):\n    return 1 / 0\n"
    with evaluators.installed(tmp_path / "more", monkeypatch, {"metrics/odd_runs.py": source}):
        suite = write_suite(tmp_path, task_record(check=task_record()["check"] | {"metric": "odd_runs.broken"}))
        rows = run_suite(suite, tmp_path / "run")
    result = only_row(rows)
    assert result.status is Status.CHECKER_ERROR
    assert "ZeroDivisionError" in result.reason
    assert rows.score(result.job_id) is None


def test_a_task_without_a_solution_cannot_be_played(tmp_path: Path) -> None:
    record = task_record()
    del record["solution"]
    result = only_row(run_suite(write_suite(tmp_path, record), tmp_path / "run"))
    assert (result.status, result.attempts) == (Status.CHECKER_ERROR, 1)
    assert "has no solution to play" in result.reason


# --- the run folder ------------------------------------------------------------------------------------------------


def test_a_second_runner_is_turned_away(suite: Path, tmp_path: Path) -> None:
    with RowWriter(tmp_path / "run"), pytest.raises(StoreError, match=r"another runner \(process \d+ on .*--out"):
        run_suite(suite, tmp_path / "run")


def test_a_drained_run_finishes_what_runs_and_goes_on_later(suite: Path, tmp_path: Path) -> None:
    stop = Stop()

    class Draining(Notes):
        def see(self, event: object) -> None:
            if isinstance(event, Started):
                stop.drain()

    rows = run_suite(suite, tmp_path / "run", seeds=(0, 1, 2), watcher=Draining(), stop=stop)
    assert len(rows.results) == 1
    notes = Notes()
    rows = run_suite(suite, tmp_path / "run", seeds=(0, 1, 2), watcher=notes)
    assert (len(notes.remaining), len(rows.results)) == (2, 3)


def test_an_aborted_run_leaves_no_row_of_what_ran(suite: Path, tmp_path: Path) -> None:
    stop = Stop()

    class Aborting(Notes):
        def see(self, event: object) -> None:
            assert not isinstance(event, Finished)
            stop.abort()

    arguments = {"pause_s": 60}
    rows = run_suite(suite, tmp_path / "run", agent=PATIENT, arguments=arguments, watcher=Aborting(), stop=stop)
    assert rows.results == {}
