"""JSON."""

from __future__ import annotations

from json import loads
from typing import Any

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader


@reader
def value(data: bytes, *, path: str = "", at: str = "") -> Any:
    """The value, or the part of it at a dotted path such as "orders.-1.lines" (numbers count items, also from the end).

    `at` says the same as `path`, which with the probe `file` would be the file's.

    Raises:
        EvidenceMissing: it is not JSON, or has nothing at the path.
    """
    try:
        found = loads(data)
    except (ValueError, RecursionError) as error:
        raise EvidenceMissing(f"it is not JSON: {error}") from error
    place = at or path
    for part in place.split(".") if place else ():
        found = _below(found, part, place)
    return found


def _below(found: Any, part: str, place: str) -> Any:
    if isinstance(found, dict) and part in found:
        return found[part]
    if isinstance(found, list) and part.removeprefix("-").isdecimal() and -len(found) <= int(part) < len(found):
        return found[int(part)]
    raise EvidenceMissing(f"there is nothing at {place!r}: no {part!r}")
