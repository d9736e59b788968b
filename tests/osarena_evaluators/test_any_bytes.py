"""Whatever bytes an agent leaves behind, a reader returns a value or raises EvidenceMissing, and a metric scores the value.

The files that are damaged here, and what the metrics compare with, are those of the literal cases (see `tests.support.cases`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from io import BytesIO
from time import process_time
from typing import Any
from zipfile import ZipFile, is_zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osarena.errors import EvidenceMissing
from osarena.grading.limited import GradingLimits
from osarena.grading.model import Verdict
from osarena.registry import find_function
from osarena.types.encoding import encode
from tests.support.cases import MetricCase, ReaderCase, all_cases
from tests.support.limits import address_space
from tests.support.office import archive, replaced

READERS, METRICS = all_cases().readers, all_cases().metrics
LIMITS = GradingLimits()
LARGE = 4096  # bytes; what is larger is damaged less often, since it takes longer to read

# Every file that some reader reads, so that each reader meets the others' files too.
FILES = sorted({case.data for cases in READERS.values() for case in cases if case.kind == "right"})


@pytest.fixture(autouse=True)
def _memory_of_a_grading() -> Iterator[None]:
    with address_space(more_mb=LIMITS.memory_mb):
        yield


def damage(data: bytes, draw: st.DrawFn) -> bytes:
    """The file, or one member of an archive, cut short or with some bytes changed, cut out or put in, or some bits turned."""
    if is_zipfile(BytesIO(data)) and draw(st.booleans()):  # else checksums of the archive would find out all damage
        return replaced(data, damaged_member(data, draw))
    damaged = bytearray(data)
    if draw(st.booleans()):
        del damaged[draw(st.integers(0, len(damaged))) :]
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(damaged)))
        damaged[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
    for _ in range(draw(st.integers(0, 3)) if damaged else 0):
        damaged[draw(st.integers(0, len(damaged) - 1))] ^= 1 << draw(st.integers(0, 7))
    return bytes(damaged)


def damaged_member(data: bytes, draw: st.DrawFn) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as file:
        name = draw(st.sampled_from(file.namelist())) if file.namelist() else "new"
        return {name: damage(file.read(name) if file.namelist() else b"", draw)}


XML = st.sampled_from(["", "<x/>", "<x", '<x a="1">t<y/></x>', "\ufeff<x/>", "<!DOCTYPE x><x/>"])
PARTS = st.sampled_from(
    ["content.xml", "styles.xml", "word/document.xml", "word/styles.xml", "[Content_Types].xml", "xl/workbook.xml"]
)
ANY_BYTES = st.binary(max_size=300) | st.sampled_from(FILES) | st.dictionaries(PARTS, XML, max_size=4).map(archive)


@st.composite
def calls(draw: st.DrawFn, cases: list[ReaderCase]) -> ReaderCase:
    """One of a reader's cases that read, with a damaged file, or with one that is not for it at all."""
    case = draw(st.sampled_from(cases))
    data = damage(case.data, draw) if draw(st.integers(0, 2)) else draw(ANY_BYTES)
    return ReaderCase("malformed", data, options=case.options)


@pytest.mark.parametrize("address", sorted(READERS))
def test_a_reader_makes_a_value_of_any_bytes_or_finds_them_unusable(address: str) -> None:
    read = find_function("reader", address)
    cases = [case for case in READERS[address] if case.kind == "right"]
    is_slow = max(len(case.data) for case in cases) > LARGE

    @settings(max_examples=60 if is_slow else 150, deadline=None)
    @given(calls(cases))
    def check(call: ReaderCase) -> None:
        started = process_time()
        with suppress(EvidenceMissing):
            value = read(call.data, **call.options)
            if not isinstance(value, np.ndarray):  # pixels, which a check expects as a picture to be read
                encode(value)
        assert process_time() - started < LIMITS.cpu_s

    check()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
MOMENTS = st.dates() | st.datetimes() | st.datetimes(timezones=st.timezones()) | st.timedeltas() | st.times()
ODD = JSON | st.binary(max_size=8) | MOMENTS | st.lists(st.lists(JSON, max_size=3), max_size=3)


def changed(value: Any, draw: st.DrawFn) -> Any:
    """The value with some part of it replaced by something odd, of whatever kind."""
    part = partial(changed, draw=draw)
    if not draw(st.integers(0, 3)):
        return draw(ODD)
    if isinstance(value, list) and value:
        at = draw(st.integers(0, len(value) - 1))
        return [*value[:at], part(value[at]), *value[at + 1 :]]
    if isinstance(value, dict) and value:
        return value | {(key := draw(st.sampled_from(sorted(value, key=str)))): part(value[key])}
    return value


@st.composite
def comparisons(draw: st.DrawFn, cases: list[MetricCase]) -> tuple[MetricCase, Any]:
    """One of a metric's cases, and something to compare in the place of its `actual`: close to it, or of any kind."""
    case = draw(st.sampled_from(cases))
    return case, draw(ODD) if draw(st.booleans()) else changed(case.actual, draw)


@pytest.mark.parametrize("address", sorted(METRICS))
def test_a_metric_scores_any_value_or_finds_it_unusable(address: str) -> None:
    cases = [case for case in METRICS[address] if case.kind == "right"]

    @settings(max_examples=150, deadline=None)
    @given(comparisons(cases))
    def check(comparison: tuple[MetricCase, Any]) -> None:
        case, actual = comparison
        with suppress(EvidenceMissing):
            verdict = case.score_of(address, actual)
            assert isinstance(verdict, Verdict)
            assert 0 <= verdict.score <= 1
            assert verdict.score == 1 or 0 < len(verdict.reason) < 1000

    check()
