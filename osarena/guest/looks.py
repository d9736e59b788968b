"""Looks at a desktop: what to ask a guest for, and what its answer means. Unchanged parts come from the last look."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from osarena.errors import GuestError
from osarena.types.dom import dom_from_json
from osarena.types.geometry import Box, Point
from osarena.types.observation import Observe, Pixels, RawObservation, Settle, Window
from osarena.types.tree import Tree, from_wire, node_from_wire
from osarena_guest.protocol import unpack_message


class Looks:
    """Remembers the last frame and the last tree of one guest.

    Args:
        share: the folder through which raw frames come, or `None` where they come in the answer.
    """

    def __init__(self, share: Path | None) -> None:
        self._share = share
        self._frame: tuple[str, Pixels] | None = None
        self._buffer: Pixels = np.empty(0, np.uint8)  # read into again and again: fresh memory is slow to write to
        self._tree: tuple[str, Tree] | None = None

    def request(self, want: Observe) -> dict[str, Any]:
        """The body of a request for this look."""
        flags = ("windows", "cursor", "focus", "terminal", "clipboard")
        body: dict[str, Any] = {name: getattr(want, name) for name in flags}
        if want.screenshot:
            known = self._frame[0] if self._frame else None
            body["screenshot"] = {"format": "raw", "known": known, "share": self._share is not None, "patch": True}
        if want.tree:
            known = self._tree[0] if self._tree else None
            body["tree"] = {"known": known, "nodes": want.tree_nodes, "seconds": want.tree_s}
        if want.dom:
            body["dom"] = {"elements": want.dom_elements, "seconds": want.dom_s}
        return body | {"settle": settle_to_json(want.settle)}

    def understand(self, message: bytes) -> RawObservation:
        """The observation that an answer holds.

        Raises:
            GuestError: the answer cannot be understood.
        """
        try:
            header, body = unpack_message(message)
            pixels, frame_hash = self._pixels(header.get("screenshot"), body)
            focused = header.get("focus")
            cursor, dom = header.get("cursor"), header.get("dom")
            return RawObservation(
                pixels=pixels,
                frame_hash=frame_hash,
                tree=self._read_tree(header.get("tree")),
                windows=tuple(window_from_json(record) for record in header.get("windows", ())),
                cursor=None if cursor is None else Point(*cursor),
                focused=None if focused is None else node_from_wire(focused, ()),
                terminal=header.get("terminal"),
                clipboard=header.get("clipboard"),
                dom=None if dom is None else dom_from_json(dom),
                consistent=header["consistent"],
                settled=header["settled"],
                timings_ms=header["timings_ms"],
            )
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise GuestError(f"the guest's observation cannot be understood: {error}") from error

    def _pixels(self, part: Mapping[str, Any] | None, body: memoryview) -> tuple[Pixels | None, str]:
        if part is None:
            return None, ""
        if not part["unchanged"]:
            self._frame = part["hash"], self._patched(part, body)
        if self._frame is None or self._frame[0] != part["hash"]:
            raise ValueError("it leaves out a frame that was never sent")
        return self._frame[1], self._frame[0]

    def _patched(self, part: Mapping[str, Any], body: memoryview) -> Pixels:
        """The new frame: the rows that came, and the others as they were in the last one."""
        width, height = part["size"]
        rows = part.get("rows", [(0, height)])
        is_whole = [tuple(run) for run in rows] == [(0, height)]
        if is_whole:
            rgb = np.empty((height, width, 3), np.uint8)
        elif self._frame is not None and self._frame[1].shape == (height, width, 3):
            rgb = self._frame[1].copy()
        else:
            raise ValueError("it leaves out rows of a frame that was never sent")
        shares = part["where"] == "share"
        for top, bottom in rows:
            size = (bottom - top) * width * 4
            piece = self._read_shared(top * width * 4, size) if shares else np.frombuffer(body[:size], np.uint8)
            write_rgb(rgb[top:bottom], piece.reshape(bottom - top, width, 4))
            body = body if shares else body[size:]
        rgb.flags.writeable = False
        return rgb

    def _read_tree(self, part: Mapping[str, Any] | None) -> Tree | None:
        if part is None:
            return None
        if not part["unchanged"]:
            self._tree = part["version"], from_wire(part["nodes"], truncated=part["truncated"])
        if self._tree is None or self._tree[0] != part["version"]:
            raise ValueError("it leaves out a tree that was never sent")
        return self._tree[1]

    def _read_shared(self, start: int, size: int) -> Pixels:
        """A piece of the raw frame in the shared folder. It is valid until the next is read.

        Programs of the desktop can write there too. So a link is not followed, and the file is read rather than mapped:
        reading a mapped file that somebody cuts short would kill this process.
        """
        assert self._share is not None
        if len(self._buffer) < size:
            self._buffer = np.empty(size, np.uint8)
        piece = self._buffer[:size]
        try:
            descriptor = os.open(self._share / "frame", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise GuestError("the shared frame is not a regular file")
                if os.preadv(descriptor, [piece.data], start) != size:
                    raise GuestError("the shared frame is cut short")
            finally:
                os.close(descriptor)
        except OSError as error:
            raise GuestError(f"the shared frame cannot be read: {error.strerror}") from error
        return piece


def write_rgb(rgb: Pixels, bgrx: Pixels) -> None:
    """Write `(height, width, 4)` BGRX into `(height, width, 3)` RGB."""
    for channel in range(3):  # three plain copies take a third of the time of one with reversed strides
        rgb[..., channel] = bgrx[..., 2 - channel]


def settle_to_json(settle: Settle | None) -> dict[str, float] | None:
    """The wire form of a wait for stillness."""
    return None if settle is None else {"still_s": settle.still_s, "deadline_s": settle.deadline_s}


def window_from_json(record: Mapping[str, Any]) -> Window:
    """The window that a wire record describes."""
    return Window(
        id=record["id"],
        title=record["title"],
        app=record["app"],
        box=Box(*record["box"]),
        stacking=record["stacking"],
        is_focused=record["focused"],
        is_minimized=record["minimized"],
    )
