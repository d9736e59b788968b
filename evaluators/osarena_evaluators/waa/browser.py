"""What Chrome and Edge keep on Windows: bookmarks, cookies, history, shortcuts, fonts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.metrics.operands import list_of, mapping_of, text_of
from osarena_evaluators.osworld import browser as osworld
from osarena_evaluators.osworld._addresses import address_key
from osarena_evaluators.osworld._operands import given, given_texts, holds
from osarena_evaluators.waa._shortcuts import Shortcut, read_shortcut

DEVIATIONS: Mapping[str, str] = MappingProxyType(
    {
        "check_history_deleted": (
            "The public one passes where the whole history is gone, or never was there; ours needs other pages to be left in it."
        ),
        "is_cookie_deleted": (
            "The public one passes where the cookies could not be read, and takes amazon.com and www.amazon.com for different "
            "sites; ours finds the evidence missing, and counts cookies of the domain and all below it."
        ),
        "is_shortcut_on_desktop": (
            "The public one does not find a task's address under `description`, and no address in a shortcut to an app of the "
            "browser; ours reads both. Of names it takes those in files of Linux alone; ours the shortcut's own."
        ),
        "is_url_shortcut_on_desktop": (
            "The public one takes any shortcut with the expected address in it, as one to a page further down; ours needs that "
            "page, where the task names a whole address."
        ),
    }
)

_BAR = {"bookmark_bar_folders_names": ("folder", "name", "names"), "bookmark_bar_websites_urls": ("url", "url", "urls")}


@metric
def is_expected_bookmarks(actual: Any, expected: Mapping[str, Any]) -> Verdict:
    """1 if the bookmarks bar has what is expected on it; `actual` is the roots of the file "Bookmarks".

    By `type`: "bookmark_bar_folders_names" and `names`, "bookmark_bar_websites_urls" and `urls`. Other bookmarks may be there
    too, unlike in OSWorld. "liked_authors_websites_urls" is as there.
    """
    kind = given(expected, "type", str)
    if kind not in _BAR:
        return osworld.is_expected_bookmarks(actual, expected)
    node, field, key = _BAR[kind]
    children = [mapping_of(child) for child in list_of(mapping_of(mapping_of(actual).get("bookmark_bar")).get("children"))]
    there = {str(child.get(field)) for child in children if child.get("type") == node}
    missing = [one for one in given_texts(expected, key) if one not in there]
    return holds(not missing, f"expected the bookmark {quote(missing and missing[0])}, found {quote(sorted(there))}")


@metric
def is_cookie_deleted(actual: Any, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if no cookie is left of the `domains`; `actual` has the rows of the browser's table, with the host second."""
    if published and not actual:
        return Verdict(1.0)
    return osworld.is_cookie_deleted(actual, expected, published=published)


@metric
def check_history_deleted(actual: Any, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if pages are left in the history, and none with one of the `keywords` in its address; rows have the address first."""
    verdict = osworld.check_history_deleted(actual, expected)
    if published or verdict.score < 1:
        return verdict
    return holds(bool(list_of(actual)), "the history is empty, where other pages should be left")


@metric
def check_edge_font_size(actual: Any, expected: Mapping[str, Any]) -> Verdict:
    """1 if `default_font_size` is `value`, or with the `type` "range" from `min` to below `max`."""
    kind = given(expected, "type", str)
    size = mapping_of(actual).get("default_font_size")
    if not isinstance(size, int | float):
        raise EvidenceMissing(f"expected the size of a font, found {quote(size)}")
    if kind == "value":
        return holds(size == given(expected, "value"), f"expected the size {quote(expected['value'])}, found {size}")
    if kind != "range":
        raise CheckerError(f'the rule\'s type is "value" or "range", not {quote(kind)}')
    low, high = (given(expected, end, (int, float)) for end in ("min", "max"))
    return holds(low <= size < high, f"expected a size from {low} to below {high}, found {size}")


@metric
def is_shortcut_on_desktop(actual: Any, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if a shortcut on the desktop has this `name`, or `description` in its own, or leads to the page `url`, by the `type`.

    `actual` has the shortcuts' texts by the names of their files: JSON with the parts of a .lnk under "data", or a .url.
    """
    kind = given(expected, "type", str)
    if kind not in ("name", "description", "url"):
        raise CheckerError(f"the rule's type is one of name, description, url, not {quote(kind)}")
    if kind == "url" and "url" not in expected and published:
        return Verdict(0.0, "the public function fails, since the rule has no url")
    wanted = given(expected, "description" if kind == "url" and "url" not in expected else kind, str)
    texts = {str(name): text_of(content) for name, content in mapping_of(actual).items()}
    if kind == "name" and published:
        return holds(any(f"Name={wanted}\n" in text for text in texts.values()), f"expected Name={wanted} in a shortcut")
    there = [read_shortcut(name, text) for name, text in texts.items()]
    is_there = any(_is_shortcut(one, kind, wanted, published) for one in there)
    return holds(is_there, f"expected a shortcut with the {kind} {quote(wanted)}, found {quote(there)}")


def _is_shortcut(shortcut: Shortcut, kind: str, wanted: str, published: bool) -> bool:
    if kind == "name":
        return shortcut.name == wanted
    if kind == "description":
        return wanted in shortcut.description
    if published:
        return bool(shortcut.address) and _is_page(shortcut.address, wanted, any_suffix=True)
    return shortcut.leads_to(wanted)


@metric
def is_url_shortcut_on_desktop(actual: Any, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if a .url on the desktop has the text `url_content`, or where that is a whole address, leads there."""
    if given(expected, "type", str) != "url":
        raise CheckerError(f'the rule\'s type is "url", not {quote(expected["type"])}')
    wanted = given(expected, "url_content", str)
    texts = {str(name): text_of(content) for name, content in mapping_of(actual).items()}
    address = wanted.strip().removeprefix("URL=")
    if published or "://" not in address:
        is_there = any(wanted in text for text in texts.values())
    else:
        is_there = any(_is_page(read_shortcut(name, text).address, address) for name, text in texts.items())
    return holds(is_there, f"expected a shortcut with {quote(wanted)}, found {quote(texts)}")


def _is_page(one: str, other: str, *, any_suffix: bool = False) -> bool:
    return address_key(one, any_suffix=any_suffix) == address_key(other, any_suffix=any_suffix)
