"""`DockerProvider`: desktops in containers, without network, of the engine on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from osarena.errors import MachineError
from osarena.images.store import newest_root
from osarena.providers.base import Capabilities, MachineSpec, Requirement, Snapshot
from osarena.providers.docker import engine
from osarena.providers.docker.container import DockerDesktop
from osarena.providers.docker.image import prepare
from osarena.providers.local.estate import Estate
from osarena.providers.local.image import prepare_image
from osarena.providers.local.spec import check_spec
from osarena.providers.local.system import System, system_of
from osarena.providers.pool import Pool, PooledMachine

if TYPE_CHECKING:
    from docker import DockerClient


class DockerMachine(PooledMachine[DockerDesktop]):
    """Satisfies `osarena.providers.base.Machine`. Restoring it puts a fresh container in its place."""

    def snapshot(self) -> Snapshot:
        """Not offered yet."""
        raise MachineError("the provider docker makes no snapshots; it starts fresh containers instead")


@dataclass(frozen=True, slots=True)
class _Yard:
    """What all containers of one provider are made with."""

    estate: Estate
    client: DockerClient
    system: System
    image: str


class DockerProvider:
    """Satisfies `osarena.providers.base.Provider`. A spec's root is always a built one.

    Args:
        spares: how many ready desktops to keep for the next `restore` or `machine` of a kind that was asked for once.
    """

    name = "docker"
    capabilities = Capabilities()

    def __init__(self, *, spares: int = 1) -> None:
        self._spares = spares
        self._lock = threading.Lock()
        self._yard: _Yard | None = None
        self._pool: Pool[DockerDesktop] | None = None
        self._machines: list[DockerMachine] = []

    def machine(self, spec: MachineSpec, *, start: Snapshot | None = None) -> AbstractContextManager[DockerMachine]:
        """A running desktop; leaving the context removes its container.

        Raises:
            MachineError: it did not come up, or a snapshot was asked for.
        """
        if start is not None:
            raise MachineError("the provider docker knows no snapshots")
        return self._running(replace(spec, root="built"))

    def warm(self, spec: MachineSpec, count: int) -> None:
        """Keep `count` spare desktops of this kind ready."""
        spec = replace(spec, root="built")
        self._open_pool(spec).keep(spec, count)

    def requirements(self) -> tuple[Requirement, ...]:
        """What desktops need of this machine, met or not."""
        return tuple(_requirements())

    def close(self) -> None:
        """Remove every container and folder. May be called twice; the provider can be used again."""
        with self._lock:
            pool, yard, machines = self._pool, self._yard, self._machines
            self._pool = self._yard = None
            self._machines = []
        for machine in machines:
            machine.close()
        if pool:
            pool.close()
        if yard:
            yard.estate.close()
            yard.client.close()

    @contextmanager
    def _running(self, spec: MachineSpec) -> Iterator[DockerMachine]:
        pool = self._open_pool(spec)
        assert self._yard is not None
        machine = DockerMachine(pool, pool.take(spec), self._yard.system.facts() | {"limits": "docker"})
        self._machines.append(machine)
        pool.keep(spec, self._spares)
        try:
            yield machine
        finally:
            machine.close()
            if machine in self._machines:
                self._machines.remove(machine)

    def _open_pool(self, spec: MachineSpec) -> Pool[DockerDesktop]:
        check_spec(spec)
        with self._lock:
            if self._pool is None:
                self._yard = _open_yard()
                self._pool = Pool(self._start_desktop)
            return self._pool

    def _start_desktop(self, spec: MachineSpec) -> DockerDesktop:
        yard = self._yard
        if yard is None:
            raise MachineError("the provider docker is closed")
        desktop = DockerDesktop(yard.client, yard.image, yard.estate, spec)
        desktop.start()
        return desktop


def _open_yard() -> _Yard:
    client = engine.connect()
    system = system_of("built")
    assert system.image is not None
    estate = Estate()
    try:
        return _Yard(estate, client, system, prepare(client, system.image, prepare_image(estate, system)))
    except BaseException:
        estate.close()
        raise


def _requirements() -> Iterator[Requirement]:
    try:
        with engine.told("asking the engine for its version"):
            client = engine.connect()
            version = client.version()["Version"]
        yield Requirement("engine", True, f"Docker {version}")
    except MachineError as error:
        yield Requirement("engine", False, str(error), "apt-get install --no-install-recommends docker.io    # as root")
    try:
        image = newest_root()
        yield Requirement("root", True, f"{image.name}, {image.size_bytes / 1e9:.2f} GB, built {image.built}")
    except MachineError as error:
        yield Requirement("root", False, str(error), "osarena vm build root")
