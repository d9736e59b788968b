"""The local provider keeps its contract with the applications of a root file system that was built, none of this machine's."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from osarena.images.store import RootImage, newest_root
from osarena.providers.base import Machine, MachineSpec
from tests.contracts import test_local_provider
from tests.support.processes import osarena

pytestmark = [pytest.mark.desktop, pytest.mark.machines]


@pytest.fixture(scope="module", autouse=True)
def image() -> RootImage:
    """The root file system, built unless it is there."""
    code, stdout, stderr = osarena("vm", "build", "root", "--json", timeout_s=1500)
    assert code == 0, stderr
    assert json.loads(stdout)["name"] == newest_root().name
    return newest_root()


class TestBuiltRoot(test_local_provider.TestLocalProvider):
    spec: MachineSpec = replace(test_local_provider.TestLocalProvider.spec, root="built")

    def test_its_programs_are_those_of_the_image(self, machine: Machine, image: RootImage) -> None:
        facts = machine.facts()
        assert facts["root"] == image.digest
        assert facts["app:chromium"] == image.packages["chromium"]
        # A program of this machine's that the image has not.
        assert machine.guest.run(["sh", "-c", "command -v git bwrap mmdebstrap"]).stdout == b""
        assert machine.guest.run(["sh", "-c", "command -v thunar"]).stdout == b"/usr/bin/thunar\n"
