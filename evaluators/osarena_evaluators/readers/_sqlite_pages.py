"""What lies beside an SQLite database: the log of pages that were written last, the journal of an unfinished change.

The formats are described at https://www.sqlite.org/fileformat2.html; both are read as SQLite itself would recover them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_LOG_MAGICS = {0x377F0682: "<", 0x377F0683: ">"}  # by the byte order of the checksums
_LOG_HEADER, _FRAME_HEADER = 32, 24
_JOURNAL_HEADER = 28
_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")


def with_log(main: bytes, log: bytes) -> bytes:
    """The database with the pages of its write-ahead log, up to the last change that was finished and is not damaged."""
    if len(log) < _LOG_HEADER:
        return main
    magic, _, size = struct.unpack(">III", log[:12])
    if magic not in _LOG_MAGICS or not _is_page_size(size):
        return main
    order = _LOG_MAGICS[magic]
    sums = _checksum(order, log[:24], (0, 0))
    if sums != struct.unpack(">II", log[24:32]):
        return main
    pending: dict[int, bytes] = {}
    pages: dict[int, bytes] = {}
    count = 0
    for number, after, page in _frames(log, size, order, sums):
        pending[number] = page
        if after:  # the number of pages after this change, where the frame is its last one
            pages, pending, count = pages | pending, {}, after
    return _patched(main, pages, size, count) if count else main


def without_unfinished(main: bytes, journal: bytes) -> bytes:
    """The database with the pages that a change had begun to overwrite as they were before it."""
    if len(journal) < _JOURNAL_HEADER or not journal.startswith(_JOURNAL_MAGIC):
        return main  # there is none, or the change was finished and the journal's header cleared
    _, _, count, sector, size = struct.unpack(">IIIII", journal[8:_JOURNAL_HEADER])
    if not _is_page_size(size) or not _JOURNAL_HEADER <= sector <= 1 << 16:
        return main
    pages: dict[int, bytes] = {}
    for number, page in _saved(journal, size, sector):
        pages.setdefault(number, page)
    return _patched(main, pages, size, count) if pages else main


def _saved(journal: bytes, size: int, sector: int) -> Iterator[tuple[int, bytes]]:
    """Page number and page of each whole record of a journal, which is a row of parts with a header each."""
    at, step = 0, 4 + size + 4
    while journal[at : at + 8] == _JOURNAL_MAGIC and len(journal) >= at + _JOURNAL_HEADER:
        records, nonce = struct.unpack(">II", journal[at + 8 : at + 16])
        end = min(at + sector + records * step, len(journal))  # the count of a part that was not flushed is all ones
        for start in range(at + sector, end - step + 1, step):
            page = journal[start + 4 : start + 4 + size]
            stated = int.from_bytes(journal[start + 4 + size : start + step], "big")
            if stated != (nonce + sum(page[index] for index in range(size - 200, 0, -200))) % (1 << 32):
                return
            yield int.from_bytes(journal[start : start + 4], "big"), page
        at = -(-end // sector) * sector


def _frames(log: bytes, size: int, order: str, sums: tuple[int, int]) -> Iterator[tuple[int, int, bytes]]:
    """Page number, size of the database after it, and page, of each frame that belongs to the log and is whole."""
    salts = log[16:24]
    for at in range(_LOG_HEADER, len(log) - _FRAME_HEADER - size + 1, _FRAME_HEADER + size):
        header, page = log[at : at + _FRAME_HEADER], log[at + _FRAME_HEADER : at + _FRAME_HEADER + size]
        sums = _checksum(order, page, _checksum(order, header[:8], sums))
        if header[8:16] != salts or sums != struct.unpack(">II", header[16:24]):
            return
        number, after = struct.unpack(">II", header[:8])
        yield number, after, page


def _checksum(order: str, data: bytes, sums: tuple[int, int]) -> tuple[int, int]:
    one, two = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + two) & 0xFFFFFFFF
        two = (two + second + one) & 0xFFFFFFFF
    return one, two


def _patched(main: bytes, pages: dict[int, bytes], size: int, count: int) -> bytes:
    """The database with some pages replaced, and as many of them as there should be."""
    count = min(count, len(main) // size + len(pages))  # a page is either there or among the new ones
    patched = bytearray(main[: count * size].ljust(count * size, b"\0"))
    for number, page in pages.items():
        if 0 < number <= count:
            patched[(number - 1) * size : number * size] = page
    return bytes(patched)


def _is_page_size(size: int) -> bool:
    return 512 <= size <= 65536 and size.bit_count() == 1
