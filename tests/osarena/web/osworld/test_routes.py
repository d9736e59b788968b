"""The routes over a desktop in memory: what is answered, and who and what is refused."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from osarena.errors import UsageError
from osarena.guest.client import FileEntry
from osarena.providers.base import MachineSpec
from osarena.providers.fake import FakeProvider
from osarena.types.geometry import Box, Size
from osarena.types.observation import Window
from osarena.web.osworld.app import create_app
from osarena.web.osworld.desktop import BridgedDesktop, expanded
from osarena.web.osworld.fields import is_loopback_host
from osarena.web.osworld.files import directory_tree
from osarena.web.osworld.serving import Ports, bridge, loopback
from osarena.web.osworld.wallpaper import picture_of, screens_of
from osarena.web.osworld.windows import find_window
from osarena.web.osworld.windows_only import WINDOWS_ONLY

SPEC = MachineSpec(screen=Size(640, 480))
PREFIX = "import pyautogui; import time; pyautogui.FAILSAFE = False; "
LOCAL = {"base_url": "http://127.0.0.1:5000"}


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    with FakeProvider("notes").machine(SPEC) as machine, closing(BridgedDesktop(machine.address, SPEC.screen)) as desktop:
        yield create_app(desktop).test_client()


def post(client: FlaskClient, path: str, body: Any) -> Any:
    return client.post(path, json=body, **LOCAL)


def act(client: FlaskClient, command: str) -> Any:
    return post(client, "/execute", {"command": ["python", "-c", PREFIX + command]}).json


def test_looking(client: FlaskClient) -> None:
    assert act(client, "pyautogui.moveTo(30, 40)")["returncode"] == 0
    shown = client.get("/screenshot", **LOCAL)
    assert (shown.status_code, shown.mimetype) == (200, "image/png")
    assert Image.open(io.BytesIO(shown.data)).size == (640, 480)
    assert client.get("/cursor_position", **LOCAL).json == [30, 40]
    assert client.get("/accessibility", **LOCAL).json["AT"].startswith("<desktop-frame xmlns:st=")
    assert client.get("/terminal", **LOCAL).json == {"output": None, "status": "success"}
    assert client.post("/screen_size", **LOCAL).json == {"width": 640, "height": 480}
    assert client.get("/platform", **LOCAL).data == b"Linux"


def test_a_button_is_held_from_one_request_to_the_next(client: FlaskClient) -> None:
    done = {"status": "success", "output": "", "error": "", "returncode": 0}
    for command in ("moveTo(30, 40)", "mouseDown()", "moveTo(90, 90)"):
        assert act(client, f"pyautogui.{command}") == done
    # The desktop itself knows of no pressed button; the drag is done when it is released.
    assert client.get("/cursor_position", **LOCAL).json == [30, 40]
    refused = act(client, "pyautogui.press('a')")
    assert "the pointer can only move" in refused["error"]
    assert act(client, "pyautogui.mouseUp()") == done
    assert client.get("/cursor_position", **LOCAL).json == [90, 90]


def test_files(client: FlaskClient) -> None:
    data = {"file_path": "~/Desktop/a.txt", "file_data": (io.BytesIO(b"one"), "a.txt")}
    assert client.post("/setup/upload", data=data, **LOCAL).data == b"File Uploaded"
    assert client.post("/file", data={"file_path": "$HOME/Desktop/a.txt"}, **LOCAL).data == b"one"
    missing = client.post("/file", data={"file_path": "~/b.txt"}, **LOCAL)
    assert (missing.status_code, missing.json["status"]) == (404, "error")
    tree = post(client, "/list_directory", {"path": "/home/user/Desktop"}).json["directory_tree"]
    assert {"type": "file", "name": "a.txt"} in tree["children"]


@pytest.mark.parametrize("host", ["evil.example:5000", "evil.example", "127.0.0.1.evil.example", "10.0.0.1:5000", ""])
def test_a_foreign_host_is_refused(client: FlaskClient, host: str) -> None:
    answer = client.get("/screenshot", headers={"Host": host})
    assert (answer.status_code, answer.json["status"]) == (403, "error")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:5000", "[::1]:5000", "LOCALHOST"])
def test_loopback_is_no_foreign_host(host: str) -> None:
    assert is_loopback_host(host)


def test_a_page_of_a_browser_is_refused(client: FlaskClient) -> None:
    assert client.get("/platform", headers={"Origin": "http://127.0.0.1:5000"}, **LOCAL).status_code == 403


@pytest.mark.parametrize(
    ("path", "sent", "status", "words"),
    [
        ("/execute", {"data": "{", "content_type": "application/json"}, 400, ""),
        ("/execute", {"data": "{}", "content_type": "text/plain"}, 415, ""),
        ("/execute", {"json": [1]}, 400, "must be a JSON object"),
        ("/execute", {"json": {}}, 400, "command is required"),
        ("/execute", {"json": {"command": [1]}}, 400, "command is required"),
        ("/execute", {"json": {"command": "echo 'a"}}, 400, "cannot be split"),
        ("/execute_with_verification", {"json": {"command": "echo", "verification": [1]}}, 400, "must be an object"),
        ("/setup/launch", {"json": {"command": "no-such-program"}}, 500, "no-such-program"),
        ("/run_python", {"json": {"code": ""}}, 400, "code is required"),
        ("/run_bash_script", {"json": {"script": ""}}, 400, "Script not supplied"),
        ("/run_bash_script", {"json": {"script": "a", "timeout": -1}}, 400, "seconds above 0"),
        ("/setup/upload", {"data": {"file_path": "a"}}, 400, "file_data are required"),
        ("/setup/download_file", {"json": {"url": "ftp://a.example/b", "path": "/tmp/b"}}, 500, "Failed to download"),
        ("/setup/activate_window", {"json": {"window_name": "nothing"}}, 404, "not found"),
        ("/list_directory", {"json": {"path": "/nowhere"}}, 400, "not a directory"),
        ("/window_size", {"data": {"app_class_name": "nothing"}}, 404, "no window"),
        ("/end_recording", {}, 400, "No recording in progress"),
        ("/no/such/route", {}, 404, ""),
        ("/screenshot", {}, 405, ""),
    ],
)
def test_what_cannot_be_done_is_refused(client: FlaskClient, path: str, sent: Any, status: int, words: str) -> None:
    answer = client.post(path, **sent, **LOCAL)
    assert (answer.status_code, answer.json["status"]) == (status, "error"), answer.data
    assert words in answer.json["message"]


@pytest.mark.parametrize("path", sorted(WINDOWS_ONLY))
def test_what_needs_windows_says_so(client: FlaskClient, path: str) -> None:
    answer = post(client, path, {"command": "computer.mouse.single_click()"})
    assert answer.status_code == 501
    assert answer.json["message"].startswith("this desktop is Linux")
    assert client.get("/probe", **LOCAL).json["status"] == "Probe successful"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::", "example.org", ""])
def test_nothing_but_loopback_is_listened_on(host: str) -> None:
    with pytest.raises(UsageError, match=r"loopback|no address"):
        loopback(host)
    with FakeProvider().machine(SPEC) as machine:
        with pytest.raises(UsageError), bridge(machine, SPEC, Ports(0, 0, 0), host=host):
            pass


def test_paths_begin_at_the_desktops_home() -> None:
    paths = ("~", "~/a", "$HOME/a", "${HOME}/a", "/a/~/b", "~user", "$HOMES")
    assert [expanded(path) for path in paths] == [
        *("/home/user", "/home/user/a", "/home/user/a", "/home/user/a", "/a/~/b", "~user", "$HOMES"),
    ]


def test_a_folder_is_told_as_a_tree() -> None:
    entries = [FileEntry(path, kind, 0, 0.0, 0) for path, kind in (("b", "folder"), ("b/c.txt", "file"), ("b.txt", "link"))]
    assert directory_tree("a", entries) == {
        "type": "directory",
        "name": "a",
        "children": [
            {"type": "directory", "name": "b", "children": [{"type": "file", "name": "c.txt"}]},
            {"type": "file", "name": "b.txt"},
        ],
    }


@pytest.mark.parametrize(
    ("name", "strict", "by_class", "found"),
    [
        ("notes", False, False, 3),
        ("Notes", True, False, 1),
        ("notes", True, False, None),
        ("Navigator.Firefox", True, True, 2),
        ("firefox", False, True, 2),
        ("firefox", True, True, None),
    ],
)
def test_windows_are_found_as_wmctrl_does(name: str, strict: bool, by_class: bool, found: int | None) -> None:
    titles = (("Notes", "Mousepad"), ("A page", "Firefox"), ("More notes", "Mousepad"))
    windows = [Window(number, *title, Box(0, 0, 1, 1), number) for number, title in enumerate(titles, 1)]
    window = find_window(windows, name, strict=strict, by_class=by_class)
    assert (window.id if window else None) == found


def test_the_backdrop_is_the_picture_of_the_first_screen_that_has_one() -> None:
    screen = "/backdrop/screen0/monitorVNC-0/workspace0"
    assert screens_of({}) == [screen]
    assert picture_of({f"{screen}/image-style": "0", f"{screen}/last-image": "/a.png"}) is None
    assert picture_of({f"{screen}/image-style": "5", f"{screen}/last-image": "file:///a%20b.png"}) == "/a b.png"


def test_ports_of_the_next_desktop() -> None:
    assert Ports(5000, 0, 8080).of(2) == Ports(5002, 0, 8082)
    assert Ports(5000, None, None).of(1) == Ports(5001, None, None)
