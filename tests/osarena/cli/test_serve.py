"""`osarena serve osworld`, from its first line to Ctrl-C."""

from __future__ import annotations

import json
import signal

import httpx
import pytest

from osarena.guest.wait import wait_until
from tests.support.processes import Start, osarena

FAKE = ("serve", "osworld", "--provider", "fake", "--screen", "320x240", "--port", "0")


def test_desktops_answer_until_they_are_interrupted(start: Start) -> None:
    command = start([*FAKE, "--desktops", "2", "--json"])
    line = wait_until(lambda: command.stdout, timeout_s=30, what="the ports")
    ports = [one["server"] for one in json.loads(line)["desktops"]]
    assert len(set(ports)) == 2
    for port in ports:
        assert httpx.post(f"http://127.0.0.1:{port}/screen_size").json() == {"width": 320, "height": 240}
        assert httpx.get(f"http://127.0.0.1:{port}/platform", headers={"Host": "evil.example"}).status_code == 403
    command.process.send_signal(signal.SIGINT)
    assert command.finish()[0] == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{ports[0]}/platform")


def test_a_table_tells_what_is_served(start: Start) -> None:
    command = start(FAKE)
    table = wait_until(lambda: command.stdout if "Ctrl-C" in command.stdout else "", timeout_s=30, what="the table")
    assert "http://127.0.0.1:" in table
    assert "There is no token" in table
    command.process.terminate()
    assert command.finish()[0] == 0


@pytest.mark.parametrize("host", ["0.0.0.0", "example.org"])
def test_only_loopback_is_listened_on(host: str) -> None:
    code, _, stderr = osarena(*FAKE, "--host", host)
    assert code == 2
    assert "loopback" in stderr or "is no address" in stderr


def test_help_says_that_there_is_no_token_and_has_an_example() -> None:
    code, stdout, _ = osarena("serve", "osworld", "--help")
    assert code == 0
    assert "no token" in stdout
    assert "osarena serve osworld --desktops 3" in stdout


@pytest.mark.desktop
def test_a_real_desktop_is_served_and_goes_with_ctrl_c(start: Start) -> None:
    command = start(["serve", "osworld", "--screen", "800x600", "--port", "0", "--chrome-port", "0", "--vlc-port", "0", "--json"])
    line = wait_until(lambda: command.stdout or command.process.poll() is not None, timeout_s=90, what="the ports")
    assert isinstance(line, str), command.stderr
    (ports,) = json.loads(line)["desktops"]
    assert all(ports.values())
    shot = httpx.get(f"http://127.0.0.1:{ports['server']}/screenshot", timeout=30)
    assert shot.content.startswith(b"\x89PNG")
    command.process.send_signal(signal.SIGINT)
    assert command.finish()[0] == 0
    command.wait_until_nothing_runs()
