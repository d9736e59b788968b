"""Runs of real agents against a server that is not well: every fault has its outcome, its row, and its second chance."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from osarena.types.geometry import Point, Size
from tests.support.agent_runs import SCREEN, TEXT
from tests.support.faulty_runs import FAULTS, FaultyServer, Runs, Trained, counted, fault_suite, replies, told_steps
from tests.support.model_server import Answer, Asked, Dropped, Garbage, ModelServer, Say, Status, Truncated

NAVI = Trained("osarena_agents.navi:Navi", "SERVER/v1#any", "waa", SCREEN, TEXT, told_steps)
COMPUTER = Trained("osarena_agents.computer:Computer", "anthropic/claude-opus-4-6", "anthropic-20251124", SCREEN, TEXT, replies)
BOTH = [pytest.param(NAVI, id="navi"), pytest.param(COMPUTER, id="computer", marks=pytest.mark.slow)]
# What becomes of a job in which a fault lasts, and what its row says of it.
LASTING = {
    "nothing": ("SCORED", ""),
    "garbage": ("MODEL_ERROR", "its answer cannot be read"),
    "silence": ("MODEL_ERROR", "it did not answer within"),
    "limit": ("MODEL_ERROR", "asks to wait 60 s"),
    "breakdown": ("MODEL_ERROR", "it answered 500"),
    "truncation": ("MODEL_ERROR", "its answer cannot be read"),
    "hangup": ("MODEL_ERROR", "the connection broke"),
    "cut": ("MODEL_ERROR", "the connection broke"),
    "babble": ("AGENT_ERROR", "none of 2 replies could be read"),
    "length": ("AGENT_ERROR", "prompt is too long"),
}
UNCOUNTED = {word for word, (status, _) in LASTING.items() if status == "MODEL_ERROR"}


@pytest.mark.parametrize("trained", BOTH)
def test_faults_that_last_have_their_outcome_and_those_of_the_service_are_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trained: Trained
) -> None:
    assert set(LASTING) == set(FAULTS)
    script = FaultyServer(trained)
    with ModelServer(script) as server:
        options = ("patience_s=2", "retries=1")
        runs = Runs(tmp_path, fault_suite(tmp_path, *LASTING), trained, server, monkeypatch, options)

        report = runs.run()
        rows = runs.rows()
        assert {word: len(some) for word, some in rows.items()} == dict.fromkeys(LASTING, 1)
        for word, (status, reason) in LASTING.items():
            (row,) = rows[word]
            assert row["status"] == status, (word, row)
            assert reason in row["reason"], (word, row)
            # The first step went well, and is paid for whatever came after it; so are replies that nobody could read.
            assert (row["steps"], row["usage"]["calls"]) == {"nothing": (3, 3), "babble": (1, 3)}.get(word, (1, 1)), (word, row)
        assert (report["jobs"], report["solved"], report["mean"]) == (10, 1, 1 / 3)
        assert report["status"] == {"SCORED": 1, "AGENT_ERROR": 2, "MODEL_ERROR": 7, "DESKTOP_ERROR": 0, "CHECKER_ERROR": 0}
        assert (report["worst"], report["best"]) == (0.1, 0.8)
        assert "7 of 10 planned episodes have no score (7 MODEL_ERROR)" in report["printed"]
        assert script.words() == set(LASTING)

        script.is_well = True
        report = runs.run()
        assert script.words() == UNCOUNTED
        rows = runs.rows()
        assert {word: [row["status"] for row in some] for word, some in rows.items()} == {
            word: [status, "SCORED"] if word in UNCOUNTED else [status] for word, (status, _) in LASTING.items()
        }
        assert counted(rows) == dict.fromkeys(LASTING, 1)
        assert (report["solved"], report["mean"], report["status"]["MODEL_ERROR"]) == (8, 0.8, 0)

        runs.run()
        assert script.words() == set()
        assert runs.rows() == rows


class Passing:
    """Faults that pass, some before each reply of an episode. Keeps when it was asked."""

    def __init__(self, trained: Trained, *faults: Sequence[Answer]) -> None:
        self.trained = trained
        self.faults: Iterator[Answer | None] = iter([fault for some in faults for fault in (*some, None)])
        self.asked_at: list[float] = []

    def __call__(self, asked: Asked) -> Answer:
        self.asked_at.append(time.monotonic())
        return next(self.faults) or self.trained.solves(asked)


@pytest.mark.parametrize("trained", BOTH)
def test_faults_that_pass_take_no_step_and_lose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trained: Trained
) -> None:
    late = Say("too late", delay_s=60)
    limits, broken = [Status(429, retry_after="3"), Status(503)], [Truncated(), Dropped(in_body=True)]
    script = Passing(trained, limits, broken, [late, Garbage()])
    with ModelServer(script) as server:
        suite = fault_suite(tmp_path, "nothing", limits={"steps": 8, "time_s": 90})
        runs = Runs(tmp_path, suite, trained, server, monkeypatch, ("request_timeout_s=1",))
        report = runs.run()
    (row,) = runs.rows()["nothing"]
    assert (row["status"], row["ended"], row["steps"], report["solved"]) == ("SCORED", "finished", 3, 1)
    assert (len(script.asked_at), row["usage"]["calls"]) == (9, 3)
    assert script.asked_at[1] - script.asked_at[0] >= 3


@pytest.mark.desktop
@pytest.mark.slow
def test_on_a_real_desktop_a_fault_in_mid_episode_is_no_score_until_the_same_command_solves_the_task(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    navi = Trained(NAVI.agent, NAVI.model, NAVI.dialect, Size(1920, 1080), Point(960, 540), told_steps)
    note = "/home/user/Desktop/note.txt"
    setup = [{"step": "files.put", "path": note, "content": ""}, {"step": "apps.open", "path": note}]
    suite = fault_suite(tmp_path, "truncation", apps=["mousepad"], setup=setup, limits={"steps": 8, "time_s": 120})
    lasting = FaultyServer(navi)
    limits, broken = [Status(429, retry_after="1"), Status(500)], [Truncated(), Dropped()]
    passing = Passing(navi, limits, broken, [Dropped(in_body=True), Garbage()])

    def script(asked: Asked) -> Answer:
        return (passing if lasting.is_well else lasting)(asked)

    with ModelServer(script) as server:
        runs = Runs(tmp_path, suite, navi, server, monkeypatch, where=("--provider", "local"), options=("patience_s=20",))
        report = runs.run()
        (row,) = runs.rows()["truncation"]
        assert (row["status"], row["steps"], row["usage"]["calls"]) == ("MODEL_ERROR", 1, 1)
        assert (report["mean"], report["status"]["MODEL_ERROR"]) == (None, 1)
        lasting.is_well = True
        report = runs.run()
    first, second = runs.rows()["truncation"]
    assert first == row
    assert (second["status"], second["ended"], second["steps"], second["usage"]["calls"]) == ("SCORED", "finished", 3, 3)
    assert (report["solved"], report["mean"]) == (1, 1.0)
