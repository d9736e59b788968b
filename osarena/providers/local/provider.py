"""`LocalProvider`: desktops in sandboxes on this machine. No VM, no container service, no privileges."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache

from typing_extensions import override

from osarena.errors import MachineError
from osarena.providers.base import Capabilities, MachineSpec, Requirement, Root, Snapshot
from osarena.providers.local.desktop import LocalDesktop, Workshop
from osarena.providers.local.estate import Estate
from osarena.providers.local.image import Image, prepare_image
from osarena.providers.local.limits import Limits
from osarena.providers.local.requirements import requirements
from osarena.providers.local.spawner import Spawner
from osarena.providers.local.spec import check_spec
from osarena.providers.local.system import System, system_of
from osarena.providers.pool import Pool, PooledMachine


class LocalMachine(PooledMachine[LocalDesktop]):
    """Satisfies `osarena.providers.base.Machine`. Restoring it puts another desktop in its place."""

    def snapshot(self) -> Snapshot:
        """Not offered: the memory of a sandbox cannot be saved."""
        raise MachineError("the local provider makes no snapshots; it starts fresh desktops instead")

    @override
    def facts(self) -> dict[str, str]:
        """Versions of the system and its applications, and what enforces the limits."""
        return super().facts() | {"low_ports": "yes" if self._desktop.has_low_ports else "no"}


class LocalProvider:
    """Satisfies `osarena.providers.base.Provider`.

    Args:
        spares: how many ready desktops to keep for the next `restore` or `machine` of a kind that was asked for once.
    """

    name = "local"
    capabilities = Capabilities()

    def __init__(self, *, spares: int = 1) -> None:
        self._spares = spares
        self._lock = threading.Lock()
        self._workshop: Workshop | None = None
        self._pool: Pool[LocalDesktop] | None = None
        self._machines: list[LocalMachine] = []

    def machine(self, spec: MachineSpec, *, start: Snapshot | None = None) -> AbstractContextManager[LocalMachine]:
        """A running desktop; leaving the context removes it.

        Raises:
            MachineError: it did not come up, or a snapshot was asked for.
        """
        if start is not None:
            raise MachineError("the local provider knows no snapshots")
        return self._running(spec)

    def warm(self, spec: MachineSpec, count: int) -> None:
        """Keep `count` spare desktops of this kind ready."""
        self._open_pool(spec).keep(spec, count)

    def requirements(self) -> tuple[Requirement, ...]:
        """What desktops need of this machine, met or not."""
        return tuple(requirements())

    def close(self) -> None:
        """Stop every desktop and remove every folder. May be called twice; the provider can be used again."""
        with self._lock:
            pool, workshop, machines = self._pool, self._workshop, self._machines
            self._pool = self._workshop = None
            self._machines = []
        for machine in machines:
            machine.close()
        if pool:
            pool.close()
        if workshop:
            workshop.limits.close()
            workshop.estate.close()
            workshop.spawner.close()

    @contextmanager
    def _running(self, spec: MachineSpec) -> Iterator[LocalMachine]:
        pool = self._open_pool(spec)
        machine = LocalMachine(pool, pool.take(spec), self._facts(spec))
        self._machines.append(machine)
        pool.keep(spec, self._spares)
        try:
            yield machine
        finally:
            machine.close()
            if machine in self._machines:
                self._machines.remove(machine)

    def _open_pool(self, spec: MachineSpec) -> Pool[LocalDesktop]:
        check_spec(spec)
        with self._lock:
            if self._pool is None:
                self._workshop = _open_workshop()
                self._pool = Pool(self._start_desktop)
            return self._pool

    def _start_desktop(self, spec: MachineSpec) -> LocalDesktop:
        if self._workshop is None:
            raise MachineError("the local provider is closed")
        desktop = LocalDesktop(self._workshop, spec)
        desktop.start()
        return desktop

    def _facts(self, spec: MachineSpec) -> dict[str, str]:
        assert self._workshop is not None
        system, _ = self._workshop.systems(spec.root)
        return system.facts() | {"limits": self._workshop.limits.how}


def _open_workshop() -> Workshop:
    estate = Estate()
    try:

        @cache
        def systems(root: Root) -> tuple[System, Image]:
            system = system_of(root)
            return system, prepare_image(estate, system)

        return Workshop(estate, systems, Limits(f"osarena-{estate.name}", estate.add_cgroup), Spawner())
    except BaseException:
        estate.close()
        raise
