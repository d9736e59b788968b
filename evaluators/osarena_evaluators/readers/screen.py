"""What the probes `screen.windows`, `screen.tree` and `command.processes` saw."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers.text import lines

Record = dict[str, Any]

_MAX_NODES = 200_000


@reader
def windows(data: bytes, *, app: str = "", title: str = "") -> list[Record]:
    """The windows whose class and title contain these, ignoring case, bottom of the stack first.

    Each has `title`, `app`, `box` (left, top, width, height in pixels), `is_focused` and `is_minimized`.
    """
    return [window for window in _records(data) if _has(window, "app", app) and _has(window, "title", title)]


@reader
def titles(data: bytes, *, app: str = "") -> list[str]:
    """The titles of the windows whose class contains `app`, bottom of the stack first."""
    return [str(window.get("title", "")) for window in windows(data, app=app)]


@reader
def nodes(data: bytes, *, role: str = "", name: str = "", states: Sequence[str] = ()) -> list[Record]:
    """The nodes of the accessibility tree with this role, this name and at least these states, in the tree's order.

    What is not given may be anything. Each node has all that the probe tells, but for its children: `path`, the names of what
    it is inside of, takes their place.
    """
    return [
        node
        for node in _walk(_records(data))
        if (not role or node.get("role") == role)
        and (not name or node.get("name") == name)
        and set(states) <= set(map(str, _listed(node.get("states"))))
    ]


@reader
def programs(data: bytes) -> list[str]:
    """The names of the programs that run, one for each process: "soffice.bin". Their folders and parameters are left out."""
    found = [PurePosixPath(line.split()[0]).name for line in lines(data) if line.split()]
    if not found:
        raise EvidenceMissing("it lists no processes")
    return found


def _records(data: bytes) -> list[Record]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise EvidenceMissing(f"it is not what was on a screen: {error}") from error
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
        raise EvidenceMissing("it is not what was on a screen, which is a list of records")
    return found


def _has(record: Record, key: str, part: str) -> bool:
    return part.casefold() in str(record.get(key, "")).casefold()


def _walk(roots: list[Record]) -> Iterator[Record]:
    left: list[tuple[Record, tuple[str, ...]]] = [(root, ()) for root in reversed(roots)]
    for _ in range(_MAX_NODES):
        if not left:
            return
        node, path = left.pop()
        yield {key: value for key, value in node.items() if key != "children"} | {"path": list(path)}
        inside = (*path, str(node.get("name", "")))
        left += [(child, inside) for child in reversed(_listed(node.get("children"))) if isinstance(child, dict)]
    raise EvidenceMissing(f"the tree has more than {_MAX_NODES} nodes, which is too much to look at")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
