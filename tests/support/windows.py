"""Files of Windows, written byte by byte: hives of the registry, shortcuts, the night light's settings."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence
from typing import Any
from zipfile import ZipFile

_NOTHING = 0xFFFFFFFF
_SEGMENT = 16_344

Tree = Mapping[str, Any]  # names with values, or with mappings, which are keys


class _Cells:
    """The cells of a hive, one behind the other."""

    def __init__(self) -> None:
        self.data = bytearray()

    def add(self, content: bytes) -> int:
        """Where a cell with this content is, counted from the first bin."""
        offset = 0x20 + len(self.data)
        size = (4 + len(content) + 7) // 8 * 8
        self.data += struct.pack("<i", -size) + content.ljust(size - 4, b"\0")
        return offset


def hive(tree: Tree, *, lists: bytes = b"lh") -> bytes:
    """A hive (regf) whose root has these values and keys; its lists of keys are of this kind: lh, lf, li or ri."""
    cells = _Cells()
    root = _key(cells, "ROOT", tree, lists)
    size = (0x20 + len(cells.data) + 0xFFF) // 0x1000 * 0x1000
    head = struct.pack("<4sIIQIIIIII", b"regf", 1, 1, 0, 1, 5, 0, 1, root, size)
    bin_head = struct.pack("<4sII", b"hbin", 0, size).ljust(0x20, b"\0")
    return head.ljust(0x1000, b"\0") + (bin_head + bytes(cells.data)).ljust(size, b"\0")


def _key(cells: _Cells, name: str, tree: Tree, lists: bytes) -> int:
    below = [_key(cells, one, value, lists) for one, value in tree.items() if isinstance(value, Mapping)]
    values = [_value(cells, one, value) for one, value in tree.items() if not isinstance(value, Mapping)]
    listed = _list(cells, below, lists) if below else _NOTHING
    valued = cells.add(struct.pack(f"<{len(values)}I", *values)) if values else _NOTHING
    flags, encoded = _name(name, 0x20)
    record = struct.pack("<2sHQII", b"nk", flags, 0, 0, 0)
    record += struct.pack("<IIII", len(below), 0, listed, _NOTHING)
    record += struct.pack("<IIII", len(values), valued, _NOTHING, _NOTHING)
    record += bytes(16) + struct.pack("<IHH", 0, len(encoded), 0)
    return cells.add(record + encoded)


def _list(cells: _Cells, offsets: Sequence[int], kind: bytes) -> int:
    if kind == b"ri":
        parts = [_list(cells, [offset], b"lf") for offset in offsets]
        return cells.add(struct.pack(f"<2sH{len(parts)}I", b"ri", len(parts), *parts))
    if kind == b"li":
        return cells.add(struct.pack(f"<2sH{len(offsets)}I", b"li", len(offsets), *offsets))
    pairs = [number for offset in offsets for number in (offset, 0)]
    return cells.add(struct.pack(f"<2sH{len(pairs)}I", kind, len(offsets), *pairs))


def _value(cells: _Cells, name: str, value: Any) -> int:
    kind, data = _encoded(value)
    flags, encoded = _name(name, 1)
    if len(data) <= 4:
        size, place = len(data) | 0x80000000, data.ljust(4, b"\0")
    else:
        size, place = len(data), struct.pack("<I", _stored(cells, data))
    return cells.add(struct.pack("<2sHI4sIHH", b"vk", len(encoded), size, place, kind, flags, 0) + encoded)


def _stored(cells: _Cells, data: bytes) -> int:
    if len(data) <= _SEGMENT:
        return cells.add(data)
    parts = [cells.add(data[at : at + _SEGMENT]) for at in range(0, len(data), _SEGMENT)]
    listed = cells.add(struct.pack(f"<{len(parts)}I", *parts))
    return cells.add(struct.pack("<2sHI", b"db", len(parts), listed))


def _encoded(value: Any) -> tuple[int, bytes]:
    match value:
        case str():
            return 1, (value + "\0").encode("utf-16-le")
        case int():
            return (4, struct.pack("<I", value)) if value < 1 << 32 else (11, struct.pack("<Q", value))
        case list():
            return 7, "".join(f"{text}\0" for text in [*value, ""]).encode("utf-16-le")
        case _:
            return 3, bytes(value)


def _name(name: str, ascii_flag: int) -> tuple[int, bytes]:
    """The flag of a name, and the name: in one byte a letter where that is possible."""
    try:
        return ascii_flag, name.encode("latin-1")
    except UnicodeEncodeError:
        return 0, name.encode("utf-16-le")


def nested(path: str, values: Tree) -> Tree:
    """A tree of keys with these values at the end of a path."""
    for name in reversed(path.split("\\")):
        values = {name: values}
    return values


def shortcut(
    target: str = "",
    *,
    texts: Mapping[int, str] | None = None,
    is_unicode: bool = True,
    with_list: bool = False,
    is_wide: bool = False,
) -> bytes:
    """A .lnk to a path, with texts by their flags (4: description, 0x20: arguments …)."""
    shown = dict(sorted((texts or {}).items()))
    flags = sum(shown) | (0x80 if is_unicode else 0) | (2 if target else 0) | (1 if with_list else 0)
    head = struct.pack("<I", 0x4C) + bytes.fromhex("0114020000000000c000000000000046") + struct.pack("<I", flags)
    data = head.ljust(0x4C, b"\0")
    if with_list:
        data += struct.pack("<H", 6) + b"\x04\x00ab\x00\x00"
    data += _link_info(target, is_wide) if target else b""
    for text in shown.values():
        encoded = text.encode("utf-16-le" if is_unicode else "cp1252")
        data += struct.pack("<H", len(text)) + encoded
    return data


def _link_info(target: str, is_wide: bool) -> bytes:
    head = 0x24 if is_wide else 0x1C
    narrow = target.encode("cp1252", "replace") + b"\0"
    wide = (target + "\0").encode("utf-16-le") + b"\0\0"
    if not is_wide:
        body = narrow + b"\0"
        return struct.pack("<IIIIIII", head + len(body), head, 1, 0, head, 0, head + len(narrow)) + body
    at = head + len(narrow) + 1
    body = narrow + b"\0" + wide
    numbers = (head + len(body), head, 1, 0, head, 0, head + len(narrow), at, at + len(wide) - 2)
    return struct.pack("<IIIIIIIII", *numbers) + body


def night_light(start: tuple[int, int] | None = None, end: tuple[int, int] | None = None, *, is_on: bool = True) -> bytes:
    """The settings of the night light, at set hours where they are given, as Windows 11 writes them."""
    inner = b"CB\x01\x00" + (b"\x02\x01" if is_on else b"")
    if start is None or end is None:
        inner += b"\xc2\x0a\x00"
    inner += b"\xca\x14" + _time(start) + b"\xca\x1e" + _time(end) + b"\xcf\x28\xbc\x3e\xca\x32\x00\xca\x3c\x00\x00"
    return (
        b"CB\x01\x00\x0a\x02\x01\x00\x2a\x06" + b"\x85\xd0\xc6\x9f\x06" + b"\x2a\x2b\x0e" + bytes([len(inner)]) + inner + bytes(4)
    )


def _time(time: tuple[int, int] | None) -> bytes:
    hour, minute = time or (0, 0)
    return (bytes([0x0E, hour]) if hour else b"") + (bytes([0x2E, minute]) if minute else b"") + b"\0"


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip archive."""
    archive = io.BytesIO()
    with ZipFile(archive, "w") as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return archive.getvalue()
