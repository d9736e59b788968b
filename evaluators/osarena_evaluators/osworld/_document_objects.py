"""Metrics of documents that look at pictures, equations, page breaks, footers and the program's settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.osworld._document_texts import documents, require_same_text, verdict
from osarena_evaluators.osworld._files import File, found
from osarena_evaluators.osworld._registry import registry
from osarena_evaluators.osworld._word import Document
from osarena_evaluators.readers.archives import qualified, read_member
from osarena_evaluators.readers.documents import word
from osarena_evaluators.readers.images import pixels
from osarena_evaluators.readers.packages import LINKS, part, relations

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_MATHS = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_WRITER = "/org.openoffice.Office.Writer/DefaultFont"


@metric
def find_default_font(actual: File, expected: Mapping[str, Any]) -> Verdict:
    """1 if LibreOffice's settings name `font_name` as the default font of texts."""
    font = expected.get("font_name") if isinstance(expected, Mapping) else None
    if not isinstance(font, str):
        raise CheckerError(f'expected {{"font_name": …}} in the task, found {quote(expected)}')
    there = registry(found(actual)).get((_WRITER, "Standard"))
    return verdict("" if there == font else f"expected {font!r}, found {quote(there)}")


@metric
def contains_page_break(actual: File, expected: Mapping[str, Any] | None = None, *, published: bool = False) -> Verdict:
    """1 if there are page breaks between or in the paragraphs: `page_break_count` of them, or any where the task does not say."""
    count = expected.get("page_break_count") if isinstance(expected, Mapping) else expected
    if count is not None and (not isinstance(count, int) or isinstance(count, bool)):
        raise CheckerError(f'expected {{"page_break_count": …}} in the task, found {quote(expected)}')
    paragraphs = Document(found(actual), published=published).paragraphs
    breaks = [one for paragraph in paragraphs for run in paragraph.runs for one in run.element.iter(word("br"))]
    there = sum(one.get(word("type")) == "page" for one in breaks)
    is_right = there > 0 if count is None else there == count and (count > 0 or not published)
    return verdict("" if is_right else f"expected {'any' if count is None else count} page breaks, found {there}")


@metric
def has_page_numbers_in_footers(actual: File, *, published: bool = False) -> Verdict:
    """1 if the footer of each section has a field with the page's number."""
    document = Document(found(actual))
    footers = _footers(document)
    if not footers:
        raise EvidenceMissing("the document has no section")
    shows = _shows_digit if published else _shows_number
    missing = [number for number, footer in enumerate(footers, start=1) if footer is None or not shows(footer)]
    return verdict(f"section {missing[0]} shows no page number in its footer" if missing else "")


def _footers(document: Document) -> list[Element | None]:
    """The footer of each section; one without its own has that of the section before."""
    links = relations(document.archive, document.path)
    footers: list[Element | None] = []
    for section in document.root.iter(word("sectPr")):
        kinds = {
            one.get(word("type"), "default"): one.get(qualified(LINKS, "id"), "") for one in section.iter(word("footerReference"))
        }
        link = links.get(kinds.get("default", ""))
        footers.append(part(document.archive, link.target) if link is not None else (footers[-1] if footers else None))
    return footers


def _shows_number(footer: Element) -> bool:
    codes = [code.text or "" for code in footer.iter(word("instrText"))]
    codes += [field.get(word("instr"), "") for field in footer.iter(word("fldSimple"))]
    return any(code.split()[:1] == ["PAGE"] for code in (one.upper() for one in codes))


def _shows_digit(footer: Element) -> bool:
    first = footer.find(word("p"))
    return first is not None and any(sign.isdigit() for text in first.iter(word("t")) for sign in text.text or "")


# --- pictures and equations ------------------------------------------------------------------------------------------


@metric
def compare_docx_images(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """1 if two documents show the same pictures, pixel by pixel, in the same order."""
    one, other = documents(actual, expected)
    there, gold = (_pictures(side, published) for side in (one, other))
    if len(there) != len(gold):
        return Verdict(0.0, f"expected {len(gold)} pictures, found {len(there)}")
    wrong = [number for number, pair in enumerate(zip(there, gold, strict=True), start=1) if not _same_picture(*pair)]
    return verdict(f"picture {wrong[0]} is another one" if wrong else "")


def _pictures(document: Document, published: bool) -> list[bytes]:
    """The pictures as they are shown; as published, each file once, in the order of the document's relations."""
    links = relations(document.archive, document.path)
    if published:
        paths = [link.target for link in links.values() if link.kind == "image" and not link.is_external]
    else:
        blips = document.root.iter(qualified(_DRAWING, "blip"))
        shown = (links.get(blip.get(qualified(LINKS, "embed"), "")) for blip in blips)
        paths = [link.target for link in shown if link is not None]
    return [read_member(document.archive, path) for path in paths]


def _same_picture(one: bytes, other: bytes) -> bool:
    import numpy as np

    if one == other:
        return True
    try:
        return bool(np.array_equal(pixels(one), pixels(other)))
    except EvidenceMissing:  # drawings, such as EMF, are compared by their bytes
        return False


@metric
def compare_contains_image(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """1 if two documents have pictures at the same places: as many in paragraphs with the same text."""
    one, other = documents(actual, expected, published=published)
    if published:
        return _published_places(one, other)
    there, gold = (_picture_places(side) for side in (one, other))
    return verdict("" if there == gold else f"expected pictures at {quote(gold)}, found them at {quote(there)}")


def _picture_places(document: Document) -> list[tuple[str, int]]:
    graphic = qualified(_DRAWING, "graphicData")
    counted = ((one.text.strip(), sum(1 for _ in one.element.iter(graphic))) for one in document.paragraphs)
    return [place for place in counted if place[1]]


def _published_places(one: Document, other: Document) -> Verdict:
    """Run by run, as far as both documents go."""
    pairs = zip(one.paragraphs, other.paragraphs, strict=False)
    runs = [pair for a, b in pairs for pair in zip(a.runs, b.runs, strict=False)]
    has = [[next(run.element.iter(qualified(_DRAWING, "graphicData")), None) is not None for run in pair] for pair in runs]
    return Verdict(float(all(a == b for a, b in has)), "the pictures are in other runs")


@metric
def compare_insert_equation(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """1 if a document has the expected text, and as many equations as the expected one, at least one."""
    if words := require_same_text(actual, expected, published=published):
        return verdict(words)
    one, other = documents(actual, expected, published=published)
    if published:  # which does not know the equations that programs write today
        pairs = zip(one.paragraphs, other.paragraphs, strict=False)
        runs = [pair for a, b in pairs for pair in zip(a.runs, b.runs, strict=False)]
        return Verdict(float(any(all(next(run.element.iter(word("object")), None) is not None for run in pair) for pair in runs)))
    there, gold = (_equations(side) for side in (one, other))
    if not gold:
        raise CheckerError("the expected document has no equation")
    return verdict("" if there == gold else f"expected {gold} equations, found {there}")


def _equations(document: Document) -> int:
    return sum(1 for one in document.body.iter() if one.tag in (qualified(_MATHS, "oMath"), word("object")))
