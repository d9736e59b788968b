"""Building a root file system: what mmdebstrap is asked, and what comes of what it does. Desktops from a real one: contracts."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from osarena.cli.main import app
from osarena.errors import MachineError, UsageError
from osarena.images.root import RootRecipe, build, built, command, desktop_recipe, installed_packages, stage_of
from osarena.images.store import images_folder, locked_images, newest_root, remove, root_images

STATUS = """Package: bash
Status: install ok installed
Version: 5.2-1
Description: a shell
 Status: not this one

Package: gone
Status: deinstall ok config-files
Version: 1
"""
# Makes a tree as mmdebstrap does, and says what it says.
MMDEBSTRAP = f"""#!/bin/sh
for word; do last=$target; target=$word; case $word in /*/tree) tree=$word;; esac; done
echo "I: automatically chosen mode: root" >&2
[ -e "$0.fail" ] && {{ echo "E: apt-get update failed" >&2; exit 2; }}
mkdir -p "$tree/usr/bin" "$tree/var/lib/dpkg" "$tree/closed"
echo "{STATUS}" > "$tree/var/lib/dpkg/status"
ln -s python3.11 "$tree/usr/bin/python3"
chmod 000 "$tree/closed"
echo "Setting up bash (5.2-1) ..."
"""
RECIPE = RootRecipe(("bash", "dash"))


@pytest.fixture(autouse=True)
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """mmdebstrap's place is taken by a script, and images lie in a folder of the test's own."""
    monkeypatch.setenv("OSARENA_IMAGES", str(tmp_path / "images"))
    file = tmp_path / "bin/mmdebstrap"
    file.parent.mkdir()
    file.write_text(MMDEBSTRAP)
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{file.parent}:{os.environ['PATH']}")
    return file


def test_a_root_is_described_and_found() -> None:
    stages: list[str] = []
    image = build(RECIPE, stages.append)
    assert dict(image.packages) == {"bash": "5.2-1"}
    assert image.size_bytes > 0
    assert root_images() == [image]
    assert (newest_root(), built(RECIPE), built(RootRecipe(("bash",)))) == (image, image, None)
    assert stages[1:] == ["automatically chosen mode: root", "Setting up bash", "writing down what it is made of"]
    assert not list(images_folder().glob("draft-*"))


def test_the_same_recipe_takes_the_place_of_the_last_one() -> None:
    first, second = build(RECIPE), build(RECIPE)
    assert (first.name, first.digest) == (second.name, second.digest)
    assert root_images() == [second]


def test_what_failed_leaves_nothing_and_the_last_one_stays(program: Path) -> None:
    image = build(RECIPE)
    Path(f"{program}.fail").touch()
    with pytest.raises(MachineError, match="apt-get update failed"):
        build(RECIPE)
    assert root_images() == [image]
    assert [path.name for path in images_folder().iterdir() if path.name != "lock"] == [image.name]


def test_without_mmdebstrap_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MachineError, match="apt-get install --no-install-recommends mmdebstrap"):
        build(RECIPE)


def test_a_full_disk_is_noticed_before_anything_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("osarena.images.root._NEEDED_BYTES", 1 << 60)
    with pytest.raises(MachineError, match=r"GB free, and .* are needed; set OSARENA_IMAGES"):
        build(RECIPE)
    assert root_images() == []


def test_two_do_not_build_at_once() -> None:
    with locked_images(), pytest.raises(MachineError, match="another process builds"):
        build(RECIPE)


def test_an_image_is_removed_by_its_name() -> None:
    image = build(RECIPE)
    with pytest.raises(UsageError, match=f"no image 'root-x' \\(there is {image.name}\\)"):
        remove("root-x")
    assert remove(image.name) == image.size_bytes
    assert root_images() == []
    assert not image.folder.exists()
    with pytest.raises(MachineError, match="osarena vm build root"):
        newest_root()


def test_a_record_that_cannot_be_read_is_no_image() -> None:
    image = build(RECIPE)
    (image.folder / "image.json").write_text('{"name": "root-1"}')
    assert root_images() == []


def test_the_recipe_is_the_list_of_packages() -> None:
    recipe = desktop_recipe()
    assert {"python3", "xfwm4", "libreoffice-calc"} <= set(recipe.packages)
    assert not any("#" in name or " " in name for name in recipe.packages)
    assert recipe.digest == RootRecipe(tuple(reversed(recipe.packages))).digest != RootRecipe(recipe.packages[1:]).digest


def test_the_command_takes_the_machines_own_sources(tmp_path: Path) -> None:
    words = command("mmdebstrap", RECIPE, tmp_path / "tree", [tmp_path / "debian.sources"])
    assert words[-3:] == ["bookworm", str(tmp_path / "tree"), str(tmp_path / "debian.sources")]
    assert "--include=bash,dash" in words
    assert command("mmdebstrap", RECIPE, tmp_path, [])[-1].startswith("http://deb.debian.org/")


def test_a_tree_without_a_record_of_packages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="no record of its packages"):
        list(installed_packages(tmp_path))


@pytest.mark.parametrize(
    ("line", "stage"),
    [
        ("I: running apt-get update...\n", "running apt-get update"),
        ("Setting up bash (5.2) ...\n", "Setting up bash"),
        ("Unpacking bash (5.2) ...\n", "Unpacking bash"),
        ("Get:1 http://x\n", ""),
    ],
)
def test_lines_become_stages(line: str, stage: str) -> None:
    assert stage_of(line) == stage


def test_the_commands_build_once_list_and_remove() -> None:
    run = CliRunner().invoke
    assert "osarena vm build root" in run(app, ["vm", "list"]).stdout
    first, second = (json.loads(run(app, ["vm", "build", "root", "--json"]).stdout) for _ in range(2))
    assert first == second
    assert first["packages"] == {"bash": "5.2-1"}
    assert first["name"] in run(app, ["vm", "list"]).stdout
    assert [one["name"] for one in json.loads(run(app, ["vm", "list", "--json"]).stdout)["images"]] == [first["name"]]
    assert run(app, ["vm", "remove", first["name"]]).exit_code == 0
    assert json.loads(run(app, ["vm", "list", "--json"]).stdout) == {"images": []}
