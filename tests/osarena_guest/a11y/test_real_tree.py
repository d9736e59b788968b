"""The tree of real applications: complete, equal to a fresh walk after every change, quick, and bounded."""

from __future__ import annotations

import os
import signal
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from osarena.guest.client import Guest
from osarena.guest.wait import wait_until
from osarena.types.actions import Action, Click, Hotkey, Press, Scroll, TypeText
from osarena.types.geometry import Point
from osarena.types.observation import Observe, Settle
from tests.support.desktop_apps import chromium_page, mousepad
from tests.support.fresh_tree import differences, find, fresh_tree, kept_tree, wait_for
from tests.support.office import workbook
from tests.support.plain_desktop import PlainDesktop

pytestmark = pytest.mark.desktop

STILL = Settle(still_s=0.15, deadline_s=10.0)
TREE = Observe(screenshot=False, windows=False, cursor=False)
LINES = "\n".join(f"line {number}" for number in range(200))


def act(guest: Guest, *actions: Action) -> None:
    report = guest.perform(actions, settle=STILL)
    assert not report.problem


def assert_is_fresh(guest: Guest) -> None:
    """The tree as it is kept holds what a walk from nothing finds at the same time."""
    kept = kept_tree(guest)
    fresh = fresh_tree(guest, [sys.executable])
    # An application may tell something late (a caret, a hover); then what is kept now must be what is fresh now.
    if differences(kept, fresh):
        kept, fresh = kept_tree(guest), fresh_tree(guest, [sys.executable])
    assert differences(kept, fresh) == []


@contextmanager
def calc(guest: Guest, rows: Sequence[Sequence[object]]) -> Iterator[None]:
    guest.write("~/sheet.xlsx", workbook({"Sheet1": rows}))
    pid = guest.launch(["soffice", "--calc", "--norestore", "--nologo", "sheet.xlsx"])
    try:
        guest.wait_for_window(app="libreoffice-calc", title="sheet.xlsx", timeout_s=60)
        wait_for(guest, role="table cell", timeout_s=60)
        guest.observe(Observe(settle=STILL))
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        guest.wait_for_no_window(app="libreoffice", timeout_s=10)


def test_a_keystroke_in_an_editor_is_in_the_tree_at_once(desktop: PlainDesktop) -> None:
    guest = desktop.guest
    with mousepad(guest, desktop.home, text="first"):
        wait_for(guest, role="text", text="first")
        for letter in "abc":
            act(guest, TypeText(letter))
        assert find(kept_tree(guest), role="text", text="abcfirst")
        assert_is_fresh(guest)


def test_text_of_an_editor_is_any_unicode(desktop: PlainDesktop) -> None:
    text = "Grüße, 世界 🎉 שלום\n\ttab, é and e\u0301"
    with mousepad(desktop.guest, desktop.home, text=text):
        assert wait_for(desktop.guest, role="text", text="Grüße").text == text


def test_a_dialog_and_a_menu_come_into_the_tree_and_leave_it(desktop: PlainDesktop) -> None:
    guest = desktop.guest
    with mousepad(guest, desktop.home, text="first"):
        wait_for(guest, role="text", text="first")
        act(guest, Hotkey(("ctrl", "f")))
        act(guest, Press("escape"))
        act(guest, Hotkey(("ctrl", "o")))
        assert wait_for(guest, role="file chooser").box is not None
        assert_is_fresh(guest)
        act(guest, Press("escape"))
        assert not find(kept_tree(guest), role="file chooser")
        assert_is_fresh(guest)
        act(guest, Hotkey(("alt", "f")))
        assert wait_for(guest, role="menu item", name="Save As").actions == ("click",)
        assert_is_fresh(guest)
        act(guest, Press("escape"))
        assert_is_fresh(guest)


def test_what_is_scrolled_has_its_new_place_in_the_tree(desktop: PlainDesktop) -> None:
    guest = desktop.guest
    with mousepad(guest, desktop.home, text=LINES) as window:
        wait_for(guest, role="text", text="line 1")
        before = kept_tree(guest)
        act(guest, Scroll(window.box.center, dy=5))
        assert kept_tree(guest) != before
        assert_is_fresh(guest)


