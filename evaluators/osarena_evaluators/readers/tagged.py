"""Pictures with tags as Windows writes them, archives with a password: what is in a file beside what it shows."""

from __future__ import annotations

import zlib
from importlib import import_module
from io import BytesIO
from lzma import LZMAError
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers.archives import MAX_BYTES, open_archive, parse_xml, read_member
from osarena_evaluators.readers.images import DAMAGED, open_image

if TYPE_CHECKING:
    from PIL.Image import Image

_PICTURES = (".jpg", ".jpeg", ".tif", ".tiff")  # those in which Windows keeps tags
_KEYWORDS = 0x9C9E  # XPKeywords, in UTF-16 with ";" between
_XMP = 0x02BC  # of a TIFF
_SUBJECT = "{http://purl.org/dc/elements/1.1/}subject"
_ITEM = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}li"
_AES = 99  # the method of packing under which WinZip's AES hides the real one
_SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c"


@reader
def all_tagged(data: bytes, *, tag: str) -> bool:
    """Whether there are pictures right in a folder, from the probe `folder`, and all have a tag. Windows tags JPEG and TIFF."""
    archive = open_archive(data)
    names = [name for name in archive.namelist() if "/" not in name and name.lower().endswith(_PICTURES)]
    return bool(names) and all(tag in tags(read_member(archive, name)) for name in names)


@reader
def tags(data: bytes) -> list[str]:
    """The tags of a picture, sorted."""
    image = open_image(data)
    try:
        exif = image.getexif()
        keywords = exif.get(_KEYWORDS)
        subjects = _subjects(image)
    except DAMAGED as error:
        raise EvidenceMissing(f"what is written beside the picture is damaged: {error}"[:300]) from error
    words = bytes(keywords).decode("utf-16-le", "replace") if isinstance(keywords, bytes | tuple) else str(keywords or "")
    return sorted({word.strip() for word in [*words.split("\0")[0].split(";"), *subjects] if word.strip()})


@reader
def has_secret_member(data: bytes, *, password: str, member: str) -> str:
    """ "true" if an archive is protected by a password, and opened with it has a file with this name, else "false".

    Reads .zip with the cipher of PKZIP by itself, .zip with AES where pyzipper is installed, .7z where py7zr is.

    Raises:
        CheckerError: one of them is needed and not there.
    """
    if data.startswith(_SEVEN_ZIP):
        return _word(_has_secret_in_seven_zip(data, password, member))
    archive = open_archive(data)
    found = next((one for one in archive.infolist() if one.filename == member), None)
    if found is None or not found.flag_bits & 1:
        return "false"
    if found.compress_type == _AES:
        return _word(_opens_by_aes(data, member, password))
    return _word(_opens(archive, member, password))


def _opens(archive: ZipFile, member: str, password: str) -> bool:
    try:
        archive.read(member, pwd=password.encode())
    except RuntimeError:  # another password
        return False
    except (BadZipFile, OSError, ValueError, LookupError, NotImplementedError, EOFError, *DAMAGED):
        return False  # one byte in 256 of wrong passwords is only found by what it unpacks to
    return True


def _opens_by_aes(data: bytes, member: str, password: str) -> bool:
    library = _library("pyzipper", "a zip archive that is protected by AES")
    try:
        with library.AESZipFile(BytesIO(data)) as archive:
            return archive.getinfo(member).file_size <= MAX_BYTES and _opens(archive, member, password)
    except (BadZipFile, library.BadZipFile, *DAMAGED):
        return False


def _has_secret_in_seven_zip(data: bytes, password: str, member: str) -> bool:
    library = _library("py7zr", "a .7z archive")
    try:
        if not _is_locked(library, data):
            return False
        with library.SevenZipFile(BytesIO(data), password=password) as archive:
            if sum(one.uncompressed for one in archive.list()) > MAX_BYTES:
                return False
            return member in archive.getnames() and archive.testzip() is None
    except (library.exceptions.ArchiveError, LZMAError, zlib.error, *DAMAGED):
        return False


def _is_locked(library: Any, data: bytes) -> bool:
    """Whether it cannot be opened without a password. Opened with one, every archive says that it needs it."""
    try:
        with library.SevenZipFile(BytesIO(data)) as archive:
            return bool(archive.needs_password())
    except library.exceptions.PasswordRequired:
        return True  # the names in it are locked up as well


def _library(name: str, what: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise CheckerError(f"opening {what} needs {name}: pip install 'osarena[archives]'") from error


def _subjects(image: Image) -> list[str]:
    """The keywords in a picture's XMP."""
    found = image.info.get("xmp") or getattr(image, "tag_v2", {}).get(_XMP)
    if not isinstance(found, bytes | str):
        return []
    packet = found.encode() if isinstance(found, str) else found
    try:
        root = parse_xml(packet.rstrip(b"\0"), "the picture's XMP")
    except EvidenceMissing:
        return []
    return [item.text or "" for subject in root.iter(_SUBJECT) for item in subject.iter(_ITEM)]


def _word(is_so: bool) -> str:
    return "true" if is_so else "false"
