"""Cases of what is read from the screen and the folders of a desktop with Windows: Explorer, clock, Paint, tags, archives."""

from __future__ import annotations

import io
import json
import struct
from binascii import crc32
from typing import Any

from PIL import Image, ImageDraw

from tests.support.cases import ReaderCase, differs, lacks, malformed, reads
from tests.support.windows import zipped


def packed(value: Any) -> bytes:
    return json.dumps(value).encode()


def node(name: str = "", role: str = "pane", *children: dict[str, Any]) -> dict[str, Any]:
    return {"role": role, "name": name, "states": [], "children": list(children)}


def entry(path: str, kind: str = "file", mtime: float = 0.0) -> dict[str, Any]:
    return {"path": path, "kind": kind, "size": 1, "mtime": mtime, "mode": 0o644}


# --- folders

PICTURES = [entry("a.png"), entry("B.PNG"), entry("c.jpg"), entry("sub", "folder"), entry("sub/d.png"), entry("png_files.txt")]


def gathered(*folders: Any, files: Any = ()) -> bytes:
    return packed({"folders": list(folders), "files": list(files)})


LIBRARY = (
    '<?xml version="1.0" encoding="UTF-8"?><libraryDescription xmlns="http://schemas.microsoft.com/windows/2009/library">'
    "<name>Arena</name><searchConnectorDescriptionList>{}</searchConnectorDescriptionList></libraryDescription>"
)
CONNECTOR = "<searchConnectorDescription><simpleLocation><url>{}</url></simpleLocation></searchConnectorDescription>"


def library(*folders: str) -> bytes:
    return LIBRARY.format("".join(map(CONNECTOR.format, folders))).encode()


# --- the Explorer's windows


def explorer(*items: str, header: bool = True, title: str = "Reports - File Explorer", role: str = "list item") -> dict[str, Any]:
    inside = [node("Header", "header")] if header else []
    return node(
        title,
        "window",
        node("Shell Folder View", "pane", node("Items View", "list", *inside, *(node(one, role) for one in items))),
    )


ENTRIES = [
    entry("old.txt", mtime=10.0),
    entry("new.txt", mtime=30.0),
    entry("mid.docx", mtime=20.9),
    entry("work", "folder", 5.0),
]
REPORTS = "C:\\Users\\Docker\\Documents\\Reports"


def shown(*windows: dict[str, Any], entries: Any = ENTRIES) -> bytes:
    return packed({"tree": [node("explorer", "application", *windows)], "entries": entries})


NOT_SHOWN = (
    malformed(b"[]", "which is an object", shown=REPORTS),
    malformed(b'{"tree": 3, "entries": []}', "it is no accessibility tree", shown=REPORTS),
    lacks(shown(), "no window of the File Explorer shows", shown=REPORTS),
    lacks(shown(explorer("a", title="Music")), "no window of the File Explorer shows", shown=REPORTS),
)

# --- the clock

PAUSE = node("Timer running, Pause", "push button")
HALF = {"hours": 0, "minutes": 30, "seconds": 0}
ROME = {"city": "Rome", "country": "Italy"}


def screen(*nodes: dict[str, Any]) -> bytes:
    return packed([node("Clock", "application", *nodes)])


NO_TREE = (malformed(b"{", "it is no accessibility tree", **HALF), malformed(b'["x"]', "it is no accessibility tree", **HALF))

# --- pictures


