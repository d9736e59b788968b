"""What each pyautogui function does, as typed actions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from osarena.errors import AgentError
from osarena.perception.frames import CoordinateFrame
from osarena.types.actions import Action, Button, Click, Drag, Hotkey, KeyDown, KeyUp, Move, Press, Scroll, TypeText, Wait
from osarena.types.geometry import Point, Size
from osarena_guest.protocol import is_key

_BUTTONS: Mapping[Any, Button] = {
    "left": "left", "middle": "middle", "right": "right", "primary": "left", "secondary": "right",
    1: "left", 2: "middle", 3: "right",
}  # fmt: skip
_KEYS = {
    "\n": "enter", "\r": "enter", "return": "enter", "\t": "tab", " ": "space", "\b": "backspace", "esc": "escape",
    "del": "delete", "pgup": "pageup", "pgdn": "pagedown", "prntscrn": "printscreen", "prtsc": "printscreen",
    "prtscr": "printscreen", "print": "printscreen", "apps": "menu", "control": "ctrl", "ctrlleft": "ctrl",
    "ctrlright": "ctrl_right", "shiftleft": "shift", "shiftright": "shift_right", "option": "alt", "altleft": "alt",
    "altright": "alt_right", "optionleft": "alt", "optionright": "alt_right", "win": "super", "winleft": "super",
    "winright": "super_right", "command": "super", "cmd": "super", "meta": "super", "plus": "+", "minus": "-",
    "add": "kp_add", "subtract": "kp_subtract", "multiply": "kp_multiply", "divide": "kp_divide", "decimal": "kp_decimal",
    **{f"num{digit}": f"kp_{digit}" for digit in range(10)},
}  # fmt: skip
# Keyword arguments that change how a movement looks, not what it does.
_LOOKS = frozenset({"duration", "interval", "tween", "pause", "logScreenshot", "_pause"})
# Names that models give to parameters by mistake.
_ALIASES: Mapping[str, Mapping[str, str]] = {
    "write": {"text": "message"}, "typewrite": {"text": "message"}, "press": {"key": "keys"},
    "scroll": {"amount": "clicks"}, "hscroll": {"amount": "clicks"}, "vscroll": {"amount": "clicks"},
}  # fmt: skip
# A button that is held for so long without moving is meant to be held.
_LONG_PRESS_S = 0.5
_MOST_NOTCHES, _MOST_PRESSES, _LONGEST_WAIT_S = 10_000, 100, 60.0
_NOTCHES_AT_ONCE = 100


@dataclass(slots=True)
class Hand:
    """The actions so far, where the pointer is (if that is known), and the button that is being held down.

    The program speaks in pixels of the screen, or in another `frame`.
    """

    screen: Size
    pointer: Point | None
    frame: CoordinateFrame | None = None
    actions: list[Action] = field(default_factory=list)
    held: Button | None = None
    held_path: list[Point] = field(default_factory=list)
    held_s: float = 0.0

    @property
    def size(self) -> tuple[int, int]:
        """How large the screen is in the numbers of the program."""
        size = self.screen if self.frame is None else self.frame.size
        return size.width, size.height

    def place(self, x: Any, y: Any) -> Point:
        """The pixel of the screen that the program means.

        Raises:
            AgentError: these are no numbers, or lie outside of the frame.
        """
        if self.frame is None:
            return Point(_whole(x, "x"), _whole(y, "y"))
        try:
            return self.frame.nearest(_number(x, "x"), _number(y, "y"))
        except ValueError as error:
            raise AgentError(str(error)) from error

    def coordinates(self) -> tuple[float, float]:
        """Where the pointer is in the numbers of the program.

        Raises:
            AgentError: it is not known where it is.
        """
        if self.pointer is None:
            raise AgentError("it is not known where the pointer is")
        return (self.pointer.x, self.pointer.y) if self.frame is None else self.frame.coordinates(self.pointer)

    def do(self, action: Action) -> None:
        """Add an action.

        Raises:
            AgentError: a mouse button is held down; a drag can only be moved on.
        """
        if self.held is not None:
            raise AgentError("between mouseDown and mouseUp the pointer can only move")
        self.actions.append(action)


def call(hand: Hand, name: str, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> None:
    """Add what the pyautogui function does to the hand's actions.

    Raises:
        AgentError: there is no such function here, or it cannot do that.
    """
    if name not in _FUNCTIONS:
        raise AgentError(f"pyautogui.{name} is not available; there are {', '.join(sorted(_FUNCTIONS))}")
    parameters, function = _FUNCTIONS[name]
    aliases = _ALIASES.get(name, {})
    keywords = {aliases.get(key, key): value for key, value in keywords.items()}
    if parameters == ("*keys",) and "keys" in keywords and not arguments:
        arguments = [keywords.pop("keys")]
    if unknown := set(keywords) - set(parameters) - _LOOKS:
        raise AgentError(f"pyautogui.{name} takes no {', '.join(sorted(unknown))}")
    if parameters == ("*keys",):
        function(hand, list(arguments))
        return
    if len(arguments) > len(parameters):
        raise AgentError(f"pyautogui.{name} takes at most {len(parameters)} values, not {len(arguments)}")
    given = dict(zip(parameters, arguments, strict=False)) | dict(keywords)
    function(hand, **{key: value for key, value in given.items() if key in parameters and not key.startswith("_")})


def key_name(name: object) -> str:
    """Our name of a key that pyautogui, or a model that means it, calls so.

    Raises:
        AgentError: no keyboard has it.
    """
    if not isinstance(name, str):
        raise AgentError(f"{name!r:.40} is no key")
    key = name if len(name) == 1 else name.strip().lower()
    key = _KEYS.get(key, key)
    if not is_key(key):
        raise AgentError(f"there is no key {name!r:.40}")
    return key


# --- pointer -------------------------------------------------------------------------------------------------------


def _click(hand: Hand, x: Any = None, y: Any = None, clicks: Any = 1, button: Any = "left") -> None:
    point = _target(hand, x, y)
    hand.do(Click(point, _button(button), _count(clicks, "clicks")))
    hand.pointer = point or hand.pointer


def _move_to(hand: Hand, x: Any = None, y: Any = None) -> None:
    point = _target(hand, x, y)
    if point is None:
        raise AgentError("pyautogui.moveTo needs x and y")
    _move(hand, point)


def _move_by(hand: Hand, xOffset: Any = 0, yOffset: Any = 0) -> None:  # noqa: N803  pyautogui's names
    _move(hand, _beside(hand, xOffset, yOffset, "move"))


def _drag_to(
    hand: Hand,
    x: Any = None,
    y: Any = None,
    duration: Any = 0,
    button: Any = "left",
    *,
    mouseDownUp: Any = True,  # noqa: N803  pyautogui's name
) -> None:
    if not mouseDownUp:
        raise AgentError("pyautogui.dragTo without pressing the button is not available; use moveTo")
    point = _target(hand, x, y)
    if point is None:
        raise AgentError("pyautogui.dragTo needs x and y")
    _drag(hand, point, duration, button)


def _drag_by(hand: Hand, xOffset: Any = 0, yOffset: Any = 0, duration: Any = 0, button: Any = "left") -> None:  # noqa: N803
    _drag(hand, _beside(hand, xOffset, yOffset, "drag"), duration, button)


def _mouse_down(hand: Hand, x: Any = None, y: Any = None, button: Any = "left") -> None:
    start = _target(hand, x, y) or hand.pointer
    if hand.held is not None:
        raise AgentError("pyautogui.mouseDown while a button is held down already")
    if start is None:
        raise AgentError("pyautogui.mouseDown needs x and y: it is not known where the pointer is")
    hand.held, hand.held_path, hand.pointer = _button(button), [start], start


def _mouse_up(hand: Hand, x: Any = None, y: Any = None, button: Any = "left") -> None:
    if hand.held is None or hand.held != _button(button):
        raise AgentError("pyautogui.mouseUp without its mouseDown in the same text")
    point = _target(hand, x, y)
    if point is not None and point != hand.held_path[-1]:
        hand.held_path.append(point)
    path, held, seconds = tuple(hand.held_path), hand.held, hand.held_s
    hand.held, hand.held_path, hand.held_s, hand.pointer = None, [], 0.0, path[-1]
    if len(path) > 1:
        hand.do(_dragged(path, held, seconds))
    else:
        hand.do(Click(path[0], held) if seconds < _LONG_PRESS_S else Drag((path[0], path[0]), held, duration_s=seconds))


def _scroll(direction: Literal["dx", "dy"], hand: Hand, clicks: Any = 0, x: Any = None, y: Any = None) -> None:
    """Positive clicks scroll up, or to the right."""
    point = _target(hand, x, y)
    left = _whole(clicks, "clicks") * (1 if direction == "dx" else -1)
    if abs(left) > _MOST_NOTCHES:
        raise AgentError(f"{left} notches of the wheel are too many")
    while left:
        notches = max(-_NOTCHES_AT_ONCE, min(left, _NOTCHES_AT_ONCE))
        hand.do(Scroll(point, dx=notches) if direction == "dx" else Scroll(point, dy=notches))
        left -= notches
    hand.pointer = point or hand.pointer


def _drag(hand: Hand, end: Point, duration: Any, button: Any) -> None:
    if hand.pointer is None:
        raise AgentError("a drag starts where the pointer is, and that is not known; move it first")
    hand.do(_dragged((hand.pointer, end), _button(button), _seconds(duration)))
    hand.pointer = end


def _dragged(path: tuple[Point, ...], button: Button, seconds: float) -> Drag:
    """A drag that takes so long, or as long as drags usually do where nothing is said."""
    return Drag(path, button, duration_s=seconds) if seconds else Drag(path, button)


def _move(hand: Hand, point: Point) -> None:
    if hand.held is None:
        hand.do(Move(point))
    else:
        hand.held_path.append(point)
    hand.pointer = point


def _beside(hand: Hand, dx: Any, dy: Any, name: str) -> Point:
    if hand.pointer is None:
        raise AgentError(f"pyautogui.{name} starts where the pointer is, and that is not known; use {name}To")
    if isinstance(dx, list | tuple):
        dx, dy = _pair(dx)
    if hand.frame is None:
        return Point(hand.pointer.x + _whole(dx, "xOffset"), hand.pointer.y + _whole(dy, "yOffset"))
    x, y = hand.coordinates()
    return hand.place(x + _number(dx, "xOffset"), y + _number(dy, "yOffset"))


def _target(hand: Hand, x: Any, y: Any) -> Point | None:
    if isinstance(x, list | tuple):
        x, y = _pair(x)
    if isinstance(x, str):
        raise AgentError(f"finding {x!r:.40} on the screen by its picture is not available; give x and y")
    if x is None and y is None:
        return None
    return hand.place(x, y)


def _pair(values: Sequence[Any]) -> tuple[Any, Any]:
    if len(values) != 2:
        raise AgentError(f"a place is x and y, not {values!r:.60}")
    return values[0], values[1]


# --- keyboard and time ---------------------------------------------------------------------------------------------


def _write(hand: Hand, message: Any = "") -> None:
    if isinstance(message, list | tuple):
        for key in message:
            _press(hand, key)
    elif isinstance(message, str):
        hand.do(TypeText(message))
    else:
        raise AgentError(f"pyautogui.write types a text, not {message!r:.40}")


def _press(hand: Hand, keys: Any = "", presses: Any = 1) -> None:
    for key in keys if isinstance(keys, list | tuple) else [keys]:
        hand.do(Press(key_name(key), _count(presses, "presses")))


def _hotkey(hand: Hand, keys: list[Any]) -> None:
    if len(keys) == 1 and isinstance(keys[0], list | tuple):
        keys = list(keys[0])
    if len(keys) == 1 and isinstance(keys[0], str) and len(keys[0]) > 2 and "+" in keys[0]:
        keys = [part.strip() for part in keys[0].removesuffix("++").split("+")] + (["+"] if keys[0].endswith("++") else [])
    if not keys:
        raise AgentError("pyautogui.hotkey needs keys")
    hand.do(Hotkey(tuple(map(key_name, keys))))


def _key_down(hand: Hand, key: Any = "") -> None:
    hand.do(KeyDown(key_name(key)))


def _key_up(hand: Hand, key: Any = "") -> None:
    hand.do(KeyUp(key_name(key)))


def sleep(hand: Hand, seconds: Any = 0) -> None:
    """Wait, as time.sleep and pyautogui.sleep do; in a drag, take so much longer for it.

    Raises:
        AgentError: no number of seconds, or too many.
    """
    if hand.held is None:
        hand.do(Wait(_seconds(seconds)))
    else:
        hand.held_s += _seconds(seconds)


def _button(value: Any) -> Button:
    known = _BUTTONS.get(value.lower() if isinstance(value, str) else value) if isinstance(value, str | int) else None
    if known is None:
        raise AgentError(f"there is no mouse button {value!r:.40}")
    return known


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) >= 100_000:
        raise AgentError(f"{name} is {value!r:.40}, not a number of pixels or notches")
    return value


def _whole(value: Any, name: str) -> int:
    return round(_number(value, name))


def _count(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST_PRESSES:
        raise AgentError(f"{name} is {value!r:.40}, not a number from 1 to {_MOST_PRESSES}")
    return value


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LONGEST_WAIT_S:
        raise AgentError(f"{value!r:.40} is no time from 0 to {_LONGEST_WAIT_S:g} s")
    return float(value)


# Each function's parameters in pyautogui's order, and what it does; those with an underscore only change how it looks.
_FUNCTIONS: Mapping[str, tuple[tuple[str, ...], Callable[..., None]]] = {
    "click": (("x", "y", "clicks", "_interval", "button", "_duration"), _click),
    "leftClick": (("x", "y", "_interval", "_duration"), _click),
    "rightClick": (("x", "y", "_interval", "_duration"), partial(_click, button="right")),
    "middleClick": (("x", "y", "_interval", "_duration"), partial(_click, button="middle")),
    "doubleClick": (("x", "y", "_interval", "button", "_duration"), partial(_click, clicks=2)),
    "tripleClick": (("x", "y", "_interval", "button", "_duration"), partial(_click, clicks=3)),
    "moveTo": (("x", "y", "_duration", "_tween"), _move_to),
    "move": (("xOffset", "yOffset", "_duration"), _move_by),
    "moveRel": (("xOffset", "yOffset", "_duration"), _move_by),
    "dragTo": (("x", "y", "duration", "_tween", "button", "_logScreenshot", "_pause", "mouseDownUp"), _drag_to),
    "drag": (("xOffset", "yOffset", "duration", "_tween", "button"), _drag_by),
    "dragRel": (("xOffset", "yOffset", "duration", "_tween", "button"), _drag_by),
    "mouseDown": (("x", "y", "button", "_duration"), _mouse_down),
    "mouseUp": (("x", "y", "button", "_duration"), _mouse_up),
    "scroll": (("clicks", "x", "y"), partial(_scroll, "dy")),
    "vscroll": (("clicks", "x", "y"), partial(_scroll, "dy")),
    "hscroll": (("clicks", "x", "y"), partial(_scroll, "dx")),
    "write": (("message", "_interval"), _write),
    "typewrite": (("message", "_interval"), _write),
    "press": (("keys", "presses", "_interval"), _press),
    "hotkey": (("*keys",), _hotkey),
    "keyDown": (("key",), _key_down),
    "keyUp": (("key",), _key_up),
    "sleep": (("seconds",), sleep),
}
