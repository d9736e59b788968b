"""Values of what OSWorld's getters fetch from the desktop, in the form in which they give them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers import csv, json, office
from osarena_evaluators.readers.archives import open_archive, read_member
from osarena_evaluators.readers.text import text

Record = dict[str, Any]

_MAX_DEPTH = 200


class DesktopFile(bytes):
    """A file of the desktop. What is wrong with it is the agent's doing, also where the task compares *with* it."""


@reader
def file(data: bytes) -> DesktopFile | None:
    """The one file that the probe `osworld.files` was asked for; `None` where there is none."""
    (found,) = files(data, count=1)
    return None if found is None else DesktopFile(found)


@reader
def files(data: bytes, *, count: int) -> list[bytes | None]:
    """So many files that the probe `osworld.files` was asked for, each `None` where it is not there."""
    archive = open_archive(data)
    names = set(archive.namelist())
    return [read_member(archive, str(number)) if str(number) in names else None for number in range(count)]


@reader
def output(data: bytes) -> str | None:
    """What a program wrote, from the probe `osworld.command`; `None` where there is none, or it did not end."""
    return _stream(data, "stdout")


@reader
def errors(data: bytes) -> str | None:
    """What a program wrote as its errors, likewise."""
    return _stream(data, "stderr")


@reader
def output_file(data: bytes) -> bytes:
    """What a program wrote as a file. Raises EvidenceMissing where there is no such program, or it did not end."""
    return _as_file(output(data))


@reader
def errors_file(data: bytes) -> bytes:
    """What a program wrote as its errors, as a file, likewise."""
    return _as_file(errors(data))


@reader
def directory_tree(data: bytes, *, name: str) -> Record:
    """A folder from the probe `folder.listing`: `{"type": "directory", "name": "Photos", "children": […]}`."""
    root: Record = {"type": "directory", "name": name, "children": []}
    folders = {"": root}
    for entry in _entries(data):
        parent, _, last = str(entry.get("path", "")).rpartition("/")
        if parent not in folders or not last:
            raise EvidenceMissing(f"it lists {entry.get('path')!r}, but not the folder that it is in")
        node: Record = {"type": "file", "name": last}
        if entry.get("kind") == "folder":
            node = folders[str(entry["path"])] = {"type": "directory", "name": last, "children": []}
        folders[parent]["children"].append(node)
    return root


@reader
def terminal_text(data: bytes) -> str | None:
    """What the terminal shows that is in front, from the probe `screen.tree`; `None` where there is none.

    Where no window with a terminal is active, it is what all of them show.
    """
    found = json.value(data)
    if not isinstance(found, list):
        raise EvidenceMissing("it is no list of a tree's applications")
    terminals = [shown for node in found for shown in _terminals(node, is_active=False, depth=0)]
    active = [words for words, is_active in terminals if is_active]
    shown = active or [words for words, _ in terminals]
    return "\n".join(words.rstrip() for words in shown) if shown else None


@reader
def commonest_line(data: bytes) -> str:
    """The line that is there most often, "unknown" where there is none."""
    counted = Counter(line.strip() for line in text(data).splitlines() if line.strip())
    return counted.most_common(1)[0][0] if counted else "unknown"


@reader
def last_row(data: bytes) -> list[str]:
    """The last row of a workbook's first sheet, below its header, as pandas writes it: "nan" where a cell is empty.

    Raises:
        EvidenceMissing: it is no workbook, or has no row below its header.
    """
    header, *rows = office.sheet(data) or [[]]
    if not rows:
        raise EvidenceMissing("there is no row below the header")
    width = max(map(len, (header, *rows)))
    columns = [[row[at] if at < len(row) else None for row in rows] for at in range(width)]
    are_numbers = [all(map(_is_number, column)) for column in columns]
    are_whole = [all(isinstance(value, int) for value in column) for column in columns]
    # A row of nothing but numbers is one of floats where any of its columns is.
    is_float = all(are_numbers) and not all(are_whole)
    return [
        _as_pandas(column[-1], is_float=is_numbers and (is_float or not is_whole))
        for column, is_numbers, is_whole in zip(columns, are_numbers, are_whole, strict=True)
    ]


@reader
def column(data: bytes, *, index: int) -> list[str]:
    """One column of a CSV file, by its number from 0, without its header; rows that are too short count as empty."""
    return [str(row[index]) if index < len(row) else "" for row in csv.rows(data)[1:]]


def _stream(data: bytes, name: str) -> str | None:
    found = json.value(data)
    if found is None:
        return None
    if not isinstance(found, Mapping) or not isinstance(found.get(name), str):
        raise EvidenceMissing(f"it is not what a program did: it has no {name}")
    return str(found[name]) if found.get("exit_code") is not None else None


def _as_file(words: str | None) -> bytes:
    if words is None:
        raise EvidenceMissing("the program that makes the file is not there, or did not end")
    return words.encode("utf-8", "replace")


def _entries(data: bytes) -> Sequence[Mapping[str, Any]]:
    """The entries of a listing, folders before what is in them."""
    found = json.value(data)
    if not isinstance(found, list) or not all(isinstance(entry, Mapping) for entry in found):
        raise EvidenceMissing("it is not what is in a folder")
    return sorted(found, key=lambda entry: str(entry.get("path", "")).split("/"))


def _terminals(node: Any, *, is_active: bool, depth: int) -> Iterator[tuple[str, bool]]:
    """The texts of the terminals that show below a node, and whether they are in an active window."""
    if not isinstance(node, Mapping) or depth > _MAX_DEPTH:
        return
    states = node.get("states")
    known = states if isinstance(states, list) else []
    is_active = is_active or (node.get("role") in ("frame", "window") and "active" in known)
    if node.get("role") == "terminal" and "showing" in known:
        yield str(node.get("text") or ""), is_active
    children = node.get("children")
    for child in children if isinstance(children, list) else ():
        yield from _terminals(child, is_active=is_active, depth=depth + 1)


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _as_pandas(value: Any, *, is_float: bool) -> str:
    if value is None:
        return "nan"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return str(float(value)) if is_float else str(value)
