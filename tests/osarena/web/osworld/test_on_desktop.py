"""A client that follows OSWorld's published routes drives a real desktop through the bridge."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import httpx
import numpy as np
import pytest
from lxml import etree
from PIL import Image

from osarena.errors import GuestError, UsageError
from osarena.guest.wait import wait_until
from osarena.perception.osworld_xml import namespaces
from osarena.providers.base import Machine, MachineSpec
from osarena.providers.local import LocalProvider
from osarena.web.osworld.serving import Ports, bridge
from osarena_evaluators.osworld import score
from tests.support.answers import answering
from tests.support.osworld_client import OSWorldClient

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(600)]

SPEC = MachineSpec()
NOTE = "/home/user/Desktop/note.txt"
TEXT = '//text[@st:multi_line="true" and @st:showing="true"]'


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    provider = LocalProvider(spares=0)
    with provider.machine(SPEC) as machine:
        yield machine
    provider.close()


@pytest.fixture(scope="module")
def ports(machine: Machine) -> Iterator[Ports]:
    with bridge(machine, SPEC, Ports(0, 0, 0)) as ports:
        yield ports


@pytest.fixture(scope="module")
def client(ports: Ports) -> Iterator[OSWorldClient]:
    with closing(OSWorldClient(ports.server)) as client:
        yield client


def place_of(client: OSWorldClient, xpath: str) -> tuple[int, int]:
    """The middle of the element that is there, as OSWorld's agents compute it."""

    def look() -> Any:
        tree = etree.fromstring(client.accessibility_tree())
        return tree.xpath(xpath, namespaces=namespaces())

    (element, *_) = wait_until(look, timeout_s=30, what=xpath)
    component = namespaces()["cp"]
    (x, y), (width, height) = (
        map(int, re.findall(r"-?\d+", element.get(f"{{{component}}}{name}"))) for name in ("screencoord", "size")
    )
    return x + width // 2, y + height // 2


def test_a_file_is_uploaded_opened_typed_into_and_fetched(client: OSWorldClient) -> None:
    client.upload(NOTE, b"milk\n")
    client.open(NOTE)
    assert score("check_accessibility_tree", client.accessibility_tree(), [{"xpath": TEXT, "text": "milk\n"}]) == 1
    x, y = place_of(client, TEXT)
    assert client.act(f"pyautogui.click({x}, {y}); pyautogui.hotkey('ctrl', 'end')")["returncode"] == 0
    assert client.get("/cursor_position").json() == [x, y]
    client.act("pyautogui.typewrite('bread; é'); time.sleep(0.1); pyautogui.hotkey('ctrl', 's')")
    wait_until(lambda: client.file(NOTE).decode().split() == ["milk", "bread;", "é"], timeout_s=20, what="the saved file")
    tree = client.directory_tree("/home/user/Desktop")
    assert {"type": "file", "name": "note.txt"} in tree["children"]
    # What a controller does for MOVE_TO, MOUSE_DOWN and MOUSE_UP, each in a request of its own: selects by dragging.
    client.act(f"pyautogui.moveTo({x}, {y}, 0.7, pyautogui.easeInQuad)")
    for command in ("mouseDown(button='left')", f"moveTo({x - 300}, {y - 300}, 0.6, pyautogui.easeOutQuad)", "mouseUp()"):
        assert client.act(f"pyautogui.{command}") == {"status": "success", "output": "", "error": "", "returncode": 0}


def test_the_screen_is_shown_with_the_pointer_and_told_of(client: OSWorldClient) -> None:
    client.act("pyautogui.moveTo(400, 300)")
    seen = np.asarray(Image.open(io.BytesIO(client.screenshot())))
    assert seen.shape == (1080, 1920, 3)
    assert tuple(seen[310, 402]) == (255, 255, 255)
    assert client.post("/screen_size").json() == {"width": 1920, "height": 1080}
    assert client.post("/desktop_path").json() == {"desktop_path": "/home/user/Desktop"}
    assert client.get("/platform").text == "Linux"
    assert client.window_size("mousepad")["width"] > 100


def test_programs_run_in_the_desktop(client: OSWorldClient) -> None:
    answer = client.execute(["python", "-c", "import platform; print(platform.node())"])
    assert (answer["output"], answer["returncode"]) == ("desktop\n", 0)
    assert client.execute("echo $HOME; false || python -c 'print(1)'; exit 3", shell=True) == {
        "status": "success", "output": "/home/user\n1\n", "error": "", "returncode": 3,
    }  # fmt: skip
    assert client.execute("cat ~/Desktop/note.txt")["output"].startswith("milk")
    untranslatable = client.execute(["python", "-c", "import pyautogui, sys; pyautogui.screenshot('a.png')"])
    assert untranslatable["returncode"] != 0
    assert "cannot be translated into actions" in untranslatable["error"]
    done = client.run_python("import os\nprint(os.getcwd())\nraise SystemExit(2)")
    assert (done["status"], done["output"], done["return_code"]) == ("error", "/home/user\n", 2)
    script = client.run_bash("pwd; echo oops >&2", working_dir="/tmp")
    assert script == {"status": "success", "output": "/tmp\noops\n", "error": "", "returncode": 0}
    verified = client.post(
        "/execute_with_verification",
        {"command": "touch /tmp/made", "shell": True, "verification": {"command_success": "test -e /tmp/made"}},
    )
    assert verified.json()["verification"] == "passed"


