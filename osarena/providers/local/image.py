"""What the provider brings into every desktop, built once per machine into a cache folder and bound read-only.

The guest's package with its libraries, a made /etc, and the template of the home. The cache is keyed by everything that
goes into it, so an upgrade of a library or of the guest makes a new image, and the old one goes when no runner uses it.
"""

from __future__ import annotations

import compileall
import fcntl
import logging
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from py_compile import PycInvalidationMode

from osarena.errors import MachineError
from osarena.providers.local import etc
from osarena.providers.local.estate import Estate, images_in_use
from osarena.providers.local.system import HOST, System

logger = logging.getLogger(__name__)

_GUEST_PACKAGE = "osarena_guest"
_LIBRARIES = ("blinker click flask itsdangerous jeepney jinja2 markupsafe mss pillow python-xlib six waitress werkzeug").split()
_HOME_TEMPLATE = Path(__file__).parent / "home"


@dataclass(frozen=True, slots=True)
class Image:
    """Folders of one built image."""

    folder: Path

    @property
    def guest(self) -> Path:
        """What goes onto the guest's module path."""
        return self.folder / "guest"

    @property
    def etc(self) -> Path:
        """The made /etc."""
        return self.folder / "etc"

    @property
    def home(self) -> Path:
        """The template of the home."""
        return self.folder / "home"


def cache_folder() -> Path:
    """Where this user's images are kept. Root's must be where the users of its desktops can read them."""
    return Path("/var/cache/osarena") if os.geteuid() == 0 else Path.home() / ".cache" / "osarena"


def prepare_image(estate: Estate, system: System = HOST) -> Image:
    """The image for desktops of a system, kept for as long as the estate lives. Others that nobody uses are removed.

    Raises:
        MachineError: a library is missing, or the cache folder cannot be written to.
    """
    name = image_name(system)
    with locked_cache() as cache:
        estate.note_image(name)
        image = build_image(cache, name, system)
        remove_images(cache, keep=images_in_use(estate.folder.parent))
    return image


@contextmanager
def locked_cache() -> Iterator[Path]:
    """The cache folder, to nobody else until the context ends.

    Raises:
        MachineError: it cannot be written to.
    """
    cache = cache_folder()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        cache.chmod(0o755)
        descriptor = os.open(cache / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise MachineError(f"cannot keep the guest's files in {cache}: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield cache
    finally:
        os.close(descriptor)


def image_name(system: System = HOST) -> str:
    """The name of the image that this installation would build for desktops of a system.

    Raises:
        MachineError: a library of the guest's is not installed.
    """
    digest = sha256(sys.version.encode())
    for line in _ingredients(system):
        digest.update(line.encode("utf-8", "surrogateescape") + b"\n")
    return f"image-{digest.hexdigest()[:16]}"


def build_image(cache: Path, name: str, system: System = HOST) -> Image:
    """The image of that name, built now where it is not there yet. The cache must be locked."""
    folder = cache / name
    if not folder.is_dir():
        logger.info("building the files of the local desktop in %s", folder)
        draft = cache / f"draft-{secrets.token_hex(4)}"
        draft.mkdir()
        _build_guest(draft / "guest")
        etc.build(draft / "etc", host=system.etc)
        shutil.copytree(_HOME_TEMPLATE, draft / "home", symlinks=True)
        _make_readable(draft)
        draft.rename(folder)
    return Image(folder)


def remove_images(cache: Path, *, keep: set[str]) -> list[Path]:
    """Remove all images (and drafts) but those of these names; what was removed. The cache must be locked."""
    removed = [entry for pattern in ("image-*", "draft-*") for entry in cache.glob(pattern) if entry.name not in keep]
    for entry in removed:
        shutil.rmtree(entry)
    return removed


def _ingredients(system: System) -> Iterator[str]:
    for library in _LIBRARIES:
        yield f"{library} {_distribution(library).version}"
    for folder in (_guest_sources(), _HOME_TEMPLATE):
        for file in _files(folder):
            yield f"{file.relative_to(folder)} {sha256(file.read_bytes()).hexdigest()}"
    yield from etc.fingerprint(system.etc)


def _build_guest(target: Path) -> None:
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(_guest_sources(), target / _GUEST_PACKAGE, ignore=ignore)
    for library in _LIBRARIES:
        for file in _distribution(library).files or ():
            # Scripts lie outside of the module folder, compiled files are made anew.
            if ".." not in file.parts and "__pycache__" not in file.parts:
                copy = target / file
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(str(file.locate()), copy)
    compileall.compile_dir(target, quiet=2, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH, stripdir=target)


def _distribution(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError as error:
        raise MachineError(f"the guest needs the Python package {name}: pip install {name}") from error


def _guest_sources() -> Path:
    spec = find_spec(_GUEST_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise MachineError("the guest's package osarena_guest is not installed")
    return Path(spec.submodule_search_locations[0])


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)


def _make_readable(folder: Path) -> None:
    """Let everybody read the image: desktops of root's run as other users."""
    folder.chmod(0o755)
    for entry in folder.rglob("*"):
        if not entry.is_symlink():
            is_program = entry.is_dir() or entry.stat().st_mode & 0o100
            entry.chmod(0o755 if is_program else 0o644)
