"""Spreadsheets: `compare_table` with its rules, and CSV files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.osworld import _sheet_looks, _sheet_objects, _sheet_values
from osarena_evaluators.osworld._books import Book, Books, main, text_lines
from osarena_evaluators.osworld._files import File, found, wanted
from osarena_evaluators.osworld._sheet_values import Rule
from osarena_evaluators.readers import spreadsheets
from osarena_evaluators.readers.archives import open_archive
from osarena_evaluators.readers.packages import part

DEVIATIONS: Mapping[str, str] = {
    "compare_table": (
        "The public one takes the texts 'NA', 'None', 'null' for empty cells, rounds only in columns that hold numbers alone, "
        "knows no ignore_case in sheet_data and no size of charts, lets a fuzzy rule's normalization change "
        "parts of words, finds sheets by number where files are numbered otherwise, takes scrolling for freezing, all theme "
        "colours for the same, a formatted empty cell for a difference, and two charts or pivot tables of the same data for "
        "one, and needs no validation for each of dv_props; ours compares what the rule says."
    ),
    "compare_csv": "The public one takes a byte order mark for a part of the first line; ours leaves it aside.",
    "compare_conference_city_in_order": (
        "The public one looks at C2:C22, however many cities are expected; ours at as many cells from C2 on as there are cities."
    ),
}

# What each type of rule compares.
RULES: Mapping[str, Callable[[Books, Rule, bool], str]] = {
    "sheet_name": _sheet_values.sheet_name,
    "sheet_data": _sheet_values.sheet_data,
    "sheet_print": _sheet_values.sheet_print,
    "sheet_fuzzy": _sheet_values.sheet_fuzzy,
    "freeze": _sheet_values.freeze,
    "zoom": _sheet_values.zoom,
    "check_cell": _sheet_looks.check_cell,
    "style": _sheet_looks.style,
    "row_props": _sheet_looks.row_props,
    "col_props": _sheet_looks.col_props,
    "chart": _sheet_objects.chart,
    "sparkline": _sheet_objects.sparkline,
    "pivot_table": _sheet_objects.pivot_table,
    "filter": _sheet_objects.filter_rule,
    "data_validation": _sheet_objects.data_validation,
}


@metric
def compare_table(
    actual: File | list[File] | dict[str, File],
    expected: File | list[File] | dict[str, File] | None = None,
    *,
    rules: Sequence[Rule],
    published: bool = False,
) -> Verdict:
    """1 if all rules hold for a workbook, mostly in comparison with an expected one.

    A rule is `{"type": …}` (see `RULES`) with what the type needs: two sheets to compare as `sheet_idx0` and `sheet_idx1`, or
    one as `sheet_idx` (see `Books.sheet`), and what of them counts.

    `sheet_print` needs the sheets as CSV files as well. Then a workbook comes as a list, with the CSV after it, or as files by
    name, where the CSV of the sheet "Jan" of "a.xlsx" is "a-Jan.csv", as LibreOffice calls it.
    """
    result = _book(actual)
    books = Books(Book(found(result[0]), prints=result[1]), None if expected is None else _expected_book(expected))
    if not isinstance(rules, list | tuple) or not all(isinstance(rule, Mapping) for rule in rules):
        raise CheckerError(f"the rules of a table are a list of objects, not {quote(rules)}")
    checks = [(_rule_of(rule), rule) for rule in rules]
    for check, rule in checks:
        if words := check(books, rule, published):
            return Verdict(0.0, f"{rule['type']}: {words}"[:900])
    return Verdict(1.0, f"{len(checks)} rules hold")


def _rule_of(rule: Rule) -> Callable[[Books, Rule, bool], str]:
    if rule.get("type") not in RULES:
        raise CheckerError(f"there is no rule {rule.get('type')!r:.60} of tables, only {', '.join(RULES)}")
    return RULES[str(rule["type"])]


def _book(files: Any) -> tuple[Any, dict[str, bytes]]:
    """A workbook, and the CSV files that come with it by name; by "" where they have none."""
    if isinstance(files, Mapping):
        books = [data for name, data in files.items() if not str(name).lower().endswith(".csv")]
        prints = {str(name): data for name, data in files.items() if str(name).lower().endswith(".csv")}
    elif isinstance(files, list | tuple):
        books, prints = list(files[:1]), dict(zip([""], files[1:2], strict=False))
    else:
        books, prints = [files], {}
    return (books[0] if books else None), {name: data for name, data in prints.items() if isinstance(data, bytes)}


def _expected_book(files: Any) -> Book:
    data, prints = _book(files)
    wanted(spreadsheets.names, data)
    return Book(data, is_expected=True, prints=prints)


@metric
def compare_csv(
    actual: File,
    expected: File | list[File],
    *,
    strict: bool = True,
    ignore_case: bool = False,
    published: bool = False,
) -> Verdict:
    """1 if the lines of a CSV file are those of the expected file, or of one of several.

    Without `strict`, space at the ends of lines does not count.
    """
    lines = _csv_lines(found(actual), strict=strict, ignore_case=ignore_case, published=published)
    files = expected if isinstance(expected, list | tuple) else [expected]
    if not files:
        raise CheckerError("the task names no CSV file to compare with")
    golds = [wanted(_csv_lines, file, strict=strict, ignore_case=ignore_case, published=published) for file in files]
    if lines in golds:
        return Verdict(1.0, f"{len(lines)} lines match")
    return Verdict(0.0, _first_difference(lines, golds[0]))


def _csv_lines(data: bytes, *, strict: bool, ignore_case: bool, published: bool) -> list[str]:
    lines = text_lines(data)
    if lines and not published:
        lines[0] = lines[0].removeprefix("\ufeff")
    lines = lines if strict else [line.strip() for line in lines]
    return [line.lower() for line in lines] if ignore_case else lines


def _first_difference(lines: list[str], gold: list[str]) -> str:
    for number, (line, wanted_line) in enumerate(zip(lines, gold, strict=False), start=1):
        if line != wanted_line:
            return f"line {number}: expected {quote(wanted_line)}, found {quote(line)}"
    return f"expected {len(gold)} lines, found {len(lines)}"


@metric
def compare_conference_city_in_order(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if column C, from its second row on, names the expected cities in order.

    `expected["expected"]` has for each row the city, or a list of names of which one has to be there; a cell may say more.
    """
    cities = expected.get("expected") if isinstance(expected, Mapping) else None
    if not isinstance(cities, list) or not cities:
        raise CheckerError(f'expected {{"expected": [city, …]}} in the task, found {quote(expected)}')
    data = found(actual)
    count = 21 if published else len(cities)
    rows = spreadsheets.rows(data, _active_sheet(data), formulas=False)
    cells = [row[0] for row in spreadsheets.cut_out(rows, [f"C2:C{1 + count}"])]
    if len(cities) < count:
        return Verdict(0.0, f"the task names {len(cities)} cities for {count} cells")
    for number, (cell, city) in enumerate(zip(cells, cities, strict=False), start=2):
        names = [city] if isinstance(city, str) else city
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise CheckerError(f"a city in the task is a name or a list of names, not {quote(city)}")
        if not isinstance(cell, str) or not any(name in cell for name in names):
            return Verdict(0.0, f"C{number}: expected {' or '.join(names)}, found {quote(cell)}")
    return Verdict(1.0, f"{len(cells)} cities are in order")


def _active_sheet(data: bytes) -> int:
    """The number of the sheet that is shown when the workbook is opened."""
    archive = open_archive(data)
    if spreadsheets.is_opendocument(archive):
        return 0
    if "xl/workbook.xml" not in archive.namelist():
        raise EvidenceMissing("it is not a workbook")
    view = next(part(archive, "xl/workbook.xml").iter(main("workbookView")), None)
    number = "" if view is None else view.get("activeTab", "0")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 5 else 0
