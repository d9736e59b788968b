"""The weights that the agents of this machine share: found where they are served already, else started."""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from osarena.errors import ModelError, UsageError
from osarena_agents.models.service import Address
from osarena_agents.models.weights.names import WeightsName

LINGER_S = 20.0  # a worker that is replaced, or a command that is given again, finds the weights loaded
_ATTEMPTS = 3  # to join: a server may be just about to end
_LONGEST_LINE = 1 << 16
_TOLD = 2_000  # characters of what a server said last
_NEEDED = ("torch", "transformers", "accelerate", "peft")


@dataclass(frozen=True, slots=True)
class SharedWeights:
    """A server of these weights, which runs at least as long as this is held on to."""

    address: Address
    _holder: socket.socket

    @classmethod
    def hold(cls, name: WeightsName) -> SharedWeights:
        """Find or start the server of these weights, and wait until they are loaded.

        Raises:
            UsageError: packages are missing, or the weights cannot be loaded.
            ModelError: the server ended while it loaded them; the text holds its last words.
        """
        missing = [package for package in _NEEDED if importlib.util.find_spec(package) is None]
        if missing:
            raise UsageError(f"{name.text} needs the packages {', '.join(missing)}: pip install 'osarena[models]'")
        place = _Place.of(name)
        for _ in range(_ATTEMPTS):
            holder = place.connect(name)
            line = _line_of(holder)
            if line:
                return cls(_address(json.loads(line)), holder)
            holder.close()
        raise ModelError(f"{name.text}: what loads the weights has ended ({place.last_words()})")

    @property
    def is_there(self) -> bool:
        """Whether the server still runs."""
        try:
            # It says nothing after its first line, so all that can come is the end.
            return bool(self._holder.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def let_go(self) -> None:
        """Hold on to it no longer."""
        self._holder.close()


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder of this user alone, in which the servers of the same weights are found."""

    folder: Path

    @classmethod
    def of(cls, name: WeightsName) -> _Place:
        above = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
        folder = above / f"osarena-weights-{os.getuid()}" / name.fingerprint()
        for path in (folder.parent, folder):
            path.mkdir(mode=0o700, exist_ok=True)
            # In a folder that all may write to, somebody else may have been there first.
            if path.is_symlink() or path.stat().st_uid != os.getuid() or path.stat().st_mode & 0o077:
                raise UsageError(f"{path} is not this user's alone: remove it")
        return cls(folder)

    def connect(self, name: WeightsName) -> socket.socket:
        """A connection to the server, which is started if there is none."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with self._alone():
            try:
                connection.connect(self._socket)
            except (FileNotFoundError, ConnectionRefusedError):
                self._start(name, connection)
        return connection

    def last_words(self) -> str:
        """The end of what the server wrote."""
        try:
            return (self.folder / "log.txt").read_text(errors="replace")[-_TOLD:].strip() or "it said nothing"
        except OSError:
            return "it said nothing"

    @property
    def _socket(self) -> str:
        return str(self.folder / "holders")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One at a time looks for a server and starts it."""
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _start(self, name: WeightsName, connection: socket.socket) -> None:
        """Start the server with a socket that listens already, and connect to it; nobody has to wait until it runs."""
        Path(self._socket).unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening, (self.folder / "log.txt").open("wb") as log:
            listening.bind(self._socket)
            listening.listen(64)
            command = [sys.executable, "-m", "osarena_agents.models.weights", name.text]
            command += ["--holders", str(listening.fileno()), "--linger", str(LINGER_S)]
            # A session of its own: Ctrl-C and a killed worker are not meant for it, it ends when nobody holds on to it.
            subprocess.Popen(
                command, pass_fds=[listening.fileno()], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
            connection.connect(self._socket)


def _line_of(holder: socket.socket) -> str:
    """The line that the server has for those who hold it, or an empty text where it ended."""
    try:
        with holder.makefile("r", encoding="utf-8", newline="\n") as told:
            return told.readline(_LONGEST_LINE)
    except ConnectionError:
        return ""


def _address(told: dict[str, str]) -> Address:
    """Raises UsageError where the weights could not be loaded."""
    if "error" in told:
        raise UsageError(told["error"])
    key = told["key"]
    return Address(told["url"], SecretStr(key), "the key", (("authorization", SecretStr(f"Bearer {key}")),))
