"""What is fetched from a desktop with Windows, by the answers that its programs would give."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast

import pytest

from osarena.errors import CheckerError, EvidenceMissing, NoSuchFile
from osarena.grading.model import is_live
from osarena.guest.client import Completed, Guest
from osarena.registry import find_function
from osarena_evaluators.probes import waa
from osarena_evaluators.readers import explorer, osworld, registry, shortcuts
from osarena_evaluators.readers.archives import open_archive
from tests.support.evaluators import FileGuest
from tests.support.windows import hive, shortcut

TEMPORARY = "~/AppData/Local/Temp/osarena-registry.hiv"


class Windows(FileGuest):
    """A desktop of files that saves keys of its registry and knows what some programs print."""

    def __init__(self, files: dict[str, bytes], keys: dict[str, bytes], printed: dict[str, bytes]) -> None:
        super().__init__(files)
        self.keys, self.printed = keys, printed

    def run(self, argv: Sequence[str], *, timeout_s: float) -> Completed:  # type: ignore[override]
        line = " ".join(argv)
        self.asked.append(line)
        if line.startswith("cmd /c reg save "):
            if argv[4] not in self.keys:
                return Completed(1, b"", b"ERROR: The system was unable to find the specified registry key or value.\r\n")
            self.files[TEMPORARY] = self.keys[argv[4]]
            return Completed(0, b"The operation completed successfully.\r\n", b"")
        if line not in self.printed:
            raise NoSuchFile(f"there is no program {argv[0]}")
        return Completed(0, self.printed[line], b"")

    def remove(self, path: str) -> None:
        del self.files[path]


def windows(files: dict[str, bytes] | None = None, **kinds: Any) -> tuple[Guest, Windows]:
    desktop = Windows(files or {}, kinds.get("keys", {}), kinds.get("printed", {}))
    return cast(Guest, desktop), desktop


def test_a_key_of_the_registry_is_saved_read_and_removed() -> None:
    guest, desktop = windows(keys={"HKCU": hive({"a": {"x": 1}})})
    assert registry.value(waa.hive(guest, "HKCU"), below="a", name="x") == 1
    assert desktop.files == {}
    assert desktop.asked[0] == "cmd /c reg save HKCU %TEMP%\\osarena-registry.hiv /y"
    with pytest.raises(EvidenceMissing, match="unable to find the specified registry key"):
        waa.hive(guest, "HKLM\\NOTHING")


def test_several_keys_are_one_archive() -> None:
    guest, _ = windows(keys={"A": b"1", "B": b"2"})
    archive = open_archive(waa.hives(guest, ["B", "A"]))
    assert [archive.read(name) for name in archive.namelist()] == [b"2", b"1"]


def test_what_a_program_writes_has_the_line_ends_that_tasks_expect() -> None:
    guest, _ = windows(printed={"code --list-extensions": b"ms-python.python\r\n", "cmd /c echo 1 && echo 2": b"\xff\xfe1\x00"})
    assert osworld.output(waa.command(guest, ["code", "--list-extensions"])) == "ms-python.python\n"
    assert osworld.output(waa.command(guest, "code --list-extensions")) == "ms-python.python\n"
    assert osworld.output(waa.command(guest, "echo 1 && echo 2", shell=True)) == "1"
    assert osworld.output(waa.command(guest, ["nothing"])) is None


def test_files_and_folders_are_there_or_not() -> None:
    guest, _ = windows({"~/Documents/Work/a": b"", "~/b": b""})
    asked = [("~/b", False), ("~/c", False), ("~/Documents/Work", True), ("~/Documents/Play", True)]
    assert [waa.exists(guest, path, folder) for path, folder in asked] == [b"true", b"false", b"true", b"false"]


def test_folders_and_texts_are_gathered_and_what_is_missing_is_none() -> None:
    guest, _ = windows({"D/a.png": b"", "D/list.txt": "\ufeffa.png\r\n".encode()})
    assert explorer.lists_files(waa.gathered(guest, ["D"], ["D/list.txt"]), ending=".png") == "true"
    found = json.loads(waa.gathered(guest, ["X"], ["x"]))
    assert found == {"folders": [None], "files": [None]}


def test_shortcuts_on_the_desktop_by_their_endings() -> None:
    files = {"~/Desktop/a.lnk": shortcut("C:\\x"), "~/Desktop/b.URL": b"URL=x", "~/Desktop/c.txt": b"", "~/Desktop/d/e.lnk": b""}
    guest, _ = windows(files)
    assert list(shortcuts.on_desktop(waa.shortcuts(guest, [".lnk", ".url"]))) == ["a.lnk", "b.URL"]
    assert shortcuts.on_desktop(waa.shortcuts(guest, [".url"])) == {"b.URL": "URL=x"}
    assert shortcuts.on_desktop(waa.shortcuts(windows()[0], [".url"])) == {}


def test_attributes_permissions_and_the_time_come_as_they_are_printed() -> None:
    now = "powershell -NoProfile -Command Get-Date -Format yyyy-MM-ddTHH:mm:sszzz"
    guest, _ = windows(
        printed={"attrib C:\\a": b"A  H  C:\\a", "icacls C:\\d": b"C:\\d X:(F)", now: b"2026-05-03T14:05:00+02:00\r\n"}
    )
    assert waa.attributes(guest, "C:\\a") == b"A  H  C:\\a"
    assert waa.permissions(guest, "C:\\d") == b"C:\\d X:(F)"
    assert waa.clock(guest) == b"2026-05-03T14:05:00+02:00\r\n"
    with pytest.raises(CheckerError, match="the desktop has no program attrib"):
        waa.attributes(guest, "C:\\b")


def test_the_registry_and_windows_need_the_running_session() -> None:
    live = {name for name in ("hive", "hives", "command", "clock", "explorer") if is_live(find_function("probe", f"waa.{name}"))}
    still = {
        name
        for name in ("exists", "gathered", "shortcuts", "attributes", "permissions")
        if is_live(find_function("probe", f"waa.{name}"))
    }
    assert (len(live), still) == (5, set())
