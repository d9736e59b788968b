"""What one provider owns on this machine, kept so that others can tell whether its owner still lives.

::

    /dev/shm/osarena-<user id>/          one per user of this machine
        lock                             held while user ids are given out
        users/<id>                       names the estate whose desktop runs under that user id
        <estate>/                        one per provider
            lock                         locked by the provider and by its janitor while they live
            images                       the names of the images that its desktops are made from, one a line
            cgroups                      the control groups that belong to it, one folder a line
            sockets/                     guests listen here; nobody but the owner may look inside
            desktops/<name>/share/       what the desktop sees as /run/osarena

It lies in memory: frames go through `share`, and nothing of it should outlive the machine.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from osarena.errors import MachineError
from osarena.providers.local import janitor

# Ids that no distribution gives out (systemd keeps a table of the known ranges), and that fit into a 16-bit id map.
DESKTOP_USERS = range(60600, 61184)

_MEMORY = Path("/dev/shm")


def state_folder() -> Path:
    """The folder that holds all estates of this user, made where it is missing.

    Raises:
        MachineError: it belongs to somebody else or cannot be made.
    """
    user = os.geteuid()
    folder = (_MEMORY if os.access(_MEMORY, os.W_OK) else Path("/tmp")) / f"osarena-{user}"
    try:
        folder.mkdir(mode=_passable(), exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise MachineError(f"cannot keep desktops in {folder}: {error.strerror}") from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user:
        raise MachineError(f"{folder} belongs to somebody else; remove it")
    folder.chmod(_passable())
    return folder


@contextmanager
def locked(state: Path) -> Iterator[None]:
    """Estates and leases belong to nobody else until the context ends."""
    descriptor = os.open(state / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def images_in_use(state: Path) -> set[str]:
    """The names of the images that living providers make their desktops from."""
    return {name for file in state.glob("*/images") if janitor.is_alive(file.parent) for name in file.read_text().splitlines()}


class Estate:
    """The folders and user ids of one provider, from `Estate()` to `close`."""

    def __init__(self) -> None:
        self._state = state_folder()
        self.folder = self._state / f"{os.getpid()}-{secrets.token_hex(4)}"
        self.sockets = self.folder / "sockets"
        with locked(self._state):
            self.folder.mkdir()
            self._lock = janitor.hold(self.folder)
        # Desktops of root's run as other users, who pass through to the share that they own.
        for folder in (self.folder, self.folder / "desktops"):
            folder.mkdir(exist_ok=True)
            folder.chmod(_passable())
        self.sockets.mkdir(mode=0o700)
        self._janitor = janitor.start(self.folder)

    @property
    def name(self) -> str:
        """Unique on this machine."""
        return self.folder.name

    def note_image(self, name: str) -> None:
        """Remember an image that desktops are made from, so that nobody removes it."""
        with (self.folder / "images").open("a") as file:
            file.write(f"{name}\n")

    def add_cgroup(self, folder: Path) -> None:
        """Remember a control group, so that it is removed with the estate."""
        with (self.folder / "cgroups").open("a") as file:
            file.write(f"{folder}\n")

    def desktop_folder(self, name: str) -> Path:
        """Where the folder of a desktop lies."""
        return self.folder / "desktops" / name

    def make_desktop_folder(self, name: str, user: int | None) -> Path:
        """A folder for one desktop, with a share that is `user`'s (default: this process's own) and nobody else's."""
        folder = self.desktop_folder(name)
        folder.mkdir()
        folder.chmod(_passable())
        share = folder / "share"
        share.mkdir(mode=0o700)
        if user is not None:
            os.chown(share, user, user)
        return folder

    def remove_desktop_folder(self, name: str) -> None:
        """Remove a desktop's folder, where there is one."""
        if self.desktop_folder(name).exists():
            janitor.remove_folder(self.desktop_folder(name))

    def lease_user(self) -> int | None:
        """A user id for one desktop that nobody on this machine uses; `None` where this process is an ordinary user.

        Raises:
            MachineError: all are taken.
        """
        if os.geteuid() != 0:
            return None
        leases = self._state / "users"
        with locked(self._state):
            leases.mkdir(mode=0o700, exist_ok=True)
            busy = _users_with_processes()
            for user in DESKTOP_USERS:
                if user not in busy and not self._is_leased(leases / str(user)):
                    (leases / str(user)).write_text(self.folder.name)
                    return user
        raise MachineError(
            f"all {len(DESKTOP_USERS)} user ids for desktops are taken; `osarena clean` frees those of dead runners"
        )

    def release_user(self, user: int | None) -> None:
        """Give a user id back. All of its processes must be gone."""
        if user is not None:
            (self._state / "users" / str(user)).unlink(missing_ok=True)

    def close(self) -> None:
        """Remove everything and let the janitor go. May be called twice."""
        if self._lock < 0:
            return
        janitor.remove_estate(self.folder)
        janitor.dismiss(self._janitor)
        os.close(self._lock)
        self._lock = -1

    def _is_leased(self, lease: Path) -> bool:
        try:
            owner = lease.read_text()
        except FileNotFoundError:
            return False
        return owner == self.folder.name or janitor.is_alive(self._state / owner)


def _passable() -> int:
    """The mode of folders on the way to what a desktop may see: its user passes, and cannot look around."""
    return 0o711 if os.geteuid() == 0 else 0o700


def _users_with_processes() -> set[int]:
    users = set()
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                users.add(entry.stat().st_uid)
            except FileNotFoundError:
                continue
    return users
