"""What providers have in common that restore a machine by putting another desktop in its place, from a pool of spares."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Generic, TypeVar

from osarena.errors import MachineError
from osarena.guest.client import Guest, GuestAddress
from osarena.providers.base import Capabilities, Machine, MachineSpec, Snapshot
from osarena.providers.pool import Pool, Spare

S = TypeVar("S", bound=Spare)


class PooledMachine(Generic[S]):
    """Satisfies `osarena.providers.base.Machine`."""

    def __init__(self, pool: Pool[S], desktop: S, facts: Callable[[S], Mapping[str, str]]) -> None:
        self._pool = pool
        self._desktop = desktop
        self._facts = facts

    @property
    def guest(self) -> Guest:
        """The connection to the desktop; another one after `restore`."""
        return self._desktop.guest

    @property
    def address(self) -> GuestAddress:
        """What a worker process of the same user needs to connect; another one after `restore`."""
        return self._desktop.address

    def restore(self) -> None:
        """Throw the desktop away and take a fresh one.

        Raises:
            MachineError: no fresh one came up.
        """
        self._pool.discard(self._desktop)
        self._desktop = self._pool.take(self._desktop.spec)

    def snapshot(self) -> Snapshot:
        """Not offered: the memory of running programs cannot be saved (raises MachineError)."""
        raise MachineError("this provider makes no snapshots; it starts fresh desktops instead")

    def problem(self) -> str | None:
        """Why the desktop is not usable any more, or `None` while it is well."""
        return self._desktop.problem()

    def facts(self) -> dict[str, str]:
        """What the lock file should know of it."""
        return dict(self._facts(self._desktop))

    def close(self) -> None:
        """Stop the desktop."""
        self._desktop.stop()


class PooledProvider(ABC, Generic[S]):
    """Satisfies `osarena.providers.base.Provider`, but for its name and requirements. It can be used again after `close`.

    Args:
        spares: how many ready desktops to keep for the next `restore` or `machine` of a kind that was asked for once.
    """

    name: str
    capabilities = Capabilities()

    def __init__(self, *, spares: int = 1) -> None:
        self._spares = spares
        self._lock = threading.Lock()
        self._pool: Pool[S] | None = None
        self._machines: list[PooledMachine[S]] = []

    def machine(self, spec: MachineSpec, *, start: Snapshot | None = None) -> AbstractContextManager[Machine]:
        """A running desktop; leaving the context removes it.

        Raises:
            MachineError: it did not come up, or a snapshot was asked for.
        """
        if start is not None:
            raise MachineError(f"the provider {self.name} knows no snapshots")
        return self._running(self._checked(spec))

    def warm(self, spec: MachineSpec, count: int) -> None:
        """Keep `count` spare desktops of this kind ready."""
        spec = self._checked(spec)
        self._open_pool().keep(spec, count)

    def close(self) -> None:
        """Stop every desktop and remove every folder. May be called twice; the provider can be used again."""
        with self._lock:
            pool, machines = self._pool, self._machines
            self._pool, self._machines = None, []
        for machine in machines:
            machine.close()
        if pool:
            pool.close()
            self._close_workshop()

    @abstractmethod
    def _checked(self, spec: MachineSpec) -> MachineSpec:
        """The spec, where this provider can keep it (raises MachineError)."""

    @abstractmethod
    def _open_workshop(self) -> None:
        """Make what all desktops are made with (raises MachineError)."""

    @abstractmethod
    def _close_workshop(self) -> None:
        """Remove it; the desktops are gone."""

    @abstractmethod
    def _start_desktop(self, spec: MachineSpec) -> S:
        """A desktop that is ready (raises MachineError)."""

    @abstractmethod
    def _facts(self, desktop: S) -> Mapping[str, str]:
        """What the lock file should know of a desktop."""

    @contextmanager
    def _running(self, spec: MachineSpec) -> Iterator[Machine]:
        pool = self._open_pool()
        machine = PooledMachine(pool, pool.take(spec), self._facts)
        self._machines.append(machine)
        pool.keep(spec, self._spares)
        try:
            yield machine
        finally:
            machine.close()
            if machine in self._machines:
                self._machines.remove(machine)

    def _open_pool(self) -> Pool[S]:
        with self._lock:
            if self._pool is None:
                self._open_workshop()
                self._pool = Pool(self._start_desktop)
            return self._pool
