"""Pages of browsers as the guest tells of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osarena.types.dom import Dom, dom_from_json, page_from_json
from osarena.types.geometry import Box
from tests.support.pages import element, page


def test_a_page_is_read() -> None:
    found = page_from_json(
        page(
            element(tag="input", type="text", name="Search", text="tea", states=["focused"], box=[12.5, 8, 30, 16]),
            covered=[[1, 2, 3, 4]],
            popups=[[300, 40, 80, 100]],
        )
    )
    (field,) = found.elements
    assert (field.tag, field.type, field.name, field.text, field.states) == ("input", "text", "Search", "tea", {"focused"})
    assert (found.window, found.title, found.url, found.content) == (7, "Shop", "http://shop/", Box(0, 50, 400, 250))
    assert (found.covered, found.popups, found.truncated) == (((1, 2, 3, 4),), (Box(300, 40, 80, 100),), False)


def test_boxes_of_a_page_lie_on_the_screen_as_it_is_scaled() -> None:
    found = page_from_json(page())
    assert found.on_screen((10, 20, 30, 5.25)) == Box(20, 90, 60, 10)
    assert found.on_screen((0.2, 0.2, 0.1, 0.1)) == Box(0, 50, 1, 1)


def test_no_browser_is_no_pages() -> None:
    assert dom_from_json({"pages": [], "truncated": False}) == Dom()
    assert dom_from_json({"pages": [page()], "truncated": True}).truncated


@pytest.mark.parametrize(
    "record",
    [
        {},
        page(content=[1, 2]),
        page(viewport=[0, 10]),
        page(viewport=[float("nan"), 10]),
        page({"tag": "a"}),
        page(element(box=[1, 2, "x", 4])),
        page(elements=3),
        page(covered=[3]),
        page(popups=[[1, 2, 3, float("inf")]]),
    ],
)
def test_what_is_no_page_is_refused(record: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"this is no page|shows nothing"):
        page_from_json(record)


@pytest.mark.parametrize("record", [{}, {"pages": 3, "truncated": False}, {"pages": [{}], "truncated": False}, {"pages": [3]}])
def test_what_are_no_pages_is_refused(record: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no page"):
        dom_from_json(record)


@given(st.floats(0, 300), st.floats(0, 200), st.floats(0, 100), st.floats(0, 100))
def test_what_is_beside_something_on_a_page_is_so_on_the_screen(left: float, top: float, width: float, height: float) -> None:
    found = page_from_json(page(viewport=[301.7, 188.3]))
    one, beside = found.on_screen((left, top, width, height)), found.on_screen((left + width, top, width, height))
    assert one.x + one.width in (beside.x, beside.x + 1)
