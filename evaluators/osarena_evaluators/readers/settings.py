"""Settings of the desktop: the files of Xfce's channels, and what xfconf-query lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers.archives import parse_xml
from osarena_evaluators.readers.text import lines

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MAX_DEPTH = 100
# Then comes an empty line, and each item on a line of its own.
_ARRAY = re.compile(r"Value is an array with \d+ items:")
_LISTED = re.compile(r"(/\S.*?)(?:\s{2,}(.*))?$")


@reader
def channel(data: bytes) -> dict[str, Any]:
    """The settings in a channel's file by property, such as "/Net/ThemeName".

    The files lie in `~/.config/xfce4/xfconf/xfce-perchannel-xml`, one for each channel: `xsettings.xml`. They have what was
    ever changed; what was not is not there. Booleans, numbers and text have their own types, arrays are lists.
    """
    root = parse_xml(data, "the channel")
    if root.tag != "channel":
        raise EvidenceMissing(f"it is no channel of settings: {root.tag:.100}")
    return dict(_properties(root, ""))


@reader
def listing(data: bytes) -> dict[str, str]:
    """The settings that the probe `command.settings` lists, by property, as text; of arrays, only that there is one."""
    found = {match[1]: match[2] or "" for line in lines(data) if (match := _LISTED.match(line))}
    if not found:
        raise EvidenceMissing("it lists no settings")
    return found


@reader
def array(data: bytes, *, first: int | None = None) -> list[str]:
    """The items of an array as the probe `command.setting` gives it, as texts; with `first`, so many of them at most."""
    heading, *items = lines(data) or [""]
    if not _ARRAY.fullmatch(heading):
        raise EvidenceMissing(f"the setting is no array: {heading!r:.100}")
    return items[1:][:first]


def _properties(parent: Element, place: str) -> Iterator[tuple[str, Any]]:
    if place.count("/") > _MAX_DEPTH:
        raise EvidenceMissing("its properties are nested too deep")
    for child in parent.iterfind("property"):
        here = f"{place}/{child.get('name', '')}"
        if child.get("type", "empty") != "empty":
            yield here, _value(child)
        yield from _properties(child, here)


def _value(element: Element) -> Any:
    kind, words = element.get("type", ""), element.get("value", "")
    try:
        match kind:
            case "array":
                return [_value(item) for item in element.iterfind("value") if item.get("type") != "array"]
            case "bool":
                return words == "true"
            case "double" | "float":
                return float(words)
            case "int" | "uint" | "int64" | "uint64" | "int16" | "uint16" | "char" | "uchar":
                return int(words)
    except ValueError as error:
        raise EvidenceMissing(f"a setting's value is no {kind}: {words!r:.100}") from error
    return words
