"""Which pages a browser has, and what those tell that can be seen."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any

from osarena_guest.dom.devtools import Command, DevTools, Reply, Steps
from osarena_guest.dom.report import Limits, Report, expression, read_report
from osarena_guest.dom.stream import StreamError

MOST_TABS = 64  # that are asked
_LONGEST_URL = 2000
# The scripts of a page do not know of a world of this name, and it is the same one at each look.
_WORLD = "osarena"
# Beyond its own limit, after which the browser stops the script: it cannot stop itself while the page is laid out.
_GRACE_S = 2.0


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page that can be seen; `window` is the browser's own number of the window that it is in, `None` where it does not say."""

    url: str
    window: int | None
    report: Report

    @property
    def is_debugger(self) -> bool:
        """Whether this is the browser's own debugger, which may share a window with the page that it looks into."""
        return _is_debugger(self.url)


@dataclass(frozen=True, slots=True)
class Tabs:
    """The pages that can be seen; `is_complete` is false where some may be missing, `is_late` where time was up."""

    visible: tuple[SeenPage, ...]
    is_complete: bool
    is_late: bool


@dataclass(slots=True)
class _Tab:
    """One page: whether it has told, and what, if it can be seen."""

    target: str
    url: str
    window: int | None = None
    is_through: bool = False
    report: Report | None = None


def read_tabs(port: int, limits: Limits, *, deadline: float) -> Tabs:
    """Ask every page of the browser that is debugged on a port.

    Raises:
        ConnectionRefusedError: there is no browser.
        StreamError: it does not answer.
    """
    with closing(DevTools(port, deadline=deadline)) as browser:
        pages = _pages(browser.ask(Command("Target.getTargets", {})))
        tabs = pages[:MOST_TABS]
        script = expression(limits)
        is_late = False
        try:
            browser.converse([_visit(tab, script, limits) for tab in tabs], is_over=lambda: _is_all_seen(tabs))
        except StreamError:
            is_late = True  # those that have answered are seen
    visible = tuple(SeenPage(tab.url, tab.window, tab.report) for tab in tabs if tab.report is not None)
    return Tabs(visible, is_complete=len(pages) == len(tabs) and _is_all_seen(tabs), is_late=is_late)


def _visit(tab: _Tab, script: str, limits: Limits) -> Steps[None]:
    """Find out in which window a page is, and have it tell what is in it."""
    window, attached = yield [
        Command("Browser.getWindowForTarget", {"targetId": tab.target}),
        Command("Target.attachToTarget", {"targetId": tab.target, "flatten": True}),
    ]
    tab.window = _integer(window, "windowId")
    session = attached.get("sessionId") if attached else None
    if not isinstance(session, str):
        return
    # The outermost frame of a page is called as the page is.
    (world,) = yield [Command("Page.createIsolatedWorld", {"frameId": tab.target, "worldName": _WORLD}, session)]
    context = _integer(world, "executionContextId")
    if context is None:
        return
    wanted = {"expression": script, "contextId": context, "returnByValue": True, "silent": True}
    wanted["timeout"] = (limits.seconds + _GRACE_S) * 1000
    (answer,) = yield [Command("Runtime.evaluate", wanted, session)]
    result = answer.get("result") if answer else None
    with suppress(ValueError):  # it could not tell, and is not through
        tab.report = read_report(result.get("value") if isinstance(result, dict) else None, elements=limits.elements)
        tab.is_through = True


def _is_all_seen(tabs: Sequence[_Tab]) -> bool:
    """Whether each window's page is known. Those behind it need not answer: a window shows one, and perhaps its debugger."""
    seen = {tab.window for tab in tabs if tab.report is not None and not _is_debugger(tab.url)} - {None}
    return all(tab.is_through or (tab.window in seen and not _is_debugger(tab.url)) for tab in tabs)


def _is_debugger(url: str) -> bool:
    return url.startswith("devtools://")


def _pages(answer: Reply) -> list[_Tab]:
    listed = answer.get("targetInfos") if answer else None
    if not isinstance(listed, list):
        raise StreamError("the browser does not list its pages")
    found = [_tab(target) for target in listed if isinstance(target, dict) and target.get("type") == "page"]
    return [tab for tab in found if tab is not None]


def _tab(target: dict[str, Any]) -> _Tab | None:
    number, url = target.get("targetId"), target.get("url")
    if not isinstance(number, str) or not isinstance(url, str):
        return None
    return _Tab(number, url[:_LONGEST_URL].encode("utf-8", "replace").decode())


def _integer(answer: Reply, name: str) -> int | None:
    value = answer.get(name) if answer else None
    return value if isinstance(value, int) else None
