"""Accessibility trees as the probe `screen.tree` tells of them, with what is inside of what."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from osarena.errors import EvidenceMissing

Node = dict[str, Any]

_MAX_NODES = 200_000


def roots(data: bytes) -> list[Node]:
    """The applications of a tree. Raises EvidenceMissing for what is none."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise EvidenceMissing(f"it is no accessibility tree: {error}") from error
    return nodes_in(found)


def nodes_in(found: Any) -> list[Node]:
    """The nodes in a list. Raises EvidenceMissing for anything else."""
    if not isinstance(found, list) or not all(isinstance(node, dict) for node in found):
        raise EvidenceMissing("it is no accessibility tree, which is a list of nodes")
    return found


def walk(nodes: list[Node], *, enter: Callable[[Node], bool] = lambda _: True) -> Iterator[Node]:
    """The nodes and all below them, in the tree's order; of one that is not entered, neither it nor what is in it."""
    left = list(reversed(nodes))
    for _ in range(_MAX_NODES):
        if not left:
            return
        node = left.pop()
        if enter(node):
            yield node
            left += reversed(children(node))
    raise EvidenceMissing(f"the tree has more than {_MAX_NODES} nodes, which is too much to look at")


def children(node: Node) -> list[Node]:
    """The nodes right inside of one."""
    found = node.get("children")
    return [child for child in found if isinstance(child, dict)] if isinstance(found, list) else []


def name_of(node: Node) -> str:
    """A node's name."""
    return str(node.get("name") or "")
