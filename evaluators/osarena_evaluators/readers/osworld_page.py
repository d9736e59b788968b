"""Parts of the page in front, as OSWorld's tasks name them, from the probe `osworld_browser.page_parts`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers import json

_OTHER = "is_other_exist"


@reader
def content(
    data: bytes,
    *,
    values: Sequence[Mapping[str, Any]] = (),
    texts: Sequence[Mapping[str, Any]] = (),
    in_url: Mapping[str, str] | None = None,
    ignore_case: bool = False,
) -> dict[str, Any]:
    """What is on the page under the keys of a task.

    Each of `values` and `texts` has a `selector`, and the `field` of its elements to look at ("text", "h3", "span", "value", or
    "lines", those of the first element). Values have `keys`, the key for each number of an element or line; what is not there
    is "". Of texts it is told whether each of the `texts` is there, and under "is_other_exist" whether others are.

    With `ignore_case`, texts are in small letters, those that are not there are left out, and a part of one of them is no
    other text. `in_url` has parts of the page's address, and the key that is true where they are in it, false where not.
    """
    page = _page(data)
    found: dict[str, Any] = {}
    for one in values:
        words = _words(page["parts"], one)
        found |= {key: words[int(at)] if 0 <= int(at) < len(words) else "" for at, key in one["keys"].items()}
    told = _ignoring_case if ignore_case else _exactly
    for one in texts:
        found |= told(_words(page["parts"], one), one["texts"], is_other=found.get(_OTHER, False))
    address = str(page.get("url", "")).lower()
    for part, key in (in_url or {}).items():
        found[key.lower()] = found.get(key.lower(), False) or part.lower() in address
    return found


def _exactly(words: list[str], texts: Sequence[str], *, is_other: bool) -> dict[str, bool]:
    found = {text: text in words for text in texts if text != _OTHER}
    others = {_OTHER: is_other or any(word not in texts for word in words)}
    return found | (others if _OTHER in texts else {})


def _ignoring_case(words: list[str], texts: Sequence[str], *, is_other: bool) -> dict[str, bool]:
    there, wanted = [word.lower() for word in words], [text.lower() for text in texts]
    found = {text: True for text in wanted if text in there}
    return found | {_OTHER: is_other or any(all(word not in text for text in wanted) for word in there)}


def _page(data: bytes) -> Mapping[str, Any]:
    found = json.value(data)
    parts = found.get("parts") if isinstance(found, Mapping) else None
    if not isinstance(parts, Mapping) or not all(map(_is_part, parts.values())):
        raise EvidenceMissing("it is not what selectors find on a page")
    return dict(found)


def _is_part(found: Any) -> bool:
    return isinstance(found, list) and all(isinstance(one, Mapping) for one in found)


def _words(parts: Mapping[str, Any], one: Mapping[str, Any]) -> list[str]:
    """One of the texts of each element that has one; of `lines`, those of the first element."""
    if one["selector"] not in parts:
        raise EvidenceMissing(f"the page was not asked for {one['selector']!r}")
    texts = [element.get(one["field"]) for element in parts[one["selector"]]]
    if one["field"] == "lines":
        texts = texts[0] if texts and isinstance(texts[0], list) else []
    return [str(words) for words in texts if words is not None]
