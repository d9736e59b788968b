"""What the probe `folder.listing` tells of a folder: times, sizes and permissions. `files` reads what is in the files."""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers._paths import counts

Record = dict[str, Any]


@reader
def entries(data: bytes, *, hidden: bool = False, ignore: Sequence[str] = ()) -> list[Record]:
    """What is in a folder and below, by path: `path`, `kind`, `size` in bytes, `modified` (UTC) and `permissions`.

    `kind` is "file", "folder", "link" or "other"; permissions are written as `ls` does: "rw-r--r--". Without `hidden`, what
    has a name or folder that starts with a dot is left out; `ignore` has patterns such as "*.bak".
    """
    found = [_entry(record) for record in _records(data)]
    return [entry for entry in found if counts(entry["path"], hidden=hidden, ignore=ignore)]


@reader
def permissions(data: bytes, *, hidden: bool = False, ignore: Sequence[str] = ()) -> dict[str, str]:
    """The permissions of each file and folder by path: `{"run.sh": "rwxr-xr-x"}`."""
    return {entry["path"]: entry["permissions"] for entry in entries(data, hidden=hidden, ignore=ignore)}


@reader
def modified(data: bytes, *, hidden: bool = False, ignore: Sequence[str] = ()) -> dict[str, datetime]:
    """When each file was last changed (UTC), by path."""
    return {entry["path"]: entry["modified"] for entry in entries(data, hidden=hidden, ignore=ignore) if entry["kind"] == "file"}


def _records(data: bytes) -> list[Mapping[str, Any]]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise EvidenceMissing(f"it is no listing of a folder: {error}") from error
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
        raise EvidenceMissing("it is no listing of a folder")
    return found


def _entry(record: Mapping[str, Any]) -> Record:
    try:
        return {
            "path": str(record["path"]),
            "kind": str(record["kind"]),
            "size": int(record["size"]),
            "modified": datetime.fromtimestamp(record["mtime"], UTC),
            "permissions": stat.filemode(stat.S_IMODE(record["mode"]))[1:],
        }
    except (ArithmeticError, LookupError, OSError, TypeError, ValueError) as error:
        raise EvidenceMissing(f"it is no listing of a folder: {error!r:.200}") from error
