"""What WindowsAgentArena's getters need from a desktop with Windows, fetched as it is and decoded on the host.

Written after Microsoft's documentation of the programs that are run; none of it was verified on a live Windows.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from osarena.errors import FileTooLarge, NoSuchFile
from osarena.grading.model import live_probe, probe
from osarena.guest.client import Guest
from osarena_evaluators.probes._parts import as_json, packed, read_if_there
from osarena_evaluators.probes.command import output_of_ours
from osarena_evaluators.probes.screen import tree

_DESKTOP = "~/Desktop"
_MAX_SHORTCUT_BYTES = 1 << 20
_MAX_TEXT_BYTES = 4 << 20
_HIVE = "osarena-registry.hiv"  # in the folder of temporary files
_TIMEOUT_S = 120.0


@live_probe
def hive(guest: Guest, key: str) -> bytes:
    """A key of the registry ("HKCU", "HKLM\\SYSTEM") with all that is below it, as a file of a hive whose root it is.

    The files of the hives themselves cannot be read while Windows runs, so `reg save` writes a copy, for which the desktop's
    user has to be an administrator.

    Raises:
        EvidenceMissing: there is no such key, or the user may not read it.
    """
    output_of_ours(guest, ("cmd", "/c", "reg", "save", key, f"%TEMP%\\{_HIVE}", "/y"))
    path = f"~/AppData/Local/Temp/{_HIVE}"
    try:
        return guest.read(path)
    finally:
        _remove(guest, path)


@live_probe
def hives(guest: Guest, keys: Sequence[str]) -> bytes:
    """Several keys of the registry as a zip archive of their hives, named by their numbers from 0."""
    return packed({str(number): hive(guest, key) for number, key in enumerate(keys)})


@live_probe
def command(guest: Guest, command: str | Sequence[str], shell: bool = False) -> bytes:
    """What a program did, as JSON: `exit_code` (null after 120 s), `stdout`, `stderr`; or null where there is no such program.

    With `shell` it is a line for Windows' command prompt.
    """
    words = shlex.split(command) if isinstance(command, str) and not shell else command
    line = [words] if isinstance(words, str) else list(words)
    try:
        done = guest.run(["cmd", "/c", *line] if shell else line, timeout_s=_TIMEOUT_S)
    except NoSuchFile:
        return b"null"
    return as_json({"exit_code": done.exit_code, "stdout": _decoded(done.stdout), "stderr": _decoded(done.stderr)})


@live_probe
def clock(guest: Guest) -> bytes:
    """The desktop's time with its distance from UTC: "2026-05-03T14:05:00+02:00"."""
    return output_of_ours(guest, ("powershell", "-NoProfile", "-Command", "Get-Date -Format yyyy-MM-ddTHH:mm:sszzz"))


@live_probe
def explorer(guest: Guest, folder: str) -> bytes:
    """The accessibility tree, and what is in a folder, as JSON: `tree` as `screen.tree` tells it, `entries` with their times."""
    return as_json({"tree": json.loads(tree(guest)), "entries": _entries(guest, folder)})


@probe
def exists(guest: Guest, path: str, folder: bool = False) -> bytes:
    """Whether there is a file, or a folder, at a path: "true" or "false"."""
    try:
        _ = guest.list_files(path) if folder else guest.read(path)
    except NoSuchFile:
        return b"false"
    except FileTooLarge:
        return b"true"
    return b"true"


@probe
def gathered(guest: Guest, folders: Sequence[str], files: Sequence[str] = ()) -> bytes:
    """What is in some folders and below, and the texts of some files, as JSON: `folders`, `files`; null what is not there."""
    return as_json(
        {
            "folders": [_entries(guest, folder) for folder in folders],
            "files": [_text(guest, file) for file in files],
        }
    )


@probe
def shortcuts(guest: Guest, endings: Sequence[str]) -> bytes:
    """A zip archive of the shortcuts that lie on the desktop, with these endings of their names: ".lnk", ".url"."""
    entries = _entries(guest, _DESKTOP) or []
    names = [entry["path"] for entry in entries if "/" not in entry["path"] and entry["path"].lower().endswith(tuple(endings))]
    found = {name: read_if_there(guest, f"{_DESKTOP}/{name}") for name in names}
    return packed({name: data for name, data in found.items() if data is not None and len(data) <= _MAX_SHORTCUT_BYTES})


@probe
def attributes(guest: Guest, path: str) -> bytes:
    """What `attrib` says of a file: its attributes in letters, then its path."""
    return output_of_ours(guest, ("attrib", path))


@probe
def permissions(guest: Guest, path: str) -> bytes:
    """What `icacls` says of a file or folder: who has which rights. Raises EvidenceMissing where there is none."""
    return output_of_ours(guest, ("icacls", path))


def _entries(guest: Guest, folder: str) -> list[dict[str, Any]] | None:
    try:
        return [asdict(entry) | {"path": entry.path.replace("\\", "/")} for entry in guest.list_files(folder)]
    except NoSuchFile:
        return None


def _text(guest: Guest, path: str) -> str | None:
    data = read_if_there(guest, path)
    return None if data is None else _decoded(data[:_MAX_TEXT_BYTES])


def _remove(guest: Guest, path: str) -> None:
    try:
        guest.remove(path)
    except NoSuchFile:
        return


def _decoded(data: bytes) -> str:
    """Text of Windows in UTF-8, or in UTF-16 with its mark, with line ends as Python has them."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return data.decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n")
