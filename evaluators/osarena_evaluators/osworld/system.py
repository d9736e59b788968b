"""The state of the operating system: time, clipboard, dock, folders."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.metrics.operands import list_of, mapping_of, text_of
from osarena_evaluators.osworld._files import File, found
from osarena_evaluators.osworld._operands import given, given_texts, holds
from osarena_evaluators.readers import csv, files

DEVIATIONS: Mapping[str, str] = MappingProxyType(
    {
        "check_gnome_favorite_apps": (
            "The public one runs the desktop's output as a program, and is satisfied by one name twice in the place of two; ours "
            "reads a list of texts, and needs each."
        ),
        "check_moved_jpgs": "The public one is satisfied by one name twice in the place of two; ours needs each name.",
        "is_utc_0": "The public one looks at the fourth line, whatever it says; ours finds the line of the time zone.",
        "compare_time_in_speedtest_results": (
            "The public one takes two minutes over midnight for a day; ours measures around the clock, and takes the moment that "
            "it compares with as the option `now`."
        ),
    }
)

_ZONE = re.compile(r"^[ \t]*Time zone:.*\(.*?([+-]\d{4})\)[ \t\r]*$", re.MULTILINE)
_MAX_OUTPUT = 10_000  # characters
_CLOCK = re.compile(r"(?:^|\D)([01]?\d|2[0-3]):([0-5]\d)$")
_DAY_MINUTES = 24 * 60


@metric
def check_gnome_favorite_apps(actual: Any, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if the dock has just the applications under `expected`, in any order, as gsettings prints them: `['a.desktop']`."""
    there, wanted = _text_list(text_of(actual)), given_texts(expected, "expected")
    return holds(_same(there, wanted, published), f"expected {quote(wanted)} in the dock, found {quote(there)}")


@metric
def check_moved_jpgs(actual: Any, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if a folder has just the files under `expected`; it comes as a tree: `{"children": [{"name": "a.jpg"}]}`."""
    wanted = given_texts(expected, "expected")
    children = list_of(mapping_of(actual).get("children"))
    there = [str(mapping_of(child).get("name")) for child in children]
    return holds(_same(there, wanted, published), f"expected {quote(wanted)} in the folder, found {quote(there)}")


@metric
def is_in_vm_clickboard(actual: Any, expected: Any) -> Verdict:
    """1 if the clipboard has the text, or all texts, under `expected` of a rule.

    The rule comes first, the clipboard second, as in OSWorld's task (so `expected` may be missing by the agent's fault); the
    other way round is understood too.
    """
    rule, clipboard = (expected, actual) if isinstance(expected, Mapping) else (actual, expected)
    if not isinstance(expected, Mapping | str | None):
        raise CheckerError(f"the task expects a rule or a clipboard's text, not {quote(expected)}")
    if not isinstance(rule, Mapping):
        raise EvidenceMissing(f"there is no rule about the clipboard, but {quote(rule)}")
    parts = given(rule, "expected", (str, list))
    texts = [parts] if isinstance(parts, str) else given_texts(rule, "expected")
    missing = [part for part in texts if part not in text_of(clipboard)]
    return holds(not missing, f"expected {quote(missing and missing[0])} in the clipboard, found {quote(clipboard)}")


@metric
def is_utc_0(actual: Any, *, published: bool = False) -> Verdict:
    """1 if the time zone is that of Greenwich at the moment, as timedatectl prints it: `Time zone: UTC (UTC, +0000)`."""
    output = text_of(actual)
    if published:
        lines = output.split("\n")
        return holds(len(lines) > 3 and lines[3].endswith("+0000)"), f"found {quote(output)}")
    zone = _ZONE.search(output[:_MAX_OUTPUT])
    if zone is None:
        raise EvidenceMissing(f"it is not what timedatectl prints: {quote(output)}")
    return holds(zone[1] == "+0000", f"expected the time zone +0000, found {zone[1]}")


@metric
def check_text_enlarged(actual: Any) -> Verdict:
    """1 if the factor by which text is scaled is above 1."""
    try:
        factor = float(text_of(actual))
    except ValueError as error:
        raise EvidenceMissing(f"expected a factor, found {quote(actual)}") from error
    return holds(factor > 1.0, f"expected text larger than by 1, found {factor:g}")


@metric
def compare_time_in_speedtest_results(actual: File, expected: int | str, *, now: str = "", published: bool = False) -> Verdict:
    """1 if the first result of a speed test (CSV, second column, a time at its end) is less than so many minutes old.

    `now` is the time of day to compare with, "14:05"; without it, the clock of the machine that grades, in UTC.
    """
    limit = _minutes_limit(expected)
    moment = _minutes(now or datetime.now(UTC).strftime("%H:%M"))
    if moment is None:
        raise CheckerError(f'`now` is a time of day such as "14:05", not {quote(now)}')
    rows = csv.rows(found(actual))
    taken = _minutes(str(rows[1][1]).strip()) if len(rows) > 1 and len(rows[1]) > 1 else None
    if taken is None:
        raise EvidenceMissing(f"there is no result of a speed test with a time, but {quote(rows[:2])}")
    apart = abs(taken - moment)
    apart = apart if published else min(apart, _DAY_MINUTES - apart)
    return holds(apart < limit, f"expected a result of the last {limit} minutes, found one {apart} minutes apart")


@metric
def check_file_exists(actual: File, expected: str) -> Verdict:
    """1 if a folder, as an archive of it, has a file of this name; a path below the folder will do too."""
    if not isinstance(expected, str) or not expected:
        raise CheckerError(f"the task expects the name of a file, not {quote(expected)}")
    there = files.paths(found(actual), hidden=True)
    return holds(expected in there, f"expected a file {quote(expected)}, found {quote(there)}")


def _same(there: list[str], wanted: list[str], published: bool) -> bool:
    if published:
        return len(there) == len(wanted) and set(there) == set(wanted)
    return sorted(there) == sorted(wanted)


def _text_list(output: str) -> list[str]:
    """The texts in a list as gsettings prints it, which is how Python writes one; an empty one has its type before it."""
    try:
        there = ast.literal_eval(output.strip().removeprefix("@as "))
    except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
        raise EvidenceMissing(f"expected a list of texts, found {quote(output)}") from error
    if not isinstance(there, list) or not all(isinstance(item, str) for item in there):
        raise EvidenceMissing(f"expected a list of texts, found {quote(output)}")
    return there


def _minutes(words: str) -> int | None:
    """The time of day at the end of a text, in minutes from midnight."""
    found_ = _CLOCK.search(words)
    return int(found_[1]) * 60 + int(found_[2]) if found_ else None


def _minutes_limit(expected: Any) -> int:
    try:
        return int(expected)
    except (TypeError, ValueError) as error:
        raise CheckerError(f"the task expects a number of minutes, not {quote(expected)}") from error
