"""Which pages a browser shows, against one that answers as Chromium does, or otherwise."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from osarena_guest.dom import tabs as tabs_module
from osarena_guest.dom.report import Limits
from osarena_guest.dom.stream import StreamError
from osarena_guest.dom.tabs import Tabs, read_tabs
from tests.support.pages import Browser, element, report
from tests.support.websocket_server import Peer, debugged_browser, serving

HIDDEN: dict[str, Any] = {"visible": False}


def read(browser: Callable[[dict[str, Any]], dict[str, Any] | None], *, seconds: float = 10.0) -> Tabs:
    with debugged_browser(browser) as port:
        return read_tabs(port, Limits(elements=10), deadline=time.monotonic() + seconds)


def seen(tabs: Tabs) -> list[tuple[str, str]]:
    return [(tab.url, tab.report.title if tab.report else "") for tab in tabs.visible]


def test_pages_that_can_be_seen_are_told_of_and_others_are_not() -> None:
    browser = Browser({"a": report(element(name="Go")), "b": HIDDEN, "c": report(title="News")}, {"c": 2})
    tabs = read(browser)
    assert seen(tabs) == [("http://a/", "Shop"), ("http://c/", "News")]
    assert [tab.window for tab in tabs.visible] == [1, 2]
    assert [found["name"] for found in tabs.visible[0].report.elements] == ["Go"]
    assert (tabs.is_complete, tabs.is_late) == (True, False)


def test_the_script_runs_in_a_world_of_its_own_and_not_for_long() -> None:
    given: list[dict[str, Any]] = []
    browser = Browser({"a": report()})

    def answer(command: dict[str, Any]) -> dict[str, Any] | None:
        given.append(command)
        return browser(command)

    read(answer)
    (evaluated,) = (command["params"] for command in given if command["method"] == "Runtime.evaluate")
    assert evaluated["contextId"] == 2
    assert 0 < evaluated["timeout"] < 5000
    assert "userGesture" not in evaluated
    # Nothing is switched on in the page: its dialogs, its network and its scripts are as without anybody looking.
    assert {command["method"] for command in given} == {
        "Target.getTargets",
        "Target.attachToTarget",
        "Browser.getWindowForTarget",
        "Page.createIsolatedWorld",
        "Runtime.evaluate",
    }


def test_a_page_behind_another_one_need_not_answer() -> None:
    began = time.monotonic()
    tabs = read(Browser({"stuck": None, "shown": report()}))
    assert time.monotonic() - began < 5
    assert seen(tabs) == [("http://shown/", "Shop")]
    assert (tabs.is_complete, tabs.is_late) == (True, False)


def test_a_window_whose_page_does_not_answer_is_missing() -> None:
    tabs = read(Browser({"stuck": None, "shown": report()}, {"stuck": 1, "shown": 2}), seconds=0.3)
    assert seen(tabs) == [("http://shown/", "Shop")]
    assert (tabs.is_complete, tabs.is_late) == (False, True)


def test_a_debugger_and_the_page_that_it_looks_into_are_both_seen() -> None:
    browser = Browser({"page": report(), "debugger": report(title="DevTools")})

    def answer(command: dict[str, Any]) -> dict[str, Any] | None:
        reply = browser(command)
        if command["method"] == "Target.getTargets" and reply is not None:
            reply["result"]["targetInfos"][1]["url"] = "devtools://devtools/bundled/devtools_app.html"
        return reply

    assert {title for _, title in seen(read(answer))} == {"Shop", "DevTools"}


def test_too_many_pages_are_not_all_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs_module, "MOST_TABS", 2)
    tabs = read(Browser({"a": report(), "b": HIDDEN, "c": HIDDEN}))
    assert (len(tabs.visible), tabs.is_complete) == (1, False)


@pytest.mark.parametrize("told", ["no JSON", "[1]", '"text"', "{}", "[" * 100_000, '{"visible": true}'])
def test_a_page_that_tells_nonsense_is_missing(told: str) -> None:
    tabs = read(Browser({"odd": told, "shown": report()}, {"odd": 1, "shown": 2}))
    assert seen(tabs) == [("http://shown/", "Shop")]
    assert (tabs.is_complete, tabs.is_late) == (False, False)


@pytest.mark.parametrize(
    "method", ["Browser.getWindowForTarget", "Target.attachToTarget", "Page.createIsolatedWorld", "Runtime.evaluate"]
)
@pytest.mark.parametrize("reply", [{"error": {"message": "no target"}}, {"result": []}, {"result": {}}, {}])
def test_errors_on_the_way_make_a_page_miss_and_no_more(method: str, reply: dict[str, Any]) -> None:
    browser = Browser({"a": report()})
    tabs = read(lambda command: reply if command["method"] == method else browser(command))
    # Where the browser does not say in which window it is, it is seen; what window that is, is found out later.
    assert len(tabs.visible) == (1 if method == "Browser.getWindowForTarget" else 0)
    assert tabs.is_complete == (method == "Browser.getWindowForTarget")


def test_events_and_other_replies_are_passed_over() -> None:
    browser = Browser({"a": report()})

    def chatter(command: dict[str, Any]) -> dict[str, Any] | None:
        reply = browser(command)
        return None if reply is None else {"method": "Target.attachedToTarget", "params": {}} | reply

    assert len(read(chatter).visible) == 1


@pytest.mark.parametrize("listed", [{"result": {}}, {"result": {"targetInfos": 3}}, {"error": {}}])
def test_who_does_not_list_its_pages_is_an_error(listed: dict[str, Any]) -> None:
    with pytest.raises(StreamError, match="does not list"):
        read(lambda command: listed)


def test_pages_without_a_name_are_none() -> None:
    assert read(lambda command: {"result": {"targetInfos": [{"type": "page"}, {"type": "page", "targetId": 3}]}}).visible == ()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        b'HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\n{"webSocketDebuggerUrl":"ws://x/other/path"}',
        b'HTTP/1.1 200 OK\r\nContent-Length: 54\r\n\r\n{"webSocketDebuggerUrl":"ws://x/devtools/ HTTP/1.1\\r\\n"}',
        b"220 mail.example ESMTP\r\n\r\n",
    ],
)
def test_who_is_no_browser_is_an_error(answer: bytes) -> None:
    def serve(peer: Peer) -> None:
        peer.read_request()
        peer.send_raw(answer)

    with serving(serve) as port, pytest.raises(StreamError):
        read_tabs(port, Limits(elements=10), deadline=time.monotonic() + 10)
