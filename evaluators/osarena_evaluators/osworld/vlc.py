"""VLC: what it plays, how large its window is, and what vlcrc says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.metrics.operands import mapping_of
from osarena_evaluators.osworld._files import File, found
from osarena_evaluators.osworld._operands import given, holds
from osarena_evaluators.readers.archives import parse_xml
from osarena_evaluators.readers.text import text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_COMMENTS = "The public one also takes what stands in comments, where VLC lists its own settings; ours only what is set."
_CHECKS = (
    *("check_qt_bgcone", "check_qt_max_volume", "check_qt_minimal_view", "check_qt_slider_colours"),
    *("check_global_key_play_pause", "check_one_instance_when_started_from_file", "check_play_and_exit"),
)
DEVIATIONS: Mapping[str, str] = MappingProxyType(
    {
        "is_vlc_playing": (
            "The public one takes any name that ends in the expected one, and any address with the expected one in it; ours "
            "needs the name or the address."
        ),
        "is_vlc_recordings_folder": "The public one takes a / at the end for another folder; ours for the same.",
        **dict.fromkeys(_CHECKS, _COMMENTS),
    }
)

_COLOURS = "153;210;153;20;210;20;255;199;15;245;39;29"
_BLACKISH = 100


@metric
def is_vlc_playing(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if VLC's status (XML of its web interface) says that it plays the `file_name` or `url`, by the rule's `type`."""
    kind = given(expected, "type", str)
    if kind not in ("file_name", "url"):
        raise CheckerError(f'the rule\'s type is "file_name" or "url", not {quote(kind)}')
    wanted, root = given(expected, kind, str), parse_xml(found(actual), "VLC's status")
    state = (root.findtext("state") or "").strip()
    if state != "playing":
        return Verdict(0.0, f"expected VLC to play, found {quote(state)}")
    played = _played(root)
    if published:
        is_so = _plays_as_published(played, wanted, kind)
    else:
        is_so = _plays_file(played, wanted) if kind == "file_name" else _plays_address(played, wanted)
    return holds(is_so, f"expected VLC to play {quote(wanted)}, found {quote(played)}")


@metric
def is_vlc_fullscreen(actual: Any, expected: Any) -> Verdict:
    """1 if the window has the `width` and `height` of the screen. Both are evidence; OSWorld's task has the screen first."""
    window = mapping_of(actual)
    if expected is None:
        raise EvidenceMissing("there is no window, or no screen, to compare with")
    screen = {side: given(expected, side, (int, float)) for side in ("width", "height")}
    there = {side: window.get(side) for side in screen}
    return holds(there == screen, f"expected a window of {quote(screen)}, found {quote(there)}")


