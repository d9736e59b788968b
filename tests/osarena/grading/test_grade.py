"""From evidence to verdict: trees, reasons, endings, and faults that are ours."""

from __future__ import annotations

import resource
import subprocess
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from osarena.errors import CheckerError
from osarena.grading.evidence import EvidenceStore, collect
from osarena.grading.grade import grade
from osarena.grading.limited import GradingLimits
from osarena.grading.model import Ending, Verdict
from osarena.grading.resolve import parse_check
from tests.support.evaluators import installed, subjects, verdict_on


def text(name: str, expected: str, path: str = "note") -> dict[str, Any]:
    return {"name": name, "metric": "text.same", "actual": {"get": "file", "path": path, "as": "text.text"}, "expected": expected}


RIGHT, WRONG, GONE = text("right", "hello"), text("wrong", "bye"), text("gone", "hello", "nowhere")
FILES = {"note": b"hello\n"}


def test_a_check_that_holds_scores_one(tmp_path: Path) -> None:
    assert verdict_on(RIGHT, tmp_path, FILES) == Verdict(1.0, "everything is as it should be", parts=(Verdict(1.0, "", "right"),))


def test_the_reason_tells_what_was_expected_and_found(tmp_path: Path) -> None:
    verdict = verdict_on({"all": [RIGHT, WRONG]}, tmp_path, FILES)
    assert verdict.score == 0
    assert verdict.reason == "wrong: line 1: expected 'bye', found 'hello'"
    assert [(part.name, part.score) for part in verdict.parts] == [("right", 1.0), ("wrong", 0.0)]


def test_a_missing_file_scores_zero_with_the_reason(tmp_path: Path) -> None:
    verdict = verdict_on({"all": [RIGHT, GONE]}, tmp_path, FILES)
    assert (verdict.score, verdict.reason) == (0, "gone: there is no file nowhere")


def test_an_unreadable_file_scores_zero_with_the_reason(tmp_path: Path) -> None:
    verdict = verdict_on(RIGHT, tmp_path, {"note": b"\xff\xfe\xfd"})
    assert verdict.score == 0
    assert verdict.reason.startswith("right: it is not text in utf-16")


@pytest.mark.parametrize(
    ("record", "score"),
    [
        ({"any": [WRONG, RIGHT]}, 1),
        ({"any": [WRONG, GONE]}, 0),
        ({"mean": [RIGHT]}, 1),
        ({"mean": [RIGHT, WRONG]}, 0),
        ({"not": {"mean": [RIGHT, WRONG]}}, 1),
        ({"not": WRONG}, 1),
        ({"not": RIGHT}, 0),
        ({"not": GONE}, 0),
        ({"not": {"all": [RIGHT, WRONG]}}, 1),
        ({"all": [RIGHT, {"not": WRONG}]}, 1),
    ],
)
def test_trees(record: Any, score: float, tmp_path: Path) -> None:
    assert verdict_on(record, tmp_path, FILES).score == score


def test_a_part_says_how_far_its_leaf_is_as_it_should_be(tmp_path: Path) -> None:
    verdict = verdict_on({"all": [{"not": RIGHT}, {"not": WRONG}, {"not": GONE}]}, tmp_path, FILES)
    assert [(part.name, part.score) for part in verdict.parts] == [("right", 0.0), ("wrong", 1.0), ("gone", 0.0)]
    assert verdict.reason == "'right' holds, but must not; gone: there is no file nowhere"


def test_partial_scores_multiply(tmp_path: Path) -> None:
    half = {"metric": "text.similar", "actual": {"get": "file", "path": "note", "as": "text.text"}, "expected": "hello there"}
    verdict = verdict_on({"all": [half | {"name": "a"}, half | {"name": "b"}]}, tmp_path, FILES)
    assert verdict.score == pytest.approx((2 / 3) ** 2)
    assert verdict.reason == "a: 67% of the words are the same; b: 67% of the words are the same"


def test_partial_scores_have_a_mean(tmp_path: Path) -> None:
    half = {"metric": "text.similar", "actual": {"get": "file", "path": "note", "as": "text.text"}, "expected": "hello there"}
    verdict = verdict_on({"mean": [half | {"name": "a"}, RIGHT]}, tmp_path, FILES)
    assert verdict.score == pytest.approx((2 / 3 + 1) / 2)
    assert verdict.reason == "a: 67% of the words are the same"


def test_infeasible_on_a_feasible_task_is_zero(tmp_path: Path) -> None:
    verdict = verdict_on(RIGHT, tmp_path, FILES, ending=Ending("infeasible"))
    assert verdict == Verdict(0.0, "the agent said that the task cannot be done, but it can")


