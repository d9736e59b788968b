"""Programs that a test starts, and finding out whether anything of theirs still runs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from osarena.guest.wait import wait_until

ROOT = Path(__file__).parents[2]
_MARK = "OSARENA_TEST_MARK"


@dataclass
class Command:
    """`osarena …` as a process of its own; whatever it starts, and they start, is known by a mark in the environment."""

    arguments: Sequence[str]
    cwd: Path = ROOT
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)
    process: subprocess.Popen[bytes] = field(init=False)
    _stdout: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    _stderr: IO[bytes] = field(default_factory=tempfile.TemporaryFile)

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "osarena.cli.main", *self.arguments],
            cwd=self.cwd,
            env=os.environ | {_MARK: self.mark, "COLUMNS": "200"},
            stdin=subprocess.DEVNULL,
            stdout=self._stdout,
            stderr=self._stderr,
        )

    def finish(self, timeout_s: float = 60) -> tuple[int, str, str]:
        """Exit code, standard output, standard error. A process that does not end in time is killed."""
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        return self.process.returncode, _text(self._stdout), self.stderr

    @property
    def stdout(self) -> str:
        """What it has printed so far."""
        return _text(self._stdout)

    @property
    def stderr(self) -> str:
        """What it has said so far."""
        return _text(self._stderr)

    def running(self) -> list[str]:
        """The command lines of all processes that descend from it, itself included."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if f"{_MARK}={self.mark}".encode() in (folder / "environ").read_bytes():
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except OSError:
                continue  # it has ended meanwhile, or is somebody else's
        return found

    def wait_until_nothing_runs(self, timeout_s: float = 15) -> None:
        """Return once nothing of it runs any more; raises GuestError naming what does."""
        wait_until(lambda: not self.running(), timeout_s=timeout_s, what=f"the end of {self.mark}", interval_s=0.05)


# How a test starts one; see the fixture `start`.
Start = Callable[[Sequence[str]], Command]


def _text(file: IO[bytes]) -> str:
    return os.pread(file.fileno(), 10_000_000, 0).decode()


def osarena(*arguments: str, cwd: Path = ROOT, timeout_s: float = 60) -> tuple[int, str, str]:
    """Run a command to its end: exit code, standard output, standard error."""
    return Command(arguments, cwd).finish(timeout_s)


def processes_below(process: int) -> dict[int, str]:
    """The command lines of a process and all its descendants, by process id of the host."""
    parents = all_parents()
    below = {process}
    while more := {child for child, parent in parents.items() if parent in below} - below:
        below |= more
    return {child: command_line(child) for child in below}


def all_parents() -> dict[int, int]:
    """The parent of each process of this machine."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # ended meanwhile
    return parents


def command_line(process: int) -> str:
    """What a process was started as; empty where it has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
