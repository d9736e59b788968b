"""Metrics of sound and film."""

from __future__ import annotations

import io
import math
import shutil
import subprocess
import wave
from functools import lru_cache
from itertools import pairwise, product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from osarena.errors import EvidenceMissing
from osarena_evaluators.osworld import _ffmpeg, _sounds
from osarena_evaluators.osworld._hashes import perceptual_hash
from tests.support.osworld import (
    Case,
    fault,
    judge_in_a_grading,
    lacking,
    malformed,
    parameters,
    print_counts,
    right,
    try_any_evidence,
    wrong,
)
from tests.support.sounds import mp3

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")


def wav(*pitches: float, seconds: float = 0.4, rate: int = 22_050) -> bytes:
    """One tone after another, with two overtones."""
    time = np.arange(int(seconds * rate)) / rate
    tones = [sum(np.sin(2 * np.pi * pitch * part * time) / part for part in (1, 2, 3)) / 3 for pitch in pitches]
    saved = io.BytesIO()
    with wave.open(saved, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.concatenate(tones) * 20_000).astype("<i2").tobytes() if tones else b"")
    return saved.getvalue()


@lru_cache
def film(kind: str, frames: int = 12) -> bytes:
    """A film in MP4 (its index at the end, so that it has to be sought) of a picture that moves."""
    source = ("-f", "lavfi", "-i", f"{kind}=size=96x64:rate=12", "-frames:v", str(frames))
    return made(["ffmpeg", "-v", "error", *source, "-pix_fmt", "yuv420p", "-f", "mp4", "film.mp4"], "film.mp4")


@lru_cache
def encoded(data: bytes) -> bytes:
    """A sound as MP3."""
    return made(["ffmpeg", "-v", "error", "-i", "-", "-f", "mp3", "-b:a", "128k", "sound.mp3"], "sound.mp3", data)


def made(command: list[str], name: str, data: bytes = b"") -> bytes:
    with TemporaryDirectory() as folder:
        subprocess.run(command, input=data, cwd=folder, check=True, timeout=60)
        return Path(folder, name).read_bytes()


TUNE, OTHER = wav(440, 660, 880, 550), wav(3000, 200, 5000, 100)
TITLE = {"title": {"method": "eq", "ref": "Moon"}}

TAGS: dict[str, list[Case]] = {
    "check_mp3_meta": [
        right(mp3(TIT2="Moon", TPE1="Ada"), TITLE | {"artist": {"method": "re", "ref": "^A"}}),
        right(mp3(TIT2="Moon"), {"album": {"method": "eq", "ref": ""}}),
        wrong(mp3(TIT2="Sun"), TITLE, words="'title': expected"),
        wrong(mp3(TPE1="Ada"), TITLE, words="found {'artist': 'Ada'}"),
        malformed(mp3(), TITLE, words="no readable tags"),
        malformed(b"no", TITLE, words="no readable tags"),
        fault(mp3(TIT2="Moon"), {"title": "Moon"}, words="a rule about a value is"),
        fault(mp3(TIT2="Moon"), {}, words="expects rules about tags"),
        right(mp3(TIT2="Moon"), {}, published=True),
    ],
}


def media_cases() -> dict[str, list[Case]]:
    if shutil.which("ffmpeg") is None:
        return {}
    test, mandelbrot = film("testsrc"), film("mandelbrot")
    return {
        "compare_audios": [
            right(TUNE, TUNE),
            wrong(OTHER, TUNE, score=likeness(OTHER, TUNE), words="the sounds are"),
            malformed(b"no", TUNE, words="no sound that can be decoded"),
            malformed(b"no", b"no", words="no sound that can be decoded"),
            right(b"no", b"no", published=True),
            malformed(None, TUNE, words="there is no such file"),
            malformed(test, TUNE, words="no sound that can be decoded"),
            fault(TUNE, b"no", words="the file that the task compares with"),
        ],
        "compare_videos": [
            right(test, test),
            right(test, film("testsrc", 24), max_frames_to_check=8),
            wrong(mandelbrot, test, words="frames differ"),
            wrong(film("testsrc", 8), test, words="expected 12 frames, found 8"),
            wrong(test, film("testsrc", 8), words="expected 8 frames, found more"),
            malformed(b"no", test, words="no film that can be decoded"),
            fault(b"no", b"no", words="the file that the task compares with"),
            right(b"no", b"no", published=True),
            malformed(TUNE, test, words="no film that can be decoded"),
            fault(test, b"no", words="the file that the task compares with"),
            fault(test, test, words="is at least 1", max_frames_to_check=0),
        ],
    }