def test_windows_are_activated_and_closed(client: OSWorldClient) -> None:
    client.launch(["xfce4-terminal"])
    wait_until(lambda: client.terminal_output() is not None, timeout_s=30, what="the terminal")
    client.act("pyautogui.typewrite('echo $((6*7))\\n')")
    wait_until(lambda: "\n42" in (client.terminal_output() or ""), timeout_s=20, what="what the command prints")
    client.activate_window("note.txt")
    client.close_window("mousepad", by_class=True)
    client.close_window("xfce4-terminal.Xfce4-terminal", strict=True, by_class=True)
    wait_until(lambda: client.terminal_output() is None, timeout_s=20, what="the terminal's end")
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        client.activate_window("no such window")


def test_others_are_answered_while_a_program_runs(client: OSWorldClient) -> None:
    with ThreadPoolExecutor(8) as pool:
        script = pool.submit(client.run_bash, "for i in $(seq 200); do [ -e /tmp/go ] && exit 5; sleep 0.1; done")
        shots = list(pool.map(lambda _: client.screenshot(), range(6)))
        client.execute(["touch", "/tmp/go"])
        assert script.result()["returncode"] == 5
    assert {Image.open(io.BytesIO(shot)).size for shot in shots} == {(1920, 1080)}


def test_the_screen_is_filmed(client: OSWorldClient) -> None:
    client.start_recording()
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        client.start_recording()
    client.act("pyautogui.moveTo(10, 10); time.sleep(1); pyautogui.moveTo(500, 500)")
    assert client.end_recording()[4:8] == b"ftyp"


def test_the_backdrop_is_changed(client: OSWorldClient) -> None:
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        client.post("/wallpaper")
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), (200, 30, 90)).save(picture, "PNG")
    client.upload("~/Pictures/red.png", picture.getvalue())
    client.post("/setup/change_wallpaper", {"path": "~/Pictures/red.png"})
    assert client.post("/wallpaper").content == picture.getvalue()

    def is_red() -> bool:
        return tuple(np.asarray(Image.open(io.BytesIO(client.screenshot())))[700, 1500]) == (200, 30, 90)

    wait_until(is_red, timeout_s=20, what="the new backdrop", interval_s=0.5)


def test_this_machine_downloads_for_the_desktop(client: OSWorldClient) -> None:
    with answering(lambda _: b"price,2\n") as port:
        client.download(f"http://127.0.0.1:{port}/prices.csv", "/home/user/new/prices.csv")
    assert client.file("/home/user/new/prices.csv") == b"price,2\n"
    with pytest.raises(httpx.HTTPStatusError, match="500"):
        client.download("file:///etc/passwd", "/home/user/passwd")


def test_the_browser_is_debugged_from_here(client: OSWorldClient, ports: Ports) -> None:
    client.upload("/home/user/page.html", b"<title>Wares</title><p>fine wares")
    client.launch(["google-chrome", "--remote-debugging-port=1337", "file:///home/user/page.html"])
    client.launch(["socat", "tcp-listen:9222,fork", "tcp:localhost:1337"])
    url = f"http://localhost:{ports.chrome}"

    def titles() -> list[str]:
        try:
            return [page["title"] for page in httpx.get(f"{url}/json/list", timeout=10).json() if page["type"] == "page"]
        except httpx.TransportError:
            return []

    wait_until(lambda: "Wares" in titles(), timeout_s=60, what="the page", interval_s=0.5)
    assert str(ports.chrome) in httpx.get(f"{url}/json/version").json()["webSocketDebuggerUrl"]
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(url)
        (page,) = browser.contexts[0].pages
        assert page.inner_text("p") == "fine wares"
        browser.close()


def test_vlc_answers_from_here(client: OSWorldClient, ports: Ports) -> None:
    client.launch("vlc")
    seen = [""]

    def state() -> str:
        try:
            answer = httpx.get(f"http://127.0.0.1:{ports.vlc}/requests/status.xml", auth=("", "password"), timeout=10)
        except httpx.TransportError as error:
            seen.append(repr(error))
            return ""
        seen.append(f"{answer.status_code} {answer.text}")
        return answer.text if answer.status_code == 200 else ""

    try:
        assert "<state>stopped</state>" in wait_until(state, timeout_s=60, what="VLC's answer", interval_s=0.5)
    except GuestError as error:
        running = client.post("/execute", {"command": ["ps", "-eo", "pid,stat,wchan,args"]}).json()
        pytest.fail(f"{error}; it said {seen[-1]!r:.300}; what runs: {running}")


def test_a_program_of_their_desktop_is_the_one_that_does_its_work_here(client: OSWorldClient) -> None:
    client.upload("/home/user/letter.txt", b"Dear Ada")
    client.launch(["gedit", "/home/user/letter.txt"])
    place_of(client, '//frame[contains(@name, "letter.txt")]')


def test_a_port_that_is_taken_is_named(machine: Machine, ports: Ports) -> None:
    with pytest.raises(UsageError, match=f":{ports.server}: "), bridge(machine, SPEC, Ports(ports.server, 0, 0)):
        pass