@pytest.mark.parametrize(("outcome", "score"), [("infeasible", 1), ("done", 0), (None, 0)])
def test_an_infeasible_task_wants_to_be_called_so(tmp_path: Path, outcome: str | None, score: float) -> None:
    verdict = verdict_on({"infeasible": "there is no printer"}, tmp_path, ending=Ending(outcome))
    assert verdict.score == score
    if not score:
        assert verdict.reason == "the task cannot be done (there is no printer), and the agent did not say so"


def test_an_infeasible_task_may_want_its_files_untouched(tmp_path: Path) -> None:
    check = {"all": [{"infeasible": "there is no printer"}, WRONG]}
    assert verdict_on(check, tmp_path, FILES, ending=Ending("infeasible")).reason.startswith("wrong: line 1")


def test_the_answer_of_the_agent_is_evidence(tmp_path: Path) -> None:
    check = {"metric": "text.number", "actual": {"get": "answer", "as": "text.text"}, "expected": 1234.5}
    assert verdict_on(check, tmp_path, ending=Ending("done", "It is 1,234.50 in all.")).score == 1
    assert verdict_on(check, tmp_path, ending=Ending("done")).reason == "text.number: the agent gave no answer"


def test_types_of_expected_values_reach_the_metric(tmp_path: Path) -> None:
    expected = {
        "data": b"\x00",
        "when": datetime(2026, 1, 2),
        "day": date(2026, 1, 2),
        "pair": (1, Decimal("2.5")),
        "some": {1, 2},
    }
    assert verdict_on({"metric": "values.equal", "actual": expected, "expected": expected}, tmp_path).score == 1
    assert verdict_on({"metric": "values.equal", "actual": expected, "expected": expected | {"data": "0"}}, tmp_path).score == 0


def test_bytes_are_compared_as_they_came(tmp_path: Path) -> None:
    check = {"metric": "values.equal", "actual": {"get": "file", "path": "note"}, "expected": b"hello\n"}
    assert verdict_on(check, tmp_path, FILES).score == 1


def test_saved_evidence_gives_the_same_verdict_again(tmp_path: Path) -> None:
    check, ending = parse_check({"all": [RIGHT, WRONG, GONE]}), Ending("done")
    first = grade(check, collect(check, subjects(FILES), EvidenceStore(tmp_path)), ending=ending)
    loaded = EvidenceStore(tmp_path).load()
    assert grade(check, loaded, ending=loaded.ending) == first
    assert grade(check, loaded, ending=loaded.ending) == first


def test_evidence_that_was_tampered_with_is_a_fault_of_ours(tmp_path: Path) -> None:
    check = parse_check(RIGHT)
    evidence = collect(check, subjects(FILES), EvidenceStore(tmp_path))
    digest = next(iter(evidence.items.values())).sha256
    evidence.store.path(digest).write_bytes(b"something else")
    with pytest.raises(CheckerError, match=r"right \(text\.same\): the saved evidence .* is damaged"):
        grade(check, evidence, ending=Ending("done"))


def test_a_given_file_that_cannot_be_read_is_a_fault_of_ours(tmp_path: Path) -> None:
    check = RIGHT | {"expected": {"value": b"\xff", "as": "text.text"}}
    with pytest.raises(CheckerError, match=r"right \(text\.same\): what is expected cannot be read: it is not text"):
        verdict_on(check, tmp_path, FILES)


def test_grading_costs_little(tmp_path: Path) -> None:
    check = parse_check(RIGHT)
    evidence = collect(check, subjects(FILES), EvidenceStore(tmp_path))
    costs_s = []
    for _ in range(3):
        before = _seconds_of_children()
        grade(check, evidence, ending=Ending("done"))
        costs_s.append(_seconds_of_children() - before)
    assert min(costs_s) < 0.5


