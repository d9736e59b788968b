"""The pages in a browser: what it takes to tell of one, looks as an agent takes them."""

from __future__ import annotations

from osarena.guest.wait import wait_until
from osarena.types.actions import Hotkey
from osarena.types.observation import Observe
from tests.benchmarks.measure import COUNT, Row, measure, within
from tests.benchmarks.setting import STILL, BenchDesktop

PAGES = Observe(screenshot=False, tree=False, windows=False, cursor=False, dom=True, dom_s=10)

_ELEMENTS = 500
_LIMIT_MS = 60.0
_KINDS = ("<button>{}</button>", "<a href=#>{}</a>", "<input placeholder={}>", "<span style='cursor: pointer'>{}</span>")


def run(desktop: BenchDesktop) -> list[Row]:
    """The rows of the table."""
    guest = desktop.guest
    guest.write("~/elements.html", _page())
    guest.launch(["chromium", "elements.html"])
    guest.wait_for_window(title="Elements", timeout_s=60)
    guest.observe(Observe(screenshot=False, tree=False, settle=STILL))
    wait_until(lambda: _seen(desktop) == _ELEMENTS, timeout_s=60, what=f"{_ELEMENTS} elements")
    looks = measure(lambda: guest.observe(PAGES), count=5 * COUNT)
    guest.perform([Hotkey(("ctrl", "w"))])
    guest.wait_for_no_window(title="Elements", timeout_s=30)
    return [within(f"a page of {_ELEMENTS} elements", looks, p50_ms=_LIMIT_MS, note=f"fastest {min(looks.times_ms):.0f} ms")]


def _seen(desktop: BenchDesktop) -> int:
    dom = desktop.guest.observe(PAGES).dom
    return 0 if dom is None else sum(len(page.elements) for page in dom.pages)


def _page() -> bytes:
    """A page with so many elements in its viewport."""
    elements = "".join(_KINDS[number % len(_KINDS)].format(number) for number in range(_ELEMENTS))
    style = "div { display: grid; grid-template-columns: repeat(25, 70px); gap: 4px } div * { height: 30px; min-width: 0 }"
    return f"<!doctype html><title>Elements</title><style>{style}</style><div>{elements}</div>".encode()
