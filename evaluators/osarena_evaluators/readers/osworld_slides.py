"""What a slide of a .pptx sounds like and lies on, as OSWorld's getters give it: a file in the presentation, or one beside it.

The probe `osworld.presentation` packs both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers.archives import open_archive, qualified, read_member
from osarena_evaluators.readers.packages import LINKS, Relation, part, relations, target_of

_SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_BOOK = "ppt/presentation.xml"
_SOUNDS = ("audio", "media")


@reader
def audio(data: bytes, *, index: int) -> bytes:
    """The sound file of a slide, by its number from 0. Raises EvidenceMissing where it has none."""
    packed, presentation = _opened(data)
    sounds = [relation for relation in relations(presentation, _slide_path(presentation, index)).values() if _is_sound(relation)]
    if not sounds:
        raise EvidenceMissing(f"slide {index + 1} has no sound")
    return _content(packed, presentation, sounds[0])


@reader
def background(data: bytes, *, index: int) -> bytes:
    """The picture that is the background of a slide, by its number from 0. Raises EvidenceMissing where it has none."""
    packed, presentation = _opened(data)
    path = _slide_path(presentation, index)
    known = relations(presentation, path)
    links = [link for link in _background_links(part(presentation, path)) if link in known]
    if not links:
        raise EvidenceMissing(f"slide {index + 1} has no picture as its background")
    return _content(packed, presentation, known[links[0]])


def linked_files(presentation: ZipFile, slide: int) -> list[str]:
    """The paths of the files outside of a presentation that one of its slides refers to.

    Raises:
        EvidenceMissing: it is no presentation, or has no such slide.
    """
    outside = (one for one in relations(presentation, _slide_path(presentation, slide)).values() if one.is_external)
    return [path for relation in outside if (path := _local_path(relation.target))]


def _opened(data: bytes) -> tuple[ZipFile, ZipFile]:
    """The probe's archive, and the presentation in it."""
    packed = open_archive(data)
    return packed, open_archive(read_member(packed, "main"))


def _slide_path(presentation: ZipFile, slide: int) -> str:
    """The part of a slide, by its place in the presentation."""
    name = qualified(_SLIDES, "sldIdLst"), qualified(_SLIDES, "sldId")
    listed = [entry.get(qualified(LINKS, "id"), "") for entry in part(presentation, _BOOK).iterfind("/".join(name))]
    if not 0 <= slide < len(listed):
        raise EvidenceMissing(f"there is no slide {slide + 1}, the presentation has {len(listed)}")
    return target_of(presentation, _BOOK, listed[slide])


def _background_links(root: Any) -> Iterator[str]:
    for background_ in root.iter(qualified(_SLIDES, "bgPr")):
        for picture in background_.iter(qualified(_DRAWING, "blip")):
            yield picture.get(qualified(LINKS, "embed")) or picture.get(qualified(LINKS, "link"), "")


def _is_sound(relation: Relation) -> bool:
    return relation.kind in _SOUNDS


def _content(packed: ZipFile, presentation: ZipFile, relation: Relation) -> bytes:
    if not relation.is_external:
        return read_member(presentation, relation.target)
    path = _local_path(relation.target)
    if path not in packed.namelist():
        raise EvidenceMissing(f"the slide refers to {relation.target!r}, which is not there")
    return read_member(packed, path)


def _local_path(address: str) -> str:
    """The path of a file of the desktop, empty for any other address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return unquote(parts.path) if parts.scheme == "file" and parts.path.startswith("/") else ""
