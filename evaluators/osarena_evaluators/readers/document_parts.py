"""What a document (.docx, .odt) has beside its text: tracked changes, comments, footers, tables of contents, pictures."""

from __future__ import annotations

from typing import Any, Protocol
from zipfile import ZipFile

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers import docx_parts, odt_parts
from osarena_evaluators.readers.archives import open_archive


class _Parts(Protocol):
    """What the module for each kind of document offers."""

    def changes(self, archive: ZipFile) -> list[dict[str, str]]: ...
    def comments(self, archive: ZipFile) -> list[dict[str, str]]: ...
    def margins(self, archive: ZipFile, kind: str) -> list[str]: ...
    def contents(self, archive: ZipFile) -> list[dict[str, Any]]: ...
    def images(self, archive: ZipFile) -> list[dict[str, Any]]: ...


@reader
def changes(data: bytes) -> list[dict[str, str]]:
    """The tracked changes that are still open: `{"kind": "insertion", "author": "Ada", "text": "new"}`, in order.

    The kind is "insertion", "deletion" or "format". Of .odt, only deletions have their text here.
    """
    return _parts(data).changes(open_archive(data))


@reader
def comments(data: bytes) -> list[dict[str, str]]:
    """The comments, in order: `{"author": "Ada", "text": "Really?"}`."""
    return _parts(data).comments(open_archive(data))


@reader
def header(data: bytes) -> str:
    """The texts of the pages' headers, one below the other.

    "{page}" stands for a page's number, "{pages}" for how many there are.
    """
    return "\n".join(_parts(data).margins(open_archive(data), "header"))


@reader
def footer(data: bytes) -> str:
    """The same of the footers."""
    return "\n".join(_parts(data).margins(open_archive(data), "footer"))


@reader
def contents(data: bytes) -> list[dict[str, Any]]:
    """The tables of contents: `{"after": "Report", "entries": ["Introduction", "Method"]}`.

    `after` is the paragraph above that is not empty (empty at the start); entries have no page numbers.
    """
    return _parts(data).contents(open_archive(data))


@reader
def images(data: bytes) -> list[dict[str, Any]]:
    """The pictures, in order: `{"sha256": "9f86…", "width_mm": 50.0, "height_mm": 30.0}`, as large as they are shown.

    A picture that does not lie in the file has no digest; a size that is not told in length is 0.
    """
    return _parts(data).images(open_archive(data))


def _parts(data: bytes) -> _Parts:
    """The module for this kind of document. Raises EvidenceMissing for anything else."""
    members = open_archive(data).namelist()
    if "word/document.xml" in members:
        return docx_parts
    if "content.xml" in members:
        return odt_parts
    raise EvidenceMissing("it is neither a .docx nor an .odt document")
