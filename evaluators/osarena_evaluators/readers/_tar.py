"""Tar archives, plain or packed with gzip, bzip2 or xz, as the zip archives that everything else reads."""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile
import zlib
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from osarena.errors import EvidenceMissing

# What tarfile raises for archives that are damaged.
_DAMAGED = (
    tarfile.TarError,
    ArithmeticError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    ValueError,
    zlib.error,
    lzma.LZMAError,
)


def is_tar(data: bytes) -> bool:
    """Whether the bytes start like a tar archive, or like one that is packed."""
    return data[257:262] == b"ustar" or data.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0"))


def repacked(data: bytes, *, max_bytes: int, max_members: int) -> ZipFile:
    """The folders and regular files of a tar archive as a zip archive; the last counts where two have one name.

    Raises:
        EvidenceMissing: it is none, is damaged, or unpacks to more than may be.
    """
    packed = io.BytesIO()
    try:
        with tarfile.open(fileobj=io.BytesIO(_unpacked(data, max_bytes)), mode="r:") as archive, ZipFile(packed, "w") as target:
            members = {member.name.removeprefix("./"): member for member in archive if member.isreg() or member.isdir()}
            if len(members) > max_members:
                raise EvidenceMissing(f"it has {len(members)} members, which is too much to look at")
            for name, member in members.items():
                file = archive.extractfile(member) if member.isreg() else None
                info = ZipInfo(name if member.isreg() else f"{name.rstrip('/')}/")
                target.writestr(info, file.read() if file else b"", ZIP_STORED)
    except _DAMAGED as error:
        raise EvidenceMissing(f"it is not a readable archive: {error}") from error
    return ZipFile(packed)


def _unpacked(data: bytes, max_bytes: int) -> bytes:
    """The plain tar archive. All of a packed one's members lie in one stream, so it is the stream that has to be limited."""
    if data.startswith(b"\x1f\x8b"):
        found = zlib.decompressobj(wbits=31).decompress(data, max_bytes + 1)
    elif data.startswith(b"BZh"):
        found = bz2.BZ2Decompressor().decompress(data, max_bytes + 1)
    elif data.startswith(b"\xfd7zXZ\0"):
        found = lzma.LZMADecompressor(memlimit=256 << 20).decompress(data, max_bytes + 1)
    else:
        found = data
    if len(found) > max_bytes:
        raise EvidenceMissing(f"it unpacks to more than {max_bytes} bytes, which is too much to look at")
    return found
