"""The list of Debian packages, and the script that installs what is missing of it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from osarena.providers.local import requirements
from tests.support.ordinary_user import ROOT, USER

_SCRIPT = ROOT / "vm" / "install-system-packages"


def _listed() -> set[str]:
    lists = (ROOT / "vm" / "system-packages.txt", ROOT / "vm/osarena_guest/images/desktop-packages.txt")
    lines = "".join(file.read_text() for file in lists).splitlines()
    return {line.partition("#")[0].strip() for line in lines} - {""}


def test_every_package_that_the_doctor_would_install_is_on_the_list() -> None:
    wanted = {*requirements._DESKTOP.values(), *requirements._APPLICATIONS.values(), *requirements._APPEARANCE}
    # Part of every Debian system.
    assert wanted - _listed() == {"util-linux"}


def test_nothing_is_said_where_nothing_is_missing(tmp_path: Path) -> None:
    packages = tmp_path / "packages.txt"
    packages.write_text("# a comment\ndpkg  # another\n\nbash\n")
    done = subprocess.run([_SCRIPT, packages], capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a user who surely may not install packages")
def test_who_may_not_install_is_told_the_command() -> None:
    # The script comes on standard input: the checkout may be readable for root alone.
    command = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "bash", "-s"]
    with tempfile.NamedTemporaryFile("w", dir="/tmp") as packages:
        packages.write("no-such-package\nbash\n")
        packages.flush()
        os.fchmod(packages.fileno(), 0o644)
        done = subprocess.run(
            [*command, packages.name], input=_SCRIPT.read_text(), capture_output=True, text=True, cwd="/", check=False
        )
    assert done.returncode == 1
    assert "apt-get update && apt-get install --no-install-recommends no-such-package" in done.stderr
