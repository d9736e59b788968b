"""What is said to the Docker engine, and its errors in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from osarena.errors import MachineError

if TYPE_CHECKING:
    from docker import DockerClient

# Marks what is ours: the value is the folder of the provider that made it.
LABEL = "osarena.estate"
_TIMEOUT_S = 120


def connect() -> DockerClient:
    """The engine that DOCKER_HOST names, or this machine's.

    Raises:
        MachineError: the SDK is not installed, or no engine answers; the text says what to do.
    """
    try:
        import docker
    except ImportError as error:
        raise MachineError("the provider docker needs Docker's SDK: pip install 'osarena[docker]'") from error
    with told("no Docker engine answers (apt-get install docker.io, or start dockerd)"):
        client = docker.from_env(timeout=_TIMEOUT_S)
        client.ping()
        return client


@contextmanager
def told(what: str) -> Iterator[None]:
    """Errors of Docker become MachineError, with what was wanted."""
    from docker.errors import DockerException
    from requests import RequestException

    try:
        yield
    except (DockerException, RequestException, OSError) as error:
        words = getattr(error, "explanation", None) or str(error)
        raise MachineError(f"{what}: {str(words).strip()[:500]}") from error
