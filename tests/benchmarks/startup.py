"""How long a desktop takes from `machine()` to the first look that shows its panel, cold and from the pool, and its memory."""

from __future__ import annotations

import re
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from osarena.guest.wait import wait_until
from osarena.providers.base import Machine, MachineSpec
from osarena.providers.local import LocalProvider
from osarena.providers.local.janitor import find_sandboxes
from osarena.providers.local.watchdog import family, files_kb, parse_status, read_processes
from tests.benchmarks.measure import COUNT, Row, all_met, measure, print_table, within

SPEC = MachineSpec()
RESTORES = 100


def run(desktop: object = None) -> list[Row]:
    """The table's rows. The desktop of the other benchmarks is not used."""
    del desktop
    return [_cold(), _from_pool(), _restores()]


def _cold() -> Row:
    provider = LocalProvider(spares=0)
    memory_mb: list[int] = []
    try:

        def start() -> None:
            machine = stack.enter_context(provider.machine(SPEC))
            _see_panel(machine)
            memory_mb.append(_memory_mb(machine))

        with ExitStack() as stack:
            times = measure(start, before=stack.close)
    finally:
        provider.close()
    note = f"an empty desktop with its guest takes {sorted(memory_mb)[COUNT // 2]} MB (the aim is 250 MB)"
    return within("desktop ready, cold", times, p50_ms=1500, note=note)


def _from_pool() -> Row:
    provider = LocalProvider(spares=1)
    provider.warm(SPEC, 1)
    try:

        def wait_for_spare() -> None:
            stack.close()
            wait_until(lambda: _has_spare(provider), timeout_s=30, what="a spare desktop")

        with ExitStack() as stack:
            times = measure(lambda: _see_panel(stack.enter_context(provider.machine(SPEC))), before=wait_for_spare)
    finally:
        provider.close()
    return within("desktop ready, from the pool", times, p50_ms=100)


def _restores() -> Row:
    provider = LocalProvider(spares=1)
    try:
        with provider.machine(SPEC) as machine:

            def restore() -> None:
                machine.restore()
                _see_panel(machine)

            began = time.perf_counter()
            times = measure(restore, count=RESTORES)
            took_s = time.perf_counter() - began
    finally:
        provider.close()
    return Row("restore, in a row, refill included", times, note=f"{RESTORES} restores took {took_s:.1f} s")


def _see_panel(machine: Machine) -> None:
    """One look, which must contain the panel on the screen and in the tree."""
    seen = machine.guest.observe()
    assert seen.pixels is not None
    assert seen.tree is not None
    assert any(node.name == "Applications" and node.box for node in seen.tree.root.walk())
    assert seen.pixels[-20, SPEC.screen.width // 2].min() > 200


def _has_spare(provider: LocalProvider) -> bool:
    pool = provider._pool
    return pool is not None and any(spare.done() for spare in pool._spares[SPEC])


def _memory_mb(machine: Machine) -> int:
    """What a desktop takes: its processes' share of memory (PSS), and its files in memory."""
    assert machine.address.share
    estate, desktop = machine.address.share.parents[2], machine.address.share.parent.name
    # Of bwrap's two processes, the one inside the sandbox is the child.
    first = max(find_sandboxes(f"{estate}/{desktop}"))
    return (sum(_proportional_kb(pid) for pid in family(first, read_processes())) + files_kb(first)) // 1024


def _proportional_kb(pid: int) -> int:
    """A process's PSS; where only root may see it, its own memory."""
    try:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
        return int(found.group(1)) if found else 0
    except PermissionError:
        return parse_status(Path(f"/proc/{pid}/status").read_text()).memory_kb
    except (FileNotFoundError, ProcessLookupError):
        return 0


def main() -> int:
    """Print the table; exit status 1 where a bar is missed."""
    rows = run()
    print_table("startup", rows)
    return 0 if all_met(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