@metric
def is_vlc_recordings_folder(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if vlcrc says that recordings go to the folder `recording_file_path`."""
    wanted, there = given(expected, "recording_file_path", str), _settings(found(actual)).get("input-record-path")
    if there is None:
        return Verdict(0.0, "vlcrc names no folder for recordings")
    is_same = there == wanted if published else there.rstrip("/") == wanted.rstrip("/")
    return holds(is_same, f"expected recordings in {quote(wanted)}, found {quote(there)}")


@metric
def check_qt_bgcone(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if the traffic cone in the background is as `expected_qt_bgcone` says: 1 (VLC's own) or 0."""
    return _is_set(actual, expected, "qt-bgcone", "1", published=published)


@metric
def check_qt_max_volume(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if the greatest volume is `expected_qt_max_volume` percent (VLC's own: 125)."""
    return _is_set(actual, expected, "qt-max-volume", "125", published=published)


@metric
def check_qt_minimal_view(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if the view without menus is as `expected_qt_minimal_view` says: 1 or 0 (VLC's own)."""
    return _is_set(actual, expected, "qt-minimal-view", "0", published=published)


@metric
def check_one_instance_when_started_from_file(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if `expected_one_instance_when_started_from_file` says whether files open in one window: 1 (VLC's own) or 0."""
    return _is_set(actual, expected, "one-instance-when-started-from-file", "1", published=published)


@metric
def check_play_and_exit(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if `expected_play_and_exit` says whether VLC ends when all is played: 1 or 0 (VLC's own)."""
    return _is_set(actual, expected, "play-and-exit", "0", published=published)


@metric
def check_global_key_play_pause(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if `expected_global_key_play_pause` says whether there is a global key to play and pause: 1 or 0 (VLC's own)."""
    wanted = _wanted(expected, "global-key-play-pause")
    there = "1" if _settings(found(actual), comments=published).get("global-key-play-pause") else "0"
    return holds(there == wanted, f"expected the global key to be {wanted}, found {there}")


@metric
def check_qt_slider_colours(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if the colours of the volume's slider are as the rule says.

    With the `type` "match" they are `expected_qt_slider_colours`, with "blackish" each is below 100 in red, green and blue.
    """
    there = _settings(found(actual), comments=published).get("qt-slider-colours", _COLOURS)
    kind = given(expected, "type", str)
    if kind == "match":
        wanted = given(expected, "expected_qt_slider_colours", str)
        return holds(there == wanted, f"expected the colours {wanted}, found {quote(there)}")
    if kind != "blackish":
        raise CheckerError(f'the rule\'s type is "match" or "blackish", not {quote(kind)}')
    if not re.fullmatch(r"\d{1,3}(;\d{1,3})*", there):
        raise EvidenceMissing(f"expected colours, found {quote(there)}")
    return holds(all(int(part) < _BLACKISH for part in there.split(";")), f"expected blackish colours, found {there}")


def _is_set(actual: Any, rule: Any, name: str, default: str, *, published: bool) -> Verdict:
    wanted, there = _wanted(rule, name), _settings(found(actual), comments=published).get(name, default)
    return holds(there == wanted, f"expected {name}={wanted}, found {there}")


def _wanted(rule: Any, name: str) -> str:
    """What a rule expects of a setting, which may be a number."""
    return str(given(rule, f"expected_{name.replace('-', '_')}", (str, int)))


def _settings(data: bytes, *, comments: bool = False) -> dict[str, str]:
    """What is set in vlcrc, by name; of what is set twice, the last counts. Comments have VLC's own settings."""
    lines = (line.lstrip("#") if comments else line for line in text(data).split("\n"))
    pairs = (line.partition("=") for line in lines if not line.startswith("#"))
    return {name.strip(): value.strip() for name, separator, value in pairs if separator}


def _played(root: Element) -> dict[str, str]:
    """What VLC tells of what it plays, by the names of its information."""
    return {
        str(info.get("name")): (info.text or "").strip()
        for category in root.iterfind("information/category")
        if category.get("name") == "meta"
        for info in category.iterfind("info")
    }


def _plays_file(played: dict[str, str], name: str) -> bool:
    places = [played.get(key, "") for key in ("filename", "uri", "url", "location")]
    return any(place == name or _last_part(place) == name for place in places if place)


def _plays_address(played: dict[str, str], address: str) -> bool:
    """Whether one of the places is the address; where VLC tells a file's name alone, whether that is the address's."""
    places = [played[key] for key in ("url", "URI", "uri", "location", "title", "filename") if played.get(key)]
    if any("://" in place for place in places):
        return address in places
    return played.get("filename") in (address, _last_part(address))


def _plays_as_published(played: dict[str, str], wanted: str, kind: str) -> bool:
    file_keys = ("filename", "title", "uri", "location", "name")
    keys = file_keys if kind == "file_name" else ("url", "URI", "location", "title", "filename")
    place = next((played[key] for key in keys if played.get(key)), "")
    if kind == "file_name":
        return place.endswith(wanted)
    return wanted in place or place == _last_part(wanted)


def _last_part(place: str) -> str:
    """The name of the file at a path or an address."""
    if "://" in place:
        try:
            place = unquote(urlsplit(place).path)
        except ValueError:
            return place
    return re.split(r"[/\\]", place)[-1]
