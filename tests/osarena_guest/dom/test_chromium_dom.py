"""The pages of a browser on the screen, against one that answers as Chromium does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from osarena_guest import protocol
from osarena_guest.a11y.layers import Layer, Layers
from osarena_guest.desktop import Row, TreeReading
from osarena_guest.dom.chromium import ChromiumDom
from osarena_guest.dom.deferred import DeferredDom
from osarena_guest.protocol import state_bits
from tests.support.pages import Browser, element, report
from tests.support.websocket_server import debugged_browser, serving


class Screen:
    """Windows, layers and a tree, as they are given."""

    def __init__(self, *windows: dict[str, Any], layers: tuple[Layer, ...] = (), rows: tuple[Row, ...] = ()) -> None:
        self.windows = [dict(window) for window in windows]
        self.layers = Layers(layers)
        self.rows = rows
        self.trees_read = 0

    def list(self) -> list[dict[str, Any]]:
        return self.windows

    def read(self, **budget: Any) -> Any:
        """Of a tree where there is a budget, else of layers."""
        if not budget:
            return self.layers
        self.trees_read += 1
        return TreeReading("1", self.rows)


def window(
    number: int, title: str = "Shop - Chromium", box: tuple[int, int, int, int] = (10, 20, 400, 300), stacking: int = 0
) -> Any:
    return {
        "id": number,
        "title": title,
        "app": "Chromium",
        "box": box,
        "stacking": stacking,
        "focused": True,
        "minimized": False,
    }


@contextmanager
def dom(browser: Browser, screen: Screen) -> Iterator[ChromiumDom]:
    with debugged_browser(browser) as port:
        yield ChromiumDom(windows=screen, tree=screen, port=port, layers=screen)


def test_a_page_is_told_with_its_place() -> None:
    menu = Layer((300, 40, 80, 100), (), frozenset(), frozenset({50}))
    screen = Screen(window(7), layers=(menu, Layer((0, 0, 420, 340), (), frozenset(), frozenset({61, 7}))))
    go = element(name="Go", box=[1.6, 2.4, 8, 16])
    with dom(Browser({"a": report(go, ratio=1.25, covered=[[5, 6, 7, 8]])}), screen) as pages:
        reading = pages.read(elements=10, seconds=10)
    (page,) = reading.pages
    assert set(page) == set(protocol.PAGE)
    assert (page["window"], page["title"], page["url"], page["content"]) == (7, "Shop", "http://a/", [10, 70, 400, 250])
    assert page["viewport"] == [320, 200]
    assert page["elements"] == [go]
    assert (page["covered"], page["popups"]) == ([[5, 6, 7, 8]], [[300, 40, 80, 100]])
    assert not reading.truncated
    assert screen.trees_read == 0


def test_pages_stand_as_their_windows_are_stacked() -> None:
    screen = Screen(window(7, stacking=1), window(8, "News - Chromium", stacking=0))
    with dom(Browser({"a": report(), "b": report(title="News")}, {"a": 1, "b": 2}), screen) as pages:
        assert [page["title"] for page in pages.read(elements=10, seconds=10).pages] == ["News", "Shop"]


def test_a_page_beside_its_debugger_is_where_the_tree_has_it() -> None:
    showing = state_bits("showing")
    rows = ((0, "document web", "Shop", "", "", showing, None, [], [10, 70, 400, 150]),)
    browser = Browser({"page": report(size=[400, 150]), "debugger": report(title="DevTools", size=[400, 250])})
    listed = browser({"method": "Target.getTargets", "params": {}})
    assert listed is not None
    listed["result"]["targetInfos"][1]["url"] = "devtools://devtools/"

    def answer(command: dict[str, Any]) -> dict[str, Any] | None:
        if command["method"] == "Browser.getWindowForTarget" and command["params"]["targetId"] == "debugger":
            return {"error": {"code": -32000, "message": "Browser window not found"}}
        return listed if command["method"] == "Target.getTargets" else browser(command)

    screen = Screen(window(7), rows=rows)
    with dom(answer, screen) as pages:
        places = {page["title"]: page["content"] for page in pages.read(elements=10, seconds=10).pages}
    assert places == {"Shop": [10, 70, 400, 150], "DevTools": [10, 70, 400, 250]}


def test_a_page_without_a_place_is_missing() -> None:
    for screen in (Screen(), Screen(window(7, box=(0, 0, 500, 300)))):
        with dom(Browser({"a": report()}), screen) as pages:
            reading = pages.read(elements=10, seconds=10)
        assert (list(reading.pages), reading.truncated) == ([], True)


def test_elements_that_are_too_many_are_cut() -> None:
    with dom(Browser({"a": report(*[element()] * 5)}), Screen(window(7))) as pages:
        reading = pages.read(elements=3, seconds=10)
    assert (len(reading.pages[0]["elements"]), reading.truncated) == (3, True)


def test_without_a_browser_there_are_no_pages() -> None:
    with serving(lambda peer: None) as port:
        pass
    screen = Screen(window(7))
    reading = ChromiumDom(windows=screen, tree=screen, layers=screen, port=port).read(elements=10, seconds=10)
    assert (list(reading.pages), reading.truncated) == ([], False)


@pytest.mark.parametrize("stuck", ["browser", "page"])
def test_who_does_not_answer_is_waited_for_only_once(stuck: str) -> None:
    browser = Browser({"a": None if stuck == "page" else report()})
    silent = stuck == "browser"
    screen = Screen(window(7))
    with dom(lambda command: None if silent else browser(command), screen) as pages:
        reading = pages.read(elements=10, seconds=0.5)
        assert (list(reading.pages), reading.truncated) == ([], True)
        began = time.monotonic()
        assert pages.read(elements=10, seconds=30).truncated
        assert time.monotonic() - began < 5
        silent = False
        browser.pages["a"] = report()
        for _ in range(10):  # within the shorter patience, as far as this machine is not busy
            if pages.read(elements=10, seconds=30).pages:
                break
        assert not pages.read(elements=10, seconds=30).truncated


def test_a_program_that_pretends_to_be_a_browser_is_not_waited_for() -> None:
    def chatter(peer: Any) -> None:
        peer.read_request()
        while True:
            peer.send_raw(b"x" * 1000)

    screen = Screen(window(7))
    with serving(chatter) as port:
        reading = ChromiumDom(windows=screen, tree=screen, layers=screen, port=port).read(elements=10, seconds=5)
    assert (list(reading.pages), reading.truncated) == ([], True)


def test_a_backend_that_nobody_needs_is_not_made() -> None:
    made: list[ChromiumDom] = []

    with debugged_browser(Browser({"a": report()})) as port:
        screen = Screen(window(7))

        def make() -> ChromiumDom:
            made.append(ChromiumDom(windows=screen, tree=screen, layers=screen, port=port))
            return made[-1]

        dom = DeferredDom(make)
        assert made == []
        for _ in range(2):
            assert len(dom.read(elements=10, seconds=10).pages) == 1
        assert len(made) == 1
