"""OSWorld's checks of spreadsheets: each type of rule, and where ours differs from the published behaviour."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict
from osarena_evaluators.osworld import tables
from tests.support.office import archive, ods, ods_cell, ods_row, ods_table, replaced, workbook

ROWS: list[list[Any]] = [["Name", "Sum"], ["Ada", 1.5], ["Ben", 2]]
BOOK = workbook({"Sheet1": ROWS, "Other": [["x"]]})
BOTH = {"sheet_idx0": 0, "sheet_idx1": "EI0"}


def made(change: Callable[[Any], object], rows: list[list[Any]] = ROWS) -> bytes:
    """A workbook with one sheet, furnished by `change`."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sheet1"
    for row in rows:
        sheet.append(row)
    change(sheet)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def charted(kind: Any = BarChart, title: str = "Sums", columns: int = 2) -> bytes:
    def add(sheet: Any) -> None:
        chart = kind()
        chart.title, chart.legend.position = title, "b"
        chart.add_data(Reference(sheet, min_col=columns, min_row=1, max_row=3), titles_from_data=True)
        chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=3))
        sheet.add_chart(chart)

    return made(add)


def validated(choice: str = '"a,b"', area: str = "B2:B9") -> bytes:
    def add(sheet: Any) -> None:
        validation = DataValidation(type="list", formula1=choice)
        validation.add(area)
        sheet.add_data_validation(validation)

    return made(add)


def filtered(value: str) -> bytes:
    def add(sheet: Any) -> None:
        sheet.auto_filter.ref = "A1:B3"
        sheet.auto_filter.add_filter_column(0, [value])

    return made(add)


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KINDS = "http://schemas.openxmlformats.org/package/2006/relationships"


