"""PDFs as OSWorld's metrics look at them: all their text, and the pictures on their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from osarena.errors import EvidenceMissing
from osarena_evaluators.osworld._document_texts import likeness
from osarena_evaluators.osworld._hashes import perceptual_hash
from osarena_evaluators.readers.images import DAMAGED, MAX_PIXELS
from osarena_evaluators.readers.pdf import _open as open_pdf
from osarena_evaluators.readers.pdf import _read as read_step
from osarena_evaluators.readers.pdf import pages

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MAX_PICTURES = 300
_MAX_BITS_OFF = 5  # of the 64 of a hash, up to which pictures count as the same


def pdf_text(data: bytes) -> str:
    """The text of all pages, one below the other."""
    return "\n".join(pages(data)).strip()


def text_likeness(one: bytes, other: bytes) -> float:
    """How alike the texts of two PDFs are, from 0 to 1."""
    return likeness(pdf_text(one), pdf_text(other))


def picture_hashes(data: bytes) -> list[NDArray[np.bool_]]:
    """What the pictures of a PDF look like, page by page, in 64 bits each."""
    import numpy as np

    found: list[NDArray[np.bool_]] = []
    for page in read_step(lambda: list(open_pdf(data).pages)):
        for name in read_step(lambda page=page: list(page.images.keys())):  # type: ignore[misc]
            if len(found) >= _MAX_PICTURES:
                raise EvidenceMissing(f"it has more than {_MAX_PICTURES} pictures, which is too much to look at")
            _require_small(page, name)
            picture: Any = read_step(lambda page=page, name=name: page.images[name].image)  # type: ignore[misc]
            if picture is None:
                raise EvidenceMissing("a picture in it cannot be read")
            try:
                found.append(perceptual_hash(np.asarray(picture.convert("L"))))
            except DAMAGED as error:
                raise EvidenceMissing(f"a picture in it is damaged: {error}"[:200]) from error
    return found


def _require_small(page: Any, name: Any) -> None:
    """Raise EvidenceMissing for a picture that would take too much to unpack. In forms, a picture's name is a path."""

    def size() -> int:
        place = page
        for part in name if isinstance(name, list | tuple) else [name]:
            if part.startswith("~"):  # a picture within the page's own drawing, which is small
                return 0
            place = place["/Resources"]["/XObject"][part].get_object()
        return int(place.get("/Width", 0)) * int(place.get("/Height", 0))

    if not 0 <= read_step(size) <= MAX_PIXELS:
        raise EvidenceMissing("a picture in it has too many pixels to look at")


def pictures_in_common(one: list[NDArray[np.bool_]], other: list[NDArray[np.bool_]]) -> float:
    """The share of pictures that look the same, one after the other; 0 where their number differs."""
    if len(one) != len(other):
        return 0.0
    same = [int((a != b).sum()) <= _MAX_BITS_OFF for a, b in zip(one, other, strict=True)]
    return sum(same) / len(same) if same else 1.0
