"""Where on the screen the pages are: in which window of the X server, and where in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from osarena_guest.a11y.layers import Layers
from osarena_guest.desktop import Rectangle, Row
from osarena_guest.dom.tabs import SeenPage
from osarena_guest.protocol import state_bits

_DOCUMENT = "document web"
_SHOWING = state_bits("showing")
_NAME = "chrom"  # is in the class of every window of the browser, whoever has built it
_MARKS = dict.fromkeys((0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))  # of the direction of writing

Record = Mapping[str, Any]  # of a window, as `osarena_guest.desktop.Windows` has it


def find_windows(pages: Sequence[SeenPage], windows: Sequence[Record]) -> list[Record | None]:
    """For each page the window on the screen that it is in, or `None` where there is none that it can be in.

    Pages that share a window of the browser do so on the screen, and others do not. A debugger beside a page has no window as
    far as the browser says; it is in the one that is most like it.
    """
    # Of a page and its debugger in one window, the page gives it its title.
    shown = {page.window: page for page in sorted(pages, key=lambda page: not page.is_debugger) if page.window is not None}
    pairs = [
        (likeness, number, window)
        for number, page in shown.items()
        for window in windows
        if (likeness := _likeness(page, window)) is not None
    ]
    found: dict[int | None, Record] = {}
    for _, number, window in sorted(pairs, key=lambda pair: pair[0], reverse=True):
        if number not in found and window["id"] not in {other["id"] for other in found.values()}:
            found[number] = window
    return [_most_like(page, windows) if page.window is None else found.get(page.window) for page in pages]


def _most_like(page: SeenPage, windows: Sequence[Record]) -> Record | None:
    pairs = [(likeness, window) for window in windows if (likeness := _likeness(page, window)) is not None]
    return max(pairs, key=lambda pair: pair[0])[1] if pairs else None


def _likeness(page: SeenPage, window: Record) -> tuple[int, ...] | None:
    """What speaks for this being the page's window, the weightiest first; `None` where it cannot be."""
    (width, height), (_, _, *size) = page.report.size, window["box"]
    title, shown = _plain(page.report.title), _plain(window["title"])
    has_title = bool(title) and (shown == title or shown.startswith(f"{title} - "))
    is_browser = _NAME in window["app"].casefold()
    if window["minimized"] or width > size[0] or height > size[1] or not (is_browser or has_title):
        return None
    return is_browser, has_title, width == size[0], window["focused"] == page.report.is_focused, window["stacking"]


def _plain(title: str) -> str:
    """A title without what browsers and window managers add to it or take from it."""
    return re.sub(r"\s+", " ", title.translate(_MARKS)).strip()


def viewport_in(window: Rectangle, size: tuple[int, int]) -> Rectangle | None:
    """Where a page lies that is as wide as its window: at the bottom. `None` for others: there is something beside it."""
    x, y, width, height = window
    return (x, y + height - size[1], *size) if width == size[0] else None


def viewport_in_tree(rows: Iterable[Row], window: Rectangle, size: tuple[int, int], title: str) -> Rectangle | None:
    """Where the accessibility tree has a document of this size in the window; `None` where it has none."""
    boxes = [
        (row[2] == title, row[8])
        for row in rows
        if row[1] == _DOCUMENT and row[5] & _SHOWING and row[8] is not None and _is_about(row[8][2:], size)
    ]
    inside = [(is_named, tuple(box)) for is_named, box in boxes if _is_inside(box, window)]
    return max(inside, key=lambda entry: entry[0])[1] if inside else None


def popups_over(page: Rectangle, window: int, windows: Iterable[Record], layers: Layers) -> list[Rectangle]:
    """What lies over a page and is no window of the list: menus, bubbles, panels.

    Args:
        window: the number of the window that the page is in.
    """
    listed = {record["id"] for record in windows}
    over: list[Rectangle] = []
    for layer in layers.windows:
        if window in layer.numbers:
            return over
        if not listed & layer.numbers and _shares(layer.box, page):
            over.append(layer.box)
    return []


def _is_about(one: Sequence[int], other: Sequence[int]) -> bool:
    return all(abs(a - b) <= 1 for a, b in zip(one, other, strict=True))


def _is_inside(box: Sequence[int], outer: Sequence[int]) -> bool:
    return all(outer[i] - 1 <= box[i] and box[i] + box[i + 2] <= outer[i] + outer[i + 2] + 1 for i in (0, 1))


def _shares(one: Rectangle, other: Rectangle) -> bool:
    return all(one[i] < other[i] + other[i + 2] and other[i] < one[i] + one[i + 2] for i in (0, 1))
