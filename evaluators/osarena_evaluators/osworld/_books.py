"""Workbooks as `compare_table` looks at them: the result's and the expected one, and what their sheets are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter
from zipfile import BadZipFile, ZipFile
from zlib import error as zlib_error

from osarena.errors import CheckerError, EvidenceMissing
from osarena_evaluators.readers import spreadsheets
from osarena_evaluators.readers.archives import open_archive, parse_xml, qualified, read_member, refuse_document_types
from osarena_evaluators.readers.osworld import DesktopFile
from osarena_evaluators.readers.packages import part
from osarena_evaluators.readers.xlsx_layout import sheet_path

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEETS = "xl/worksheets/"
_MAX_SHEETS_BYTES = 16 << 20
_MAX_OTHER_BYTES = 1 << 20
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".tif", ".tiff", ".svg", ".vml")
# openpyxl makes an object of each cell of a merged or linked area, and looks for each area in all that it has.
_MAX_SPREAD_CELLS = 100_000
_MAX_AREAS = 2_000
_MAX_AREAS_TEXT = 20_000  # characters of one list of areas

# What openpyxl raises for workbooks that are damaged or not as the standard says.
DAMAGED = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError, TypeError),
    *(ValueError, BadZipFile, zlib_error),
)

Raw = float | str | bool | None


def main(name: str) -> str:
    """A name of SpreadsheetML, as ElementTree writes it."""
    return qualified(_MAIN, name)


@dataclass(frozen=True)
class Book:
    """A workbook, and its sheets as they are printed (CSV) by the name of the file; by "" where there is only one."""

    data: bytes
    is_expected: bool = False
    prints: Mapping[str, bytes] = field(default_factory=dict)

    @contextmanager
    def blamed(self) -> Iterator[None]:
        """What cannot be read in the expected workbook is a fault of the task, not of the agent, unless it is the desktop's."""
        try:
            yield
        except EvidenceMissing as error:
            if self.is_expected and not isinstance(self.data, DesktopFile):
                raise CheckerError(f"the workbook that the task compares with: {error}") from error
            raise

    @cached_property
    def archive(self) -> ZipFile:
        """Its parts."""
        return open_archive(self.data)

    @cached_property
    def names(self) -> list[str]:
        """The names of its sheets, in order."""
        return spreadsheets.names(self.data)

    @cached_property
    def loaded(self) -> Any:
        """The same as openpyxl reads it, with formulas."""
        return _loaded(self.archive, self.data)


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook."""

    book: Book
    name: str

    def rows(self) -> spreadsheets.Rows:
        """Its values."""
        with self.book.blamed():
            return spreadsheets.rows(self.book.data, self.name, formulas=False)

    def root(self) -> Element:
        """The sheet's own part."""
        with self.book.blamed():
            return part(self.book.archive, self.path())

    def path(self) -> str:
        """Where the sheet is in the archive."""
        with self.book.blamed():
            if spreadsheets.is_opendocument(self.book.archive):
                raise EvidenceMissing("it is an .ods workbook, of which only the data can be compared")
            return sheet_path(self.book.archive, self.name)

    def worksheet(self) -> Any:
        """The sheet as openpyxl reads it."""
        with self.book.blamed():
            book = self.book.loaded
            if self.name not in book.sheetnames:
                raise EvidenceMissing(f"the sheet {self.name!r} cannot be read")
            return book[self.name]

    def raw_cells(self, *, published: bool = False) -> dict[str, Raw]:
        """What the cells hold by their addresses, dates as numbers."""
        with self.book.blamed():
            path = self._path_by_id() if published else self.path()
            if path not in self.book.archive.namelist():
                return {}
            texts = _shared_texts(self.book.archive)
            return {cell.get("r", ""): _raw(cell, texts) for cell in part(self.book.archive, path).iter(main("c"))}

    def printed(self) -> list[str]:
        """The lines of the CSV file that was made of the sheet, without space at their ends, and without empty ones last."""
        prints = self.book.prints
        fitting = [data for name, data in prints.items() if not name or name.endswith(f"-{self.name}.csv")]
        with self.book.blamed():
            if not fitting:
                raise EvidenceMissing(f"there is no CSV file of the sheet {self.name!r}")
            lines = [line.strip() for line in text_lines(fitting[0])]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def _path_by_id(self) -> str:
        """Where the public function looks for the sheet: files are not always numbered as sheets are."""
        sheets = part(self.book.archive, "xl/workbook.xml").iterfind(f"{main('sheets')}/{main('sheet')}")
        numbers = {sheet.get("name", ""): sheet.get("sheetId", "") for sheet in sheets}
        return f"{_SHEETS}sheet{numbers.get(self.name, '')}.xml"


