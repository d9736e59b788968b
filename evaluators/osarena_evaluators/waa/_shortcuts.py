"""What a shortcut on Windows' desktop leads to."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PureWindowsPath
from typing import Any
from urllib.parse import urlsplit

from osarena_evaluators.osworld._addresses import address_key

_APP_ID = re.compile(r"--app-id=([a-p]{32})(?![a-z])")
_APP = re.compile(r"--app=\"?([^\s\"]+)")
_ADDRESS_LINE = re.compile(r"^URL=(.*?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut: the name of its file without the ending, the page and the description that it has, and its arguments."""

    name: str
    address: str = ""
    description: str = ""
    arguments: str = ""

    def leads_to(self, address: str) -> bool:
        """Whether it opens a page: by its address, or as an app that a browser of Chromium's family has made of the page."""
        ids = set(_APP_ID.findall(self.arguments))
        if ids & {app_id(address), app_id(_other_ending(address))}:
            return True
        addresses = [self.address, *_APP.findall(self.arguments)]
        return any(address_key(one) == address_key(address) for one in addresses if one)


def read_shortcut(file_name: str, content: str) -> Shortcut:
    """The shortcut in a text: JSON with the parts of a .lnk under "data", or a .url as it is."""
    name = PureWindowsPath(file_name).stem
    data = _data(content)
    if data is None:
        line = _ADDRESS_LINE.search(content)
        return Shortcut(name, address=line[1] if line else "")
    text = {key: str(data.get(key) or "") for key in ("url", "description", "command_line_arguments")}
    return Shortcut(name, text["url"], text["description"], text["command_line_arguments"])


def app_id(address: str) -> str:
    """The id under which Chrome and Edge install the page at an address: its hash, twice over, in the letters a to p."""
    digest = sha256(sha256(address.encode("utf-8", "replace")).digest()).hexdigest()[:32]
    return "".join(chr(ord("a") + int(digit, 16)) for digit in digest)


def _data(content: str) -> Mapping[str, Any] | None:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    data = found.get("data") if isinstance(found, dict) else None
    return data if isinstance(data, dict) else {}


def _other_ending(address: str) -> str:
    """The same page with the path "/" that a browser adds, or without it."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return address
    return f"{address}/" if not path else address.removesuffix("/")
