"""Rules of OSWorld's tasks that are about a day which is told by how far it is from today: "next Monday"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import reader

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WEEKDAY = re.compile(rf"(this|next|next week) ({'|'.join(_DAYS)})(?: split)?")
_NEXT_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th) next month")
_FIRST = re.compile(rf"first ({'|'.join(_DAYS)}) ({'|'.join(_NUMBERS)}) months? later")
_TOKEN = re.compile(r"\{(DoW|Month|MonthFull|month|MonthD|Month0D|DayD|Day0D|Year)\}")
# Of what is expected, "to" and "doDay", "doMonth", "doYear" (a drop-off) are about the later day, the rest about the earlier.
_LATER = re.compile(r"to|do[A-Z]\w*")


@reader
def rules(data: bytes, *, rules: Mapping[str, Any]) -> dict[str, Any]:
    """A task's rules, with the days in `expected` written out: "{DoW}, {Month} {Day0D}" becomes "Mon, May 03".

    `data` is the desktop's time. `relativeTime` has the days, `from` and perhaps `to`; `timezone` says where today is, which
    is where the desktop is unless it says so. Weeks start on Mondays; "next Friday" is the first after today, but together
    with an earlier "next Monday" it is the one after that.
    """
    relative, expected = rules.get("relativeTime"), rules.get("expected")
    if not (isinstance(relative, Mapping) and isinstance(expected, Mapping) and "from" in relative):
        raise CheckerError("a rule about relative times has `expected`, and `relativeTime` with `from`")
    today = _today(data, rules.get("timezone"))
    first = _day(str(relative["from"]), today)
    last = first
    if "to" in relative:
        follows = str(relative["from"]).startswith("next ") and not str(relative["from"]).startswith("next week")
        last = _day(str(relative["to"]), today, after=first if follows else None)
    written = {key: _written(value, last if _LATER.fullmatch(str(key)) else first) for key, value in expected.items()}
    return {**rules, "expected": written}


def _today(data: bytes, zone: Any) -> date:
    try:
        now = datetime.fromisoformat(data.decode().strip())
        if now.tzinfo is None:
            raise ValueError("it has no time zone")
    except ValueError as error:
        raise EvidenceMissing(f"it is not a time: {error}") from error
    if zone is None:
        return now.date()
    try:
        return now.astimezone(ZoneInfo(str(zone))).date()
    except (OSError, ValueError, LookupError) as error:
        raise CheckerError(f"the time zone {zone!r} is not known here") from error
    except OverflowError as error:
        raise EvidenceMissing(f"it is not a time of today: {error}") from error


def _day(words: str, today: date, *, after: date | None = None) -> date:
    """The day that some words tell of. `after` is the day that a "next" one follows, where it is not today."""
    plain = words.lower()
    try:
        if plain in ("today", "this month"):
            return today
        if plain == "tomorrow":
            return today + timedelta(days=1)
        if found := _NEXT_MONTH.fullmatch(plain):
            return _months_later(today, 1).replace(day=int(found[1]))
        if found := _FIRST.fullmatch(plain):
            start = _months_later(today, _NUMBERS.index(found[2]))
            return start + timedelta(days=(_DAYS.index(found[1]) - start.weekday()) % 7)
        if found := _WEEKDAY.fullmatch(plain):
            return _weekday(found[1], _DAYS.index(found[2]), today, after)
    except (ValueError, OverflowError) as error:
        raise EvidenceMissing(f"there is no {words!r} on {today}: {error}") from error
    raise CheckerError(f"there is no day that is called {words!r}")


def _weekday(which: str, weekday: int, today: date, after: date | None) -> date:
    monday = today - timedelta(days=today.weekday())
    if which == "this":
        return monday + timedelta(days=weekday)
    if which == "next week":
        return monday + timedelta(days=7 + weekday)
    start = after or today + timedelta(days=1)
    return start + timedelta(days=(weekday - start.weekday()) % 7)


def _months_later(day: date, months: int) -> date:
    """The first day of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


def _written(value: Any, day: date) -> Any:
    match value:
        case str():
            return _TOKEN.sub(lambda token: _WORDS[token[1]](day), value)
        case list() | tuple():
            return [_written(item, day) for item in value]
        case _:
            return value


# `strftime` would write names in the language of this machine.
_DAY_NAMES = [name[:3].capitalize() for name in _DAYS]
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WORDS: Mapping[str, Callable[[date], str]] = {
    "DoW": lambda day: _DAY_NAMES[day.weekday()],
    "Month": lambda day: _MONTHS[day.month - 1][:3],
    "MonthFull": lambda day: _MONTHS[day.month - 1],
    "month": lambda day: _MONTHS[day.month - 1].lower(),
    "MonthD": lambda day: str(day.month),
    "Month0D": lambda day: f"{day.month:02}",
    "DayD": lambda day: str(day.day),
    "Day0D": lambda day: f"{day.day:02}",
    "Year": lambda day: str(day.year),
}
