"""The local provider keeps the contract, for root and for an ordinary user, and lets nothing in or out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from osarena.guest.wait import wait_until
from osarena.providers.base import Machine, Provider
from osarena.providers.local import LocalProvider
from osarena.providers.local.janitor import find_sandboxes, is_alive
from osarena.providers.local.leftovers import remove_leftovers
from osarena.types.observation import Observe
from tests.contracts.provider_contract import ProviderContract
from tests.support.ordinary_user import OrdinaryUser, ordinary_user, this_user

pytestmark = pytest.mark.desktop


class TestLocalProvider(ProviderContract):
    editor = ("mousepad", "--disable-server")
    browser = ("chromium",)

    @pytest.fixture(scope="class")
    @classmethod
    def provider(cls) -> Iterator[Provider]:
        provider = LocalProvider(spares=0)
        yield provider
        provider.close()

    def kill(self, machine: Machine) -> None:
        x_server = machine.guest.health()["processes"]["Xvnc"]
        machine.guest.run(["kill", "-KILL", str(x_server)])

    def traces(self, provider: Provider) -> set[str]:
        workshop = provider._workshop
        if workshop is None:
            return set()
        folder = workshop.estate.folder
        return {str(entry) for entry in folder.rglob("*") if "share" not in entry.parts} | set(_processes_of(folder))

    def test_a_desktop_whose_guest_dies_tells_its_last_words(self, machine: Machine) -> None:
        os.kill(machine._desktop._process.pid, signal.SIGKILL)
        problem = wait_until(machine.problem, timeout_s=10, what="a problem")
        assert problem.startswith("the desktop has ended")

    def test_nothing_of_an_episode_is_left_in_the_next(self, machine: Machine) -> None:
        guest = machine.guest
        guest.run(["sh", "-c", "printf stolen | xclip -selection clipboard"])
        assert guest.run(["xclip", "-selection", "clipboard", "-out"]).stdout == b"stolen"
        guest.run(["xfconf-query", "-c", "xsettings", "-p", "/Net/IconThemeName", "-s", "Papirus"])
        line_numbers = ["org.xfce.mousepad.preferences.view", "show-line-numbers"]
        guest.run(["gsettings", "set", *line_numbers, "true"])
        guest.write("~/.config/chromium/Default/History", b"where the last agent went")
        sleeper = guest.launch(["sleep", "4242"])
        cmdline = ["cat", f"/proc/{sleeper}/cmdline"]
        wait_until(lambda: b"4242" in guest.run(cmdline).stdout, timeout_s=5, what="the sleeping program")
        machine.restore()
        guest = machine.guest
        assert guest.run(["xclip", "-selection", "clipboard", "-out"]).stdout == b""
        assert guest.run(["xfconf-query", "-c", "xsettings", "-p", "/Net/IconThemeName"]).stdout.strip() != b"Papirus"
        assert (
            guest.run(["gsettings", "get", "org.xfce.mousepad.preferences.view", "show-line-numbers"]).stdout.strip() == b"false"
        )
        assert guest.run(["sh", "-c", "ls ~/.config/chromium/Default"]).stdout.split() == [b"Preferences"]
        assert b"4242" not in guest.run(["sh", "-c", "cat /proc/[0-9]*/cmdline"]).stdout
        assert guest.run(["sh", "-c", "ls -A ~/Desktop ~/Documents ~/Downloads /tmp | grep -v ':$'"]).stdout.split() == [
            b".ICE-unix",
            b".X11-unix",
            *guest.run(["sh", "-c", "cd /tmp; ls -d .X*-lock"]).stdout.split(),
        ]

    def test_a_desktop_starts_without_questions_and_with_a_panel(self, machine: Machine) -> None:
        seen = machine.guest.observe(Observe(windows=True))
        assert seen.windows == ()
        assert seen.pixels is not None
        # The panel is light and lies at the bottom, the backdrop above it is not.
        assert seen.pixels[-20, seen.pixels.shape[1] // 2].min() > 200
        assert seen.pixels[-80, seen.pixels.shape[1] // 2].max() < 200

    def test_programs_can_listen_on_port_80_of_their_own_network(self, machine: Machine) -> None:
        assert machine.facts()["low_ports"] == "yes"
        bind = "import socket; socket.create_server(('127.0.0.1', 80)); print('bound')"
        assert machine.guest.run(["/usr/bin/python3", "-c", bind]).stdout == b"bound\n"


def test_a_spare_takes_the_place_of_a_machine_that_is_restored() -> None:
    provider = LocalProvider(spares=1)
    try:
        with provider.machine(TestLocalProvider.spec) as machine:
            spares = provider._pool._spares[TestLocalProvider.spec]
            spare = spares[0].result()
            machine.restore()
            assert machine._desktop is spare
            assert machine.problem() is None
    finally:
        provider.close()


@pytest.fixture(params=["this user", "ordinary user"])
def user(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> OrdinaryUser:
    """Whoever runs the tests; and, where that is root, somebody without privileges."""
    if request.param == "this user":
        return this_user()
    if os.geteuid() != 0:
        pytest.skip("the tests run as an ordinary user already")
    folder = tmp_path_factory.mktemp("ordinary")
    for above in (folder, *folder.parents[:2]):
        above.chmod(above.stat().st_mode | 0o011)
    return ordinary_user(folder)


def test_a_thief_gets_nothing(user: OrdinaryUser, tmp_path: Path) -> None:
    loot = _run_trial(user, "thief", {"paths": [str(tmp_path), str(Path.home()), str(Path(__file__))]})[0]
    assert "Xvnc" in loot["processes"]
    assert not {"pytest", "systemd", "sshd"} & set(loot["processes"])
    assert loot["bait"] == ["/home/user/bait", "/proc/N/environ", "/proc/N/mem"]
    assert loot["users"] == ["nobody", "root", "user"]
    assert {name: loot[name] for name in ("files", "written", "token", "key", "guest", "network")} == {
        "files": [],
        "written": [],
        "token": [],
        "key": [],
        "guest": [],
        "network": [],
    }


@pytest.mark.parametrize("spares", [0, 2])
def test_nothing_is_left_when_the_owner_is_killed(user: OrdinaryUser, spares: int) -> None:
    with _started(user, "hold", {"spares": spares}) as process:
        assert process.stdout
        folder = Path(json.loads(process.stdout.readline())["folder"])
        assert _processes_of(folder)
        assert is_alive(folder)
        os.killpg(process.pid, signal.SIGKILL)
    wait_until(lambda: not folder.exists(), timeout_s=10, what="the janitor to remove the folder")
    wait_until(lambda: not _processes_of(folder), timeout_s=10, what="the janitor to end")
    assert not [lease for lease in folder.parent.glob("users/*") if lease.read_text() == folder.name]
    assert not list(Path("/sys/fs/cgroup").glob(f"**/osarena-{folder.name}"))


def test_clean_removes_what_is_left_where_the_janitor_is_killed_too() -> None:
    with _started(this_user(), "hold", {"spares": 0}) as process:
        assert process.stdout
        folder = Path(json.loads(process.stdout.readline())["folder"])
        assert not any(str(folder) in what for what in remove_leftovers())
        for name, pid in _processes_of(folder).items():
            if name.startswith("janitor"):
                os.kill(pid, signal.SIGKILL)
        os.killpg(process.pid, signal.SIGKILL)
    wait_until(lambda: not is_alive(folder), timeout_s=10, what="the end of both")
    assert any(str(folder) in what for what in remove_leftovers())
    assert not folder.exists()
    assert not _processes_of(folder)


_TAKE_MEMORY = "x = b'x' * (800 << 20); import time; time.sleep(60)"
_FILL_MEMORY = "open('/tmp/large', 'wb').write(b'x' * (300 << 20)); x = b'x' * (380 << 20); import time; time.sleep(60)"
_TAKE_PROCESSES = "import subprocess, time\nfor _ in range(300): subprocess.Popen(['sleep', '60'])\ntime.sleep(60)"


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        pytest.param(_TAKE_MEMORY, "memory limit of 700 MB", id="memory"),
        pytest.param(_FILL_MEMORY, "memory limit of 700 MB", id="files in memory"),
        pytest.param(_TAKE_PROCESSES, "limit of 200 processes", id="processes"),
    ],
)
def test_a_greedy_desktop_is_told_of(user: OrdinaryUser, program: str, expected: str) -> None:
    greedy, restored = _run_trial(user, "greedy", {"memory_mb": 700, "processes": 200, "program": program})
    assert expected in greedy["problem"]
    assert restored["problem"] is None


def _run_trial(user: OrdinaryUser, name: str, arguments: dict[str, Any]) -> list[dict[str, Any]]:
    with _started(user, name, arguments) as process:
        stdout, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return [json.loads(line) for line in stdout.splitlines()]


def _started(user: OrdinaryUser, name: str, arguments: dict[str, Any]) -> subprocess.Popen[str]:
    process = user.start("desktop_trials.py", name)
    assert process.stdin
    process.stdin.write(json.dumps(arguments))
    process.stdin.close()
    process.stdin = None
    return process


def _processes_of(folder: Path) -> dict[str, int]:
    """The sandboxes and the janitor that belong to a provider's folder."""
    found = {f"sandbox {pid}": pid for pid in find_sandboxes(f"{folder}/")}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if str(folder).encode() in arguments:
            found[f"janitor {entry.name}"] = int(entry.name)
    return found
