"""Lists of media to play: .xspf, .m3u and .m3u8, .pls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers import ini
from osarena_evaluators.readers.archives import parse_xml, qualified
from osarena_evaluators.readers.text import text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Record = dict[str, Any]

_XSPF = "http://xspf.org/ns/0/"


@reader
def tracks(data: bytes) -> list[Record]:
    """The tracks in order: `location`, `title` (or ""), `duration_s` (or `None`).

    A location that is a file's address becomes its path; another address, or a path from where the list lies, stays.
    """
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        return _xspf(data)
    if start.lower().startswith(b"[playlist]"):
        return _pls(data)
    return _m3u(text(data))


def path_of(location: str) -> str:
    """The path of a `file:` address; any other location as it is."""
    try:
        parts = urlsplit(location)
    except ValueError:
        return location
    return unquote(parts.path) if parts.scheme == "file" else location


def _xspf(data: bytes) -> list[Record]:
    root = parse_xml(data, "the playlist")
    if root.tag != qualified(_XSPF, "playlist"):
        raise EvidenceMissing(f"it is XML, but no playlist: {root.tag:.100}")
    return [_xspf_track(track) for track in root.iter(qualified(_XSPF, "track"))]


def _xspf_track(track: Element) -> Record:
    def said(name: str) -> str:
        return (track.findtext(qualified(_XSPF, name)) or "").strip()

    milliseconds = said("duration")
    seconds = int(milliseconds) / 1000 if milliseconds.isascii() and milliseconds.isdecimal() and len(milliseconds) < 16 else None
    return {"location": path_of(said("location")), "title": said("title"), "duration_s": seconds}


def _m3u(lines: str) -> list[Record]:
    found: list[Record] = []
    title, seconds = "", None
    for line in map(str.strip, lines.splitlines()):
        if line.startswith("#EXTINF:"):
            duration, _, title = line.removeprefix("#EXTINF:").partition(",")
            seconds = _seconds(duration.split(" ")[0])
        elif line and not line.startswith("#"):
            if not line.isprintable():
                raise EvidenceMissing(f"it is no playlist: {line!r:.100}")
            found.append({"location": path_of(line), "title": title.strip(), "duration_s": seconds})
            title, seconds = "", None
    return found


def _pls(data: bytes) -> list[Record]:
    entries = {key.lower(): value for section in ini.sections(data).values() for key, value in section.items()}
    numbers = sorted(
        int(key[4:]) for key in entries if key.startswith("file") and key[4:].isdecimal() and key[4:].isascii() and len(key) < 12
    )
    return [
        {
            "location": path_of(entries[f"file{number}"]),
            "title": entries.get(f"title{number}", ""),
            "duration_s": _seconds(entries.get(f"length{number}", "")),
        }
        for number in numbers
        if f"file{number}" in entries
    ]


def _seconds(words: str) -> float | None:
    """A duration in seconds; `None` where there is none, or -1, which means the same."""
    digits = words.strip()
    if not digits.replace(".", "", 1).isdecimal() or not digits.isascii() or len(digits) > 15:
        return None
    return float(digits)
