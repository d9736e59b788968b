"""What an .odt document has beside its text. `document_parts` has the readers by name, and says what they return."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from osarena_evaluators.readers.archives import qualified
from osarena_evaluators.readers.documents import odt_body, odt_text
from osarena_evaluators.readers.packages import digest, part

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_KINDS = {"insertion": "insertion", "deletion": "deletion", "format-change": "format"}
_FIELDS = {"page-number": "{page}", "page-count": "{pages}"}
_DRAW = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
_SVG = "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
_HREF = "{http://www.w3.org/1999/xlink}href"
_LENGTH = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,9})?)(mm|cm|in|pt)")
_UNITS_MM = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72}
_PAGE_NUMBER = re.compile(r"\t[0-9ivxlc]+$")


def _text(name: str) -> str:
    return qualified(_TEXT, name)


def changes(archive: ZipFile) -> list[dict[str, str]]:
    """The tracked changes that are still open."""
    return [
        {"kind": _KINDS[kind], "author": _creator(change), "text": _lines(change)}
        for region in odt_body(archive).iter(_text("changed-region"))
        for change in region
        for kind in [change.tag.rpartition("}")[2]]
        if kind in _KINDS
    ]


def _creator(element: Element) -> str:
    creator = next(element.iter(_CREATOR), None)
    return "" if creator is None else creator.text or ""


def _lines(element: Element) -> str:
    return "\n".join(odt_text(line) for line in element if line.tag in (_text("p"), _text("h")))


def comments(archive: ZipFile) -> list[dict[str, str]]:
    """The comments."""
    notes = odt_body(archive).iter(qualified(_OFFICE, "annotation"))
    return [{"author": _creator(note), "text": "\n".join(odt_text(line) for line in note.iter(_text("p")))} for note in notes]


def margins(archive: ZipFile, kind: str) -> list[str]:
    """The headers or the footers of the page styles, each once; those that are switched off are none."""
    if "styles.xml" not in archive.namelist():
        return []
    found = (
        margin
        for master in part(archive, "styles.xml").iter(qualified(_STYLE, "master-page"))
        for margin in master
        if margin.tag in (qualified(_STYLE, kind), qualified(_STYLE, f"{kind}-left"), qualified(_STYLE, f"{kind}-first"))
        if margin.get(qualified(_STYLE, "display"), "true") != "false"
    )
    return list(dict.fromkeys("\n".join("".join(_with_fields(line)) for line in margin.iter(_text("p"))) for margin in found))


def _with_fields(element: Element) -> Iterator[str]:
    """The text with a word in braces for each field that tells of pages."""
    pending: list[Element | str] = [element]
    while pending:
        found = pending.pop()
        if isinstance(found, str):
            yield found
        elif found.tag in (_text("page-number"), _text("page-count")):
            yield _FIELDS[found.tag.rpartition("}")[2]]
        else:
            for child in reversed(found):
                pending += [child.tail or "", child]
            pending.append(found.text or "")


def contents(archive: ZipFile) -> list[dict[str, Any]]:
    """The tables of contents."""
    found: list[dict[str, Any]] = []
    above = ""
    for element in odt_body(archive):
        if element.tag == _text("table-of-content"):
            found.append({"after": above, "entries": list(_entries(element))})
        elif element.tag in (_text("p"), _text("h")):
            above = odt_text(element).strip() or above
    return found


def _entries(table: Element) -> Iterator[str]:
    """The lines of a table of contents without its own title and without page numbers."""
    titles = {line for title in table.iter(_text("index-title")) for line in title.iter(_text("p"))}
    for body in table.iterfind(_text("index-body")):
        for line in body.iter(_text("p")):
            text = odt_text(line)
            if line not in titles and text.strip():
                yield _PAGE_NUMBER.sub("", text).strip()


def images(archive: ZipFile) -> list[dict[str, Any]]:
    """The pictures."""
    return [
        {
            "sha256": digest(archive, picture.get(_HREF, "").removeprefix("./")),
            "width_mm": _mm(frame.get(qualified(_SVG, "width"), "")),
            "height_mm": _mm(frame.get(qualified(_SVG, "height"), "")),
        }
        for frame in odt_body(archive).iter(qualified(_DRAW, "frame"))
        for picture in list(frame.iterfind(qualified(_DRAW, "image")))[:1]  # a second is a stand-in for the first
    ]


def _mm(length: str) -> float:
    found = _LENGTH.fullmatch(length)
    return round(float(found[1]) * _UNITS_MM[found[2]], 1) if found else 0.0
