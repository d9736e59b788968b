"""Where a guest listens, who it becomes, and when it ends by itself."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from osarena_guest.__main__ import _listen
from osarena_guest.config import Config
from osarena_guest.desktop import GuestProblem

TOKEN = "t" * 16

_BECOME = """
import os
from osarena_guest.__main__ import _become
_become({user})
print(os.getuid(), os.getgid(), os.getgroups())
"""
_WAIT = """
import signal, sys, threading
from osarena_guest.__main__ import _end_with_input
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
print(sys.stdin.readline().strip(), flush=True)
threading.Thread(target=_end_with_input, daemon=True).start()
signal.pause()
"""


def test_a_unix_socket_is_there_when_it_can_be_connected_to(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with _listen(Config(TOKEN, bind=f"unix:{path}")), socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        assert stat.S_ISSOCK(path.stat().st_mode)
        assert [file.name for file in tmp_path.iterdir()] == ["socket"]


@pytest.mark.parametrize("place", ["unix:/nowhere/socket", "127.0.0.1:no", "nothing"])
def test_a_place_where_it_cannot_listen_is_told_of(place: str) -> None:
    with pytest.raises(GuestProblem, match="cannot listen on"):
        _listen(Config(TOKEN, bind=place))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_started_as_root_it_becomes_the_desktops_user() -> None:
    done = subprocess.run([sys.executable, "-c", _BECOME.format(user=1000)], capture_output=True, text=True, check=True)
    assert done.stdout.split("[")[0].split() == ["1000", "1000"]
    assert "[]" in done.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="needs somebody who surely may not become somebody else")
def test_who_may_not_become_somebody_else_is_told() -> None:
    # The checkout may be readable for root alone, so what is needed is imported before.
    script = "import os\nfrom osarena_guest.__main__ import _become\nos.setuid(65333)\n_become(1000)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "cannot become the user 1000" in done.stderr


def test_it_ends_when_its_input_does() -> None:
    with subprocess.Popen([sys.executable, "-c", _WAIT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("config\n")
        process.stdin.flush()
        assert process.stdout.readline() == "config\n"
        assert process.poll() is None
        process.stdin.close()
        assert process.wait(20) == 7
