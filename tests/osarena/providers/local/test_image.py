"""The files that every desktop finds: the guest and its libraries, and nothing else of this installation."""

from __future__ import annotations

import subprocess
from pathlib import Path

from osarena.providers.local.image import build_image, image_name, remove_images
from osarena.providers.local.system import hidden_folders


def test_the_guest_runs_from_its_image_alone(tmp_path: Path) -> None:
    image = build_image(tmp_path, "image-1")
    modules = "import osarena_guest.app, osarena_guest.session, osarena_guest.screen.x11, PIL.Image, mss, waitress"
    absent = "import importlib.util as u; assert not any(map(u.find_spec, ('osarena', 'osarena_tasks', 'osarena_evaluators')))"
    subprocess.run(
        ["/usr/bin/python3", "-S", "-B", "-c", f"{modules}; {absent}"],
        env={"PYTHONPATH": str(image.guest)},
        cwd="/",
        check=True,
    )


def test_everybody_can_read_the_image(tmp_path: Path) -> None:
    image = build_image(tmp_path, "image-1")
    entries = [entry for entry in image.folder.rglob("*") if not entry.is_symlink()]
    assert all(entry.stat().st_mode & 0o004 for entry in entries)
    assert all(entry.stat().st_mode & 0o001 for entry in entries if entry.is_dir())
    assert (image.home / ".config/xfce4").is_dir()
    assert list(image.guest.glob("osarena_guest/__pycache__/app.*.pyc"))


def test_an_image_is_built_once(tmp_path: Path) -> None:
    first = build_image(tmp_path, "image-1").folder.stat().st_ino
    assert build_image(tmp_path, "image-1").folder.stat().st_ino == first
    assert not list(tmp_path.glob("draft-*"))


def test_the_name_stays_while_nothing_changes() -> None:
    assert image_name() == image_name()


def test_unused_images_and_drafts_are_removed(tmp_path: Path) -> None:
    for name in ("image-1", "image-2", "draft-3"):
        (tmp_path / name).mkdir()
    assert {entry.name for entry in remove_images(tmp_path, keep={"image-2"})} == {"image-1", "draft-3"}
    assert [entry.name for entry in tmp_path.iterdir()] == ["image-2"]


def test_what_was_installed_by_hand_is_hidden() -> None:
    assert hidden_folders()[0] == "/usr/local"
