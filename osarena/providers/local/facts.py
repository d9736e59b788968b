"""What the lock file of a run should know of this machine."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Mapping
from functools import lru_cache

_APPLICATIONS = (
    "bubblewrap chromium gimp libreoffice-calc libreoffice-impress libreoffice-writer mousepad thunar thunderbird"
    " tigervnc-standalone-server vlc xfce4-panel xfce4-terminal xfwm4"
).split()


@lru_cache(maxsize=1)
def host_facts() -> dict[str, str]:
    """The system's name and kernel, and the version of each application that is installed, as `app:<package>`."""
    facts = {"system": platform.freedesktop_os_release().get("PRETTY_NAME", "unknown"), "kernel": platform.release()}
    return facts | application_versions(package_versions(_APPLICATIONS))


def application_versions(packages: Mapping[str, str]) -> dict[str, str]:
    """The versions of the applications among some packages, as `app:<package>`."""
    return {f"app:{name}": packages[name] for name in _APPLICATIONS if name in packages}


def package_versions(names: list[str]) -> dict[str, str]:
    """The versions of those of these Debian packages that are installed; nothing on a system without dpkg."""
    try:
        done = subprocess.run(
            ["dpkg-query", "--show", "--showformat=${db:Status-Status} ${Package} ${Version}\n", *names],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return {}
    found = (line.split(" ", 2) for line in done.stdout.splitlines())
    return {name: version for status, name, version in found if status == "installed"}
