"""Where built images lie, and what is known of them.

::

    <folder>/                    /var/cache/osarena/images for root, else ~/.cache/osarena/images; or $OSARENA_IMAGES
        lock                     held while something is built or removed
        root-<digest>/           one root file system
            tree/                its files
            image.json           what it is made of, written last: without it, it is none
        draft-…/                 what is being built, or was when the builder was killed
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from osarena.errors import MachineError, UsageError

_RECORD = "image.json"


@dataclass(frozen=True, slots=True)
class RootImage:
    """A built root file system."""

    name: str  # "root-" and the start of its recipe's digest
    suite: str  # such as "bookworm"
    architecture: str
    recipe: str  # the digest of what it was built from: the list of packages and how they are installed
    digest: str  # of the versions of all packages in it
    packages: Mapping[str, str]  # versions by name
    size_bytes: int  # on disk
    built: str  # when, in ISO 8601
    folder: Path

    @property
    def tree(self) -> Path:
        """The folder that is its "/"."""
        return self.folder / "tree"


def images_folder() -> Path:
    """Where this user's images are kept."""
    if chosen := os.environ.get("OSARENA_IMAGES"):
        return Path(chosen)
    cache = Path("/var/cache") if os.geteuid() == 0 else Path.home() / ".cache"
    return cache / "osarena/images"


@contextmanager
def locked_images() -> Iterator[Path]:
    """The folder of images, made where it is missing, to nobody else until the context ends.

    Raises:
        MachineError: it cannot be written to, or something is being built there.
    """
    folder = images_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise MachineError(f"cannot keep images in {folder}: {error.strerror}; set OSARENA_IMAGES to another folder") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise MachineError(f"another process builds or removes an image in {folder}; wait for its end") from error
    try:
        yield folder
    finally:
        os.close(descriptor)


def root_images() -> list[RootImage]:
    """All that are whole, the newest first."""
    found = [image for record in images_folder().glob(f"root-*/{_RECORD}") if (image := _read(record))]
    return sorted(found, key=lambda image: image.built, reverse=True)


def newest_root() -> RootImage:
    """The root file system that machines are made from.

    Raises:
        MachineError: none was built yet.
    """
    images = root_images()
    if not images:
        raise MachineError("no root file system has been built yet; `osarena vm build root` makes one")
    return images[0]


def keep(draft: Path, image: RootImage) -> None:
    """Turn a draft, which has a `tree`, into the image."""
    record = {name: value for name, value in asdict(image).items() if name != "folder"}
    (draft / _RECORD).write_text(json.dumps(record, indent=1) + "\n")
    draft.rename(image.folder)


def remove(name: str) -> int:
    """Remove an image; the bytes that it took.

    Raises:
        UsageError: there is none of that name.
        MachineError: another process is at work there, or it cannot be removed.
    """
    with locked_images():
        image = next((image for image in root_images() if image.name == name), None)
        if image is None:
            there = ", ".join(image.name for image in root_images()) or "none"
            raise UsageError(f"there is no image {name!r:.80} (there is {there})")
        # Without its record it is no image, however far the rest comes.
        (image.folder / _RECORD).unlink()
        remove_tree(image.folder)
    return image.size_bytes


def remove_drafts(folder: Path) -> None:
    """Remove what killed builders have left. The folder must be locked."""
    for draft in [*folder.glob("draft-*"), *(path for path in folder.glob("root-*") if not (path / _RECORD).exists())]:
        remove_tree(draft)


def remove_tree(folder: Path) -> None:
    """Remove a folder, also parts that forbid their owner to write.

    Raises:
        MachineError: it cannot be removed.
    """
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir() and not path.is_symlink())):
        path.chmod(0o700)
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise MachineError(f"cannot remove {error.filename}: {error.strerror}") from error


def _read(record: Path) -> RootImage | None:
    try:
        return RootImage(folder=record.parent, **json.loads(record.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None  # of another version, or half removed
