"""Literal cases of readers and metrics: one table for each file of them, run, counted and used as seeds by the same tests.

Every registered reader and metric needs at least one case of each kind: right, wrong and malformed. To add yours, write
`tests/osarena_evaluators/cases/<module>.py` (it is found by being there) with a table `READERS`, or `METRICS`, or both, by
address::

    from tests.support.cases import differs, fails, holds, lacks, malformed, reads, unusable

    READERS = {
        "office.sheet": [
            reads(BOOK, [["Region"], ["North"]], sheet="Sales"),            # right: this value
            differs(OTHER_BOOK, [["Region"]], sheet="Sales"),               # wrong: a sound file with another value …
            lacks(BOOK, "the workbook has no sheet 'Total'", sheet="Total"),  # … or without what was asked for
            malformed(b"PK", "it is not a readable archive"),               # malformed: EvidenceMissing with these words
        ],
    }
    METRICS = {
        "tables.has_rows": [
            holds([["a", 1]], [["a", 1]]),                                  # right: scores 1
            fails([["a", 2]], [["a", 1]], words="there is no row"),         # wrong: scores 0 (or `score`) with this reason
            unusable("abc", [["a", 1]], words="expected a list, found 'abc'"),  # malformed: no evidence, or 0 with this reason
        ],
        "values.between": [holds(3, low=3), fails(2, low=3, words="from 3"), unusable(None, low=3, words="found None")],
    }

Keyword arguments are the reader's or metric's options; a metric that takes `actual` alone is given no second argument.
`words` is a part of the text, as it stands.

What else the tables serve: `test_any_bytes.py` damages the files of the cases that read, and calls every metric with odd
values in the place of `actual`, so nothing has to be entered there. `test_cases.py` runs and counts the cases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import pytest

from osarena.errors import EvidenceMissing
from osarena.grading.model import Verdict
from osarena.registry import find_function

Kind = Literal["right", "wrong", "malformed"]
KINDS: tuple[Kind, ...] = ("right", "wrong", "malformed")
ABSENT: Any = object()  # no second argument
_FOLDER = Path(__file__).parents[1] / "osarena_evaluators/cases"


@dataclass(frozen=True, slots=True)
class ReaderCase:
    """A reader's bytes and what becomes of them: a value, or EvidenceMissing with these words."""

    kind: Kind
    data: bytes
    value: Any = ABSENT
    words: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    def check(self, address: str) -> None:
        """Fail where the reader does anything else."""
        read = find_function("reader", address)
        if self.value is ABSENT:
            with pytest.raises(EvidenceMissing) as missing:
                read(self.data, **self.options)
            assert self.words
            assert self.words in str(missing.value), f"found {str(missing.value)!r}"
        else:
            found = read(self.data, **self.options)
            assert found == self.value, f"found {found!r:.2000}"


@dataclass(frozen=True, slots=True)
class MetricCase:
    """What a metric is called with, its score (0 where it finds no evidence), and a part of the reason."""

    kind: Kind
    actual: Any
    expected: Any
    score: float
    words: str
    options: Mapping[str, Any]

    def score_of(self, address: str, actual: Any) -> Any:
        """What the metric says of any `actual`, compared as in this case."""
        compare = find_function("metric", address)
        operands = (actual,) if self.expected is ABSENT else (actual, self.expected)
        return compare(*operands, **self.options)

    def check(self, address: str) -> None:
        """Fail where the metric does anything else."""
        verdict = self._verdict(address)
        assert isinstance(verdict, Verdict)
        assert verdict.score == self.score, verdict
        assert self.words in verdict.reason, f"found {verdict.reason!r}"

    def _verdict(self, address: str) -> Any:
        try:
            return self.score_of(address, self.actual)
        except EvidenceMissing as missing:
            if self.kind != "malformed":
                raise
            return Verdict(0.0, str(missing))


@dataclass(frozen=True, slots=True)
class Tables:
    """All cases that there are, by kind of function and address."""

    readers: Mapping[str, Sequence[ReaderCase]]
    metrics: Mapping[str, Sequence[MetricCase]]


def reads(data: bytes, value: Any, **options: Any) -> ReaderCase:
    """Right: the reader makes this value of the bytes."""
    return ReaderCase("right", data, value, options=options)


def differs(data: bytes, value: Any, **options: Any) -> ReaderCase:
    """Wrong: a sound file, in which something else stands than in the right one; the reader tells of it."""
    return ReaderCase("wrong", data, value, options=options)


def lacks(data: bytes, words: str, **options: Any) -> ReaderCase:
    """Wrong: a sound file that has not what was asked for."""
    return ReaderCase("wrong", data, words=words, options=options)


def malformed(data: bytes, words: str, **options: Any) -> ReaderCase:
    """Malformed: bytes that are not what the reader reads."""
    return ReaderCase("malformed", data, words=words, options=options)


def holds(actual: Any, expected: Any = ABSENT, *, words: str = "", **options: Any) -> MetricCase:
    """Right: the metric scores 1."""
    return MetricCase("right", actual, expected, 1.0, words, options)


def fails(actual: Any, expected: Any = ABSENT, *, words: str, score: float = 0.0, **options: Any) -> MetricCase:
    """Wrong: a value of the right kind that scores 0, or in part."""
    return MetricCase("wrong", actual, expected, score, words, options)


def unusable(actual: Any, expected: Any = ABSENT, *, words: str, **options: Any) -> MetricCase:
    """Malformed: a value of another kind, which is no evidence or scores 0."""
    return MetricCase("malformed", actual, expected, 0.0, words, options)


@lru_cache(maxsize=1)
def all_cases() -> Tables:
    """The tables of every file of cases. Where two name the same function, both count."""
    readers: dict[str, list[ReaderCase]] = {}
    metrics: dict[str, list[MetricCase]] = {}
    for path in sorted(_FOLDER.glob("*.py")):
        module = import_module(f"tests.osarena_evaluators.cases.{path.stem}")
        for address, found in getattr(module, "READERS", {}).items():
            readers.setdefault(address, []).extend(found)
        for address, found in getattr(module, "METRICS", {}).items():
            metrics.setdefault(address, []).extend(found)
    return Tables(readers, metrics)
