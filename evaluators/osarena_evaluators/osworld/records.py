"""Files of records: JSON, YAML, CSV, databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.metrics.operands import mapping_of
from osarena_evaluators.osworld._files import File, found, wanted
from osarena_evaluators.osworld._operands import ABSENT, given, given_records, has_fields, holds, share
from osarena_evaluators.osworld._plain import json_with_comments, yaml
from osarena_evaluators.osworld._rules import matches
from osarena_evaluators.readers import csv, json, sqlite

DEVIATIONS: Mapping[str, str] = MappingProxyType(
    {
        "check_csv": "The public one gives 1 for an empty file where records must not be there; ours needs at least a header.",
        "is_included_all_json_objects": (
            "The public one is handed the agent's file as the gold one, so an empty object passes; ours looks for what the task "
            "expects in the agent's file."
        ),
        "check_json_settings": "The public one gives 0 for a file with comments, which VS Code takes; ours reads them.",
        "check_json_keybindings": (
            "The public one takes a comment in the first line alone; ours takes comments and last commas wherever VS Code does."
        ),
    }
)


@metric
def check_json(actual: File, expected: Mapping[str, Any], *, is_yaml: bool = False) -> Verdict:
    """1 if the values at some places of a JSON or YAML file are as rules say.

    `expect` has rules that must hold, `unexpect` such that must not: `{"key": ["author", "name"], "method": "eq", "ref": "Ada"}`.
    What is not there fails the former and passes the latter. Of YAML only plain values are read; what it names is never made.
    """
    there = yaml(found(actual)) if is_yaml else json.value(found(actual))
    for rule in given_records(expected, "expect"):
        value = _at(there, given(rule, "key", (list, tuple)))
        is_so = matches(None if value is ABSENT else value, rule)
        if value is ABSENT or not is_so:
            return Verdict(0.0, f"{_place(rule)}: expected {_words(rule)}, found {_shown(value)}")
    for rule in given_records(expected, "unexpect"):
        value = _at(there, given(rule, "key", (list, tuple)))
        is_so = matches(None if value is ABSENT else value, rule)
        if value is not ABSENT and value is not None and is_so:
            return Verdict(0.0, f"{_place(rule)}: expected not {_words(rule)}, found {_shown(value)}")
    return Verdict(1.0)


@metric
def is_included_all_json_objects(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """1 if the JSON object in the agent's file has all keys and values of the expected one; others may be there too."""
    there, gold = mapping_of(json.value(found(actual))), wanted(_json_object, expected)
    if published:
        there, gold = gold, there
    missing = [key for key, value in gold.items() if key not in there or there[key] != value]
    return holds(not missing, f"expected {quote(missing and {missing[0]: gold[missing[0]]})}, found {quote(there)}")


@metric
def check_json_settings(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if VS Code's settings have all names and values under `expected`."""
    gold = given(expected, "expected", Mapping)
    there = mapping_of(_vs_code(actual, published))
    missing = [name for name, value in gold.items() if name not in there or there[name] != value]
    return holds(not missing, f"{quote(missing)}: expected {quote(gold)}, found {quote(there)}")


@metric
def check_json_keybindings(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if the keyboard shortcuts of VS Code have the one under `expected`, with just its keys and values."""
    gold = given(expected, "expected", Mapping)
    there = _vs_code(actual, published, skip_first=True)
    if not isinstance(there, list):
        raise EvidenceMissing(f"expected a list of shortcuts, found {quote(there)}")
    return holds(gold in there, f"expected the shortcut {quote(gold)}, found {quote(there)}")


@metric
def check_csv(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if each record of `expect` is in some row of a CSV file, and none of `unexpect` in any.

    A record is in a row that has its fields with its texts, by the names in the first row.
    """
    expect, unexpect = given_records(expected, "expect"), given_records(expected, "unexpect")
    rows = csv.rows(found(actual))
    if not rows and not published:
        raise EvidenceMissing("it is empty, without even names of columns")
    records = list(_records(rows))
    missing = [wish for wish in expect if not any(has_fields(record, wish) for record in records)]
    present = [wish for wish in unexpect if any(has_fields(record, wish) for record in records)]
    if missing:
        return Verdict(0.0, f"no row has {quote(missing[0])}")
    return holds(not present, f"no row should have {quote(present and present[0])}")


@metric
def run_sqlite3(actual: File, expected: Mapping[str, Any]) -> Verdict:
    """The number that a query under `sql` finds in the first column of its first row, from 0 to 1; 0 for nothing."""
    rows = sqlite.query(found(actual), sql=given(expected, "sql", str))
    if not rows or not rows[0]:
        return Verdict(0.0, "the query finds nothing")
    value = next(iter(rows[0].values()))
    try:
        return share(float(value or 0), f"the query finds {quote(value)}")
    except (TypeError, ValueError) as error:
        raise EvidenceMissing(f"the query finds {quote(value)}, which is no number") from error


def _at(value: Any, keys: list[Any]) -> Any:
    """What is below some keys of mappings and places of lists, or ABSENT."""
    for key in keys:
        if not isinstance(key, str | int):
            raise CheckerError(f"a key in the task's rule is a text or a number, not {quote(key)}")
        is_there = (isinstance(value, Mapping) and key in value) or (
            isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value)
        )
        if not is_there:
            return ABSENT
        value = value[key]
    return value


def _json_object(data: bytes) -> Mapping[str, Any]:
    return mapping_of(json.value(data))


def _vs_code(actual: Any, published: bool, *, skip_first: bool = False) -> Any:
    """The value of a file of VS Code; as published, of JSON without comments, but perhaps for the first line."""
    data = found(actual)
    if not published:
        return json_with_comments(data)
    try:
        return json.value(data)
    except EvidenceMissing:
        if not skip_first:
            raise
        return json.value(data.partition(b"\n")[2])


def _records(rows: list[csv.Row]) -> Iterator[dict[str, Any]]:
    """The rows below the first as mappings; empty lines are none, and what is beyond the names does not count."""
    names = [str(name) for name in rows[0]] if rows else []
    for row in rows[1:]:
        if row:
            yield dict(zip(names, row, strict=False))


def _place(rule: Mapping[str, Any]) -> str:
    return ".".join(map(str, rule["key"]))


def _words(rule: Mapping[str, Any]) -> str:
    return f"{rule['method']} {quote(rule['ref'])}"


def _shown(value: Any) -> str:
    return "nothing" if value is ABSENT else quote(value)
