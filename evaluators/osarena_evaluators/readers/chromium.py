"""What Chromium keeps in its profile: bookmarks, history and downloads. The probe `browser.profile` fetches its files.

Bookmarks lie in the file "Bookmarks", history and downloads in the database "History". Preferences are JSON: `json.value` of
the file "Preferences" with an `at` such as "browser.show_home_button". What is open is told by the probe `browser.tabs`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers import sqlite

Record = dict[str, Any]

_ROOTS = {"bookmark_bar": "Bookmarks bar", "other": "Other bookmarks", "synced": "Mobile bookmarks"}
_MAX_DEPTH = 100
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_STATES = {0: "in progress", 1: "complete", 2: "cancelled", 4: "interrupted"}

_HISTORY = "SELECT url, title, visit_count, typed_count, last_visit_time FROM urls WHERE NOT hidden ORDER BY last_visit_time, id"
_DOWNLOADS = (
    "SELECT target_path, tab_url, state, total_bytes, mime_type, start_time,"
    " (SELECT url FROM downloads_url_chains AS chain WHERE chain.id = downloads.id ORDER BY chain_index LIMIT 1) AS url"
    " FROM downloads ORDER BY start_time, id"
)


@reader
def bookmarks(data: bytes) -> list[Record]:
    """The bookmarks in the file "Bookmarks", in order: `{"folder": "Bookmarks bar/Work", "name": …, "url": …}`."""
    return [record for record in _entries(data) if "url" in record]


@reader
def bookmark_folders(data: bytes) -> list[str]:
    """The folders that the user made, in order, the empty ones too: "Bookmarks bar/Work"."""
    return [f"{record['folder']}/{record['name']}" for record in _entries(data) if "url" not in record]


@reader
def history(data: bytes) -> list[Record]:
    """The pages that were visited, the latest last: `url`, `title`, `visits`, `typed` (how often), `last_visit` (UTC)."""
    return [
        {
            "url": found["url"],
            "title": found["title"],
            "visits": found["visit_count"],
            "typed": found["typed_count"],
            "last_visit": _moment(found["last_visit_time"]),
        }
        for found in sqlite.query(data, sql=_HISTORY)
    ]


@reader
def downloads(data: bytes) -> list[Record]:
    """The downloads, the latest last: `path`, `url`, `page`, `state`, `size` in bytes, `mime`, `started` (UTC).

    `state` is "complete", "in progress", "cancelled" or "interrupted".
    """
    return [
        {
            "path": found["target_path"],
            "url": found["url"],
            "page": found["tab_url"],
            "state": _STATES.get(found["state"], "unknown") if isinstance(found["state"], int) else "unknown",
            "size": found["total_bytes"],
            "mime": found["mime_type"],
            "started": _moment(found["start_time"]),
        }
        for found in sqlite.query(data, sql=_DOWNLOADS)
    ]


def _entries(data: bytes) -> Iterator[Record]:
    """Every bookmark and folder that the user made."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise EvidenceMissing(f"it is no file of bookmarks: {error}") from error
    roots = found.get("roots") if isinstance(found, dict) else None
    if not isinstance(roots, dict):
        raise EvidenceMissing("it is no file of bookmarks: it has no roots")
    for key, name in _ROOTS.items():
        yield from _below(roots.get(key), name, depth=0)


def _below(folder: Any, place: str, *, depth: int) -> Iterator[Record]:
    children = folder.get("children") if isinstance(folder, Mapping) else None
    if depth > _MAX_DEPTH:
        raise EvidenceMissing("its folders are nested too deep")
    for child in children if isinstance(children, list) else ():
        if not isinstance(child, Mapping):
            continue
        record = {"folder": place, "name": str(child.get("name", ""))}
        yield record | ({"url": str(child["url"])} if "url" in child else {})
        yield from _below(child, f"{place}/{record['name']}", depth=depth + 1)


def _moment(microseconds: Any) -> datetime | None:
    """Chromium's count of microseconds since 1601; `None` where it is none."""
    try:
        return _EPOCH + timedelta(microseconds=microseconds) if microseconds else None
    except (TypeError, OverflowError):
        return None
