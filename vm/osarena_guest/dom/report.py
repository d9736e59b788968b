"""What `page.js` tells of a page, checked: whoever listens on the debugging port may say anything."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from osarena_guest.protocol import ELEMENT_STATES

_WORD, _NAME, _TEXT = 40, 160, 1000  # characters of a tag, type or role; of a name; of what a field holds
_LARGEST = 1 << 15  # pixels of a viewport each way
# Characters that control terminals; line ends and tabs are text.
_CONTROLS = dict.fromkeys(code for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is looked at in one page, whose own scripts stand still meanwhile."""

    elements: int  # told of
    seconds: float = 0.3  # 500 elements take a tenth of it, but on a busy machine all of it
    nodes: int = 50_000  # looked at
    candidates: int = 3000  # that may be told of, if they can be seen


@dataclass(frozen=True, slots=True)
class Report:
    """A page that can be seen in its window.

    `ratio` is screen pixels for each CSS pixel; `size` the viewport with its scroll bars, in screen pixels. `elements` and
    `covered` are as in an observation's record of a page (see `protocol`).
    """

    title: str
    is_focused: bool
    ratio: float
    size: tuple[int, int]
    elements: list[dict[str, Any]]
    covered: list[list[float]]
    truncated: bool


def expression(limits: Limits) -> str:
    """What the page has to evaluate."""
    told = {
        "milliseconds": limits.seconds * 1000,
        "nodes": limits.nodes,
        "candidates": limits.candidates,
        "elements": limits.elements,
        "depth": 8,  # of frames and shadows in one another
        "smallest": 3,  # pixels each way, below which nothing can be hit
        "holder": 0.5,  # of the viewport: what is larger and merely looks as if one could click it holds other things
        "rects": 12,  # lines of a link
        "attempts": 6,  # at finding a part that nothing covers
        "large": 4000,  # square pixels (of CSS) from which on an element's corners are looked at as well
        "name": _NAME,
        "text": _TEXT,
    }
    # Both are kept in the world that is the script's own: what the browser has compiled once is quicker the next time.
    # A page can give elements any name, and each is a property of the global object; but it has no way to name a symbol.
    page, nodes = f"kept.page ??= {_script('page.js')}", f"kept.nodes ??= ({_script('nodes.js')})()"
    return f'((kept) => ({page})({json.dumps(told)}, {nodes}))(globalThis[Symbol.for("osarena")] ??= {{}})'


@lru_cache(maxsize=2)
def _script(name: str) -> str:
    return (resources.files(__package__) / name).read_text("utf-8")


def read_report(text: object, *, elements: int) -> Report | None:
    """What a page has told; `None` where the page is hidden.

    Args:
        elements: at most so many of each kind are taken over.

    Raises:
        ValueError: it is no report.
    """
    if not isinstance(text, str):
        raise ValueError("the page has told nothing")
    try:
        record = json.loads(text)
        if not record["visible"]:
            return None
        width, height = map(int, record["size"])
        ratio = _finite(record["ratio"])
        if not (0 < width <= _LARGEST and 0 < height <= _LARGEST and 0 < ratio < 100):
            raise ValueError(f"a viewport of {width}x{height} pixels at {ratio:g}")
        return Report(
            title=_text(record["title"], _TEXT),
            is_focused=bool(record["focused"]),
            ratio=ratio,
            size=(width, height),
            elements=[_element(element) for element in record["elements"][:elements]],
            covered=[_box(box) for box in record["covered"][:elements]],
            truncated=bool(record["truncated"]) or max(len(record["elements"]), len(record["covered"])) > elements,
        )
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ValueError(f"this is no report: {error!r}") from error


def _element(record: Any) -> dict[str, Any]:
    return {
        "tag": _text(record["tag"], _WORD),
        "type": _text(record["type"], _WORD),
        "role": _text(record["role"], _WORD),
        "name": _text(record["name"], _NAME),
        "text": _text(record["text"], _TEXT),
        "states": sorted(ELEMENT_STATES.intersection(record["states"])),
        "box": _box(record["box"]),
    }


def _text(value: object, longest: int) -> str:
    """Text that can be encoded; cut."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is no text")
    return value[:longest].translate(_CONTROLS).encode("utf-8", "replace").decode()


def _box(values: Iterable[Any]) -> list[float]:
    left, top, width, height = map(_finite, values)
    if width < 0 or height < 0:
        raise ValueError(f"a box of {width:g}x{height:g}")
    return [left, top, width, height]


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number) or abs(number) > 1e6:
        raise ValueError(f"{number} is no place on a screen")
    return number
