"""Cases of values, lists, records and tables of any origin."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.support.cases import fails, holds, unusable

SALES = [["Region", "Total"], ["North", 12.5], ["South", 3]]
ORDERS: list[Any] = [{"id": 1, "title": "A", "price": 2.0}, {"id": 2, "title": "B", "price": 3}]
NO_TABLES: tuple[tuple[Any, str], ...] = ((None, "None"), (3, "3"), ("abc", "'abc'"), ({"a": 1}, "{'a': 1}"), (["abc"], "'abc'"))

METRICS = {
    "values.equal": [
        holds({"a": [1, 2.0]}, {"a": (1.0, 2)}),
        holds(datetime(2026, 1, 2), date(2026, 1, 2)),
        holds(0.1 + 0.2, 0.3),
        holds({1, 2}, frozenset({2, 1})),
        holds(None, None),
        holds(b"x", b"x"),
        fails(1, True, words="expected True, found 1"),
        fails("1", 1, words="expected 1, found '1'"),
        fails(
            datetime(2026, 1, 2, 3),
            date(2026, 1, 2),
            words="expected datetime.date(2026, 1, 2), found datetime.datetime(2026, 1, 2, 3, 0)",
        ),
        fails([1, 2], [1], words="expected 1 items, found 2, with 2"),
        fails([1], [1, "x"], words="expected 2 items, found 1, with no 'x'"),
        fails({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, words="a.b[1]: expected 3, found 2"),
        fails({}, {"a": 1}, words="a: expected 1, found nothing"),
        fails({"a": 1, "b": 2}, {"a": 1}, words="found ['b'], which should not be there"),
        fails(10**400, 1.0, words=f"expected 1.0, found {'1' + '0' * 47}...{'0' * 49}"),
        fails(float("nan"), float("nan"), words="expected nan, found nan"),
        unusable(None, "", words="expected '', found None"),
        unusable("ab", ["a", "b"], words="expected ['a', 'b'], found 'ab'"),
    ],
    "values.close": [
        holds([1.04], [1], tolerance=0.05),
        fails([1.06], [1], tolerance=0.05, words="[0]: expected 1, found 1.06"),
        unusable("1", 1, tolerance=0.05, words="expected 1, found '1'"),
    ],
    "values.between": [
        holds(3, low=3, high=4),
        fails(2.9, low=3, words="expected a number from 3 to inf, found 2.9"),
        unusable("3", low=3, words="expected a number from 3 to inf, found '3'"),
    ],
    "values.one_of": [
        holds("b", ["a", "b"]),
        fails("c", ["a", "b"], words="expected one of ['a', 'b'], found 'c'"),
        unusable(["a"], ["a", "b"], words="expected one of ['a', 'b'], found ['a']"),
    ],
    "lists.same_items": [
        holds(["b", "a", 1], ["a", 1.0, "b"]),
        fails(["a", "a"], ["a", "b"], words="missing: ['b']; should not be there: ['a']"),
        unusable("ab", ["a"], words="expected a list, found 'ab'"),
    ],
    "lists.has_items": [
        holds([3, 2, 1], {1, 2}),
        fails([3], [1], words="missing: [1]"),
        unusable("ab", ["a"], words="expected a list, found 'ab'"),
    ],
    "lists.lacks_items": [
        holds([3], [1]),
        fails([3, 1], [1], words="should not be there: [1]"),
        unusable("ab", ["a"], words="expected a list, found 'ab'"),
    ],
    "records.has_fields": [
        holds(ORDERS[0], {"title": "A", "price": 2}),
        fails(ORDERS[0], {"title": "B"}, words="title: expected 'B', found 'A'"),
        fails(ORDERS[0], {"note": "x"}, words="note: expected 'x', found nothing"),
        unusable([1], {"id": 1}, words="expected names with values"),
    ],
    "records.match": [
        holds(ORDERS, [{"title": "B"}, {"title": "A"}]),
        holds(ORDERS, [{"id": 1}, {"id": 2}], ordered=True),
        fails(ORDERS, [{"title": "B"}, {"title": "A"}], ordered=True, words="no record of its own for"),
        fails(ORDERS, [{"price": 3}, {"price": 3}], words="no record of its own for {'price': 3}"),
        fails(ORDERS, [{"id": 1}], words="expected 1 records, found 2"),
        unusable([1], [{"id": 1}], words="no record of its own"),
        unusable({"id": 1}, [{"id": 1}], words="expected a list"),
    ],
    "tables.rows_match": [
        holds(SALES, SALES, words="3 rows match"),
        holds([("Region", "Total"), ("North", Decimal("12.5")), ("South", 3.0, None, "")], SALES),
        holds([*SALES, [], [None, ""]], SALES),
        holds([["Region", "Total"], ["North", 12.501], ["South", 3]], SALES, tolerance=0.01),
        holds([["region", "TOTAL"], ["NORTH", 12.5], ["South", 3]], SALES, ignore_case=True),
        holds([["Region", "Total"], ["South", 3], ["North", 12.5]], SALES, ordered=False),
        fails([*SALES[:1], ["North", 12.501], SALES[2]], SALES, words="row 2 of 3, column 2: expected 12.5, found 12.501"),
        fails([*SALES[:1], ["North", "12.5"], SALES[2]], SALES, words="row 2 of 3, column 2: expected 12.5, found '12.5'"),
        fails([*SALES[:2], ["South", True]], SALES, words="row 3 of 3, column 2: expected 3, found True"),
        fails([SALES[0], SALES[2], SALES[1]], SALES, words="row 2 of 3, column 1: expected 'North', found 'South'"),
        fails(SALES[:2], SALES, words="expected 3 rows, found 2; the next should be ['South', 3]"),
        fails([*SALES, ["East", 1]], SALES, words="expected 3 rows, found 4; the next is ['East', 1]"),
        fails([*SALES[:2], ["South", 4]], SALES, ordered=False, words="there is no row ['South', 3]"),
        fails([["South", 3], *SALES[:2]], SALES, ordered=False, words="the header, column 1: expected 'Region', found 'South'"),
        fails([*SALES, SALES[2]], SALES, ordered=False, words="expected 3 rows, found 4"),
        fails([], SALES, words="expected 3 rows, found 0; the next should be ['Region', 'Total']"),
        *(unusable(actual, SALES, words=f"expected a list, found {words}") for actual, words in NO_TABLES),
    ],
    "tables.has_rows": [
        holds(SALES, [["South", 3]]),
        fails(SALES, [["South", 3], ["South", 3]], words="there is no row ['South', 3]"),
        *(unusable(actual, SALES, words=f"expected a list, found {words}") for actual, words in NO_TABLES),
        unusable(
            [["x"]] * 100_000,
            [[str(n)] for n in range(50)],
            words="found 100000 items where there should be 50, which is too much",
        ),
    ],
}
