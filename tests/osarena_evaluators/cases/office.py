"""Cases of office files."""

from __future__ import annotations

from tests.support.cases import differs, lacks, malformed, reads
from tests.support.office import archive, docx, ods, ods_cell, ods_row, ods_table, odt, workbook

BOOK = workbook({"Sales": [["Region", "Amount"], ["North", 12.5], ["South", None]], "Totals": [["a", "=1+1"]]})
SHEET = ods(ods_table("One", ods_row(ods_cell("float", "1"), ods_cell("time", "PT1H2M3S", times=3)), ods_row(ods_cell(""))))
TEXT = docx(
    "<w:p><w:pPr><w:pStyle w:val='Heading1'/></w:pPr><w:r><w:t>Wells</w:t></w:r></w:p><w:p><w:r><w:t>text </w:t></w:r></w:p>"
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"
)
OTHER_TEXT = odt("<text:p text:style-name='Title'>a<text:s text:c='2'/>b</text:p>")
NO_ARCHIVE = malformed(b"PK", "it is not a readable archive")
NO_WORKBOOK = malformed(archive({"content.xml": "<x/>"}), "it is an OpenDocument file, but not a workbook")

READERS = {
    "office.sheet": [
        reads(BOOK, [["Region", "Amount"], ["North", 12.5], ["South", None]], sheet="Sales"),
        differs(BOOK, [["a"]], sheet="Totals"),  # saved without the formula's value
        lacks(BOOK, "the workbook has no sheet 'sales'; its sheets are 'Sales', 'Totals'", sheet="sales"),
        NO_ARCHIVE,
        NO_WORKBOOK,
    ],
    "office.formulas": [
        reads(BOOK, [["a", "=1+1"]], sheet="Totals"),
        lacks(SHEET, "the workbook has no sheet 1", sheet=1),
        NO_ARCHIVE,
        NO_WORKBOOK,
    ],
    "office.sheet_names": [
        reads(BOOK, ["Sales", "Totals"]),
        differs(SHEET, ["One"]),
        NO_ARCHIVE,
        NO_WORKBOOK,
    ],
    "office.paragraphs": [
        reads(TEXT, ["Wells", "text"]),
        differs(OTHER_TEXT, ["a  b"]),
        NO_ARCHIVE,
    ],
    "office.styles": [
        reads(OTHER_TEXT, [["Title", "a  b"]]),
        differs(docx("<w:p/>"), []),
        NO_ARCHIVE,
    ],
    "office.tables": [
        reads(TEXT, [[["1", ""]]]),
        differs(OTHER_TEXT, []),
        NO_ARCHIVE,
    ],
    "office.table": [
        reads(TEXT, [["1", ""]], index=-1),
        lacks(TEXT, "the document has 1 tables, so there is no number 1", index=1),
        NO_ARCHIVE,
    ],
}
