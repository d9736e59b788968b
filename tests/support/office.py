"""Small office files for readers to read, right ones and hostile ones."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping, Sequence
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

_ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)
_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """An .xlsx with these sheets."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def archive(members: Mapping[str, bytes | str]) -> bytes:
    """A zip archive."""
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return packed.getvalue()


def tar(members: Mapping[str, bytes | str], *, mode: str = "w:gz") -> bytes:
    """A tar archive, packed as the mode says ("w" for not at all); a name that ends in "/" is a folder's."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as file:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name.rstrip("/"))
            content = data.encode() if isinstance(data, str) else data
            info.size, info.type = len(content), tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            file.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def replaced(office_file: bytes, members: Mapping[str, bytes | str]) -> bytes:
    """An office file with some of its parts replaced."""
    with ZipFile(io.BytesIO(office_file)) as file:
        return archive({name: file.read(name) for name in file.namelist()} | dict(members))


def ods(*tables: str) -> bytes:
    """An .ods with these tables."""
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    content = f"<office:document-content {_ODF}>{body}</office:document-content>"
    return archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def ods_table(name: str, *rows: str) -> str:
    """A table of an .ods."""
    return f"<table:table table:name='{name}'>{''.join(rows)}</table:table>"


def ods_row(*cells: str, times: int = 1) -> str:
    """A row of an .ods table, so many times."""
    return f"<table:table-row table:number-rows-repeated='{times}'>{''.join(cells)}</table:table-row>"


def ods_cell(kind: str, value: str = "", *, text: str = "", formula: str = "", times: int = 1) -> str:
    """A cell of an .ods table, so many times in a row; `kind` is its value-type, empty for an empty cell."""
    if not kind:
        return f"<table:table-cell table:number-columns-repeated='{times}'/>"
    attribute = {"date": "date-value", "time": "time-value", "boolean": "boolean-value"}.get(kind, "value")
    attributes = f"office:value-type='{kind}' office:{attribute}='{value}' table:number-columns-repeated='{times}'"
    attributes += f" table:formula='{formula}'" if formula else ""
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def odt(body: str, *, automatic: str = "", styles: str = "") -> bytes:
    """An .odt with this body, and these automatic and named styles."""
    content = (
        f"<office:document-content {_ODF}><office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    named = f"<office:document-styles {_ODF}><office:styles>{styles}</office:styles></office:document-styles>"
    return archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, "styles.xml": named})


def docx(body: str) -> bytes:
    """A .docx with this body in WordprocessingML and nothing else."""
    return archive({"word/document.xml": f"<w:document {_WORD}><w:body>{body}</w:body></w:document>"})


# Ten entities that each name the one before ten times: a billion laughs.
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY e0 "ha">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)) + "]><x>&e9;</x>"
)
