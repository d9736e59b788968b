"""One running desktop: its container, the folders that it shares with this machine, and the connection to its guest."""

from __future__ import annotations

import json
import logging
import secrets
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osarena.errors import GuestError, MachineError
from osarena.guest.client import Guest, GuestAddress, connect
from osarena.guest.wait import wait_until
from osarena.providers.base import MachineSpec
from osarena.providers.docker.engine import LABEL, told
from osarena.providers.local.estate import Estate
from osarena.providers.local.etc import initial_hosts
from osarena.providers.local.log import Log
from osarena.providers.local.sandbox import GUEST_COMMAND, HOME, RUNTIME_DIR, SHARE, USER_ID, desktop_environment

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

logger = logging.getLogger(__name__)

_READY_TIMEOUT_S = 60.0
_STOP_TIMEOUT_S = 10
# Where the guest listens. Root's in the container, so that no program of the desktop can put another socket there.
_GUEST_FOLDER = "/run/guest"


class DockerDesktop:
    """A desktop from `start` to `stop`. It is used once: a clean one is another one."""

    def __init__(self, client: DockerClient, image: str, estate: Estate, spec: MachineSpec) -> None:
        self.spec = spec
        self._client = client
        self._image = image
        self._estate = estate
        self._name = secrets.token_hex(4)
        self._token = secrets.token_urlsafe(32)
        self._container: Container | None = None
        self._input: Any = None
        self._log = Log()
        self._guest: Guest | None = None
        self._stop_lock = threading.Lock()

    @property
    def address(self) -> GuestAddress:
        """Where the guest listens. Only this process's user gets there."""
        return GuestAddress("unix", str(self._socket), self._token, self._share)

    @property
    def guest(self) -> Guest:
        """The connection to the guest."""
        if self._guest is None:
            raise MachineError("the desktop is not running")
        return self._guest

    def start(self) -> None:
        """Start the container, and return when window manager and panel are on the screen.

        Raises:
            MachineError: it did not come up; the text ends with what it printed last.
        """
        try:
            self._make_folders()
            with told("the container did not start"):
                self._container = self._client.containers.create(self._image, list(GUEST_COMMAND), **self._options())
                self._log.follow(self._container.attach(stream=True, logs=True))
                self._input = self._container.attach_socket(params={"stdin": 1, "stream": 1})
                self._container.start()
                self._input._sock.sendall(json.dumps(self._config()).encode() + b"\n")
            self._guest = self._connected()
            self._wait_until_ready(self._guest)
        except BaseException:
            self.stop()
            raise

    def problem(self) -> str | None:
        """Why the desktop is not usable any more, or `None`."""
        if self._container is None or self._guest is None:
            return "the desktop is not running"
        try:
            answer = self._guest.health()
        except GuestError as error:
            return self._epitaph() or str(error)
        return str(answer["problem"]) if answer.get("problem") else None

    def stop(self) -> None:
        """Remove the container and its folders. May be called twice, and from any thread."""
        with self._stop_lock:
            if self._guest:
                self._guest.close()
                self._guest = None
            if self._input is not None:
                self._input.close()
                self._input = None
            if self._container is not None:
                self._remove(self._container)
                self._container = None
            self._estate.remove_desktop_folder(self._name)

    @property
    def _folder(self) -> Path:
        return self._estate.desktop_folder(self._name)

    @property
    def _share(self) -> Path:
        return self._folder / "share"

    @property
    def _socket(self) -> Path:
        return self._folder / "guest" / "socket"

    def _make_folders(self) -> None:
        # Inside the estate's folder, which nobody else enters: the container's users are others than this process's.
        self._estate.make_desktop_folder(self._name, None)
        self._folder.chmod(0o700)
        self._share.chmod(0o777)
        (self._share / "hosts").write_text(initial_hosts())
        (self._share / "hosts").chmod(0o666)
        (self._folder / "guest").mkdir()
        (self._folder / "guest").chmod(0o1777)

    def _options(self) -> dict[str, Any]:
        memory = self.spec.memory_mb << 20
        of_user = f"uid={USER_ID},gid={USER_ID}"
        folders = {
            "/tmp": "mode=1777",
            "/tmp/.X11-unix": "mode=1777",
            "/tmp/.ICE-unix": "mode=1777",
            "/var/tmp": "mode=1777",
            HOME: f"mode=0755,{of_user}",
            RUNTIME_DIR: f"mode=0700,{of_user}",
        }
        return {
            "name": f"osarena-{self._estate.name}-{self._name}",
            "labels": {LABEL: str(self._estate.folder)},
            "hostname": "desktop",
            "working_dir": HOME,
            "environment": desktop_environment(self.spec),
            "user": "0:0",
            "cap_drop": ["ALL"],
            "cap_add": ["SETUID", "SETGID"],
            "security_opt": ["no-new-privileges"],
            "network_mode": "none",
            "read_only": True,
            "tmpfs": {place: f"rw,exec,nosuid,nodev,size={memory // 2},{rest}" for place, rest in folders.items()},
            "shm_size": memory // 2,
            "mem_limit": memory,
            "memswap_limit": memory,
            "pids_limit": self.spec.processes,
            "volumes": [
                f"{self._share}:{SHARE}:rw",
                f"{self._share / 'hosts'}:/etc/hosts:rw",
                f"{self._folder / 'guest'}:{_GUEST_FOLDER}:rw",
            ],
            "stdin_open": True,
            "auto_remove": True,
        }

    def _config(self) -> dict[str, Any]:
        return {
            "token": self._token,
            "bind": f"unix:{_GUEST_FOLDER}/socket",
            "user": USER_ID,
            "ends_with_input": True,
            "screen": [self.spec.screen.width, self.spec.screen.height],
            "dpi": self.spec.dpi,
            "theme": self.spec.theme,
            "share": SHARE,
            "session": True,
        }

    def _remove(self, container: Container) -> None:
        """The engine removes it once it has ended, by this or because this process's end has closed its input."""
        for ending in (container.kill, lambda: container.wait(condition="removed", timeout=_STOP_TIMEOUT_S)):
            with suppress(MachineError), told("the container was not removed"):
                ending()

    def _connected(self) -> Guest:
        try:
            wait_until(lambda: self._socket.exists() or self._epitaph(), timeout_s=_READY_TIMEOUT_S, what="the guest's socket")
        except GuestError as error:
            raise MachineError(f"the desktop did not come up: {error}; {self._log.last_words()}") from error
        return connect(self.address)

    def _wait_until_ready(self, guest: Guest) -> None:
        try:
            answer = guest.health(wait_s=_READY_TIMEOUT_S)
        except GuestError as error:
            raise MachineError(self._epitaph() or f"the desktop did not come up: {error}; {self._log.last_words()}") from error
        if not answer["ready"]:
            reason = answer["problem"] or f"its window manager and panel were not there within {_READY_TIMEOUT_S:g} s"
            raise MachineError(f"the desktop did not come up: {reason}; {self._log.last_words()}")

    def _epitaph(self) -> str:
        """How the container has ended, or nothing while it runs."""
        if self._container is None:
            return "the desktop is not running"
        with suppress(MachineError), told("the container cannot be asked for"):
            self._container.reload()
            if self._container.status == "running":
                return ""
        return f"the desktop has ended: {self._log.last_words()}"
