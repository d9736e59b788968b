"""The image of containers: a built root file system, and over it the guest, a made /etc and the template of the home."""

from __future__ import annotations

import io
import logging
import subprocess
import tarfile
from typing import TYPE_CHECKING

from osarena.errors import MachineError
from osarena.images.store import RootImage
from osarena.providers.docker.engine import told
from osarena.providers.local.image import Image
from osarena.providers.local.sandbox import GUEST, HOME_TEMPLATE

if TYPE_CHECKING:
    from docker import DockerClient

logger = logging.getLogger(__name__)

_REPOSITORY = "osarena"
_RECIPE = f"FROM {{root}}\nCOPY guest {GUEST}\nCOPY home {HOME_TEMPLATE}\nCOPY etc /etc\n"


def prepare(client: DockerClient, root: RootImage, image: Image) -> str:
    """The name of the image in the engine, made there unless it is there.

    Raises:
        MachineError: the engine has refused it.
    """
    base, whole = f"{_REPOSITORY}:{root.name}-{root.digest[:12]}", f"{_REPOSITORY}:{root.digest[:12]}-{image.folder.name}"
    if not _is_there(client, whole):
        if not _is_there(client, base):
            logger.warning("giving the root file system to Docker as %s, once; this takes half a minute", base)
            _import_root(client, root, base)
        _build(client, image, base, whole)
    return whole


def _is_there(client: DockerClient, name: str) -> bool:
    with told("asking for Docker's images"):
        return bool(client.images.list(filters={"reference": name}))


def _import_root(client: DockerClient, root: RootImage, name: str) -> None:
    """Send the tree as an archive; sockets and devices are left out, and made by Docker where a container needs them."""
    packing = subprocess.Popen(
        ["tar", "--create", "--numeric-owner", "--one-file-system", "--exclude=./dev/*", "--directory", str(root.tree), "."],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    repository, _, tag = name.partition(":")
    assert packing.stdout is not None
    assert packing.stderr is not None
    with packing, told("Docker has not taken the root file system"):
        client.api.import_image_from_data(packing.stdout, repository=repository, tag=tag)
        words = packing.stderr.read().decode(errors="replace")
    if packing.returncode:
        raise MachineError(f"the root file system could not be packed: {words.strip()[-300:]}")


def _build(client: DockerClient, image: Image, base: str, name: str) -> None:
    """Lay the files over the root: no command runs in it, so no network is needed."""
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as archive:
        recipe = _RECIPE.format(root=base).encode()
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(recipe)
        archive.addfile(entry, io.BytesIO(recipe))
        for part in ("guest", "home", "etc"):
            archive.add(image.folder / part, part)
    context.seek(0)
    with told("Docker has not built the image"):
        client.images.build(fileobj=context, custom_context=True, tag=name, rm=True, network_mode="none")
