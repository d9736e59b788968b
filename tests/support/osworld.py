"""Literal cases of OSWorld's metrics, by public name: right, wrong, malformed, and faults of the task.

::

    CASES = {
        "exact_match": [
            right("a", {"expected": "a"}),                              # scores 1
            wrong("b", {"expected": "a"}, words="expected 'a'"),        # scores 0 (or `score`) with these words in the reason
            malformed(None, {"expected": "a"}, words="found None"),     # no evidence with these words
            fault("a", {}, words="has no 'expected'"),                  # CheckerError or TypeError: the task is wrong
        ],
    }

`as_published` turns a case into one of the public behaviour.
"""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.evidence import Evidence, EvidenceStore
from osarena.grading.limited import GradingLimits, judge
from osarena.grading.model import Ending, Given, Leaf, Verdict
from osarena.registry import find_function
from osarena_evaluators.osworld import scoring
from osarena_evaluators.osworld.names import MODULES, find_metric

Kind = Literal["right", "wrong", "malformed", "fault"]
KINDS: tuple[Kind, ...] = ("right", "wrong", "malformed", "fault")
_FAULTS = (CheckerError, TypeError)


@dataclass(frozen=True, slots=True)
class Case:
    """A call of a metric, and what comes of it."""

    kind: Kind
    actual: Any
    expected: Any
    score: float
    words: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def check(self, name: str) -> None:
        """Fail where anything else comes of it."""
        if self.kind in ("malformed", "fault"):
            with pytest.raises(EvidenceMissing if self.kind == "malformed" else _FAULTS) as raised:
                self.verdict(name)
            assert self.words
            assert self.words in str(raised.value), str(raised.value)
            return
        verdict = self.verdict(name)
        assert verdict.score == pytest.approx(self.score, abs=5e-4), verdict
        assert self.words in verdict.reason, verdict.reason

    def verdict(self, name: str) -> Verdict:
        """What the metric says."""
        return scoring.judge(name, self.actual, self.expected, self.options)


def right(actual: Any, expected: Any = None, **options: Any) -> Case:
    """Scores 1."""
    return Case("right", actual, expected, 1.0, "", options)


def wrong(actual: Any, expected: Any = None, *, words: str, score: float = 0.0, **options: Any) -> Case:
    """Scores 0, or in part, with these words in the reason."""
    return Case("wrong", actual, expected, score, words, options)


def malformed(actual: Any, expected: Any = None, *, words: str, **options: Any) -> Case:
    """Evidence that cannot be used."""
    return Case("malformed", actual, expected, 0.0, words, options)


def fault(actual: Any, expected: Any = None, *, words: str, **options: Any) -> Case:
    """A task that is wrong."""
    return Case("fault", actual, expected, 0.0, words, options)


def parameters(cases: Mapping[str, Sequence[Case]]) -> list[object]:
    """Parameters of a test of each case."""
    return [
        pytest.param(name, case, id=f"{name}-{case.kind}-{number}")
        for name, some in sorted(cases.items())
        for number, case in enumerate(some)
    ]


def lacking(cases: Mapping[str, Sequence[Case]], *modules: str) -> list[str]:
    """Public names of these modules without a case of each kind; a metric that takes no expectation can have no fault."""
    names = [name for name, module in MODULES.items() if module in modules]
    return [name for name in names if not _needed(name) <= {case.kind for case in cases.get(name, ())}]


def print_counts(cases: Mapping[str, Sequence[Case]], capsys: pytest.CaptureFixture[str]) -> None:
    """Show how many cases of each kind each name has."""
    with capsys.disabled():
        print(f"\n\n{'':<50}" + "".join(f"{kind:>10}" for kind in KINDS))
        for name, some in sorted(cases.items()):
            counts = Counter(case.kind for case in some)
            print(f"{name:<50}" + "".join(f"{counts[kind]:>10}" for kind in KINDS))


def try_any_evidence(cases: Mapping[str, Sequence[Case]], name: str, *, examples: int = 40) -> None:
    """Fail where a metric, given anything in the place of `actual`, does not score it or find it unusable."""
    seeds = [case for case in cases[name] if case.kind in ("right", "wrong")]
    takes_files = any(_has_bytes(case.actual) for case in seeds)

    @settings(max_examples=examples, deadline=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        case = data.draw(st.sampled_from(seeds))
        actual = data.draw(_damaged(case.actual) if takes_files else _changed(case.actual))
        with suppress(EvidenceMissing):
            verdict = replace(case, actual=actual).verdict(name)
            assert 0 <= verdict.score <= 1
            assert verdict.score == 1 or 0 < len(verdict.reason) < 3000

    check()


def judge_in_a_grading(cases: Mapping[str, Sequence[Case]], package: str, folder: Path) -> None:
    """Fail where the first right case of a metric does not score 1 in the process, and under the limits, of a real grading."""
    firsts = {name: next((case for case in some if case.kind == "right"), None) for name, some in cases.items()}
    leaves = [
        Leaf(name, f"{package}.{name}", Given(case.actual), Given(case.expected), case.options)
        if "expected" in inspect.signature(find_function("metric", f"{package}.{name}")).parameters
        else Leaf(name, f"{package}.{name}", Given(case.actual), options=case.options)
        for name, case in firsts.items()
        if case is not None
    ]
    judgements = judge(leaves, Evidence({}, Ending("done"), EvidenceStore(folder)), GradingLimits())
    assert {name: found.verdict.reason for name, found in judgements.items() if found.verdict.score < 1} == {}


def _needed(name: str) -> set[str]:
    has_expected = "expected" in inspect.signature(find_metric(name)).parameters
    return set(KINDS) if has_expected else {"right", "wrong", "malformed"}


def _has_bytes(value: Any) -> bool:
    return isinstance(value, bytes) or (isinstance(value, list) and any(map(_has_bytes, value)))


_ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.binary(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def _damaged(draw: st.DrawFn, value: Any) -> Any:
    """A file, or files, with bytes cut off or changed, or anything else."""
    if isinstance(value, list):
        return [draw(_damaged(item)) for item in value]
    data = bytearray(value or b"")
    choice = draw(st.integers(0, 3))
    if choice == 0:
        return draw(st.binary(max_size=200) | st.none() | st.integers())
    if choice == 1:
        del data[draw(st.integers(0, len(data))) :]
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
    return bytes(data)


@st.composite
def _changed(draw: st.DrawFn, value: Any) -> Any:
    """A value with some part of it replaced by something odd."""
    if not draw(st.integers(0, 3)):
        return draw(_ODD.filter(lambda odd: not isinstance(odd, bytes)))
    if isinstance(value, list) and value:
        at = draw(st.integers(0, len(value) - 1))
        return [*value[:at], draw(_changed(value[at])), *value[at + 1 :]]
    if isinstance(value, dict) and value:
        key = draw(st.sampled_from(sorted(value)))
        return value | {key: draw(_changed(value[key]))}
    return value
