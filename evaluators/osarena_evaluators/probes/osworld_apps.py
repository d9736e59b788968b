"""What OSWorld's getters ask of running programs: the accessibility tree with the toolkits' attributes, VLC, VS Code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from osarena.errors import CheckerError, EvidenceMissing, GuestError, NoSuchFile
from osarena.grading.model import live_probe
from osarena.guest.client import Guest
from osarena.guest.wait import wait_until
from osarena.types.actions import Action, Hotkey, Press, TypeText
from osarena_evaluators.probes import screen

_TREE_TIMEOUT_S = 60.0
_HTTP_TIMEOUT_S = 15.0
_FILE_TIMEOUT_S = 20.0
VLC_PORT, VLC_PASSWORD = 8080, "password"

# Trees of osarena have no attributes such as `id` and `class`, by which OSWorld's rules find things in Thunderbird. So this
# asks all applications once more, in the desktop. Children that an element makes up when asked for them (cells of a sheet)
# are left out: there may be a billion.
_TREE = """
import json, sys, time
try:
    import gi
    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, GLib
except (ImportError, ValueError):
    sys.exit(3)
deadline, left = time.monotonic() + 45, 30000
def told(get, otherwise=None):
    try:
        return get()
    except GLib.Error:
        return otherwise
def box(node):
    part = node.get_component_iface()
    place = part and told(lambda: part.get_extents(Atspi.CoordType.SCREEN))
    return [place.x, place.y, place.width, place.height] if place else None
def text(node):
    part = node.get_text_iface()
    return told(lambda: Atspi.Text.get_text(part, 0, min(part.get_character_count(), 100000)), "") if part else ""
def value(node):
    part = node.get_value_iface()
    return told(part.get_current_value) if part else None
def actions(node):
    part = node.get_action_iface()
    return told(lambda: [part.get_action_name(at) or "" for at in range(min(part.get_n_actions(), 20))], []) if part else []
def described(node, depth):
    global left
    left -= 1
    states = [state.value_nick for state in told(lambda: node.get_state_set().get_states(), [])]
    told_of = {
        "role": told(node.get_role_name, "") or "unknown", "name": told(node.get_name, "") or "",
        "description": told(node.get_description, "") or "", "text": text(node), "states": states, "value": value(node),
        "actions": actions(node), "box": box(node), "attributes": dict(told(node.get_attributes, {}) or {}), "children": [],
    }
    if depth < 50 and "manages-descendants" not in states:
        for at in range(min(told(node.get_child_count, 0), 1024)):
            if left <= 0 or time.monotonic() > deadline:
                break
            child = told(lambda: node.get_child_at_index(at))
            if child is not None:
                told_of["children"].append(described(child, depth + 1))
    return told_of
desktop = Atspi.get_desktop(0)
found = [desktop.get_child_at_index(at) for at in range(desktop.get_child_count())]
sys.stdout.buffer.write(json.dumps([described(one, 1) for one in found if one is not None]).encode("utf-8", "replace"))
"""

_FETCH_STATUS = (
    "import sys, urllib.request as request, base64;"
    "asked = request.Request(sys.argv[1], headers={'Authorization': 'Basic ' + base64.b64encode(sys.argv[2].encode()).decode()});"
    "direct = request.build_opener(request.ProxyHandler({}));"
    "sys.stdout.buffer.write(direct.open(asked, timeout=10).read(4 << 20))"
)
_PLAYER = ("--session", "--dest", "org.mpris.MediaPlayer2.vlc", "--object-path", "/org/mpris/MediaPlayer2")
_ADDRESS = re.compile(r"""'xesam:url': <(?:'([^']*)'|"([^"]*)")>""")


@live_probe
def tree(guest: Guest) -> bytes:
    """The accessibility tree as nested JSON objects, each with its toolkit's `attributes` where they can be had."""
    done = guest.run(("python3", "-c", _TREE), timeout_s=_TREE_TIMEOUT_S)
    return done.stdout if done.exit_code == 0 else screen.tree(guest)


