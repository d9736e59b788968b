"""Folders, as the probe `folder` packs them, and any other archive: .zip, .tar, .tar.gz, .tar.bz2, .tar.xz."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import PurePosixPath
from zipfile import ZipFile

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers._paths import counts
from osarena_evaluators.readers.archives import open_packed, read_member
from osarena_evaluators.readers.text import text


@reader
def paths(data: bytes, *, hidden: bool = False, ignore: Sequence[str] = ()) -> list[str]:
    """The paths of all files, and of the folders that are empty with a "/" at the end, sorted: together, the whole tree.

    Without `hidden`, nothing whose name starts with a dot counts, such as the lock files of office programs.
    `ignore` has patterns such as "*.bak".
    """
    names = {name for name in open_packed(data).namelist() if counts(name, hidden=hidden, ignore=ignore)}
    parents = {f"{parent}/" for name in names for parent in PurePosixPath(name).parents}
    return sorted(names - parents)


@reader
def texts(data: bytes, *, only: Sequence[str] = (), hidden: bool = False, encoding: str = "") -> dict[str, str]:
    """The texts of files by path: of those that `only` names (one that is not there is left out), else of all.

    Raises:
        EvidenceMissing: it is no archive, or a file in it is damaged or no text.
    """
    archive = open_packed(data)
    return {name: _text(archive, name, encoding) for name in _files(archive, hidden=hidden) if not only or name in only}


@reader
def digests(data: bytes, *, only: Sequence[str] = ("*",), hidden: bool = False, ignore: Sequence[str] = ()) -> dict[str, str]:
    """The SHA-256 of each file by path, to see whether any has changed. `only` and `ignore` have patterns such as "*.bak"."""
    archive = open_packed(data)
    names = [name for name in _files(archive, hidden=hidden, ignore=ignore) if any(fnmatchcase(name, like) for like in only)]
    return {name: sha256(read_member(archive, name)).hexdigest() for name in names}


@reader
def member(data: bytes, *, name: str) -> bytes:
    """The bytes of one file, by its path."""
    return read_member(open_packed(data), name)


def _files(archive: ZipFile, *, hidden: bool, ignore: Sequence[str] = ()) -> list[str]:
    names = {name for name in archive.namelist() if not name.endswith("/")}
    return sorted(name for name in names if counts(name, hidden=hidden, ignore=ignore))


def _text(archive: ZipFile, name: str, encoding: str) -> str:
    try:
        return text(read_member(archive, name), encoding=encoding)
    except EvidenceMissing as error:
        raise EvidenceMissing(f"{name}: {error}") from error
