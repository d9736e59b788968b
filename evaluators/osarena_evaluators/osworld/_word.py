"""Documents (.docx) as OSWorld's metrics look at them: paragraphs, runs, and how styles make them look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from zipfile import ZipFile

from osarena.errors import EvidenceMissing
from osarena_evaluators.readers.archives import open_archive, qualified
from osarena_evaluators.readers.documents import odt_text, word
from osarena_evaluators.readers.packages import part, related

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MAX_DEPTH = 100
_MAX_STYLES = 50  # that are based on each other
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_URN = "urn:oasis:names:tc:opendocument:xmlns:"
# What a paragraph's runs and a document's paragraphs may lie in: what is inserted, linked, or a field of a form is seen as
# well. python-docx, and so the public functions, look into links alone, and for the looks of runs not even into these.
_AROUND_RUNS = frozenset(map(word, ("ins", "moveTo", "hyperlink", "sdt", "sdtContent", "smartTag", "customXml", "fldSimple")))
_AROUND_PARAGRAPHS = frozenset(map(word, ("ins", "moveTo", "sdt", "sdtContent", "customXml")))
_TABLE_PARTS = frozenset(map(word, ("tbl", "tr", "tc")))
_OFF = ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that looks the same."""

    element: Element
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a document."""

    element: Element
    published: bool

    @cached_property
    def text(self) -> str:
        """Its text, with tabs and line breaks."""
        around = frozenset([word("hyperlink")]) if self.published else _AROUND_RUNS
        return "".join(_run_text(run) for run in _inside(self.element, word("r"), around))

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """Its runs."""
        around = frozenset() if self.published else _AROUND_RUNS
        return tuple(Run(run, _run_text(run)) for run in _inside(self.element, word("r"), around))


class Document:
    """A document in a .docx. As the public functions see it with `published`: without what is tracked or in a form."""

    def __init__(self, data: bytes, *, published: bool = False) -> None:
        self.archive = open_archive(data)
        self.path = next(iter(related(self.archive, "", "officeDocument")), "word/document.xml")
        if self.path not in self.archive.namelist() or not self.path.endswith(".xml"):
            raise EvidenceMissing("it is not a .docx document")
        self.root = part(self.archive, self.path)
        body = self.root.find(word("body"))
        if body is None:
            raise EvidenceMissing("it is not a .docx document")
        self.body: Element = body
        self.published = published

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs outside tables."""
        return self._paragraphs(frozenset() if self.published else _AROUND_PARAGRAPHS)

    @cached_property
    def all_paragraphs(self) -> list[Paragraph]:
        """The paragraphs in the document's order, those in tables as well; not as published."""
        return self.paragraphs if self.published else self._paragraphs(_AROUND_PARAGRAPHS | _TABLE_PARTS)

    @cached_property
    def cells(self) -> list[Element]:
        """The cells of all tables."""
        return list(self.body.iter(word("tc")))

    def paragraphs_of(self, cell: Element) -> list[Paragraph]:
        """The paragraphs of a cell."""
        return [Paragraph(found, self.published) for found in _inside(cell, word("p"), _AROUND_PARAGRAPHS)]

    def _paragraphs(self, around: frozenset[str]) -> list[Paragraph]:
        return [Paragraph(found, self.published) for found in _inside(self.body, word("p"), around)]

    @cached_property
    def lines(self) -> list[str]:
        """The texts of the paragraphs outside tables that are not empty, without space at their ends."""
        return [text for paragraph in self.paragraphs if (text := paragraph.text.strip())]

    # --- looks -------------------------------------------------------------------------------------------------------

    @cached_property
    def _styles(self) -> dict[str, Element]:
        paths = [path for path in related(self.archive, self.path, "styles") if path in self.archive.namelist()]
        styles = part(self.archive, paths[0]).iter() if paths else iter(())
        found = {}
        for style in styles:
            if style.tag == word("docDefaults"):
                found["defaults"] = style
            elif style.tag == word("style"):
                found["id " + style.get(word("styleId"), "")] = style
                if style.get(word("type")) == "paragraph" and style.get(word("default")) in ("1", "true", "on"):
                    found["default"] = style
        return found

    def _chain(self, name: str | None) -> Iterator[Element]:
        """A style, and those that it is based on."""
        style = self._styles.get(f"id {name}")
        for _ in range(_MAX_STYLES):
            if style is None:
                return
            yield style
            style = self._styles.get(f"id {_value(style.find(word('basedOn')))}")

    def setting(self, paragraph: Paragraph, name: str) -> Element | None:
        """What a paragraph says of itself ("jc"), or else its style; as published, only itself."""
        own = paragraph.element.find(f"{word('pPr')}/{word(name)}")
        if own is not None or self.published:
            return own
        sources = [style.find(word("pPr")) for style in self._of_paragraph(paragraph)]
        defaults = self._styles.get("defaults")
        sources.append(None if defaults is None else defaults.find(f"{word('pPrDefault')}/{word('pPr')}"))
        return _first(sources, word(name))

    def look(self, paragraph: Paragraph, run: Run, name: str) -> Element | None:
        """What a run says of itself ("sz"), or else its style and its paragraph's style; as published, only itself."""
        own = run.element.find(f"{word('rPr')}/{word(name)}")
        if own is not None or self.published:
            return own
        styles = [*self._chain(_value(run.element.find(f"{word('rPr')}/{word('rStyle')}"))), *self._of_paragraph(paragraph)]
        sources = [style.find(word("rPr")) for style in styles]
        defaults = self._styles.get("defaults")
        sources.append(None if defaults is None else defaults.find(f"{word('rPrDefault')}/{word('rPr')}"))
        return _first(sources, word(name))

    def is_on(self, paragraph: Paragraph, run: Run, name: str) -> bool:
        """Whether a look that is on or off ("i", "strike") is on."""
        found = self.look(paragraph, run, name)
        return found is not None and found.get(word("val"), "true") not in _OFF

    def font(self, paragraph: Paragraph, run: Run) -> str | None:
        """The font of a run's text."""
        fonts = self.look(paragraph, run, "rFonts")
        if fonts is None:
            return None
        theme = "" if self.published else fonts.get(word("asciiTheme"), "")
        return (self._theme_fonts.get(theme[:5]) if theme else None) or fonts.get(word("ascii"))

    @cached_property
    def _theme_fonts(self) -> dict[str, str]:
        """The fonts of the theme for headings ("major") and texts ("minor")."""
        paths = [path for path in related(self.archive, self.path, "theme") if path in self.archive.namelist()]
        found = {}
        for kind in ("major", "minor"):
            for fonts in part(self.archive, paths[0]).iter(qualified(_DRAWING, f"{kind}Font")) if paths else ():
                latin = fonts.find(qualified(_DRAWING, "latin"))
                found[kind] = "" if latin is None else latin.get("typeface", "")
        return found

    def size(self, paragraph: Paragraph, run: Run) -> float | None:
        """The size of a run's text in points."""
        return _half(_value(self.look(paragraph, run, "sz")))

    def line_spacing(self, paragraph: Paragraph) -> tuple[float, str] | None:
        """How far the lines are apart: a number of lines and "auto", or points and how strict they are."""
        spacing = self.setting(paragraph, "spacing")
        line = None if spacing is None else _number(spacing.get(word("line")))
        if spacing is None or line is None:
            return None if self.published else (1.0, "auto")
        rule = spacing.get(word("lineRule"), "auto")
        return (line / 240, rule) if rule == "auto" else (line / 20, rule)

    def _of_paragraph(self, paragraph: Paragraph) -> list[Element]:
        style = paragraph.element.find(f"{word('pPr')}/{word('pStyle')}")
        found = list(self._chain(_value(style)))
        return found or [self._styles[name] for name in ("default",) if name in self._styles]


