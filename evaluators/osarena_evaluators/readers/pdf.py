"""PDF files."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, TypeVar

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_BYTES = 32 << 20
MAX_PAGES = 500
T = TypeVar("T")

# What pypdf raises for files that are damaged, beside its own errors.
_DAMAGED = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError, OSError, RecursionError),
    *(RuntimeError, TypeError, ValueError, zlib.error),
)


@reader
def pages(data: bytes) -> list[str]:
    """The text of each page."""
    return [_read(page.extract_text) for page in _read(lambda: list(_open(data).pages))]


@reader
def page_count(data: bytes) -> int:
    """How many pages there are."""
    return _read(lambda: len(_open(data).pages))


@reader
def page_sizes(data: bytes) -> list[list[float]]:
    """Width and height of each page in points (1/72 inch), as it is shown."""
    return _read(lambda: [_size(page) for page in _open(data).pages])


@reader
def image_counts(data: bytes) -> list[int]:
    """How many pictures each page has."""
    return _read(lambda: [len(page.images.keys()) for page in _open(data).pages])


def _open(data: bytes) -> PdfReader:
    from pypdf import PdfReader

    if len(data) > MAX_BYTES:
        raise EvidenceMissing(f"it has {len(data)} bytes, which is too much to look at")
    found = _read(lambda: PdfReader(BytesIO(data)))
    count = _read(lambda: len(found.pages))
    if count > MAX_PAGES:
        raise EvidenceMissing(f"it has {count} pages, which is too much to look at")
    return found


def _size(page: object) -> list[float]:
    box, turn = page.mediabox, page.rotation  # type: ignore[attr-defined]
    size = [round(float(box.width), 1), round(float(box.height), 1)]
    return size[::-1] if turn % 180 else size


def _read(step: Callable[[], T]) -> T:
    """What a call of pypdf returns."""
    from pypdf.errors import PyPdfError

    try:
        return step()
    except (PyPdfError, *_DAMAGED) as error:
        raise EvidenceMissing(f"it is not a readable PDF file: {type(error).__name__}: {error}"[:300]) from error
