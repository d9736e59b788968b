"""Cases of Chromium's profile."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from tests.support.cases import differs, lacks, malformed, reads
from tests.support.databases import database

BAR = {
    "type": "folder",
    "name": "Bookmarks bar",
    "children": [
        {"type": "url", "name": "Wells", "url": "http://wells.example/"},
        {"type": "folder", "name": "Work", "children": [{"type": "url", "name": "Help", "url": "http://help.example/a"}]},
        {"type": "folder", "name": "Empty", "children": []},
    ],
}
BOOKMARKS = json.dumps({"checksum": "x", "roots": {"bookmark_bar": BAR, "other": {"children": []}}, "version": 1}).encode()
OTHERS = json.dumps({"roots": {"other": {"children": [{"name": "x", "url": "http://x/"}]}}}).encode()
DEEP = b'{"roots": {"other": ' + b'{"children": [' * 200 + b"]}" * 200 + b"}}"
HISTORY = database(
    "CREATE TABLE urls (id INTEGER PRIMARY KEY, url, title, visit_count, typed_count, last_visit_time, hidden INTEGER DEFAULT 0)",
    "INSERT INTO urls VALUES (1, 'http://b/', 'B', 2, 1, 13439910914051914, 0)",
    "INSERT INTO urls VALUES (2, 'http://a/', 'A', 1, 0, 13439910000000000, 0)",
    "INSERT INTO urls VALUES (3, 'http://hidden/', '', 1, 0, 13439910000000000, 1)",
    "CREATE TABLE downloads (id INTEGER PRIMARY KEY, target_path, tab_url, state, total_bytes, mime_type, start_time)",
    "CREATE TABLE downloads_url_chains (id, chain_index, url)",
    "INSERT INTO downloads VALUES (1, '/home/user/Downloads/a.pdf', 'http://a/', 1, 10, 'application/pdf', 13439910000000000)",
    "INSERT INTO downloads_url_chains VALUES (1, 1, 'http://a/second'), (1, 0, 'http://a/first')",
)
VISITED = {
    "url": "http://b/",
    "title": "B",
    "visits": 2,
    "typed": 1,
    "last_visit": datetime(2026, 11, 23, 12, 35, 14, 51914, UTC),
}
EARLIER = {"url": "http://a/", "title": "A", "visits": 1, "typed": 0, "last_visit": datetime(2026, 11, 23, 12, 20, tzinfo=UTC)}
FETCHED = {
    "path": "/home/user/Downloads/a.pdf",
    "url": "http://a/first",
    "page": "http://a/",
    "state": "complete",
    "size": 10,
    "mime": "application/pdf",
    "started": datetime(2026, 11, 23, 12, 20, tzinfo=UTC),
}
ODD = database(
    "CREATE TABLE urls (id, url, title, visit_count, typed_count, last_visit_time, hidden)",
    "INSERT INTO urls VALUES (1, NULL, x'ff', 'many', -1, 'today', 0), (1, 1, 1, 1, 1, 1e300, 0)",
    "CREATE TABLE downloads (id, target_path, tab_url, state, total_bytes, mime_type, start_time)",
    "CREATE TABLE downloads_url_chains (id, chain_index, url)",
    "INSERT INTO downloads VALUES (1, NULL, NULL, 'done', NULL, NULL, 9e99)",
)
NO_BOOKMARKS = (
    malformed(b"{", "it is no file of bookmarks"),
    malformed(b'{"roots": []}', "it has no roots"),
    malformed(b"[" * 100_000, "it is no file of bookmarks"),
    malformed(DEEP, "its folders are nested too deep"),
)
NO_HISTORY = (malformed(b"x", "it is not a readable archive"), lacks(database("CREATE TABLE a (x)"), "no such table"))

READERS = {
    "chromium.bookmarks": [
        reads(
            BOOKMARKS,
            [
                {"folder": "Bookmarks bar", "name": "Wells", "url": "http://wells.example/"},
                {"folder": "Bookmarks bar/Work", "name": "Help", "url": "http://help.example/a"},
            ],
        ),
        differs(OTHERS, [{"folder": "Other bookmarks", "name": "x", "url": "http://x/"}]),
        *NO_BOOKMARKS,
    ],
    "chromium.bookmark_folders": [
        reads(BOOKMARKS, ["Bookmarks bar/Work", "Bookmarks bar/Empty"]),
        differs(OTHERS, []),
        *NO_BOOKMARKS,
    ],
    "chromium.history": [
        reads(HISTORY, [EARLIER, VISITED]),
        differs(
            ODD,
            [
                {"url": 1, "title": 1, "visits": 1, "typed": 1, "last_visit": None},
                {"url": None, "title": b"\xff", "visits": "many", "typed": -1, "last_visit": None},
            ],
        ),
        *NO_HISTORY,
    ],
    "chromium.downloads": [
        reads(HISTORY, [FETCHED]),
        differs(ODD, [dict.fromkeys(FETCHED) | {"state": "unknown"}]),
        *NO_HISTORY,
    ],
}
