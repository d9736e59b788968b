"""The desktops that tasks start from, one after the other: set up, and not played."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

from osarena.env.desktop import DesktopEnv
from osarena.providers.local.provider import LocalProvider
from osarena.tasks.load import load_suite

SEED = 0
PARTS = ("screenshot", "tree", "windows")


def start_desktops(suite: str, tasks: Sequence[str] = ()) -> Iterator[tuple[str, DesktopEnv]]:
    """The id of each task of a suite, or of these, with its desktop as an agent first sees it.

    The desktop is there until the next one is asked for.
    """
    provider = LocalProvider(spares=0)
    with closing(provider), closing(DesktopEnv(provider=provider, observe=PARTS)) as env:
        for task in load_suite(suite).tasks:
            if not tasks or task.id in tasks:
                env.reset(seed=SEED, options={"task": f"{suite}:{task.id}"})
                yield task.id, env
