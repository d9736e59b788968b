"""Every reader and metric does what its literal cases say, and every one has right, wrong and malformed cases."""

from __future__ import annotations

from collections import Counter

import pytest

from osarena.registry import list_functions
from tests.support.cases import KINDS, MetricCase, ReaderCase, all_cases

ALL = {"reader": all_cases().readers, "metric": all_cases().metrics}


def named_cases(kind: str) -> list[object]:
    return [
        pytest.param(address, case, id=f"{address}-{case.kind}-{number}")
        for address, cases in sorted(ALL[kind].items())
        for number, case in enumerate(cases)
    ]


@pytest.mark.parametrize(("address", "case"), named_cases("reader"))
def test_a_reader(address: str, case: ReaderCase) -> None:
    case.check(address)


@pytest.mark.parametrize(("address", "case"), named_cases("metric"))
def test_a_metric(address: str, case: MetricCase) -> None:
    case.check(address)


@pytest.mark.parametrize("kind", ["reader", "metric"])
def test_every_name_has_cases_of_each_kind(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    counts = {address: Counter(case.kind for case in ALL[kind].get(address, ())) for address in list_functions(kind)}
    with capsys.disabled():
        print(f"\n\n{kind:<32}{'right':>10}{'wrong':>10}{'malformed':>10}")
        for address, count in counts.items():
            print(f"{address:<32}" + "".join(f"{count[name]:>10}" for name in KINDS))
    assert [address for address, count in counts.items() if not all(count[name] for name in KINDS)] == []
    assert sorted(ALL[kind].keys() - counts.keys()) == [], "cases of what is not there"
