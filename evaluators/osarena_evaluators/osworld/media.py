"""Sound and film: alike, and what their tags say."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import zip_longest
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.osworld._ffmpeg import frames, sound
from osarena_evaluators.osworld._files import File, found, wanted
from osarena_evaluators.osworld._hashes import perceptual_hash
from osarena_evaluators.osworld._operands import holds, library, share
from osarena_evaluators.osworld._rules import matches
from osarena_evaluators.osworld._sounds import likeness

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEVIATIONS: Mapping[str, str] = MappingProxyType(
    {
        "compare_audios": "The public one gives 1 for two files that cannot be decoded; ours finds the evidence missing.",
        "compare_videos": "The public one gives 1 for two files that cannot be decoded; ours finds the evidence missing.",
        "check_mp3_meta": "The public one gives 1 where the task has no rule; ours says so as a fault of the task.",
    }
)

_MAX_MP3_BYTES = 256 << 20
# What mutagen raises beside its own errors for tags that are damaged.
_DAMAGED = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError, TypeError),
    *(ValueError, struct.error),
)


@metric
def compare_audios(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """How alike two sounds are, from 0 to 1: e to the minus of their mean distance, when one is stretched to the other.

    Of two files that sound the same it is 1, of different pieces of music some 0.7, since music is not that different.
    """
    if published and _is_silent(actual) and _is_silent(expected):
        return Verdict(1.0)
    there, gold = sound(found(actual)), wanted(sound, expected)
    score = likeness(there, gold)
    return share(score, f"the sounds are to {score:.3f} the same")


@metric
def compare_videos(
    actual: File, expected: File, *, max_frames_to_check: int = 100, threshold: int = 5, published: bool = False
) -> Verdict:
    """1 if the first frames of two films are the same, and both end where one of them ends within these.

    Two frames are the same if their perceptual hashes differ in at most `threshold` bits; as many may be others.
    """
    if max_frames_to_check < 1:
        raise CheckerError(f"`max_frames_to_check` is at least 1, not {quote(max_frames_to_check)}")
    data = found(actual)
    if published and _is_dark(data) and _is_dark(expected):
        return Verdict(1.0)
    gold = wanted(_hashes, expected, max_frames_to_check)
    return _same_frames(map(perceptual_hash, frames(data, max_frames_to_check)), gold, threshold)


@metric
def check_mp3_meta(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if the tags of a file (ID3) are as rules say, by EasyID3's names: `{"title": {"method": "eq", "ref": "Moon"}}`.

    Several values of a tag are one text with commas; a tag that is not there is empty text.
    """
    if not isinstance(expected, Mapping) or not (expected or published):
        raise CheckerError(f"the task expects rules about tags by name, not {quote(expected)}")
    tags = _tags(found(actual))
    wrong = [name for name, rule in expected.items() if not matches(tags.get(name, ""), rule)]
    words = f"{quote(wrong and wrong[0])}: expected {quote(wrong and expected[wrong[0]])}, found {quote(tags)}"
    return holds(not wrong, words)


def _same_frames(there: Iterator[NDArray[np.bool_]], gold: list[NDArray[np.bool_]], threshold: int) -> Verdict:
    different = 0
    for number, (one, other) in enumerate(zip_longest(there, gold), start=1):
        if one is None or other is None:
            return Verdict(0.0, f"expected {len(gold)} frames, found {'more' if other is None else number - 1}")
        different += int((one != other).sum()) > threshold
        if different > threshold:
            return Verdict(0.0, f"{different} of the first {number} frames differ")
    return Verdict(1.0)


def _hashes(data: bytes, most: int) -> list[NDArray[np.bool_]]:
    return [perceptual_hash(frame) for frame in frames(data, most)]


def _is_silent(data: Any) -> bool:
    try:
        sound(found(data))
    except EvidenceMissing:
        return True
    return False


def _is_dark(data: Any) -> bool:
    try:
        return next(frames(found(data), 1), None) is None
    except EvidenceMissing:
        return True


def _tags(data: bytes) -> dict[str, str]:
    """The tags of a file by EasyID3's names."""
    easyid3 = library("mutagen.easyid3", 'install osarena with the extra "media"')
    mutagen = library("mutagen", 'install osarena with the extra "media"')
    if len(data) > _MAX_MP3_BYTES:
        raise EvidenceMissing(f"it has {len(data)} bytes, which is too much to look at")
    try:
        tags = easyid3.EasyID3(BytesIO(data))
        return {name: ",".join(map(str, tags[name])) for name in tags}
    except (mutagen.MutagenError, *_DAMAGED) as error:
        raise EvidenceMissing(f"it has no readable tags: {type(error).__name__}: {str(error)[:200]}") from error
