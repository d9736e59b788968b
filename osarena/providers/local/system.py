"""Whose applications the desktops have: this machine's own, or those of a root file system that was built."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from osarena.errors import MachineError
from osarena.images.store import RootImage, newest_root
from osarena.providers.base import Root
from osarena.providers.local.facts import application_versions, host_facts

# Never shown to a desktop, wherever they are installed.
_HIDDEN_PACKAGES = ("osarena", "osarena_tasks", "osarena_evaluators", "osarena_agents")


@dataclass(frozen=True)
class System:
    """A root file system, of which desktops see `usr` and what is made of `etc`."""

    top: Path = Path("/")
    image: RootImage | None = None  # `None` for this machine's own

    @property
    def usr(self) -> Path:
        """Programs and libraries."""
        return self.top / "usr"

    @property
    def etc(self) -> Path:
        """Settings for all users, of which a desktop gets some."""
        return self.top / "etc"

    @property
    def font_cache(self) -> Path | None:
        """What fontconfig knows of the fonts, where it has been asked."""
        folder = self.top / "var/cache/fontconfig"
        return folder if folder.is_dir() else None

    @cached_property
    def hidden(self) -> tuple[str, ...]:
        """Folders that a desktop must see empty: what was installed by hand, and the framework's own packages."""
        return ("/usr/local",) if self.image else hidden_folders(self.usr)

    def facts(self) -> dict[str, str]:
        """The system's name and the versions of its applications."""
        if self.image is None:
            return host_facts()
        applications = application_versions(self.image.packages)
        return {"system": self._name(), "kernel": platform.release(), "root": self.image.digest} | applications

    def require_python(self) -> None:
        """The guest's compiled libraries are this installation's.

        Raises:
            MachineError: the system's Python is another version.
        """
        program = self.usr / "bin/python3"
        theirs = os.readlink(program).removeprefix("python") if program.is_symlink() else "missing"
        ours = ".".join(map(str, sys.version_info[:2]))
        if self.image and theirs != ours:
            raise MachineError(f"Python is {theirs} in {self.image.name}, and {ours} here; the guest needs both to be the same")

    def _name(self) -> str:
        text = (self.usr / "lib/os-release").read_text(encoding="utf-8")
        lines = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
        return lines.get("PRETTY_NAME", "unknown").strip('"')


HOST = System()


def system_of(root: Root) -> System:
    """The system that a spec names.

    Raises:
        MachineError: none was built, or its Python cannot run the guest.
    """
    if root == "host":
        return HOST
    image = newest_root()
    system = System(image.tree, image)
    system.require_python()
    return system


def hidden_folders(usr: Path = Path("/usr")) -> tuple[str, ...]:
    """Folders below /usr that a desktop must see empty: what was installed by hand, and the framework's own packages."""
    folders = ["/usr/local"]
    for package in _HIDDEN_PACKAGES:
        spec = find_spec(package)
        for place in spec.submodule_search_locations or () if spec else ():
            path = Path(place).resolve()
            if path.is_relative_to(usr) and not path.is_relative_to("/usr/local"):
                folders.append(str(path))
    return tuple(folders)
