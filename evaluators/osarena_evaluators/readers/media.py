"""Sound and film: format, length, streams and tags; and what cameras write into pictures (EXIF)."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from math import isfinite
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers import _matroska, _mp4
from osarena_evaluators.readers.images import DAMAGED, open_image

if TYPE_CHECKING:
    from mutagen import FileType

Record = dict[str, Any]

_MAX_BYTES = 256 << 20
_MAX_TEXT = 10_000
# What mutagen raises beside its own errors for files that are damaged.
_DAMAGED = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError, TypeError),
    *(ValueError, struct.error, zlib.error),
)
# Where EXIF's parts lie in the file.
_PLACES = ("ExifOffset", "GPSInfo")
# The names of tags in MP3 (ID3) and MP4 files, as Vorbis comments (Ogg, FLAC, Opus) call them.
_NAMES = {
    **{"TIT2": "title", "TPE1": "artist", "TALB": "album", "TPE2": "albumartist", "TRCK": "tracknumber", "TPOS": "discnumber"},
    **{"TDRC": "date", "TYER": "date", "TCON": "genre", "TCOM": "composer", "COMM": "comment", "TCOP": "copyright"},
    **{"\xa9nam": "title", "\xa9ART": "artist", "\xa9alb": "album", "aART": "albumartist", "trkn": "tracknumber"},
    **{
        "disk": "discnumber",
        "\xa9day": "date",
        "\xa9gen": "genre",
        "\xa9wrt": "composer",
        "\xa9cmt": "comment",
        "cprt": "copyright",
    },
}


@reader
def properties(data: bytes) -> Record:
    """What a file of sound or film is: `format`, `mime`, `duration_s`, `bitrate` (bits/s), `sample_rate` (Hz), `channels`.

    `format` is "MP3", "MP4", "OggVorbis", "OggOpus", "FLAC", "WAVE" … What a format does not tell is `None`.
    """
    found = _parsed(data)
    info = found.info
    return {
        "format": type(found).__name__,
        "mime": found.mime[0] if found.mime else None,
        "duration_s": _number(getattr(info, "length", None)),
        "bitrate": _number(getattr(info, "bitrate", None)),
        "sample_rate": _number(getattr(info, "sample_rate", None)),
        "channels": _number(getattr(info, "channels", None)),
    }


@reader
def streams(data: bytes) -> list[Record]:
    """The streams of a film: `kind` ("video", "audio", "subtitles"), `codec`, `duration_s`, and what it has by its kind.

    That is `width` and `height` in pixels, or `channels` and `sample_rate`. It reads MP4, QuickTime, Matroska and WebM; a codec
    has the format's own name: "avc1" in MP4 is "V_MPEG4/ISO/AVC" in Matroska.
    """
    if _mp4.is_mp4(data):
        return _mp4.streams(data)
    if _matroska.is_matroska(data):
        return _matroska.streams(data)
    raise EvidenceMissing("it is no film, of none of the known formats")


@reader
def tags(data: bytes) -> dict[str, list[str]]:
    """The tags by name in lower case ("title", "artist", "album", "date", "tracknumber" …), each as a list of texts."""
    found: dict[str, list[str]] = {}
    listed = _parsed(data).tags
    for name, value in _items(listed):
        words = [_text(item) for item in (value if isinstance(value, list) else [value])]
        found.setdefault(_NAMES.get(name.split(":")[0], name.lower()), []).extend(words)
    return found


@reader
def exif(data: bytes) -> Record:
    """What a camera or an editor wrote into a picture, by EXIF's names: "Artist", "DateTimeOriginal", "Orientation" …

    Numbers are numbers, all else is text; the position is under "GPSLatitude" and so on, as lists. Empty where there is nothing.
    """
    from PIL.ExifTags import GPSTAGS, IFD, TAGS

    picture = open_image(data)
    with catch_warnings():
        simplefilter("ignore")
        try:
            found = picture.getexif()
            parts = [(TAGS, dict(found)), (TAGS, dict(found.get_ifd(IFD.Exif))), (GPSTAGS, dict(found.get_ifd(IFD.GPSInfo)))]
        except DAMAGED as error:
            raise EvidenceMissing(f"what a camera wrote into it is damaged: {error}"[:300]) from error
    named = {names[number]: value for names, part in parts for number, value in part.items() if number in names}
    return {name: _plain(value) for name, value in named.items() if name not in _PLACES}


def _parsed(data: bytes) -> FileType:
    from mutagen import File, MutagenError

    if len(data) > _MAX_BYTES:
        raise EvidenceMissing(f"it has {len(data)} bytes, which is too much to look at")
    try:
        found: FileType | None = File(BytesIO(data))
    except (MutagenError, *_DAMAGED) as error:
        raise EvidenceMissing(f"it is not a readable file of sound or film: {type(error).__name__}: {error}"[:300]) from error
    if found is None or found.info is None:
        raise EvidenceMissing("it is no file of sound or film, of none of the known formats")
    return found


def _items(listed: Any) -> list[tuple[str, Any]]:
    """Names and values, whatever kind of tags they are. ID3 keeps texts in frames with a list of them."""
    try:
        items = listed.items() if listed is not None else ()
        return [(str(name), getattr(value, "text", value)) for name, value in items]
    except _DAMAGED as error:
        raise EvidenceMissing(f"its tags are damaged: {error}"[:300]) from error


def _text(value: Any) -> str:
    """A tag's value. MP4 keeps the number of a track as a pair, with how many there are."""
    if isinstance(value, tuple):
        return "/".join(str(part) for part in value if part)
    if isinstance(value, bytes):
        return value[:_MAX_TEXT].decode("utf-8", "replace")
    return str(value)[:_MAX_TEXT]


def _number(value: Any) -> float | int | None:
    return value if isinstance(value, int | float) and isfinite(value) else None


def _plain(value: Any) -> Any:
    match value:
        case int():
            return value
        case str():
            return value[:_MAX_TEXT].rstrip("\0")
        case bytes():
            return value[:_MAX_TEXT].decode("utf-8", "replace").rstrip("\0")
        case tuple() | list():
            return [_plain(part) for part in value[:1000]]
    try:
        number = float(value)  # a fraction
    except (*DAMAGED, OverflowError):
        return str(value)[:_MAX_TEXT]
    return number if isfinite(number) else None