def test_a_scrolled_page_has_its_new_places_in_the_tree(desktop: PlainDesktop) -> None:
    guest = desktop.guest
    with chromium_page(guest, desktop.home) as window:
        before = wait_for(guest, role="push button", name="press me").box
        assert before is not None
        act(guest, Scroll(Point(window.box.center.x, window.box.y + window.box.height - 60), dy=2))
        wait_until(lambda: page_button_y(guest) < before.y, timeout_s=5, what="the button to have moved")
        assert_is_fresh(guest)
        act(guest, Hotkey(("ctrl", "home")), TypeText("世x"))
        assert_is_fresh(guest)


def page_button_y(guest: Guest) -> int:
    """Where the page's button is; far up where it does not show any more."""
    found = find(kept_tree(guest), role="push button", name="press me")
    return found[0].box.y if found and found[0].box is not None else -10_000


def test_visible_cells_of_a_sheet_are_in_the_tree_with_their_boxes(desktop: PlainDesktop) -> None:
    guest = desktop.guest
    numbers: list[list[object]] = [[number] for number in range(1000, 1300)]
    rows: list[list[object]] = [[42, None, "Grüße 世界", "=A1*2"], *numbers]
    with calc(guest, rows):
        cells = {node.name: node for node in find(kept_tree(guest), role="table cell")}
        assert [cells[name].text for name in ("A1", "C1", "D1", "A2")] == ["42", "Grüße 世界", "84", "1000"]
        assert "B1" not in cells
        assert "A250" not in cells
        boxes = [cells[name].box for name in ("A1", "C1", "D1")]
        assert all(boxes)
        (first, _, third) = boxes
        assert first is not None
        assert third is not None
        assert first.y == third.y
        assert first.x + first.width <= third.x
        assert_is_fresh(guest)
        for name in ("C1", "A9"):
            box = cells[name].box
            assert box is not None
            act(guest, Click(box.center))
            assert name_box(guest) == name
        act(guest, Press("up"))
        focused = guest.observe(Observe(screenshot=False, tree=False, windows=False, focus=True)).focused
        assert focused is not None
        assert (focused.name, focused.box) == ("A8", cells["A8"].box)
        act(guest, Hotkey(("ctrl", "home")))
        act(guest, TypeText("50"), Press("enter"))
        assert [node.text for node in find(kept_tree(guest), role="table cell", name="D1")] == ["100"]
        assert_is_fresh(guest)
        act(guest, Scroll(Point(first.x, first.y + 200), dy=3))
        assert not any(node.name == "A1" for node in find(kept_tree(guest), role="table cell"))
        assert_is_fresh(guest)
        act(guest, Scroll(Point(first.x, first.y + 200), dy=-3))
        assert find(kept_tree(guest), role="table cell", name="A2")
        assert_is_fresh(guest)
        act(guest, TypeText("=1/0"), Press("enter"))
        assert_is_fresh(guest)
        act(guest, Hotkey(("ctrl", "h")))
        assert wait_for(guest, role="dialog", name="Find and Replace").box is not None
        assert_is_fresh(guest)
        act(guest, Press("escape"))
        assert not find(kept_tree(guest), role="dialog")
        assert_is_fresh(guest)


def name_box(guest: Guest) -> str:
    """The address that Calc itself says the cursor is at."""
    (bar,) = find(kept_tree(guest), role="tool bar", name="Formula Tool Bar")
    return next(node.text for node in bar.walk() if node.role == "text")


