"""The bubblewrap command line of one desktop: what it sees, and what it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from osarena.providers.base import MachineSpec

# The one user inside every desktop; on the host it is somebody else (see `users`).
USER = "user"
USER_ID = 1000
HOME = f"/home/{USER}"
RUNTIME_DIR = f"/run/user/{USER_ID}"

# Where the desktop finds what the provider brings along.
GUEST = "/opt/osarena/guest"
HOME_TEMPLATE = "/opt/osarena/home"
SHARE = "/run/osarena"

GUEST_COMMAND = ("/usr/bin/python3", "-S", "-B", "-m", "osarena_guest")

# Folders in memory that programs may write to, with their permissions.
_WRITABLE = {"/dev/shm": "1777", "/home": "0755", "/run": "0755", "/tmp": "1777", "/var/tmp": "1777"}


@dataclass(frozen=True, slots=True)
class SandboxPaths:
    """What of the host one desktop sees. All of it is read-only but `share`."""

    usr: Path
    guest: Path  # the guest's package and its libraries
    etc: Path  # a made /etc
    home: Path  # the template of the home
    share: Path  # a folder of this desktop's own, with a file "hosts" that becomes its /etc/hosts
    font_cache: Path | None = None
    # Folders below `usr` that are shown empty: what was installed by hand, the framework's own packages.
    hidden: tuple[str, ...] = ("/usr/local",)


def writable_folders() -> tuple[str, ...]:
    """The folders inside a desktop whose files lie in memory."""
    return tuple(_WRITABLE)


def sandbox_options(spec: MachineSpec, paths: SandboxPaths, *, info_fd: int, block_fd: int) -> tuple[str, ...]:
    """The options of bwrap that give a program a sandbox of its own: processes, network, files and host name.

    Args:
        info_fd: where bwrap writes the process id of the sandbox's first process, as JSON.
        block_fd: the program starts once something can be read here.
    """
    return (
        *("--unshare-all", "--die-with-parent", "--hostname", "desktop"),
        *("--uid", str(USER_ID), "--gid", str(USER_ID)),
        *("--info-fd", str(info_fd), "--block-fd", str(block_fd)),
        *_system(paths),
        *_memory_folders(spec),
        *_own_files(paths),
        *("--remount-ro", "/"),
        *_environment(spec),
        *("--chdir", HOME),
    )


def sandbox_command(options_fd: int, command: Sequence[str]) -> list[str]:
    """The command line. The options come through a file, since programs in the sandbox can read its command line."""
    return ["bwrap", "--args", str(options_fd), "--", *command]


def _system(paths: SandboxPaths) -> list[str]:
    arguments = ["--ro-bind", str(paths.usr), "/usr"]
    for folder in paths.hidden:
        arguments += ["--perms", "0755", "--tmpfs", folder]
    for link in ("bin", "lib", "lib32", "lib64", "libx32", "sbin"):
        if (paths.usr / link).is_dir():
            arguments += ["--symlink", f"usr/{link}", f"/{link}"]
    arguments += ["--proc", "/proc", "--dev", "/dev"]
    if paths.font_cache:
        arguments += ["--ro-bind", str(paths.font_cache), "/var/cache/fontconfig"]
    return arguments


def _memory_folders(spec: MachineSpec) -> list[str]:
    arguments = []
    size = str(spec.memory_mb * 1024 * 1024 // 2)
    for folder, mode in _WRITABLE.items():
        arguments += ["--size", size, "--perms", mode, "--tmpfs", folder]
    for folder, mode in ((HOME, "0755"), (RUNTIME_DIR, "0700"), ("/tmp/.X11-unix", "1777"), ("/tmp/.ICE-unix", "1777")):
        arguments += ["--perms", mode, "--dir", folder]
    return arguments


def _own_files(paths: SandboxPaths) -> list[str]:
    return [
        *("--ro-bind", str(paths.etc), "/etc"),
        *("--ro-bind", str(paths.guest), GUEST),
        *("--ro-bind", str(paths.home), HOME_TEMPLATE),
        *("--bind", str(paths.share), SHARE),
        *("--bind", str(paths.share / "hosts"), "/etc/hosts"),
    ]


def desktop_environment(spec: MachineSpec) -> dict[str, str]:
    """The environment in which the guest and every program of a desktop start."""
    return {
        "HOME": HOME,
        "LANG": spec.locale,
        "LOGNAME": USER,
        "PATH": "/usr/bin:/bin:/usr/games",
        "PYTHONPATH": GUEST,
        "SHELL": "/bin/bash",
        "TZ": spec.timezone,
        "USER": USER,
        "XDG_RUNTIME_DIR": RUNTIME_DIR,
    }


def _environment(spec: MachineSpec) -> list[str]:
    arguments = ["--clearenv"]
    for name, value in desktop_environment(spec).items():
        arguments += ["--setenv", name, value]
    return arguments
