"""WindowsAgentArena's metrics by their public names: the address "waa.compare_table" is its `compare_table`.

They are defined in `osarena_evaluators.waa` and `osarena_evaluators.osworld`, and handed on when they are asked for.
"""

from __future__ import annotations

from osarena_evaluators.osworld.names import Metric
from osarena_evaluators.waa.names import NAMES, find_metric


def __getattr__(name: str) -> Metric:
    if name not in NAMES:
        raise AttributeError(f"WindowsAgentArena has no metric {name!r}")
    return find_metric(name)


def __dir__() -> list[str]:
    return sorted(NAMES)
