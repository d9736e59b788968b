"""What lies over what on the screen, and which processes a drawing can be of: those whose windows are seen there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from Xlib import X
from Xlib.ext import res, shape

from osarena_guest.a11y.nodes import overlap
from osarena_guest.desktop import Rectangle
from osarena_guest.x11 import GONE, answers_desktop_gone, connect

_OPAQUE_DEPTH = 24  # bits of a pixel; what has more may let through what lies below
_MOST_PARTS = 64  # rectangles of a window's shape; one with more counts as hiding nothing


@dataclass(frozen=True, slots=True)
class Layer:
    """One window. What lies under `opaque` cannot be seen. `processes` draw in it: its application and the window manager.

    `numbers` are its own and those of the windows right in it, by which the server knows them.
    """

    box: Rectangle
    opaque: tuple[Rectangle, ...]
    processes: frozenset[int]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Layers:
    """The windows on the screen, topmost first; empty where they are not known."""

    windows: tuple[Layer, ...] = ()

    def drawers(self, areas: Iterable[Rectangle]) -> frozenset[int]:
        """The processes that have a window of which something is seen in one of these areas."""
        found: set[int] = set()
        for area in set(areas):
            found |= self._seen_in(area)
        return frozenset(found)

    def has(self, process: int) -> bool:
        """Whether a window of this process is among them."""
        return any(process in layer.processes for layer in self.windows)

    def over(self, process: int, box: Rectangle) -> list[Rectangle] | None:
        """What lies over a part of the screen above the process's window that fills it; `None` where it has no such window."""
        for number, layer in enumerate(self.windows):
            if process in layer.processes and _without([box], layer.box) == []:
                return [higher.box for higher in self.windows[:number] if overlap(higher.box, box)]
        return None

    def _seen_in(self, area: Rectangle) -> set[int]:
        found: set[int] = set()
        visible = [area]
        for layer in self.windows:
            if any(overlap(part, layer.box) for part in visible):
                found |= layer.processes
                for part in layer.opaque:
                    visible = _without(visible, part)
        return found


def _without(areas: Sequence[Rectangle], cover: Rectangle) -> list[Rectangle]:
    """What is left of areas beside a rectangle."""
    return [part for area in areas for part in (_cut(area, cover) if overlap(area, cover) else [area])]


def _cut(area: Rectangle, cover: Rectangle) -> list[Rectangle]:
    """Up to four rectangles: above, below, left and right of an overlapping cover."""
    x, y, width, height = area
    right, bottom = x + width, y + height
    top_cut, bottom_cut = max(y, cover[1]), min(bottom, cover[1] + cover[3])
    parts = [
        (x, y, width, top_cut - y),
        (x, bottom_cut, width, bottom - bottom_cut),
        (x, top_cut, cover[0] - x, bottom_cut - top_cut),
        (cover[0] + cover[2], top_cut, right - cover[0] - cover[2], bottom_cut - top_cut),
    ]
    return [part for part in parts if part[2] > 0 and part[3] > 0]


class LayerReader:
    """The layers of an X server's screen. They are read again only after a window came, went or moved.

    Not for use from several threads at once.
    """

    def __init__(self, display_name: str | None = None) -> None:
        self._display = connect(display_name)
        self._root = self._display.screen().root
        self._clients: dict[int, int] = {}  # process by the client's part of its windows' numbers, as of one reading
        self._known: Layers | None = None
        self._can_tell = bool(self._display.has_extension(res.extname) and self._display.has_extension(shape.extname))
        self._root.change_attributes(event_mask=X.SubstructureNotifyMask)

    def close(self) -> None:
        """Hang up. May be called twice."""
        self._display.close()

    @answers_desktop_gone
    def read(self) -> Layers:
        """The windows as they lie now; no windows where the server cannot tell whose they are."""
        if not self._can_tell:
            return Layers()
        self._display.sync()
        while self._display.pending_events():
            self._display.next_event()
            self._known = None
        if self._known is None:
            self._clients.clear()  # numbers are used again
            self._known = Layers(tuple(self._windows()))
        return self._known

    def _windows(self) -> Iterator[Layer]:
        for window in reversed(self._root.query_tree().children):
            try:
                attributes = window.get_attributes()
                if attributes.map_state == X.IsViewable and attributes.win_class == X.InputOutput:
                    yield self._describe(window)
            except GONE:
                continue  # it has gone meanwhile, which is an event that brings us here again

    def _describe(self, window: Any) -> Layer:
        """A window on the root, and who draws in it: an application's window lies in a frame that the window manager made."""
        place = window.get_geometry()
        border = place.border_width
        box = (place.x, place.y, place.width + 2 * border, place.height + 2 * border)
        members = (window, *window.query_tree().children)
        clients = set(map(self._client_of, members))
        is_opaque = place.depth <= _OPAQUE_DEPTH or not self._is_composited()
        filled = self._shape(window, place.x + border, place.y + border) if is_opaque else ()
        return Layer(box, filled, frozenset(map(self._process_of, clients)), frozenset(member.id for member in members))

    def _shape(self, window: Any, x: int, y: int) -> tuple[Rectangle, ...]:
        """What a window fills (frames have round corners), as rectangles; `x` and `y` are where it begins."""
        parts = window.shape_get_rectangles(shape.SK.Bounding).rectangles
        if len(parts) > _MOST_PARTS:
            return ()
        return tuple((x + part.x, y + part.y, part.width, part.height) for part in parts)

    def _is_composited(self) -> bool:
        """Whether a compositing manager lets windows show through others."""
        selection = self._display.intern_atom(f"_NET_WM_CM_S{self._display.get_default_screen()}")
        return bool(self._display.get_selection_owner(selection) != X.NONE)

    def _client_of(self, window: Any) -> int:
        number: int = window.id & ~self._display.display.info.resource_id_mask
        return number

    def _process_of(self, client: int) -> int:
        """The process that talks to the server as this client; 0 where the server does not know it."""
        if client not in self._clients:
            answer = self._display.res_query_client_ids([{"client": client, "mask": res.LocalClientPIDMask}])
            self._clients[client] = next((number for known in answer.ids for number in known.value), 0)
        return self._clients[client]
