"""Text documents: .docx and .odt, as a list of blocks. `office` has the readers by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zipfile import ZipFile

from osarena.errors import EvidenceMissing
from osarena_evaluators.readers.archives import open_archive, parse_xml, qualified, read_member

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"

_MAX_SPACES = 10_000  # that one element may stand for
_MAX_DEPTH = 100  # of sections, lists and tables in each other


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body: its text, and its style by the name that the program shows ("Heading 1")."""

    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the body: the text of each cell, the paragraphs of a cell joined by line ends."""

    rows: list[list[str]]


Block = Paragraph | Table


def blocks(data: bytes) -> list[Block]:
    """What the body of a document is made of, in order. Headers, footers, notes, comments and deleted text are left out."""
    archive = open_archive(data)
    members = archive.namelist()
    if "word/document.xml" in members:
        return list(_docx_blocks(_part(archive, "word/document.xml"), docx_styles(archive)))
    if "content.xml" in members:
        return list(_odt_blocks(odt_body(archive), _odt_styles(archive)))
    raise EvidenceMissing("it is neither a .docx nor an .odt document")


def _part(archive: ZipFile, name: str) -> Element:
    return parse_xml(read_member(archive, name), name)


# --- .docx -----------------------------------------------------------------------------------------------------------


def word(name: str) -> str:
    """A name of WordprocessingML, as ElementTree writes it."""
    return qualified(_WORD, name)


def docx_styles(archive: ZipFile) -> dict[str, str]:
    """The names of the paragraph styles by their ids."""
    if "word/styles.xml" not in archive.namelist():
        return {}
    styles = {}
    for style in _part(archive, "word/styles.xml").iterfind(word("style")):
        name = style.find(word("name"))
        styles[style.get(word("styleId"), "")] = "" if name is None else name.get(word("val"), "")
    return styles


def _docx_blocks(root: Element, styles: dict[str, str]) -> Iterator[Block]:
    body = root.find(word("body"))
    if body is None:
        raise EvidenceMissing("word/document.xml has no body")
    for element in docx_content(body, 0):
        if element.tag == word("p"):
            yield Paragraph(docx_text(element), docx_style(element, styles))
        else:
            yield Table([[_docx_cell(cell) for cell in _docx_children(row, "tc")] for row in _docx_children(element, "tr")])


def docx_content(parent: Element, depth: int) -> Iterator[Element]:
    """Paragraphs and tables, also those in content controls and tracked insertions."""
    _require_shallow(depth)
    for child in parent:
        if child.tag in (word("p"), word("tbl")):
            yield child
        elif child.tag in (word("sdt"), word("sdtContent"), word("ins"), word("customXml")):
            yield from docx_content(child, depth + 1)


def _docx_children(parent: Element, name: str) -> Iterator[Element]:
    for child in parent:
        if child.tag == word(name):
            yield child
        elif child.tag == word("sdt"):
            content = child.find(word("sdtContent"))
            yield from () if content is None else content.iterfind(word(name))


def _docx_cell(cell: Element) -> str:
    return "\n".join(docx_text(element) for element in _docx_shown(cell) if element.tag == word("p"))


def docx_text(paragraph: Element) -> str:
    """The text of a paragraph, with tabs and line breaks, without what is deleted."""
    breaks = {word("tab"): "\t", word("br"): "\n", word("cr"): "\n", word("noBreakHyphen"): "\u2011"}
    parts = []
    for element in _docx_shown(paragraph):
        if element.tag == word("t"):
            parts.append(element.text or "")
        elif element.tag in breaks and element.get(word("pos")) is None:  # <w:tab w:pos=…> sets a tab stop
            parts.append(breaks[element.tag])
    return "".join(parts)


def _docx_shown(parent: Element) -> Iterator[Element]:
    """All elements below one in document order, but for deleted text, text boxes and what old programs show in their place."""
    hidden = {word("del"), word("moveFrom"), word("txbxContent"), qualified(_COMPATIBILITY, "Fallback")}
    pending = list(reversed(parent))
    while pending:
        element = pending.pop()
        if element.tag not in hidden:
            yield element
            pending.extend(reversed(element))


def docx_style(paragraph: Element, styles: dict[str, str]) -> str:
    """The name of a paragraph's style, as it is shown."""
    style = paragraph.find(f"{word('pPr')}/{word('pStyle')}")
    return "Normal" if style is None else _title(styles.get(style.get(word("val"), ""), ""))


