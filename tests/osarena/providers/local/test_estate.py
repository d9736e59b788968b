"""Who lives, who is dead, and that nothing of the dead stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from osarena.guest.wait import wait_until
from osarena.providers.local import estate as estates
from osarena.providers.local import janitor
from osarena.providers.local.estate import Estate, images_in_use
from osarena.providers.local.leftovers import remove_leftovers

_OWNER = """
import sys, threading
from pathlib import Path
from osarena.providers.local import estate
estate._MEMORY = Path(sys.argv[1])
owned = estate.Estate()
owned.note_image("image-1")
owned.make_desktop_folder("a", None)
print(owned.folder, flush=True)
threading.Event().wait()
"""


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(estates, "_MEMORY", tmp_path)
    return tmp_path


def _start_owner(memory: Path) -> tuple[subprocess.Popen[str], Path]:
    owner = subprocess.Popen([sys.executable, "-c", _OWNER, str(memory)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout
    return owner, Path(owner.stdout.readline().strip())


def test_closing_removes_the_folder_and_the_janitor(memory: Path) -> None:
    estate = Estate()
    estate.make_desktop_folder("a", None)
    assert janitor.is_alive(estate.folder)
    estate.close()
    estate.close()
    assert not estate.folder.exists()
    assert estate._janitor.poll() is not None


def test_only_the_owner_can_look_at_the_sockets(memory: Path) -> None:
    estate = Estate()
    try:
        assert estate.sockets.stat().st_mode & 0o777 == 0o700
        # Nobody can list the others' desktops.
        assert not estate.folder.stat().st_mode & 0o066
    finally:
        estate.close()


def test_the_janitor_removes_what_a_killed_owner_had(memory: Path) -> None:
    owner, folder = _start_owner(memory)
    assert (folder / "desktops/a/share").is_dir()
    owner.kill()
    owner.wait()
    wait_until(lambda: not folder.exists(), timeout_s=10, what="the folder to be removed")


def test_the_janitor_leaves_a_stopped_owner_alone(memory: Path) -> None:
    owner, folder = _start_owner(memory)
    os.kill(owner.pid, signal.SIGSTOP)
    assert janitor.is_alive(folder)
    os.kill(owner.pid, signal.SIGCONT)
    owner.kill()
    owner.wait()
    wait_until(lambda: not folder.exists(), timeout_s=10, what="the folder to be removed")


def test_leftovers_of_the_dead_are_removed_and_those_of_the_living_are_not(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("osarena.providers.local.leftovers.existing_groups", lambda prefix: [])
    monkeypatch.setattr("osarena.providers.local.image.cache_folder", lambda: memory / "cache")
    living = Estate()
    dead = living.folder.parent / "1-dead"
    (dead / "desktops" / "x" / "share").mkdir(parents=True)
    (dead / "lock").touch()
    (living.folder.parent / "users").mkdir(exist_ok=True)
    orphan = subprocess.Popen(["sleep", "60"], env=janitor.sandbox_environment(living.folder.parent / "2-gone", "x"))
    other_users = subprocess.Popen(["sleep", "60"], env=janitor.sandbox_environment(memory / "osarena-1" / "2-gone", "x"))
    (living.folder.parent / "users" / "60600").write_text("1-dead")
    (living.folder.parent / "users" / "60601").write_text(living.name)
    try:
        removed = remove_leftovers()
        assert orphan.wait(timeout=5) == -signal.SIGKILL
        assert "sandboxes of the dead runner 2-gone" in removed
        assert other_users.poll() is None
        assert any(str(dead) in what and "with 1 desktop" in what for what in removed)
        assert not dead.exists()
        assert living.folder.exists()
        assert [lease.name for lease in living.folder.parent.glob("users/*")] == ["60601"]
    finally:
        other_users.kill()
        other_users.wait()
        living.close()


def test_an_image_is_in_use_while_its_provider_lives(memory: Path) -> None:
    owner, folder = _start_owner(memory)
    assert images_in_use(folder.parent) == {"image-1"}
    owner.kill()
    owner.wait()
    wait_until(lambda: images_in_use(folder.parent) == set(), timeout_s=10, what="the image to be free")


def test_what_a_program_made_unreadable_is_removed_too(tmp_path: Path) -> None:
    folder = tmp_path / "desktop"
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "file").touch()
    (folder / "a" / "b").chmod(0)
    (folder / "a").chmod(0o500)
    janitor.remove_folder(folder)
    assert not folder.exists()


def test_sandboxes_are_known_by_their_mark_and_ended_by_it() -> None:
    mine, other = (
        subprocess.Popen(["sleep", "60"], env=janitor.sandbox_environment(Path("/12-test"), name)) for name in ("mine", "other")
    )
    try:
        assert janitor.find_sandboxes("/12-test/") == {mine.pid: "/12-test/mine", other.pid: "/12-test/other"}
        janitor.end_sandboxes("/12-test/mine")
        assert mine.wait(timeout=5) == -signal.SIGKILL
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_the_janitor_ends_a_sandbox_that_did_not_notice_its_owners_death(memory: Path) -> None:
    owner, folder = _start_owner(memory)
    stuck = subprocess.Popen(["sleep", "60"], env=janitor.sandbox_environment(folder, "a"))
    owner.kill()
    owner.wait()
    assert stuck.wait(timeout=10) == -signal.SIGKILL
    wait_until(lambda: not folder.exists(), timeout_s=10, what="the folder to be removed")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's desktops run as users of their own")
def test_every_desktop_of_roots_has_a_user_of_its_own(memory: Path) -> None:
    one, two = Estate(), Estate()
    try:
        users = [one.lease_user(), one.lease_user(), two.lease_user()]
        assert len(set(users)) == 3
        one.release_user(users[0])
        assert two.lease_user() == users[0]
    finally:
        one.close()
        two.close()
    assert not list(one.folder.parent.glob("users/*"))


def test_a_state_folder_of_somebody_elses_is_refused(memory: Path) -> None:
    (memory / f"osarena-{os.geteuid()}").symlink_to("/tmp")
    with pytest.raises(estates.MachineError, match="belongs to somebody else"):
        Estate()