@dataclass(frozen=True)
class Books:
    """What is compared: the agent's workbook, and the expected one where there is one."""

    result: Book
    expected: Book | None

    def sheet(self, selector: Any) -> Sheet:
        """A sheet by its selector: 0 or "RI0" is the result's first, "RNJan" its sheet "Jan"; with "E" the expected book's.

        Raises:
            EvidenceMissing: the result has no such sheet.
            CheckerError: it is no selector, or the expected workbook has no such sheet.
        """
        letters, wanted = _parse_selector(selector)
        book = self.result if letters[0] == "R" else self.expected
        if book is None:
            raise CheckerError(f"the rule names the sheet {selector!r} of an expected workbook, but the task has none")
        with book.blamed():
            return Sheet(book, book.names[spreadsheets.pick_sheet(wanted, book.names)])


def _parse_selector(selector: Any) -> tuple[str, str | int]:
    if isinstance(selector, int) and not isinstance(selector, bool):
        return "RI", selector
    if isinstance(selector, str) and selector[:2] in ("RN", "EN"):
        return selector[:2], selector[2:]
    if isinstance(selector, str) and selector[:2] in ("RI", "EI") and selector[2:].removeprefix("-").isdecimal():
        return selector[:2], int(selector[2:])
    raise CheckerError(f"{selector!r:.100} selects no sheet, as 0, RI0, RNSheet1, EI0 and ENSheet1 do")


def text_lines(data: bytes) -> list[str]:
    """The lines of a text in UTF-8, else in Latin-1, which fits all bytes."""
    try:
        return data.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return data.decode("latin-1").splitlines()


# --- cells as they lie in the file -----------------------------------------------------------------------------------


def _shared_texts(archive: ZipFile) -> list[str]:
    """The texts that cells refer to by number; readings of Asian letters (rPh) are no part of them."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [_text(item) for item in part(archive, "xl/sharedStrings.xml").iterfind(main("si"))]


def _text(item: Element) -> str:
    places = (main("t"), f"{main('r')}/{main('t')}")
    return "".join(text.text or "" for place in places for text in item.iterfind(place))


def _raw(cell: Element, texts: Sequence[str]) -> Raw:
    inline = cell.find(main("is"))
    if inline is not None:
        return _text(inline)
    value = cell.find(main("v"))
    if value is None or value.text is None:
        return None
    match cell.get("t", "n"):
        case "n":
            return _number(value.text)
        case "s":
            is_known = value.text.isascii() and value.text.isdecimal() and int(value.text[:9]) < len(texts)
            return texts[int(value.text[:9])] if is_known else None
        case "b":
            return value.text == "1"
    return value.text


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


# --- openpyxl --------------------------------------------------------------------------------------------------------


def _loaded(archive: ZipFile, data: bytes) -> Any:
    from openpyxl import load_workbook

    if spreadsheets.is_opendocument(archive):
        raise EvidenceMissing("it is an .ods workbook, of which only the data can be compared")
    refuse_document_types(archive)
    _require_loadable(archive)
    with catch_warnings():
        simplefilter("ignore")  # openpyxl tells of every extension that it does not know
        try:
            return load_workbook(BytesIO(data))
        except DAMAGED as error:
            raise EvidenceMissing(f"it is not a readable workbook: {type(error).__name__}: {error}"[:300]) from error


def _require_loadable(archive: ZipFile) -> None:
    """Raise EvidenceMissing where openpyxl would take very long to load a workbook, or very much memory."""
    sheets = [member for member in archive.infolist() if member.filename.startswith((_SHEETS, "xl/sharedStrings.xml"))]
    others = [member for member in archive.infolist() if member not in sheets]
    if sum(member.file_size for member in sheets) > _MAX_SHEETS_BYTES:
        raise EvidenceMissing("its sheets have too many bytes to look at")
    for member in others:
        if member.file_size > _MAX_OTHER_BYTES and not member.filename.lower().endswith(_PICTURES):
            raise EvidenceMissing(f"{member.filename} has {member.file_size} bytes, which is too much to look at")
    for member in sheets:
        if member.filename.endswith(".xml"):
            _require_small_areas(parse_xml(read_member(archive, member.filename), member.filename))


def _require_small_areas(sheet: Element) -> None:
    areas = cells = 0
    for element in sheet.iter():
        if len(element.get("sqref", "")) > _MAX_AREAS_TEXT:
            raise EvidenceMissing("it names more areas than can be looked at")
        if element.tag in (main("mergeCell"), main("hyperlink")):
            areas += 1
            cells += _cell_count(element.get("ref", ""))
    if areas > _MAX_AREAS or cells > _MAX_SPREAD_CELLS:
        raise EvidenceMissing(f"{cells} of its cells are merged or linked, in {areas} areas, which is too much to look at")


def _cell_count(area: str) -> int:
    try:
        left, top, right, bottom = spreadsheets.parse_area(area.replace("$", "").upper())
    except ValueError as error:
        raise EvidenceMissing(f"{area!r:.60} is no area of a sheet") from error
    return (abs(right - left) + 1) * (abs(bottom - top) + 1)
