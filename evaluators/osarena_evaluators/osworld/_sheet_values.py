"""The rules of `compare_table` about what stands in cells, and about a sheet as a whole.

Each takes the workbooks, its rule and `published`, and says in words what differs; nothing where the rule holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from osarena.errors import CheckerError
from osarena.grading.words import quote
from osarena_evaluators.osworld._books import Books, Raw, Sheet, main
from osarena_evaluators.osworld._rules import matches
from osarena_evaluators.readers.sheets import frozen

Rule = Mapping[str, Any]

# The texts that pandas takes for empty cells, as the public function does with them.
_PANDAS_EMPTY = frozenset(
    " #N/A #N/A N/A #NA -1.#IND -1.#QNAN -NaN -nan 1.#IND 1.#QNAN <NA> N/A NA NULL NaN None n/a nan null".split(" ")
)


def option(rule: Rule, name: str) -> Any:
    """What a rule says of itself. Raises CheckerError where it does not."""
    if name not in rule:
        raise CheckerError(f"a rule {rule.get('type')!r} needs {name!r}: {quote(dict(rule))}")
    return rule[name]


def both_sheets(books: Books, rule: Rule) -> tuple[Sheet, Sheet]:
    """The two sheets that a rule compares. The first selector is looked up first: it is mostly the agent's."""
    return books.sheet(option(rule, "sheet_idx0")), books.sheet(option(rule, "sheet_idx1"))


def sheet_name(books: Books, rule: Rule, published: bool) -> str:
    """Both workbooks have sheets of the same names, in the same order."""
    if books.expected is None:
        raise CheckerError("the rule 'sheet_name' needs an expected workbook")
    with books.expected.blamed():
        wanted = books.expected.names
    return "" if books.result.names == wanted else f"expected the sheets {quote(wanted)}, found {quote(books.result.names)}"


# --- sheet_data ------------------------------------------------------------------------------------------------------


def sheet_data(books: Books, rule: Rule, published: bool) -> str:
    """The same values in the same cells; numbers to `precision` decimals (4). `ignore_case` is for texts."""
    one, other = both_sheets(books, rule)
    digits = rule.get("precision", 4)
    if not isinstance(digits, int):
        raise CheckerError(f"'precision' is a number of decimals, not {digits!r:.60}")
    found, wanted = one.rows(), other.rows()
    if published:
        found, wanted = _as_pandas(found, digits), _as_pandas(wanted, digits)
    ignore_case = bool(rule.get("ignore_case")) and not published
    if len(found) != len(wanted) or len(found[:1] and found[0]) != len(wanted[:1] and wanted[0]):
        return f"{one.name}: expected {_size(wanted)}, found {_size(found)}{_first_words(found, wanted)}"
    for number, (row, wanted_row) in enumerate(zip(found, wanted, strict=True), start=1):
        for column, (cell, wanted_cell) in enumerate(zip(row, wanted_row, strict=True), start=1):
            if not _is_same(cell, wanted_cell, None if published else digits, ignore_case=ignore_case):
                return f"{one.name}, row {number}, column {column}: expected {quote(wanted_cell)}, found {quote(cell)}"
    return ""


def _size(rows: list[list[Any]]) -> str:
    return f"{len(rows)} rows with {len(rows[0]) if rows else 0} columns"


def _first_words(found: list[list[Any]], wanted: list[list[Any]]) -> str:
    """The first row that differs, for the reason."""
    for number, (row, wanted_row) in enumerate(zip(found, wanted, strict=False), start=1):
        if row != wanted_row:
            return f"; row {number} should be {quote(wanted_row)}, but is {quote(row)}"
    return ""


def _is_same(cell: Any, wanted: Any, digits: int | None, *, ignore_case: bool) -> bool:
    if _is_number(cell) and _is_number(wanted):
        if digits is None or cell == wanted:
            return bool(cell == wanted)
        return bool(abs(cell - wanted) < 0.5 * 10.0**-digits or round(cell, digits) == round(wanted, digits))
    if ignore_case and isinstance(cell, str) and isinstance(wanted, str):
        return cell.casefold() == wanted.casefold()
    return type(cell) is type(wanted) and bool(cell == wanted)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _as_pandas(rows: list[list[Any]], digits: int) -> list[list[Any]]:
    """The rows as the public function compares them: rounded are only columns that hold numbers alone."""
    rows = [[None if isinstance(cell, str) and cell in _PANDAS_EMPTY else cell for cell in row] for row in rows]
    for column in range(len(rows[0]) if rows else 0):
        body = rows[1:]
        if all(row[column] is None or _is_number(row[column]) for row in body):
            for row in body:
                row[column] = None if row[column] is None else round(float(row[column]), digits)
    return rows


