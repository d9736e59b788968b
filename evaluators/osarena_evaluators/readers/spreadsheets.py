"""Workbooks: .xlsx and .ods. `office` has the readers by name."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeVar
from warnings import catch_warnings, simplefilter
from zipfile import BadZipFile, ZipFile

from osarena.errors import EvidenceMissing
from osarena_evaluators.readers.archives import open_archive, parse_xml, qualified, read_member, refuse_document_types

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from openpyxl import Workbook

# A sheet is read up to this many cells, the empty ones between others included …
MAX_CELLS = 2_000_000
# … and this many, the empty ones at the ends of rows included.
_MAX_FETCHED = 8_000_000
# What openpyxl reads at some 5 MiB/s goes by these names; of all else that it reads at once, 1 MiB can take 3 s and 100 MB.
_SHEET_PARTS = ("xl/worksheets/", "xl/sharedStrings.xml")
_MAX_SHEET_BYTES = 16 << 20
_MAX_OTHER_BYTES = 1 << 20
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".tif", ".tiff", ".svg", ".vml")

_AREA = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})(?::([A-Z]{1,3})([1-9][0-9]{0,6}))?")
# What stands before the corner of an area: the sheet, with "!" in .xlsx and "." in .ods, in quotes where it has to be.
_CORNER = re.compile(r"^.*[!.](?=\$?[A-Z]+\$?[0-9]+$)")

T = TypeVar("T")
Value = None | bool | int | float | str | date | time | timedelta
Rows = list[list[Value]]

# What openpyxl raises for workbooks that are damaged or not as the standard says.
_DAMAGED = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError, TypeError),
    *(ValueError, BadZipFile, zlib.error),
)

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


def names(data: bytes) -> list[str]:
    """The names of a workbook's sheets, in order."""
    archive = open_archive(data)
    if is_opendocument(archive):
        return [name for name, _ in ods_tables(archive)]
    return list(_load(archive, data, formulas=False).sheetnames)


def rows(data: bytes, sheet: str | int, *, formulas: bool) -> Rows:
    """A sheet's cells from A1 to the last that is not empty, as a rectangle: values, or formulas where there are any."""
    archive = open_archive(data)
    if is_opendocument(archive):
        return _rectangle(_ods_rows(archive, sheet, formulas=formulas))
    return _rectangle(_xlsx_rows(archive, data, sheet, formulas=formulas))


def blank(rows: Rows, areas: Sequence[str]) -> Rows:
    """The same rows with nothing in these areas."""
    kept = [list(row) for row in rows]
    for left, top, right, bottom in map(parse_area, areas):
        for row in kept[top - 1 : bottom]:
            row[left - 1 : right] = [None] * len(row[left - 1 : right])
    return kept


def cut_out(rows: Rows, areas: Sequence[str]) -> Rows:
    """The rows of these areas, one area after the other; cells beyond the sheet's last are empty."""
    return [row for area in areas for row in _cut(rows, *parse_area(area))]


def _cut(rows: Rows, left: int, top: int, right: int, bottom: int) -> Rows:
    width = right - left + 1
    found = [row[left - 1 : right] for row in rows[top - 1 : bottom]]
    missing = bottom - top + 1 - len(found)
    return [row + [None] * (width - len(row)) for row in found] + [[None] * width for _ in range(missing)]


