"""A desktop in memory: windows with buttons, text entries and check boxes that react to a pointer and a keyboard at once.

`FakeDesktop` is the model; the modules named `fake` in `screen/`, `inputs/`, `a11y/`, `windows/` and `dom/` show it to the
routes, and `fake_apps` says what stands on it. Nothing here looks at a clock or draws a random number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

Rectangle = tuple[int, int, int, int]  # x, y, width, height in pixels
Colour = tuple[int, int, int]
Kind = Literal["label", "push button", "entry", "text", "check box"]

TITLE_HEIGHT = 24
LINE_HEIGHT = 16
_MODIFIERS = {"ctrl", "shift", "alt", "super"}
_DIGITS = {f"kp_{digit}": str(digit) for digit in range(10)}


@dataclass(slots=True)
class Widget:
    """One element of a window; `box` is relative to the window's top left corner.

    An "entry" holds one line, a "text" many. `on_click` of a button is called with the desktop and its window.
    """

    kind: Kind
    name: str
    box: Rectangle
    text: str = ""
    caret: int = 0
    is_selected: bool = False  # whether all of its text is selected
    is_checked: bool = False
    scroll: int = 0  # lines scrolled off the top of a "text"
    colour: Colour | None = None
    on_click: Callable[[FakeDesktop, FakeWindow], None] | None = None

    @property
    def takes_text(self) -> bool:
        """Whether one can type into it."""
        return self.kind in ("entry", "text")

    @property
    def takes_focus(self) -> bool:
        """Whether Tab stops at it."""
        return self.kind != "label"


@dataclass(slots=True)
class FakeWindow:
    """A top-level window; `box` is on the screen, title bar included."""

    title: str
    app: str
    box: Rectangle
    widgets: list[Widget]
    id: int = 0
    has_title_bar: bool = True
    # What Ctrl+S does, where the application can save.
    on_save: Callable[[FakeDesktop, FakeWindow], None] | None = None
    # Where in a browser's window the page is, relative to the window; its elements are the widgets that lie in it.
    page: Rectangle | None = None
    url: str = ""

    def widget(self, name: str) -> Widget:
        """The element of that name. Raises KeyError where there is none."""
        for widget in self.widgets:
            if widget.name == name:
                return widget
        raise KeyError(name)

    def box_of(self, widget: Widget) -> Rectangle:
        """Where an element lies on the screen."""
        x, y, width, height = widget.box
        return self.box[0] + x, self.box[1] + y, width, height

    @property
    def close_button(self) -> Rectangle:
        """Where the cross of the title bar lies on the screen."""
        x, y, width, _ = self.box
        return x + width - TITLE_HEIGHT, y, TITLE_HEIGHT, TITLE_HEIGHT


@dataclass(slots=True)
class FakeDesktop:
    """Windows from the bottom to the top of the stack, files, a clipboard, a pointer and held keys.

    `version` counts the changes of anything that can be seen. One thread at a time: it is served in its caller's.
    """

    size: tuple[int, int]
    windows: list[FakeWindow] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    clipboard: str = ""
    focus: Widget | None = None
    pointer: tuple[int, int] = (0, 0)
    version: int = 1
    is_stopped: bool = False
    held: list[str] = field(default_factory=list)
    buttons: set[str] = field(default_factory=set)
    _pressed_at: tuple[int, int] | None = None
    _last_click: tuple[int, int] | None = None
    _window_ids: int = 0

    # --- windows -----------------------------------------------------------------------------------------------

    def open(self, window: FakeWindow) -> FakeWindow:
        """Put a window on top and give the focus to its first element that takes text (else that takes focus)."""
        self._window_ids += 1
        window.id = self._window_ids
        self.windows.append(window)
        self._focus_first(window)
        self._changed()
        return window

    def find(self, window_id: int) -> FakeWindow | None:
        """The window of that id, or `None` where it is gone."""
        return next((window for window in self.windows if window.id == window_id), None)

    @property
    def top(self) -> FakeWindow | None:
        """The window that has the focus."""
        return self.windows[-1] if self.windows else None

    def activate(self, window: FakeWindow) -> None:
        """Bring a window to the top."""
        if window is not self.top:
            self.windows.remove(window)
            self.windows.append(window)
            self._focus_first(window)
            self._changed()

    def close(self, window: FakeWindow) -> None:
        """Take a window away; the one below gets the focus."""
        self.windows.remove(window)
        self.focus = None
        if self.top:
            self._focus_first(self.top)
        self._changed()

    def stop(self) -> None:
        """End the session: no window is left, and nothing reacts any more."""
        self.windows.clear()
        self.focus = None
        self.is_stopped = True
        self._changed()

    # --- pointer -----------------------------------------------------------------------------------------------

    def move(self, x: int, y: int) -> None:
        """Put the pointer there, no further than the edge of the screen."""
        self.pointer = (min(max(x, 0), self.size[0] - 1), min(max(y, 0), self.size[1] - 1))

    def press_button(self, button: str) -> None:
        """Press a mouse button: the window under the pointer comes to the top."""
        self.buttons.add(button)
        self._pressed_at = self.pointer
        window = self._window_at(self.pointer)
        if window:
            self.activate(window)

    def release_button(self, button: str) -> None:
        """Release a mouse button: a click where the pointer has not moved, else the drag of a window by its title bar."""
        self.buttons.discard(button)
        start, self._pressed_at = self._pressed_at, None
        window = self._window_at(start) if start else None
        if window is None or start is None or button != "left":
            return
        if window.has_title_bar and _contains((*window.box[:3], TITLE_HEIGHT), start):
            self._release_on_title_bar(window, start)
            return
        widget = self._widget_at(window, self.pointer)
        if widget is not None and widget is self._widget_at(window, start):
            self._click(window, widget)

    def scroll(self, lines: int) -> None:
        """Scroll the text under the pointer."""
        window = self._window_at(self.pointer)
        widget = self._widget_at(window, self.pointer) if window else None
        if widget is None or widget.kind != "text":
            return
        last = max(widget.text.count("\n") + 1 - widget.box[3] // LINE_HEIGHT, 0)
        scrolled = min(max(widget.scroll + lines, 0), last)
        if scrolled != widget.scroll:
            widget.scroll = scrolled
            self._changed()

    def _release_on_title_bar(self, window: FakeWindow, start: tuple[int, int]) -> None:
        if _contains(window.close_button, start) and _contains(window.close_button, self.pointer):
            self.close(window)
        elif start != self.pointer:
            x, y, width, height = window.box
            window.box = (x + self.pointer[0] - start[0], y + self.pointer[1] - start[1], width, height)
            self._changed()

    def _click(self, window: FakeWindow, widget: Widget) -> None:
        is_repeated, self._last_click = self._last_click == self.pointer, self.pointer
        if widget.takes_focus:
            self._focus_on(widget)
        if widget.takes_text:
            widget.is_selected = is_repeated and bool(widget.text)
            widget.caret = len(widget.text)
            self._changed()
        else:
            self._operate(window, widget)

    def _operate(self, window: FakeWindow, widget: Widget) -> None:
        if widget.kind == "check box":
            widget.is_checked = not widget.is_checked
            self._changed()
        if widget.on_click:
            widget.on_click(self, window)
            self._changed()

    def _window_at(self, point: tuple[int, int]) -> FakeWindow | None:
        return next((window for window in reversed(self.windows) if _contains(window.box, point)), None)

    @staticmethod
    def _widget_at(window: FakeWindow, point: tuple[int, int]) -> Widget | None:
        return next((widget for widget in window.widgets if _contains(window.box_of(widget), point)), None)

    # --- keyboard ----------------------------------------------------------------------------------------------

    def press_key(self, key: str) -> None:
        """Press a key; modifiers stay held until they are released."""
        name = key.removesuffix("_right")
        if name in _MODIFIERS:
            self.held.append(name)
            return
        self._last_click = None
        modifiers = set(self.held)
        if "ctrl" in modifiers:
            self._shortcut(key.lower())
        elif "alt" in modifiers:
            if key == "f4" and self.top:
                self.close(self.top)
        else:
            self._plain_key(key, is_shifted="shift" in modifiers)

    def release_key(self, key: str) -> None:
        """Release a key."""
        name = key.removesuffix("_right")
        if name in self.held:
            self.held.remove(name)

    def release_all(self) -> None:
        """Release every key and button that is held."""
        self.held.clear()
        self.buttons.clear()
        self._pressed_at = None

    def type_text(self, text: str) -> None:
        """Type characters into the focused element; a newline is Enter, a tab is Tab."""
        for character in text:
            self._plain_key({"\n": "enter", "\t": "tab"}.get(character, character), is_shifted=False)

    def _plain_key(self, key: str, *, is_shifted: bool) -> None:
        key = _DIGITS.get(key, {"space": " ", "kp_enter": "enter"}.get(key, key))
        if key == "tab":
            self._focus_next(-1 if is_shifted else 1)
        elif self.focus is None or self.top is None:
            return
        elif self.focus.takes_text:
            self._edit(self.focus, key.upper() if is_shifted and len(key) == 1 else key)
        elif key in ("enter", " "):
            self._operate(self.top, self.focus)

    def _shortcut(self, key: str) -> None:
        if key == "s" and self.top and self.top.on_save:
            self.top.on_save(self, self.top)
        elif self.focus is not None and self.focus.takes_text:
            self._clipboard_shortcut(self.focus, key)
        self._changed()

    def _clipboard_shortcut(self, widget: Widget, key: str) -> None:
        if key == "a":
            widget.is_selected = bool(widget.text)
        elif key in ("c", "x") and widget.is_selected:
            self.clipboard = widget.text
            if key == "x":
                _insert(widget, "")
        elif key == "v":
            _insert(widget, self.clipboard if widget.kind == "text" else self.clipboard.replace("\n", " "))

    def _edit(self, widget: Widget, key: str) -> None:
        if len(key) == 1:
            _insert(widget, key)
        elif key == "enter":
            if widget.kind == "text":
                _insert(widget, "\n")
        elif key in ("backspace", "delete"):
            _erase(widget, forward=key == "delete")
        elif key in ("left", "right", "home", "end"):
            _move_caret(widget, key)
        else:
            return
        self._changed()

    # --- focus -------------------------------------------------------------------------------------------------

    def _focus_first(self, window: FakeWindow) -> None:
        stops = [widget for widget in window.widgets if widget.takes_focus]
        self.focus = next((widget for widget in stops if widget.takes_text), stops[0] if stops else None)

    def _focus_next(self, step: int) -> None:
        stops = [widget for widget in self.top.widgets if widget.takes_focus] if self.top else []
        if stops:
            index = next((index for index, widget in enumerate(stops) if widget is self.focus), -step)
            self._focus_on(stops[(index + step) % len(stops)])

    def _focus_on(self, widget: Widget) -> None:
        if widget is not self.focus:
            self.focus = widget
            self._changed()

    def _changed(self) -> None:
        self.version += 1


def _insert(widget: Widget, text: str) -> None:
    if widget.is_selected:
        widget.text, widget.caret, widget.is_selected = "", 0, False
    widget.text = widget.text[: widget.caret] + text + widget.text[widget.caret :]
    widget.caret += len(text)


def _erase(widget: Widget, *, forward: bool) -> None:
    if widget.is_selected:
        _insert(widget, "")
        return
    start = widget.caret if forward else max(widget.caret - 1, 0)
    end = widget.caret + 1 if forward else widget.caret
    widget.text, widget.caret = widget.text[:start] + widget.text[end:], start


def _move_caret(widget: Widget, key: str) -> None:
    steps = {"left": widget.caret - 1, "right": widget.caret + 1, "home": 0, "end": len(widget.text)}
    widget.caret = min(max(steps[key], 0), len(widget.text))
    widget.is_selected = False


def _contains(box: Iterable[int], point: tuple[int, int]) -> bool:
    x, y, width, height = box
    return x <= point[0] < x + width and y <= point[1] < y + height
