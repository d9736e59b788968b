"""What web browsers know of the pages that they show: the elements that one can act on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from osarena.types.geometry import Box

CssBox = tuple[float, float, float, float]  # left, top, width, height in CSS pixels from the viewport's top left corner


@dataclass(frozen=True, slots=True)
class PageElement:
    """Something on a page that one can act on and see.

    `tag` and `type` (of an input) are HTML's, `role` is ARIA's if one is given, `name` the accessible name, `text` what a field
    holds, `states` are some of `protocol.ELEMENT_STATES`. `box` is what can be seen of it; nothing covers its middle.
    """

    tag: str
    type: str
    role: str
    name: str
    text: str
    states: frozenset[str]
    box: CssBox


@dataclass(frozen=True, slots=True)
class Page:
    """A page that can be seen, in the top-level window with the id `window`.

    `content` is the viewport's place on the screen, in screen pixels, and `viewport` its width and height in CSS pixels: together
    they account for the zoom and the screen's scale. `elements` stand in the order of the page. `covered` are the boxes of those
    that others of the page cover, `popups` (on the screen) of what lies over the page and is no window, such as menus.
    """

    window: int
    title: str
    url: str
    content: Box
    viewport: tuple[float, float]
    elements: tuple[PageElement, ...] = ()
    covered: tuple[CssBox, ...] = ()
    popups: tuple[Box, ...] = ()
    truncated: bool = False

    def on_screen(self, box: CssBox) -> Box:
        """Where a box of the page lies on the screen, each edge rounded to the nearest pixel; at least one pixel each way."""
        left, top, width, height = box
        across, down = self.content.width / self.viewport[0], self.content.height / self.viewport[1]
        x, y = round(left * across), round(top * down)
        right, bottom = round((left + width) * across), round((top + height) * down)
        return Box(self.content.x + x, self.content.y + y, max(right - x, 1), max(bottom - y, 1))


@dataclass(frozen=True, slots=True)
class Dom:
    """The pages that can be seen, from the bottom of the stack to its top.

    `truncated` is true where a budget was hit or a browser did not answer in time: what is there is right, but may not be all.
    """

    pages: tuple[Page, ...] = ()
    truncated: bool = False


def dom_from_json(record: Mapping[str, Any]) -> Dom:
    """The pages as the guest tells of them: `{"pages": […], "truncated": false}`.

    Raises:
        ValueError: it is of another form.
    """
    try:
        return Dom(tuple(map(page_from_json, record["pages"])), bool(record["truncated"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"these are no pages: {error!r}") from error


def page_from_json(record: Mapping[str, Any]) -> Page:
    """A page as the guest tells of it; the fields are described at `protocol.PAGE`::

        {"window": 62914563, "title": "Bookshop", "url": "http://…",
         "content": [0, 87, 1920, 950], "viewport": [1536.0, 760.0],
         "elements": [{"tag": "input", "type": "text", "role": "", "name": "Search", "text": "tea",
                       "states": ["focused", "disabled"], "box": [12.5, 8, 300, 32]}],
         "covered": [[30, 60, 120, 20]], "popups": [[1400, 60, 300, 420]], "truncated": false}

    Raises:
        ValueError: it is of another form.
    """
    try:
        left, top, width, height = map(int, record["content"])
        across, down = map(float, record["viewport"])
        page = Page(
            window=int(record["window"]),
            title=str(record["title"]),
            url=str(record["url"]),
            content=Box(left, top, width, height),
            viewport=(across, down),
            elements=tuple(map(_element, record["elements"])),
            covered=tuple(map(_css_box, record["covered"])),
            popups=tuple(Box(*map(int, box)) for box in record["popups"]),
            truncated=bool(record["truncated"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"this is no page: {error!r}") from error
    if not min(across, down) > 0:
        raise ValueError(f"a viewport of {across:g}x{down:g} shows nothing")
    return page


def _element(record: Mapping[str, Any]) -> PageElement:
    tag, kind, role, name, text = (str(record[field]) for field in ("tag", "type", "role", "name", "text"))
    return PageElement(tag, kind, role, name, text, frozenset(map(str, record["states"])), _css_box(record["box"]))


def _css_box(values: Iterable[Any]) -> CssBox:
    left, top, width, height = map(float, values)
    return left, top, width, height