# --- sheet_print, sheet_fuzzy ----------------------------------------------------------------------------------------


def sheet_print(books: Books, rule: Rule, published: bool) -> str:
    """The CSV files that were made of both sheets have the same lines."""
    one, other = both_sheets(books, rule)
    found, wanted = one.printed(), other.printed()
    if rule.get("ignore_case"):
        found, wanted = [line.lower() for line in found], [line.lower() for line in wanted]
    for number, (line, wanted_line) in enumerate(zip(found, wanted, strict=False), start=1):
        if line != wanted_line:
            return f"{one.name} as printed, line {number}: expected {quote(wanted_line)}, found {quote(line)}"
    return "" if len(found) == len(wanted) else f"{one.name}: expected {len(wanted)} printed lines, found {len(found)}"


_FUZZY: Mapping[str, Callable[[str, str, Rule], bool]] = {
    "exact_match": lambda value, wanted, rule: value == wanted,
    "includes": lambda value, wanted, rule: wanted in value,
    "included_by": lambda value, wanted, rule: value in wanted,
    "fuzzy_match": lambda value, wanted, rule: _ratio(value, wanted) >= rule.get("threshold", 85.0),
}


def _ratio(one: str, other: str) -> float:
    from rapidfuzz import fuzz

    return float(fuzz.ratio(one, other))


def sheet_fuzzy(books: Books, rule: Rule, published: bool) -> str:
    """The cells of some areas are alike, each area in its own way (`exact_match`, `includes`, `included_by`, `fuzzy_match`)."""
    one, other = both_sheets(books, rule)
    found, wanted = one.raw_cells(published=published), other.raw_cells(published=published)
    for part in option(rule, "rules"):
        is_alike = _FUZZY.get(option(part, "type"))
        if is_alike is None:
            raise CheckerError(f"a fuzzy rule compares by one of {', '.join(_FUZZY)}, not {part['type']!r:.60}")
        for address in _addresses(option(part, "range")):
            values = found.get(address), wanted.get(address)
            if not published and None in values:
                alike = values[0] is values[1]
            else:
                alike = is_alike(_tidy(values[0], part, published), _tidy(values[1], part, published), part)
            if not alike:
                return f"{one.name}, {address}: expected {quote(values[1])} ({part['type']}), found {quote(values[0])}"
    return ""


def _addresses(areas: Any) -> list[str]:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.cell_range import MultiCellRange

    try:
        found = MultiCellRange(areas).ranges
    except (TypeError, ValueError) as error:
        raise CheckerError(f"{areas!r:.100} are no areas of a sheet: {error}") from error
    return [f"{get_column_letter(column)}{row}" for area in found for row, column in area.cells]


def _tidy(value: Raw, rule: Rule, published: bool) -> str:
    text = str(value)
    for short, long in rule.get("normalization", []):
        # In whole words: else "Street" becomes "Streetreet" where "St" stands for "Street".
        text = text.replace(short, long) if published else long.join(re.split(rf"\b{re.escape(short)}(?!\w)", text))
    text = text.lstrip(rule["trim_leadings"]) if "trim_leadings" in rule else text
    text = text.rstrip(rule["trim_trailings"]) if "trim_trailings" in rule else text
    ignored = set(rule.get("ignore_chars", ""))
    text = "".join(letter for letter in text if letter not in ignored)
    return text.lower() if rule.get("ignore_case") else text


# --- a sheet's view --------------------------------------------------------------------------------------------------


def freeze(books: Books, rule: Rule, published: bool) -> str:
    """In both sheets the same columns and rows stay in view."""
    one, other = both_sheets(books, rule)
    found, wanted = (_frozen_corner(sheet) if published else _frozen(sheet) for sheet in (one, other))
    return "" if found == wanted else f"{one.name}: expected columns and rows {wanted} to stay in view, found {found}"


def _frozen(sheet: Sheet) -> list[int]:
    with sheet.book.blamed():
        return frozen(sheet.book.data, sheet=sheet.name)


def _frozen_corner(sheet: Sheet) -> str | None:
    """The first cell that is shown beside the frozen ones, which changes with scrolling."""
    panes = (pane for pane in sheet.root().iter(main("pane")))
    return next((pane.get("topLeftCell") for pane in panes if pane.get("state", "").startswith("frozen")), None)


def zoom(books: Books, rule: Rule, published: bool) -> str:
    """The zoom of a sheet in percent is as the rule says."""
    sheet = books.sheet(option(rule, "sheet_idx"))
    view = next(sheet.root().iter(main("sheetView")), None)
    text = "" if view is None else view.get("zoomScale", "")
    percent = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 and int(text) else 100
    return "" if matches(percent, rule) else f"{sheet.name}: expected a zoom {rule['method']} {rule['ref']}, found {percent}"
