"""What a browser shows and keeps: addresses, tabs, bookmarks, cookies, history, extensions, shortcuts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from itertools import product
from types import MappingProxyType
from typing import Any

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.metrics.operands import list_of, mapping_of, text_of
from osarena_evaluators.osworld._addresses import address_key
from osarena_evaluators.osworld._files import File, found
from osarena_evaluators.osworld._operands import given, given_texts, holds
from osarena_evaluators.osworld._rules import pattern_of, searched
from osarena_evaluators.readers.text import text

_SUFFIXES = (
    "ignores the last part of a host's name, so example.org will do for example.com; ours takes only a country's for .com."
)
DEVIATIONS: Mapping[str, str] = MappingProxyType(
    {
        "is_expected_active_tab": f"The public one {_SUFFIXES}",
        "is_expected_tabs": f"The public one lets one tab stand for several, and {_SUFFIXES}",
        "is_expected_active_tab_approximate": (
            "The public one compares the rest letter by letter, so www. or a last / matter; ours compares as for a tab."
        ),
        "is_shortcut_on_desktop": (
            "The public one takes a name or command that is a part of the expected one, so Name=M passes; ours needs the name, "
            "or a command with the expected one in it."
        ),
        "is_cookie_deleted": (
            "The public one takes amazon.com and www.amazon.com for different sites; ours counts cookies of the domain and all "
            "below it."
        ),
        "check_enabled_experiments": "The public one needs the experiments in the order of the task; ours takes any order.",
        "check_html_background_image": (
            "The public one finds one way to write the rule, in <style> alone; ours any spacing and quotes, and style attributes."
        ),
    }
)

# Names under which the Chrome Web Store has listed the same extension.
_SAME_EXTENSIONS = {"Zoom Chrome Extension": "Zoom for Google Chrome"}
_LIKED = "Liked Authors"
_MAX_PAGE = 500_000  # characters


@metric
def is_expected_active_tab(actual: Any, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if the address of the tab in front is `url`; www. and how the site's country is written do not count."""
    url, there = _expected_url(expected), _address(actual)
    is_same = address_key(url, any_suffix=published) == address_key(there, any_suffix=published)
    return holds(is_same, f"expected the page {quote(url)}, found {quote(there)}")