def _relations(**targets: str) -> str:
    entries = (f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="{path}"/>' for kind, path in targets.items())
    return f'<Relationships xmlns="{_KINDS}">{"".join(entries)}</Relationships>'


def pivoted(row: int = 0, *, names: int = 2) -> bytes:
    """A workbook with a pivot table over three columns, of which the last is not used."""
    items = "<pivotField><items><item x='0'/><item x='1'/></items></pivotField>" * names + "<pivotField/>"
    rows = f"<rowFields><field x='{row}'/></rowFields>"
    data = "<dataFields><dataField name='Sum of it' fld='1'/></dataFields>"
    pivot = (
        f"<pivotTableDefinition xmlns='{_MAIN}' name='P'><pivotFields>{items}</pivotFields>{rows}{data}</pivotTableDefinition>"
    )
    source = "<cacheSource type='worksheet'><worksheetSource ref='A1:C9' sheet='Sheet1'/></cacheSource>"
    return replaced(
        workbook({"Sheet1": ROWS}),
        {
            "xl/worksheets/_rels/sheet1.xml.rels": _relations(pivotTable="../pivotTables/pivotTable1.xml"),
            "xl/pivotTables/pivotTable1.xml": pivot,
            "xl/pivotTables/_rels/pivotTable1.xml.rels": _relations(
                pivotCacheDefinition="../pivotCache/pivotCacheDefinition1.xml"
            ),
            "xl/pivotCache/pivotCacheDefinition1.xml": f"<pivotCacheDefinition xmlns='{_MAIN}'>{source}</pivotCacheDefinition>",
        },
    )


def sparkled(cells: str) -> bytes:
    x14, xm = (
        "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
        "http://schemas.microsoft.com/office/excel/2006/main",
    )
    line = f"<x:sparkline xmlns:x='{x14}' xmlns:m='{xm}'><m:f>Sheet1!{cells}</m:f><m:sqref>F3</m:sqref></x:sparkline>"
    sheet = f"<worksheet xmlns='{_MAIN}'><sheetData/><extLst><ext>{line}</ext></extLst></worksheet>"
    return replaced(workbook({"Sheet1": []}), {"xl/worksheets/sheet1.xml": sheet})


def coloured(colour: str, cell: str = "B2") -> bytes:
    def paint(sheet: Any) -> None:
        sheet[cell].font = Font(color=colour)

    return made(paint)


def conditional(colour: str = "FFFF0000", limit: str = "1.6") -> bytes:
    def paint(sheet: Any) -> None:
        rule = CellIsRule(operator="lessThan", formula=[limit], font=Font(color=colour))  # type: ignore[no-untyped-call]
        sheet.conditional_formatting.add("B2:B3", rule)

    return made(paint)


def _set(path: str, value: Any) -> Callable[[Any], None]:
    """Set an attribute of a sheet: "sheet_view.zoomScale"."""

    def change(sheet: Any) -> None:
        *way, name = path.split(".")
        for step in way:
            sheet = sheet[step.strip("[]")] if step.startswith("[") else getattr(sheet, step)
        setattr(sheet, name, value)

    return change


def _hide(row: int = 0, column: str = "") -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        if row:
            sheet.row_dimensions[row].hidden = True
        if column:
            sheet.column_dimensions[column].hidden = True

    return change


def fuzzy(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": "sheet_fuzzy", **BOTH, "rules": [{"type": kind, "range": ["A1:A2", "B1"], **more}]}


CASES = [
    # rule, expected, right, wrong
    ({"type": "sheet_name"}, BOOK, workbook({"Sheet1": [], "Other": []}), workbook({"Sheet1": []})),
    (
        {"type": "sheet_data", **BOTH},
        BOOK,
        workbook({"Any": [["Name", "Sum"], ["Ada", 1.500001], ["Ben", 2.0]]}),
        workbook({"A": ROWS[:2]}),
    ),
    (
        {"type": "sheet_data", **BOTH, "ignore_case": True},
        BOOK,
        workbook({"A": [["NAME", "Sum"], *ROWS[1:]]}),
        workbook({"A": [["N"], *ROWS[1:]]}),
    ),
    (
        {"type": "sheet_data", **BOTH},
        BOOK,
        ods(
            ods_table(
                "A",
                *(
                    ods_row(*(ods_cell("float", str(c)) if isinstance(c, int | float) else ods_cell("string", text=c) for c in r))
                    for r in ROWS
                ),
            )
        ),
        b"PK",
    ),
    ({"type": "sheet_data", "sheet_idx0": "RNOther", "sheet_idx1": "ENOther"}, BOOK, BOOK, workbook({"Other": [["y"]]})),
    ({"type": "sheet_data", "sheet_idx0": 0, "sheet_idx1": 1}, None, workbook({"A": ROWS, "B": ROWS}), BOOK),
    (
        {"type": "sheet_data", "sheet_idx0": "RI1", "sheet_idx1": "EI1", "precision": 1},
        workbook({"A": [], "B": [[1.23]]}),
        workbook({"A": [], "B": [[1.2]]}),
        workbook({"A": [], "B": [[1.4]]}),
    ),
    ({"type": "sheet_print", **BOTH}, [BOOK, b"Name,Sum\nAda,1.5\n"], [BOOK, b"Name,Sum \nAda,1.5"], [BOOK, b"Name,Sum\n"]),
    (
        {"type": "sheet_print", **BOTH},
        {"e.xlsx": BOOK, "e-Sheet1.csv": b"a", "e-Other.csv": b"b"},
        {"r-Other.csv": b"b", "r-Sheet1.csv": b"a", "r.xlsx": BOOK},
        {"r.xlsx": BOOK, "r-Sheet1.csv": b"b"},
    ),
    (
        fuzzy("exact_match", ignore_case=True),
        workbook({"A": [["one", "x"], ["two"]]}),
        workbook({"A": [["ONE", "X"], ["Two"]]}),
        workbook({"A": [["one", "x"]]}),
    ),
    (
        fuzzy("fuzzy_match", threshold=80, normalization=[["St", "Street"]]),
        workbook({"A": [["1 Main Street", "x"], ["2"]]}),
        workbook({"A": [["1 Main St", "x"], ["2"]]}),
        workbook({"A": [["9 High St", "x"], ["2"]]}),
    ),
    (
        fuzzy("includes", trim_leadings="+ ", ignore_chars=" ()-"),
        workbook({"A": [["12 34", "x"], ["2"]]}),
        workbook({"A": [["+(12) 34-5", "x"], ["2"]]}),
        workbook({"A": [["+12 3", "x"], ["2"]]}),
    ),
    (
        fuzzy("included_by", trim_trailings="."),
        workbook({"A": [["one two", "x"], ["2"]]}),
        workbook({"A": [["two.", "x"], ["2"]]}),
        workbook({"A": [["three", "x"], ["2"]]}),
    ),
    (
        {"type": "freeze", **BOTH},
        made(_set("freeze_panes", "B2")),
        made(_set("freeze_panes", "B2")),
        made(_set("freeze_panes", "A2")),
    ),
    ({"type": "zoom", "sheet_idx": 0, "method": "lt", "ref": 100}, None, made(_set("sheet_view.zoomScale", 90)), BOOK),
    (
        {"type": "chart", **BOTH, "chart_props": ["type", "title", "legend", "direction", "xtitle", "anchor"]},
        charted(),
        charted(),
        charted(LineChart),
    ),
    ({"type": "chart", **BOTH}, charted(), charted(LineChart, "Other"), charted(columns=1)),
    ({"type": "chart", **BOTH, "chart_props": ["title"]}, charted(), charted(LineChart), charted(title="Others")),
    ({"type": "sparkline", **BOTH}, sparkled("A1:A3"), sparkled("A1:A3"), sparkled("A1:A4")),
    (
        {"type": "pivot_table", **BOTH, "pivot_props": ["col_fields", "filter", "row_fields", "data_fields"]},
        pivoted(),
        pivoted(),
        pivoted(1),
    ),
    (
        {"type": "pivot_table", **BOTH, "pivot_props": ["name", "ordered", "selection", "ignore_special_fields"]},
        pivoted(),
        pivoted(1),
        BOOK,
    ),
    ({"type": "filter", **BOTH}, filtered("Ada"), filtered("Ada"), filtered("Ben")),
    (
        {
            "type": "data_validation",
            "sheet_idx": 0,
            "dv_props": [
                {
                    "ranges": {"method": "spreadsheet_range", "ref": ["B2:B3", "B2:B99"]},
                    "type": {"method": "eq", "ref": "list"},
                    "formula1": {"method": "str_set_eq", "ref": ["b", "a"]},
                }
            ],
        },
        None,
        validated(),
        validated('"a,c"'),
    ),
    (
        {"type": "style", **BOTH, "props": ["font_color", "bgcolor", "number_format", "merge", "hyperlink"]},
        coloured("FFFF0000"),
        coloured("FFFF0000"),
        coloured("FF00FF00"),
    ),
    ({"type": "style", **BOTH, "props": ["font_color"]}, conditional(), conditional(limit="1.9"), conditional("FF0000FF")),
    ({"type": "row_props", **BOTH, "props": ["hidden"]}, made(_hide(row=2)), made(_hide(row=2)), BOOK),
    (
        {"type": "col_props", **BOTH, "props": ["hidden", "width"]},
        made(_hide(column="B")),
        made(_hide(column="B")),
        made(_hide(column="A")),
    ),
    (
        {
            "type": "check_cell",
            "sheet_idx": "RNSheet1",
            "coordinate": "B2",
            "props": {"value": {"method": "approx:0.1", "ref": 1.52}, "font_bold": {"method": "eq", "ref": True}},
        },
        None,
        made(_set("[B2].font", Font(bold=True))),
        BOOK,
    ),
    (
        {"type": "check_cell", "sheet_idx": 0, "coordinate": "A1", "props": {"bgcolor": {"method": "eq", "ref": "FF0000FF"}}},
        None,
        made(_set("[A1].fill", PatternFill("solid", fgColor="FF0000FF"))),
        BOOK,
    ),
]


def score(actual: Any, expected: Any, *rules: dict[str, Any], **options: Any) -> float:
    """The score, 0 where evidence is missing, as in a grading."""
    try:
        verdict = tables.compare_table(actual, expected, rules=list(rules), **options)
    except EvidenceMissing:
        return 0.0
    assert isinstance(verdict, Verdict)
    assert verdict.score == 1 or verdict.reason
    return verdict.score


@pytest.mark.parametrize(("rule", "expected", "right", "wrong"), CASES)
def test_a_rule_of_tables(rule: dict[str, Any], expected: Any, right: Any, wrong: Any) -> None:
    assert score(right, expected, rule) == 1
    assert score(wrong, expected, rule) == 0


@pytest.mark.parametrize("rule", [case[0] for case in CASES])
@pytest.mark.parametrize("junk", [b"", b"PK\x03\x04", archive({"xl/workbook.xml": "<x/>"}), None, 3, "a.xlsx", [], {}])
def test_no_workbook(rule: dict[str, Any], junk: Any) -> None:
    with pytest.raises(EvidenceMissing):
        tables.compare_table(junk, BOOK, rules=[rule])


@pytest.mark.parametrize("rule", [rule for rule, expected, _, _ in CASES if expected is not None])
def test_a_useless_reference_is_a_fault_of_the_task(rule: dict[str, Any]) -> None:
    actual = [BOOK, b"Name"]
    useless: tuple[Any, ...] = (b"no workbook", 3, [], b"")
    for expected in useless:
        with pytest.raises(CheckerError):
            tables.compare_table(actual, expected, rules=[rule])


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"type": "sheet_dat"},
        {"type": "sheet_data", "sheet_idx0": 0},
        {"type": "sheet_data", "sheet_idx0": 0, "sheet_idx1": "ENNone"},
        {"type": "sheet_data", "sheet_idx0": 0, "sheet_idx1": "Sheet1"},
        {"type": "sheet_print", **BOTH},
        {"type": "zoom", "sheet_idx": 0},
        {"type": "style", **BOTH, "props": ["colour"]},
        {"type": "chart", **BOTH, "chart_props": ["kind"]},
        {"type": "pivot_table", **BOTH, "pivot_props": ["rows"]},
        {"type": "row_props", **BOTH, "props": ["width"]},
        {"type": "check_cell", "sheet_idx": 0, "coordinate": "B", "props": {}},
        {"type": "check_cell", "sheet_idx": 0, "coordinate": "B1", "props": {"value": {"method": "is"}}},
        fuzzy("like"),
    ],
)
def test_a_wrong_rule_is_a_fault_of_the_task(rule: dict[str, Any]) -> None:
    with pytest.raises(CheckerError):
        tables.compare_table([BOOK, b""], BOOK, rules=[rule])


