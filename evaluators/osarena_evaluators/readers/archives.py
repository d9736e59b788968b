"""Opening archives and XML that may have been made to do harm."""

from __future__ import annotations

import io
import lzma
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from osarena.errors import EvidenceMissing
from osarena_evaluators.readers._tar import is_tar, repacked

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_MEMBERS = 10_000
MAX_BYTES = 128 << 20  # unpacked, all members together
MAX_XML_BYTES = 16 << 20  # one part; its tree takes up to thirty times as much, and some seconds

# What zipfile raises for archives that are damaged, encrypted or packed in a way that it does not know.
_DAMAGED = (BadZipFile, EOFError, LookupError, NotImplementedError, OSError, RuntimeError, ValueError, zlib.error, lzma.LZMAError)


def open_archive(data: bytes) -> ZipFile:
    """A zip archive of a size that can be unpacked.

    `zipfile` never unpacks more of a member than the archive declares, so declared sizes are what has to be limited.

    Raises:
        EvidenceMissing: it is none, is damaged, or would unpack to more than 10,000 members or 128 MiB.
    """
    try:
        archive = ZipFile(io.BytesIO(data))
    except _DAMAGED as error:
        raise EvidenceMissing(f"it is not a readable archive: {error}") from error
    members = archive.infolist()
    size = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or size > MAX_BYTES:
        raise EvidenceMissing(f"it unpacks to {len(members)} members with {size} bytes, which is too much to look at")
    return archive


def open_packed(data: bytes) -> ZipFile:
    """The same for a zip archive or a tar archive, plain or packed."""
    if is_tar(data):
        return repacked(data, max_bytes=MAX_BYTES, max_members=MAX_MEMBERS)
    return open_archive(data)


def read_member(archive: ZipFile, name: str) -> bytes:
    """The bytes of one member.

    Raises:
        EvidenceMissing: there is none of that name, or it is damaged or encrypted.
    """
    try:
        return archive.read(name)
    except _DAMAGED as error:
        raise EvidenceMissing(f"{name} cannot be read from the archive: {error}") from error


def parse_xml(data: bytes, name: str) -> Element:
    """The root element of an XML part without a document type (office files have none; bombs need one).

    Raises:
        EvidenceMissing: it is not well-formed, has a document type, or is larger than 16 MiB.
    """
    from defusedxml.ElementTree import fromstring

    if len(data) > MAX_XML_BYTES:
        raise EvidenceMissing(f"{name} has {len(data)} bytes, which is too much to look at")
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except (SyntaxError, ValueError, LookupError) as error:
        raise EvidenceMissing(f"{name} is not usable XML: {error}") from error
    return root


def refuse_document_types(archive: ZipFile) -> None:
    """Raise EvidenceMissing where a part of an office file declares a document type.

    It makes an archive safe for libraries whose XML parsers expand entities. Only the start of each part is read: a
    document type stands before the first element.
    """
    from defusedxml.common import DTDForbidden
    from defusedxml.ElementTree import iterparse

    for member in archive.infolist():
        try:
            with archive.open(member) as part:
                next(iter(iterparse(part, events=("start",), forbid_dtd=True)), None)
        except DTDForbidden as error:
            raise EvidenceMissing(f"{member.filename} declares a document type, which an office file never does") from error
        except (SyntaxError, *_DAMAGED):
            continue  # no XML, such as a picture, or damaged, which the library will say


@lru_cache(maxsize=256)
def qualified(namespace: str, name: str) -> str:
    """A name as ElementTree writes it."""
    return f"{{{namespace}}}{name}"
