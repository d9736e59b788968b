"""The client, over the desktop in memory and over connections that fail."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from osarena.errors import GuestError, NoSuchFile
from osarena.guest.client import FileEntry, Guest, GuestAddress, connect
from osarena.guest.looks import Looks
from osarena.guest.wire import Wire
from osarena.types.actions import Click, Shell, TypeText, Wait
from osarena.types.dom import Dom
from osarena.types.geometry import Point
from osarena.types.observation import Observe, Settle
from osarena_guest.protocol import pack_message


@pytest.fixture
def guest(request: pytest.FixtureRequest) -> Guest:
    return connect(GuestAddress("fake", "notes", f"token of {request.node.name}"))


def guest_over(handler: Callable[[httpx.Request], httpx.Response], *, share: Path | None = None) -> Guest:
    return Guest(Wire(httpx.MockTransport(handler), token="t", timeout_s=5), share=share)


def message(
    width: int = 2, height: int = 1, *, where: str = "body", body: bytes = b"\1\2\3\0\4\5\6\0", **more: Any
) -> httpx.Response:
    part = {"hash": "h", "size": [width, height], "unchanged": False, "format": "raw", "where": where} | more
    header = {"screenshot": part, "consistent": True, "settled": True, "timings_ms": {}}
    return httpx.Response(200, content=pack_message(header, body))


SCREENSHOT = Observe(tree=False, windows=False, cursor=False)


# --- looking


def test_a_look_holds_what_was_asked_for(guest: Guest) -> None:
    seen = guest.observe(Observe(focus=True, terminal=True))
    assert seen.pixels is not None
    assert (seen.pixels.shape, seen.pixels.dtype) == ((480, 640, 3), np.uint8)
    assert seen.tree is not None
    assert seen.tree.root.role == "desktop frame"
    assert seen.windows[0].app == "fake-notes"
    assert seen.cursor == Point(0, 0)
    assert seen.focused is not None
    assert seen.consistent
    nothing = guest.observe(Observe(screenshot=False, tree=False, windows=False, cursor=False))
    assert (nothing.pixels, nothing.tree, nothing.windows, nothing.cursor, nothing.focused) == (None, None, (), None, None)


def test_the_pages_of_browsers_are_seen(guest: Guest) -> None:
    pages = Observe(screenshot=False, tree=False, windows=False, cursor=False, dom=True)
    assert guest.observe(pages).dom == Dom()
    assert guest.observe(Observe()).dom is None
    guest.launch(["fake-browser"])
    found = guest.observe(pages).dom
    assert found is not None
    assert [element.name for element in found.pages[0].elements] == ["Search", "Go", "In stock"]
    few = guest.observe(Observe(dom=True, dom_elements=1)).dom
    assert few is not None
    assert (few.truncated, len(few.pages[0].elements)) == (True, 1)


@pytest.mark.parametrize("pages", [{}, {"truncated": False}, {"truncated": False, "pages": [{"window": 1}]}, 3])
def test_pages_that_cannot_be_understood_are_the_guests_fault(pages: Any) -> None:
    header = {"dom": pages, "consistent": True, "settled": True, "timings_ms": {}}
    guest = guest_over(lambda request: httpx.Response(200, content=pack_message(header)))
    with pytest.raises(GuestError, match="cannot be understood"):
        guest.observe(Observe(dom=True))


def test_unchanged_parts_are_the_same_objects_and_changed_ones_are_not(guest: Guest) -> None:
    first = guest.observe()
    second = guest.observe()
    assert second.pixels is first.pixels
    assert second.tree is first.tree
    guest.perform([TypeText("x")])
    third = guest.observe()
    assert third.pixels is not first.pixels
    assert third.tree is not first.tree
    assert third.frame_hash != first.frame_hash


def test_pixels_are_rgb_and_cannot_be_written_to() -> None:
    seen = guest_over(lambda request: message()).observe(SCREENSHOT)
    assert seen.pixels is not None
    assert seen.pixels.tolist() == [[[3, 2, 1], [6, 5, 4]]]
    with pytest.raises(ValueError, match="read-only"):
        seen.pixels[0, 0, 0] = 1


@pytest.mark.parametrize("shares", [False, True], ids=["in the answer", "in the shared file"])
def test_rows_that_are_left_out_are_those_of_the_last_frame(tmp_path: Path, shares: bool) -> None:
    frames = np.random.default_rng(0).integers(0, 256, (3, 7, 5, 4), dtype=np.uint8)
    frames[1, 2:] = frames[0, 2:]
    frames[2, [0, 3, 4]] = frames[1, [0, 3, 4]]
    sent = iter([(0, [(0, 7)]), (1, [(0, 2)]), (2, [(1, 3), (5, 7)])])

    def answer(request: httpx.Request) -> httpx.Response:
        number, rows = next(sent)
        (tmp_path / "frame").write_bytes(frames[number].tobytes())
        body = b"" if shares else b"".join(frames[number, top:bottom].tobytes() for top, bottom in rows)
        return message(5, 7, where="share" if shares else "body", body=body, hash=f"frame {number}", rows=rows)

    guest = guest_over(answer, share=tmp_path if shares else None)
    for frame in frames:
        seen = guest.observe(SCREENSHOT)
        assert seen.pixels is not None
        assert (seen.pixels == frame[..., [2, 1, 0]]).all()


def test_rows_may_not_be_left_out_of_a_first_frame_or_one_of_another_size() -> None:
    guest = guest_over(lambda request: message(2, 2, rows=[(0, 1)]))
    with pytest.raises(GuestError, match="never sent"):
        guest.observe(SCREENSHOT)


def test_raw_frames_come_through_the_shared_file(tmp_path: Path) -> None:
    (tmp_path / "frame").write_bytes(b"\1\2\3\0\4\5\6\0 and more")
    asked: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content))
        return message(where="share", body=b"")

    seen = guest_over(answer, share=tmp_path).observe(SCREENSHOT)
    assert asked[0]["screenshot"]["share"]
    assert seen.pixels is not None
    assert seen.pixels.tolist() == [[[3, 2, 1], [6, 5, 4]]]


@pytest.mark.parametrize("trick", ["missing", "short", "link", "pipe", "folder"])
def test_a_shared_file_that_programs_of_the_desktop_tampered_with_is_an_error(tmp_path: Path, trick: str) -> None:
    secret, frame = tmp_path / "secret", tmp_path / "frame"
    secret.write_bytes(b"12345678")
    match trick:
        case "short":
            frame.write_bytes(b"1234567")
        case "link":
            frame.symlink_to(secret)
        case "pipe":
            os.mkfifo(frame)
        case "folder":
            frame.mkdir()
    with pytest.raises(GuestError, match="shared frame"):
        guest_over(lambda request: message(where="share"), share=tmp_path).observe(SCREENSHOT)


@pytest.mark.parametrize(
    "answer",
    [b"", b"\0\0", b"\0\0\0\2[]", pack_message({}), pack_message({"screenshot": {"hash": "h", "unchanged": True}})],
    ids=["empty", "short", "no object", "no facts", "unchanged but never sent"],
)
def test_an_answer_that_cannot_be_understood_is_an_error(answer: bytes) -> None:
    with pytest.raises(GuestError, match="cannot be understood"):
        guest_over(lambda request: httpx.Response(200, content=answer)).observe(SCREENSHOT)


def test_a_frame_with_too_few_pixels_is_an_error() -> None:
    with pytest.raises(GuestError, match="cannot be understood"):
        guest_over(lambda request: message(width=3)).observe(SCREENSHOT)


def test_looks_ask_only_for_what_is_not_known() -> None:
    looks = Looks(None)
    assert looks.request(SCREENSHOT)["screenshot"] == {"format": "raw", "known": None, "share": False, "patch": True}
    looks.understand(message().content)
    assert looks.request(SCREENSHOT)["screenshot"]["known"] == "h"
    assert "tree" not in looks.request(SCREENSHOT)


# --- acting


def test_actions_are_carried_out_and_reported(guest: Guest) -> None:
    report = guest.perform([TypeText("hello"), Click(Point(5, 5))])
    assert [result.ok for result in report.results] == [True, True]
    assert report.problem == ""
    failed = guest.perform([Click(Point(9999, 5)), TypeText("never")])
    assert len(failed.results) == 1
    assert "outside" in failed.problem


def test_a_broken_connection_is_tried_again_with_the_same_key() -> None:
    bodies: list[dict[str, Any]] = []

    def breaks_once(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        if len(bodies) == 1:
            raise httpx.ReadError("connection reset", request=request)
        return httpx.Response(200, json={"results": [{"ok": True, "ms": 1.0, "detail": ""}]})

    assert guest_over(breaks_once).perform([TypeText("x")]).results[0].ok
    assert bodies[0] == bodies[1]


def test_every_call_has_a_key_of_its_own() -> None:
    keys: set[str] = set()

    def remember(request: httpx.Request) -> httpx.Response:
        keys.add(json.loads(request.content)["key"])
        return httpx.Response(200, json={"results": []})

    guest = guest_over(remember)
    for _ in range(3):
        guest.perform([TypeText("x")])
    assert len(keys) == 3


def test_requests_that_may_not_happen_twice_are_not_repeated() -> None:
    count = 0

    def breaks(request: httpx.Request) -> httpx.Response:
        nonlocal count
        count += 1
        raise httpx.ReadError("connection reset", request=request)

    with pytest.raises(GuestError, match="cannot be reached: connection reset"):
        guest_over(breaks).run(["touch", "x"])
    assert count == 1


def test_the_time_that_actions_ask_for_extends_the_deadline() -> None:
    timeouts: list[float] = []

    def remember(request: httpx.Request) -> httpx.Response:
        timeouts.append(request.extensions["timeout"]["read"])
        return httpx.Response(200, json={"results": []})

    guest = guest_over(remember)
    guest.perform([])
    guest.perform([Wait(7), Shell("x", timeout_s=20)], settle=Settle(deadline_s=3))
    assert timeouts == [5, 35]


def test_no_answer_in_time_is_an_error() -> None:
    def late(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("late", request=request)

    with pytest.raises(GuestError, match=r"did not answer /v1/health in time|did not answer GET /v1/health in time"):
        guest_over(late).health()


# --- errors, files, windows


def test_errors_of_the_guest_become_ours(guest: Guest) -> None:
    with pytest.raises(NoSuchFile, match=r"missing\.txt"):
        guest.read("~/missing.txt")
    with pytest.raises(GuestError, match=r"waited 0\.05 s in vain for a window"):
        guest.wait_for_window(title="nothing like it", timeout_s=0.05)
    with pytest.raises(GuestError, match="status 502"):
        guest_over(lambda request: httpx.Response(502, json={})).health()
    with pytest.raises(GuestError, match="not JSON"):
        guest_over(lambda request: httpx.Response(200, content=b"<html>")).health()


def test_a_wrong_token_is_an_error() -> None:
    right = GuestAddress("fake", "empty", "right")
    connect(right).health()
    wire = Wire(httpx.MockTransport(lambda request: connect_and_forward(right, request)), token="wrong", timeout_s=5)
    with pytest.raises(GuestError, match="token is missing or wrong"):
        Guest(wire).health()


def connect_and_forward(address: GuestAddress, request: httpx.Request) -> httpx.Response:
    from osarena.guest.fake import transport

    return transport(address).handle_request(request)


def test_files_go_there_and_back(guest: Guest) -> None:
    guest.write("~/a/b.bin", bytes(range(256)))
    assert guest.read("~/a/b.bin") == bytes(range(256))
    assert guest.list_files("~/a") == (FileEntry("b.bin", "file", 256, 0.0, 0o644),)
    guest.make_folder("~/a/c")
    guest.remove("~/a")
    with pytest.raises(NoSuchFile):
        guest.list_files("~/a")


def test_programs_run(guest: Guest) -> None:
    done = guest.run(["cat"], stdin=b"\0text")
    assert (done.exit_code, done.stdout, done.stderr) == (0, b"\0text", b"")
    assert guest.launch(["fake-notes"]) > 0
    assert len(guest.windows()) == 2


def test_windows_are_waited_for_and_closed(guest: Guest) -> None:
    window = guest.wait_for_window(app="notes")
    guest.activate_window(window.id)
    guest.close_window(window.id)
    guest.wait_for_no_window(app="notes", timeout_s=1)
    assert guest.windows() == ()


def test_a_closed_guest_says_so() -> None:
    guest = guest_over(lambda request: httpx.Response(200, json={}))
    guest.close()
    guest.close()
    with pytest.raises(GuestError, match="cannot be reached"):
        guest.health()


def test_a_socket_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GuestError, match="cannot be reached"):
        connect(GuestAddress("unix", str(tmp_path / "none"), "t")).health()
    with pytest.raises(GuestError, match="cannot be reached"):
        connect(GuestAddress("tcp", "127.0.0.1:9", "t")).health()