def test_an_area_of_a_million_merged_cells_is_not_unfolded() -> None:
    sheet = f"<worksheet xmlns='{_MAIN}'><sheetData/><mergeCells><mergeCell ref='A1:XFD1048576'/></mergeCells></worksheet>"
    bomb = replaced(workbook({"Sheet1": []}), {"xl/worksheets/sheet1.xml": sheet})
    with pytest.raises(EvidenceMissing, match="too much to look at"):
        tables.compare_table(bomb, BOOK, rules=[{"type": "row_props", **BOTH, "props": ["hidden"]}])


def _scrolled() -> bytes:
    frozen = made(_set("freeze_panes", "B2"))
    sheet = archive_member(frozen, "xl/worksheets/sheet1.xml").replace(b'topLeftCell="B2"', b'topLeftCell="B40"')
    return replaced(frozen, {"xl/worksheets/sheet1.xml": sheet})


def archive_member(data: bytes, name: str) -> bytes:
    from zipfile import ZipFile

    with ZipFile(io.BytesIO(data)) as file:
        return file.read(name)


def _two_charts() -> bytes:
    def add(sheet: Any) -> None:
        for anchor in ("E1", "E20"):
            chart = BarChart()
            chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
            sheet.add_chart(chart, anchor)

    return made(add)


