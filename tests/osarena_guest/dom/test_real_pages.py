"""The elements of pages in a real Chromium: where they are told to be they are, to the pixel, whatever the zoom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from osarena.guest.client import Guest
from osarena.guest.wait import wait_until
from osarena.providers.base import Machine, MachineSpec
from osarena.providers.local import LocalProvider
from osarena.types.actions import Click, Hotkey, Press, Scroll
from osarena.types.dom import Dom, Page
from osarena.types.geometry import Box
from osarena.types.observation import Observe
from tests.support.stall import PRESSED, STILL, act, by_name, dom_of, look, open_stall, page_of, pressed, zoom

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(600)]

MAGENTA, CYAN = (255, 0, 255), (0, 255, 255)


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    provider = LocalProvider(spares=0)
    with provider.machine(MachineSpec()) as machine:
        yield machine
    provider.close()


@pytest.fixture
def guest(machine: Machine) -> Iterator[Guest]:
    """A desktop with the page in front, maximised, at its own size, scrolled to its top."""
    guest = machine.guest
    if not guest.windows():
        open_stall(guest)
    yield guest
    act(guest, Press("escape"), Hotkey(("ctrl", "0")), Hotkey(("ctrl", "home")))


def marked(pixels: np.ndarray, colour: tuple[int, int, int]) -> Box:
    """Where the screen has a colour."""
    rows, columns = np.nonzero((pixels == colour).all(axis=2))
    return Box(int(columns.min()), int(rows.min()), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)


def assert_is_in_place(guest: Guest) -> None:
    """The page has a mark in its upper left and its lower right corner; the latter lies beside the scroll bar."""
    seen = look(guest)
    assert seen.dom is not None
    assert seen.pixels is not None
    (page,) = seen.dom.pages
    first, last = marked(seen.pixels, MAGENTA), marked(seen.pixels, CYAN)
    assert (page.content.x, page.content.y) == (first.x, first.y)
    assert page.content.y + page.content.height == last.y + last.height
    assert 0 < page.content.x + page.content.width - (last.x + last.width) <= 20


def assert_is_pressed_where_it_is_told_to_be(guest: Guest) -> None:
    names = list(by_name(page_of(guest)))
    assert set(PRESSED) - set(names) == set()
    for name in PRESSED:
        page = page_of(guest)
        assert pressed(guest, page.on_screen(by_name(page)[name].box).center) == name


def test_elements_are_told_as_they_are(guest: Guest) -> None:
    """Comes first: the others press, and a box that is pressed is no longer as the page has it."""
    named = by_name(page_of(guest))
    fields = {name: (named[name].tag, named[name].type, named[name].role, named[name].text) for name in PRESSED if name in named}
    assert fields["Home"] == ("a", "", "", "")
    assert fields["Search"] == ("input", "text", "", "tea")
    assert fields["Secret"] == ("input", "password", "", "•••")
    assert fields["In stock"] == ("input", "checkbox", "", "")
    assert fields["Size"] == ("select", "", "", "Large")
    assert fields["Note"] == ("textarea", "", "", "milk\nbread")
    assert fields["Tab"] == ("div", "", "tab", "")
    assert fields["Editor"] == ("div", "", "", "write here")
    assert fields["Styled"] == ("input", "checkbox", "", "")
    assert named["In stock"].states >= {"checked"}
    assert named["Tab"].states >= {"selected"}
    assert named["Search"].states >= {"editable"}
    assert named["Off"].states >= {"disabled"}


@pytest.mark.parametrize("percent", [100, pytest.param(125, marks=pytest.mark.slow)])
def test_each_element_is_what_is_under_the_middle_of_its_box(guest: Guest, percent: int) -> None:
    zoom(guest, percent)
    assert_is_in_place(guest)
    assert_is_pressed_where_it_is_told_to_be(guest)


@pytest.mark.parametrize("percent", [90, *(pytest.param(percent, marks=pytest.mark.slow) for percent in (110, 150))])
def test_the_page_is_in_place_at_any_zoom_and_in_a_window_of_any_size(guest: Guest, percent: int) -> None:
    if percent < 100:
        act(guest, Hotkey(("ctrl", "-")))
    zoom(guest, percent)
    assert_is_in_place(guest)
    act(guest, Hotkey(("alt", "f10")))
    assert_is_in_place(guest)
    act(guest, Hotkey(("alt", "f10")))
    act(guest, Press("f11"))
    assert_is_in_place(guest)
    act(guest, Press("f11"))


def test_what_cannot_be_seen_is_not_told_and_what_is_covered_is_named_so(guest: Guest) -> None:
    page = page_of(guest)
    named = by_name(page)
    hidden = {"Covered", "Invisible", "Untouchable", "Far below", "Framed below", "four", "five"}
    assert hidden & set(named) == set()
    assert any(left == 430 and top == 120 for left, top, _, _ in page.covered)
    # The overlay lies over the upper left corner of the one, the edge of the scrolled area over the lower part of the other.
    assert named["Partly"].box[0] == 600 or named["Partly"].box[1] == 210
    assert named["three"].box[3] < named["two"].box[3] == 30


def test_what_is_scrolled_is_told_where_it_is_then(guest: Guest) -> None:
    page = page_of(guest)
    two = page.on_screen(by_name(page)["two"].box)
    act(guest, Scroll(two.center, dy=10))
    page = page_of(guest)
    assert {"four", "five"} <= set(by_name(page))
    assert pressed(guest, page.on_screen(by_name(page)["five"].box).center) == "five"
    act(guest, Hotkey(("ctrl", "end")))
    page = page_of(guest)
    assert {"Home", "Far below"} <= set(by_name(page))  # the first sticks to the top
    assert pressed(guest, page.on_screen(by_name(page)["Far below"].box).center) == "Far below"
    act(guest, Hotkey(("ctrl", "home")), Scroll(two.center, dy=-10))


def test_a_menu_over_the_page_is_told(guest: Guest) -> None:
    assert page_of(guest).popups == ()
    act(guest, Hotkey(("alt", "f")))
    page = page_of(guest)
    assert any(popup.area > 10_000 and popup.intersection(page.content).area for popup in page.popups)
    act(guest, Press("escape"))
    assert page_of(guest).popups == ()


def test_a_page_beside_the_debugger_is_where_it_is(guest: Guest) -> None:
    act(guest, Press("f12"))
    wait_until(lambda: len(dom_of(guest).pages) == 2, timeout_s=30, what="the debugger")
    wait_until(lambda: stall(guest).content.width < 1900, timeout_s=10, what="the page to make room")
    seen = look(guest)
    assert seen.pixels is not None
    page = stall(guest)
    first, last = marked(seen.pixels, MAGENTA), marked(seen.pixels, CYAN)
    assert (page.content.x, page.content.y) == (first.x, first.y)
    assert page.content.y + page.content.height == last.y + last.height
    act(guest, Press("f12"))
    wait_until(lambda: len(dom_of(guest).pages) == 1, timeout_s=10, what="the debugger to be gone")


def stall(guest: Guest) -> Page:
    return next(page for page in dom_of(guest).pages if page.url.startswith("file:"))


def test_a_page_behind_another_tab_is_not_told(guest: Guest) -> None:
    act(guest, Hotkey(("ctrl", "t")))
    wait_until(lambda: [page.url for page in dom_of(guest).pages] == ["chrome://newtab/"], timeout_s=10, what="the new tab alone")
    act(guest, Hotkey(("ctrl", "w")))
    wait_until(lambda: "Home" in by_name(page_of(guest)), timeout_s=10, what="the page")


def test_a_page_that_waits_for_an_answer_is_missing_until_it_has_one(guest: Guest) -> None:
    page = page_of(guest)
    guest.perform([Click(page.on_screen(by_name(page)["Ask"].box).center)])
    patient = Observe(screenshot=False, tree=False, dom=True, dom_s=0.5)
    wait_until(lambda: guest.observe(patient).dom == Dom(truncated=True), timeout_s=10, what="a page that does not answer")
    act(guest, Press("enter"))
    wait_until(lambda: dom_of(guest).pages, timeout_s=10, what="the page")


def test_pages_in_two_windows_are_both_told(guest: Guest) -> None:
    with opened(guest, "<title>Second</title><button>Only</button>", "--new-window"):
        # The first one lies behind it, and cannot be seen.
        assert [page.title for page in dom_of(guest).pages] == ["Second"]
        act(guest, Hotkey(("alt", "f10")))
        dom = dom_of(guest)
        assert [(page.title, len(page.elements) > 1) for page in dom.pages][-1] == ("Second", False)
        assert len({page.window for page in dom.pages}) == 2
        assert not dom.truncated


def test_a_page_without_end_is_told_in_part(guest: Guest) -> None:
    hostile = """<title>Endless</title><svg><select></select><label></label></svg><constructor></constructor><script>
    for (let number = 0; number < 4000; number += 1) document.body.append(Object.assign(document.createElement("button"), {
      textContent: number, style: "font-size: 4px; padding: 0; border: 0", title: "x".repeat(1e5), tabIndex: 0 }));
    let at = document.body.insertBefore(document.createElement("div"), document.body.firstChild);
    at.onclick = () => 0;
    for (let depth = 0; depth < 400; depth += 1) at = at.appendChild(document.createElement("i"));
    at.append(Object.assign(document.createElement("button"), { textContent: "deep" }));
    </script>"""
    with opened(guest, hostile):
        seen = guest.observe(Observe(screenshot=False, tree=False, dom=True, dom_elements=50, dom_s=10))
        assert seen.dom is not None
        assert seen.dom.truncated
        (page,) = (page for page in seen.dom.pages if page.title == "Endless")
        assert 0 < len(page.elements) <= 50


def test_a_page_that_never_rests_does_not_hide_others(guest: Guest) -> None:
    with opened(guest, "<title>Busy</title><script>setTimeout(() => { for (;;); }, 500)</script>", "--new-window"):
        patient = Observe(screenshot=False, tree=False, dom=True, dom_s=1)
        wait_until(lambda: missing(guest, patient), timeout_s=20, what="a page that does not answer")


def missing(guest: Guest, want: Observe) -> bool:
    """Whether of two windows one page is missing and the other one there."""
    dom = guest.observe(want).dom
    return dom is not None and dom.truncated and [page.title for page in dom.pages if page.title == "Busy"] == [] != dom.pages


@contextmanager
def opened(guest: Guest, html: str, *options: str) -> Iterator[None]:
    """Another page, as a tab or in a window of its own, and the first one in front again in the end."""
    title = html.split("<title>")[1].split("<", maxsplit=1)[0]
    guest.write("~/other.html", f"<!doctype html><meta charset=utf-8><body>{html}".encode())
    guest.launch(["chromium", *options, "file:///home/user/other.html"])
    guest.wait_for_window(title=title, timeout_s=30)
    guest.observe(Observe(tree=False, settle=STILL))
    try:
        yield
    finally:
        guest.perform([Hotkey(("ctrl", "w"))])
        guest.wait_for_no_window(title=title, timeout_s=30)


def test_looking_leaves_no_trace_in_the_page(guest: Guest) -> None:
    """No focus, selection or scrolling moves, no event is seen, no element is added; 20 looks, one title."""
    before = look(guest)
    for _ in range(20):
        dom_of(guest)
    after = look(guest)
    assert after.dom == before.dom
    assert after.frame_hash == before.frame_hash


def test_a_tab_is_named_after_its_page_and_not_after_the_memory_that_it_takes(guest: Guest) -> None:
    """That is in its name some seconds after a page is loaded, and changes without an event."""
    tree = guest.observe(Observe(screenshot=False)).tree
    assert tree is not None
    (window,) = guest.windows()
    assert [node.name for node in tree.root.walk() if node.role == "page tab"][-1] == window.title.removesuffix(" - Chromium")
