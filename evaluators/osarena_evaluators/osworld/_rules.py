"""The rules of task files about a single value: `{"method": "approx:0.1", "ref": 3}`.

================================  ==========================================================================
method                            holds where
================================  ==========================================================================
`eq ne le lt ge gt`               value and `ref` compare so
`re`, `re.IGNORECASE.DOTALL`      the regular expression `ref` is found in the text
`approx:0.1`                      the number, or text that is one, differs from `ref` by at most 0.1
`range.te`                        it is between `ref[0]` and `ref[1]`: "e" includes the end, "t" does not
`spreadsheet_range`               an area of cells covers `ref[0]` and lies within `ref[1]`
`str_list_eq`, `str_set_eq`       text with commas names the items of `ref`, in order, or in any
================================  ==========================================================================
"""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from osarena.errors import CheckerError, EvidenceMissing

_COMPARISONS = {name: getattr(operator, name) for name in ("eq", "ne", "le", "lt", "ge", "gt")}
_ENDS = {"t": operator.lt, "e": operator.le}
_MAX_SEARCHED = 1_000_000  # characters


def matches(value: Any, rule: Mapping[str, Any]) -> bool:
    """Whether a value is as a rule says. A value that cannot be compared with the rule's `ref` is not.

    Raises:
        CheckerError: the rule is none.
    """
    method, ref = _parts(rule)
    kind = re.split(r"[.:]", method, maxsplit=1)[0]
    if method in _COMPARISONS:
        return _compares(method, value, ref)
    match kind:
        case "re":
            return _is_found(method, value, ref)
        case "approx":
            return _is_close(method, value, ref)
        case "range":
            return _is_between(method, value, ref)
        case "spreadsheet_range":
            return _is_area(value, ref)
        case "str_list_eq":
            return _items(value) == list(_listed(ref, method))
        case "str_set_eq":
            return _items(value) is not None and set(_items(value) or ()) == set(_listed(ref, method))
    raise CheckerError(f"there is no method {method!r} of comparing a value")


def pattern_of(expression: Any, flags: int = 0) -> re.Pattern[str]:
    """A task's regular expression. Raises CheckerError where it is none."""
    if not isinstance(expression, str):
        raise CheckerError(f"expected a regular expression in the task, found {expression!r:.100}")
    try:
        return re.compile(expression, flags)
    except (re.error, RecursionError, OverflowError) as error:
        raise CheckerError(f"{expression!r:.100} in the task is no regular expression: {error}") from error


def searched(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a task's pattern is found in an agent's text, which must not be too long to look through."""
    if len(text) > _MAX_SEARCHED:
        raise EvidenceMissing(f"it has {len(text)} characters, which is too much to look at")
    return pattern.search(text) is not None


def _parts(rule: Any) -> tuple[str, Any]:
    if not isinstance(rule, Mapping) or not isinstance(rule.get("method"), str) or "ref" not in rule:
        raise CheckerError(f'a rule about a value is {{"method": …, "ref": …}}, not {rule!r:.100}')
    return rule["method"], rule["ref"]


def _compares(method: str, value: Any, ref: Any) -> bool:
    try:
        return bool(_COMPARISONS[method](value, ref))
    except TypeError:  # a text and a number have no order
        return False


def _is_found(method: str, value: Any, ref: Any) -> bool:
    flags = 0
    for name in method.split(".")[1:]:
        flag = getattr(re, name, None)
        if not isinstance(flag, re.RegexFlag):
            raise CheckerError(f"regular expressions have no flag {name!r} ({method!r} in the task)")
        flags |= flag
    pattern, text = pattern_of(ref, flags), _text_of(value)
    return text is not None and searched(pattern, text)


def _text_of(value: Any) -> str | None:
    """A single value as text; None for lists and mappings, which may be far larger as text than they are in memory."""
    if isinstance(value, str | None):
        return value
    try:
        return str(value) if isinstance(value, int | float | date | time) else None
    except ValueError:  # a whole number with thousands of digits
        return None


def _is_close(method: str, value: Any, ref: Any) -> bool:
    if not isinstance(ref, int | float):
        raise CheckerError(f"{method!r} in the task needs a number, not {ref!r:.100}")
    try:
        tolerance = float(method.removeprefix("approx:"))
    except ValueError as error:
        raise CheckerError(f"{method!r} in the task names no tolerance") from error
    try:
        return abs(float(value) - ref) <= tolerance
    except (ValueError, TypeError, OverflowError):
        return False


def _is_between(method: str, value: Any, ref: Any) -> bool:
    ends = method.removeprefix("range.")
    if len(ends) != 2 or not set(ends) <= set(_ENDS):
        raise CheckerError(f'a range in the task is "range." and two of "t" and "e", not {method!r}')
    low, high = _pair(ref, method)
    try:
        return bool(_ENDS[ends[0]](low, value) and _ENDS[ends[1]](value, high))
    except TypeError:
        return False


def _is_area(value: Any, ref: Any) -> bool:
    from openpyxl.worksheet.cell_range import MultiCellRange

    try:
        least, most = (MultiCellRange(area) for area in _pair(ref, "spreadsheet_range"))
    except (ValueError, TypeError) as error:
        raise CheckerError(f"{ref!r:.100} in the task are no areas of cells: {error}") from error
    try:
        area = value if isinstance(value, MultiCellRange) else MultiCellRange(value)
        return all(part in area for part in least.ranges) and all(part in most for part in area.ranges)
    except (ValueError, TypeError):
        return False


def _pair(ref: Any, method: str) -> tuple[Any, Any]:
    if not isinstance(ref, list | tuple) or len(ref) != 2:
        raise CheckerError(f"{method!r} in the task needs two values, not {ref!r:.100}")
    return ref[0], ref[1]


def _listed(ref: Any, method: str) -> Sequence[str]:
    if not isinstance(ref, list | tuple) or not all(isinstance(item, str) for item in ref):
        raise CheckerError(f"{method!r} in the task needs a list of texts, not {ref!r:.100}")
    return ref


def _items(value: Any) -> list[str] | None:
    """The items of text such as '"a,b"', as a choice of a spreadsheet's cell is written; None for what is no text."""
    return value.strip("\"'").split(",") if isinstance(value, str) else None
