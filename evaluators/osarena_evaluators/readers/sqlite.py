"""SQLite databases, as they lie on a disk or as the probe `database` packs them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers._sqlite_pages import with_log, without_unfinished
from osarena_evaluators.readers.archives import open_archive, read_member

_MAGIC = b"SQLite format 3\0"
_MAX_ROWS = 200_000
_MAX_VALUE_BYTES = 16 << 20
_MAX_HEAP_BYTES = 512 << 20
_MAX_STEPS = 500  # of 100,000 operations of SQLite's machine each: some seconds

Record = dict[str, Any]


@reader
def tables(data: bytes) -> list[str]:
    """The names of the tables, sorted."""
    found = query(data, sql="SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
    return [str(record["name"]) for record in found]


@reader
def records(data: bytes, *, table: str, columns: Sequence[str] = ()) -> list[Record]:
    """The rows of a table, or some of their columns, in the order in which they lie there."""
    names = ", ".join(map(_quoted, columns)) if columns else "*"
    return query(data, sql=f"SELECT {names} FROM {_quoted(table)}")


@reader
def query(data: bytes, *, sql: str) -> list[Record]:
    """What a SELECT finds, each row as a mapping from the columns' names.

    Raises:
        EvidenceMissing: the bytes are no database, or a damaged one; it lacks a table or column that is asked for; or
            it answers with too much, or after too long.
    """
    with _opened(data) as connection:
        try:
            cursor = connection.execute(sql)
            names = [description[0] for description in cursor.description or ()]
            found = cursor.fetchmany(_MAX_ROWS + 1)
        except (sqlite3.Error, ValueError, OverflowError) as error:
            raise EvidenceMissing(f"the database does not answer: {error}") from error
    if len(found) > _MAX_ROWS:
        raise EvidenceMissing(f"the database answers with more than {_MAX_ROWS} rows, which is too much to look at")
    return [dict(zip(names, row, strict=True)) for row in found]


@contextmanager
def _opened(data: bytes) -> Iterator[sqlite3.Connection]:
    """A copy of the database in memory, from which nothing but reading is allowed."""
    pages = _pages(data)
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.deserialize(pages)
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute(f"PRAGMA hard_heap_limit = {_MAX_HEAP_BYTES}")
        except (sqlite3.Error, OverflowError) as error:
            raise EvidenceMissing(f"it is not a readable database: {error}") from error
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE_BYTES)
        connection.set_authorizer(_allow_reading)
        steps = iter(range(_MAX_STEPS))
        connection.set_progress_handler(lambda: next(steps, None) is None, 100_000)
        yield connection


def _pages(data: bytes) -> bytes:
    """The whole database, marked as one that keeps no log beside it, since in memory it cannot."""
    if not data.startswith(_MAGIC):
        data = _unpacked(data)
    if not data.startswith(_MAGIC) or len(data) < 100:
        raise EvidenceMissing("it is not a database of SQLite")
    return data[:18] + b"\x01\x01" + data[20:]


def _unpacked(data: bytes) -> bytes:
    """The probe's archive as one file: without what was not finished, and with what stands in the log alone."""
    archive = open_archive(data)
    members = {name: read_member(archive, name) for name in archive.namelist() if name in ("main", "main-wal", "main-journal")}
    main = without_unfinished(members.get("main", b""), members.get("main-journal", b""))
    return with_log(main, members.get("main-wal", b""))


def _allow_reading(action: int, *_: str | None) -> int:
    allowed = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
    return sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
