"""Keyboard and pointer of an X server, through the XTEST extension over one long-lived connection."""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

from osarena_guest.desktop import GuestProblem
from osarena_guest.inputs.keymap import Keymap, Stroke
from osarena_guest.inputs.keys import keysym_of_character, keysym_of_key
from osarena_guest.wait import wait_until
from osarena_guest.windows.ewmh import Hints
from osarena_guest.x11 import GONE, answers_desktop_gone, connect

_BUTTONS = {"left": 1, "middle": 2, "right": 3}
_WHEEL_UP, _WHEEL_DOWN, _WHEEL_LEFT, _WHEEL_RIGHT = 4, 5, 6, 7
_BUTTON_MASKS = {1: X.Button1Mask, 2: X.Button2Mask, 3: X.Button3Mask}
_BETWEEN_CLICKS_MS = 10  # of a double click
_HELD_BACK_S = 10.0  # a click, at most
_DRAIN_TIMEOUT_S = 10.0  # of one text
_UNTOLD_DRAIN_S = 0.2  # for an application that does not say when it has taken its keys


class X11Inputs:
    """Presses keys and buttons, and moves the pointer. Safe for several threads."""

    def __init__(self, display_name: str | None = None) -> None:
        self._display: Display = connect(display_name)
        if not self._display.has_extension(xtest.extname):
            raise GuestProblem("unsupported", "the X server has no XTEST extension")
        self._hints = Hints(self._display)
        self._lock = threading.RLock()
        self._held: dict[str, Stroke] = {}
        self._pings = 0
        self._patience_ends = 0.0  # time.monotonic() until which one call waits for a hanging application
        self._keymap = Keymap(self._display, self._wait_for_keys_taken)
        self._shift = self._keymap.strokes([keysym_of_key("shift")])[0][0]

    @answers_desktop_gone
    def move(self, x: int, y: int) -> None:
        """Put the pointer there."""
        with self._lock:
            self._display.xtest_fake_input(X.MotionNotify, x=x, y=y)
            self._display.sync()

    @answers_desktop_gone
    def button(self, name: str, *, down: bool) -> None:
        """Press or release a button where the pointer is."""
        with self._lock:
            self._display.xtest_fake_input(X.ButtonPress if down else X.ButtonRelease, _BUTTONS[name])
            self._display.sync()
            if not down:
                self._wait_until_let_through(_BUTTON_MASKS[_BUTTONS[name]])

    @answers_desktop_gone
    def click(self, name: str, *, count: int = 1) -> None:
        """Click where the pointer is.

        The server times them, so that two are a double click: on a busy machine they would come too far apart if each waited
        for this process's turn, and to Chromium two that come in one millisecond are one.
        """
        with self._lock:
            for number in range(count):
                self._display.xtest_fake_input(X.ButtonPress, _BUTTONS[name], time=_BETWEEN_CLICKS_MS if number else 0)
                self._display.xtest_fake_input(X.ButtonRelease, _BUTTONS[name])
            self._display.sync()
            self._wait_until_let_through(_BUTTON_MASKS[_BUTTONS[name]])

    @answers_desktop_gone
    def scroll(self, dx: int, dy: int) -> None:
        """Turn the wheel by notches where the pointer is: positive is down and right."""
        with self._lock:
            self._turn(_WHEEL_DOWN if dy > 0 else _WHEEL_UP, abs(dy))
            self._turn(_WHEEL_RIGHT if dx > 0 else _WHEEL_LEFT, abs(dx))
            self._display.sync()
            self._wait_until_let_through(X.Button4Mask | X.Button5Mask)

    @answers_desktop_gone
    def key(self, name: str, *, down: bool) -> None:
        """Press or release a key; a character that needs Shift brings it along."""
        with self._lock:
            self._patience_ends = time.monotonic() + _DRAIN_TIMEOUT_S
            if down:
                stroke = self._keymap.strokes([keysym_of_key(name)])[0]
                self._held[name] = stroke
                self._press(stroke)
            else:
                held = self._held.pop(name, None)
                self._release(held or self._keymap.strokes([keysym_of_key(name)])[0])
            self._display.sync()

    @answers_desktop_gone
    def type_text(self, text: str) -> None:
        """Type any Unicode text, one code point after the other."""
        keysyms = [keysym_of_character(character) for character in text.replace("\r\n", "\n").replace("\r", "\n")]
        with self._lock, self._without_caps_lock():
            self._patience_ends = time.monotonic() + _DRAIN_TIMEOUT_S
            while keysyms:
                strokes = self._keymap.strokes(keysyms)
                for stroke in strokes:
                    self._press(stroke)
                    self._release(stroke)
                self._display.sync()
                del keysyms[: len(strokes)]

    @answers_desktop_gone
    def pointer(self) -> tuple[int, int]:
        """Where the pointer is."""
        with self._lock:
            where = self._display.screen().root.query_pointer()
        return where.root_x, where.root_y

    @answers_desktop_gone
    def drain(self, *, timeout_s: float) -> bool:
        """Wait until the window in front has taken every earlier event from its queue: it answers a ping after them."""
        with self._lock:
            hints = self._hints
            window = hints.window(hints.active())
            try:
                if not window.id or not hints.has(window, "WM_PROTOCOLS", "_NET_WM_PING"):
                    return False
                with self._listening_to_root():
                    self._pings += 1
                    hints.ping(window, self._pings)
                    return self._pong_arrives([hints.atom("_NET_WM_PING"), self._pings, window.id], timeout_s)
            except GONE:
                return True  # it closed meanwhile

    @answers_desktop_gone
    def release_all(self) -> None:
        """Release every key and button that is still held, whoever pressed it."""
        with self._lock:
            self._held.clear()
            for byte, bits in enumerate(self._display.query_keymap()):
                for bit in range(8):
                    if bits >> bit & 1:
                        self._display.xtest_fake_input(X.KeyRelease, byte * 8 + bit)
            mask = self._display.screen().root.query_pointer().mask
            for button, button_mask in _BUTTON_MASKS.items():
                if mask & button_mask:
                    self._display.xtest_fake_input(X.ButtonRelease, button)
            self._display.sync()

    def _wait_until_let_through(self, buttons: int) -> None:
        """Wait until the window manager has let a click, or a turn of the wheel, through to its window.

        It holds the pointer's events back until it has looked at a press, but not the keyboard's, so that keys which come
        next would overtake the click, and a modifier would be up before it. The server counts the button (one of the masks
        in `buttons`) as down meanwhile; those that turn a wheel sideways have no mask, and are not waited for.
        """
        wait_until(
            lambda: not self._display.screen().root.query_pointer().mask & buttons,
            timeout_s=_HELD_BACK_S,
            interval_s=0.002,
            what="the window manager to let a click through",
        )

    def _wait_for_keys_taken(self) -> None:
        if not self.drain(timeout_s=max(self._patience_ends - time.monotonic(), 0.0)):
            threading.Event().wait(_UNTOLD_DRAIN_S)

    def _turn(self, button: int, notches: int) -> None:
        for _ in range(notches):
            self._display.xtest_fake_input(X.ButtonPress, button)
            self._display.xtest_fake_input(X.ButtonRelease, button)

    @contextmanager
    def _without_caps_lock(self) -> Iterator[None]:
        """Switch Caps Lock off for a while, where it is on: it would change letters on spare keys too."""
        is_on = bool(self._display.screen().root.query_pointer().mask & X.LockMask)
        caps_lock = self._keymap.strokes([keysym_of_key("capslock")])[0]
        for _ in range(is_on):
            self._press(caps_lock)
            self._release(caps_lock)
        yield
        for _ in range(is_on):
            self._press(caps_lock)
            self._release(caps_lock)
        self._display.sync()

    def _press(self, stroke: Stroke) -> None:
        keycode, with_shift = stroke
        if with_shift:
            self._display.xtest_fake_input(X.KeyPress, self._shift)
        self._display.xtest_fake_input(X.KeyPress, keycode)

    def _release(self, stroke: Stroke) -> None:
        keycode, with_shift = stroke
        self._display.xtest_fake_input(X.KeyRelease, keycode)
        if with_shift and "shift" not in self._held:
            self._display.xtest_fake_input(X.KeyRelease, self._shift)

    @contextmanager
    def _listening_to_root(self) -> Iterator[None]:
        root = self._hints.root
        root.change_attributes(event_mask=X.SubstructureNotifyMask)
        yield
        root.change_attributes(event_mask=0)

    def _pong_arrives(self, words: list[int], timeout_s: float) -> bool:
        deadline = time.monotonic() + timeout_s
        while (remaining_s := deadline - time.monotonic()) > 0:
            while self._display.pending_events():
                answer = self._display.next_event()
                if answer.type == X.ClientMessage and list(answer.data[1][:3]) == words:
                    return True
                if answer.type == X.MappingNotify:
                    self._keymap.mark_stale()
            select.select([self._display.fileno()], [], [], remaining_s)
        return False
