"""The accessibility tree as XML in the form in which OSWorld's desktops give it, for agents and checks made for those."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from osarena.types.tree import Node, Tree

# The prefixes and what follows "https://accessibility.<platform>.example.org/ns/" in their addresses.
_PREFIXES: Mapping[str, str] = {
    "st": "state", "attr": "attributes", "cp": "component", "doc": "document", "docattr": "document/attributes",
    "txt": "text", "val": "value", "act": "action",
}  # fmt: skip
_MORE: Mapping[str, Mapping[str, str]] = {"ubuntu": {}, "windows": {"class": "class"}, "macos": {"role": "role"}}
_ROOTS = {"ubuntu": "desktop-frame", "windows": "desktop", "macos": "desktop"}

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]")
# What toolkits put where an object stands in a text.
_PLACEHOLDERS = re.compile("[\ufffc\ufffd]")


def to_osworld_xml(tree: Tree, *, platform: str = "ubuntu") -> str:
    """The tree as OSWorld's `/accessibility` gives it.

    A tag is the role with hyphens ("push-button"), an element's text is what it holds. Attributes are `name`; "true" for each
    state (`st:showing`, `st:multi_line`); `cp:screencoord` and `cp:size` as "(x, y)" of what is visible and showing; `val:value`;
    `act:click_desc` and `act:click_kb`, empty, for each action; `attr:description`. The toolkits' own attributes (`attr:id` …),
    `val:min`, `val:max` and `val:step` are not known to our trees.

    Raises:
        ValueError: the platform is not one of ubuntu, windows and macos.
    """
    if platform not in _ROOTS:
        raise ValueError(f"trees come from {', '.join(_ROOTS)}, not from {platform!r:.40}")
    return "".join(_written(tree.root, platform))


def namespaces(platform: str = "ubuntu") -> dict[str, str]:
    """The address of each prefix."""
    parts = {**_PREFIXES, **_MORE[platform]}
    return {prefix: f"https://accessibility.{platform}.example.org/ns/{part}" for prefix, part in parts.items()}


def _written(root: Node, platform: str) -> Iterator[str]:
    declared = "".join(f" xmlns:{prefix}={quoteattr(address)}" for prefix, address in namespaces(platform).items())
    yield f"<{_ROOTS[platform]}{declared}>"
    # Trees may be deeper than functions can call each other: what is still to be written, the next one last.
    pending: list[Node | str] = [f"</{_ROOTS[platform]}>", *reversed(root.children)]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            yield item
            continue
        tag = _tag(item.role)
        yield f"<{tag}{_attributes(item)}>{escape(_clean(_PLACEHOLDERS.sub('', item.text)))}"
        pending.append(f"</{tag}>")
        pending.extend(reversed(item.children))


def _attributes(node: Node) -> str:
    values = {"name": node.name}
    if node.description:
        values["attr:description"] = node.description
    values |= dict.fromkeys(sorted(map(_state, node.states)), "true")
    if node.box is not None and {"visible", "showing"} <= node.states:
        values["cp:screencoord"] = f"({node.box.x}, {node.box.y})"
        values["cp:size"] = f"({node.box.width}, {node.box.height})"
    if node.value is not None:
        values["val:value"] = str(node.value)
    for action in node.actions:
        values |= {f"act:{_part_of_name(action)}_desc": "", f"act:{_part_of_name(action)}_kb": ""}
    return "".join(f" {name}={quoteattr(_clean(value))}" for name, value in values.items())


@lru_cache(maxsize=256)
def _tag(role: str) -> str:
    tag = _part_of_name(role.strip()) or "unknown"
    return tag if tag[0].isalpha() else f"tag{tag}"


@lru_cache(maxsize=256)
def _state(name: str) -> str:
    return "st:" + name.replace("-", "_")


@lru_cache(maxsize=1024)
def _part_of_name(text: str) -> str:
    """As much of a text as a name in XML may have, with hyphens for the rest. After a colon, a name may not start with any."""
    part = _NOT_IN_NAMES.sub("-", text)
    return part if not part[:1] or part[0].isalpha() or part[0] == "_" else f"_{part}"


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text)
