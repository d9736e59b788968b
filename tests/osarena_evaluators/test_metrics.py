"""A task that gives a metric what it cannot compare with is wrong, which is no fault of the agent's. `cases/` has the rest."""

from __future__ import annotations

from typing import Any

import pytest

from osarena_evaluators.metrics import files, lists, records, tables, text, values


@pytest.mark.parametrize(
    ("metric", "actual", "expected", "words"),
    [
        *((compare, [["a"]], "abc", "compares with rows") for compare in (tables.rows_match, tables.has_rows)),
        *((compare, ["a"], "ab", "compares with a list") for compare in (lists.same_items, lists.has_items, lists.lacks_items)),
        *(
            (compare, "x", 3, "the task expects 3")
            for compare in (text.same, text.contains, text.lacks, text.matches, text.similar)
        ),
        (text.contains, "x", ["x", 3], "a list of texts"),
        (text.number, "x", "3", "compares with a number"),
        (values.one_of, "c", "abc", "takes a list of values"),
        (records.has_fields, {}, [1], "compares with a record"),
        (records.match, [1], [1], "a list of records"),
        (files.unchanged, {}, ["a"], "files by path"),
    ],
)
def test_a_task_that_expects_what_cannot_be_compared_is_wrong(metric: Any, actual: Any, expected: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        metric(actual, expected)
