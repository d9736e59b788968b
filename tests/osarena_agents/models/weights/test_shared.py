"""The process with the weights: shared, started again when it is killed, and gone when nobody needs it."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from osarena.errors import ModelError, UsageError
from osarena.guest.wait import wait_until
from osarena_agents.conversation import Message, Text
from osarena_agents.models import Request, make_model
from osarena_agents.models.local import LocalModel
from osarena_agents.models.model import ModelSettings
from osarena_agents.models.prices import Prices
from osarena_agents.models.service import Clock
from osarena_agents.models.weights import SharedWeights, WeightsName, shared
from tests.support.processes import Command
from tests.support.runs import task_record, write_suite

QUESTION = Request([Message("user", [Text("Where is OK?")])], max_tokens=60)


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A place of the test's own for sockets, and servers that end at once when they are not needed."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(shared, "LINGER_S", 0.1)
    yield
    wait_until(lambda: not servers(tmp_path), timeout_s=30, what="the end of the servers")


def servers(runtime: Path) -> list[int]:
    """The processes that serve weights for a test."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            is_server = b"osarena_agents.models.weights" in (folder / "cmdline").read_bytes()
            if is_server and f"XDG_RUNTIME_DIR={runtime}\0".encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def local(weights: Path) -> LocalModel:
    return LocalModel(str(weights), ModelSettings(), Prices({}), Clock())


def test_all_share_one_process_which_puts_together_what_they_ask(clicking: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(6) as pool:
        models = list(pool.map(lambda _: local(clicking), range(6)))
        assert len(servers(tmp_path)) == 1
        replies = [reply for _ in range(3) for reply in pool.map(lambda model: model.ask(QUESTION), models)]
    assert {reply.text for reply in replies} == {"actions:\nCLICK <point>[[500, 250]]</point>"}
    assert all(reply.usage.calls == 1 and reply.usage.completion_tokens > 10 for reply in replies)
    held = SharedWeights.hold(WeightsName.parse(str(clicking)))
    headers = {name: value.get_secret_value() for name, value in held.address.headers}
    sizes = httpx.get(f"{held.address.base_url}/batches", headers=headers).json()["sizes"]
    assert sum(sizes) == len(replies)
    assert max(sizes) > 1
    held.let_go()
    for model in models:
        model.close()


def test_a_killed_server_is_started_again(clicking: Path, tmp_path: Path) -> None:
    model = local(clicking)
    (first,) = servers(tmp_path)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: not model._held.is_there, timeout_s=10, what="the end of the server")
    assert model.ask(QUESTION).text.startswith("actions:")
    (second,) = servers(tmp_path)
    assert second != first
    model.close()


def test_weights_that_cannot_be_loaded_are_an_error_for_everyone(tmp_path: Path) -> None:
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights/config.json").write_text('{"model_type": "unheard_of"}')
    with ThreadPoolExecutor(2) as pool:
        for made in [pool.submit(make_model, f"hf:{tmp_path}/weights") for _ in range(2)]:
            with pytest.raises(UsageError, match=r"the weights cannot be loaded: .*unheard_of"):
                made.result()


def test_a_server_that_dies_while_it_loads_leaves_its_last_words(
    clicking: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'no memory left' >&2\nexit 137\n")
    python.chmod(0o755)
    monkeypatch.setattr(shared.sys, "executable", str(python))
    with pytest.raises(ModelError, match=r"what loads the weights has ended \(no memory left"):
        local(clicking)


def test_a_folder_that_others_may_write_to_is_refused(clicking: Path, tmp_path: Path) -> None:
    (tmp_path / f"osarena-weights-{os.getuid()}").mkdir(mode=0o777)
    (tmp_path / f"osarena-weights-{os.getuid()}").chmod(0o777)
    with pytest.raises(UsageError, match="is not this user's alone"):
        local(clicking)


def test_missing_packages_are_an_error_that_names_the_extra(clicking: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"needs the packages torch, .* pip install 'osarena\[models\]'"):
        local(clicking)


@pytest.mark.slow
def test_an_agent_acts_in_a_run_by_weights_that_its_workers_share(clicking: Path, tmp_path: Path) -> None:
    suite = write_suite(tmp_path, task_record(limits={"steps": 3, "time_s": 600}))
    agent = ("--agent", "os-atlas", "--model", f"hf:{clicking}", "--parallel", "2", "--seeds", "2")
    where = ("--provider", "fake", "--out", str(tmp_path / "run"), "--json")
    command = Command(["run", "--suite", str(suite), *agent, *where])
    _, stdout, stderr = command.finish(timeout_s=200)
    assert stdout, stderr
    rows = [json.loads(line) for line in (tmp_path / "run/rows.jsonl").read_text().splitlines()]
    results = [row for row in rows if row["row"] == "result"]
    assert [(row["status"], row["ended"], row["steps"], row["usage"]["calls"]) for row in results] == [
        ("SCORED", "steps", 3, 3)
    ] * 2
    for trajectory in (tmp_path / "run/jobs").glob("*/trajectory.json"):
        assert "CLICK <point>[[500, 250]]</point>" in trajectory.read_text()
    command.wait_until_nothing_runs(timeout_s=60)
