"""The process that outlives a provider for as long as it takes to remove what the provider owned.

A provider that is killed cannot clean up. So each has a janitor: a process in a session of its own that waits until the
provider lets it go or dies by whatever means, and then removes the provider's estate (see `estate`). It runs this file
alone, so nothing is imported here but the standard library.
"""

from __future__ import annotations

import fcntl
import os
import select
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_GRACE_S = 5.0
_QUIET_S = 0.2
_MARK = "OSARENA_DESKTOP"


def start(estate: Path) -> subprocess.Popen[bytes]:
    """Start the janitor of an estate of this process's."""
    return subprocess.Popen(
        [sys.executable, "-I", "-S", __file__, str(estate), str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )


def dismiss(process: subprocess.Popen[bytes]) -> None:
    """Let a janitor go once its estate is removed."""
    if process.stdin:
        process.stdin.close()
    process.wait()


def hold(estate: Path) -> int:
    """Mark an estate as alive until the returned descriptor is closed, or this process ends."""
    descriptor = os.open(estate / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def is_alive(estate: Path) -> bool:
    """Whether the provider that an estate belongs to, or its janitor, still lives."""
    try:
        descriptor = os.open(estate / "lock", os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def remove_estate(estate: Path) -> None:
    """End the desktops of an estate and remove its control groups, user ids and folders; what is gone already is no matter."""
    end_sandboxes(f"{estate}/", quiet_s=_QUIET_S)
    for group in _lines(estate / "cgroups"):
        remove_cgroup(Path(group))
    for lease in estate.parent.glob("users/*"):
        if _lines(lease) == [estate.name]:
            lease.unlink(missing_ok=True)
    remove_folder(estate)


def mark_of_sandbox(estate: Path, desktop: str) -> str:
    """What the processes of bwrap are known by. It holds the estate's whole path: another user's may have the same name."""
    return f"{estate}/{desktop}"


def sandbox_environment(estate: Path, desktop: str) -> dict[str, str]:
    """The environment of bwrap itself, which holds its mark. Programs in the sandbox can read it."""
    return {"PATH": os.defpath, _MARK: mark_of_sandbox(estate, desktop)}


def find_sandboxes(prefix: str) -> dict[int, str]:
    """The processes of bwrap whose mark begins like that: of each sandbox its supervisor, outside, and its first process."""
    found = {}
    for entry in os.scandir("/proc"):
        mark = _mark_of(int(entry.name)) if entry.name.isdigit() else ""
        if mark and mark.startswith(prefix):
            found[int(entry.name)] = mark
    return found


def end_sandboxes(prefix: str, *, quiet_s: float = 0.0) -> None:
    """Kill the sandboxes whose mark begins like that, and return when all of their processes are gone.

    bwrap ends its sandbox when its parent dies, but not in the moments before it has asked the kernel for that.

    Args:
        quiet_s: look again until none was found for so long; a process that was being started may show up late.
    """
    deadline = time.monotonic() + _GRACE_S
    seen = time.monotonic()
    while time.monotonic() < deadline:
        found = find_sandboxes(prefix)
        for pid, mark in found.items():
            _kill(pid, mark, deadline)
        if found:
            seen = time.monotonic()
        elif time.monotonic() - seen >= quiet_s:
            return
        select.select([], [], [], 0.02)


def remove_cgroup(folder: Path) -> None:
    """Remove a control group and those in it. Their processes must be ending."""
    for inner in _subfolders(folder):
        remove_cgroup(inner)
    # Busy for a moment after its last process.
    _retry(folder.rmdir)


def remove_folder(folder: Path) -> None:
    """Remove a folder, whatever permissions a program in the desktop gave to what lies in it."""
    shutil.rmtree(folder, onerror=_open_up)


def _open_up(function: Callable[..., object], path: str, error: object) -> None:
    del function, error
    try:
        if stat.S_ISDIR(os.lstat(path).st_mode):
            os.chmod(path, 0o700)
            shutil.rmtree(path, ignore_errors=True)
        else:
            os.chmod(os.path.dirname(path), 0o700)
            os.unlink(path)
    except OSError:
        return


def _retry(attempt: Callable[[], None]) -> None:
    deadline = time.monotonic() + _GRACE_S
    while True:
        try:
            return attempt()
        except FileNotFoundError:
            return None
        except OSError:
            if time.monotonic() > deadline:
                return None
            select.select([], [], [], 0.01)


def _subfolders(folder: Path) -> Iterator[Path]:
    try:
        yield from [entry for entry in folder.iterdir() if entry.is_dir()]
    except FileNotFoundError:
        return


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except FileNotFoundError:
        return []


def _mark_of(pid: int) -> str:
    """The mark that a process was started with, or nothing."""
    try:
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return ""
    start = f"{_MARK}=".encode()
    return next((variable[len(start) :].decode() for variable in variables if variable.startswith(start)), "")


def _kill(pid: int, mark: str, deadline: float) -> None:
    """Kill a process, unless its id is another's by now, and return when it is gone.

    With the first process of a sandbox the kernel ends all others, and it is not gone before they are.
    """
    try:
        watch = os.pidfd_open(pid)
    except OSError:
        return
    try:
        if _mark_of(pid) == mark:
            signal.pidfd_send_signal(watch, signal.SIGKILL)
            poll = select.poll()
            poll.register(watch, select.POLLIN)
            poll.poll(max(deadline - time.monotonic(), 0) * 1000)
    except ProcessLookupError:
        return
    finally:
        os.close(watch)


def _wait_for_end_of(owner: int) -> None:
    """Return when a process has died or has closed this one's standard input."""
    poll = select.poll()
    poll.register(sys.stdin.fileno(), select.POLLHUP)
    try:
        poll.register(os.pidfd_open(owner), select.POLLIN)
    except ProcessLookupError:
        return
    if os.getppid() == owner:
        poll.poll()


def main() -> None:
    """Wait for the owner's end, then remove its estate."""
    estate, owner = Path(sys.argv[1]), int(sys.argv[2])
    try:
        hold(estate)
    except FileNotFoundError:
        return
    _wait_for_end_of(owner)
    remove_estate(estate)


if __name__ == "__main__":
    main()