def test_a_window_that_comes_and_goes_over_another_one_leaves_the_tree_fresh(desktop: PlainDesktop) -> None:
    guest = desktop.guest
    with mousepad(guest, desktop.home, "under.txt", LINES) as below, mousepad(guest, desktop.home, "over.txt", "over") as above:
        wait_for(guest, role="text", text="over")
        assert_is_fresh(guest)
        act(guest, TypeText("x"))
        assert find(kept_tree(guest), role="text", text="xover")
        # The wheel turns what lies under the pointer; then the other one comes to the front again.
        guest.activate_window(below.id)
        act(guest, Scroll(below.box.center, dy=5))
        guest.activate_window(above.id)
        assert_is_fresh(guest)


def test_an_unchanged_tree_is_read_quickly(desktop: PlainDesktop) -> None:
    guest = desktop.guest
    with mousepad(guest, desktop.home, text=LINES):
        wait_for(guest, role="text", text="line 1")
        act(guest, Hotkey(("alt", "f")))  # an open menu: no caret blinks
        wait_until(lambda: _spent_ms(guest) < 1.0, timeout_s=5, what="a read that asks nobody")
        assert statistics.median(_spent_ms(guest) for _ in range(20)) < 1.0
        act(guest, Press("escape"))


def _spent_ms(guest: Guest) -> float:
    """What the guest needed for the tree."""
    return guest.observe(TREE).timings_ms["tree"]


def test_an_application_that_hangs_bounds_the_read_and_hides_no_other(desktop: PlainDesktop) -> None:
    guest = desktop.guest
    with mousepad(guest, desktop.home, "one.txt", "one"), mousepad(guest, desktop.home, "two.txt", "two") as second:
        wait_for(guest, role="text", text="two")
        (pid,) = (int(line) for line in guest.run(["pgrep", "-f", "mousepad.*one.txt"]).stdout.split())
        os.kill(pid, signal.SIGSTOP)
        try:
            guest.activate_window(second.id)
            act(guest, TypeText("x"))
            readings, times = [], []
            for letter in "yz":
                start = time.monotonic()
                readings.append(kept_tree(guest))
                times.append(time.monotonic() - start)
                guest.perform([TypeText(letter)], settle=STILL)
            assert max(times) < 3.0
            assert find(readings[-1], role="text", text="two")
            fresh = fresh_tree(guest, [sys.executable])
            assert fresh.truncated
            assert find(fresh, role="text", text="two")
        finally:
            os.kill(pid, signal.SIGCONT)
        wait_until(lambda: not kept_tree(guest).truncated, timeout_s=10, what="the whole tree again")
        assert_is_fresh(guest)


def test_a_list_of_applications_that_hangs_hides_none(desktop: PlainDesktop) -> None:
    guest = desktop.guest
    with mousepad(guest, desktop.home, text="first"):
        wait_for(guest, role="text", text="first")
        registry = registry_of(desktop)
        os.kill(registry, signal.SIGSTOP)
        try:
            guest.perform([TypeText("x")], settle=STILL)
            tree = kept_tree(guest)
            assert tree.truncated
            assert find(tree, role="text", text="xfirst")
        finally:
            os.kill(registry, signal.SIGCONT)
        wait_until(lambda: not kept_tree(guest).truncated, timeout_s=10, what="the whole tree again")
        assert_is_fresh(guest)


def registry_of(desktop: PlainDesktop) -> int:
    """The process of this desktop that knows the accessible applications: others may run beside it."""
    home = f"HOME={desktop.home}".encode()
    pids = [int(line) for line in desktop.guest.run(["pgrep", "-f", "at-spi2-registryd"]).stdout.split()]
    (found,) = (pid for pid in pids if is_with(pid, home))
    return found


def is_with(pid: int, variable: bytes) -> bool:
    with suppress(OSError):
        return variable in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return False


def test_a_budget_cuts_the_tree_and_says_so(desktop: PlainDesktop) -> None:
    guest = desktop.guest
    with mousepad(guest, desktop.home, text="first"):
        wait_for(guest, role="text", text="first")
        few = guest.observe(Observe(screenshot=False, tree_nodes=20)).tree
        assert few is not None
        assert few.truncated
        assert sum(1 for _ in few.root.walk()) == 20
        assert not kept_tree(guest).truncated
        assert_is_fresh(guest)
