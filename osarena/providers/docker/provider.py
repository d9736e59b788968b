"""`DockerProvider`: desktops in containers, without network, of the engine on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from typing_extensions import override

from osarena.errors import MachineError
from osarena.images.store import newest_root
from osarena.providers.base import MachineSpec, Requirement
from osarena.providers.docker import engine
from osarena.providers.docker.container import DockerDesktop
from osarena.providers.docker.image import prepare
from osarena.providers.local.estate import Estate
from osarena.providers.local.image import prepare_image
from osarena.providers.local.spec import check_spec
from osarena.providers.local.system import System, system_of
from osarena.providers.pooled import PooledProvider

if TYPE_CHECKING:
    from docker import DockerClient


@dataclass(frozen=True, slots=True)
class _Yard:
    """What all containers of one provider are made with."""

    estate: Estate
    client: DockerClient
    system: System
    image: str


class DockerProvider(PooledProvider[DockerDesktop]):
    """Satisfies `osarena.providers.base.Provider`. A spec's root is always a built one; `restore` takes another container."""

    name = "docker"

    def __init__(self, *, spares: int = 1) -> None:
        super().__init__(spares=spares)
        self._yard: _Yard | None = None

    def requirements(self) -> tuple[Requirement, ...]:
        """What desktops need of this machine, met or not."""
        return tuple(_requirements())

    @override
    def _checked(self, spec: MachineSpec) -> MachineSpec:
        spec = replace(spec, root="built")
        check_spec(spec)
        return spec

    @override
    def _open_workshop(self) -> None:
        client = engine.connect()
        system = system_of("built")
        assert system.image is not None
        estate = Estate()
        try:
            self._yard = _Yard(estate, client, system, prepare(client, system.image, prepare_image(estate, system)))
        except BaseException:
            estate.close()
            raise

    @override
    def _close_workshop(self) -> None:
        yard, self._yard = self._yard, None
        if yard:
            yard.estate.close()
            yard.client.close()

    @override
    def _start_desktop(self, spec: MachineSpec) -> DockerDesktop:
        yard = self._yard
        if yard is None:
            raise MachineError("the provider docker is closed")
        desktop = DockerDesktop(yard.client, yard.image, yard.estate, spec)
        desktop.start()
        return desktop

    @override
    def _facts(self, desktop: DockerDesktop) -> Mapping[str, str]:
        """Versions of the system and its applications, and what enforces the limits."""
        assert self._yard is not None
        return {**self._yard.system.facts(), "limits": "docker"}


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