def _one_chart() -> bytes:
    def add(sheet: Any) -> None:
        chart = BarChart()
        chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
        sheet.add_chart(chart, "E1")

    return made(add)


def themed(number: int) -> bytes:
    from openpyxl.styles.colors import Color

    return made(_set("[B2].font", Font(color=Color(theme=number))))


def _filled_beyond(sheet: Any) -> None:
    sheet["D9"].number_format = "0.00"


DEVIATING = [
    # rule, actual, expected, ours, published
    ({"type": "sheet_data", **BOTH}, workbook({"A": [["x"], [None]]}), workbook({"A": [["x"], ["NA"]]}), 0, 0),
    ({"type": "sheet_data", **BOTH}, workbook({"A": [["x", "y"], ["None", 1]]}), workbook({"A": [["x", "y"], [None, 1]]}), 0, 1),
    ({"type": "sheet_data", **BOTH}, workbook({"A": [["x"], ["a"], [1.000001]]}), workbook({"A": [["x"], ["a"], [1]]}), 1, 0),
    ({"type": "sheet_data", **BOTH, "ignore_case": True}, workbook({"A": [["X"]]}), workbook({"A": [["x"]]}), 1, 0),
    (
        {"type": "sheet_fuzzy", **BOTH, "rules": [{"type": "exact_match", "range": ["A1"], "normalization": [["St", "Street"]]}]},
        workbook({"A": [["Main St"]]}),
        workbook({"A": [["Main Street"]]}),
        1,
        0,
    ),
    ({"type": "freeze", **BOTH}, _scrolled(), made(_set("freeze_panes", "B2")), 1, 0),
    ({"type": "chart", **BOTH}, _two_charts(), _one_chart(), 0, 1),
    ({"type": "style", **BOTH, "props": ["font_color"]}, themed(4), themed(5), 0, 1),
    ({"type": "style", **BOTH, "props": ["font_color"]}, made(_filled_beyond), made(lambda sheet: None), 1, 0),
    (
        {
            "type": "data_validation",
            "sheet_idx": 0,
            "dv_props": [{"type": {"method": "eq", "ref": "list"}}, {"type": {"method": "eq", "ref": "whole"}}],
        },
        made(
            lambda sheet: [
                sheet.add_data_validation(DataValidation(type="list", formula1='"a"', sqref=area)) for area in ("A1", "B1")
            ]
        ),
        None,
        0,
        1,
    ),
    (
        {"type": "check_cell", "sheet_idx": 0, "coordinate": "A1", "props": {"value": {"method": "eq", "ref": True}}},
        workbook({"A": [[True]]}),
        None,
        1,
        1,
    ),
]