def _inside(parent: Element, tag: str, around: frozenset[str], depth: int = 0) -> Iterator[Element]:
    """The elements of a kind below another, also in what may lie around them."""
    if depth > _MAX_DEPTH:
        raise EvidenceMissing(f"its parts lie more than {_MAX_DEPTH} deep in each other")
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in around:
            yield from _inside(child, tag, around, depth + 1)


def _run_text(run: Element) -> str:
    marks = {word("tab"): "\t", word("ptab"): "\t", word("cr"): "\n", word("noBreakHyphen"): "-"}
    parts = []
    for element in run:
        if element.tag == word("t"):
            parts.append(element.text or "")
        elif element.tag == word("br"):
            parts.append("\n" if element.get(word("type"), "textWrapping") == "textWrapping" else "")
        else:
            parts.append(marks.get(element.tag, ""))
    return "".join(parts)


def _first(sources: Sequence[Element | None], tag: str) -> Element | None:
    found = (source.find(tag) for source in sources if source is not None)
    return next((element for element in found if element is not None), None)


def _value(element: Element | None) -> str | None:
    return None if element is None else element.get(word("val"))


def _number(text: str | None) -> float | None:
    digits = (text or "").removeprefix("-").replace(".", "", 1)
    return float(text or 0) if digits.isascii() and digits.isdecimal() and len(digits) < 12 else None


def _half(text: str | None) -> float | None:
    number = _number(text)
    return None if number is None else number / 2


# --- texts of any kind of document -----------------------------------------------------------------------------------


def odf(name: str) -> str:
    """A qualified name of OpenDocument: "text:p"."""
    prefix, _, local = name.partition(":")
    return qualified(f"{_URN}{ {'fo': 'xsl-fo-compatible'}.get(prefix, prefix) }:1.0", local)


def is_odt(data: bytes) -> bool:
    """Whether it is an OpenDocument file and not a .docx."""
    return "content.xml" in open_archive(data).namelist()


def odt_root(data: bytes) -> tuple[ZipFile, Element]:
    """An OpenDocument text and the root of its content. Raises EvidenceMissing where it is none."""
    archive = open_archive(data)
    if "content.xml" not in archive.namelist():
        raise EvidenceMissing("it is not an .odt document")
    return archive, part(archive, "content.xml")


def paragraph_texts(data: bytes, *, published: bool) -> list[str]:
    """The texts of the paragraphs of a .docx or .odt."""
    if not is_odt(data):
        return [paragraph.text for paragraph in Document(data, published=published).all_paragraphs]
    _, root = odt_root(data)
    body = root.find(f"{odf('office:body')}/{odf('office:text')}")
    if body is None:
        raise EvidenceMissing("it is not an .odt document")
    if published:  # without headings, spaces and tabs, and what is deeper than one span
        return [_shallow_text(paragraph) for paragraph in body.iter(odf("text:p"))]
    return [odt_text(paragraph) for paragraph in body.iter() if paragraph.tag in (odf("text:p"), odf("text:h"))]


def _shallow_text(paragraph: Element) -> str:
    parts = [paragraph.text or ""]
    for child in paragraph:
        if child.tag == odf("text:span"):
            parts += [child.text or "", *(inner.tail or "" for inner in child)]
        parts.append(child.tail or "")
    return "".join(parts)