def parse_area(area: str) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of an area such as "B2:D9" or "B2", from 1, all included.

    Raises:
        ValueError: it is none; a fault of the task.
    """
    found = _AREA.fullmatch(area)
    if not found:
        raise ValueError(f"{area!r} is no area of a sheet, such as B2:D9")
    left, top, right, bottom = found.groups()
    return _column(left), int(top), _column(right or left), int(bottom or top)


def plain_area(address: str) -> str:
    """An address without its sheet and its dollars: "B2:B9" of "Sales!$B$2:$B$9" and of "Sales.B2:Sales.B9"; one cell once."""
    corners = [_CORNER.sub("", corner).replace("$", "") for corner in address.strip("()").split(":")]
    return corners[0] if len(set(corners)) == 1 else ":".join(corners)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _rectangle(cells: Iterable[list[Value]]) -> Rows:
    """The rows without the empty ones at the end, all as long as the longest is without its empty end.

    Raises:
        EvidenceMissing: there are over two million cells.
    """
    found: Rows = []
    count = width = height = 0
    for row in map(_without_empty_end, cells):
        width = max(width, len(row))
        count += 1 + len(row)
        if count > MAX_CELLS:
            raise EvidenceMissing(f"the sheet has more than {MAX_CELLS} cells, which is too much to look at")
        found.append(row)
        height = len(found) if row else height
    if width * height > MAX_CELLS:
        raise EvidenceMissing(f"the sheet spans {width} columns and {height} rows, which is too much to look at")
    return [row + [None] * (width - len(row)) for row in found[:height]]


def _without_empty_end(row: list[Any]) -> list[Any]:
    while row and row[-1] is None:
        row.pop()
    return row


def pick_sheet(wanted: str | int, known: list[str]) -> int:
    """The index of a sheet, by name or number. Raises EvidenceMissing where there is none."""
    if isinstance(wanted, int) and -len(known) <= wanted < len(known):
        return wanted % len(known)
    if wanted in known:
        return known.index(str(wanted))
    raise EvidenceMissing(f"the workbook has no sheet {wanted!r}; its sheets are {', '.join(map(repr, known))[:300]}")


# --- .xlsx -----------------------------------------------------------------------------------------------------------


def _load(archive: ZipFile, data: bytes, *, formulas: bool) -> Workbook:
    from openpyxl import load_workbook

    refuse_document_types(archive)
    _require_readable(archive)
    with catch_warnings():
        simplefilter("ignore")  # openpyxl tells of every extension that it does not know
        return _read(lambda: load_workbook(BytesIO(data), read_only=True, data_only=not formulas))


def _require_readable(archive: ZipFile) -> None:
    """Raise EvidenceMissing where openpyxl would take very long to read a workbook, or very much memory."""
    sheets = 0
    for member in archive.infolist():
        if member.filename.startswith(_SHEET_PARTS):
            sheets += member.file_size
        elif member.file_size > _MAX_OTHER_BYTES and not member.filename.lower().endswith(_PICTURES):
            raise EvidenceMissing(f"{member.filename} has {member.file_size} bytes, which is too much to look at")
    if sheets > _MAX_SHEET_BYTES:
        raise EvidenceMissing(f"its sheets have {sheets} bytes, which is too much to look at")


def _xlsx_rows(archive: ZipFile, data: bytes, wanted: str | int, *, formulas: bool) -> Iterator[list[Value]]:
    book = _load(archive, data, formulas=formulas)
    sheet = book.worksheets[pick_sheet(wanted, [worksheet.title for worksheet in book.worksheets])]
    sheet.reset_dimensions()  # the size that a file declares may be a lie
    cells = sheet.iter_rows(values_only=True)
    fetched = 0
    while (row := _read(lambda: next(cells, None))) is not None:
        fetched += len(row)
        if fetched > _MAX_FETCHED:
            raise EvidenceMissing(f"the sheet has more than {_MAX_FETCHED} cells, which is too much to look at")
        yield [_plain(value) for value in _without_empty_end(list(row))]


def _plain(value: Any) -> Value:
    """A cell's value as one of ours; an array formula as its text."""
    match value:
        case None | bool() | int() | float() | str() | date() | time() | timedelta():
            return value or None if isinstance(value, str) else value
    return str(getattr(value, "text", value))


def _read(step: Callable[[], T]) -> T:
    """What a call of openpyxl returns. Nothing of ours runs in it, so that a mistake of ours is not taken for a damaged file."""
    try:
        return step()
    except _DAMAGED as error:
        raise EvidenceMissing(f"it is not a readable workbook: {type(error).__name__}: {error}"[:300]) from error


