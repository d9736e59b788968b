"""The pages of the Chromium that runs in this desktop."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

from osarena_guest.a11y.layers import LayerReader
from osarena_guest.desktop import Accessibility, DomReading, Rectangle, Windows
from osarena_guest.dom.place import Record, find_windows, popups_over, viewport_in, viewport_in_tree
from osarena_guest.dom.report import Limits
from osarena_guest.dom.stream import StreamError
from osarena_guest.dom.tabs import SeenPage, Tabs, read_tabs
from osarena_guest.protocol import DEBUGGING_PORT

# For a browser that did not answer in time at the last look: it shows a message that must be answered first, or is at work.
_SECOND_PATIENCE_S = 0.5
_TREE_NODES, _TREE_S = 10_000, 2.0


class ChromiumDom:
    """Asks Chromium over its remote debugging, anew at each look. Safe for several threads.

    Args:
        tree: is read only where a page does not fill its window, to learn where it lies.
        layers: tells of menus and the like; from now on it is this object's.
        port: of the loopback, on which Chromium is debugged.
    """

    def __init__(
        self,
        *,
        windows: Windows,
        tree: Accessibility,
        layers: LayerReader,
        port: int = DEBUGGING_PORT,
    ) -> None:
        self._windows = windows
        self._tree = tree
        self._layers = layers
        self._port = port
        self._lock = threading.Lock()
        self._is_silent = False

    def read(self, *, elements: int, seconds: float) -> DomReading:
        """The pages that can be seen. Without a browser there are none; what did not answer in time is missing."""
        with self._lock:
            patience_s = min(seconds, _SECOND_PATIENCE_S) if self._is_silent else seconds
            deadline = time.monotonic() + patience_s
            try:
                tabs = read_tabs(self._port, Limits(elements=elements), deadline=deadline)
            except ConnectionRefusedError:
                self._is_silent = False
                return DomReading(())
            except StreamError:
                self._is_silent = True
                return DomReading((), truncated=True)
            self._is_silent = tabs.is_late
            return self._placed(tabs)

    def _placed(self, tabs: Tabs) -> DomReading:
        """The pages with their places on the screen, bottom of the stack first."""
        if not tabs.visible:
            return DomReading((), truncated=not tabs.is_complete)
        windows, layers = self._windows.list(), self._layers.read()
        own = find_windows(tabs.visible, windows)
        debugged = {window["id"] for page, window in zip(tabs.visible, own, strict=True) if page.is_debugger and window}
        placed: list[tuple[int, dict[str, Any]]] = []
        for page, window in zip(tabs.visible, own, strict=True):
            if window is None:
                continue
            content = self._viewport(page, window, is_alone=page.is_debugger or window["id"] not in debugged)
            if content is not None:
                popups = popups_over(content, window["id"], windows, layers)
                placed.append((window["stacking"], page_record(page, window["id"], content, popups)))
        pages = [record for _, record in sorted(placed, key=lambda entry: entry[0])]
        is_cut = not tabs.is_complete or len(pages) < len(tabs.visible) or any(page["truncated"] for page in pages)
        return DomReading(pages, truncated=is_cut)

    def _viewport(self, page: SeenPage, window: Record, *, is_alone: bool) -> Rectangle | None:
        """Where the page lies on the screen, or `None` where nobody knows."""
        size, (x, y, width, height) = page.report.size, window["box"]
        box = (x, y, width, height)
        content = viewport_in(box, size) if is_alone else None
        return content or viewport_in_tree(self._tree.read(nodes=_TREE_NODES, seconds=_TREE_S).rows, box, size, page.report.title)


def page_record(page: SeenPage, window: int, content: Rectangle, popups: Sequence[Rectangle]) -> dict[str, Any]:
    """What an observation tells of a page, see `protocol.PAGE`.

    Args:
        window: the number of the window on the screen.
    """
    report = page.report
    return {
        "window": window,
        "title": report.title,
        "url": page.url,
        "content": list(content),
        "viewport": [content[2] / report.ratio, content[3] / report.ratio],
        "elements": report.elements,
        "covered": report.covered,
        "popups": [list(popup) for popup in popups],
        "truncated": report.truncated,
    }
