"""Desktops in containers keep the contract, from a built root file system and a real Docker engine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from osarena.errors import MachineError
from osarena.guest.wait import wait_until
from osarena.providers.base import Machine, Provider
from osarena.providers.docker import DockerProvider, engine
from osarena.runner.plan import AgentSpec, make_plan
from tests.contracts.provider_contract import ProviderContract
from tests.support.docker_engine import docker_engine
from tests.support.processes import osarena

pytestmark = [pytest.mark.desktop, pytest.mark.machines]

_TASKS = ("calc/total-by-region", "chromium/gift-order", "files/photo-dates", "gimp/poster-layers", "thunderbird/regatta-entries",
          "writer/lease-review-untracked")  # fmt: skip

_RUNNER = """
import sys, time
from osarena.providers.base import MachineSpec
from osarena.providers.docker import DockerProvider
with DockerProvider(spares=0).machine(MachineSpec()) as machine:
    print("ready", flush=True)
    time.sleep(600)
"""


@pytest.fixture(scope="module", autouse=True)
def _engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    code, _, stderr = osarena("vm", "build", "root", "--json", timeout_s=1500)
    assert code == 0, stderr
    with docker_engine(tmp_path_factory.mktemp("docker")):
        yield


def containers() -> set[str]:
    client = engine.connect()
    try:
        return {container.name for container in client.containers.list(all=True, filters={"label": engine.LABEL})}
    finally:
        client.close()


class TestDockerProvider(ProviderContract):
    editor = ("mousepad", "--disable-server")
    browser = ("chromium",)
    ready_within_s = 120.0  # the first one gives the root file system to Docker

    @pytest.fixture(scope="class")
    @classmethod
    def provider(cls) -> Iterator[Provider]:
        provider = DockerProvider(spares=0)
        yield provider
        provider.close()
        assert containers() == set()

    def kill(self, machine: Machine) -> None:
        x_server = machine.guest.health()["processes"]["Xvnc"]
        machine.guest.run(["kill", "-KILL", str(x_server)])

    def traces(self, provider: Provider) -> set[str]:
        yard = provider._yard
        folders = {str(entry) for entry in yard.estate.folder.rglob("*") if "share" not in entry.parts} if yard else set()
        return folders | containers()

    def test_a_container_that_ends_tells_of_it(self, machine: Machine) -> None:
        machine._desktop._container.kill()
        assert "the desktop has ended" in wait_until(machine.problem, timeout_s=10, what="a problem")

    def test_more_memory_than_allowed_is_told_of_or_refused(self, machine: Machine) -> None:
        limits = machine._desktop._container.attrs["HostConfig"]
        assert limits["Memory"] == self.spec.memory_mb << 20
        assert limits["PidsLimit"] == self.spec.processes
        forks = "import os\nn = 0\ntry:\n  while True:\n    if not os.fork(): os.execvp('sleep', ['sleep', '30'])\n    n += 1\n"
        done = machine.guest.run(["python3", "-c", f"{forks}except BlockingIOError: print(n)"], timeout_s=20)
        assert 0 < int(done.stdout) < self.spec.processes

    def test_nothing_of_this_machine_is_seen_or_reached(self, machine: Machine, tmp_path: Path) -> None:
        guest = machine.guest

        def output(script: str) -> str:
            done = guest.run(["sh", "-c", script])
            return (done.stdout + done.stderr).decode()

        (tmp_path / "secret").write_text("token")
        assert output(f"cat {tmp_path}/secret {Path(__file__)} /etc/shadow 2>&1 | grep -c 'denied\\|No such'") == "3\n"
        assert output("cat /proc/net/dev | tail -n +3 | cut -d: -f1 | tr -d ' \\n'") == "lo"
        assert "Read-only" in output("touch /usr/bin/x")
        assert "CapEff:\t0000000000000000" in output("cat /proc/self/status")
        token = machine.address.token
        pattern = f"[{token[0]}]{token[1:]}"  # which does not match itself, in the command line of this search
        read_all = f"for p in /proc/[0-9]*; do cat $p/environ $p/cmdline $p/mem; done 2>/dev/null | grep -c -a -e '{pattern}'"
        assert output(read_all) == "0\n"
        assert "not permitted" in output("mv /run/guest/socket /run/guest/gone").lower()

    def test_a_killed_runner_leaves_no_container(self) -> None:
        before = containers()
        with subprocess.Popen([sys.executable, "-c", _RUNNER], stdout=subprocess.PIPE, text=True) as runner:
            assert runner.stdout is not None
            assert runner.stdout.readline() == "ready\n"
            assert len(containers()) == len(before) + 1
            runner.kill()
        wait_until(lambda: containers() == before, timeout_s=20, what="the end of the container")

    def test_an_engine_that_does_not_answer_is_told_of(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
        with pytest.raises(MachineError, match=r"no Docker engine answers .*dockerd"), DockerProvider().machine(self.spec):
            pass
        assert [(one.name, one.is_met) for one in DockerProvider().requirements()] == [("engine", False), ("root", True)]


@pytest.mark.timeout(900)
def test_tasks_are_solved_in_containers(tmp_path: Path) -> None:
    assert {job.task_id for job in make_plan("core", AgentSpec("oracle"), tasks=_TASKS).jobs} == set(_TASKS)
    chosen = [word for task in _TASKS for word in ("--task", task)]
    command = ("run", "--provider", "docker", "--parallel", "2", "--out", str(tmp_path / "run"), "--json", *chosen)
    code, stdout, stderr = osarena(*command, timeout_s=800)
    assert code == 0, stderr
    assert {row["task"]: row["score"] for row in json.loads(stdout)["rows"]} == {f"core:{task}": 1.0 for task in _TASKS}
