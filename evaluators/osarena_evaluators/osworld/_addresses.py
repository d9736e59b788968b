"""When two addresses are of the same page."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# Second-level names under a country's: "co.uk" is what "com" is elsewhere.
_COMMERCIAL = frozenset({"co", "com"})
_SECOND = _COMMERCIAL | {"org", "net", "ac", "edu", "gov", "gob", "or", "ne", "go"}
# Endings of two letters that sites take for their sound, not for a country.
_NO_COUNTRY = frozenset({"ai", "co", "fm", "gg", "io", "ly", "me", "sh", "to", "tv"})

# "localhost:8080" has none.
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://|(?:about|chrome|data|file|mailto|view-source):")

Key = tuple[str, ...]


def address_key(address: str, *, any_suffix: bool = False) -> Key:
    """What two addresses of one page have in common: scheme, host, path, query and fragment.

    The scheme is http where none is written. A host's case, its "www." and a path that is only "/" do not count. Sites send
    visitors to their own country's shop, so the endings .com, .de and .co.uk are the same, but not .org; with `any_suffix`,
    all endings are.
    """
    whole = address if _SCHEME.match(address) else f"http://{address}"
    try:
        parts = urlsplit(whole)
    except ValueError:  # an address such as "http://[a"
        return (address,)
    path = "" if parts.path == "/" else parts.path
    return parts.scheme.lower(), _site(parts.netloc.lower(), any_suffix), path, parts.query, parts.fragment


def _site(host: str, any_suffix: bool) -> str:
    """A host without "www." and with its ending in a form that is the same for all countries."""
    labels = host.removeprefix("www.").strip(".").split(".")
    if len(labels) < 2 or re.fullmatch(r"[\d:]*", labels[-1]):  # one name, or numbers
        return ".".join(labels)
    last = labels.pop()
    ending = last
    if len(last) == 2 and last.isalpha() and last not in _NO_COUNTRY:
        ending = "com"
        if len(labels) > 1 and labels[-1] in _SECOND:
            second = labels.pop()
            ending = "com" if second in _COMMERCIAL else second
    return ".".join(labels if any_suffix else [*labels, ending])