def _title(name: str) -> str:
    """A style's name as the programs show it: .docx writes the built-in headings in lower case."""
    return name.capitalize() if name.startswith("heading ") else name


# --- .odt ------------------------------------------------------------------------------------------------------------


def odt_body(archive: ZipFile) -> Element:
    """The element that holds the text. Raises EvidenceMissing where it is no text document."""
    body = _part(archive, "content.xml").find(f"{qualified(_OFFICE, 'body')}/{qualified(_OFFICE, 'text')}")
    if body is None:
        raise EvidenceMissing("it is an OpenDocument file, but not a text document")
    return body


def _odt_styles(archive: ZipFile) -> dict[str, str]:
    """The names that are shown for each style; an automatic style ("P1") goes by the name of its parent."""
    shown, parents = {}, {}
    for part in ("styles.xml", "content.xml"):
        if part not in archive.namelist():
            continue
        for style in _part(archive, part).iter(qualified(_STYLE, "style")):
            name = style.get(qualified(_STYLE, "name"), "")
            parents[name] = style.get(qualified(_STYLE, "parent-style-name"), "") if part == "content.xml" else ""
            shown[name] = style.get(qualified(_STYLE, "display-name"), name)
    return {name: shown.get(parents[name], parents[name]) or shown[name] for name in shown}


def _odt_blocks(parent: Element, styles: dict[str, str], depth: int = 0) -> Iterator[Block]:
    _require_shallow(depth)
    for child in parent:
        if child.tag in (qualified(_TEXT, "p"), qualified(_TEXT, "h")):
            style = child.get(qualified(_TEXT, "style-name"), "")
            yield Paragraph(odt_text(child), styles.get(style, style))
        elif child.tag == qualified(_TABLE, "table"):
            yield Table([_odt_row(row) for row in child.iter(qualified(_TABLE, "table-row"))])
        elif child.tag in (qualified(_TEXT, "section"), qualified(_TEXT, "list"), qualified(_TEXT, "list-item")):
            yield from _odt_blocks(child, styles, depth + 1)


def _odt_row(row: Element) -> list[str]:
    return [
        "\n".join(odt_text(paragraph) for paragraph in cell if paragraph.tag in (qualified(_TEXT, "p"), qualified(_TEXT, "h")))
        for cell in row.iterfind(qualified(_TABLE, "table-cell"))
    ]


def odt_text(element: Element, depth: int = 0) -> str:
    """The text of a paragraph, with tabs and line breaks, without notes and comments."""
    _require_shallow(depth)
    parts = [element.text or ""]
    for child in element:
        parts += [_odt_inline(child, depth), child.tail or ""]
    return "".join(parts)


def _odt_inline(element: Element, depth: int) -> str:
    if element.tag == qualified(_TEXT, "s"):
        count = element.get(qualified(_TEXT, "c"), "1")
        return " " * min(int(count), _MAX_SPACES) if count.isascii() and count.isdecimal() and len(count) < 10 else " "
    if element.tag == qualified(_TEXT, "tab"):
        return "\t"
    if element.tag == qualified(_TEXT, "line-break"):
        return "\n"
    if element.tag in (qualified(_TEXT, "note"), qualified(_OFFICE, "annotation")):
        return ""
    return odt_text(element, depth + 1)


def _require_shallow(depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise EvidenceMissing(f"its parts lie more than {_MAX_DEPTH} deep in each other")
