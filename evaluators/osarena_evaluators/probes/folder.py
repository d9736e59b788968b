"""A folder of the desktop: with all that is in it as a zip archive, or what is in it as a list."""

from __future__ import annotations

import io
import json
import stat
from collections.abc import Sequence
from dataclasses import asdict
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from osarena.errors import EvidenceMissing
from osarena.grading.model import probe
from osarena.guest.client import FileEntry, Guest

MAX_ENTRIES = 5_000
MAX_BYTES = 64 << 20


@probe
def folder(guest: Guest, path: str) -> bytes:
    """A zip archive of everything below a folder: files with their content, folders, and links without their targets.

    Raises:
        NoSuchFile: there is no such folder.
        EvidenceMissing: it holds more than 5,000 entries or 64 MiB.
    """
    entries = guest.list_files(path)
    _require_small(path, entries)
    archive = io.BytesIO()
    with ZipFile(archive, "w", ZIP_DEFLATED) as packed:
        for entry in entries:
            data = guest.read(f"{path}/{entry.path}") if entry.kind == "file" else b""
            packed.writestr(_describe(entry), data)
    return archive.getvalue()


@probe
def listing(guest: Guest, path: str) -> bytes:
    """What is in a folder and below as a JSON list, without the contents: `path`, `kind`, `size`, `mtime`, `mode`.

    `kind` is "file", "folder", "link" or "other". Since it tells when files were changed, no two are the same.

    Raises:
        NoSuchFile: there is no such folder.
    """
    return json.dumps([asdict(entry) for entry in guest.list_files(path)], ensure_ascii=False).encode("utf-8", "replace")


def _require_small(path: str, entries: Sequence[FileEntry]) -> None:
    size = sum(entry.size for entry in entries if entry.kind == "file")
    if len(entries) > MAX_ENTRIES or size > MAX_BYTES:
        raise EvidenceMissing(f"{path} holds {len(entries)} entries with {size} bytes, which is too much to look at")


def _describe(entry: FileEntry) -> ZipInfo:
    """The archive's header of an entry; always of the same date, so that the same folder gives the same bytes."""
    kinds = {"file": stat.S_IFREG, "folder": stat.S_IFDIR, "link": stat.S_IFLNK, "other": stat.S_IFIFO}
    info = ZipInfo(entry.path + ("/" if entry.kind == "folder" else ""))
    info.external_attr = (kinds[entry.kind] | stat.S_IMODE(entry.mode)) << 16
    info.compress_type = ZIP_DEFLATED
    return info
