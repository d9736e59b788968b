"""The streams of MP4 and QuickTime files, which are boxes in boxes (ISO/IEC 14496-12)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from osarena.errors import EvidenceMissing
from osarena_evaluators.readers._bytes import Cursor

_MAX_BOXES = 20_000
_KINDS = {b"vide": "video", b"soun": "audio", b"sbtl": "subtitles", b"text": "subtitles", b"subt": "subtitles"}

Boxes = dict[bytes, bytes]


def is_mp4(data: bytes) -> bool:
    """Whether the bytes start like such a file."""
    return data[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free")


def streams(data: bytes) -> list[dict[str, Any]]:
    """What `media.streams` tells of them."""
    movie = _first(data, b"moov")
    return [_stream(content) for kind, content in _boxes(movie) if kind == b"trak"]


def _stream(track: bytes) -> dict[str, Any]:
    media = _first(track, b"mdia")
    kind = _KINDS.get(_first(media, b"hdlr")[8:12], "other")
    entry = Cursor(_path(media, b"minf", b"stbl", b"stsd"), 8)
    entry.number()  # its size
    found: dict[str, Any] = {
        "kind": kind,
        "codec": entry.take(4).decode("latin-1"),
        "duration_s": _duration(_first(media, b"mdhd")),
    }
    if kind == "video":
        size = Cursor(_first(track, b"tkhd")[-8:])
        found |= {"width": size.number() >> 16, "height": size.number() >> 16}
    if kind == "audio":
        entry.take(16)
        channels, _ = entry.number(2), entry.take(6)
        found |= {"channels": channels, "sample_rate": entry.number() >> 16}
    return found


def _duration(header: bytes) -> float | None:
    is_long = header[:1] == b"\1"
    cursor = Cursor(header, 20 if is_long else 12)
    scale, duration = cursor.number(), cursor.number(8 if is_long else 4)
    return duration / scale if scale else None


def _path(data: bytes, *kinds: bytes) -> bytes:
    for kind in kinds:
        data = _first(data, kind)
    return data


def _first(data: bytes, wanted: bytes) -> bytes:
    """The content of the first box of a kind. Raises EvidenceMissing where there is none."""
    for kind, content in _boxes(data):
        if kind == wanted:
            return content
    raise EvidenceMissing(f"it has no part {wanted.decode()!r}, so it is no whole file of sound or film")


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    cursor = Cursor(data)
    for _ in range(_MAX_BOXES):
        if cursor.at >= len(data):
            return
        size, kind = cursor.number(), cursor.take(4)
        head = 8
        if size == 1:
            size, head = cursor.number(8), 16
        yield kind, cursor.take(size - head if size else len(data) - cursor.at)
    raise EvidenceMissing(f"it has more than {_MAX_BOXES} parts, which is too much to look at")
