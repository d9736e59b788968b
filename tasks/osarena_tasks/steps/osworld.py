"""What OSWorld's and WindowsAgentArena's configurations do, where it is no step of osarena's own."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from osarena.errors import SetupError
from osarena.tasks.model import step
from osarena.tasks.steps import StepContext
from osarena.types.actions import Press

_HISTORY = "~/.config/chromium/Default/History"
# Chromium counts microseconds from 1601.
_EPOCH_S = 11_644_473_600
_CHROMIUM = "chromium"
_FORMAT_QUESTION = "Confirm File Format"
# How long it may take to come up.
_ASKING_S = 3.0
# How long programs may take to end when they are told to.
_ENDING_S = 15.0
_SIGNAL = re.compile(r"-(\d+|[A-Z]+\d?)")
# The tables of version 66 of Chromium's history that hold what was visited; Chromium adds what is missing, and migrates.
_TABLES = """
    CREATE TABLE meta(key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR);
    INSERT INTO meta VALUES ('mmap_status', '-1'), ('version', '66'), ('last_compatible_version', '16');
    CREATE TABLE urls(
        id INTEGER PRIMARY KEY AUTOINCREMENT, url LONGVARCHAR, title LONGVARCHAR, visit_count INTEGER DEFAULT 0 NOT NULL,
        typed_count INTEGER DEFAULT 0 NOT NULL, last_visit_time INTEGER NOT NULL, hidden INTEGER DEFAULT 0 NOT NULL
    );
    CREATE TABLE visits(
        id INTEGER PRIMARY KEY AUTOINCREMENT, url INTEGER NOT NULL, visit_time INTEGER NOT NULL, from_visit INTEGER,
        external_referrer_url TEXT, transition INTEGER DEFAULT 0 NOT NULL, segment_id INTEGER,
        visit_duration INTEGER DEFAULT 0 NOT NULL, incremented_omnibox_typed_score BOOLEAN DEFAULT FALSE NOT NULL,
        opener_visit INTEGER, originator_cache_guid TEXT, originator_visit_id INTEGER, originator_from_visit INTEGER,
        originator_opener_visit INTEGER, is_known_to_sync BOOLEAN DEFAULT FALSE NOT NULL,
        consider_for_ntp_most_visited BOOLEAN DEFAULT FALSE NOT NULL
    );
"""


@step
def history(context: StepContext, history: Sequence[Mapping[str, Any]]) -> None:
    """Chromium, which must not have been started yet, remembers these visits: `url`, `title`, and
    `visit_time_from_now_in_seconds`, a number of seconds ago."""
    now = float(context.guest.run(["date", "+%s.%N"]).stdout)
    context.guest.write(_HISTORY, _database(history, now), mode=0o600)


@step
def kill(context: StepContext, command: Sequence[str]) -> None:
    """`pkill` or `killall` with its arguments was run, and the programs that it tells to end have ended, or do not listen.

    One that is still ending would take over what is started next, as Chromium does, and take it along. Chromium is closed
    before: it writes bookmarks some seconds after a change, which a killed one does not, and OSWorld waits longer than that
    before it kills anything.
    """
    left = [word for word in command[1:] if not _SIGNAL.fullmatch(word)]
    find = ["pgrep", *(("--exact",) if command[0] == "killall" else ()), *left]
    if _CHROMIUM in left:
        for window in context.guest.windows():
            if _CHROMIUM in window.app.lower():
                context.guest.close_window(window.id)
        _await_end(context, find)
    context.guest.run(["sh", "-c", 'exec "$@"', "sh", *command])
    _await_end(context, find)


def _await_end(context: StepContext, find: Sequence[str]) -> None:
    with suppress(SetupError):
        context.wait_until(
            lambda: context.guest.run(find).exit_code != 0, timeout_s=_ENDING_S, what=f"nothing to be found by {' '.join(find)}"
        )


@step
def keep_format(context: StepContext) -> None:
    """A file that was saved keeps its format where LibreOffice asks about that; nothing happens where it does not ask.

    OSWorld's tasks press Ctrl+S for the agent and nothing more, so what the agent has not saved itself would be lost.
    """
    with suppress(SetupError):
        context.wait_until(lambda: _asks_for_format(context), timeout_s=_ASKING_S, what=_FORMAT_QUESTION)
    if _asks_for_format(context):
        context.guest.perform([Press("enter")])
        with suppress(SetupError):
            context.wait_until(lambda: not _asks_for_format(context), timeout_s=_ENDING_S, what=f"the end of {_FORMAT_QUESTION}")


def _asks_for_format(context: StepContext) -> bool:
    return any(window.title == _FORMAT_QUESTION and window.is_focused for window in context.guest.windows())


@step
def recycle(context: StepContext, path: str) -> None:
    """A file that was there is in the wastebasket."""
    done = context.guest.run(["gio", "trash", path])
    if done.exit_code != 0:
        raise SetupError(f"{path} cannot be put into the wastebasket: {done.stderr.decode(errors='replace').strip()}")


@step
def login(context: StepContext, settings_file: str, platform: str) -> None:
    """Never true: it takes an account of the outside world, which osarena has none of."""
    del context, settings_file
    raise SetupError(f"this task logs in to {platform}, and a desktop of osarena's has no account anywhere")


@step
def googledrive(context: StepContext, settings_file: str, operation: list[str], args: list[Any]) -> None:
    """Never true: it takes a Google account, which osarena has none of."""
    del context, settings_file, operation, args
    raise SetupError("this task changes files on Google Drive, and a desktop of osarena's has no account there")


def _database(visits: Sequence[Mapping[str, Any]], now: float) -> bytes:
    with TemporaryDirectory(prefix="osarena-history-") as folder:
        file = Path(folder, "History")
        connection = sqlite3.connect(file)
        try:
            connection.executescript(_TABLES)
            for number, visit in enumerate(visits, 1):
                moment = round((now + _EPOCH_S - float(visit["visit_time_from_now_in_seconds"])) * 1_000_000)
                connection.execute(
                    "INSERT INTO urls(id, url, title, visit_count, last_visit_time) VALUES (?, ?, ?, 1, ?)",
                    (number, visit["url"], visit["title"], moment),
                )
                # A link (0) that was followed by itself, from the start of a chain to its end.
                connection.execute(
                    "INSERT INTO visits(url, visit_time, transition, from_visit) VALUES (?, ?, ?, 0)",
                    (number, moment, 0x30000000),
                )
            connection.commit()
        finally:
            connection.close()
        return file.read_bytes()
