"""Removing what runners that are dead have left behind. What belongs to a living one is not touched.

The janitor of each provider does that on its own; this is for what is left where a janitor was killed too, or the machine's
memory folder was wiped under it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from osarena.providers.local import janitor
from osarena.providers.local.cgroups import existing_groups
from osarena.providers.local.estate import images_in_use, locked, state_folder
from osarena.providers.local.image import image_name, locked_cache, remove_images

GROUP_PREFIX = "osarena-"


def remove_leftovers() -> list[str]:
    """End desktops, and remove folders, user ids, control groups and images of dead runners; what was removed, in words.

    Raises:
        MachineError: the folders cannot be read or written.
    """
    state = state_folder()
    with locked(state):
        return [
            *_remove_estates(state),
            *_end_orphans(state),
            *_remove_leases(state),
            *_remove_groups(state),
            *_remove_images(state),
        ]


def _remove_estates(state: Path) -> Iterator[str]:
    for estate in sorted(lock.parent for lock in state.glob("*/lock")):
        if not janitor.is_alive(estate):
            desktops = len(list(estate.glob("desktops/*")))
            janitor.remove_estate(estate)
            yield f"folder {estate} of a dead runner, with {desktops} desktop{'' if desktops == 1 else 's'}"


def _end_orphans(state: Path) -> Iterator[str]:
    estates = {Path(mark).parent for mark in janitor.find_sandboxes(f"{state}/").values()}
    for estate in sorted(estates):
        if not janitor.is_alive(estate):
            janitor.end_sandboxes(f"{estate}/")
            yield f"sandboxes of the dead runner {estate.name}"


def _remove_leases(state: Path) -> Iterator[str]:
    for lease in sorted(state.glob("users/*")):
        if not janitor.is_alive(state / lease.read_text()):
            lease.unlink(missing_ok=True)
            yield f"lease of user id {lease.name}"


def _remove_groups(state: Path) -> Iterator[str]:
    for group in existing_groups(GROUP_PREFIX):
        if not janitor.is_alive(state / group.name.removeprefix(GROUP_PREFIX)):
            janitor.remove_cgroup(group)
            yield f"control group {group}"


def _remove_images(state: Path) -> Iterator[str]:
    with locked_cache() as cache:
        for folder in remove_images(cache, keep={image_name(), *images_in_use(state)}):
            yield f"outdated files of the guest in {folder}"
