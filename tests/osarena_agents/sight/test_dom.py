"""A page's elements as they lie on the screen, alone and beside what the tree knows of them."""

from __future__ import annotations

from typing import Any

from osarena.perception.visible import VisibleNode
from osarena.types.dom import Dom, page_from_json
from osarena.types.geometry import Box, Size
from osarena.types.observation import Window
from osarena.types.tree import Node
from osarena_agents.sight.dom import page_elements, with_pages
from tests.support.pages import element, page

SCREEN = Size(400, 300)
BROWSER = Window(7, "Shop - Chromium", "chromium", Box(0, 0, 400, 300), 0)
DIALOG = Window(8, "Save", "dialog", Box(0, 50, 100, 100), 1)


def pages(*records: dict[str, Any]) -> Dom:
    return Dom(tuple(map(page_from_json, records)))


def described(elements: list[VisibleNode]) -> list[tuple[str, str, Box]]:
    return [(found.node.role, found.node.name, found.box) for found in elements]


def found(*elements: dict[str, Any], windows: tuple[Window, ...] = (BROWSER,), **fields: Any) -> list[tuple[str, str, Box]]:
    return described(page_elements(pages(page(*elements, **fields)), windows, SCREEN))


def known(role: str, name: str, box: tuple[int, int, int, int], text: str = "") -> VisibleNode:
    """An element of the tree."""
    return VisibleNode(Node(role, name, text=text), Box(*box))


def together(*elements: VisibleNode, told: dict[str, Any], windows: tuple[Window, ...] = (BROWSER,)) -> list[VisibleNode]:
    return with_pages(elements, pages(told), windows, SCREEN)


def test_css_pixels_become_screen_pixels() -> None:
    assert found(element(tag="a", name="Tea", box=[10, 20, 30, 5.25])) == [("link", "Tea", Box(20, 90, 60, 10))]


def test_what_is_disabled_behind_a_window_or_outside_of_the_page_is_no_target() -> None:
    elements = (
        element(name="behind"),
        element(name="partly", box=[30, 0, 40, 20]),
        element(name="off", states=["disabled"], box=[100, 0, 20, 20]),
        element(name="cut", box=[190, 100, 100, 20]),
        element(name="beside", box=[300, 0, 20, 20]),
    )
    assert found(*elements, windows=(BROWSER, DIALOG)) == [
        ("push button", "partly", Box(100, 50, 40, 40)),
        ("push button", "cut", Box(380, 250, 20, 40)),
    ]


def test_what_is_under_a_menu_is_no_target() -> None:
    elements = (element(name="under"), element(name="partly", box=[30, 0, 40, 20]), element(name="free", box=[100, 0, 20, 20]))
    assert found(*elements, popups=[[0, 40, 100, 200]]) == [
        ("push button", "partly", Box(100, 50, 40, 40)),
        ("push button", "free", Box(200, 50, 40, 40)),
    ]


def test_what_a_field_holds_is_told() -> None:
    note = element(tag="textarea", name="Note", text="milk", states=["focused"], box=[0, 0, 50, 50])
    (visible,) = page_elements(pages(page(note)), [BROWSER], SCREEN)
    assert visible.node.text == "milk"
    assert "focused" in visible.node.states


def test_pages_in_several_windows_cover_one_another_as_the_windows_do() -> None:
    lower = page(element(name="lower"), element(name="free", box=[150, 0, 20, 20]))
    above = page(element(name="upper"), window=8, title="Save", content=[0, 50, 100, 100], viewport=[100, 100])
    assert described(page_elements(pages(lower, above), [BROWSER, DIALOG], SCREEN)) == [
        ("push button", "free", Box(300, 50, 40, 40)),
        ("push button", "upper", Box(0, 50, 20, 20)),
    ]


def test_an_element_that_both_know_is_one_with_the_trees_words_and_the_pages_box() -> None:
    told = page(element(tag="a", name="Teas", text="leaf", box=[0, 0, 20, 18]))
    (merged,) = together(known("link", "Tea", (0, 50, 40, 40)), told=told)
    assert (merged.node.role, merged.node.name, merged.node.text, merged.box) == ("link", "Tea", "leaf", Box(0, 50, 40, 36))


def test_a_name_comes_from_the_page_where_the_tree_has_none() -> None:
    told = page(element(name="Add to cart"))
    assert described(together(known("push button", "", (0, 50, 40, 40)), told=told)) == [
        ("push button", "Add to cart", Box(0, 50, 40, 40))
    ]


def test_a_part_that_can_be_seen_is_of_the_element_of_its_name() -> None:
    told = page(element(tag="a", name="Offers", box=[10, 0, 20, 10]), element(tag="a", name="More", box=[60, 0, 20, 10]))
    tree = (known("link", "Offers", (0, 50, 100, 60)), known("link", "Less", (110, 50, 100, 60)))
    assert described(together(*tree, told=told)) == [
        ("link", "Offers", Box(20, 50, 40, 20)),
        ("link", "Less", Box(110, 50, 100, 60)),
        ("link", "More", Box(120, 50, 40, 20)),
    ]


def test_an_element_of_which_the_tree_knows_only_a_part_is_one_with_the_pages() -> None:
    told = page(element(tag="select", name="Size", box=[0, 0, 30, 10]))
    assert described(together(known("combo box", "Size", (0, 60, 60, 9)), told=told)) == [
        ("combo box", "Size", Box(0, 50, 60, 20))
    ]


def test_namesakes_are_told_apart_by_where_they_are() -> None:
    told = page(element(name="Buy", box=[0, 0, 20, 20]), element(name="Buy", box=[0, 30, 20, 20]))
    tree = (known("push button", "Buy", (0, 110, 40, 40)), known("push button", "Buy", (0, 50, 40, 40)))
    assert [merged.box.y for merged in together(*tree, told=told)] == [110, 50]


def test_a_holder_of_the_same_name_is_not_taken_for_what_it_holds() -> None:
    told = page(element(tag="a", name="Tea"))
    tree = (known("list item", "Tea", (0, 50, 300, 44)), known("link", "Tea", (0, 50, 40, 40)))
    assert described(together(*tree, told=told)) == described(list(tree))


def test_what_the_page_says_is_covered_is_left_out_of_the_tree() -> None:
    told = page(element(name="OK", box=[60, 0, 20, 20]), covered=[[0, 0, 20, 20]])
    tree = (known("push button", "Under", (0, 50, 40, 40)), known("push button", "Reload", (0, 5, 40, 40)))
    assert [merged.node.name for merged in together(*tree, told=told)] == ["Reload", "OK"]


def test_what_is_in_front_of_the_page_is_not_covered_by_it() -> None:
    told = page(covered=[[0, 0, 20, 20]])
    button = known("push button", "Save", (0, 50, 40, 40))
    assert together(button, told=told, windows=(BROWSER, DIALOG)) == [button]
    assert together(button, told=page(covered=[[0, 0, 20, 20]], popups=[[0, 40, 100, 100]])) == [button]


def test_without_pages_the_tree_is_all() -> None:
    button = known("push button", "Save", (0, 50, 40, 40))
    assert with_pages([button], Dom(), [BROWSER], SCREEN) == [button]
    assert with_pages([], Dom(), [], SCREEN) == []
    assert with_pages([], pages(page(element(name="Go"))), [BROWSER], SCREEN)[0].node.name == "Go"
