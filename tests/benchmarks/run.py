"""`python -m tests.benchmarks.run [NAME …]`: print tables (see MODULES); exit status 1 where a bar is missed."""

from __future__ import annotations

import platform
import sys
from importlib import import_module

from tests.benchmarks.measure import Row, all_met, print_table
from tests.benchmarks.setting import bench_desktop

MODULES = ("tree", "screen", "action", "prompt", "dom", "grading")
# Makes its own desktops, so it runs before the others have theirs.
FIRST = "startup"


def main(names: list[str]) -> int:
    """Run the benchmarks of these names, or all."""
    rows: list[Row] = []
    print(f"{platform.platform()}, Python {platform.python_version()}")
    if not names or FIRST in names:
        rows += _table(FIRST, None)
    chosen = [name for name in names if name != FIRST] if names else list(MODULES)
    if chosen:
        with bench_desktop() as desktop:
            for name in chosen:
                rows += _table(name, desktop)
    return 0 if all_met(rows) else 1


def _table(name: str, desktop: object) -> list[Row]:
    found: list[Row] = import_module(f"tests.benchmarks.{name}").run(desktop)
    print_table(name, found)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