@metric
def is_expected_active_tab_approximate(actual: Any, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if the address of the tab in front is `url`, apart from the query behind its question mark."""
    url, there = _expected_url(expected), _address(actual)
    one, other = (re.sub(r"\?[^#]*", "", address) for address in (url, there))
    is_same = one == other if published else address_key(one) == address_key(other)
    return holds(is_same, f"expected the page {quote(url)}, found {quote(there)}")


@metric
def is_expected_url_pattern_match(actual: Any, expected: Mapping[str, Any]) -> Verdict:
    """1 if each regular expression under `expected` is found in the address of the tab in front."""
    patterns, there = [pattern_of(part) for part in given_texts(expected, "expected")], _address(actual)
    missing = [pattern.pattern for pattern in patterns if not searched(pattern, there)]
    return holds(not missing, f"expected an address that matches {quote(missing and missing[0])}, found {quote(there)}")


@metric
def is_expected_search_query(actual: Any, expected: Mapping[str, Any]) -> Verdict:
    """1 if the regular expression `expect.pattern` is found in the address of the tab in front."""
    pattern, there = pattern_of(given(given(expected, "expect"), "pattern")), _address(actual)
    return holds(searched(pattern, there), f"expected an address that matches {quote(pattern.pattern)}, found {quote(there)}")


@metric
def is_expected_tabs(actual: Any, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if just the pages under `urls` are open, in any order, each as often."""
    _require_type(expected, "url")
    urls, there = given_texts(expected, "urls"), [_address(tab) for tab in list_of(actual)]
    wanted, open_ = ([address_key(url, any_suffix=published) for url in listed] for listed in (urls, there))
    is_same = Counter(wanted) == Counter(open_)
    if published:
        is_same = len(wanted) == len(open_) and set(wanted) <= set(open_)
    return holds(is_same, f"expected the pages {quote(urls)}, found {quote(there)}")


@metric
def is_expected_bookmarks(actual: Any, expected: Mapping[str, Any]) -> Verdict:
    """1 if the bookmarks bar, or a folder on it, has just what is expected; `actual` is the roots of the file "Bookmarks".

    By `type`: "bookmark_bar_folders_names" compares the folders' `names`, "bookmark_bar_websites_urls" the `urls` on the bar,
    "liked_authors_websites_urls" those in one folder (`folder`, else "Liked Authors"), each a text or a list of alternatives.
    """
    kind = given(expected, "type", str)
    bar = _children(mapping_of(actual).get("bookmark_bar"))
    if kind == "bookmark_bar_folders_names":
        there, wanted = _fields(bar, "folder", "name"), given_texts(expected, "names")
        return holds(there == set(wanted), f"expected the folders {quote(wanted)}, found {quote(sorted(there))}")
    if kind == "bookmark_bar_websites_urls":
        there, wanted = _fields(bar, "url", "url"), given_texts(expected, "urls")
        return holds(there == set(wanted), f"expected the bookmarks {quote(wanted)}, found {quote(sorted(there))}")
    if kind != "liked_authors_websites_urls":
        raise CheckerError(f"there is no rule about bookmarks of the type {quote(kind)}")
    name = given(expected, "folder", str, default=_LIKED)
    folder = next((one for one in bar if one.get("type") == "folder" and one.get("name") == name), None)
    if folder is None:
        return Verdict(0.0, f"there is no folder {quote(name)} on the bookmarks bar")
    there = _fields(_children(folder), "url", "url")
    alternatives = [[one] if isinstance(one, str) else list(one) for one in given(expected, "urls", list)]
    return holds(_is_choice(there, alternatives), f"expected the bookmarks {quote(alternatives)}, found {quote(sorted(there))}")


@metric
def is_expected_installed_extensions(actual: Any, expected: Mapping[str, Any]) -> Verdict:
    """1 if all extensions under `expected` are among the installed ones, by their names."""
    there = {_SAME_EXTENSIONS.get(name, name) for name in map(text_of, list_of(actual))}
    missing = [name for name in given_texts(expected, "expected") if _SAME_EXTENSIONS.get(name, name) not in there]
    return holds(not missing, f"expected the extension {quote(missing and missing[0])} among {quote(sorted(there))}")


@metric
def is_cookie_deleted(actual: Any, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if no cookie is left of the `domains`; `actual` has the rows of Chrome's table, with the host second."""
    _require_type(expected, "domains")
    domains, hosts = given_texts(expected, "domains"), [_column(row, 1) for row in list_of(actual)]
    left = [host for host in hosts for domain in domains if _is_of(host, domain, published)]
    return holds(not left, f"there is still a cookie of {quote(left and left[0])}")


@metric
def check_history_deleted(actual: Any, expected: Mapping[str, Any]) -> Verdict:
    """1 if no page in the history has one of the `keywords` in its address; `actual` has rows with the address first."""
    _require_type(expected, "keywords")
    keywords, pages = given_texts(expected, "keywords"), [_column(row, 0) for row in list_of(actual)]
    left = [page for page in pages if any(keyword in page for keyword in keywords)]
    return holds(not left, f"the history still has {quote(left and left[0])}")


@metric
def check_font_size(actual: Any, expected: Mapping[str, Any]) -> Verdict:
    """1 if `default_font_size` is `value`, or with the `type` "range" between `min` and `max`, without these."""
    kind = _require_type(expected, "value", "range")
    size = mapping_of(actual).get("default_font_size")
    if not isinstance(size, int | float):
        raise EvidenceMissing(f"expected the size of a font, found {quote(size)}")
    if kind == "value":
        return holds(size == given(expected, "value"), f"expected the size {quote(expected['value'])}, found {size}")
    low, high = (given(expected, end, (int, float)) for end in ("min", "max"))
    return holds(low < size < high, f"expected a size between {low} and {high}, found {size}")


@metric
def check_enabled_experiments(actual: Any, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if just the experiments under `names` are on; each comes with its choice, as "name@1"."""
    _require_type(expected, "names")
    wanted, there = given_texts(expected, "names"), [text_of(item).split("@")[0] for item in list_of(actual)]
    is_same = there == wanted if published else set(there) == set(wanted)
    return holds(is_same, f"expected the experiments {quote(wanted)}, found {quote(there)}")


@metric
def is_shortcut_on_desktop(actual: Any, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if a shortcut on the desktop has this `name` or `exec`, by the `type`; `actual` has their texts by path."""
    kind = _require_type(expected, "name", "exec")
    wanted, key = given(expected, kind, str), kind.capitalize()
    there = [value for content in mapping_of(actual).values() for value in _entries(text_of(content), key)]
    if published:
        is_there = any(_is_part(value, wanted, any_case=kind == "name") for value in there)
    else:
        is_there = any(value == wanted if kind == "name" else wanted in value for value in there)
    return holds(is_there, f"expected a shortcut with {key}={wanted}, found {quote(there)}")


@metric
def is_added_to_steam_cart(actual: Any, expected: Mapping[str, Any]) -> Verdict:
    """1 if the `content` of the page in front has all `items` in it."""
    items, content = given_texts(expected, "items"), text_of(mapping_of(actual).get("content"))
    missing = [item for item in items if item not in content]
    return holds(not missing, f"expected {quote(missing and missing[0])} on the page")


@metric
def check_html_background_image(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if a page sets the picture at the address `value` as a background."""
    value, source = given(expected, "value", str), text(found(actual))
    styles = _styles(source)
    if published:
        rule = f"background-image: url('{value}')"
        return holds(any(rule in style for style in styles.sheets), f"expected {rule} in a style")
    address = re.compile(r"url\(\s*(['\"]?)" + re.escape(value) + r"\1\s*\)", re.IGNORECASE)
    backgrounds = [rule for style in (*styles.sheets, *styles.attributes) for rule in _backgrounds(style)]
    return holds(any(map(address.search, backgrounds)), f"expected {quote(value)} as a background")


class _Styles(HTMLParser):
    """The texts of a page's style sheets and of its elements' style attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[str] = []
        self.attributes: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element's style, and whether the text that comes is a style sheet."""
        self._inside = tag == "style"
        self.attributes += [value for name, value in attrs if name == "style" and value]

    def handle_endtag(self, tag: str) -> None:
        """What comes is no style sheet any more."""
        self._inside = False

    def handle_data(self, data: str) -> None:
        """Remember a style sheet."""
        if self._inside:
            self.sheets.append(data)


def _styles(source: str) -> _Styles:
    if len(source) > _MAX_PAGE:
        raise EvidenceMissing(f"the page has {len(source)} characters, which is too much to look at")
    styles = _Styles()
    try:
        styles.feed(source)
    except AssertionError as error:  # for "<![", which starts nothing that a page may have
        raise EvidenceMissing(f"it is not a readable page: {error}") from error
    return styles


def _backgrounds(style: str) -> list[str]:
    """The declarations of backgrounds in some text of style, without comments."""
    plain = re.sub(r"/\*.*?(?:\*/|\Z)", " ", style, flags=re.DOTALL)
    return [rule for rule in re.split(r"[;{}]", plain) if re.match(r"\s*background(?:-image)?\s*:", rule, re.IGNORECASE)]


def _require_type(rule: Any, *kinds: str) -> str:
    """The rule's type. Raises CheckerError where it is none of these."""
    kind = given(rule, "type", str)
    if kind not in kinds:
        raise CheckerError(f"the rule's type is one of {', '.join(kinds)}, not {quote(kind)}")
    return str(kind)


def _expected_url(rule: Any) -> str:
    _require_type(rule, "url")
    return str(given(rule, "url", str))


def _address(tab: Any) -> str:
    """The address of a tab, which is text or a mapping with `url`."""
    address = text_of(tab.get("url") if isinstance(tab, Mapping) else tab)
    if not address:
        raise EvidenceMissing("there is no address")
    return address


def _children(folder: Any) -> list[Mapping[str, Any]]:
    return [mapping_of(child) for child in list_of(mapping_of(folder).get("children"))]


def _fields(entries: list[Mapping[str, Any]], kind: str, field: str) -> set[str]:
    return {str(entry.get(field)) for entry in entries if entry.get("type") == kind}


def _is_choice(there: set[str], alternatives: list[list[str]]) -> bool:
    """Whether these are just one of each of the alternatives."""
    return any(set(choice) == there for choice in product(*(there & set(choices) for choices in alternatives)))


def _column(row: Any, at: int) -> str:
    """A text in a row of a table."""
    values = list_of(row)
    if len(values) <= at:
        raise EvidenceMissing(f"expected a row with more than {at} columns, found {quote(row)}")
    return text_of(values[at])


def _is_of(host: str, domain: str, published: bool) -> bool:
    """Whether a cookie's host is a domain or below it."""
    if published:
        return address_key(host, any_suffix=True) == address_key(domain, any_suffix=True)
    host, domain = (name.lower().lstrip(".") for name in (host, domain))
    return host == domain or host.endswith(f".{domain}")


def _entries(content: str, key: str) -> Iterator[str]:
    """The values of a key in the text of a shortcut."""
    for line in content.splitlines():
        name, separator, value = line.partition("=")
        if separator and name.strip() == key:
            yield value.strip()


def _is_part(value: str, wanted: str, *, any_case: bool) -> bool:
    """Whether one of two texts is in the other."""
    one, other = (value.lower(), wanted.lower()) if any_case else (value, wanted)
    return one in other or other in one
