"""Presentations (.pptx) as `compare_pptx_files` looks at them: slides, their shapes, and how their text looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as zlib_error

from osarena.errors import EvidenceMissing
from osarena_evaluators.readers.archives import open_archive, parse_xml, refuse_document_types

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
SLIDES = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
FREEFORM, PICTURE, TABLE = 5, 13, 19  # kinds of shapes, as python-pptx numbers them

_MAX_XML_BYTES = 32 << 20
_MAX_DEPTH = 40  # of groups in each other
# The names of colours that stand for others where the master does not say so.
_ALIASES = {"tx1": "dk1", "bg1": "lt1", "tx2": "dk2", "bg2": "lt2"}

# What python-pptx and lxml raise for files that are damaged or not as the standard says.
DAMAGED = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError, TypeError),
    *(ValueError, BadZipFile, zlib_error),
)

Box = tuple[int | None, int | None, int | None, int | None]  # left, top, width and height in EMU (1/914400 inch)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that looks the same. What is None is inherited."""

    text: str
    font: str | None
    size: int | None
    bold: bool | None
    italic: bool | None
    underline: int | bool | None
    colour: str  # "FF0000", or the name of a colour of the theme with what is done to it
    rgb: str | None  # the same where the run itself says so in red, green and blue
    strike: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its text, how it is set, and its runs."""

    text: str
    level: int
    alignment: int  # 1 is left
    bullet: str  # the character, or the kind of numbering; empty for none of its own
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape of a slide. `paragraphs` is None where it can hold no text, `cells` (by rows) where it is no table."""

    kind: int | None
    box: Box
    paragraphs: tuple[Paragraph, ...] | None
    cells: tuple[tuple[tuple[Paragraph, ...], ...], ...] | None
    picture: str  # the SHA-256 of a picture
    parts: tuple[Shape, ...]  # of a group

    @property
    def text(self) -> str | None:
        """All its text; None where it can hold none."""
        return None if self.paragraphs is None else "\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide: its shapes from the bottom up, the colour behind them, and the speaker's notes."""

    shapes: tuple[Shape, ...]
    background: str | None
    published_background: str | None  # as the public functions find it: not the layout's, and no colour of the theme
    notes: str
    listed: tuple[tuple[str, str, str], ...]  # level, bullet and text of all paragraphs with text, in the file's order


@dataclass(frozen=True, slots=True)
class Deck:
    """A presentation: its slides, and their width and height in EMU."""

    slides: tuple[Slide, ...]
    width: int
    height: int


def read_deck(data: bytes) -> Deck:
    """The presentation in a .pptx. Raises EvidenceMissing for anything else."""
    from pptx import Presentation
    from pptx.exc import PythonPptxError

    archive = open_archive(data)
    _require_small(archive)
    refuse_document_types(archive)
    try:
        found: Any = Presentation(BytesIO(data))
        slides = tuple(_slide(slide) for slide in found.slides)
        return Deck(slides, int(found.slide_width or 0), int(found.slide_height or 0))
    except (PythonPptxError, *DAMAGED) as error:
        raise EvidenceMissing(f"it is not a readable presentation: {type(error).__name__}: {error}"[:300]) from error


def _require_small(archive: ZipFile) -> None:
    size = sum(member.file_size for member in archive.infolist() if member.filename.endswith((".xml", ".rels")))
    if size > _MAX_XML_BYTES:
        raise EvidenceMissing(f"its parts have {size} bytes, which is too much to look at")


def _slide(slide: Any) -> Slide:
    colours = theme_colours(slide.slide_layout.slide_master)
    layers = (slide, slide.slide_layout, slide.slide_layout.slide_master)
    backgrounds = [background_of(layer, colours) for layer in layers]
    plain = [background_of(layer, {}) for layer in (layers[0], layers[2])]
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    return Slide(
        shapes=tuple(_shape(shape, colours, 0) for shape in slide.shapes),
        background=next((found for found in backgrounds if found), None),
        published_background=plain[0] or plain[1],
        notes="" if notes is None else notes.text.strip(),
        listed=tuple(_listed(slide._element)),
    )


def theme_colours(master: Any) -> dict[str, str]:
    """The colours that names such as "accent1" stand for, as "RRGGBB"."""
    theme = next((link.target_part for link in master.part.rels.values() if link.reltype.endswith("/theme")), None)
    if theme is None:
        return {}
    root = parse_xml(theme.blob, "the theme")
    scheme = next(root.iter(f"{DRAWING}clrScheme"), None)
    found = {} if scheme is None else {_local(slot): _own_colour(slot[0]) for slot in scheme if len(slot)}
    names = next(master._element.iter(f"{SLIDES}clrMap"), None)
    aliases = _ALIASES | ({} if names is None else dict(names.attrib))
    return found | {alias: found.get(name, "") for alias, name in aliases.items()}


