"""Settings of Chrome and Edge on Windows, by their files of preferences, as WindowsAgentArena's getters tell of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers import json

_PROVIDER = "default_search_provider"


@reader
def is_on(data: bytes, *, at: str, wanted: Any = True) -> float:
    """1.0 if the preference at a dotted path is this, else 0.0."""
    return float(_is(data, at, wanted))


@reader
def is_value(data: bytes, *, at: str, wanted: Any) -> str:
    """ "true" if the preference at a dotted path is this, else "false"."""
    return "true" if _is(data, at, wanted) else "false"


@reader
def with_defaults(data: bytes, *, at: str, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The preferences below a dotted path by their names, and the browser's own where the file has none."""
    found = _at(data, at)
    return {**defaults, **(found if isinstance(found, dict) else {})}


@reader
def search_engine(data: bytes, *, names: Mapping[str, str], ids: Sequence[str], default: str) -> str:
    """The name of the search engine: by its id under one of these preferences, else as the file has it."""
    found = (names.get(str(_at(data, f"{_PROVIDER}.{one}"))) for one in ids)
    known = next((name for name in found if name), None)
    return str(known or _at(data, f"{_PROVIDER}_data.template_url_data.short_name") or default)


def _is(data: bytes, at: str, wanted: Any) -> bool:
    found = _at(data, at)
    return type(found) is type(wanted) and bool(found == wanted)


def _at(data: bytes, place: str) -> Any:
    """What is at a dotted path, `None` where nothing is."""
    found = json.value(data)
    if not isinstance(found, dict):
        raise EvidenceMissing("it is no file of preferences")
    for part in place.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found
