"""Attributes and permissions of files on Windows, as `attrib` and `icacls` print them (in English)."""

from __future__ import annotations

import re

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader

_ATTRIBUTES = re.compile(r"^([A-Z ]*?)\s+([A-Za-z]:[\\/].*|\\\\.*)$", re.MULTILINE)
_RIGHTS = re.compile(r"^(.*):((?:\([A-Z, ]+\))+)\s*$", re.MULTILINE)
_INHERITANCE = frozenset({"OI", "CI", "IO", "NP", "I"})
_READING = frozenset({"R", "RX", "GR", "RD"})
_WRITING = frozenset({"F", "M", "W", "D", "GA", "GW", "WD", "AD", "DC", "DE", "WA", "WEA", "WDAC", "WO"})


@reader
def is_hidden(data: bytes) -> str:
    """ "true" if the file has the attribute H, else "false"."""
    found = _ATTRIBUTES.search(_text(data))
    if found is None:
        raise EvidenceMissing(f"there is no such file: {_text(data).strip()!r:.200}")
    return "true" if "H" in found[1] else "false"


@reader
def is_read_only_for(data: bytes, *, user: str) -> bool:
    """Whether a user's own entries allow reading and nothing that changes anything.

    Like the public getter it leaves out what the user may do as a member of groups. What an entry with DENY takes away is not
    allowed.
    """
    entries = _entries(_text(data))
    if not entries:
        raise EvidenceMissing(f"it says nothing of permissions: {_text(data).strip()!r:.200}")
    own = [rights for account, rights in entries if account.casefold().endswith((f"\\{user}".casefold(), f" {user}".casefold()))]
    denied = {right for rights in own if "DENY" in rights for right in rights}
    allowed = {right for rights in own if "DENY" not in rights for right in rights} - denied
    if denied & {"W", "WD", "GW"}:
        allowed -= _WRITING - {"F", "GA"}
    return bool(allowed & _READING) and not allowed & _WRITING


def _entries(text: str) -> list[tuple[str, set[str]]]:
    """Account and rights of each entry. On the first line the file's path stands before the account."""
    return [
        (
            f" {account.strip()}",
            {right.strip() for group in re.findall(r"\(([^)]*)\)", rights) for right in group.split(",")} - _INHERITANCE,
        )
        for account, rights in _RIGHTS.findall(text)
    ]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace").replace("\r\n", "\n")