def _own_colour(element: Any) -> str:
    return str(element.get("lastClr") or element.get("val") or "").upper()


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def colour_of(fill: Any, colours: Mapping[str, str]) -> str:
    """The colour of the element of a solid fill, "RRGGBB" where the theme's names are known; empty for none."""
    if fill is None or not len(fill):
        return ""
    colour = fill[0]
    kind = _local(colour)
    changes = "".join(f" {_local(change)} {change.get('val')}" for change in colour)
    if kind == "srgbClr":
        return _own_colour(colour) + changes
    if kind == "schemeClr" and colours:
        return (colours.get(colour.get("val", "")) or str(colour.get("val"))) + changes
    return ""


def background_of(layer: Any, colours: Mapping[str, str]) -> str | None:
    """The colour that a slide, a layout or a master has for its background itself."""
    fill = layer._element.find(f"{SLIDES}cSld/{SLIDES}bg/{SLIDES}bgPr/{DRAWING}solidFill")
    return colour_of(fill, colours) or None


# --- shapes and texts ------------------------------------------------------------------------------------------------


def _shape(shape: Any, colours: Mapping[str, str], depth: int) -> Shape:
    if depth > _MAX_DEPTH:
        raise EvidenceMissing(f"its groups lie more than {_MAX_DEPTH} deep in each other")
    kind = _kind(shape)
    table = shape.table if getattr(shape, "has_table", False) else None
    return Shape(
        kind=kind,
        box=(shape.left, shape.top, shape.width, shape.height),
        paragraphs=_paragraphs(shape.text_frame, colours) if hasattr(shape, "text") else None,
        cells=None
        if table is None
        else tuple(tuple(_paragraphs(c.text_frame, colours) for c in row.cells) for row in table.rows),
        picture=_digest(shape) if kind == PICTURE else "",
        parts=tuple(_shape(part, colours, depth + 1) for part in shape.shapes) if hasattr(shape, "shapes") else (),
    )


def _kind(shape: Any) -> int | None:
    try:
        return None if shape.shape_type is None else int(shape.shape_type)
    except (NotImplementedError, ValueError):  # python-pptx knows no name for it
        return None


def _digest(picture: Any) -> str:
    try:
        return sha256(picture.image.blob).hexdigest()
    except DAMAGED:  # a picture that is not in the file
        return ""


def _paragraphs(frame: Any, colours: Mapping[str, str]) -> tuple[Paragraph, ...]:
    return tuple(
        Paragraph(
            text=paragraph.text,
            level=paragraph.level,
            alignment=int(paragraph.alignment or 1),
            bullet=_bullet(paragraph._p.find(f"{DRAWING}pPr"), with_numbers=True),
            runs=tuple(_run(run, colours) for run in paragraph.runs),
        )
        for paragraph in frame.paragraphs
    )


def _run(run: Any, colours: Mapping[str, str]) -> Run:
    font, own = run.font, run._r.find(f"{DRAWING}rPr")
    fill = None if own is None else own.find(f"{DRAWING}solidFill")
    return Run(
        text=run.text,
        font=font.name,
        size=None if font.size is None else int(font.size),
        bold=font.bold,
        italic=font.italic,
        underline=font.underline,
        # Text without a colour of its own has mostly the theme's colour for texts.
        colour=colour_of(fill, colours) or colours.get("tx1", ""),
        rgb=colour_of(fill, {}) or None,
        strike="noStrike" if own is None else own.get("strike", "noStrike"),
    )


def _bullet(properties: Any, *, with_numbers: bool) -> str:
    if properties is None:
        return ""
    character, number = properties.find(f"{DRAWING}buChar"), properties.find(f"{DRAWING}buAutoNum")
    if character is not None:
        return str(character.get("char", ""))
    return str(number.get("type", "")) if with_numbers and number is not None else ""


def _listed(slide: Any) -> Iterator[tuple[str, str, str]]:
    for paragraph in slide.iter(f"{DRAWING}p"):
        text = "".join(part.text or "" for part in paragraph.iter(f"{DRAWING}t"))
        properties = paragraph.find(f"{DRAWING}pPr")
        if text.strip():
            bullet = _bullet(properties, with_numbers=False)
            level = "No Level" if properties is None else properties.get("lvl") or "0"
            yield level if bullet else "", bullet, text