def drawn(
    shape: str, colour: str = "#ed1c24", *, box: tuple[int, int, int, int] = (200, 100, 300, 200), fill: bool = False
) -> bytes:
    image = Image.new("RGB", (640, 480), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((20, 20, 40, 40), fill="#ed1c24")  # a button for a colour
    getattr(draw, shape)(box, **({"fill": colour} if fill else {"outline": colour, "width": 4}))
    return png(image)


def png(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def half_ring() -> bytes:
    image = Image.new("RGB", (640, 480), "white")
    ImageDraw.Draw(image).arc((200, 100, 300, 200), 0, 180, fill="red", width=4)
    return png(image)


def tagged(words: str = "", *, subjects: tuple[str, ...] = (), format: str = "JPEG") -> bytes:  # noqa: A002
    image, data = Image.new("RGB", (4, 4)), io.BytesIO()
    exif = Image.Exif()
    if words:
        exif[0x9C9E] = (words + "\0").encode("utf-16-le")
    items = "".join(f"<rdf:li>{one}</rdf:li>" for one in subjects)
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag>{items}</rdf:Bag></dc:subject>'
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    image.save(data, format, exif=exif, **({"xmp": xmp.encode()} if subjects else {}))
    return data.getvalue()


# --- archives with passwords


def secret(name: str, content: bytes, password: bytes) -> bytes:
    """A zip archive with one file that is stored and enciphered as PKZIP does."""
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = table_step(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = table_step(keys[2], keys[1] >> 24)

    def table_step(key: int, byte: int) -> int:
        return (crc32(bytes([byte]), key ^ 0xFFFFFFFF) ^ 0xFFFFFFFF) & 0xFFFFFFFF

    for byte in password:
        update(byte)
    check = crc32(content)
    enciphered = bytearray()
    for byte in bytes(11) + bytes([check >> 24]) + content:
        mix = (keys[2] | 2) & 0xFFFF
        enciphered.append(byte ^ ((mix * (mix ^ 1)) >> 8 & 0xFF))
        update(byte)
    fields = (1, 0, 0, 0x21, check, len(enciphered), len(content), len(name))
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, *fields, 0) + name.encode() + enciphered
    central = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, *fields, 0, 0, 0, 0, 0, 0) + name.encode()
    return local + central + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)


MEMBER = "OldProjects/example.txt"
SECRET = secret(MEMBER, b"hello", b"12345")
ASKED = {"password": "12345", "member": MEMBER}

