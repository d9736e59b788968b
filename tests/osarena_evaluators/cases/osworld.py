"""Cases of what OSWorld's getters fetch from the desktop: files, output, folders, terminals, trees, slides, relative days."""

from __future__ import annotations

import json
from typing import Any

from tests.support.cases import differs, lacks, malformed, reads
from tests.support.office import archive, workbook

FILES = archive({"0": b"one", "2": b"three"})
NO_ARCHIVE = malformed(b"PK", "it is not a readable archive")


def done(stdout: str, stderr: str = "", exit_code: int | None = 0) -> bytes:
    return json.dumps({"exit_code": exit_code, "stdout": stdout, "stderr": stderr}).encode()


SAID = done("ünd\n", "no such thing\n", 1)
LATE = done("half", "", None)
NO_OUTPUT = (malformed(b"[]", "it is not what a program did"), malformed(b"{", "it is not JSON"))
NO_FILE = lacks(b"null", "the program that makes the file is not there")


def entry(path: str, kind: str = "file") -> dict[str, Any]:
    return {"path": path, "kind": kind, "size": 1, "mtime": 1.0, "mode": 0o644}


LISTING = json.dumps([entry("a b", "folder"), entry("a b/c.jpg"), entry("a!.jpg"), entry("z", "link")]).encode()
TREE = {
    "type": "directory",
    "name": "photos",
    "children": [
        {"type": "directory", "name": "a b", "children": [{"type": "file", "name": "c.jpg"}]},
        {"type": "file", "name": "a!.jpg"},
        {"type": "file", "name": "z"},
    ],
}


def node(role: str, *children: Any, **fields: Any) -> dict[str, Any]:
    return {"role": role, "name": "", "text": "", "states": [], "value": None, "box": None, "children": list(children), **fields}


SHELL = node("terminal", text="$ ls\na b  \n", states=["showing"])
OTHER = node("terminal", text="$ top", states=["showing"])
TERMINALS = json.dumps([node("application", node("frame", OTHER), node("frame", SHELL, states=["active"]))]).encode()
IDLE = json.dumps([node("application", node("frame", OTHER), node("frame", node("terminal", text="hidden")))]).encode()

BUTTON = node(
    "push button", name="Sa\x00ve", text="S\ufffcave", states=["showing", "visible", "has-tooltip"], value=1.5, box=[1, 2, 3, 4],
    attributes={"id": "save", "x:y z": "<1>"}, actions=["click", "2 do"],
)  # fmt: skip
XML = (
    '<desktop-frame xmlns:act="https://accessibility.ubuntu.example.org/ns/action" xmlns:attr="https://accessibility.ubuntu.'
    'example.org/ns/attributes" xmlns:cp="https://accessibility.ubuntu.example.org/ns/component" xmlns:st="https://accessibility.'
    'ubuntu.example.org/ns/state" xmlns:val="https://accessibility.ubuntu.example.org/ns/value"><application name="Notes">'
    '<push-button name="Save" st:showing="true" st:visible="true" st:has_tooltip="true" attr:id="save" attr:x-y-z="&lt;1&gt;" '
    'cp:screencoord="(1, 2)" cp:size="(3, 4)" val:value="1.5" act:click_desc="" act:click_kb="" act:_2-do_desc="" '
    'act:_2-do_kb="">Save</push-button></application></desktop-frame>'
)

BOOK = workbook({"Log": [["Day", "Hours", "Rate", "Note"], [1, 2, 1.5, "x"], [2, None, 2, "y"]]})
NUMBERS = workbook({"Log": [["Day", "Rate"], [1, 1.5], [2, 2]]})

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PRESENTATION = "http://schemas.openxmlformats.org/presentationml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def relations(*entries: tuple[str, str, str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="{i}" Type="{RELATIONS}/{kind}" Target="{target}" {more}/>' for i, kind, target, more in entries
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def slide(picture: str) -> str:
    fill = f'<p:bg><p:bgPr><a:blipFill><a:blip r:embed="{picture}"/></a:blipFill></p:bgPr></p:bg>' if picture else ""
    return f'<p:sld xmlns:p="{PRESENTATION}" xmlns:a="{DRAWING}" xmlns:r="{RELATIONS}"><p:cSld>{fill}</p:cSld></p:sld>'