@pytest.mark.parametrize(("rule", "actual", "expected", "ours", "published"), DEVIATING)
def test_where_ours_is_right_and_the_published_one_is_not(
    rule: dict[str, Any], actual: Any, expected: Any, ours: float, published: float
) -> None:
    assert score(actual, expected, rule) == ours
    assert score(actual, expected, rule, published=True) == published


# --- CSV, cities -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "expected", "options", "right"),
    [
        (b"a,b\r\n1,2\n", b"a,b\n1,2\n", {}, 1),
        (b"a,b\n", [b"x", b"a,b\n"], {}, 1),
        (b"a,b \n", b"a,b\n", {}, 0),
        (b"a,b \n", b"a,b\n", {"strict": False}, 1),
        (b"A,b\n", b"a,B\n", {"ignore_case": True}, 1),
        (b"A,b\n", b"a,B\n", {}, 0),
        (b"\xef\xbb\xbfa,b\n", b"a,b\n", {}, 1),
        (b"\xef\xbb\xbfa,b\n", b"a,b\n", {"published": True}, 0),
        (b"\xff\x00", b"a\n", {}, 0),
    ],
)
def test_csv(actual: bytes, expected: Any, options: dict[str, Any], right: float) -> None:
    assert tables.compare_csv(actual, expected, **options).score == right


def test_csv_without_files() -> None:
    with pytest.raises(EvidenceMissing):
        tables.compare_csv(None, b"a")  # type: ignore[arg-type]
    for expected in (None, [], [None]):
        with pytest.raises(CheckerError):
            tables.compare_csv(b"a", expected)  # type: ignore[arg-type]


CITIES = workbook({"A": [["", "", "City"], ["", "", "Lille, France"], ["", "", "Montréal"]]})


@pytest.mark.parametrize(
    ("actual", "cities", "ours", "published"),
    [
        (CITIES, ["Lille", ["Montreal", "Montréal"]], 1, 0),
        (CITIES, ["Montréal", "Lille"], 0, 0),
        (CITIES, ["Lille", "Montréal", "Lille"], 0, 0),
        (workbook({"A": [["", "", "City"], *[["", "", "Lille"]] * 21]}), ["Lille"] * 21, 1, 1),
    ],
)
def test_cities(actual: bytes, cities: list[Any], ours: float, published: float) -> None:
    assert tables.compare_conference_city_in_order(actual, {"expected": cities}).score == ours
    assert tables.compare_conference_city_in_order(actual, {"expected": cities}, published=True).score == published


def test_cities_malformed() -> None:
    for junk in (b"PK", None, archive({"a": "b"})):
        with pytest.raises(EvidenceMissing):
            tables.compare_conference_city_in_order(junk, {"expected": ["Lille"]})  # type: ignore[arg-type]
    for expected in ({}, None, {"expected": [3]}):
        with pytest.raises(CheckerError):
            tables.compare_conference_city_in_order(CITIES, expected)  # type: ignore[arg-type]
