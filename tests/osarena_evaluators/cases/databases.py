"""Cases of SQLite databases in general."""

from __future__ import annotations

from tests.support.cases import differs, lacks, malformed, reads
from tests.support.databases import database, logged, unfinished
from tests.support.office import archive

NOTES = database(
    "CREATE TABLE notes (id INTEGER, text TEXT)", 'CREATE TABLE [odd "name] (x)', "INSERT INTO notes VALUES (1, 'a'), (2, NULL)"
)
LOGGED = logged("CREATE TABLE notes (text TEXT)", "INSERT INTO notes VALUES ('late')", "CREATE TABLE later (x)")
FORTY = "WITH RECURSIVE n(value) AS (VALUES (1) UNION ALL SELECT value + 1 FROM n LIMIT 40)"
UNFINISHED = unfinished(
    "CREATE TABLE notes (text TEXT)",
    f"{FORTY} INSERT INTO notes SELECT printf('%0400d', value) FROM n",
    change="UPDATE notes SET text = upper(text) || 'x'",
)
EXPLODING = database(
    "CREATE VIEW notes AS WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n) SELECT x FROM n WHERE x < 0"
)
DAMAGED = NOTES[:4096] + b"\xff" * (len(NOTES) - 4096)
NO_DATABASE = (
    malformed(b"PK", "it is not a readable archive"),
    malformed(archive({"main": "x"}), "it is not a database of SQLite"),
)

READERS = {
    "sqlite.tables": [
        reads(NOTES, ["notes", 'odd "name']),
        reads(LOGGED, ["later", "notes"]),
        differs(database("CREATE TABLE a (x)"), ["a"]),
        *NO_DATABASE,
        malformed(NOTES[:4000], "the database does not answer"),
    ],
    "sqlite.records": [
        reads(NOTES, [{"id": 1, "text": "a"}, {"id": 2, "text": None}], table="notes"),
        reads(NOTES, [{"text": "a"}, {"text": None}], table="notes", columns=["text"]),
        reads(NOTES, [], table='odd "name'),
        reads(LOGGED, [{"text": "late"}], table="notes"),
        reads(UNFINISHED, [{"text": f"{number:0400}"} for number in range(1, 41)], table="notes"),
        differs(
            database("CREATE TABLE notes (text)", "INSERT INTO notes VALUES (x'00ff')"), [{"text": b"\0\xff"}], table="notes"
        ),
        lacks(NOTES, "the database does not answer: no such table: gone", table="gone"),
        lacks(EXPLODING, "the database does not answer: interrupted", table="notes"),
        malformed(DAMAGED, "the database does not answer", table="notes"),
        malformed(archive({"other": NOTES}), "it is not a database of SQLite", table="notes"),
    ],
    "sqlite.query": [
        reads(NOTES, [{"most": 2}], sql="SELECT max(id) AS most FROM notes"),
        lacks(NOTES, "the database does not answer: no such column", sql="SELECT other FROM notes"),
        lacks(NOTES, "the database does not answer", sql="DELETE FROM notes"),
        malformed(b"SQLite format 3\0" + b"x" * 200, "the database does not answer", sql="SELECT 1 FROM notes"),
        malformed(b"", "it is not a readable archive", sql="SELECT 1"),
    ],
}
