"""Values of what OSWorld's getters fetch from Chromium: its settings and databases, addresses, parts of the page in front."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers import json, sqlite
from osarena_evaluators.readers.archives import open_archive, read_member

_PREFERENCES = ("Preferences", "Secure Preferences")
_SCHEMES = {0: "system", 1: "light", 2: "dark", "0": "system", "1": "light", "2": "dark", "default": "system"}
_FONT_SIZES = {"default_fixed_font_size": 13, "default_font_size": 16, "minimum_font_size": 13}
# Letters beyond ASCII, which the address bar shows as what they are.
_ENCODED_LETTERS = re.compile(r"(?:%[89a-fA-F][0-9a-fA-F])+")
_WEB = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")


# --- its profile ------------------------------------------------------------------------------------------------------


@reader
def setting(data: bytes, *, at: str, default: Any = None) -> Any:
    """What a file of settings ("Preferences", "Local State") has at a dotted path, or the default where it has nothing there."""
    found = _mapping(json.value(data))
    for part in at.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return default
        found = found[part]
    return found


@reader
def is_on(data: bytes, *, any_of: Sequence[str]) -> str:
    """ "true" if one of these settings is on, else "false"."""
    return _word(any(setting(data, at=at) for at in any_of))


@reader
def is_set(data: bytes, *, at: str) -> str:
    """ "true" if there is anything at a dotted path, else "false"."""
    return _word(setting(data, at=at) is not None)


@reader
def opens_new_tab(data: bytes) -> str:
    """ "true" if Chromium starts with a new tab, which it does if nothing is said of it, else "false"."""
    return _word(setting(data, at="session") is None or setting(data, at="session.restore_on_startup") == 5)


@reader
def font_sizes(data: bytes) -> dict[str, Any]:
    """The sizes of fonts by their names, `default_font_size` and others; Chromium's own where the file has none."""
    found = setting(data, at="webkit.webprefs")
    return {**_FONT_SIZES, **found} if isinstance(found, Mapping) else dict(_FONT_SIZES)


@reader
def colour_scheme(data: bytes) -> str:
    """Whether Chromium is "light", "dark" or as the "system" is, by its file "Preferences"."""
    themes = _mapping(setting(data, at="browser.theme", default={}))
    if setting(data, at="extensions.theme.system_theme", default=1) in (0, "0"):
        return "light"
    return _scheme(themes.get("color_scheme2", themes.get("color_scheme"))) or "system"


@reader
def appearance(data: bytes) -> str:
    """The same by the probe `osworld_browser.appearance`: as Chromium's settings show it, else by its file."""
    found = _mapping(json.value(data))
    shown, saved = _scheme(found.get("mode")), found.get("saved")
    return shown or (colour_scheme(saved.encode("utf-8", "replace")) if isinstance(saved, str) else "system")


@reader
def extension_paths(data: bytes) -> list[str]:
    """Where the extensions lie, from the probe `osworld_browser.preference_files`."""
    return [str(one["path"]) for one in _extensions(data) if "path" in one]


@reader
def extension_names(data: bytes) -> list[str]:
    """The names of the extensions, likewise."""
    manifests = (one.get("manifest") for one in _extensions(data))
    return [str(manifest["name"]) for manifest in manifests if isinstance(manifest, Mapping) and "name" in manifest]


@reader
def cookies(data: bytes) -> list[list[Any]]:
    """The rows of the table of cookies in the file "Cookies", with the host second."""
    return [list(record.values()) for record in sqlite.records(data, table="cookies")]


@reader
def history(data: bytes) -> list[list[Any]]:
    """Address, title and time of the last visit (microseconds since 1601) of each page in the file "History"."""
    return [list(record.values()) for record in sqlite.records(data, table="urls", columns=("url", "title", "last_visit_time"))]


# --- addresses, from the probe `browser.tabs` -------------------------------------------------------------------------


@reader
def address(data: bytes, *, prefix: str = "https://") -> str:
    """The address of the tab in front as its bar shows it, which is without "https://www.", behind a prefix."""
    found = json.value(data)
    first = found[0] if isinstance(found, list) and found else None
    url = first.get("url") if isinstance(first, Mapping) else None
    if not isinstance(url, str) or not url:
        raise EvidenceMissing("no page is open")
    if not _WEB.match(url):
        return url if _SCHEME.match(url) else prefix + url
    shown = _WEB.sub("", url, count=1)
    host, slash, rest = shown.partition("/")
    return prefix + _ENCODED_LETTERS.sub(_decoded, shown if slash and rest else host)