@live_probe
def vlc_status(guest: Guest, port: int = VLC_PORT, password: str = VLC_PASSWORD) -> bytes:
    """What VLC plays, in the XML of its web interface; where that is off, from what VLC tells the desktop.

    Raises:
        EvidenceMissing: no VLC answers.
    """
    address = f"http://127.0.0.1:{port}/requests/status.xml"
    done = guest.run(("python3", "-c", _FETCH_STATUS, address, f":{password}"), timeout_s=_HTTP_TIMEOUT_S)
    return done.stdout if done.exit_code == 0 else _status_from_desktop(guest)


@live_probe
def vscode_config(guest: Guest, command: str, path: str) -> bytes:
    """The file that a command of VS Code's palette writes.

    Raises:
        EvidenceMissing: it wrote none.
    """
    with suppress(NoSuchFile):  # one from before proves nothing
        guest.remove(path)
    guest.perform([Hotkey(("ctrl", "shift", "p")), TypeText(command), Press("enter")])
    try:
        return wait_until(lambda: _content(guest, path), timeout_s=_FILE_TIMEOUT_S, what=f"VS Code to write {path}")
    except GuestError as error:
        if guest.health().get("problem"):
            raise
        raise EvidenceMissing(f"VS Code wrote no {path} when asked for {command!r}") from error


@live_probe
def replay(guest: Guest, trajectory: Sequence[Mapping[str, Any]]) -> bytes:
    """Presses keys and types texts, `{"type": "hotkey", "param": ["ctrl", "s"]}`, and tells nothing: JSON's null.

    Raises:
        CheckerError: something other than hotkey, press and typewrite.
    """
    guest.perform([action for one in trajectory for action in _actions(one)])
    return b"null"


def _actions(one: Mapping[str, Any]) -> Iterator[Action]:
    match one.get("type"), one.get("param"):
        case "hotkey", [*keys]:
            yield Hotkey(tuple(map(str, keys)))
        case "press", str(key):
            yield Press(key)
        case "typewrite", str(words):
            yield TypeText(words)
        case _:
            raise CheckerError(f"nothing of the kind can be replayed: {one!r:.100}")


def _content(guest: Guest, path: str) -> bytes:
    try:
        return guest.read(path)
    except NoSuchFile:
        return b""


def _status_from_desktop(guest: Guest) -> bytes:
    state = _player_says(guest, "PlaybackStatus")
    places = [first or second for first, second in _ADDRESS.findall(_player_says(guest, "Metadata"))]
    root = ElementTree.Element("root")
    ElementTree.SubElement(root, "state").text = next(
        (word for word in ("playing", "paused", "stopped") if word in state.lower()), "stopped"
    )
    category = ElementTree.SubElement(ElementTree.SubElement(root, "information"), "category", name="meta")
    for place in places:
        ElementTree.SubElement(category, "info", name="url").text = place
        if name := _file_name(place):
            ElementTree.SubElement(category, "info", name="filename").text = name
    return bytes(ElementTree.tostring(root, encoding="utf-8"))


def _file_name(place: str) -> str:
    """The name of the file at an address, by which the web interface tells what is played."""
    try:
        return unquote(urlsplit(place).path.rpartition("/")[2])
    except ValueError:  # an address such as "http://[a"
        return ""


def _player_says(guest: Guest, name: str) -> str:
    """A property of VLC as gdbus prints it."""
    method = ("--method", "org.freedesktop.DBus.Properties.Get", "org.mpris.MediaPlayer2.Player", name)
    done = guest.run(("gdbus", "call", *_PLAYER, *method), timeout_s=_HTTP_TIMEOUT_S)
    if done.exit_code != 0:
        raise EvidenceMissing("no VLC answers")
    return done.stdout.decode("utf-8", "replace")
