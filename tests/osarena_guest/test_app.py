"""The routes of the guest, over the desktop in memory."""

from __future__ import annotations

import base64
import io
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from osarena_guest import app as app_module
from osarena_guest.app import create_app
from osarena_guest.desktop import Desktop, DomReading, GuestProblem, TreeReading
from osarena_guest.fake import make_fake
from osarena_guest.protocol import ELEMENT, ERROR_TYPES, MAX_BODY_BYTES, MAX_FILE_BYTES, PAGE, unpack_message

TOKEN = "a token for tests"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def desktop() -> Desktop:
    return make_fake("notes")


@pytest.fixture
def client(desktop: Desktop) -> Iterator[FlaskClient]:
    app = create_app(desktop, TOKEN)
    with app.test_client() as client:
        client.environ_base["HTTP_AUTHORIZATION"] = HEADERS["Authorization"]
        yield client


def error_of(response: TestResponse) -> tuple[int, str]:
    error = response.get_json()["error"]
    assert error["type"] in ERROR_TYPES
    assert error["message"]
    return response.status_code, error["type"]


def look(client: FlaskClient, **want: Any) -> tuple[dict[str, Any], bytes]:
    response = client.post("/v1/observe", json=want)
    assert response.status_code == 200, response.get_json()
    header, body = unpack_message(response.data)
    return header, bytes(body)


def typed(desktop: Desktop) -> str:
    return str(desktop.extras["fake"].windows[0].widget("Text").text)


def type_in(client: FlaskClient, text: str, *, key: str) -> TestResponse:
    return client.post("/v1/perform", json={"key": key, "actions": [{"action": "type_text", "text": text}]})


# --- who may ask, and how it is refused


def test_every_route_wants_the_token(desktop: Desktop) -> None:
    app = create_app(desktop, TOKEN)
    with app.test_client() as client:
        for rule in app.url_map.iter_rules():
            for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
                for given in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}, {"Authorization": "Bearer é"}):
                    assert error_of(client.open(rule.rule, method=method, headers=given)) == (401, "unauthorized")


def test_unknown_routes_and_methods_are_refused_in_the_protocols_form(client: FlaskClient) -> None:
    assert error_of(client.get("/v1/nothing")) == (400, "bad_request")
    assert error_of(client.delete("/v1/health")) == (400, "bad_request")


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b'"text"', b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(client: FlaskClient, body: bytes) -> None:
    for route in ("observe", "perform", "run", "windows/wait", "windows/activate", "files/folder", "relay", "record/start"):
        assert error_of(client.post(f"/v1/{route}", data=body)) == (400, "bad_request")


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("perform", {"actions": []}),
        ("perform", {"key": "k", "actions": "click"}),
        ("perform", {"key": "k", "actions": [["click"]]}),
        ("perform", {"key": "k", "actions": [{"action": "explode"}]}),
        ("perform", {"key": "k", "actions": [], "settle": {"still_s": 1}}),
        ("perform", {"key": "k", "actions": [], "settle": {"still_s": "1", "deadline_s": 1}}),
        ("run", {"argv": []}),
        ("run", {"argv": "ls"}),
        ("run", {"argv": ["ls\0"]}),
        ("run", {"argv": ["ls"], "env": {"A": 1}}),
        ("run", {"argv": ["ls"], "env": ["A"]}),
        ("run", {"argv": ["ls"], "cwd": 3}),
        ("run", {"argv": ["ls"], "timeout_s": -1}),
        ("run", {"argv": ["ls"], "stdin": "é"}),
        ("windows/activate", {"id": "1"}),
        ("windows/wait", {"timeout_s": "long"}),
        ("observe", {"smell": True}),
        ("observe", {"tree": "yes"}),
        ("observe", {"tree": {"nodes": "all"}}),
        ("observe", {"dom": True}),
        ("observe", {"dom": {"elements": 0}}),
        ("observe", {"dom": {"elements": 2.5}}),
        ("observe", {"dom": {"seconds": 1000}}),
        ("observe", {"dom": {"script": "alert(1)"}}),
        ("observe", {"screenshot": True}),
        ("observe", {"screenshot": {"format": "gif"}}),
        ("observe", {"screenshot": {"colour": "red"}}),
        ("observe", {"screenshot": {"scale": 0}}),
        ("observe", {"screenshot": {"scale": "big"}}),
        ("observe", {"screenshot": {"region": [0, 0, 0, 10]}}),
        ("observe", {"screenshot": {"region": 4}}),
        ("observe", {"settle": {"still_s": float("nan"), "deadline_s": 1}}),
    ],
)
def test_unusable_fields_are_refused(client: FlaskClient, route: str, body: dict[str, Any]) -> None:
    assert error_of(client.post(f"/v1/{route}", json=body)) == (400, "bad_request")


