"""Building a root file system of Debian with a whole desktop, by mmdebstrap, without anybody's help.

It takes the packages from where this machine takes its own, and knows nothing else of this machine.
"""

from __future__ import annotations

import json
import os
import platform
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from osarena.errors import MachineError, UsageError
from osarena.images.store import RootImage, keep, locked_images, remove_drafts, root_images

Told = Callable[[str], None]

_INSTALL = "apt-get install --no-install-recommends mmdebstrap    # as root"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
_NEEDED_BYTES = 8 << 30  # while it is built; less than a half stays
# Nobody reads manuals in a desktop that lasts for minutes; licences stay.
_LEFT_OUT = (
    "path-exclude=/usr/share/man/*",
    "path-exclude=/usr/share/doc/*",
    "path-include=/usr/share/doc/*/copyright",
    "path-exclude=/usr/share/info/*",
    "path-exclude=/usr/share/lintian/*",
)
_SOURCES = (Path("/etc/apt/sources.list"), Path("/etc/apt/sources.list.d/debian.sources"))
_DEFAULT_SOURCES = "http://deb.debian.org/debian"
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_LAST_LINES = 15


@dataclass(frozen=True, slots=True)
class RootRecipe:
    """What a root file system is built from."""

    packages: tuple[str, ...]
    suite: str = "bookworm"

    @property
    def digest(self) -> str:
        """Of everything that decides what comes of it, but for the versions in the archive on the day."""
        content = [self.suite, architecture(), sorted(self.packages), _LEFT_OUT]
        return sha256(json.dumps(content).encode()).hexdigest()

    @property
    def name(self) -> str:
        """The name of the image."""
        return f"root-{self.digest[:12]}"


def desktop_recipe() -> RootRecipe:
    """The desktop and its applications, as `osarena_guest/images/desktop-packages.txt` lists them."""
    text = (files("osarena_guest") / "images/desktop-packages.txt").read_text(encoding="utf-8")
    return RootRecipe(tuple(line.partition("#")[0].strip() for line in text.splitlines() if line.partition("#")[0].strip()))


def architecture() -> str:
    """Debian's name of this machine's.

    Raises:
        UsageError: there are no images for it.
    """
    found = _ARCHITECTURES.get(platform.machine())
    if found is None:
        raise UsageError(f"no image can be built for {platform.machine()}, only for {', '.join(_ARCHITECTURES)}")
    return found


def built(recipe: RootRecipe) -> RootImage | None:
    """The image of a recipe, where it was built before."""
    return next((image for image in root_images() if image.recipe == recipe.digest), None)


def build(recipe: RootRecipe, told: Told = lambda _: None) -> RootImage:
    """Build an image, in some minutes. One of the same recipe is replaced when the new one is whole.

    Args:
        told: called with each stage, in words.

    Raises:
        MachineError: mmdebstrap is missing or failed, the disk is too full, or another process is building.
    """
    program = shutil.which("mmdebstrap")
    if program is None:
        raise MachineError(f"building a root file system needs mmdebstrap: {_INSTALL}")
    with locked_images() as folder:
        remove_drafts(folder)
        _require_room(folder)
        draft = folder / f"draft-{secrets.token_hex(4)}"
        draft.mkdir(mode=0o755)
        try:
            _bootstrap(program, recipe, draft / "tree", told)
            told("writing down what it is made of")
            image = _describe(recipe, draft, folder / recipe.name)
            if image.folder.exists():
                _forget(image.folder)
            keep(draft, image)
        except BaseException:
            told("removing what was built so far")
            remove_drafts(folder)
            raise
    return image


