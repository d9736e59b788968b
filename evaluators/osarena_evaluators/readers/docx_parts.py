"""What a .docx document has beside its text. `document_parts` has the readers by name, and says what they return."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from osarena_evaluators.readers.documents import docx_content, docx_style, docx_styles, docx_text, word
from osarena_evaluators.readers.packages import LINKS, digest, part, related, relations

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DOCUMENT = "word/document.xml"
_KINDS = {"ins": "insertion", "moveTo": "insertion", "del": "deletion", "moveFrom": "deletion"}
_FORMATS = ("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange")
_FIELDS = {"PAGE": "{page}", "NUMPAGES": "{pages}"}
_PLACES = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PAGE_NUMBER = re.compile(r"\t[0-9ivxlc]+$")


def changes(archive: ZipFile) -> list[dict[str, str]]:
    """The tracked changes that are still open."""
    kinds = {word(name): kind for name, kind in _KINDS.items()} | {word(name): "format" for name in _FORMATS}
    return [
        {"kind": kinds[element.tag], "author": element.get(word("author"), ""), "text": _raw_text(element)}
        for element in part(archive, _DOCUMENT).iter()
        if element.tag in kinds
    ]


def _raw_text(element: Element) -> str:
    return "".join(text.text or "" for text in element.iter() if text.tag in (word("t"), word("delText")))


def comments(archive: ZipFile) -> list[dict[str, str]]:
    """The comments."""
    return [
        {"author": comment.get(word("author"), ""), "text": "\n".join(docx_text(line) for line in comment.iter(word("p")))}
        for path in related(archive, _DOCUMENT, "comments")
        if path in archive.namelist()
        for comment in part(archive, path).iter(word("comment"))
    ]


def margins(archive: ZipFile, kind: str) -> list[str]:
    """The headers or the footers that the sections refer to, each once."""
    targets = relations(archive, _DOCUMENT)
    links = (
        reference.get(f"{{{LINKS}}}id", "")
        for section in part(archive, _DOCUMENT).iter(word("sectPr"))
        for reference in section.iterfind(word(f"{kind}Reference"))
    )
    paths = dict.fromkeys(targets[link].target for link in links if link in targets)
    return ["\n".join(_text_with_fields(line) for line in part(archive, path).iter(word("p"))) for path in paths]


def _text_with_fields(paragraph: Element) -> str:
    """The text with a word in braces for each field that tells of pages. What a field showed last is left out."""
    parts: list[str] = []
    instruction, is_inside = "", False
    for element in paragraph.iter():
        if element.tag == word("fldSimple"):
            parts.append(_field(element.get(word("instr"), "")))
        elif element.tag == word("fldChar"):
            kind = element.get(word("fldCharType"))
            is_inside = kind != "end"
            if kind == "end":
                parts.append(_field(instruction))
                instruction = ""
        elif element.tag == word("instrText"):
            instruction += element.text or ""
        elif element.tag == word("t") and not is_inside:
            parts.append(element.text or "")
    return "".join(parts)


def _field(instruction: str) -> str:
    words = instruction.split()
    return _FIELDS.get(words[0].upper(), "") if words else ""


def contents(archive: ZipFile) -> list[dict[str, Any]]:
    """The tables of contents: paragraphs one after the other in styles that are made for them ("toc 1")."""
    found: list[dict[str, Any]] = []
    above, is_open = "", False
    for text, style in _paragraphs(archive):
        if style.lower().startswith("toc ") and style.lower() != "toc heading":
            if not is_open:
                found.append({"after": above, "entries": []})
            found[-1]["entries"].append(_PAGE_NUMBER.sub("", text).strip())
            is_open = True
        elif style.lower() not in ("toc heading", "contents heading"):
            is_open = False
            above = text
    return found


def _paragraphs(archive: ZipFile) -> Iterator[tuple[str, str]]:
    """Text and style of the paragraphs that are not empty."""
    styles = docx_styles(archive)
    body = part(archive, _DOCUMENT).find(word("body"))
    for element in () if body is None else docx_content(body, 0):
        if element.tag == word("p") and (text := docx_text(element).strip()):
            yield text, docx_style(element, styles)


def images(archive: ZipFile) -> list[dict[str, Any]]:
    """The pictures."""
    targets = relations(archive, _DOCUMENT)
    found = []
    for place in part(archive, _DOCUMENT).iter():
        if place.tag not in (f"{{{_PLACES}}}inline", f"{{{_PLACES}}}anchor"):
            continue
        size = place.find(f"{{{_PLACES}}}extent")
        for picture in place.iter(f"{{{_DRAWING}}}blip"):
            target = targets.get(picture.get(f"{{{LINKS}}}embed", ""))
            path = "" if target is None else target.target
            found.append({"sha256": digest(archive, path), "width_mm": _mm(size, "cx"), "height_mm": _mm(size, "cy")})
    return found


def _mm(size: Element | None, side: str) -> float:
    text = "" if size is None else size.get(side, "")
    return round(int(text) / 36_000, 1) if text.isascii() and text.isdecimal() and len(text) < 12 else 0.0
