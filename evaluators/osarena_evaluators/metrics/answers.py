"""What the agent said when it finished: free text, in which a person would find the answer. `text.number` has numbers."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from osarena.errors import EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.metrics.operands import require, text_of

_MAX_CHARACTERS = 20_000
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
# How people write dates; each with the places of year, month and day among its groups.
_DATES = (
    (re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)"), (1, 2, 3)),
    (re.compile(rf"(?<!\d){_DAY}\s+(?:of\s+)?{_MONTH},?\s+(\d{{4}})(?!\d)"), (3, 2, 1)),
    (re.compile(rf"\b{_MONTH}\s+{_DAY},?\s+(\d{{4}})(?!\d)"), (3, 1, 2)),
    (re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)"), (3, 2, 1)),
)
_SLASHED = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)")
_SEPARATORS = re.compile(r"[\n;,•]|\s+(?:and|&)\s+")
_BULLET = re.compile(r"^\s*(?:[-*–]|\d{1,3}[.)])\s+")


@metric
def phrase(actual: Any, expected: str | list[str]) -> Verdict:
    """1 if the answer is the expected words, or one of several ways to say them, and nothing else.

    Case, punctuation, accents written in two ways, white space and a leading "the", "a" or "an" do not count.
    """
    found = normal(_answer(actual))
    accepted = _ways(expected)
    return Verdict(1.0) if found in map(normal, accepted) else Verdict(0.0, f"expected {quote(expected)}, found {quote(actual)}")


@metric
def chooses(actual: Any, expected: str | list[str], *, among: Sequence[str]) -> Verdict:
    """1 if the answer names the expected one (in one of several ways to say it) and none of the others that it could have named.

    Names are whole words, compared as `phrase` does. A name that is part of another, such as "Ash" of "Ash Hollow", counts
    only where it stands alone.
    """
    ways = set(map(normal, _ways(expected)))
    named = _named(normal(_answer(actual)), ways | set(map(normal, among)))
    if others := sorted(named - ways):
        return Verdict(0.0, f"expected {quote(expected)} and no other, but it names {quote(others)}")
    return Verdict(1.0) if named else Verdict(0.0, f"expected {quote(expected)} in {quote(actual)}")


@metric
def day(actual: Any, expected: date | str, *, day_first: bool = True) -> Verdict:
    """1 if the answer names this date (a date, or text as "2026-05-03") and no other.

    "3 May 2026", "May 3rd, 2026", "3.5.2026" and "2026-05-03" are the same. 03/05/2026 is 3 May, without `day_first` 5 March.
    """
    require(expected, (date, str), "a date")
    wanted = expected if isinstance(expected, date) else date.fromisoformat(expected)
    found = set(_dates(_answer(actual), day_first=day_first))
    wanted = date(wanted.year, wanted.month, wanted.day)
    return Verdict(1.0) if found == {wanted} else Verdict(0.0, f"expected {wanted} and no other date, found {quote(actual)}")


@metric
def items(actual: Any, expected: list[str], *, ordered: bool = False) -> Verdict:
    """1 if the answer lists these items, each as often, in any order or, with `ordered`, in this one.

    Items stand between commas, semicolons, "and" or line ends, with or without bullets, and are compared as `phrase` does.
    """
    require(expected, list, "a list of texts")
    words = "\n".join(_BULLET.sub("", line) for line in _answer(actual).splitlines())
    found = [item for item in map(normal, _SEPARATORS.split(words)) if item]
    # An item that has a separator in it is found as its parts.
    wanted = [part for item in expected for part in map(normal, _SEPARATORS.split(str(item))) if part]
    if found == wanted or (not ordered and Counter(found) == Counter(wanted)):
        return Verdict(1.0)
    missing, extra = (list((one - other).elements()) for one, other in _both_ways(Counter(wanted), Counter(found)))
    parts = [f"missing: {quote(missing)}"] if missing else []
    parts += [f"should not be there: {quote(extra)}"] if extra else []
    return Verdict(0.0, "; ".join(parts) or f"expected {quote(expected)} in this order, found {quote(actual)}")


def _named(words: str, names: set[str]) -> set[str]:
    """Which of the names stand in the words; the longest first, each at a place of its own."""
    rest, found = f" {words} ", set()
    for name in sorted(names - {""}, key=lambda name: (-len(name), name)):
        if f" {name} " in rest:
            found.add(name)
            rest = rest.replace(f" {name} ", " | ")
    return found


def normal(words: str) -> str:
    """Words without case, punctuation, needless space and a leading article."""
    plain = unicodedata.normalize("NFKC", words).casefold()
    spaced = "".join(char if char.isalnum() or unicodedata.category(char).startswith("M") else " " for char in _joined(plain))
    return re.sub(r"^(?:the|an|a) (?=.)", "", " ".join(spaced.split()))


def _joined(words: str) -> str:
    """Apostrophes go ("it's" is "its"), so that they do not cut words in two."""
    return words.replace("'", "").replace("’", "")


def _answer(actual: Any) -> str:
    found = text_of(actual)
    if len(found) > _MAX_CHARACTERS:
        raise EvidenceMissing(f"the answer has {len(found)} characters, which is too much to look at")
    return found


def _ways(expected: str | list[str]) -> list[str]:
    ways = [expected] if isinstance(expected, str) else expected
    require(ways, list, "text, or a list of texts")
    for way in ways:
        require(way, str, "text, or a list of texts")
    return ways


def _both_ways(one: Counter[str], other: Counter[str]) -> Iterator[tuple[Counter[str], Counter[str]]]:
    yield one, other
    yield other, one


def _dates(words: str, *, day_first: bool) -> Iterator[date]:
    plain = words.casefold()
    slashed = (_SLASHED, (3, 2, 1) if day_first else (3, 1, 2))
    for pattern, places in (*_DATES, slashed):
        for found in pattern.finditer(plain):
            year, month, day = (found[place] for place in places)
            try:
                yield date(int(year), int(month) if month.isdecimal() else _MONTHS.index(month) + 1, int(day))
            except ValueError:
                continue  # 31 February is no date
