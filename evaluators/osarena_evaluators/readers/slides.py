"""Presentations: .pptx and .odp, told apart by what is in them. Everything is told slide by slide, in their order."""

from __future__ import annotations

from typing import Any

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers.archives import open_archive
from osarena_evaluators.readers.slide_parts import Slide, odp_slides, pptx_slides


@reader
def texts(data: bytes) -> list[list[str]]:
    """The title of each slide (empty where it has none), and then the lines of its other texts that are not empty."""
    return [[slide.title, *slide.lines] for slide in _slides(data)]


@reader
def notes(data: bytes) -> list[str]:
    """The speaker's notes of each slide, empty where there are none."""
    return [slide.notes for slide in _slides(data)]


@reader
def hidden(data: bytes) -> list[str]:
    """The titles of the slides that are not shown."""
    return [slide.title for slide in _slides(data) if slide.is_hidden]


@reader
def transitions(data: bytes) -> list[str]:
    """The kind of each slide's transition in the file's own word ("fade"), empty where it has none."""
    return [slide.transition for slide in _slides(data)]


@reader
def footers(data: bytes) -> list[dict[str, Any]]:
    """What stands at the foot of each slide: `{"text": "Spring course", "number": True}`."""
    return [{"text": slide.footer, "number": slide.has_number} for slide in _slides(data)]


def _slides(data: bytes) -> list[Slide]:
    archive = open_archive(data)
    members = archive.namelist()
    if "ppt/presentation.xml" in members:
        return pptx_slides(archive)
    if "content.xml" in members:
        return odp_slides(archive)
    raise EvidenceMissing("it is neither a .pptx nor an .odp presentation")
