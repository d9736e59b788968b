"""The numbers that slides show, and their colour."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from zipfile import ZipFile

from osarena.errors import EvidenceMissing
from osarena_evaluators.readers.archives import open_archive, qualified
from osarena_evaluators.readers.packages import LINKS, part, related, target_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_BOOK = "ppt/presentation.xml"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
_MASTER = "ppt/slideMasters/slideMaster1.xml"

Colour = tuple[int, int, int]


def a(name: str) -> str:
    """A name of DrawingML, as ElementTree writes it."""
    return qualified(_DRAWING, name)


def p(name: str) -> str:
    """A name of PresentationML, as ElementTree writes it."""
    return qualified(_SLIDES, name)


def slide_paths(archive: ZipFile) -> list[str]:
    """Where the slides are in the archive, in their order."""
    root = part(archive, _BOOK)
    if root.tag != p("presentation"):
        raise EvidenceMissing("it is not a presentation")
    listed = root.iterfind(f"{p('sldIdLst')}/{p('sldId')}")
    return [target_of(archive, _BOOK, entry.get(qualified(LINKS, "id"), "")) for entry in listed]


def number_colours(data: bytes, *, of_masters: bool = False) -> list[Colour | None]:
    """For each slide that shows its number, the number's colour; None where nothing says so.

    What a slide does not say itself, its layout does, and then its master. Where no slide shows its number, or for
    `of_masters`, it is the colours that the masters have for it.
    """
    archive = open_archive(data)
    slides = [_layers(archive, path) for path in slide_paths(archive)]
    shown = [_first_colour(layers) for layers in slides if any(_numbers(layers[0]))]
    if shown and not of_masters:
        return shown
    masters = (part(archive, path) for path in related(archive, _BOOK, "slideMaster"))
    return [_first_colour([master]) for master in masters if any(_numbers(master))]


def _layers(archive: ZipFile, path: str) -> list[Element]:
    """A slide, its layout and its master."""
    layers = [part(archive, path)]
    for kind in ("slideLayout", "slideMaster"):
        below = related(archive, path, kind)
        if not below:
            break
        path = below[0]
        layers.append(part(archive, path))
    return layers


def _numbers(layer: Element) -> Iterator[Element]:
    """The shapes that hold a slide's number: the placeholder for it, or any with a field of it."""
    for shape in layer.iter(p("sp")):
        place = next(shape.iter(p("ph")), None)
        is_field = any(field.get("type") == "slidenum" for field in shape.iter(a("fld")))
        if is_field or (place is not None and place.get("type") == "sldNum"):
            yield shape


def _first_colour(layers: list[Element]) -> Colour | None:
    fills = (fill for layer in layers for shape in _numbers(layer) for fill in _text_fills(shape))
    return next((_parsed(fill.get("val", "")) for fill in fills), None)


def _text_fills(shape: Element) -> Iterator[Element]:
    """The colours of a shape's text, those of its runs before those of its style; not that of the shape itself."""
    for name in ("rPr", "defRPr"):
        for look in shape.iter(a(name)):
            yield from look.iterfind(f"{a('solidFill')}/{a('srgbClr')}")


def _parsed(text: str) -> Colour:
    try:
        red, green, blue = bytes.fromhex(text)
    except ValueError as error:
        raise EvidenceMissing(f"{text!r:.20} is no colour") from error
    return red, green, blue


def published_number_colour(data: bytes) -> str:
    """What the public function takes for the numbers' colour: the last but one that the first master names."""
    fills = [colour for fill in part(open_archive(data), _MASTER).iter(a("solidFill")) for colour in fill.iter(a("srgbClr"))]
    if len(fills) < 2:
        raise EvidenceMissing("the first master names fewer than two colours")
    found = fills[-2].get("val", "")
    _parsed(found)
    return found
