"""The pages in the browsers of a fake desktop."""

from __future__ import annotations

from typing import Any

from osarena_guest.desktop import DomReading, Rectangle
from osarena_guest.fake_desktop import FakeDesktop, FakeWindow, Widget

_TAGS = {
    "push button": ("button", "submit"),
    "entry": ("input", "text"),
    "text": ("textarea", ""),
    "check box": ("input", "checkbox"),
}


class FakeDom:
    """Satisfies `osarena_guest.desktop.Dom`."""

    def __init__(self, desktop: FakeDesktop) -> None:
        self._desktop = desktop

    def read(self, *, elements: int, seconds: float) -> DomReading:
        """The pages, bottom of the stack first."""
        del seconds
        pages = [self._record(window, window.page, elements) for window in self._desktop.windows if window.page is not None]
        return DomReading(pages, truncated=any(page["truncated"] for page in pages))

    def _record(self, window: FakeWindow, page: Rectangle, limit: int) -> dict[str, Any]:
        x, y, width, height = page
        shown = [widget for widget in window.widgets if widget.kind in _TAGS and _is_inside(widget.box, page)]
        return {
            "window": window.id,
            "title": window.title.removesuffix(" - Browser"),
            "url": window.url,
            "content": [window.box[0] + x, window.box[1] + y, width, height],
            "viewport": [float(width), float(height)],
            "elements": [self._element(widget, page) for widget in shown[:limit]],
            "covered": [],
            "popups": [],
            "truncated": len(shown) > limit,
        }

    def _element(self, widget: Widget, page: Rectangle) -> dict[str, Any]:
        tag, kind = _TAGS[widget.kind]
        states = {"focused": widget is self._desktop.focus, "checked": widget.is_checked, "editable": widget.takes_text}
        left, top, width, height = widget.box
        return {
            "tag": tag,
            "type": kind,
            "role": "",
            "name": widget.name,
            "text": widget.text,
            "states": sorted(state for state, holds in states.items() if holds),
            "box": [float(left - page[0]), float(top - page[1]), float(width), float(height)],
        }


def _is_inside(box: Rectangle, outer: Rectangle) -> bool:
    return all(outer[i] <= box[i] and box[i] + box[i + 2] <= outer[i] + outer[i + 2] for i in (0, 1))
