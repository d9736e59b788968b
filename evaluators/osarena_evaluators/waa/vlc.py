"""VLC's settings on Windows, in the file vlcrc."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PureWindowsPath
from types import MappingProxyType
from typing import Any

from osarena.errors import CheckerError
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.osworld._files import File, found
from osarena_evaluators.osworld._operands import given, holds
from osarena_evaluators.readers.text import lines

DEVIATIONS: Mapping[str, str] = MappingProxyType(
    {
        "check_qt_video_resize": (
            "The public one also takes what stands in comments, where VLC lists its own settings; ours only what is set."
        ),
        "is_vlc_recordings_folder": (
            "The public one takes other letter case, slashes, or one at the end for another folder; ours does not."
        ),
    }
)

_RESIZE = "qt-video-autoresize"
_RESIZE_RULES = ("expected_qt_video_resize", "expected_qt_video_autoresize")


@metric
def check_qt_video_resize(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if `expected_qt_video_resize` says whether VLC's window takes the size of the film: 1 (VLC's own) or 0.

    The name of the setting in the rule is not in the public sample of tasks; that of VLC's setting is taken as well.
    """
    key = next((key for key in _RESIZE_RULES if isinstance(expected, Mapping) and key in expected), _RESIZE_RULES[0])
    wanted, there = str(given(expected, key, (str, int))), _settings(found(actual), comments=published).get(_RESIZE, "1")
    return holds(there == wanted, f"expected {_RESIZE}={wanted}, found {there}")


@metric
def is_vlc_recordings_folder(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if vlcrc says that recordings go to the folder `recording_file_path`."""
    wanted, there = given(expected, "recording_file_path", str), _settings(found(actual)).get("input-record-path")
    if not wanted:
        raise CheckerError("the task expects recordings in no folder")
    if not there:
        return Verdict(0.0, "vlcrc names no folder for recordings")
    is_same = there == wanted if published else PureWindowsPath(there) == PureWindowsPath(wanted)
    return holds(is_same, f"expected recordings in {quote(wanted)}, found {quote(there)}")


def _settings(data: bytes, *, comments: bool = False) -> dict[str, str]:
    """What is set, by name; of what is set twice, the last counts. VLC lists its own settings in comments."""
    texts = (line.lstrip("#") if comments else line for line in lines(data))
    pairs = (text.partition("=") for text in texts if not text.startswith("#"))
    return {name.strip(): value.strip() for name, separator, value in pairs if separator}
