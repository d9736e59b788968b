"""Single values, lists and mappings, as a command printed them or a page showed them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.metrics.operands import list_of, mapping_of, text_of
from osarena_evaluators.osworld._operands import given, given_texts, holds, share

DEVIATIONS: Mapping[str, str] = MappingProxyType(
    {
        "check_direct_json_object": (
            "The public one looks for `ignore_list_order` inside `expected`, where no task puts it, gives 1 where nothing is "
            "expected, and breaks texts with an apostrophe; ours takes it from the rules too, needs something that is expected, "
            "and reads JSON as it is."
        ),
        "match_in_list": "The public one gives 1 for any part of the expected text where a text stands in the place of the list; "
        "ours needs a list.",
    }
)

# What a getter writes in the place of a value that it could not work out.
_FAILED = "__EVALUATION_FAILED__"


@metric
def check_include_exclude(actual: Any, expected: Mapping[str, Any]) -> Verdict:
    """1 if the text has all parts that `include` lists, and none that `exclude` lists."""
    found = text_of(actual)
    missing = [part for part in given_texts(expected, "include", default=()) if part not in found]
    present = [part for part in given_texts(expected, "exclude", default=()) if part in found]
    if missing:
        return Verdict(0.0, f"expected {quote(missing[0])} in {quote(found)}")
    return holds(not present, f"{quote(present and present[0])} should not be in {quote(found)}")


@metric
def exact_match(actual: Any, expected: Mapping[str, Any]) -> Verdict:
    """1 if it is the value under `expected`; a text counts to its last line end."""
    wanted = given(expected, "expected")
    return holds(bool(actual == wanted), _otherwise(wanted, actual))


@metric
def compare_answer(actual: Any, expected: Mapping[str, Any]) -> Verdict:
    """1 if the answer is the value under `expected`."""
    wanted = given(expected, "expected")
    return holds(bool(actual == wanted), _otherwise(wanted, actual))


@metric
def match_in_list(actual: Any, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if it is one of the values that `expected` lists."""
    wanted = given(expected, "expected", (list, tuple, str) if published else (list, tuple))
    if isinstance(wanted, str):
        return holds(text_of(actual) in wanted, _otherwise(wanted, actual))
    return holds(actual in wanted, f"expected one of {quote(wanted)}, found {quote(actual)}")


@metric
def is_in_list(actual: Any, expected: Mapping[str, Any]) -> Verdict:
    """1 if the value under `expected` is in the list that was found, or a part of the text."""
    wanted = given(expected, "expected")
    if isinstance(actual, str):
        return holds(isinstance(wanted, str) and wanted in actual, f"expected {quote(wanted)} in {quote(actual)}")
    return holds(wanted in list_of(actual), f"expected {quote(wanted)} among {quote(actual)}")


@metric
def literal_match(actual: Any, expected: Any, *, type: str = "str", ignore_case: bool = False) -> Verdict:  # noqa: A002
    """1 if both are the same as texts, or with `type` "list" the same list of such."""
    if type == "str":
        return holds(_words(actual, ignore_case) == _words(expected, ignore_case), _otherwise(expected, actual))
    if type != "list":
        raise CheckerError(f'`type` in the task is "str" or "list", not {quote(type)}')
    if not isinstance(expected, list | tuple):
        raise CheckerError(f"expected a list in the task, found {quote(expected)}")
    found = [_words(item, ignore_case) for item in list_of(actual)]
    return holds(found == [_words(item, ignore_case) for item in expected], _otherwise(expected, actual))


@metric
def fuzzy_match(actual: Any, expected: Mapping[str, Any]) -> Verdict:
    """How alike two texts are: 1 minus the insertions and deletions that it takes, as a share of both lengths."""
    from rapidfuzz import fuzz

    wanted, found = given(expected, "expected", str), text_of(actual)
    _require_short(found)
    return share(fuzz.ratio(found, wanted) / 100, _otherwise(wanted, found))


@metric
def check_direct_json_object(actual: Any, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if each key of `expected` has its value in the mapping that was found, which may have others and may be JSON as text.

    With `ignore_list_order` in the rules, lists may be in any order. With `expect_in_result`, a text need only be part of the
    value, and of a list one item must be the value, or be in it.
    """
    found = _mapping(actual)
    wanted = given(expected, "expected", Mapping)
    if _FAILED in wanted.values():
        if published:
            return Verdict(0.0, "what is expected could not be worked out")
        raise CheckerError(f"what the task expects could not be worked out: {quote(wanted)}")
    if not wanted and not published:
        raise CheckerError("the task expects nothing of the mapping")
    if given(expected, "expect_in_result", bool, default=False):
        return _has_parts(found, wanted)
    any_order = bool(wanted.get("ignore_list_order", False))
    if not published:
        any_order = any_order or bool(given(expected, "ignore_list_order", default=False))
        wanted = {key: value for key, value in wanted.items() if key != "ignore_list_order"}
    return _has_values(found, wanted, any_order=any_order)


def _has_values(found: Mapping[str, Any], wanted: Mapping[str, Any], *, any_order: bool) -> Verdict:
    for key, value in wanted.items():
        there = found.get(key)
        is_same = _same_items(there, value) if any_order and isinstance(value, list) else there == value
        if not is_same:
            return Verdict(0.0, f"{key}: {_otherwise(value, there)}")
    return Verdict(1.0)


def _has_parts(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> Verdict:
    for key, value in wanted.items():
        there = found.get(key)
        if isinstance(value, str):
            is_there = isinstance(there, str | list) and value in there
        elif isinstance(value, list):
            is_there = any(item in there if isinstance(there, list) else item == there for item in value)
        else:
            raise CheckerError(f"with `expect_in_result` the task expects texts or lists, not {quote(value)}")
        if not is_there:
            return Verdict(0.0, f"{key}: expected {quote(value)} in {quote(there)}")
    return Verdict(1.0)


def _same_items(found: Any, wanted: list[Any]) -> bool:
    """Whether both are lists of the same items, each as often, in any order."""
    if not isinstance(found, list) or len(found) != len(wanted):
        return False
    left = list(wanted)
    for item in found:
        if item not in left:
            return False
        left.remove(item)
    return True


def _mapping(actual: Any) -> Mapping[str, Any]:
    """A mapping, or the JSON of one as text; Python's way to write one, with single quotes, counts too."""
    if not isinstance(actual, str):
        return mapping_of(actual)
    for words in (actual, actual.replace("'", '"')):
        try:
            return mapping_of(json.loads(words))
        except (ValueError, RecursionError):
            continue
    raise EvidenceMissing(f"expected names with values as JSON, found {quote(actual)}")


def _words(value: Any, ignore_case: bool) -> str:
    if not isinstance(value, str | int | float | bool | None | Sequence | Mapping):
        raise EvidenceMissing(f"expected a value, found {quote(value)}")
    try:
        words = str(value)
    except (ValueError, RecursionError) as error:  # a whole number with thousands of digits
        raise EvidenceMissing(f"expected a value, found {quote(value)}") from error
    return words.lower() if ignore_case else words


def _require_short(found: str) -> None:
    if len(found) > 100_000:
        raise EvidenceMissing(f"it has {len(found)} characters, which is too much to look at")


def _otherwise(wanted: Any, found: Any) -> str:
    return f"expected {quote(wanted)}, found {quote(found)}"
