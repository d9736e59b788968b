"""What GIMP keeps in ~/.config/GIMP/2.10: settings in gimprc and toolrc, windows in sessionrc. `xcf` reads its images."""

from __future__ import annotations

import re
from typing import Any

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers.text import text

_TOKEN = re.compile(r'\s*(?:#[^\n]*|([()])|"((?:[^"\\]|\\.)*)"|([^\s()"#]+))', re.DOTALL)
_MAX_DEPTH = 50
_MAX_BYTES = 4 << 20


@reader
def settings(data: bytes) -> dict[str, Any]:
    """The settings of a file by name: `{"undo-levels": 20, "show-tooltips": False, "default-image": [["width", 640]]}`.

    Whole numbers and fractions are numbers, yes and no are truth values, all else is text. What has several values, or lists
    in parentheses, is a list. It has what was ever changed.
    """
    if len(data) > _MAX_BYTES:
        raise EvidenceMissing(f"it has {len(data)} bytes, which is too much to look at")
    found: dict[str, Any] = {}
    for entry in _entries(text(data)):
        if not isinstance(entry, list) or not entry or not isinstance(entry[0], str):
            raise EvidenceMissing(f"it is no file of GIMP's settings: {entry!r:.100} is none")
        found[entry[0]] = entry[1] if len(entry) == 2 and not isinstance(entry[1], list) else entry[1:]
    return found


def _entries(words: str) -> list[Any]:
    """The expressions of a file, lists in lists."""
    levels: list[list[Any]] = [[]]
    at = 0
    words = words.rstrip()
    while at < len(words):
        token = _TOKEN.match(words, at)
        if token is None:
            raise EvidenceMissing("it is no file of GIMP's settings: a text in it has no end")
        at = token.end()
        bracket, quoted, word = token.groups()
        if bracket == "(" and len(levels) <= _MAX_DEPTH:
            levels.append([])
        elif bracket == ")" and len(levels) > 1:
            inner = levels.pop()
            levels[-1].append(inner)
        elif bracket:
            raise EvidenceMissing("it is no file of GIMP's settings: its parentheses do not match")
        elif quoted is not None:
            levels[-1].append(re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL))
        elif word:
            levels[-1].append(_value(word))
    if len(levels) > 1:
        raise EvidenceMissing("it is no file of GIMP's settings: its parentheses do not match")
    return levels[0]


def _value(word: str) -> Any:
    if word in ("yes", "no"):
        return word == "yes"
    if re.fullmatch(r"-?[0-9]{1,15}", word):
        return int(word)
    return float(word) if re.fullmatch(r"-?[0-9]{1,15}\.[0-9]{1,15}", word) else word
