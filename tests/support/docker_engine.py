"""A Docker engine for tests: this machine's where one answers, else one that is started for them and ended after them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from osarena.errors import MachineError
from osarena.guest.wait import wait_until
from osarena.providers.docker import engine


def answers() -> bool:
    """Whether there is an engine."""
    with suppress(MachineError):
        engine.connect().close()
        return True
    return False


@contextmanager
def docker_engine(folder: Path) -> Iterator[None]:
    """An engine to which `DOCKER_HOST` leads while the context lasts; its images lie in a folder."""
    if answers():
        yield
        return
    socket = folder / "docker.sock"
    places = ("--data-root", folder / "data", "--exec-root", folder / "exec", "--pidfile", folder / "pid")
    # No container here has a network, so none has to be made.
    command = [
        "dockerd",
        *map(str, places),
        "--host",
        f"unix://{socket}",
        "--bridge",
        "none",
        "--iptables=false",
        "--ip-masq=false",
    ]
    with (folder / "log").open("wb") as log, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCKER_HOST", f"unix://{socket}")
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log) as process:
            try:
                wait_until(lambda: answers() or process.poll() is not None, timeout_s=60, what="dockerd")
                assert process.poll() is None, (folder / "log").read_text()[-2000:]
                yield
            finally:
                process.terminate()