def likeness(one: bytes, other: bytes) -> float:
    return _sounds.likeness(_ffmpeg.sound(one), _ffmpeg.sound(other))


CASES = TAGS | media_cases()


@pytest.mark.parametrize(("name", "case"), parameters(CASES))
def test_a_metric(name: str, case: Case) -> None:
    case.check(name)


@pytest.mark.parametrize("name", sorted(CASES))
def test_any_evidence_scores_or_is_unusable(name: str) -> None:
    try_any_evidence(CASES, name, examples=8)


def test_a_grading_scores_what_is_right(tmp_path: Path) -> None:
    judge_in_a_grading(CASES, "osworld", tmp_path)


def test_every_name_has_cases_of_each_kind(capsys: pytest.CaptureFixture[str]) -> None:
    print_counts(CASES, capsys)
    assert [name for name in lacking(CASES, "media") if name in CASES] == []


# --- sounds --------------------------------------------------------------------------------------------------------------


@needs_ffmpeg
def test_the_same_tune_in_another_format_and_tempo_is_nearly_the_same() -> None:
    packed, slower = likeness(encoded(TUNE), TUNE), likeness(wav(440, 660, 880, 550, seconds=0.5), TUNE)
    assert min(packed, slower) > 0.9 > likeness(OTHER, TUNE)


@needs_ffmpeg
def test_lists_of_other_files_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.wav").write_bytes(TUNE)
    for listed in (f"#EXTM3U\n#EXTINF:1,\n{tmp_path}/secret.wav\n", f"ffconcat version 1.0\nfile {tmp_path}/secret.wav\n"):
        with pytest.raises(EvidenceMissing):
            _ffmpeg.sound(listed.encode())


def test_coefficients_are_of_the_cosine_transform_of_mels() -> None:
    transform = _sounds.cosines(128, 128)
    assert np.allclose(transform @ transform.T, np.eye(128))
    filters = _sounds._mel_filters()
    assert filters.shape == (128, 1025)
    assert filters[0, :2] == pytest.approx([0.0, 0.0162], abs=5e-5)  # the figures in librosa's documentation
    silence = _sounds.coefficients(np.zeros(4096, dtype=np.float32))
    assert silence.shape == (9, 20)
    assert silence[:, 0] == pytest.approx(-100 * math.sqrt(128))  # 10 log10 of 1e-10, in the first of orthonormal rows
    assert np.allclose(silence[:, 1:], 0)


def exact(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """The cost of the best alignment of all."""
    lengths = np.linalg.norm(one, axis=1)[:, None] * np.linalg.norm(other, axis=1)
    distances = 1 - one @ other.T / lengths
    best = np.full((len(one) + 1, len(other) + 1), math.inf)
    best[0, 0] = 0
    for i, j in product(range(len(one)), range(len(other))):
        best[i + 1, j + 1] = distances[i, j] + min(best[i, j + 1], best[i + 1, j], best[i, j])
    return float(best[-1, -1])


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 5), (2, 2), (3, 7), (8, 8), (13, 9), (31, 40)])
def test_an_alignment_is_a_way_from_both_starts_to_both_ends_and_nearly_the_best(rows: int, columns: int) -> None:
    one, other = (np.random.default_rng(seed).random((length, 4)) for seed, length in ((1, rows), (2, columns)))
    cost, path = _sounds._fast_alignment(one, other)
    steps = {(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(path)}
    assert (path[0], path[-1]) == ((0, 0), (rows - 1, columns - 1))
    assert steps <= {(0, 1), (1, 0), (1, 1)}
    assert exact(one, other) - 1e-9 <= cost <= 1.5 * exact(one, other) + 1e-9


def test_a_series_is_aligned_with_its_slower_self_at_no_cost() -> None:
    one = np.random.default_rng(3).random((40, 4))
    cost, path = _sounds._fast_alignment(one, np.repeat(one, 2, axis=0))
    assert cost == pytest.approx(0, abs=1e-9)
    assert len(path) == 80


def test_a_perceptual_hash_stays_when_a_picture_is_scaled() -> None:
    plane = np.random.default_rng(5).integers(0, 256, (6, 8), dtype=np.uint8)
    large = np.asarray(Image.fromarray(plane).resize((320, 240), Image.Resampling.BICUBIC))
    small = np.asarray(Image.fromarray(large).resize((160, 120)))
    other = np.asarray(Image.fromarray(plane[::-1, ::-1].copy()).resize((320, 240), Image.Resampling.BICUBIC))
    assert int((perceptual_hash(large) != perceptual_hash(small)).sum()) <= 2
    assert int((perceptual_hash(large) != perceptual_hash(other)).sum()) > 10
    assert int(perceptual_hash(large).sum()) == 32
