"""Pages in the words of the accessibility tree."""

from __future__ import annotations

from typing import Any

import pytest

from osarena.perception.outline import tree_as_text
from osarena.perception.pages import dom_as_tree
from osarena.types.dom import Dom, page_from_json
from osarena.types.geometry import Box
from osarena.types.observation import Window
from tests.support.pages import element, page

BROWSER = Window(7, "Shop - Chromium", "chromium", Box(0, 0, 400, 300), 0)


def outline(*pages: dict[str, Any], windows: tuple[Window, ...] = (BROWSER,)) -> list[str]:
    return tree_as_text(dom_as_tree(Dom(tuple(map(page_from_json, pages))), windows)).splitlines()


@pytest.mark.parametrize(
    ("given", "role"),
    [
        ({"tag": "a"}, "link"),
        ({"tag": "input", "type": "text"}, "entry"),
        ({"tag": "input", "type": "checkbox"}, "check box"),
        ({"tag": "input", "type": "checkbox", "role": "switch"}, "switch"),
        ({"tag": "select"}, "combo box"),
        ({"tag": "div", "role": "tab"}, "page tab"),
        ({"tag": "div", "role": "presentation"}, "push button"),
        ({"tag": "div", "states": ["editable"]}, "entry"),
        ({"tag": "div"}, "push button"),
        ({"tag": "INPUT", "type": "Submit"}, "push button"),
    ],
)
def test_elements_have_the_roles_of_the_tree(given: dict[str, Any], role: str) -> None:
    words = outline(page(element(**given)))[-1].replace(" [editable]", "")
    assert words.strip() == f"{role} @0,50 40x40"


def test_a_page_stands_in_the_frame_of_its_window() -> None:
    field = element(tag="input", name="Search", text="tea", states=["focused", "disabled"], box=[10, 20, 30, 5])
    assert outline(page(field)) == [
        "desktop frame",
        '  application "browser"',
        '    frame "Shop - Chromium" @0,0 400x300',
        '      viewport "Shop" @0,50 400x250',
        '        entry "Search" : "tea" [focused] @20,90 60x10',
    ]


def test_pages_of_one_window_stand_in_one_frame() -> None:
    debugger = page(title="DevTools", content=[200, 50, 200, 250])
    assert outline(page(), debugger)[2:] == [
        '    frame "Shop - Chromium" @0,0 400x300',
        '      viewport "Shop" @0,50 400x250',
        '      viewport "DevTools" @200,50 200x250',
    ]


def test_a_page_whose_window_is_not_known_is_as_large_as_itself() -> None:
    assert outline(page(), windows=())[2] == '    frame "Shop" @0,50 400x250'


def test_without_pages_there_is_nothing_and_what_is_missing_is_told() -> None:
    assert outline() == ["desktop frame"]
    assert "longer than what was read" in tree_as_text(dom_as_tree(Dom(truncated=True), ()))