# The first slide of the presentation is not the one with the first number in its name.
SLIDES = archive(
    {
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{PRESENTATION}" xmlns:r="{RELATIONS}"><p:sldIdLst>'
        '<p:sldId id="1" r:id="b"/><p:sldId id="2" r:id="a"/></p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations(
            ("a", "slide", "slides/slide1.xml", ""), ("b", "slide", "slides/slide2.xml", "")
        ),
        "ppt/slides/slide1.xml": slide(""),
        "ppt/slides/slide2.xml": slide("p"),
        "ppt/slides/_rels/slide1.xml.rels": relations(("m", "audio", "file:///home/user/a%20b.mp3", 'TargetMode="External"')),
        "ppt/slides/_rels/slide2.xml.rels": relations(("p", "image", "../media/i.png", ""), ("m", "audio", "../media/s.mp3", "")),
        "ppt/media/i.png": b"picture",
        "ppt/media/s.mp3": b"sound",
    }
)
PACKED = archive({"main": SLIDES, "/home/user/a b.mp3": b"other sound"})
NO_SLIDES = (
    malformed(PACKED, "there is no slide 3, the presentation has 2", index=2),
    malformed(b"x", "readable archive", index=0),
)

WEDNESDAY = b"2026-04-29T23:30:00+0000\n"


def about(start: str, end: str = "", **more: Any) -> dict[str, Any]:
    return {"relativeTime": {"from": start, **({"to": end} if end else {})}, **more}


def days(start: str, end: str = "", *, now: bytes = WEDNESDAY, **more: Any) -> tuple[dict[str, Any], bytes]:
    return about(
        start, end, expected={"from": "{Year}-{Month0D}-{Day0D}", "to": "{Year}-{Month0D}-{Day0D}", "city": "Rome"}, **more
    ), now


def dated(first: str, last: str, start: str, end: str = "", *, now: bytes = WEDNESDAY, **more: Any) -> Any:
    rules, data = days(start, end, now=now, **more)
    return reads(data, {**rules, "expected": {"from": first, "to": last, "city": "Rome"}}, rules=rules)


ALL_TOKENS = "{DoW} {Month} {MonthFull} {month} {MonthD} {Month0D} {DayD} {Day0D} {Year} {Else}"
TOKENS = about("this month", expected={"time": ["x", ALL_TOKENS], "n": 3}, expect_in_result=True)
SPLIT = about("next Monday split", "next Friday split", expected={"puDay": "{DayD}", "doDay": "{DayD}", "doMonth": "{MonthD}"})

