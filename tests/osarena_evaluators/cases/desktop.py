"""Cases of settings, windows, processes and the accessibility tree."""

from __future__ import annotations

import json
from typing import Any

from tests.support.cases import differs, malformed, reads
from tests.support.office import LAUGHS

CHANNEL = b"""<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="false"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="opacity" type="double" value="0.5"/>
    </property>
  </property>
</channel>
"""
LISTED = (
    b"/general/theme            Default\n/general/title font       Sans 9\n"
    b"/general/empty            \n/general/list             <<UNSUPPORTED>>\n"
)
NO_XML = (malformed(b"x", "is not usable XML"), malformed(LAUGHS.encode(), "is not usable XML"))

NOTES = {"title": "Notes", "app": "Mousepad", "box": [1, 2, 3, 4], "is_focused": True, "is_minimized": False}
FILES = {"title": "Files", "app": "Thunar", "box": [0, 0, 9, 9], "is_focused": False, "is_minimized": True}
WINDOWS = json.dumps([FILES, NOTES]).encode()
SAVE: dict[str, Any] = {"role": "push button", "name": "Save", "states": ["enabled", "showing"], "text": "", "children": []}
FRAME = {
    "role": "frame",
    "name": "Notes",
    "states": ["showing"],
    "children": [{"role": "filler", "name": "", "children": [SAVE]}],
}
TREE = json.dumps([{"role": "application", "name": "Mousepad", "states": [], "children": [FRAME]}]).encode()
FOUND = {key: value for key, value in SAVE.items() if key != "children"} | {"path": ["Mousepad", "Notes", ""]}
ODD_TREE = json.dumps([{"children": [3, {"states": 7, "name": ["x"]}]}, {"children": {"a": 1}}]).encode()
NO_SCREEN = (
    malformed(b"x", "it is not what was on a screen"),
    malformed(b'{"title": "x"}', "it is not what was on a screen, which is a list of records"),
    malformed(b"[1]", "it is not what was on a screen, which is a list of records"),
)

READERS = {
    "settings.channel": [
        reads(
            CHANNEL,
            {
                "/panels": [1],
                "/panels/dark-mode": False,
                "/panels/panel-1/position": "p=6;x=0;y=0",
                "/panels/panel-1/opacity": 0.5,
            },
        ),
        differs(b'<channel><property name="a" type="int" value="-3"/></channel>', {"/a": -3}),
        malformed(b"<x/>", "it is no channel of settings: x"),
        malformed(b'<channel><property name="a" type="int" value="x"/></channel>', "a setting's value is no int: 'x'"),
        malformed(b"<channel>" + b"<property name='a'>" * 200 + b"</property>" * 200 + b"</channel>", "nested too deep"),
        *NO_XML,
    ],
    "settings.array": [
        reads(b"Value is an array with 2 items:\n\nMail\nTwo words\n", ["Mail", "Two words"]),
        reads(b"Value is an array with 2 items:\n\nMail\nTwo words\n", ["Mail"], first=1),
        differs(b"Value is an array with 1 items:\n\nMusic\n", ["Music"], first=3),
        malformed(b"Mail\n", "the setting is no array: 'Mail'"),
        malformed(b"", "the setting is no array: ''"),
    ],
    "settings.listing": [
        reads(
            LISTED,
            {
                "/general/theme": "Default",
                "/general/title font": "Sans 9",
                "/general/empty": "",
                "/general/list": "<<UNSUPPORTED>>",
            },
        ),
        differs(b"/a  1\n", {"/a": "1"}),
        malformed(b"", "it lists no settings"),
        malformed(b"\xff", "it is not text"),
    ],
    "screen.windows": [
        reads(WINDOWS, [NOTES], app="mouse"),
        reads(WINDOWS, [FILES], title="files"),
        differs(WINDOWS, [], app="gimp"),
        *NO_SCREEN,
    ],
    "screen.titles": [reads(WINDOWS, ["Files", "Notes"]), differs(WINDOWS, ["Notes"], app="mousepad"), *NO_SCREEN],
    "screen.nodes": [
        reads(TREE, [FOUND], role="push button", name="Save", states=["showing"]),
        reads(TREE, [FOUND], name="Save"),
        differs(TREE, [], name="Save", states=["checked"]),
        differs(ODD_TREE, [{"path": []}, {"states": 7, "name": ["x"], "path": [""]}, {"path": []}]),
        *NO_SCREEN,
    ],
    "screen.programs": [
        reads(b"/usr/bin/bash -l\n/usr/lib/libreoffice/program/soffice.bin --calc\n\nvlc\n", ["bash", "soffice.bin", "vlc"]),
        differs(b"ps -e\n", ["ps"]),
        malformed(b"", "it lists no processes"),
        malformed(b"\xff", "it is not text"),
    ],
}
