"""Office files: workbooks (.xlsx, .ods) and text documents (.docx, .odt), told apart by what is in them."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers import documents, spreadsheets
from osarena_evaluators.readers.documents import Paragraph, Table
from osarena_evaluators.readers.spreadsheets import Rows


@reader
def sheet(data: bytes, *, sheet: str | int = 0, without: Sequence[str] = ()) -> Rows:
    """The values of a sheet, by name or number, as rows from A1 to the last cell that is not empty.

    A formula counts as the value that the program saved with it. Empty cells are `None`, dates are `datetime`. The cells
    of the areas in `without` ("B2:D9") count as empty: what else is on the sheet.
    """
    return spreadsheets.blank(spreadsheets.rows(data, sheet, formulas=False), without)


@reader
def cells(data: bytes, *, areas: Sequence[str], sheet: str | int = 0, formulas: bool = False) -> Rows:
    """The rows of some areas of a sheet ("B2:B9", "G11"), one area after the other; values, or formulas where there are any."""
    return spreadsheets.cut_out(spreadsheets.rows(data, sheet, formulas=formulas), areas)


@reader
def formulas(data: bytes, *, sheet: str | int = 0) -> Rows:
    """The same, with the formula as text ("=SUM(A1:A3)"; .ods writes "=SUM([.A1:.A3])") where a cell has one."""
    return spreadsheets.rows(data, sheet, formulas=True)


@reader
def sheet_names(data: bytes) -> list[str]:
    """The names of a workbook's sheets, in order."""
    return spreadsheets.names(data)


@reader
def paragraphs(data: bytes) -> list[str]:
    """The paragraphs of a document outside its tables, without the empty ones and without space at their ends."""
    return [text for block in documents.blocks(data) if isinstance(block, Paragraph) and (text := block.text.rstrip())]


@reader
def styles(data: bytes, *, only: Sequence[str] = ()) -> list[list[str]]:
    """Style and text of each paragraph that is not empty: `["Heading 1", "Introduction"]`.

    `only` has patterns of styles, such as "Heading *"; paragraphs in others are left out.
    """
    found = ([block.style, block.text.rstrip()] for block in documents.blocks(data) if isinstance(block, Paragraph))
    return [[style, text] for style, text in found if text and (not only or any(fnmatchcase(style, like) for like in only))]


@reader
def tables(data: bytes) -> list[list[list[str]]]:
    """The tables of a document, each as rows of the cells' texts."""
    return [block.rows for block in documents.blocks(data) if isinstance(block, Table)]


@reader
def table(data: bytes, *, index: int = 0) -> list[list[str]]:
    """One table of a document, by its number from 0 (or from the end: -1)."""
    found = tables(data)
    if not -len(found) <= index < len(found):
        raise EvidenceMissing(f"the document has {len(found)} tables, so there is no number {index}")
    return found[index]
