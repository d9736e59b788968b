"""Small files of sound and film, made by the byte, so that they are the same whatever is installed."""

from __future__ import annotations

import wave
from io import BytesIO


def wav(*, seconds: float = 0.5, rate: int = 8000) -> bytes:
    """Silence."""
    saved = BytesIO()
    with wave.open(saved, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(2 * round(seconds * rate)))
    return saved.getvalue()


def mp3(**frames: str) -> bytes:
    """Twenty frames of MPEG-1 layer 3, 128 kbit/s at 44.1 kHz, with ID3 frames such as TIT2="A title"."""
    from mutagen import id3

    tags = id3.ID3()
    for name, text in frames.items():
        tags.add(getattr(id3, name)(encoding=3, text=[text]))
    saved = BytesIO()
    if frames:
        tags.save(saved, padding=lambda info: 0)
    return saved.getvalue() + (b"\xff\xfb\x90\x64" + bytes(413)) * 20


def flac(*comments: str) -> bytes:
    """The header of a FLAC of one second at 8 kHz, with comments such as "title=A title"."""
    # Block sizes, frame sizes, then 20 bits of rate, 3 of channels - 1, 5 of depth - 1, 36 of samples; and a digest.
    numbers = (8000 << 44) | (1 << 41) | (15 << 36) | 8000
    stream = b"\x10\x00\x10\x00" + bytes(6) + numbers.to_bytes(8, "big") + bytes(16)
    listed = b"".join(_counted(comment.encode()) for comment in comments)
    said = _counted(b"test") + len(comments).to_bytes(4, "little") + listed
    return b"fLaC" + b"\x00" + len(stream).to_bytes(3, "big") + stream + b"\x84" + len(said).to_bytes(3, "big") + said


def _counted(data: bytes) -> bytes:
    return len(data).to_bytes(4, "little") + data


def box(kind: str, *parts: bytes) -> bytes:
    """A box of an MP4."""
    content = b"".join(parts)
    return (len(content) + 8).to_bytes(4, "big") + kind.encode() + content


def mp4(*tracks: bytes) -> bytes:
    """An MP4 with these tracks and nothing to play."""
    return box("ftyp", b"isom\0\0\0\0") + box("moov", *tracks) + box("mdat")


def track(kind: str, codec: str, details: bytes = b"", *, size: tuple[int, int] = (0, 0)) -> bytes:
    """A track of an MP4 of 2.5 seconds: `kind` "vide" or "soun", its codec with details, its size in pixels."""
    header = box("tkhd", bytes(76), (size[0] << 16).to_bytes(4, "big"), (size[1] << 16).to_bytes(4, "big"))
    timing = box("mdhd", bytes(12), (1000).to_bytes(4, "big"), (2500).to_bytes(4, "big"), bytes(4))
    handler = box("hdlr", bytes(8), kind.encode(), bytes(13))
    entry = box("stsd", bytes(7), b"\1", box(codec, bytes(8), details))
    return box("trak", header, box("mdia", timing, handler, box("minf", box("stbl", entry))))


def element(number: str, content: bytes) -> bytes:
    """An element of a Matroska file; its number is written in hexadecimal."""
    return bytes.fromhex(number) + (0x10000000 | len(content)).to_bytes(4, "big") + content


def matroska(*tracks: bytes, seconds: bytes = b"") -> bytes:
    """A Matroska file with these tracks and nothing to play; `seconds` is its duration element, in milliseconds."""
    body = element("1549a966", seconds) + element("1654ae6b", b"".join(element("ae", track) for track in tracks))
    # As in a file that was streamed, the segment does not say how long it is.
    return element("1a45dfa3", b"") + bytes.fromhex("18538067" + "01ffffffffffffff") + body
