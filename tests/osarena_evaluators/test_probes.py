"""Probes against a desktop of files."""

from __future__ import annotations

import io
import json
from typing import Any, cast
from zipfile import ZipFile

import pytest

from osarena.errors import CheckerError, EvidenceMissing, NoSuchFile
from osarena.grading.model import Ending, is_live
from osarena.guest.client import Guest
from osarena.registry import find_function, list_functions
from osarena.types.geometry import Box
from osarena.types.observation import Observe, RawObservation, Window
from osarena.types.tree import Node, Tree
from osarena_evaluators.probes import answer, browser, command, database, file, folder, screen, site
from osarena_evaluators.readers import files, listings
from tests.support.evaluators import FileGuest, OneSite


def guest(*args: Any) -> Guest:
    return cast(Guest, FileGuest(*args))


def test_a_file() -> None:
    assert file.file(guest({"a": b"1"}), "a") == b"1"
    with pytest.raises(NoSuchFile):
        file.file(guest({}), "a")


FOLDER = {"d/b.txt": b"2", "d/a/": b"", "d/a/c.txt": b"3", "d/empty/": b"", "elsewhere": b""}


def test_a_folder_with_all_that_is_in_it() -> None:
    data = folder.folder(guest(FOLDER), "d")
    assert files.paths(data) == ["a/c.txt", "b.txt", "empty/"]
    assert files.texts(data) == {"a/c.txt": "3", "b.txt": "2"}
    with ZipFile(io.BytesIO(data)) as archive:
        assert [oct(member.external_attr >> 16) for member in archive.infolist()] == [
            "0o40644",
            "0o100644",
            "0o100644",
            "0o40644",
        ]


def test_the_same_folder_gives_the_same_bytes() -> None:
    assert folder.folder(guest(FOLDER), "d") == folder.folder(guest(dict(reversed(FOLDER.items()))), "d")


def test_a_listing_tells_of_times_and_permissions() -> None:
    assert listings.permissions(folder.listing(guest(FOLDER), "d"))["b.txt"] == "rw-r--r--"
    assert [entry["path"] for entry in listings.entries(folder.listing(guest(FOLDER), "d"))] == ["a", "a/c.txt", "b.txt", "empty"]


def test_a_folder_that_is_not_there() -> None:
    with pytest.raises(NoSuchFile):
        folder.folder(guest(FOLDER), "e")


def test_a_folder_that_holds_too_much_is_not_fetched() -> None:
    many = FileGuest({f"d/{number}": b"" for number in range(folder.MAX_ENTRIES + 1)})
    with pytest.raises(EvidenceMissing, match="d holds 5001 entries with 0 bytes, which is too much to look at"):
        folder.folder(cast(Guest, many), "d")
    assert many.asked == []


def test_a_database_with_what_lies_beside_it() -> None:
    desktop = guest({"d/a.sqlite": b"1", "d/a.sqlite-wal": b"2", "d/b.sqlite": b"3", "d/b.sqlite-journal": b"4"})
    assert files.texts(database.database(desktop, "d/a.sqlite")) == {"main": "1", "main-wal": "2"}
    assert files.texts(database.database(desktop, "d/b.sqlite")) == {"main": "3", "main-journal": "4"}
    assert database.database(desktop, "d/a.sqlite") == database.database(desktop, "d/a.sqlite")
    with pytest.raises(NoSuchFile):
        database.database(desktop, "d/c.sqlite")


def test_a_sites_state() -> None:
    assert json.loads(site.site(OneSite({"orders": [1]}), "shop")) == {"orders": [1]}


def test_the_answer() -> None:
    assert answer.answer(Ending("done", "żółw")) == "żółw".encode()
    with pytest.raises(EvidenceMissing, match="the agent gave no answer"):
        answer.answer(Ending("done"))


def test_what_a_program_says() -> None:
    desktop = guest({}, {"date": b"today\n", "ps": b"bash\n", "xfconf-query": b"Adwaita\n"})
    assert command.command(desktop, ["date"]) == b"today\n"
    assert command.live(desktop, ["date"]) == b"today\n"
    assert command.processes(desktop) == b"bash\n"
    assert command.setting(desktop, "xsettings", "/Net/ThemeName") == b"Adwaita\n"
    assert command.settings(desktop, "xsettings") == b"Adwaita\n"
    with pytest.raises(EvidenceMissing, match="make ended with code 1: there is no such thing"):
        command.command(desktop, ["make", "coffee"])


def test_a_desktop_without_a_program_of_ours_is_a_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(desktop: FileGuest, argv: tuple[str, ...], *, timeout_s: float) -> None:
        raise NoSuchFile(argv[0])

    monkeypatch.setattr(FileGuest, "run", refuse)
    with pytest.raises(NoSuchFile):
        command.command(guest({}), ["./made-by-the-agent"])
    with pytest.raises(CheckerError, match="the desktop has no program xfconf-query"):
        command.setting(guest({}), "xsettings", "/Net/ThemeName")


def test_the_tabs_of_the_browser() -> None:
    listed = [{"type": "page", "url": "http://a/", "title": "A", "id": "1"}, {"type": "iframe", "url": "http://b/"}]
    assert json.loads(browser.tabs(guest({}, {"python3": json.dumps(listed).encode()}))) == [{"url": "http://a/", "title": "A"}]
    for answers in ({}, {"python3": b"<html>"}):
        with pytest.raises(EvidenceMissing):
            browser.tabs(guest({}, answers))


class ScreenGuest:
    """A guest with one window and one application."""

    def windows(self) -> tuple[Window, ...]:
        return (Window(7, "Notes", "mousepad", Box(1, 2, 3, 4), 0, is_focused=True),)

    def observe(self, want: Observe) -> RawObservation:
        button = Node("push button", "Save", states=frozenset({"showing", "enabled"}), box=Box(1, 2, 3, 4))
        root = Node(
            "desktop frame", children=(Node("application", "Mousepad", children=(button,)), Node("application", "xfdesktop"))
        )
        return RawObservation(tree=Tree(root) if want.tree else None)


def test_windows_and_tree() -> None:
    desktop = cast(Guest, ScreenGuest())
    assert json.loads(screen.windows(desktop)) == [
        {"title": "Notes", "app": "mousepad", "box": [1, 2, 3, 4], "is_focused": True, "is_minimized": False}
    ]
    (application,) = json.loads(screen.tree(desktop, "mouse"))
    assert application["name"] == "Mousepad"
    assert application["children"][0]["states"] == ["enabled", "showing"]
    assert [node["name"] for node in json.loads(screen.tree(desktop))] == ["Mousepad", "xfdesktop"]


def test_probes_that_need_the_session_are_live() -> None:
    ours = {address for address in list_functions("probe") if not address.startswith(("osworld", "waa"))}
    live = {address for address in ours if is_live(find_function("probe", address))}
    assert live == {
        "browser.elements", "browser.page", "browser.profile", "browser.tabs",
        "command.live", "command.processes", "command.setting", "command.settings",
        "screen.tree", "screen.windows",
    }  # fmt: skip
    assert ours - live == {"answer", "command", "database", "file", "folder", "folder.listing", "site"}
