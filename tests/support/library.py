"""The tables in evaluators/README.md that code is the source of: what they should be, and a program that writes them.

One is of all probes, readers and metrics; the others of what is different in OSWorld's metrics, and WindowsAgentArena's own.

Usage: .venv/bin/python -m tests.support.library
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from osarena.grading.model import is_live
from osarena.registry import find_function, list_functions
from osarena_evaluators.osworld.names import deviations
from osarena_evaluators.waa import names as waa

README = Path(__file__).parents[2] / "evaluators/README.md"
_KINDS = {
    "probe": ("Probes", "Those with a star need the running session, so they go first."),
    "reader": ("Readers", ""),
    "metric": ("Metrics", ""),
}


def tables() -> dict[str, str]:
    """What should stand in the README between the marks of each name."""
    return {
        "library": "\n".join(_table(kind, *words) for kind, words in _KINDS.items()),
        "deviations": "| metric | what is different |\n| --- | --- |\n" + "".join(map(_deviation, deviations().items())),
        "waa": "| metric | | what is different |\n| --- | --- | --- |\n" + "".join(map(_waa, sorted(waa.OWN))),
    }


def written() -> dict[str, str]:
    """What stands there."""
    return {name: _split(README.read_text(), name)[1] for name in tables()}


def main() -> None:
    """Write the tables into the README."""
    text = README.read_text()
    for name, table in tables().items():
        before, _, after = _split(text, name)
        text = before + table + after
    README.write_text(text)


def _split(text: str, name: str) -> tuple[str, str, str]:
    """What is before, between and after the marks of a table; the marks stay with what is outside."""
    start, end = f"<!-- {name}: made by `python -m tests.support.library` -->\n", f"<!-- end of {name} -->\n"
    before, first, rest = text.partition(start)
    found, last, after = rest.partition(end)
    assert first, f"no mark of {name}"
    assert last, f"no end of {name}"
    return before + first, found, last + after


def _deviation(entry: tuple[str, str]) -> str:
    name, words = entry
    told = words.replace("|", "\\|")
    return f"| `{name}` | {told} |\n"


def _waa(name: str) -> str:
    told = waa.deviations().get(name, "").replace("|", "\\|")
    return f"| `{name}` | {_first_words(waa.find_metric(name))} | {told} |\n"


def _table(kind: str, title: str, note: str) -> str:
    rows = "".join(_row(kind, address) for address in list_functions(kind))
    head = f"### {title}\n\n" + (f"{note}\n\n" if note else "")
    return f"{head}| {kind} | options | |\n| --- | --- | --- |\n{rows}"


def _row(kind: str, address: str) -> str:
    function = find_function(kind, address)
    options = [name for name in list(inspect.signature(function).parameters)[1:] if name != "expected"]
    star = " *" if kind == "probe" and is_live(function) else ""
    return f"| `{address}`{star} | {', '.join(f'`{name}`' for name in options)} | {_first_words(function)} |\n"


def _first_words(function: Callable[..., Any]) -> str:
    """The first sentence of what a function says of itself."""
    words = re.split(r"(?<=[^.]\.)\s+(?=[A-Z`])|\n\n|:\n", inspect.getdoc(function) or "")[0]
    return " ".join(words.split()).replace("|", "\\|")


if __name__ == "__main__":
    main()
