"""The recordings: what players read in them, and the list that is to be made of them."""

from __future__ import annotations

import io
import wave
from pathlib import PurePosixPath
from random import Random

import pytest

from osarena.tasks.values import plain_data
from osarena_evaluators.readers.playlists import tracks
from osarena_tasks.makers.recordings import session

SEEDS = range(12)


def riff_words(data: bytes, name: bytes) -> str:
    start = data.index(name) + 8
    return data[start : data.index(b"\0", start)].decode()


def seconds_of(data: bytes) -> float:
    with wave.open(io.BytesIO(data)) as sound:
        return float(sound.getnframes() / sound.getframerate())


def test_same_seed_gives_same_bytes_and_another_seed_does_not() -> None:
    made = session(Random(7))
    assert plain_data(made, "$") == made
    assert session(Random(7)) == made
    assert session(Random(8)) != made


@pytest.mark.parametrize("seed", SEEDS)
def test_the_list_is_the_opening_and_then_the_album_from_short_to_long(seed: int) -> None:
    made = session(Random(seed))
    listed = [made["files"][PurePosixPath(track["location"]).name] for track in made["tracks"]]
    opening, *rest = listed
    assert (riff_words(opening, b"INAM"), riff_words(opening, b"IPRD")) == (made["opening"], made["opening_album"])
    assert {riff_words(data, b"IPRD") for data in rest} == {made["album"]}
    durations = [seconds_of(data) for data in rest]
    assert durations == sorted(set(durations))
    assert seconds_of(opening) > durations[0], "sorting alone must not bring the opening to the front"
    assert len([data for data in made["files"].values() if riff_words(data, b"IPRD") == made["album"]]) == len(rest)
    assert len([data for data in made["files"].values() if riff_words(data, b"INAM") == made["opening"]]) == 2


@pytest.mark.parametrize("written", ["as_xspf", "as_m3u"])
def test_both_ways_of_writing_the_list_say_the_same(written: str) -> None:
    made = session(Random(3))
    assert [{"location": track["location"]} for track in tracks(made[written].encode())] == made["tracks"]
