"""One running desktop: its sandbox, its folders, its limits, and the connection to its guest."""

from __future__ import annotations

import json
import logging
import os
import secrets
import select
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from osarena.errors import GuestError, MachineError
from osarena.guest.client import Guest, GuestAddress, connect
from osarena.providers.base import MachineSpec, Root
from osarena.providers.local import janitor, requirements
from osarena.providers.local.estate import Estate
from osarena.providers.local.etc import initial_hosts
from osarena.providers.local.image import Image
from osarena.providers.local.limits import Limit, Limits
from osarena.providers.local.log import Log
from osarena.providers.local.ports import open_low_ports
from osarena.providers.local.sandbox import GUEST_COMMAND, SHARE, SandboxPaths, sandbox_command, sandbox_options
from osarena.providers.local.spawner import Spawner, run_as
from osarena.providers.local.system import System

logger = logging.getLogger(__name__)

_SANDBOX_TIMEOUT_S = 10.0
_READY_TIMEOUT_S = 60.0
_STOP_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Workshop:
    """What all desktops of one provider are made with."""

    estate: Estate
    systems: Callable[[Root], tuple[System, Image]]
    limits: Limits
    spawner: Spawner


class LocalDesktop:
    """A desktop from `start` to `stop`. It is used once: a clean one is another one."""

    def __init__(self, workshop: Workshop, spec: MachineSpec) -> None:
        self.spec = spec
        self.has_low_ports = False
        self._workshop = workshop
        self._name = secrets.token_hex(4)
        self._token = secrets.token_urlsafe(32)
        self._log = Log()
        self._user: int | None = None
        self._folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._limit: Limit | None = None
        self._guest: Guest | None = None
        self._stop_lock = threading.Lock()

    @property
    def address(self) -> GuestAddress:
        """Where the guest listens. Only this process's user can open the socket."""
        return GuestAddress("unix", str(self._socket), self._token, self._share)

    @property
    def guest(self) -> Guest:
        """The connection to the guest."""
        if self._guest is None:
            raise MachineError("the desktop is not running")
        return self._guest

    def start(self) -> None:
        """Start the sandbox, and return when window manager and panel are on the screen.

        Raises:
            MachineError: it did not come up; the text ends with what it printed last.
        """
        began = time.monotonic()
        try:
            self._start_sandbox()
            self._guest = connect(self.address)
            self._wait_until_ready(self._guest)
        except BaseException:
            self.stop()
            raise
        logger.debug("desktop %s was ready after %.2f s", self._name, time.monotonic() - began)

    def problem(self) -> str | None:
        """Why the desktop is not usable any more, or `None`."""
        if self._process is None or self._guest is None:
            return "the desktop is not running"
        breach = self._limit.breach() if self._limit else None
        if breach:
            return breach
        if self._process.poll() is not None:
            return self._epitaph()
        try:
            answer = self._guest.health()
        except GuestError as error:
            return self._epitaph() if self._has_ended(self._process) else str(error)
        return str(answer["problem"]) if answer.get("problem") else None

    def stop(self) -> None:
        """End every process of the desktop and remove its files. May be called twice, and from any thread."""
        with self._stop_lock:
            if self._guest:
                self._guest.close()
                self._guest = None
            if self._process:
                janitor.end_sandboxes(self._mark)
                self._reap(self._process)
            if self._folder:
                janitor.remove_folder(self._folder)
                self._folder = None
            self._socket.unlink(missing_ok=True)
            if self._limit:
                self._limit.close()
                self._limit = None
            self._workshop.estate.release_user(self._user)
            self._user = None

    @property
    def _mark(self) -> str:
        return janitor.mark_of_sandbox(self._workshop.estate.folder, self._name)

    @property
    def _socket(self) -> Path:
        return self._workshop.estate.sockets / self._name

    @property
    def _share(self) -> Path:
        return self._workshop.estate.desktop_folder(self._name) / "share"

    def _start_sandbox(self) -> None:
        estate = self._workshop.estate
        self._user = estate.lease_user()
        self._folder = estate.make_desktop_folder(self._name, self._user)
        self._write_hosts()
        info_reader, info_writer = os.pipe()
        block_reader, block_writer = os.pipe()
        options = sandbox_options(self.spec, self._paths(), info_fd=info_writer, block_fd=block_reader)
        inner = [info_writer, block_reader, _memory_file("\0".join(options))]
        try:
            with _listen(self._socket) as listener:
                self._process = self._spawn(sandbox_command(inner[-1], GUEST_COMMAND), (*inner, listener.fileno()))
                self._log.follow(self._process.stdout)
                while inner:
                    os.close(inner.pop())
                self._settle_in(info_reader)
                os.write(block_writer, b"\n")
                self._tell_guest(listener.fileno())
        except BrokenPipeError as error:
            raise MachineError(f"the sandbox did not start: {self._log.last_words()}; {_advice()}") from error
        finally:
            for descriptor in (*inner, info_reader, block_writer):
                os.close(descriptor)

    def _paths(self) -> SandboxPaths:
        system, image = self._workshop.systems(self.spec.root)
        return SandboxPaths(
            usr=system.usr,
            guest=image.guest,
            etc=image.etc,
            home=image.home,
            share=self._share,
            font_cache=system.font_cache,
            hidden=system.hidden,
        )

    def _write_hosts(self) -> None:
        hosts = self._share / "hosts"
        hosts.write_text(initial_hosts())
        if self._user is not None:
            os.chown(hosts, self._user, self._user)

    def _spawn(self, argv: list[str], descriptors: tuple[int, ...]) -> subprocess.Popen[bytes]:
        try:
            return self._workshop.spawner.start(
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=descriptors,
                cwd="/",
                umask=0o022,
                # Nothing of this process's own environment: the desktop can read that of the sandbox's first process.
                env=janitor.sandbox_environment(self._workshop.estate.folder, self._name),
                # Out of the terminal's reach: Ctrl-C is for the runner to handle.
                start_new_session=True,
                **run_as(self._user),
            )
        except OSError as error:
            raise MachineError(f"cannot start bwrap: {error.strerror}; {_advice()}") from error

    def _settle_in(self, info_reader: int) -> None:
        """Learn the sandbox's first process, and set limits and ports before the guest starts."""
        assert self._process is not None
        first_process = self._read_first_process(info_reader)
        self._limit = self._workshop.limits.impose(
            self._name, self.spec, supervisor=self._process.pid, first_process=first_process
        )
        self.has_low_ports = open_low_ports(first_process, self._user)

    def _read_first_process(self, info_reader: int) -> int:
        text = b""
        deadline = time.monotonic() + _SANDBOX_TIMEOUT_S
        while not text.rstrip().endswith(b"}"):
            readable, _, _ = select.select([info_reader], [], [], max(deadline - time.monotonic(), 0))
            chunk = os.read(info_reader, 4096) if readable else b""
            if not chunk:
                raise MachineError(f"the sandbox did not start: {self._log.last_words()}; {_advice()}")
            text += chunk
        return int(json.loads(text)["child-pid"])

    def _tell_guest(self, descriptor: int) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        config = {
            "token": self._token,
            "fd": descriptor,
            "bind": None,
            "screen": [self.spec.screen.width, self.spec.screen.height],
            "dpi": self.spec.dpi,
            "theme": self.spec.theme,
            "share": SHARE,
            "session": True,
        }
        with self._process.stdin as stdin:
            stdin.write(json.dumps(config).encode() + b"\n")

    def _wait_until_ready(self, guest: Guest) -> None:
        assert self._process is not None
        try:
            answer = guest.health(wait_s=_READY_TIMEOUT_S)
        except GuestError as error:
            if self._has_ended(self._process):
                raise MachineError(self._epitaph()) from error
            raise MachineError(f"the desktop did not come up: {error}; {self._log.last_words()}") from error
        if not answer["ready"]:
            reason = answer["problem"] or f"its window manager and panel were not there within {_READY_TIMEOUT_S:g} s"
            raise MachineError(f"the desktop did not come up: {reason}; {self._log.last_words()}")

    def _has_ended(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether the sandbox is gone; its socket closes a moment before."""
        try:
            process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _epitaph(self) -> str:
        breach = self._limit.breach() if self._limit else None
        return breach or f"the desktop has ended: {self._log.last_words()}"

    def _reap(self, process: subprocess.Popen[bytes]) -> None:
        """Collect bwrap's process outside of the sandbox, which has ended."""
        if process.stdin:
            process.stdin.close()
        process.wait(timeout=_STOP_TIMEOUT_S)


def _advice() -> str:
    """What to do where no sandbox can be made."""
    found = requirements.sandbox()
    return "`osarena doctor` says what is missing" if found.is_met else f"try: {found.remedy}"


def _listen(path: Path) -> socket.socket:
    """A listening socket whose path does not exist inside any desktop: the guest is handed the descriptor."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(64)
    return listener


def _memory_file(text: str) -> int:
    """A file in memory with that text, to be read from its start."""
    descriptor = os.memfd_create("osarena")
    os.write(descriptor, text.encode())
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor
