"""The table of all probes, readers and metrics in evaluators/README.md: what it should be, and a program that writes it.

Usage: .venv/bin/python -m tests.support.library
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from osarena.grading.model import is_live
from osarena.registry import find_function, list_functions

README = Path(__file__).parents[2] / "evaluators/README.md"
_START, _END = "<!-- library: made by `python -m tests.support.library` -->\n", "<!-- end of library -->\n"
_KINDS = {
    "probe": ("Probes", "Those with a star need the running session, so they go first."),
    "reader": ("Readers", ""),
    "metric": ("Metrics", ""),
}


def tables() -> str:
    """One table for each kind, with a line for each name: its options, and the first sentence of its docstring."""
    return "\n".join(_table(kind, *words) for kind, words in _KINDS.items())


def written() -> str:
    """What stands in the README."""
    return _split(README.read_text())[1]


def main() -> None:
    """Write the tables into the README."""
    before, _, after = _split(README.read_text())
    README.write_text(before + _START + tables() + _END + after)


def _split(text: str) -> tuple[str, str, str]:
    before, _, rest = text.partition(_START)
    found, _, after = rest.partition(_END)
    return before, found, after


def _table(kind: str, title: str, note: str) -> str:
    rows = "".join(_row(kind, address) for address in list_functions(kind))
    head = f"### {title}\n\n" + (f"{note}\n\n" if note else "")
    return f"{head}| {kind} | options | |\n| --- | --- | --- |\n{rows}"


def _row(kind: str, address: str) -> str:
    function = find_function(kind, address)
    options = [name for name in list(inspect.signature(function).parameters)[1:] if name != "expected"]
    words = re.split(r"(?<=[^.]\.)\s+(?=[A-Z`])|\n\n|:\n", inspect.getdoc(function) or "")[0]
    star = " *" if kind == "probe" and is_live(function) else ""
    line = " ".join(words.split()).replace("|", "\\|")
    return f"| `{address}`{star} | {', '.join(f'`{name}`' for name in options)} | {line} |\n"


if __name__ == "__main__":
    main()
