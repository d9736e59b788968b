"""Windows' clock, by the accessibility tree that the probe `screen.tree` tells of. Not verified on a live Windows."""

from __future__ import annotations

import re

from osarena.grading.model import reader
from osarena_evaluators.readers._trees import Node, children, name_of, roots, walk

_PARTS = re.compile(r"(\d{1,6})\s+(hour|minute|second)s?\b", re.IGNORECASE)
_SECONDS = {"hour": 3600, "minute": 60, "second": 1}
_FIELDS = ("entry", "combo box", "edit")


@reader
def runs_timer(data: bytes, *, hours: int = 0, minutes: int = 0, seconds: int = 0) -> str:
    """ "True" if a timer of this length is running, else "False".

    It has the length in its name ("0 hours 30 minutes 0 seconds", or without what is 0), and says there that it is running or
    has a button inside to pause it.
    """
    wanted = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    return _word(any(_length(name_of(node)) == wanted and _is_running(node) for node in walk(roots(data))))


@reader
def has_city(data: bytes, *, city: str, country: str) -> str:
    """ "True" if the world clock has a city ("Rome, Italy"), else "False". What stands in a field of text does not count."""
    wanted = re.compile(rf"(?<!\w){re.escape(city)},\s*{re.escape(country)}(?!\w)", re.IGNORECASE)
    shown = walk(roots(data), enter=lambda node: node.get("role") not in _FIELDS)
    return _word(any(wanted.search(name_of(node)) for node in shown))


def _length(name: str) -> int:
    """The seconds that a timer's name tells of, -1 where it tells of none. It may tell what is left before the whole."""
    total, smallest = -1, 0
    for number, unit in _PARTS.findall(name):
        size = _SECONDS[unit.lower()]
        starts_anew = not smallest or size >= smallest
        total = int(number) * size + (0 if starts_anew else total)
        smallest = size
    return total


def _is_running(timer: Node) -> bool:
    name = name_of(timer).casefold()
    if "running" in name:
        return "not running" not in name
    return any(name_of(node).casefold() == "timer running, pause" for node in walk(children(timer)))


def _word(is_so: bool) -> str:
    return "True" if is_so else "False"