def test_bodies_have_a_size_limit(client: FlaskClient) -> None:
    too_long = {"CONTENT_LENGTH": str(MAX_BODY_BYTES + 1)}
    assert error_of(client.post("/v1/observe", data=b"{}", environ_overrides=too_long)) == (413, "too_large")
    too_long = {"CONTENT_LENGTH": str(MAX_FILE_BYTES + 1)}
    assert error_of(client.put("/v1/files?path=a", data=b"", environ_overrides=too_long)) == (413, "too_large")


def test_a_fault_of_the_guest_is_told_as_one(client: FlaskClient, desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[dict[str, Any]]:
        raise KeyError("oops")

    monkeypatch.setattr(desktop.windows, "list", broken)
    assert error_of(client.get("/v1/windows")) == (500, "internal")


def test_a_desktop_that_hangs_does_not_hang_the_guest(
    client: FlaskClient, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()
    monkeypatch.setattr(desktop.windows, "list", lambda: released.wait(20))
    monkeypatch.setattr(app_module, "_ROUTE_S", 0.05)
    try:
        assert error_of(client.get("/v1/windows")) == (504, "timeout")
        assert client.get("/v1/health").status_code == 200
    finally:
        released.set()


# --- observe


def test_a_screenshot_comes_in_every_format(client: FlaskClient, desktop: Desktop) -> None:
    raw_header, raw = look(client, screenshot={"format": "raw"})
    assert raw_header["screenshot"]["size"] == [640, 480]
    assert raw == bytes(desktop.screen.grab().pixels)
    expected = Image.frombuffer("RGB", (640, 480), raw, "raw", "BGRX", 0, 1)
    for lossless in ("png", "webp"):
        _, data = look(client, screenshot={"format": lossless})
        assert Image.open(io.BytesIO(data)).convert("RGB").tobytes() == expected.tobytes()
    _, jpeg = look(client, screenshot={"format": "jpeg", "quality": 80})
    assert Image.open(io.BytesIO(jpeg)).size == (640, 480)


def test_a_screenshot_can_be_a_part_and_smaller(client: FlaskClient, desktop: Desktop) -> None:
    header, raw = look(client, screenshot={"format": "raw", "region": [10, 20, 30, 40]})
    assert header["screenshot"]["size"] == [30, 40]
    whole = Image.frombuffer("RGB", (640, 480), bytes(desktop.screen.grab().pixels), "raw", "BGRX", 0, 1)
    part = Image.frombuffer("RGB", (30, 40), raw, "raw", "BGRX", 0, 1)
    assert part.tobytes() == whole.crop((10, 20, 40, 60)).tobytes()
    header, data = look(client, screenshot={"format": "png", "scale": 0.5})
    assert Image.open(io.BytesIO(data)).size == tuple(header["screenshot"]["size"]) == (320, 240)


def test_what_is_known_is_not_sent_again(client: FlaskClient) -> None:
    header, _ = look(client, screenshot={"format": "raw"}, tree={})
    known = {"screenshot": {"format": "raw", "known": header["screenshot"]["hash"]}, "tree": {"known": header["tree"]["version"]}}
    again, body = look(client, **known)
    assert again["screenshot"] | {"unchanged": True, "where": "none"} == again["screenshot"]
    assert again["tree"] | {"unchanged": True, "nodes": None} == again["tree"]
    assert body == b""
    type_in(client, "x", key="1")
    changed, body = look(client, **known)
    assert not changed["screenshot"]["unchanged"]
    assert not changed["tree"]["unchanged"]
    assert len(body) == 640 * 480 * 4


def test_any_subset_of_parts_may_be_asked_for(client: FlaskClient) -> None:
    header, body = look(client)
    assert (set(header), body) == ({"consistent", "settled", "timings_ms"}, b"")
    header, _ = look(client, cursor=True, windows=True, focus=True, terminal=True, clipboard=True)
    assert header["cursor"] == [0, 0]
    assert header["windows"][0]["app"] == "fake-notes"
    assert header["focus"][0] == -1
    assert header["terminal"] is None
    assert header["clipboard"] is None
    assert "dom" not in header


def test_pages_are_told_of_within_a_budget(client: FlaskClient, desktop: Desktop) -> None:
    assert look(client, dom={})[0]["dom"] == {"truncated": False, "pages": []}
    desktop.programs.launch(["fake-browser"], env={}, cwd=None)
    desktop.inputs.move(300, 150)
    header, _ = look(client, dom={"elements": 2, "seconds": 0.5})
    assert header["dom"]["truncated"]
    (page,) = header["dom"]["pages"]
    assert set(page) == set(PAGE)
    assert [set(element) for element in page["elements"]] == [set(ELEMENT)] * 2
    assert "dom" in header["timings_ms"]


def test_pages_and_screen_are_of_one_moment(client: FlaskClient, desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    read = desktop.dom.read

    def changes(*, elements: int, seconds: float) -> DomReading:
        desktop.inputs.type_text("!")
        return read(elements=elements, seconds=seconds)

    assert look(client, screenshot={"format": "raw"}, dom={})[0]["consistent"]
    monkeypatch.setattr(desktop.dom, "read", changes)
    assert not look(client, screenshot={"format": "raw"}, dom={})[0]["consistent"]


def test_a_screen_that_changes_while_the_tree_is_read_is_told_of(
    client: FlaskClient, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = desktop.tree.read
    assert look(client, screenshot={"format": "raw"}, tree={})[0]["consistent"]

    def changes_once(*, nodes: int, seconds: float) -> TreeReading:
        if typed(desktop) == "":
            desktop.inputs.type_text("!")
        return read(nodes=nodes, seconds=seconds)

    monkeypatch.setattr(desktop.tree, "read", changes_once)
    assert look(client, screenshot={"format": "raw"}, tree={})[0]["consistent"]  # at the second attempt

    def changes_always(*, nodes: int, seconds: float) -> TreeReading:
        desktop.inputs.type_text("!")
        return read(nodes=nodes, seconds=seconds)

    monkeypatch.setattr(desktop.tree, "read", changes_always)
    header, body = look(client, screenshot={"format": "raw"}, tree={})
    assert not header["consistent"]
    assert body == bytes(desktop.screen.grab().pixels)  # the latest one


def test_a_tree_that_does_not_fit_the_budget_is_marked(client: FlaskClient) -> None:
    header, _ = look(client, tree={"nodes": 2})
    assert header["tree"]["truncated"]
    assert len(header["tree"]["nodes"]) == 2


# --- perform


def test_actions_are_carried_out_in_order_up_to_the_first_that_fails(client: FlaskClient, desktop: Desktop) -> None:
    actions = [
        {"action": "type_text", "text": "a"},
        {"action": "click", "point": [9999, 1]},
        {"action": "type_text", "text": "b"},
    ]
    results = client.post("/v1/perform", json={"key": "k", "actions": actions}).get_json()["results"]
    assert [result["ok"] for result in results] == [True, False]
    assert "outside the 640x480 screen" in results[1]["detail"]
    assert typed(desktop) == "a"


def test_one_invalid_action_keeps_all_from_being_carried_out(client: FlaskClient, desktop: Desktop) -> None:
    actions = [{"action": "type_text", "text": "a"}, {"action": "press", "key": "nokey"}]
    assert error_of(client.post("/v1/perform", json={"key": "k", "actions": actions})) == (400, "bad_request")
    assert typed(desktop) == ""


def test_a_retried_key_gets_the_first_answer_and_does_nothing_twice(client: FlaskClient, desktop: Desktop) -> None:
    first = type_in(client, "once", key="k").get_json()
    assert type_in(client, "once", key="k").get_json() == first
    assert typed(desktop) == "once"
    type_in(client, "!", key="another")
    assert typed(desktop) == "once!"


def test_a_key_stands_for_one_list_of_actions(client: FlaskClient, desktop: Desktop) -> None:
    type_in(client, "once", key="k")
    assert error_of(type_in(client, "twice", key="k")) == (400, "bad_request")
    assert typed(desktop) == "once"


def test_a_key_that_is_retried_while_the_first_runs_waits_for_its_answer(
    client: FlaskClient, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_text = desktop.inputs.type_text
    begun, go_on = threading.Event(), threading.Event()

    def slowly(text: str) -> None:
        begun.set()
        assert go_on.wait(10)
        type_text(text)

    monkeypatch.setattr(desktop.inputs, "type_text", slowly)
    app = client.application

    def send() -> Any:
        with app.test_client() as own:
            own.environ_base["HTTP_AUTHORIZATION"] = HEADERS["Authorization"]
            return type_in(own, "once", key="k").get_json()

    with ThreadPoolExecutor() as pool:
        first = pool.submit(send)
        assert begun.wait(10)
        retries = [pool.submit(send) for _ in range(3)]
        go_on.set()
        answers = [answer.result(10) for answer in (first, *retries)]
    assert answers[0]["results"][0]["ok"]
    assert answers == [answers[0]] * 4
    assert typed(desktop) == "once"


def test_a_lost_desktop_is_told_to_every_retry(client: FlaskClient, desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(text: str) -> None:
        raise GuestProblem("desktop_gone", "the X server is gone")

    monkeypatch.setattr(desktop.inputs, "type_text", gone)
    for _ in range(2):
        assert error_of(type_in(client, "a", key="k")) == (503, "desktop_gone")


def test_what_was_pressed_is_released_after_a_failure(
    client: FlaskClient, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    released: list[bool] = []
    monkeypatch.setattr(desktop.inputs, "release_all", lambda: released.append(True))
    type_in(client, "a", key="1")
    assert not released
    actions = [{"action": "key_down", "key": "ctrl"}, {"action": "move", "point": [-1, 0]}]
    client.post("/v1/perform", json={"key": "2", "actions": actions})
    assert released == [True]


def test_a_shell_command_tells_what_it_printed(client: FlaskClient) -> None:
    def shell(command: str, key: str) -> dict[str, Any]:
        body = {"key": key, "actions": [{"action": "shell", "command": command}]}
        result: dict[str, Any] = client.post("/v1/perform", json=body).get_json()["results"][0]
        return result

    assert shell("echo hello", "1") | {"ok": True, "output": "hello\n", "detail": ""} == shell("echo hello", "1")
    assert shell("false", "2")["detail"] == "exit status 1"


# --- programs, files, windows


def test_a_program_is_run_and_answers(client: FlaskClient) -> None:
    body = {"argv": ["cat"], "stdin": base64.b64encode(b"in").decode(), "timeout_s": 5}
    answer = client.post("/v1/run", json=body).get_json()
    assert (answer["exit_code"], base64.b64decode(answer["stdout"]), answer["timed_out"]) == (0, b"in", False)


def test_files_are_written_listed_read_and_removed(client: FlaskClient) -> None:
    assert client.put("/v1/files?path=~/new/data.bin&mode=600", data=b"\0\xff").status_code == 200
    assert client.get("/v1/files?path=~/new/data.bin").data == b"\0\xff"
    listed = client.get("/v1/files/list?path=~/new").get_json()
    assert [entry["path"] for entry in listed["entries"]] == ["data.bin"]
    assert not listed["truncated"]
    assert client.delete("/v1/files?path=~/new").status_code == 200
    for method, route in (("GET", "files"), ("DELETE", "files"), ("GET", "files/list")):
        assert error_of(client.open(f"/v1/{route}?path=~/new", method=method)) == (404, "no_such_file")


@pytest.mark.parametrize("query", ["", "?path=", "?path=a%00b", "?path=a&mode=rw"])
def test_a_path_must_be_given(client: FlaskClient, query: str) -> None:
    assert error_of(client.put(f"/v1/files{query}", data=b"")) == (400, "bad_request")


def test_windows_are_waited_for(client: FlaskClient) -> None:
    def wait(**body: Any) -> TestResponse:
        return client.post("/v1/windows/wait", json={"timeout_s": 0.05} | body)

    assert wait(app="NOTES").get_json()["window"]["app"] == "fake-notes"
    assert wait(title="no such", gone=True).get_json()["window"] is None
    assert error_of(wait(title="no such")) == (504, "timeout")
    assert error_of(wait(app="notes", gone=True)) == (504, "timeout")


def test_what_this_desktop_cannot_do_is_told(client: FlaskClient) -> None:
    assert error_of(client.post("/v1/record/start", json={"fps": 10})) == (501, "unsupported")
    assert error_of(client.post("/v1/record/stop", json={})) == (501, "unsupported")
    relay = {"host": "shop.example", "port": 80, "target": "unix:/x"}
    assert error_of(client.post("/v1/relay", json=relay)) == (501, "unsupported")


def test_health_tells_of_the_desktop(client: FlaskClient) -> None:
    health = client.get("/v1/health").get_json()
    assert health | {"ready": True, "platform": "fake", "screen": [640, 480], "share": False, "problem": None} == health
