"""What OSWorld's getters fetch, from a desktop of files, answers and windows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

import pytest

from osarena.errors import CheckerError, EvidenceMissing, NoSuchFile
from osarena.grading.model import is_live
from osarena.guest.client import Completed, Guest
from osarena.registry import find_function, list_functions
from osarena.types.actions import Action, Hotkey, Press, TypeText
from osarena.types.geometry import Box
from osarena.types.observation import Window
from osarena_evaluators.probes import osworld, osworld_apps
from osarena_evaluators.readers import files, osworld_slides
from osarena_evaluators.readers import osworld as readers
from tests.osarena_evaluators.cases.osworld import SLIDES
from tests.support.evaluators import FileGuest


class Desktop(FileGuest):
    """Files, what programs say by their first word, and a VLC above another window. `writes` come to be when keys are pressed."""

    def __init__(
        self, files: Mapping[str, bytes] = {}, answers: Mapping[str, bytes] = {}, writes: Mapping[str, bytes] = {}
    ) -> None:
        super().__init__(files, answers)
        self.writes = writes
        self.ran: list[Sequence[str]] = []
        self.done: list[Action] = []

    def run(self, argv: Any, *, timeout_s: float = 30.0, cwd: str | None = None) -> Completed:
        self.ran.append(list(argv))
        if argv[0] == "gone":
            raise NoSuchFile("gone")
        return super().run(argv, timeout_s=timeout_s)

    def windows(self) -> tuple[Window, ...]:
        return (
            Window(1, "a", "vlc", Box(0, 0, 9, 9), 0),
            Window(2, "b", "Vlc", Box(0, 0, 640, 480), 0),
            Window(3, "c", "x", Box(0, 0, 1, 1), 0),
        )

    def health(self) -> dict[str, Any]:
        return {"screen": [640, 480], "problem": None}

    def remove(self, path: str) -> None:
        if self.files.pop(path, None) is None:
            raise NoSuchFile(path)

    def perform(self, actions: Sequence[Action]) -> None:
        self.done += actions
        self.files |= self.writes


def guest(*args: Any, **kwargs: Any) -> Guest:
    return cast(Guest, Desktop(*args, **kwargs))


def test_several_files_of_which_one_is_missing() -> None:
    data = osworld.files(guest({"/a": b"1", "/c": b"3"}), ["/a", "/b", "/c"])
    assert readers.files(data, count=3) == [b"1", None, b"3"]
    assert readers.file(osworld.files(guest(), ["/a"])) is None


def test_a_file_with_the_date_in_its_name() -> None:
    desktop = guest({"/d.x/log_2026.csv": b"log", "/plain": b"p"}, {"date": b"_2026\n"})
    assert osworld.dated_file(desktop, "/d.x/log.csv", "_%Y") == b"log"
    assert osworld.dated_file(desktop, "/plain") == b"p"
    with pytest.raises(NoSuchFile):
        osworld.dated_file(guest({}, {"date": b"_2026\n"}), "/log.csv")


@pytest.mark.parametrize(
    ("command", "shell", "argv"),
    [
        ("ls -l 'a b'", False, ["ls", "-l", "a b"]),
        (["ls", "a b"], False, ["ls", "a b"]),
        ("ls | wc", True, ["sh", "-c", f"{osworld._WITH_PYTHON}ls | wc"]),
        (["echo $0", "x"], True, ["sh", "-c", f"{osworld._WITH_PYTHON}echo $0", "x"]),
        (["python", "a.py"], False, ["sh", "-c", f'{osworld._WITH_PYTHON}python "$@"', "python", "a.py"]),
    ],
)
def test_commands_as_osworlds_desktops_take_them(command: Any, shell: bool, argv: list[str]) -> None:
    desktop = Desktop()
    osworld.command(cast(Guest, desktop), command, shell)
    assert desktop.ran == [argv]


def test_what_a_program_did() -> None:
    desktop = guest({}, {"ls": b"a\n"})
    assert json.loads(osworld.command(desktop, "ls")) == {"exit_code": 0, "stdout": "a\n", "stderr": ""}
    assert json.loads(osworld.command(desktop, "make"))["stderr"] == "there is no such thing\n"
    assert readers.output(osworld.command(desktop, "gone")) is None


def test_the_screen_and_its_windows() -> None:
    assert json.loads(osworld.screen_size(guest())) == {"width": 640, "height": 480}
    assert json.loads(osworld.window_size(guest(), "vlc")) == {"width": 640, "height": 480}
    assert json.loads(osworld.window_size(guest(), "gimp")) is None


BACKDROPS = b"""/backdrop/screen0/monitor0/workspace0/last-image   /old.png
/backdrop/screen0/monitorVNC-0/workspace0/last-image   /home/user/a b.png
/backdrop/screen0/monitorVNC-0/workspace1/last-image   /other.png
/backdrop/single-workspace-mode   true
"""


def test_the_wallpaper() -> None:
    pictures = {"/old.png": b"old", "/home/user/a b.png": b"new"}
    assert osworld.wallpaper(guest(pictures, {"xfconf-query": BACKDROPS})) == b"new"
    assert osworld.wallpaper(guest(pictures, {"xfconf-query": BACKDROPS.splitlines()[0]})) == b"old"
    with pytest.raises(EvidenceMissing, match="no picture is set"):
        osworld.wallpaper(guest({}, {"xfconf-query": b"/backdrop/single-workspace-mode   true\n"}))
    with pytest.raises(NoSuchFile):
        osworld.wallpaper(guest({}, {"xfconf-query": BACKDROPS}))


def test_shortcuts_on_the_desktop() -> None:
    desktop = {
        "~/Desktop/a.desktop": b"Name=A", "~/Desktop/a.txt": b"x", "~/Desktop/d/": b"", "~/Desktop/d/b.desktop": b"Name=B",
    }  # fmt: skip
    assert json.loads(osworld.desktop_shortcuts(guest(desktop))) == {"a.desktop": "Name=A"}
    assert json.loads(osworld.desktop_shortcuts(guest())) == {}


def test_a_presentation_with_what_a_slide_refers_to() -> None:
    desktop = {"/a.pptx": SLIDES, "/home/user/a b.mp3": b"other sound", "/bad.pptx": b"x"}
    data = osworld.presentation(guest(desktop), "/a.pptx", 1)
    assert files.paths(data, hidden=True) == ["/home/user/a b.mp3", "main"]
    assert osworld_slides.audio(data, index=1) == b"other sound"
    assert files.paths(osworld.presentation(guest(desktop), "/a.pptx", 0)) == ["main"]
    with pytest.raises(EvidenceMissing, match="it is not a readable archive"):
        osworld_slides.audio(osworld.presentation(guest(desktop), "/bad.pptx", 0), index=0)


def test_google_drive_is_not_to_be_had() -> None:
    with pytest.raises(CheckerError, match="needs a Google account"):
        osworld.google_drive_file(guest())


def test_clock_and_players() -> None:
    assert osworld.clock(guest({}, {"date": b"2026-05-03T10:00:00+0000\n"})) == b"2026-05-03T10:00:00+0000\n"
    assert osworld.video_players(guest({}, {"sh": b"vlc.desktop\n"})) == b"vlc.desktop\n"


def test_the_status_of_vlc() -> None:
    assert osworld_apps.vlc_status(guest({}, {"python3": b"<root/>"})) == b"<root/>"
    said = b"(<{'mpris:trackid': <'/x'>, 'xesam:url': <'file:///a%20b.mp4'>, 'PlaybackStatus': 'Playing'}>,)"
    assert osworld_apps.vlc_status(guest({}, {"gdbus": said})) == (
        b'<root><state>playing</state><information><category name="meta"><info name="url">file:///a%20b.mp4</info>'
        b'<info name="filename">a b.mp4</info></category></information></root>'
    )
    with pytest.raises(EvidenceMissing, match="no VLC answers"):
        osworld_apps.vlc_status(guest())


def test_what_vs_code_writes_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    desktop = Desktop({"/a": b"old"}, writes={"/a": b"new"})
    assert osworld_apps.vscode_config(cast(Guest, desktop), "OpenProject", "/a") == b"new"
    assert desktop.done == [Hotkey(("ctrl", "shift", "p")), TypeText("OpenProject"), Press("enter")]
    monkeypatch.setattr(osworld_apps, "_FILE_TIMEOUT_S", 0.1)
    with pytest.raises(EvidenceMissing, match="VS Code wrote no /a when asked for 'OpenProject'"):
        osworld_apps.vscode_config(guest({"/a": b"old"}), "OpenProject", "/a")


def test_keys_are_pressed_again() -> None:
    desktop = Desktop()
    keys = [{"type": "hotkey", "param": ["ctrl", "s"]}, {"type": "typewrite", "param": "a"}, {"type": "press", "param": "enter"}]
    assert osworld_apps.replay(cast(Guest, desktop), keys) == b"null"
    assert desktop.done == [Hotkey(("ctrl", "s")), TypeText("a"), Press("enter")]
    with pytest.raises(CheckerError, match="nothing of the kind can be replayed"):
        osworld_apps.replay(cast(Guest, desktop), [{"type": "click"}])


def test_the_tree_as_the_desktop_tells_it() -> None:
    assert osworld_apps.tree(guest({}, {"python3": b"[]"})) == b"[]"


def test_files_go_last() -> None:
    ours = {
        address
        for address in list_functions("probe")
        if address.partition(".")[0] in ("osworld", "osworld_apps", "osworld_browser")
    }
    still = {address for address in ours if not is_live(find_function("probe", address))}
    assert still == {
        "osworld.files", "osworld.dated_file", "osworld.desktop_shortcuts", "osworld.presentation", "osworld.google_drive_file",
    }  # fmt: skip