READERS = {
    "explorer.lists_files": [
        reads(gathered(PICTURES, files=["B.PNG\na.png\n"]), "true", ending=".png"),
        differs(gathered(PICTURES, files=["a.png\n"]), "false", ending=".png"),
        differs(gathered(PICTURES, files=[None]), "false", ending=".png"),
        malformed(b"{", "it is not what the probe says", ending=".png"),
    ],
    "explorer.are_in_archive": [
        reads(
            gathered([entry("Archive", "folder"), entry("Archive/a.docx"), entry("b.txt")]),
            "true",
            archive="Archive",
            ending=".docx",
        ),
        differs(gathered([entry("Archive/a.docx"), entry("b.docx")]), "false", archive="Archive", ending=".docx"),
        differs(gathered([entry("Archive/a.docx"), entry("Archive/b.txt")]), "false", archive="Archive", ending=".docx"),
        differs(gathered([entry("Archive", "folder")]), "false", archive="Archive", ending=".docx"),
        differs(gathered(None), "false", archive="Archive", ending=".docx"),
        malformed(b"[]", "which is an object", archive="Archive", ending=".docx"),
    ],
    "explorer.is_moved": [
        reads(gathered([], [entry("P/a.txt")]), "true", moved="P/a.txt"),
        differs(gathered([entry("P/a.txt")], [entry("P/a.txt")]), "false", moved="P/a.txt"),
        differs(gathered(None, None), "false", moved="P/a.txt"),
        malformed(gathered(3, []), "it is no listing of a folder", moved="x"),
    ],
    "explorer.contains": [
        reads(gathered(files=["about 230 days or so"]), "true", part="230 days"),
        differs(gathered(files=["23 days"]), "false", part="230 days"),
        differs(gathered(files=[None]), "false", part="230 days"),
        malformed(b"{", "it is not what the probe says", part="x"),
    ],
    "explorer.library_folders": [
        reads(library("C:\\b", "C:\\A"), ["C:\\A", "C:\\b"]),
        differs(library(), []),
        malformed(b"<x/>", "it is no library: x"),
        malformed(b"<x", "is not usable XML"),
    ],
    "explorer.title_in_front": [
        reads(packed([{"title": "a"}, {"title": "Restore", "is_focused": True}]), "Restore"),
        lacks(packed([{"title": "a"}]), "no window has the focus"),
        malformed(b"3", "which is a list of nodes"),
        malformed(b"{", "it is not what the probe says"),
    ],
    "explorer.shows_details": [
        reads(shown(explorer("a")), True, shown=REPORTS),
        differs(shown(explorer("a", header=False)), False, shown=REPORTS),
        *NOT_SHOWN,
    ],
    "explorer.is_sorted_by_time": [
        reads(shown(explorer("new.txt", "mid.docx", "old.txt", "work")), True, shown=REPORTS),
        reads(shown(explorer("work", "old", "mid", "new")), True, shown=REPORTS),
        differs(shown(explorer("mid.docx", "new.txt", "old.txt", "work")), False, shown=REPORTS),
        differs(shown(explorer("other")), False, shown=REPORTS),
        malformed(shown(explorer("a"), entries=None), "it is no listing", shown=REPORTS),
        malformed(shown(explorer("a", "b"), entries=[{"path": "a"}, {"path": "b"}]), "the time None", shown=REPORTS),
        *NOT_SHOWN,
    ],
    "clock.runs_timer": [
        reads(screen(node("0 hours 30 minutes 0 seconds", "group", PAUSE)), "True", **HALF),
        reads(screen(node("30 minutes 0 seconds", "group", node("", "pane", PAUSE))), "True", **HALF),
        reads(screen(node("Edit timer, Timer, Running, 29 minutes 59 seconds, Remaining Of, 30 minutes")), "True", **HALF),
        differs(screen(node("0 hours 30 minutes 0 seconds", "group", node("Start"))), "False", **HALF),
        differs(screen(node("1 hour 30 minutes", "group", PAUSE)), "False", **HALF),
        differs(screen(node("Edit timer, Not running, 30 minutes")), "False", **HALF),
        differs(screen(PAUSE), "False", **HALF),
        *NO_TREE,
    ],
    "clock.has_city": [
        reads(screen(node("Rome, Italy, 3:05 PM", "list item")), "True", **ROME),
        differs(screen(node("Enter a location", "entry", node("Rome, Italy"))), "False", **ROME),
        differs(screen(node("Jerome, Italy")), "False", **ROME),
        malformed(b"{", "it is no accessibility tree", **ROME),
    ],
    "paint.has_red_circle": [
        reads(drawn("ellipse"), True),
        reads(drawn("ellipse", fill=True), True),
        reads(drawn("ellipse", box=(200, 100, 280, 200)), True),
        differs(drawn("rectangle"), False),
        differs(drawn("rectangle", fill=True), False),
        differs(drawn("ellipse", "blue"), False),
        differs(drawn("ellipse", box=(100, 100, 400, 200)), False),
        differs(half_ring(), False),
        malformed(b"x", "it is not a readable picture"),
    ],
    "paint.has_size": [
        reads(drawn("ellipse"), True, width=640, height=480),
        differs(drawn("ellipse"), False, width=480, height=640),
        malformed(b"x", "it is not a readable picture", width=1, height=1),
    ],
    "tagged.tags": [
        reads(tagged("2023Vacation; sea"), ["2023Vacation", "sea"]),
        reads(tagged(subjects=("sea",)), ["sea"]),
        reads(tagged("sea", format="TIFF"), ["sea"]),
        differs(tagged(), []),
        malformed(b"x", "it is not a readable picture"),
    ],
    "tagged.all_tagged": [
        reads(zipped({"a.jpg": tagged("sea"), "b.JPEG": tagged("x;sea"), "c.png": b"", "d/e.jpg": b""}), True, tag="sea"),
        differs(zipped({"a.jpg": tagged("sea"), "b.jpg": tagged("seaside")}), False, tag="sea"),
        differs(zipped({"c.png": b""}), False, tag="sea"),
        malformed(zipped({"a.jpg": b""}), "it is not a readable picture", tag="sea"),
        malformed(b"x", "it is not a readable archive", tag="sea"),
    ],
    "tagged.has_secret_member": [
        # Not the enciphered one first: files that are right are opened, and damaged, without a password.
        reads(zipped({MEMBER: b"hello"}), "false", **ASKED),
        differs(SECRET, "true", **ASKED),
        differs(SECRET, "false", password="54321", member=MEMBER),
        differs(SECRET, "false", password="12345", member="other.txt"),
        malformed(b"x", "it is not a readable archive", **ASKED),
        ReaderCase("malformed", SECRET[:60] + b"x" + SECRET[61:], value="false", options=ASKED),
    ],
}
