"""A page with everything that one can act on, in a real Chromium; it tells in its title what is pressed. See `stall.html`."""

from __future__ import annotations

from pathlib import Path

from osarena.guest.client import Guest
from osarena.guest.wait import wait_until
from osarena.types.actions import Action, Click, Hotkey
from osarena.types.dom import Dom, Page, PageElement
from osarena.types.geometry import Point
from osarena.types.observation import Observe, RawObservation, Settle

_PAGE = Path(__file__).with_name("stall.html")
STILL = Settle(still_s=0.15, deadline_s=10.0)
# What the page has for pressing, as it is called; `Ask` asks back.
PRESSED = (
    "Home", "Offers", "Search", "Secret", "In stock", "Size", "Go", "Note", "Partly", "A card More", "More", "A hand", "Tab",
    "A link that is longer than one line of it", "Editor", "one", "two", "three", "Turned", "Framed", "Framed link", "Shadowed",
    "slotted", "Styled",
)  # fmt: skip


def open_stall(guest: Guest) -> None:
    """Open the page in a maximised window."""
    guest.write("~/stall.html", _PAGE.read_bytes())
    guest.launch(["chromium", "file:///home/user/stall.html"])
    guest.wait_for_window(app="chromium", title="Stall", timeout_s=30)


def act(guest: Guest, *actions: Action) -> None:
    report = guest.perform(actions, settle=STILL)
    assert not report.problem


def look(guest: Guest) -> RawObservation:
    return guest.observe(Observe(tree=False, dom=True, dom_s=10, settle=STILL))


def dom_of(guest: Guest) -> Dom:
    dom = look(guest).dom
    assert dom is not None
    return dom


def page_of(guest: Guest) -> Page:
    dom = dom_of(guest)
    assert not dom.truncated
    (page,) = dom.pages
    return page


def by_name(page: Page) -> dict[str, PageElement]:
    named = {element.name: element for element in page.elements}
    assert len(named) == len(page.elements)
    return named


def zoom(guest: Guest, percent: int) -> None:
    """Enlarge the page step by step, as a user does."""
    for _ in range(6):
        page = page_of(guest)
        if round(100 * page.content.width / page.viewport[0]) == percent:
            wait_until(lambda: not _tells_of_zoom(guest), timeout_s=20, what="the end of the box with the percentage")
            return
        act(guest, Hotkey(("ctrl", "+")))
    raise AssertionError(f"the page is not at {percent} %")


def _tells_of_zoom(guest: Guest) -> bool:
    """Whether the box that the browser lays over the page for some seconds is there."""
    tree = guest.observe(Observe(screenshot=False)).tree
    assert tree is not None
    return any(node.name == "Make Text Larger" for node in tree.root.walk())


def pressed(guest: Guest, point: Point) -> str:
    """What the page says lies at a point of the screen."""
    before = _presses(guest)
    guest.perform([Click(point)])
    wait_until(lambda: _presses(guest)[0] > before[0], timeout_s=10, what="the press in the title")
    return _presses(guest)[1]


def _presses(guest: Guest) -> tuple[int, str]:
    (window,) = (window for window in guest.windows() if window.app.lower() == "chromium")
    count, _, what = window.title.removesuffix(" - Chromium").partition(" ")
    return (int(count), what) if count.isdigit() else (0, "")
