"""Cases of sound, and of what cameras write into pictures."""

from __future__ import annotations

import struct
from typing import Any

from PIL import Image

from tests.support.cases import differs, malformed, reads
from tests.support.pictures import picture
from tests.support.sounds import box, element, flac, matroska, mp3, mp4, track, wav

TAGGED = mp3(TIT2="Żółw", TPE1="A", TALB="B", TRCK="3/9", TDRC="2026")
NO_SOUND = (
    malformed(b"", "of none of the known formats"),
    malformed(b"<x/>", "of none of the known formats"),
    malformed(b"fLaC\x00\x00\x00\x22" + b"\0" * 9, "it is not a readable file of sound or film"),
)


def photo(**tags: Any) -> bytes:
    found = Image.Exif()
    found[315], found[274], found[305] = "Ann", 6, b"raw\0"
    found.get_ifd(0x8769).update({0x9003: "2026:02:03 04:05:06", 0x829A: 0.5})
    found.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 0.25)})
    return picture("JPEG", mode="RGB", exif=found, **tags)


PHOTO = photo()

FILM = {"kind": "video", "codec": "avc1", "duration_s": 2.5, "width": 640, "height": 360}
SOUND = bytes(8) + b"\0\2" + bytes(6) + (44_100 << 16).to_bytes(4, "big")
MP4 = mp4(track("vide", "avc1", size=(640, 360)), track("soun", "mp4a", SOUND))
MATROSKA = matroska(
    element("83", b"\1") + element("86", b"V_VP8") + element("e0", element("b0", b"\x02\x80") + element("ba", b"\x01\x68")),
    element("83", b"\2") + element("86", b"A_OPUS") + element("e1", element("b5", struct.pack(">f", 48_000))),
    seconds=element("4489", struct.pack(">d", 2500)),
)

READERS = {
    "media.properties": [
        reads(
            wav(),
            {"format": "WAVE", "mime": "audio/wav", "duration_s": 0.5, "bitrate": 128_000, "sample_rate": 8000, "channels": 1},
        ),
        reads(
            flac(),
            {"format": "FLAC", "mime": "audio/flac", "duration_s": 1.0, "bitrate": 0, "sample_rate": 8000, "channels": 2},
        ),
        differs(
            wav(seconds=2, rate=16_000),
            {"format": "WAVE", "mime": "audio/wav", "duration_s": 2.0, "bitrate": 256_000, "sample_rate": 16_000, "channels": 1},
        ),
        *NO_SOUND,
    ],
    "media.streams": [
        reads(MP4, [FILM, {"kind": "audio", "codec": "mp4a", "duration_s": 2.5, "channels": 2, "sample_rate": 44_100}]),
        reads(
            MATROSKA,
            [
                {"kind": "video", "codec": "V_VP8", "width": 640, "height": 360, "duration_s": 2.5},
                {"kind": "audio", "codec": "A_OPUS", "channels": 1, "sample_rate": 48_000, "duration_s": 2.5},
            ],
        ),
        differs(mp4(), []),
        differs(matroska(element("83", b"\x11")), [{"kind": "subtitles", "codec": "", "duration_s": None}]),
        malformed(b"", "it is no film, of none of the known formats"),
        malformed(box("ftyp", b"isom"), "it has no part 'moov'"),
        malformed(mp4(box("trak")), "it has no part 'mdia'"),
        malformed(MP4[:100], "it ends before"),
        malformed(matroska(), "it has no streams"),
        malformed(MATROSKA[:5] + b"\0", "it ends before"),
        malformed(element("1a45dfa3", b"") + b"\0", "it is a damaged file"),
    ],
    "media.tags": [
        reads(TAGGED, {"title": ["Żółw"], "artist": ["A"], "album": ["B"], "tracknumber": ["3/9"], "date": ["2026"]}),
        reads(flac("TITLE=a", "Artist=b", "artist=c"), {"title": ["a"], "artist": ["b", "c"]}),
        differs(wav(), {}),
        *NO_SOUND,
    ],
    "media.exif": [
        reads(
            PHOTO,
            {
                **{"Artist": "Ann", "Orientation": 6, "Software": "raw", "DateTimeOriginal": "2026:02:03 04:05:06"},
                **{"ExposureTime": 0.5, "GPSLatitudeRef": "N", "GPSLatitude": [51.0, 30.0, 0.25]},
            },
        ),
        differs(picture(), {}),
        malformed(b"\xff\xd8", "it is not a readable picture"),
        malformed(b"", "it is not a readable picture"),
    ],
}
