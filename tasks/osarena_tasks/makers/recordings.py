"""Sound recordings with titles and albums in them, and a list of some that is to be made."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import Any
from urllib.parse import quote

from osarena.tasks.model import maker

_ALBUMS = ("Winter Songs", "Winter Dances", "Summer Songs", "Summer Dances", "River Songs", "River Dances", "Night Dances")
_ARTISTS = ("Trio Vesna", "Duo Marin", "Quartet Alba", "Ensemble Nord")
_TITLES = (
    "Harbour", "Night Train", "Slow River", "Lanterns", "First Snow", "Market Day", "Two Bridges", "The Mill", "Late Light",
    "Swallows", "Old Road", "Paper Boats",
)  # fmt: skip
_FOLDERS = ("Concert", "Recordings", "Summer tour", "Studio")
_LISTS = ("interval", "break", "waiting room")
_RATE_HZ = 8000
# Middle of the scale of unsigned 8-bit samples, and how far the tone swings from it.
_SILENCE, _SWING = 128, 40


@dataclass(frozen=True, slots=True)
class _Recording:
    title: str
    album: str
    seconds: int


@maker
def session(rng: Random) -> Mapping[str, Any]:
    """Nine recordings named by number alone: four of one album, an opening piece of another, and others much like them.

    Returns:
        What is found: `folder` and `files` (name to bytes, wav). What is asked for: `album`, whose recordings are wanted,
        `opening` and `opening_album`, the one to begin with, and `list_name`. For plays: `count`, how many recordings there
        are. What must be there in the end: `tracks`, the list's paths in order, as records, and `digests` of the recordings.
        For counterexamples: `as_xspf` and `as_m3u`, the right list in two formats, and `last`, the last one's file name.
    """
    recordings = _draw_recordings(rng)
    numbers = rng.sample(range(1, 60), len(recordings))
    names = [f"rec-{number:03}.wav" for number in sorted(numbers)]
    rng.shuffle(names)
    name_of = dict(zip(recordings, names, strict=True))
    opening, wanted = recordings[0], recordings[1:5]
    in_order = [opening, *sorted(wanted, key=lambda recording: recording.seconds)]
    folder = rng.choice(_FOLDERS)
    paths = [f"/home/user/Music/{folder}/{name_of[recording]}" for recording in in_order]
    artist = rng.choice(_ARTISTS)
    files = {name: _wav(recording, artist=artist, pitch_hz=rng.randrange(220, 880, 20)) for recording, name in name_of.items()}
    return {
        "folder": folder,
        "files": files,
        "count": len(files),
        "album": wanted[0].album,
        "opening": opening.title,
        "opening_album": opening.album,
        "list_name": f"{rng.choice(_LISTS)}.xspf",
        "tracks": [{"location": path} for path in paths],
        "digests": {name: sha256(data).hexdigest() for name, data in files.items()},
        "as_xspf": _xspf(paths),
        "as_m3u": "#EXTM3U\n" + "".join(f"{path}\n" for path in paths),
        "last": name_of[in_order[-1]],
    }


def _xspf(paths: Sequence[str]) -> str:
    tracks = "".join(f"<track><location>file://{quote(path)}</location></track>" for path in paths)
    return (
        f'<?xml version="1.0"?>\n<playlist xmlns="http://xspf.org/ns/0/" version="1"><trackList>{tracks}</trackList></playlist>\n'
    )


def _draw_recordings(rng: Random) -> list[_Recording]:
    """The opening first, then the four wanted ones, then a namesake of the opening, and three by others."""
    album, opening_album, *others = rng.sample(_ALBUMS, 4)
    opening, *titles = rng.sample(_TITLES, 8)
    seconds = rng.sample(range(20, 95, 3), 9)
    if seconds[0] < min(seconds[1:5]):  # sorting alone must not bring it to the front
        seconds[0], seconds[1] = seconds[1], seconds[0]
    albums = [opening_album, *[album] * 4, others[0], opening_album, others[0], others[1]]
    pieces = [opening, *titles[:4], opening, *titles[4:]]
    return [_Recording(*piece) for piece in zip(pieces, albums, seconds, strict=True)]


def _wav(recording: _Recording, *, artist: str, pitch_hz: int) -> bytes:
    """A tone of this pitch, one channel of 8 bits, with title, album and artist where players look for them."""
    period = [_SILENCE + round(_SWING * math.sin(2 * math.pi * step * pitch_hz / _RATE_HZ)) for step in range(_RATE_HZ)]
    sound = bytes(period) * recording.seconds
    form = struct.pack("<HHIIHH", 1, 1, _RATE_HZ, _RATE_HZ, 1, 8)
    words = (
        b"INFO"
        + _chunk(b"INAM", _text(recording.title))
        + _chunk(b"IPRD", _text(recording.album))
        + _chunk(b"IART", _text(artist))
    )
    return _chunk(b"RIFF", b"WAVE" + _chunk(b"fmt ", form) + _chunk(b"LIST", words) + _chunk(b"data", sound))


def _text(words: str) -> bytes:
    return words.encode("ascii") + b"\0"


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