READERS = {
    "osworld.file": [reads(FILES, b"one"), differs(archive({}), None), NO_ARCHIVE],
    "osworld.files": [
        reads(FILES, [b"one", None, b"three"], count=3),
        differs(archive({}), [None, None], count=2),
        malformed(b"PK", "it is not a readable archive", count=1),
    ],
    "osworld.output": [reads(SAID, "ünd\n"), differs(b"null", None), differs(LATE, None), *NO_OUTPUT],
    "osworld.errors": [reads(SAID, "no such thing\n"), differs(b"null", None), *NO_OUTPUT],
    "osworld.output_file": [reads(SAID, "ünd\n".encode()), differs(done(""), b""), NO_FILE, *NO_OUTPUT],
    "osworld.errors_file": [reads(SAID, b"no such thing\n"), differs(done(""), b""), NO_FILE, *NO_OUTPUT],
    "osworld.directory_tree": [
        reads(LISTING, TREE, name="photos"),
        differs(b"[]", {"type": "directory", "name": "x", "children": []}, name="x"),
        malformed(json.dumps([entry("a/b")]).encode(), "but not the folder that it is in", name="x"),
        malformed(b"{}", "it is not what is in a folder", name="x"),
    ],
    "osworld.terminal_text": [
        reads(TERMINALS, "$ ls\na b"),
        differs(IDLE, "$ top"),
        differs(b"[]", None),
        malformed(b"{}", "it is no list of a tree's applications"),
    ],
    "osworld.commonest_line": [
        reads(b"vlc.desktop\nmpv.desktop\n\nvlc.desktop\n", "vlc.desktop"),
        differs(b"\n", "unknown"),
        malformed(b"\xff", "it is not text"),
    ],
    "osworld.last_row": [
        reads(BOOK, ["2", "nan", "2.0", "y"]),
        reads(NUMBERS, ["2.0", "2.0"]),
        lacks(workbook({"Log": [["Day"]]}), "there is no row below the header"),
        malformed(b"x", "it is not a readable archive"),
    ],
    "osworld.column": [
        reads(b"a,b,City\n1,2,Rome\n3\n", ["Rome", ""], index=2),
        differs(b"a,b,c\n", [], index=2),
        malformed(b"\xff", "it is not text", index=0),
    ],
    "osworld_tree.xml": [
        reads(json.dumps([node("application", BUTTON, name="Notes")]).encode(), XML),
        differs(b"[]", "<desktop-frame />"),
        malformed(b"{}", "it is no list of a tree's applications"),
    ],
    "osworld_slides.audio": [
        reads(PACKED, b"sound", index=0),
        differs(PACKED, b"other sound", index=1),
        lacks(archive({"main": SLIDES}), "refers to 'file:///home/user/a%20b.mp3', which is not there", index=1),
        *NO_SLIDES,
    ],
    "osworld_slides.background": [
        reads(PACKED, b"picture", index=0),
        lacks(PACKED, "slide 2 has no picture as its background", index=1),
        *NO_SLIDES,
    ],
    "osworld_dates.rules": [
        reads(
            WEDNESDAY, TOKENS | {"expected": {"time": ["x", "Wed Apr April april 4 04 29 29 2026 {Else}"], "n": 3}}, rules=TOKENS
        ),
        reads(WEDNESDAY, SPLIT | {"expected": {"puDay": "4", "doDay": "8", "doMonth": "5"}}, rules=SPLIT),
        dated("2026-04-30", "2026-04-30", "tomorrow"),
        dated("2026-05-01", "2026-05-01", "tomorrow", timezone="Europe/Zurich"),
        dated("2026-05-10", "2026-05-11", "10th next month", "11th next month"),
        dated("2027-01-05", "2027-01-05", "5th next month", now=b"2026-12-31T12:00:00+0000"),
        dated("2026-05-02", "2026-05-03", "this Saturday", "this Sunday"),
        dated("2026-05-01", "2026-05-03", "next Friday", "next Sunday"),
        dated("2026-05-04", "2026-05-08", "next Monday", "next Friday"),
        dated("2026-05-08", "2026-05-10", "next week Friday", "next week Sunday"),
        dated("2026-05-08", "2026-05-08", "next Friday", now=b"2026-05-01T12:00:00+0000"),
        dated("2026-05-10", "2026-05-10", "next Sunday", now=b"2026-05-03T12:00:00+0000"),
        dated("2026-12-07", "2026-12-07", "first monday eight months later"),  # the public one knows no month 0
        dated("2026-12-07", "2026-12-07", "first monday four months later", now=b"2026-08-31T12:00:00+0000"),
        differs(WEDNESDAY, about("tomorrow", expected={}), rules=about("tomorrow", expected={})),
        lacks(b"9999-12-31T12:00:00+0000", "there is no 'tomorrow' on 9999-12-31", rules=about("tomorrow", expected={})),
        malformed(b"2026-04-29T23:30:00", "it has no time zone", rules=TOKENS),
        malformed(b"soon", "it is not a time", rules=TOKENS),
    ],
}
