"""`LocalProvider`: desktops in sandboxes on this machine. No VM, no container service, no privileges."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from typing_extensions import override

from osarena.errors import MachineError
from osarena.providers.base import MachineSpec, Requirement, Root
from osarena.providers.local.desktop import LocalDesktop, Workshop
from osarena.providers.local.estate import Estate
from osarena.providers.local.image import Image, prepare_image
from osarena.providers.local.limits import Limits
from osarena.providers.local.requirements import requirements
from osarena.providers.local.spawner import Spawner
from osarena.providers.local.spec import check_spec
from osarena.providers.local.system import System, system_of
from osarena.providers.pooled import PooledProvider


class LocalProvider(PooledProvider[LocalDesktop]):
    """Satisfies `osarena.providers.base.Provider`. A machine is restored by putting another desktop in its place."""

    name = "local"

    def __init__(self, *, spares: int = 1) -> None:
        super().__init__(spares=spares)
        self._workshop: Workshop | None = None

    def requirements(self) -> tuple[Requirement, ...]:
        """What desktops need of this machine, met or not."""
        return tuple(requirements())

    @override
    def _checked(self, spec: MachineSpec) -> MachineSpec:
        check_spec(spec)
        return spec

    @override
    def _open_workshop(self) -> None:
        estate = Estate()

        @cache
        def systems(root: Root) -> tuple[System, Image]:
            system = system_of(root)
            return system, prepare_image(estate, system)

        try:
            self._workshop = Workshop(estate, systems, Limits(f"osarena-{estate.name}", estate.add_cgroup), Spawner())
        except BaseException:
            estate.close()
            raise

    @override
    def _close_workshop(self) -> None:
        workshop, self._workshop = self._workshop, None
        if workshop:
            workshop.limits.close()
            workshop.estate.close()
            workshop.spawner.close()

    @override
    def _start_desktop(self, spec: MachineSpec) -> LocalDesktop:
        if self._workshop is None:
            raise MachineError("the local provider is closed")
        desktop = LocalDesktop(self._workshop, spec)
        desktop.start()
        return desktop

    @override
    def _facts(self, desktop: LocalDesktop) -> Mapping[str, str]:
        """Versions of the system and its applications, and what enforces the limits."""
        assert self._workshop is not None
        system, _ = self._workshop.systems(desktop.spec.root)
        low_ports = "yes" if desktop.has_low_ports else "no"
        return {**system.facts(), "limits": self._workshop.limits.how, "low_ports": low_ports}
