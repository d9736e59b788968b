"""The wire format between host and guest. Standard library only; imported by both sides.

Every request carries `Authorization: Bearer TOKEN`. Bodies and answers are JSON, except:

* `PUT /v1/files` takes and `GET /v1/files` gives raw bytes;
* `POST /v1/observe` answers with a *frame message*: see `pack_message`.

An error answer is `{"error": {"type": one of ERROR_TYPES, "message": words}}`.

==========================  ==========================================================================================
GET  /v1/health             `?wait_s=…` -> `{"protocol", "ready", "platform", "screen": [w, h], "share": bool,
                            "processes": {name: pid}, "problem": str|null}`, once it is ready or has a problem,
                            at most after `wait_s`
POST /v1/observe            see `OBSERVE_DEFAULTS`
POST /v1/perform            `{"key", "actions": […], "settle": {"still_s", "deadline_s"}|null, "timeout_s"?}`
                            -> `{"results": [{"ok", "ms", "detail", "output"?}]}`; a key that was seen before gets its
                            first answer, and nothing is done
POST /v1/run                `{"argv", "timeout_s", "cwd"?, "env"?, "stdin"? (base64), "detach"?}`
                            -> `{"exit_code", "stdout", "stderr" (base64), "timed_out", "pid"}`
GET|PUT|DELETE /v1/files    `?path=…` (`~` is the desktop's home; PUT `&mode=644`)
GET  /v1/files/list         `?path=…` -> `{"entries": [{"path" (relative), "kind": file|folder|link|other, "size", "mtime",
                            "mode", "target"?}], "truncated"}`
POST /v1/files/folder       `{"path"}` makes a folder and its parents
GET  /v1/windows            `{"windows": […]}`, bottom of the stack first
POST /v1/windows/activate   `{"id"}`
POST /v1/windows/close      `{"id"}`
POST /v1/windows/wait       `{"title"? (substring), "app"? (substring), "gone": bool, "timeout_s"}`
                            -> `{"window": {…}|null}`, the topmost
POST /v1/record/start       `{"fps"}`
POST /v1/record/stop        -> mp4 bytes
POST /v1/relay              `{"host", "port", "target": "unix:/path" | "tcp:host:port"}`: connections to that name and
                            port inside the desktop go to `target`
POST /v1/session/stop       stops every process of the desktop but the guest itself, so that files hold still
==========================  ==========================================================================================
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

VERSION = 1

MAX_FILE_BYTES = 256 << 20  # of a file that is read or written
MAX_BODY_BYTES = 16 << 20  # of any other request
MAX_LISTED = 50_000  # entries of a folder listing

# The port of a desktop's loopback on which its Chromium is debugged.
DEBUGGING_PORT = 9222

ERROR_TYPES = ("bad_request", "unauthorized", "no_such_file", "too_large", "timeout", "unsupported", "desktop_gone", "internal")

# --- observe -------------------------------------------------------------------------------------------------

# The body of POST /v1/observe with its defaults: any subset of parts may be asked for.
OBSERVE_DEFAULTS: Mapping[str, Any] = {
    # {"format": raw|png|webp|jpeg, "quality": 1..100, "region": [x, y, w, h]|null, "scale": 0..1, "known": frame hash|null,
    # "share": bool, "patch": bool}; png and webp are lossless.
    # raw is BGRX, 4 bytes a pixel, rows top to bottom; with "share" it goes through the shared frame file instead of the body.
    "screenshot": None,
    # {"known": version|null, "nodes": budget, "seconds": budget}
    "tree": None,
    "windows": False,
    "cursor": False,
    "focus": False,
    "terminal": False,
    "clipboard": False,
    # {"elements": budget for each page, "seconds": budget}
    "dom": None,
    "settle": None,
}
# With "patch", raw pixels are those of `rows` alone, the other rows being as in the known frame: one piece after the other in
# the body, each at its place in the shared file.
# The answer's JSON part: {"screenshot": {"hash", "size": [w, h], "unchanged": bool, "format", "where": body|share|none,
# "rows"?: [[first, one past the last], …]},
# "tree": {"version", "unchanged": bool, "truncated": bool, "nodes": rows|null}, "windows": […], "cursor": [x, y],
# "focus": row|null, "terminal": str|null, "clipboard": str|null, "dom": {"truncated": bool, "pages": […]},
# "consistent": bool, "settled": bool, "timings_ms": {part: ms}}; its binary part is the image, where it is in the body.

# A page of the part "dom" is one that a browser shows in a window: the fields of PAGE, bottom of the stack first. `window` is
# the window's id, `content` where the viewport with its scroll bars lies, [x, y, width, height] in screen pixels, `viewport` its
# width and height in CSS pixels, so that both together account for zoom and scale. `popups` are the boxes of what lies over it
# and is no window of the list (menus, bubbles), in screen pixels. `truncated` says that elements are missing.
#
# Its `elements` are what one can act on and see, in the order of the page, as the fields of ELEMENT: HTML's `tag` and the
# `type` of an input, the ARIA `role` if one is given, the accessible `name`, the `text` that a field holds, `states` out of
# ELEMENT_STATES, and as `box` what can be seen of it, [left, top, width, height] in CSS pixels from the viewport's corner, its
# middle not covered by any other element. `covered` are the boxes of those that are in the viewport and cannot be clicked,
# since others of the page lie over them.
PAGE = ("window", "title", "url", "content", "viewport", "elements", "covered", "popups", "truncated")
ELEMENT = ("tag", "type", "role", "name", "text", "states", "box")
ELEMENT_STATES = frozenset({"checked", "disabled", "editable", "expanded", "focused", "selected"})

# The columns of a tree row. `parent` is the index of an earlier row, -1 for the root; `states` is a bit set over STATES;
# `box` is [x, y, width, height] or null; `value` is a number or null.
TREE_COLUMNS = ("parent", "role", "name", "description", "text", "states", "value", "actions", "box")

# Bit i of a state set means STATES[i]: the numbering of AT-SPI's AtspiStateType, which UIA's states are mapped onto.
STATES: Sequence[str] = (
    "invalid", "active", "armed", "busy", "checked", "collapsed", "defunct", "editable", "enabled", "expandable",
    "expanded", "focusable", "focused", "has-tooltip", "horizontal", "iconified", "modal", "multi-line", "multiselectable",
    "opaque", "pressed", "resizable", "selectable", "selected", "sensitive", "showing", "single-line", "stale", "transient",
    "vertical", "visible", "manages-descendants", "indeterminate", "required", "truncated", "animated", "invalid-entry",
    "supports-autocompletion", "selectable-text", "is-default", "visited", "checkable", "has-popup", "read-only",
)  # fmt: skip


@lru_cache(maxsize=4096)
def state_names(bits: int) -> frozenset[str]:
    """The names of the states whose bits are set; bits beyond STATES are ignored."""
    return frozenset(name for index, name in enumerate(STATES) if bits >> index & 1)


def state_bits(*names: str) -> int:
    """The bit set of the named states."""
    return sum(1 << STATES.index(name) for name in names)


# --- perform -------------------------------------------------------------------------------------------------

# Names of keys beside single characters, which name themselves.
KEYS = frozenset(
    "enter tab space backspace delete insert escape up down left right home end pageup pagedown"
    " ctrl shift alt super ctrl_right shift_right alt_right super_right menu capslock numlock scrolllock printscreen pause"
    " f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12"
    " kp_0 kp_1 kp_2 kp_3 kp_4 kp_5 kp_6 kp_7 kp_8 kp_9 kp_enter kp_add kp_subtract kp_multiply kp_divide kp_decimal".split()
)
MODIFIERS = frozenset({"ctrl", "shift", "alt", "super"})
BUTTONS = ("left", "middle", "right")

_OPTIONAL = {"point", "button", "count", "modifiers", "duration_s", "dx", "dy", "seconds", "timeout_s"}
# Fields of every action that a guest performs.
ACTIONS: Mapping[str, tuple[str, ...]] = {
    "move": ("point",),
    "click": ("point", "button", "count", "modifiers"),
    "drag": ("path", "button", "modifiers", "duration_s"),
    "scroll": ("point", "dx", "dy", "modifiers"),
    "type_text": ("text",),
    "press": ("key", "count"),
    "key_down": ("key",),
    "key_up": ("key",),
    "hotkey": ("keys",),
    "wait": ("seconds",),
    "shell": ("command", "timeout_s"),
}


def validate_action(record: Mapping[str, Any]) -> None:
    """Check one action's wire record.

    Raises:
        ValueError: unknown action or field, a missing field, or a value out of its range.
    """
    name = record.get("action")
    if not isinstance(name, str) or name not in ACTIONS:
        raise ValueError(f"unknown action {name!r}")
    unknown = set(record) - set(ACTIONS[name]) - {"action"}
    if unknown:
        raise ValueError(f"{name} has no {', '.join(sorted(unknown))}")
    required = set(ACTIONS[name]) - _OPTIONAL | ({"point"} if name == "move" else set())
    missing = required - set(record)
    if missing:
        raise ValueError(f"{name} needs {', '.join(sorted(missing))}")
    for field, value in record.items():
        if field == "action" or (value is None and field == "point" and name != "move"):
            continue
        if not _is_valid(field, value):
            raise ValueError(f"{field} is {value!r:.80}")


def _is_valid(field: str, value: Any) -> bool:
    match field:
        case "point":
            return _is_point(value)
        case "path":
            return _is_list(value) and len(value) >= 2 and all(_is_point(point) for point in value)
        case "button":
            return value in BUTTONS
        case "count":
            return _is_int(value) and 1 <= value <= 100
        case "dx" | "dy":
            return _is_int(value) and abs(value) <= 100
        case "modifiers":
            return _is_list(value) and all(key in MODIFIERS for key in value)
        case "keys":
            return _is_list(value) and len(value) > 0 and all(is_key(key) for key in value)
        case "key":
            return is_key(value)
        case "seconds" | "duration_s" | "timeout_s":
            return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 600
        case _:
            return isinstance(value, str) and len(value) <= 100_000


def is_key(name: object) -> bool:
    """Whether a key has this name: a member of KEYS or one printable character."""
    return isinstance(name, str) and (name in KEYS or (len(name) == 1 and name.isprintable()))


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)


def _is_point(value: Any) -> bool:
    return _is_list(value) and len(value) == 2 and all(_is_int(number) and abs(number) < 100_000 for number in value)


# --- frame messages ------------------------------------------------------------------------------------------

MESSAGE_TYPE = "application/x-osarena-frame"
_LENGTH = struct.Struct(">I")


def pack_message(header: Mapping[str, Any], body: bytes | memoryview = b"") -> bytes:
    """A JSON header and a binary body in one: 4 bytes length of the JSON (big endian), the JSON, the body."""
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return b"".join((_LENGTH.pack(len(text)), text, body))


def unpack_message(message: bytes) -> tuple[dict[str, Any], memoryview]:
    """The header and the body of a message.

    Raises:
        ValueError: the message is cut short or its header is not a JSON object.
    """
    if len(message) < _LENGTH.size:
        raise ValueError("the message is cut short")
    (length,) = _LENGTH.unpack_from(message)
    view = memoryview(message)
    if len(message) < _LENGTH.size + length:
        raise ValueError("the message is cut short")
    header = json.loads(bytes(view[_LENGTH.size : _LENGTH.size + length]).decode("utf-8", "surrogatepass"))
    if not isinstance(header, dict):
        raise ValueError("the header is not a JSON object")
    return header, view[_LENGTH.size + length :]
