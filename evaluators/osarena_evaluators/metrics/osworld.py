"""OSWorld's metrics by their public names: the address "osworld.compare_table" is its `compare_table`.

They are defined in `osarena_evaluators.osworld`, and handed on when they are asked for. Files are bytes, other values as its
getters give them; the option `published` gives the published behaviour where ours is different.
"""

from __future__ import annotations

from osarena_evaluators.osworld.names import MODULES, Metric, find_metric


def __getattr__(name: str) -> Metric:
    if name not in MODULES:
        raise AttributeError(f"OSWorld has no metric {name!r}")
    return find_metric(name)


def __dir__() -> list[str]:
    return sorted(MODULES)
