"""One look at a desktop, as the guest delivers it and as an agent sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osarena.types.dom import Dom
from osarena.types.geometry import Box, Point, Size
from osarena.types.tree import Node, Tree

Pixels = NDArray[np.uint8]  # (height, width, 3) RGB


@dataclass(frozen=True, slots=True)
class Window:
    """A top-level window. `stacking` counts from 0 at the bottom."""

    id: int
    title: str
    app: str  # WM_CLASS class name, e.g. "libreoffice-calc"
    box: Box
    stacking: int
    is_focused: bool = False
    is_minimized: bool = False


@dataclass(frozen=True, slots=True)
class Settle:
    """Wait until screen and tree have been still for `still_s`, at most `deadline_s`.

    A caret blinks every 0.5 s, so `still_s` must be under 0.2.
    """

    still_s: float = 0.1
    deadline_s: float = 2.0


@dataclass(frozen=True, slots=True)
class Observe:
    """What a look should contain; each part costs its own time."""

    screenshot: bool = True
    tree: bool = True
    windows: bool = True
    cursor: bool = True
    focus: bool = False
    terminal: bool = False
    clipboard: bool = False
    dom: bool = False
    settle: Settle | None = None
    # Budgets of the tree; `truncated` says when either was hit.
    tree_nodes: int = 10_000
    tree_s: float = 5.0
    # The same of the pages in browsers: elements of each page, and seconds for all of them.
    dom_elements: int = 1000
    dom_s: float = 2.0


@dataclass(frozen=True, slots=True)
class RawObservation:
    """What the guest delivered; parts that were not asked for are `None` (or empty).

    `consistent` says whether the frame was the same before and after the tree was read.
    `frame_hash` changes exactly when a pixel does. `timings_ms` tells where the guest's time went.
    """

    pixels: Pixels | None = None
    frame_hash: str = ""
    tree: Tree | None = None
    windows: tuple[Window, ...] = ()
    cursor: Point | None = None
    focused: Node | None = None
    terminal: str | None = None
    clipboard: str | None = None
    dom: Dom | None = None
    consistent: bool = True
    settled: bool = True
    timings_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Observation:
    """What an agent acts from.

    `last_error` says why the last action could not be carried out, or is empty.
    """

    step: int
    screen: Size
    raw: RawObservation
    last_error: str = ""
    info: dict[str, Any] = field(default_factory=dict)

    @property
    def screenshot(self) -> Pixels:
        """`(height, width, 3)` uint8 RGB."""
        if self.raw.pixels is None:
            raise ValueError("this observation was made without a screenshot")
        return self.raw.pixels

    @property
    def tree(self) -> Tree:
        """The accessibility tree."""
        if self.raw.tree is None:
            raise ValueError("this observation was made without a tree")
        return self.raw.tree

    @property
    def dom(self) -> Dom:
        """The pages in web browsers."""
        if self.raw.dom is None:
            raise ValueError("this observation was made without the pages of browsers")
        return self.raw.dom