@reader
def url_parameters(
    data: bytes,
    *,
    parse_keys: Sequence[str],
    prefix: str = "https://",
    replace: Mapping[str, str] | None = None,
    split_list: bool = False,
) -> dict[str, Any]:
    """Some parameters behind the question mark of this address, "" for those that it lacks, under other names where replaced."""
    query = _parameters(address(data, prefix=prefix))
    names = {key: (replace or {}).get(key, key) for key in parse_keys}
    found = {name: query.get(key, [""])[0] for key, name in names.items()}
    return {name: value.split(",") for name, value in found.items()} if split_list else dict(found)


@reader
def url_part(data: bytes, *, index: int, prefix: str = "https://", without_query: bool = False, key: str = "") -> Any:
    """One of the parts between slashes of this address, by its number (from the end: -1); with a `key`, as a mapping with it."""
    parts = address(data, prefix=prefix).split("/")
    if not -len(parts) <= index < len(parts):
        raise EvidenceMissing(f"the address has {len(parts)} parts, none with the number {index}")
    part = parts[index].split("?")[0] if without_query else parts[index]
    return {key: part} if key else part


@reader
def shop_filters(data: bytes, *, parse_keys: Sequence[str], prefix: str = "https://") -> dict[str, Any]:
    """The filters in the path of an address of macys.com: `mens_clothing`, `shirts`, `short_sleeve` (true or none), and by name.

    In such a path stand names and values in two parts: "Men_regular_size_t,Sleeve_length/L,short-sleeve".
    """
    path = unquote(_path(address(data, prefix=prefix)))
    filters = _filters(path.strip("/").split("/"))
    department, sleeve = filters.get("Product_department"), filters.get("Sleeve_length")
    found: dict[str, Any] = {
        "mens_clothing": "mens-clothing" in path or None,
        "shirts": "shirts" in path or department in ("shirts", "Shirts", "Shirt") or None,
        "short_sleeve": "short-sleeve" in path or sleeve in ("short-sleeve", "Short Sleeve") or None,
    }
    filters = {"Men_regular_size_t": None, "Price_discount_range": None, **filters}
    for key in parse_keys:
        if key == "Price_discount_range":
            found[key] = _discount(filters[key] or "")
        elif key in filters:
            found[key] = filters[key]
    return found


def _filters(parts: list[str]) -> dict[str, str | None]:
    for names, values in pairwise(parts):
        if "," in names and "," in values:
            pairs = zip(names.split(","), values.split(","), strict=False)
            return {name.strip(): value.strip() or None for name, value in pairs}
    return {}


def _discount(value: str) -> str:
    """The discount in the words of the task: half the price or less, and no other."""
    half, *others = (f"{percent}_PERCENT_ off & more" for percent in (50, 30, 20))
    ranges = [one.strip() for one in value.split("|")]
    return half if half in ranges and not set(others) & set(ranges) else f"not_{half}"


# --- small things -----------------------------------------------------------------------------------------------------


def _decoded(found: re.Match[str]) -> str:
    try:
        return unquote(found[0], errors="strict")
    except UnicodeDecodeError:
        return found[0]


def _parameters(url: str) -> dict[str, list[str]]:
    try:
        return parse_qs(urlsplit(url).query)
    except ValueError as error:
        raise EvidenceMissing(f"it is no usable address: {url!r:.200}") from error


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError as error:
        raise EvidenceMissing(f"it is no usable address: {url!r:.200}") from error


def _extensions(data: bytes) -> Iterator[Mapping[str, Any]]:
    archive = open_archive(data)
    names = [name for name in _PREFERENCES if name in archive.namelist()]
    if not names:
        raise EvidenceMissing("Chromium has no file of settings")
    for name in names:
        found = setting(read_member(archive, name), at="extensions.settings", default={})
        yield from (one for one in _mapping(found).values() if isinstance(one, Mapping))


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise EvidenceMissing(f"expected a mapping, found {value!r:.80}")
    return value


def _scheme(value: Any) -> str | None:
    if isinstance(value, str):
        value = value.strip().lower()
        return value if value in ("system", "light", "dark") else _SCHEMES.get(value)
    return _SCHEMES.get(int(value)) if value in (0, 1, 2) else None


def _word(is_so: bool) -> str:
    return "true" if is_so else "false"
