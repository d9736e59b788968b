"""From JSON to a check: what is right, and what is said of what is wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from osarena.errors import TaskError
from osarena.grading.model import All, Any_, Given, Infeasible, Leaf, Not, Source, leaves
from osarena.grading.resolve import functions, parse_check
from tests.support.evaluators import installed

SHEET = {"get": "file", "path": "~/a.xlsx", "as": "office.sheet", "sheet": "Totals"}
LEAF = {"name": "totals", "metric": "tables.rows_match", "actual": SHEET, "expected": [["a"]], "options": {"tolerance": 0.1}}


def test_a_sources_parameters_are_split_between_probe_and_reader() -> None:
    leaf = parse_check(LEAF)
    assert leaf == Leaf(
        "totals",
        "tables.rows_match",
        Source("file", {"path": "~/a.xlsx"}, "office.sheet", {"sheet": "Totals"}),
        Given([["a"]]),
        {"tolerance": 0.1},
    )


def test_a_probe_without_a_reader_gives_its_bytes() -> None:
    leaf = parse_check({"metric": "values.equal", "actual": {"get": "file", "path": "x"}, "expected": b"abc"})
    assert leaf == Leaf("values.equal", "values.equal", Source("file", {"path": "x"}), Given(b"abc"))


def test_a_given_file_can_be_read_like_evidence() -> None:
    leaf = parse_check(LEAF | {"expected": {"value": b"PK", "as": "office.sheet", "sheet": 0}})
    assert isinstance(leaf, Leaf)
    assert leaf.expected == Given(b"PK", "office.sheet", {"sheet": 0})


def test_a_metric_of_one_value_has_no_expected() -> None:
    leaf = parse_check({"metric": "values.between", "actual": 3, "options": {"low": 1}})
    assert leaf == Leaf("values.between", "values.between", Given(3), None, {"low": 1})


def test_what_a_metric_has_a_default_for_may_be_left_out_and_any_option_given_where_it_takes_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "from osarena.grading.model import metric\n\n\n@metric\ndef odd(actual, expected=None, *, a, **options): ...\n"
    with installed(tmp_path, monkeypatch, {"metrics/odd.py": source}):
        leaf = {"metric": "odd", "actual": 1, "options": {"a": 1, "b": 2}}
        assert parse_check(leaf) == Leaf("odd", "odd", Given(1), None, {"a": 1, "b": 2})
        assert parse_check(leaf | {"expected": 3}) == Leaf("odd", "odd", Given(1), Given(3), {"a": 1, "b": 2})
        with pytest.raises(TaskError, match=r"check.options: odd needs 'a'"):
            parse_check(leaf | {"options": {"b": 2}})


def test_a_module_may_hand_on_functions_of_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = {
        "elsewhere.py": "from osarena.grading.model import metric\n\n\n@metric\ndef alike(actual, expected): ...\n",
        "metrics/handing.py": (
            "from importlib import import_module\n\n\ndef __getattr__(name):\n"
            "    return getattr(import_module(__package__.partition('.')[0] + '.elsewhere'), name)\n\n\n"
            "def __dir__():\n    return ['alike']\n"
        ),
    }
    with installed(tmp_path, monkeypatch, sources):
        assert parse_check({"metric": "handing.alike", "actual": 1, "expected": 2})
        with pytest.raises(TaskError, match=r"there is no metric 'handing.alik' \(known: handing.alike"):
            parse_check({"metric": "handing.alik", "actual": 1, "expected": 2})


def test_trees_nest() -> None:
    check = parse_check({"all": [LEAF, {"any": [{"not": LEAF | {"name": "other"}}, {"infeasible": "there is no printer"}]}]})
    assert isinstance(check, All)
    assert isinstance(check.parts[1], Any_)
    assert check.parts[1].parts == (Not(parse_check(LEAF | {"name": "other"})), Infeasible("there is no printer"))
    assert [leaf.name for leaf in leaves(check)] == ["totals", "other"]


def test_every_function_of_a_check_is_listed() -> None:
    assert list(functions(parse_check(LEAF))) == [
        ("metric", "tables.rows_match"),
        ("probe", "file"),
        ("reader", "office.sheet"),
    ]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (["all"], "check: expected a check, an object"),
        ({}, "check: a check has exactly one of"),
        ({"all": [LEAF], "any": [LEAF]}, "check: a check has exactly one of"),
        ({"all": []}, "check.all: expected a list with at least one check"),
        ({"all": [LEAF], "name": "x"}, 'check: beside "all" there may be nothing else; found name'),
        ({"all": [LEAF, 3]}, "check.all[1]: expected a check"),
        ({"all": [LEAF, LEAF]}, "check: 2 comparisons are called 'totals'"),
        ({"infeasible": ""}, "check.infeasible: expected the reason"),
        ({"not": LEAF | {"wanted": 1}}, "check.not: unknown wanted"),
        (LEAF | {"metric": "tables.row_match"}, "check.metric: there is no metric 'tables.row_match' (known: tables.rows_match"),
        (LEAF | {"metric": 3}, "check.metric: expected the address of a metric"),
        (LEAF | {"name": ""}, "check.name: expected words"),
        (LEAF | {"options": {"tolerence": 1}}, "check.options: tables.rows_match takes no 'tolerence'"),
        (LEAF | {"options": []}, "check.options: expected an object"),
        ({"metric": "tables.rows_match", "actual": SHEET}, 'check: tables.rows_match needs "expected"'),
        ({"metric": "values.between", "actual": 1, "expected": 2}, 'check: values.between takes no "expected"'),
        ({"metric": "values.close", "actual": 1, "expected": 2}, "check.options: values.close needs 'tolerance'"),
        ({"metric": "values.equal", "expected": 2}, 'check: "actual" is missing'),
        (LEAF | {"actual": SHEET | {"get": "fiel"}}, "check.actual.get: there is no probe 'fiel'"),
        (LEAF | {"actual": SHEET | {"as": "office.sheeet"}}, "check.actual.as: there is no reader 'office.sheeet'"),
        (LEAF | {"actual": SHEET | {"sheat": 1}}, "check.actual: file as office.sheet takes no 'sheat' (it takes path, sheet"),
        (LEAF | {"actual": {"get": "file", "as": "office.sheet"}}, "check.actual: file needs 'path'"),
        (LEAF | {"actual": {"get": "file", "path": "x", "sheet": 1}}, "check.actual: file takes no 'sheet' (it takes path)"),
        (LEAF | {"expected": {"as": "office.sheet"}}, 'check.expected: beside "as" there must be "get"'),
        (LEAF | {"expected": [object()]}, "check.expected: a object cannot be part of a check"),
    ],
)
def test_what_is_wrong_is_told_with_its_json_path(record: Any, words: str) -> None:
    with pytest.raises(TaskError, match="^" + re.escape(words)):
        parse_check(record)


def test_the_path_starts_where_the_caller_says() -> None:
    with pytest.raises(TaskError, match=re.escape("$.check.all[0]: expected a check")):
        parse_check({"all": [1]}, where="$.check")


def test_a_probe_that_does_not_say_what_it_looks_at_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "from osarena.grading.model import probe\n\n\n@probe\ndef odd(thing: int, path: str) -> bytes: ...\n"
    with installed(tmp_path, monkeypatch, {"probes/odd.py": source}):
        with pytest.raises(TaskError, match="the first parameter of odd is annotated with int, not one of Guest"):
            parse_check({"metric": "values.equal", "actual": {"get": "odd", "path": "x"}, "expected": b""})
