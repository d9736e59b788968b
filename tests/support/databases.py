"""Small SQLite databases, with and without changes that stand in their logs alone."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from tests.support.office import archive


def database(*statements: str) -> bytes:
    """A database that these statements make."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        return connection.serialize()


def logged(first: str, *later: str) -> bytes:
    """The probe's archive of a database in which `first` lies in the file, and what came later in the log beside it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "main"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(first)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            for statement in later:
                connection.execute(statement)
            return archive({name: (Path(folder) / name).read_bytes() for name in ("main", "main-wal")})


def unfinished(*before: str, change: str) -> bytes:
    """The probe's archive of a database that a program was changing when it was killed, with the journal of the change."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "main"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA page_size = 512")
            for statement in before:
                connection.execute(statement)
            connection.execute("PRAGMA cache_size = 1")  # so that changed pages are written before the end
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(change)
            packed = archive({name: (Path(folder) / name).read_bytes() for name in ("main", "main-journal")})
            connection.execute("ROLLBACK")
    return packed
