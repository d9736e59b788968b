"""How the cells of a workbook show their numbers. `sheets.formats` is the reader, and says what comes out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from osarena_evaluators.readers.archives import qualified
from osarena_evaluators.readers.ods_layout import table_of
from osarena_evaluators.readers.packages import part, related
from osarena_evaluators.readers.spreadsheets import parse_area
from osarena_evaluators.readers.xlsx_layout import sheet_path

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Format = dict[str, Any]

_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_URN = "urn:oasis:names:tc:opendocument:xmlns:"
# The codes that .xlsx files know by number alone.
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 14: "mm-dd-yy",
    15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "m/d/yy h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss", 49: "@",
}  # fmt: skip
_CURRENCY = re.compile(r"\[\$[^\]-][^\]]*\]|[$€£¥]")
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_WIDEST = 16384
_ODF_KINDS = {
    "number-style": "number", "percentage-style": "percentage", "currency-style": "currency", "date-style": "date",
    "time-style": "time", "text-style": "text", "boolean-style": "boolean",
}  # fmt: skip


def read_code(code: str) -> Format:
    """What a format code such as "#,##0.00 [$€]" makes of a number; the part for positive numbers counts."""
    first = code.split(";", 1)[0]
    is_currency = _CURRENCY.search(first) is not None
    bare = _LITERAL.sub("", first)
    if bare.strip() in ("General", ""):
        return _described("general")
    if "@" in bare:
        return _described("text")
    kind = _kind(bare.lower().replace("general", ""), is_currency=is_currency)
    if kind in ("date", "time"):
        return _described(kind)
    decimals = re.search(r"\.([0#?]*)", bare)
    return _described(kind, len(decimals[1]) if decimals else 0, grouping=re.search(r"[0#],[0#]", bare) is not None)


def _kind(code: str, *, is_currency: bool) -> str:
    if "%" in code:
        return "percentage"
    if is_currency:
        return "currency"
    if re.search(r"[yd]|m{3}", code):
        return "date"
    return "time" if re.search(r"[hs]", code) else "number"


def _described(kind: str, decimals: int = 0, *, grouping: bool = False) -> Format:
    return {"kind": kind, "decimals": decimals, "grouping": grouping}


def xlsx_formats(archive: ZipFile, sheet: str | int, areas: Sequence[str]) -> list[list[Format]]:
    """The formats of the cells of some areas of an .xlsx, row by row."""
    codes = _xlsx_codes(archive)
    cells = part(archive, sheet_path(archive, sheet)).iter(qualified(_SHEET, "c"))
    used = {cell.get("r", ""): codes.get(cell.get("s", "0"), "General") for cell in cells}
    return [[read_code(used.get(f"{_letters(column)}{row}", "General")) for column in columns] for row, columns in _rows(areas)]


def _xlsx_codes(archive: ZipFile) -> dict[str, str]:
    """The format codes by the numbers that cells give for their looks."""
    paths = related(archive, "xl/workbook.xml", "styles")
    if not paths:
        return {}
    root = part(archive, paths[0])
    own = {code.get("numFmtId", ""): code.get("formatCode", "") for code in root.iter(qualified(_SHEET, "numFmt"))}
    known = {str(number): code for number, code in _BUILT_IN.items()} | own
    looks = root.iterfind(f"{qualified(_SHEET, 'cellXfs')}/{qualified(_SHEET, 'xf')}")
    return {str(number): known.get(look.get("numFmtId", "0"), "General") for number, look in enumerate(looks)}


def _rows(areas: Sequence[str]) -> Iterator[tuple[int, range]]:
    """Row number and columns of each row of the areas."""
    for left, top, right, bottom in map(parse_area, areas):
        yield from ((row, range(left, right + 1)) for row in range(top, bottom + 1))


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


# --- .ods ------------------------------------------------------------------------------------------------------------


def _odf(name: str) -> str:
    prefix, _, local = name.partition(":")
    return qualified(f"{_URN}{'datastyle' if prefix == 'number' else prefix}:1.0", local)


def ods_formats(archive: ZipFile, sheet: str | int, areas: Sequence[str]) -> list[list[Format]]:
    """The same of an .ods."""
    formats = _ods_formats(archive)
    table = table_of(archive, sheet)
    columns = list(_repeated(table.iter(_odf("table:table-column")), "columns", "default-cell-style-name"))
    wanted = list(_rows(areas))
    last = max((row for row, _ in wanted), default=0)
    used = dict(enumerate(_cells_of_rows(table, last), start=1))

    def look(row: int, column: int) -> Format:
        own = used.get(row, [])
        name = own[column - 1] if column <= len(own) else ""
        name = name or (columns[column - 1] if column <= len(columns) else "")
        return formats.get(name, _described("general"))

    return [[look(row, column) for column in found] for row, found in wanted]


def _cells_of_rows(table: Element, last: int) -> Iterator[list[str]]:
    """The names of the styles of the cells of each row, up to the last that is wanted."""
    number = 0
    for row in table.iter(_odf("table:table-row")):
        names = list(_repeated((cell for cell in row if cell.tag.endswith("table-cell")), "columns", "style-name"))
        for _ in range(min(_times(row, "rows"), last - number)):
            number += 1
            yield names
        if number >= last:
            return


def _repeated(elements: Iterator[Element], what: str, attribute: str) -> Iterator[str]:
    """An attribute of each element, as often as the element stands for several; no further than a sheet is wide."""
    count = 0
    for element in elements:
        for _ in range(min(_times(element, what), _WIDEST - count)):
            count += 1
            yield element.get(_odf(f"table:{attribute}"), "")


def _times(element: Element, what: str) -> int:
    text = element.get(_odf(f"table:number-{what}-repeated"), "1")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1


def _ods_formats(archive: ZipFile) -> dict[str, Format]:
    """The formats of the cell styles by their names; a style without one of its own has its parent's."""
    own: dict[str, str] = {}
    parents: dict[str, str] = {}
    formats: dict[str, Format] = {}
    for path in ("styles.xml", "content.xml"):
        root = part(archive, path) if path in archive.namelist() else None
        for element in () if root is None else root.iter():
            name, kind = element.get(_odf("style:name"), ""), element.tag.rpartition("}")[2]
            if kind in _ODF_KINDS:
                formats[name] = _read_style(element, _ODF_KINDS[kind])
            elif element.tag == _odf("style:style"):
                own[name] = element.get(_odf("style:data-style-name"), "")
                parents[name] = element.get(_odf("style:parent-style-name"), "")
    return {name: formats[chosen] for name in own if (chosen := _inherited(name, own, parents)) in formats}


def _inherited(name: str, own: Mapping[str, str], parents: Mapping[str, str]) -> str:
    for _ in range(8):
        if own.get(name):
            return own[name]
        name = parents.get(name, "")
    return ""


def _read_style(style: Element, kind: str) -> Format:
    number = style.find(_odf("number:number"))
    if number is None:
        return _described("general" if kind == "number" else kind)
    decimals = number.get(_odf("number:decimal-places"), "")
    if not decimals and kind == "number":
        return _described("general")
    has_count = decimals.isascii() and decimals.isdecimal() and len(decimals) < 4
    return _described(kind, int(decimals) if has_count else 0, grouping=number.get(_odf("number:grouping")) == "true")
