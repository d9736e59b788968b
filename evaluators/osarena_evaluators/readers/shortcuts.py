"""Windows' shortcuts: .lnk (MS-SHLLINK) and .url."""

from __future__ import annotations

import json
import struct
from typing import Any

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers.archives import open_archive, read_member

_HEAD = struct.pack("<I", 0x4C) + bytes.fromhex("0114020000000000c000000000000046")
_HAS_LIST, _HAS_INFO, _IS_UNICODE = 0x01, 0x02, 0x80
# The texts behind the head in their order, by the flag that says whether they are there.
_TEXTS = {
    0x04: "description",
    0x08: "relative_path",
    0x10: "working_directory",
    0x20: "command_line_arguments",
    0x40: "icon_location",
}


@reader
def link(data: bytes) -> dict[str, str]:
    """The parts of a .lnk: `target` (a path, or "" where it is none), and the texts that it has.

    These are `description`, `relative_path`, `working_directory`, `command_line_arguments` and `icon_location`.
    """
    if not data.startswith(_HEAD) or len(data) < 0x4C:
        raise EvidenceMissing("it is no shortcut of Windows")
    (flags,) = struct.unpack_from("<I", data, 0x14)
    at = 0x4C
    if flags & _HAS_LIST:
        at += 2 + _number(data, at, "<H")
    target = ""
    if flags & _HAS_INFO:
        size = _number(data, at, "<I")
        target, at = _target(_part(data, at, size)), at + size
    found = {"target": target}
    for flag, name in _TEXTS.items():
        if flags & flag:
            width = 2 if flags & _IS_UNICODE else 1
            length = _number(data, at, "<H") * width
            found[name] = _part(data, at + 2, length).decode("utf-16-le" if width == 2 else "cp1252", "replace")
            at += 2 + length
    return found


@reader
def is_link(data: bytes) -> bool:
    """Whether it is a .lnk, and not only called so."""
    try:
        link(data)
    except EvidenceMissing:
        return False
    return True


@reader
def on_desktop(data: bytes) -> dict[str, str]:
    """The shortcuts that the probe `waa.shortcuts` found, as texts by name: a .url as it is, a .lnk as JSON.

    That JSON has the parts that `link` tells of under "data". A file that is no shortcut is left out.
    """
    archive = open_archive(data)
    found = {name: _shown(name, read_member(archive, name)) for name in archive.namelist()}
    return {name: text for name, text in found.items() if text is not None}


def _shown(name: str, data: bytes) -> str | None:
    if not name.lower().endswith(".lnk"):
        return data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    try:
        parts: dict[str, Any] = link(data)
    except EvidenceMissing:
        return None
    return json.dumps({"data": parts}, ensure_ascii=False)


def _target(info: bytes) -> str:
    """The path in a shortcut's information on its target."""
    if len(info) < 0x1C:
        raise EvidenceMissing("the shortcut is damaged: it says too little of its target")
    head, flags, base, suffix = (_number(info, at, "<I") for at in (4, 8, 16, 24))
    if not flags & 1:  # on another computer
        return ""
    if head >= 0x24:
        base, suffix = (_number(info, at, "<I") for at in (28, 32))
        return _until_zero(info, base, 2) + _until_zero(info, suffix, 2)
    return _until_zero(info, base, 1) + _until_zero(info, suffix, 1)


def _until_zero(data: bytes, at: int, width: int) -> str:
    if at == 0:
        return ""
    if width == 1:
        return _part(data, at, len(data) - at).split(b"\0")[0].decode("cp1252", "replace")
    return _part(data, at, len(data) - at).decode("utf-16-le", "replace").split("\0")[0]


def _number(data: bytes, at: int, shape: str) -> int:
    (found,) = struct.unpack(shape, _part(data, at, struct.calcsize(shape)))
    return int(found)


def _part(data: bytes, at: int, length: int) -> bytes:
    if not 0 <= at <= at + length <= len(data):
        raise EvidenceMissing(f"the shortcut is damaged: it ends before byte {at + length}")
    return data[at : at + length]
