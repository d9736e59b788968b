"""An accessibility tree as the XML in which OSWorld's rules look for things."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.osworld.trees import namespaces
from osarena_evaluators.readers import json

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]")
# What toolkits put where an object stands in a text.
_PLACEHOLDERS = re.compile("[\ufffc\ufffd]")
_MAX_DEPTH = 200
_NAMESPACES = namespaces()


@reader
def xml(data: bytes) -> str:
    """The tree of the probe `osworld_apps.tree` (or `screen.tree`) as XML, in the form and with the namespaces of OSWorld.

    A tag is a role with hyphens, and has `name`, `st:showing` … for the states, `attr:id` … for the toolkit's attributes,
    `cp:screencoord` and `cp:size` of what shows, `val:value`, `act:click_desc` and `act:click_kb`; its text is the element's.
    """
    found = json.value(data)
    if not isinstance(found, list):
        raise EvidenceMissing("it is no list of a tree's applications")
    root = ElementTree.Element("desktop-frame")
    pending = [(root, child, 1) for child in found]
    for parent, node, depth in pending:  # it grows
        if isinstance(node, Mapping) and depth <= _MAX_DEPTH:
            element = _element(parent, node)
            children = node.get("children")
            pending += [(element, child, depth + 1) for child in (children if isinstance(children, list) else ())]
    for prefix, address in _NAMESPACES.items():
        ElementTree.register_namespace(prefix, address)
    return ElementTree.tostring(root, encoding="unicode")


def _element(parent: ElementTree.Element, node: Mapping[str, Any]) -> ElementTree.Element:
    role = _part_of_name(str(node.get("role") or "").strip()) or "unknown"
    element = ElementTree.SubElement(parent, role if role[0].isalpha() else f"tag{role}")
    element.set("name", _clean(node.get("name")))
    element.text = _clean(_PLACEHOLDERS.sub("", str(node.get("text") or "")))
    states = [str(state) for state in _list(node.get("states"))]
    for state in states:
        _set(element, "st", state.replace("-", "_"), "true")
    attributes = node.get("attributes")
    for name, value in attributes.items() if isinstance(attributes, Mapping) else ():
        _set(element, "attr", str(name), value)
    match node.get("box"):
        case [x, y, width, height] if {"visible", "showing"} <= set(states):
            _set(element, "cp", "screencoord", f"({x}, {y})")
            _set(element, "cp", "size", f"({width}, {height})")
    if node.get("value") is not None:
        _set(element, "val", "value", node["value"])
    for action in map(str, _list(node.get("actions"))):
        _set(element, "act", f"{action}_desc", "")
        _set(element, "act", f"{action}_kb", "")
    return element


def _set(element: ElementTree.Element, prefix: str, name: str, value: Any) -> None:
    element.set(f"{{{_NAMESPACES[prefix]}}}{_part_of_name(name) or '_'}", _clean(value))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _part_of_name(words: str) -> str:
    """As much of a text as a name in XML may have, with hyphens for the rest. It starts with a letter."""
    part = _NOT_IN_NAMES.sub("-", words)
    return part if not part or part[0].isalpha() or part[0] == "_" else f"_{part}"


def _clean(value: Any) -> str:
    return _NOT_IN_XML.sub("", "" if value is None else str(value))
