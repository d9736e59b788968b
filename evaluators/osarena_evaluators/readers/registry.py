"""Windows' registry, by the hives that the probes `waa.hive` and `file` (NTUSER.DAT of a disk at rest) fetch."""

from __future__ import annotations

from typing import Any

from osarena.grading.model import reader
from osarena_evaluators.readers._regf import Hive, Key


@reader
def value(data: bytes, *, below: str = "", name: str = "", default: Any = None) -> Any:
    """A value of a key, `below` the hive's root ("Control Panel\\Desktop"), or the default where there is no such key or value.

    A number is a number, text is text, several texts are a list, all else bytes. Case does not count in names.
    """
    found = open_hive(data).below(below)
    content = found.value(name) if found else None
    return default if content is None else content


@reader
def values(data: bytes, *, below: str = "") -> dict[str, Any]:
    """All values of a key by their names, none where there is no such key."""
    found = open_hive(data).below(below)
    return dict(found.values()) if found else {}


@reader
def keys(data: bytes, *, below: str = "") -> list[str]:
    """The names of the keys in a key, none where there is no such key."""
    found = open_hive(data).below(below)
    return [one.name for one in found.subkeys()] if found else []


def open_hive(data: bytes) -> Key:
    """The topmost key of a hive. Raises EvidenceMissing for what is none."""
    return Hive(data).root()