def _require_room(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < _NEEDED_BYTES:
        room = f"{free / 1e9:.1f} GB free, and {_NEEDED_BYTES / 1e9:.0f} GB are needed"
        raise MachineError(f"{folder} has {room}; set OSARENA_IMAGES to a folder with more")


def _forget(folder: Path) -> None:
    """Let an older image of the same recipe become a draft, which is removed at the next build where a desktop still uses it."""
    folder.rename(folder.with_name(f"draft-{secrets.token_hex(4)}"))


# --- mmdebstrap ------------------------------------------------------------------------------------------------------


def command(program: str, recipe: RootRecipe, target: Path, sources: Sequence[Path]) -> list[str]:
    """The command line of mmdebstrap."""
    options = [
        *("--mode", "root" if os.geteuid() == 0 else "unshare"),
        *("--format", "directory", "--variant", "minbase"),
        *("--architectures", architecture()),
        "--include=" + ",".join(sorted(recipe.packages)),
        *(f"--dpkgopt={rule}" for rule in _LEFT_OUT),
        # Of a source that serves no translations, and of mirrors that are out of step for a moment.
        '--aptopt=Acquire::Languages "none"',
        '--aptopt=Acquire::Retries "3"',
    ]
    if _KEYRING.exists():
        options.append(f"--keyring={_KEYRING}")
    return [program, *options, recipe.suite, str(target), *(map(str, sources) if sources else [_DEFAULT_SOURCES])]


def debian_sources(recipe: RootRecipe) -> list[Path]:
    """This machine's lists of sources, where they have the recipe's suite."""
    return [file for file in _SOURCES if file.is_file() and recipe.suite in file.read_text(encoding="utf-8", errors="replace")]


def _bootstrap(program: str, recipe: RootRecipe, target: Path, told: Told) -> None:
    told(f"asking the archive of Debian {recipe.suite} for {len(recipe.packages)} packages and what they need")
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": os.environ.get("HOME", "/")}
    environment |= {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    lines: list[str] = []
    with subprocess.Popen(
        command(program, recipe, target, debian_sources(recipe)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                lines = [*lines, line.rstrip()][-_LAST_LINES:]
                if stage := stage_of(line):
                    told(stage)
        except BaseException:
            process.terminate()  # it unmounts what it has mounted
            raise
    if process.returncode:
        raise MachineError("mmdebstrap failed:\n" + "\n".join(lines))


def stage_of(line: str) -> str:
    """What a line of mmdebstrap's means for somebody who waits, or nothing."""
    if line.startswith("I: "):
        return line[3:].strip().removesuffix("...")
    if line.startswith(("Unpacking ", "Setting up ")):
        return " ".join(line.split()[: 3 if line.startswith("Setting") else 2])
    return ""


# --- what came of it -------------------------------------------------------------------------------------------------


def _describe(recipe: RootRecipe, draft: Path, folder: Path) -> RootImage:
    packages = dict(installed_packages(draft / "tree"))
    lines = "".join(f"{name} {version}\n" for name, version in sorted(packages.items()))
    return RootImage(
        name=recipe.name,
        suite=recipe.suite,
        architecture=architecture(),
        recipe=recipe.digest,
        digest=sha256(lines.encode()).hexdigest(),
        packages=packages,
        size_bytes=_size(draft),
        built=datetime.now(UTC).isoformat(timespec="seconds"),
        folder=folder,
    )


def installed_packages(tree: Path) -> Iterator[tuple[str, str]]:
    """Names and versions of the packages that are installed in a tree, as dpkg's own record has them.

    Raises:
        MachineError: there is no such record.
    """
    try:
        text = (tree / "var/lib/dpkg/status").read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise MachineError(f"what was built has no record of its packages: {error}") from error
    for paragraph in text.split("\n\n"):
        fields: Mapping[str, str] = dict(
            line.split(": ", 1) for line in paragraph.splitlines() if ": " in line and not line.startswith(" ")
        )
        if fields.get("Status") == "install ok installed":
            yield fields["Package"], fields["Version"]


def _size(folder: Path) -> int:
    """Bytes on disk; a file with several names counts once."""
    seen: set[int] = set()
    total = 0
    for parent, names, file_names in os.walk(folder):
        for name in (*names, *file_names):
            found = os.lstat(os.path.join(parent, name))
            if found.st_ino not in seen:
                seen.add(found.st_ino)
                total += found.st_blocks * 512
    return total
