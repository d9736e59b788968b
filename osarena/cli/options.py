"""What several commands make of the same options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from osarena.providers.base import MachineSpec, Provider


RootName = Literal["host", "built"]
RootOption = Annotated[RootName, typer.Option(help="Whose applications: this machine's, or those of `osarena vm build root`.")]


def make_provider(name: str, arguments: Mapping[str, Any]) -> Provider:
    """The provider that ``--provider`` and ``--provider-arg`` mean.

    Raises:
        UsageError: there is none of that name, or it does not take these arguments.
    """
    from osarena.errors import UsageError
    from osarena.registry import find_class

    try:
        provider: Provider = find_class("osarena.providers", name)(**arguments)
    except TypeError as error:
        raise UsageError(f"the provider {name!r} does not take these arguments: {error}") from error
    return provider


def machine_spec(screen: str, root: RootName = "host") -> MachineSpec:
    """The desktop that ``--screen WIDTHxHEIGHT`` and ``--root`` mean (raises UsageError)."""
    from osarena.errors import UsageError
    from osarena.providers.base import MachineSpec
    from osarena.types.geometry import Size

    width, _, height = screen.partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise UsageError(f"--screen takes WIDTHxHEIGHT, such as 1280x720, not {screen!r}")
    return MachineSpec(root=root, screen=Size(int(width), int(height)))
