"""The format of the Windows registry's hives, as far as reading keys and values by their names needs it.

Format: https://github.com/msuhanov/regf/blob/master/Windows%20registry%20file%20format%20specification.md. Transaction logs
beside a hive are not read; a hive that `reg save` writes has none.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from osarena.errors import EvidenceMissing

_BINS = 0x1000  # where the cells start; offsets count from here
_NOTHING = 0xFFFFFFFF
_MAX_LIST = 100_000
_MAX_BYTES = 64 << 20
_SEGMENT = 16_344  # bytes of a large value in one cell
_ASCII_KEY, _ASCII_VALUE, _RESIDENT = 0x20, 0x01, 0x80000000

Value = str | int | bytes | list[str]


@dataclass(frozen=True, slots=True)
class Key:
    """A key: where its cell is, and its name."""

    hive: Hive
    at: int
    name: str

    def subkeys(self) -> Iterator[Key]:
        """The keys below it."""
        count, listed = self.hive.numbers("<I4xI", self.at + 0x14)
        for number, offset in enumerate(self.hive.listed(listed) if count else ()):
            if number == _MAX_LIST:
                raise EvidenceMissing(f"a key has more than {_MAX_LIST} keys, which is too much to look at")
            yield self.hive.key(offset)

    def below(self, path: str) -> Key | None:
        """The key at a path below it, with "\\" between names, whose case does not count; `None` where there is none."""
        found: Key | None = self
        for name in filter(None, path.split("\\")):
            found = next((key for key in found.subkeys() if key.name.casefold() == name.casefold()), None) if found else None
        return found

    def values(self) -> dict[str, Value]:
        """Its values by name, the unnamed one under ""."""
        cells = self._value_cells()
        size = sum(self.hive.size_of(at) for _, at in cells)
        if size > _MAX_BYTES:
            raise EvidenceMissing(f"the values of a key have {size} bytes, which is too much to look at")
        return {name: self.hive.value(at) for name, at in cells}

    def value(self, name: str) -> Value | None:
        """One of its values; `None` where there is none of this name, whose case does not count."""
        at = next((at for one, at in self._value_cells() if one.casefold() == name.casefold()), None)
        return None if at is None else self.hive.value(at)

    def _value_cells(self) -> list[tuple[str, int]]:
        """The name of each value, and where its cell is."""
        count, listed = self.hive.numbers("<II", self.at + 0x24)
        if not count:
            return []
        if count > _MAX_LIST:
            raise EvidenceMissing(f"a key has {count} values, which is too much to look at")
        offsets = self.hive.numbers(f"<{count}I", self.hive.cell(listed))
        return [self.hive.value_cell(offset) for offset in offsets]


@dataclass(frozen=True, slots=True)
class Hive:
    """A hive's bytes. Everything raises EvidenceMissing where they are not what they should be."""

    data: bytes

    def root(self) -> Key:
        """Its topmost key."""
        if self.data[:4] != b"regf":
            raise EvidenceMissing("it is no hive of a registry")
        (offset,) = self.numbers("<I", 0x24)
        return self.key(offset)

    def key(self, offset: int) -> Key:
        """The key whose cell is at an offset."""
        at = self.cell(offset)
        signature, flags = self.numbers("<2sH", at)
        if signature != b"nk":
            raise EvidenceMissing(f"the hive is damaged: there is no key at {offset:#x}")
        (length,) = self.numbers("<H", at + 0x48)
        return Key(self, at, self._name(at + 0x4C, length, is_ascii=bool(flags & _ASCII_KEY)))

    def value_cell(self, offset: int) -> tuple[str, int]:
        """The name of the value whose cell is at an offset, and where its content is."""
        at = self.cell(offset)
        signature, length, flags = self.numbers("<2sH12xH", at)
        if signature != b"vk":
            raise EvidenceMissing(f"the hive is damaged: there is no value at {offset:#x}")
        return self._name(at + 0x14, length, is_ascii=bool(flags & _ASCII_VALUE)), at

    def value(self, at: int) -> Value:
        """The value in the cell whose content is there."""
        size, where, kind = self.numbers("<III", at + 0x04)
        data = self.take(at + 0x08, min(size & 0xFF, 4)) if size & _RESIDENT else self._stored(where, size)
        return _decoded(kind, data)

    def size_of(self, at: int) -> int:
        """How many bytes the value in that cell has."""
        (size,) = self.numbers("<I", at + 0x04)
        return 0 if size & _RESIDENT else int(size)

    def listed(self, offset: int, depth: int = 0) -> Iterator[int]:
        """The offsets of the keys in a list, which may be a list of lists."""
        at = self.cell(offset)
        signature, count = self.numbers("<2sH", at)
        if signature == b"ri" and depth == 0:
            for part in self.numbers(f"<{count}I", at + 4):
                yield from self.listed(part, depth=1)
        elif signature in (b"lf", b"lh"):
            yield from self.numbers(f"<{2 * count}I", at + 4)[::2]
        elif signature == b"li":
            yield from self.numbers(f"<{count}I", at + 4)
        else:
            raise EvidenceMissing(f"the hive is damaged: there is no list of keys at {offset:#x}")

    def cell(self, offset: int) -> int:
        """Where the content of the cell at an offset is."""
        if offset == _NOTHING:
            raise EvidenceMissing("the hive is damaged: it refers to nothing")
        return _BINS + offset + 4

    def numbers(self, shape: str, at: int) -> tuple[Any, ...]:
        """What `struct` finds at a place."""
        return struct.unpack(shape, self.take(at, struct.calcsize(shape)))

    def take(self, at: int, length: int) -> bytes:
        """So many bytes at a place."""
        if not 0 <= at <= at + length <= len(self.data):
            raise EvidenceMissing(f"the hive is damaged: it ends before byte {at + length}")
        return self.data[at : at + length]

    def _name(self, at: int, length: int, *, is_ascii: bool) -> str:
        return self.take(at, length).decode("latin-1" if is_ascii else "utf-16-le", "replace")

    def _stored(self, offset: int, size: int) -> bytes:
        """The data of a value in a cell of its own, or in several where it is large."""
        if size == 0:
            return b""
        if size > _MAX_BYTES:
            raise EvidenceMissing(f"a value has {size} bytes, which is too much to look at")
        at = self.cell(offset)
        if size <= _SEGMENT or self.take(at, 2) != b"db":
            return self.take(at, size)
        count, segments = self.numbers("<HI", at + 2)
        cells = self.numbers(f"<{count}I", self.cell(segments))
        parts = [self.take(self.cell(cell), min(_SEGMENT, max(size - number * _SEGMENT, 0))) for number, cell in enumerate(cells)]
        return b"".join(parts)


def _decoded(kind: int, data: bytes) -> Value:
    """A value by its type: texts (1, 2), several texts (7), numbers (4, 5, 11); anything else stays bytes."""
    if kind in (1, 2):
        return _text(data).split("\0")[0]
    if kind == 7:
        return [text for text in _text(data).split("\0") if text]
    if kind in (4, 11):
        return int.from_bytes(data, "little")
    if kind == 5:
        return int.from_bytes(data, "big")
    return data


def _text(data: bytes) -> str:
    return data.decode("utf-16-le", "replace")
