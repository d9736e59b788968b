"""Where on the screen pages are."""

from __future__ import annotations

from typing import Any

import pytest

from osarena_guest.a11y.layers import Layer, Layers
from osarena_guest.dom.place import find_windows, popups_over, viewport_in, viewport_in_tree
from osarena_guest.dom.report import Report
from osarena_guest.dom.tabs import SeenPage
from osarena_guest.protocol import state_bits


def tab(
    title: str = "Shop", *, window: int | None = 1, size: tuple[int, int] = (400, 250), focused: bool = True, **more: Any
) -> SeenPage:
    told = Report(title=title, is_focused=focused, ratio=1.0, size=size, elements=[], covered=[], truncated=False)
    return SeenPage(more.get("url", "http://shop/"), window, told)


def window(number: int, title: str = "Shop - Chromium", box: tuple[int, ...] = (0, 0, 400, 300), **more: Any) -> dict[str, Any]:
    plain = {"id": number, "title": title, "app": "Chromium", "box": list(box), "stacking": number, "focused": False}
    return plain | {"minimized": False} | more


def found(tabs: list[SeenPage], windows: list[dict[str, Any]]) -> list[int | None]:
    return [record and record["id"] for record in find_windows(tabs, windows)]


def test_a_page_is_in_the_window_that_is_called_as_it_is() -> None:
    windows = [window(7, "News - Chromium"), window(8), window(9, "Shop - Notes", app="mousepad", focused=True)]
    assert found([tab()], windows) == [8]


def test_windows_of_one_title_are_told_apart_by_size_and_focus() -> None:
    wide, narrow = window(7, box=(0, 0, 500, 300)), window(8)
    assert found([tab(window=1), tab(window=2, size=(500, 250))], [wide, narrow]) == [8, 7]
    front, back = window(7, focused=True), window(8)
    assert found([tab(window=1, focused=False), tab(window=2)], [front, back]) == [8, 7]


def test_a_page_that_is_larger_than_a_window_or_minimised_is_not_in_it() -> None:
    assert found([tab(size=(401, 250))], [window(7)]) == [None]
    assert found([tab()], [window(7, minimized=True)]) == [None]
    assert found([tab()], [window(7, "Settings", app="xfce4-settings")]) == [None]


@pytest.mark.parametrize("title", ["\u202bShop\u202c - Chromium", "Shop  - Chromium", "Shop"])
def test_titles_are_compared_without_what_is_added_to_them(title: str) -> None:
    windows = [window(7, "Shopping - Chromium", stacking=1), window(8, title, stacking=0)]
    assert found([tab()], windows) == found([tab("Shop\u2003 ")], windows) == [8]


def test_a_debugger_is_in_the_window_of_the_page_that_it_is_beside() -> None:
    debugger = tab("DevTools", window=None, url="devtools://devtools/", size=(400, 250))
    windows = [window(7, "News - Chromium", stacking=0), window(8, stacking=1, focused=True)]
    assert found([debugger, tab(size=(300, 250)), tab("News", window=2)], windows) == [8, 8, 7]
    assert found([debugger], []) == [None]


def test_a_page_as_wide_as_its_window_lies_at_the_bottom_of_it() -> None:
    assert viewport_in((10, 20, 400, 300), (400, 250)) == (10, 70, 400, 250)
    assert viewport_in((10, 20, 400, 300), (300, 250)) is None


def row(role: str, name: str, box: list[int] | None, states: int = state_bits("showing")) -> list[Any]:
    return [0, role, name, "", "", states, None, [], box]


def test_a_page_beside_something_lies_where_the_tree_has_a_document_of_its_size() -> None:
    rows = [
        row("document web", "DevTools", [10, 70, 400, 250]),
        row("document web", "Shop", [10, 70, 250, 250]),
        row("document web", "Shop", [600, 70, 250, 250]),
        row("document web", "hidden", [110, 70, 250, 250], states=0),
        row("panel", "Shop", [50, 70, 250, 250]),
        row("document web", "nowhere", None),
    ]
    assert viewport_in_tree(rows, (10, 20, 400, 300), (250, 249), "Shop") == (10, 70, 250, 250)
    assert viewport_in_tree(rows, (10, 20, 400, 300), (200, 250), "Shop") is None
    twins = [row("document web", "Shop", [10, 70, 250, 250]), row("document web", "Frame", [20, 70, 250, 250])]
    assert viewport_in_tree(twins, (10, 20, 400, 300), (250, 250), "Frame") == (20, 70, 250, 250)


def test_menus_over_a_page_are_told_of_and_windows_are_not() -> None:
    page = (0, 50, 400, 250)
    layers = Layers(
        tuple(
            Layer(box, (), frozenset(), frozenset(numbers))
            for box, numbers in [
                ((300, 40, 80, 100), {50}),  # a menu
                ((500, 40, 80, 100), {51}),  # one beside the page
                ((20, 60, 100, 100), {60, 9}),  # another window with its frame
                ((0, 0, 420, 320), {61, 7}),  # the browser
                ((0, 0, 900, 700), {62}),  # below it
            ]
        )
    )
    windows = [window(7), window(9)]
    assert popups_over(page, 7, windows, layers) == [(300, 40, 80, 100)]
    assert popups_over(page, 8, windows, layers) == []
    assert popups_over(page, 7, windows, Layers()) == []
