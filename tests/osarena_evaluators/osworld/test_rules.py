"""The rules of task files about single values, and files as arguments."""

from __future__ import annotations

from typing import Any

import pytest

from osarena.errors import CheckerError, EvidenceMissing
from osarena_evaluators.osworld._files import found, wanted
from osarena_evaluators.osworld._rules import matches
from osarena_evaluators.readers.json import value as json_value


@pytest.mark.parametrize(
    ("method", "ref", "right", "wrong"),
    [
        ("eq", "a", ["a"], ["b", None, 1]),
        ("eq", 1, [1, 1.0], ["1", None]),
        ("ne", "a", ["b", None], ["a"]),
        ("le", 3, [3, 2], [4, "2", None]),
        ("lt", 3, [2], [3]),
        ("ge", 3, [3, 4], [2]),
        ("gt", 3, [4], [3, [4]]),
        ("re", "^b", ["bc"], ["ab", None]),
        ("re", "4", [42, "a4"], [5]),
        ("re.IGNORECASE.DOTALL", "A.C", ["xa\ncx"], ["ab"]),
        ("approx:0.5", 3, [3.5, "2.6"], [3.6, "three", None, [3]]),
        ("range.te", [0, 2], [2, 1], [0, 2.1, "1", None]),
        ("range.et", [0, 2], [0, 1], [2, -1]),
        ("spreadsheet_range", ["B2:B9", "B2:C10"], ["B2:B9", "B2:C9"], ["B2:B8", "A1:C10", "x", None]),
        ("str_list_eq", ["a", "b"], ['"a,b"', "a,b"], ["b,a", "a", None, 3]),
        ("str_set_eq", ["a", "b"], ['"b,a"'], ["a", None]),
    ],
)
def test_a_rule(method: str, ref: Any, right: list[Any], wrong: list[Any]) -> None:
    rule = {"method": method, "ref": ref}
    assert [value for value in right if not matches(value, rule)] == []
    assert [value for value in wrong if matches(value, rule)] == []


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (None, "a rule about a value is"),
        ({"method": "eq"}, "a rule about a value is"),
        ({"method": "like", "ref": 1}, "there is no method 'like'"),
        ({"method": "re", "ref": "("}, "is no regular expression"),
        ({"method": "re.compile", "ref": "a"}, "no flag 'compile'"),
        ({"method": "approx:x", "ref": 1}, "names no tolerance"),
        ({"method": "approx:1", "ref": "1"}, "needs a number"),
        ({"method": "range.xx", "ref": [1, 2]}, "a range in the task is"),
        ({"method": "range.te", "ref": [1]}, "needs two values"),
        ({"method": "spreadsheet_range", "ref": ["?", "A1"]}, "are no areas of cells"),
        ({"method": "str_set_eq", "ref": "a,b"}, "needs a list of texts"),
    ],
)
def test_a_rule_that_is_none_is_the_tasks_fault(rule: Any, words: str) -> None:
    with pytest.raises(CheckerError, match=words):
        matches("a", rule)


def test_files_of_the_task_and_of_the_agent() -> None:
    assert wanted(json_value, b'{"a": 1}', at="a") == 1
    for unusable in (b"{", None, "path"):
        with pytest.raises(CheckerError):
            wanted(json_value, unusable)
    assert found(b"x") == b"x"
    with pytest.raises(EvidenceMissing, match="no such file"):
        found(None)
    with pytest.raises(EvidenceMissing, match="expected a file"):
        found("path")