def _seconds_of_children() -> float:
    """Processor time of all processes that were started and have ended: unlike a clock, it hardly minds a busy machine."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


# --- metrics that misbehave ------------------------------------------------------------------------------------------

ODD = Path(__file__).parents[2] / "support/odd_metrics.py"


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    with installed(tmp_path / "package", monkeypatch, {"metrics/odd.py": ODD.read_text()}) as name:
        yield name


def odd_check(name: str, actual: Any = "x") -> dict[str, Any]:
    return {"name": "leaf", "metric": f"odd.{name}", "actual": actual}


@pytest.mark.usefixtures("odd")
@pytest.mark.parametrize(
    ("record", "words"),
    [
        (odd_check("raises"), r"leaf \(odd\.raises\): KeyError: 'nothing here' \(odd\.py, line \d+\)"),
        (odd_check("eats"), r"leaf \(odd\.eats\): it ran out of the memory that it may use"),
        (odd_check("leaves"), r"leaf \(odd\.leaves\): its process ended without an answer \(exit code 3\)"),
        (odd_check("crashes"), r"leaf \(odd\.crashes\): its process was ended by SIGSEGV"),
        (odd_check("gives", "nan"), r"leaf \(odd\.gives\): the metric returned nan, which is no score from 0 to 1"),
        (odd_check("gives", "two"), r"the metric returned 2\.0, which is no score"),
        (odd_check("gives", "below"), r"the metric returned -0\.1, which is no score"),
        (odd_check("gives", "none"), r"the metric returned None, neither a number nor a Verdict"),
        (odd_check("gives", "text"), r"the metric returned '1', neither a number nor a Verdict"),
        (odd_check("gives", "part"), r"the metric returned 7, which is no score"),
    ],
)
def test_a_metric_that_fails_is_a_fault_of_ours_told_in_words(record: Any, words: str, tmp_path: Path) -> None:
    with pytest.raises(CheckerError, match=words):
        verdict_on(record, tmp_path, limits=GradingLimits(memory_mb=512))


@pytest.mark.usefixtures("odd")
def test_a_metric_that_never_ends_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(CheckerError, match=r"leaf \(odd\.loops\): it used more than 1 s of processor time"):
        verdict_on(odd_check("loops"), tmp_path, limits=GradingLimits(cpu_s=1))
    with pytest.raises(CheckerError, match=r"leaf \(odd\.sleeps\): it was not done after 0\.5 s"):
        verdict_on(odd_check("sleeps"), tmp_path, limits=GradingLimits(wall_s=0.5))


@pytest.mark.usefixtures("odd")
def test_the_leaf_that_fails_is_named_though_others_went_well(tmp_path: Path) -> None:
    check = {"all": [odd_check("true", "yes") | {"name": "first"}, odd_check("loops") | {"name": "second"}, RIGHT]}
    with pytest.raises(CheckerError, match=r"second \(odd\.loops\)"):
        verdict_on(check, tmp_path, FILES, limits=GradingLimits(cpu_s=1))


@pytest.mark.usefixtures("odd")
def test_a_metric_may_find_the_evidence_unusable(tmp_path: Path) -> None:
    verdict = verdict_on(odd_check("misses"), tmp_path)
    assert (verdict.score, verdict.reason) == (0, "leaf: the page has no title")


@pytest.mark.usefixtures("odd")
def test_a_metric_may_answer_with_a_truth_value(tmp_path: Path) -> None:
    assert verdict_on(odd_check("true", "yes"), tmp_path).score == 1
    assert verdict_on(odd_check("true", "no"), tmp_path).reason == "leaf: found 'no'"


@pytest.mark.usefixtures("odd")
def test_a_metric_without_a_reason_gets_one(tmp_path: Path) -> None:
    check = {"name": "leaf", "metric": "odd.words", "actual": "a" * 900, "expected": [1, 2]}
    verdict = verdict_on(check, tmp_path)
    assert verdict.reason.startswith("leaf: expected [1, 2], found 'aaaa")
    assert len(verdict.reason) < 200


@pytest.mark.usefixtures("odd")
def test_what_a_metric_prints_is_no_answer(tmp_path: Path) -> None:
    assert verdict_on(odd_check("prints"), tmp_path).score == 0


@pytest.mark.usefixtures("odd")
def test_a_metric_cannot_write_files(tmp_path: Path) -> None:
    with pytest.raises(CheckerError, match="File too large"):
        verdict_on(odd_check("writes", str(tmp_path / "left")), tmp_path)


@pytest.mark.usefixtures("odd")
def test_a_metric_sees_no_environment_and_no_open_files_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_SECRET", "token")
    with (tmp_path / "open").open("w"):
        assert verdict_on(odd_check("has"), tmp_path) == Verdict(
            1.0, "everything is as it should be", parts=(Verdict(1.0, "", "leaf"),)
        )


@pytest.mark.usefixtures("odd")
def test_what_a_metric_starts_ends_with_it(tmp_path: Path) -> None:
    assert verdict_on(odd_check("starts"), tmp_path).score == 1
    assert "sleep 987" not in subprocess.run(["ps", "-e", "-o", "args="], capture_output=True, text=True, check=True).stdout


@pytest.mark.usefixtures("odd")
def test_a_metric_that_stops_the_clock_is_stopped_from_outside(tmp_path: Path) -> None:
    check = {"all": [odd_check("true", "yes") | {"name": "first"}, odd_check("stops_the_clock") | {"name": "second"}]}
    with pytest.raises(CheckerError, match=r"second \(odd\.stops_the_clock\): it was not done after 0\.5 s"):
        verdict_on(check, tmp_path, limits=GradingLimits(wall_s=0.5))