# --- .ods ------------------------------------------------------------------------------------------------------------


def is_opendocument(archive: ZipFile) -> bool:
    """Whether it is an .ods and not an .xlsx."""
    return "content.xml" in archive.namelist()


def ods_tables(archive: ZipFile) -> list[tuple[str, Element]]:
    """Name and element of each sheet of an .ods."""
    root = parse_xml(read_member(archive, "content.xml"), "content.xml")
    body = root.find(f"{qualified(_OFFICE, 'body')}/{qualified(_OFFICE, 'spreadsheet')}")
    if body is None:
        raise EvidenceMissing("it is an OpenDocument file, but not a workbook")
    return [(table.get(qualified(_TABLE, "name"), ""), table) for table in body.iterfind(qualified(_TABLE, "table"))]


def _ods_rows(archive: ZipFile, wanted: str | int, *, formulas: bool) -> Iterator[list[Value]]:
    tables = ods_tables(archive)
    table = tables[pick_sheet(wanted, [name for name, _ in tables])][1]
    empty = 0  # rows that count only if another comes after them: a sheet ends with a million of them
    for row in table.iter(qualified(_TABLE, "table-row")):
        cells = _ods_cells(row, formulas=formulas)
        repeat = _count(row, "number-rows-repeated")
        if not cells:
            empty += repeat
            continue
        yield from _repeated([], empty)
        yield from _repeated(cells, repeat)
        empty = 0


def _repeated(cells: list[Value], times: int) -> Iterator[list[Value]]:
    return (list(cells) for _ in range(times))


def _ods_cells(row: Element, *, formulas: bool) -> list[Value]:
    cells: list[Value] = []
    empty = 0
    for cell in row:
        if cell.tag not in (qualified(_TABLE, "table-cell"), qualified(_TABLE, "covered-table-cell")):
            continue
        value, repeat = _ods_value(cell, formulas=formulas), _count(cell, "number-columns-repeated")
        if value is None:
            empty += repeat
            continue
        if len(cells) + empty + repeat > MAX_CELLS:
            raise EvidenceMissing(f"a row has more than {MAX_CELLS} cells, which is too much to look at")
        cells += [None] * empty + [value] * repeat
        empty = 0
    return cells


def _count(element: Element, attribute: str) -> int:
    text = element.get(qualified(_TABLE, attribute), "1")
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise EvidenceMissing(f"{attribute} is {text!r:.40}, which is no count")
    return int(text)


def _ods_value(cell: Element, *, formulas: bool) -> Value:
    formula = cell.get(qualified(_TABLE, "formula"))
    if formulas and formula:
        return formula.partition(":")[2] or formula  # "of:=SUM(…)" names its dialect first
    kind = cell.get(qualified(_OFFICE, "value-type"), "")
    try:
        return _typed(kind, cell)
    except (ValueError, OverflowError) as error:
        raise EvidenceMissing(f"a cell's value is no {kind}: {error}"[:300]) from error


def _typed(kind: str, cell: Element) -> Value:
    match kind:
        case "":
            return None
        case "float" | "percentage" | "currency":
            return _number(cell.get(qualified(_OFFICE, "value"), ""))
        case "boolean":
            return cell.get(qualified(_OFFICE, "boolean-value")) == "true"
        case "date":
            return datetime.fromisoformat(cell.get(qualified(_OFFICE, "date-value"), ""))
        case "time":
            return _duration(cell.get(qualified(_OFFICE, "time-value"), ""))
    paragraphs = cell.iterfind(qualified(_TEXT, "p"))
    return "\n".join("".join(paragraph.itertext()) for paragraph in paragraphs) or None


def _number(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text} is not finite")
    return int(number) if number.is_integer() else number


def _duration(text: str) -> timedelta:
    """A span of time as OpenDocument writes it: "PT08H30M00S"."""
    hours, _, rest = text.removeprefix("PT").partition("H")
    minutes, _, seconds = rest.partition("M")
    return timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds.removesuffix("S").replace(",", ".")))
