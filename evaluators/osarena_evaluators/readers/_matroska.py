"""The streams of Matroska and WebM files, which are elements in elements (RFC 8794, RFC 9559)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from math import isfinite
from typing import Any

from osarena.errors import EvidenceMissing
from osarena_evaluators.readers._bytes import Cursor

_MAGIC = b"\x1a\x45\xdf\xa3"
_MAX_ELEMENTS = 20_000
_SEGMENT, _INFO, _TRACKS, _TRACK = 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE
_SCALE, _DURATION, _KIND, _CODEC = 0x2AD7B1, 0x4489, 0x83, 0x86
_VIDEO, _WIDTH, _HEIGHT, _AUDIO, _RATE, _CHANNELS = 0xE0, 0xB0, 0xBA, 0xE1, 0xB5, 0x9F
_KINDS = {1: "video", 2: "audio", 17: "subtitles"}


def is_matroska(data: bytes) -> bool:
    """Whether the bytes start like such a file."""
    return data.startswith(_MAGIC)


def streams(data: bytes) -> list[dict[str, Any]]:
    """What `media.streams` tells of them. The duration is the whole file's."""
    duration: float | None = None
    tracks: list[dict[int, bytes]] = []
    for kind, content in _elements(_children(data).get(_SEGMENT, b"")):
        if kind == _INFO:
            duration = _duration(_children(content))
        elif kind == _TRACKS:
            tracks = [_children(track) for number, track in _elements(content) if number == _TRACK]
    if not tracks:
        raise EvidenceMissing("it has no streams, so it is no whole file of sound or film")
    return [_stream(track) | {"duration_s": duration} for track in tracks]


def _stream(track: dict[int, bytes]) -> dict[str, Any]:
    kind = _KINDS.get(int.from_bytes(track.get(_KIND, b"")[:8], "big"), "other")
    found: dict[str, Any] = {"kind": kind, "codec": track.get(_CODEC, b"")[:100].rstrip(b"\0").decode("ascii", "replace")}
    if kind == "video":
        video = _children(track.get(_VIDEO, b""))
        found |= {
            name: int.from_bytes(video.get(number, b"")[:8], "big") for name, number in (("width", _WIDTH), ("height", _HEIGHT))
        }
    if kind == "audio":
        audio = _children(track.get(_AUDIO, b""))
        rate = _fraction(audio.get(_RATE, b""))
        found |= {
            "channels": int.from_bytes(audio.get(_CHANNELS, b"\1")[:8], "big"),
            "sample_rate": 8000.0 if rate is None else rate,
        }
    return found


def _duration(info: dict[int, bytes]) -> float | None:
    length = _fraction(info.get(_DURATION, b""))
    scale = int.from_bytes(info.get(_SCALE, (1_000_000).to_bytes(4, "big"))[:8], "big")
    return None if length is None else length * scale / 1e9


def _fraction(data: bytes) -> float | None:
    if len(data) not in (4, 8):
        return None
    (found,) = struct.unpack(">f" if len(data) == 4 else ">d", data)
    return float(found) if isfinite(found) and abs(found) < 1e15 else None


def _children(data: bytes) -> dict[int, bytes]:
    return dict(_elements(data))


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each element. One of unknown size goes on to the end, as in a file that was streamed."""
    cursor = Cursor(data)
    for _ in range(_MAX_ELEMENTS):
        if cursor.at >= len(data):
            return
        kind, size = _variable(cursor, keep_marker=True), _variable(cursor, keep_marker=False)
        left = len(data) - cursor.at
        yield kind, cursor.take(min(size, left))
    raise EvidenceMissing(f"it has more than {_MAX_ELEMENTS} parts, which is too much to look at")


def _variable(cursor: Cursor, *, keep_marker: bool) -> int:
    """A number whose length is told by how many of its first bits are clear."""
    first = cursor.number(1)
    length = 9 - first.bit_length()
    if length > 8:
        raise EvidenceMissing("it is a damaged file of sound or film")
    rest = int.from_bytes(cursor.take(length - 1), "big")
    return ((first if keep_marker else first & (0xFF >> length)) << (8 * (length - 1))) | rest
