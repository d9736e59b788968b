"""The slides of .pptx and .odp presentations. `slides` has the readers by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zipfile import ZipFile

from osarena.errors import EvidenceMissing
from osarena_evaluators.readers.archives import qualified
from osarena_evaluators.readers.documents import odt_text
from osarena_evaluators.readers.packages import LINKS, part, related, target_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_BOOK = "ppt/presentation.xml"
_TITLES = ("title", "ctrTitle")
_MARGINS = ("dt", "ftr", "sldNum", "hdr")
_URN = "urn:oasis:names:tc:opendocument:xmlns:"


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: its title, its other lines of text, and what else is said of it."""

    title: str
    lines: list[str]
    notes: str
    is_hidden: bool
    transition: str  # empty for none
    footer: str
    has_number: bool


# --- .pptx -----------------------------------------------------------------------------------------------------------


def _slide(name: str) -> str:
    return qualified(_SLIDES, name)


def pptx_slides(archive: ZipFile) -> list[Slide]:
    """The slides of a .pptx, in their order."""
    listed = part(archive, _BOOK).iterfind(f"{_slide('sldIdLst')}/{_slide('sldId')}")
    paths = [target_of(archive, _BOOK, entry.get(qualified(LINKS, "id"), "")) for entry in listed]
    return [_pptx_slide(archive, path) for path in paths]


def _pptx_slide(archive: ZipFile, path: str) -> Slide:
    root = part(archive, path)
    shapes = list(_shapes(root))
    titles = [lines for kind, lines in shapes if kind in _TITLES]
    footers = [lines for kind, lines in shapes if kind == "ftr"]
    others = (lines for kind, lines in shapes if kind not in (*_TITLES, *_MARGINS))
    transition = next(root.iter(_slide("transition")), None)
    return Slide(
        title="\n".join(titles[0]) if titles else "",
        lines=[line for lines in others for line in lines],
        notes=_pptx_notes(archive, path),
        is_hidden=root.get("show", "1") in ("0", "false"),
        transition="" if transition is None else _transition_kind(transition),
        footer="\n".join(footers[0]) if footers else "",
        has_number=any(kind == "sldNum" for kind, _ in shapes),
    )


def _shapes(root: Element) -> Iterator[tuple[str, list[str]]]:
    """The kind of placeholder ("body" where it does not say, empty for a free text) and the lines of each shape with text."""
    for shape in root.iter(_slide("sp")):
        place = next(shape.iter(_slide("ph")), None)
        lines = [_line(paragraph) for paragraph in shape.iter(qualified(_DRAWING, "p"))]
        yield ("" if place is None else place.get("type", "body")), [line for line in lines if line.strip()]


def _line(paragraph: Element) -> str:
    breaks = {qualified(_DRAWING, "br"): "\n"}
    texts = (
        element.text or "" if element.tag == qualified(_DRAWING, "t") else breaks.get(element.tag, "")
        for element in paragraph.iter()
    )
    return "".join(texts)


def _pptx_notes(archive: ZipFile, path: str) -> str:
    pages = [page for page in related(archive, path, "notesSlide") if page in archive.namelist()]
    return "\n".join(line for page in pages for kind, lines in _shapes(part(archive, page)) if kind == "body" for line in lines)


def _transition_kind(transition: Element) -> str:
    """ "fade" of <p:transition><p:fade/>; a transition without a kind only advances the slides, and is none."""
    return next((child.tag.rpartition("}")[2] for child in transition if child.tag != _slide("sndAc")), "")


# --- .odp ------------------------------------------------------------------------------------------------------------


def _odf(name: str) -> str:
    """A qualified name of OpenDocument: "draw:page"."""
    prefix, _, local = name.partition(":")
    return qualified(f"{_URN}{ {'draw': 'drawing', 'smil': 'smil-compatible'}.get(prefix, prefix) }:1.0", local)


def odp_slides(archive: ZipFile) -> list[Slide]:
    """The slides of an .odp, in their order."""
    root = part(archive, "content.xml")
    body = root.find(f"{_odf('office:body')}/{_odf('office:presentation')}")
    if body is None:
        raise EvidenceMissing("it is an OpenDocument file, but not a presentation")
    looks = {style.get(_odf("style:name"), ""): style for style in root.iter(_odf("style:style"))}
    declared = {text.get(_odf("presentation:name"), ""): text.text or "" for text in body.iter(_odf("presentation:footer-decl"))}
    return [
        _odp_slide(page, looks.get(page.get(_odf("draw:style-name"), "")), declared) for page in body.iterfind(_odf("draw:page"))
    ]


def _odp_slide(page: Element, style: Element | None, footers: Mapping[str, str]) -> Slide:
    frames = [(frame.get(_odf("presentation:class"), ""), _odp_lines(frame)) for frame in _odp_frames(page)]
    titles = [lines for kind, lines in frames if kind == "title"]
    notes = page.find(_odf("presentation:notes"))
    look = _odp_look(style)
    shows_footer = look.get(_odf("presentation:display-footer")) == "true"
    return Slide(
        title="\n".join(titles[0]) if titles else "",
        lines=[line for kind, lines in frames if kind != "title" for line in lines],
        notes="" if notes is None else "\n".join(line for frame in notes.iter(_odf("draw:frame")) for line in _odp_notes(frame)),
        is_hidden=look.get(_odf("presentation:visibility")) == "hidden",
        transition=look.get(_odf("smil:type"), "") or look.get(_odf("presentation:transition-style"), ""),
        footer=footers.get(page.get(_odf("presentation:use-footer-name"), ""), "") if shows_footer else "",
        has_number=look.get(_odf("presentation:display-page-number")) == "true",
    )


def _odp_frames(page: Element) -> Iterator[Element]:
    """Frames and shapes with text, without those of the notes page."""
    for child in page:
        if child.tag != _odf("presentation:notes"):
            yield child


def _odp_lines(frame: Element) -> list[str]:
    return [text for line in frame.iter(_odf("text:p")) if (text := odt_text(line)).strip()]


def _odp_notes(frame: Element) -> list[str]:
    is_notes = frame.get(_odf("presentation:class")) == "notes" and frame.get(_odf("presentation:placeholder")) != "true"
    return _odp_lines(frame) if is_notes else []


def _odp_look(style: Element | None) -> Mapping[str, str]:
    properties = None if style is None else style.find(_odf("style:drawing-page-properties"))
    return {} if properties is None else properties.attrib
