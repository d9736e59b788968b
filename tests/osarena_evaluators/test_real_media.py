"""Readers on films that ffmpeg has written."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from osarena_evaluators.readers import media

pytestmark = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")


@pytest.mark.parametrize("ending", ["mp4", "mov", "mkv", "webm"])
def test_a_film(tmp_path: Path, ending: str) -> None:
    sources = [
        "-f",
        "lavfi",
        "-i",
        "testsrc=size=64x48:rate=10:duration=1",
        "-f",
        "lavfi",
        "-i",
        "sine=duration=1:sample_rate=48000",
    ]
    codecs = {"webm": ["-c:v", "libvpx", "-c:a", "libopus"]}.get(ending, ["-c:v", "mpeg4", "-c:a", "aac"])
    path = tmp_path / f"film.{ending}"
    subprocess.run(
        ["ffmpeg", "-loglevel", "error", *sources, *codecs, "-ac", "2", str(path)], check=True, capture_output=True, timeout=60
    )
    video, audio = media.streams(path.read_bytes())
    assert (video["kind"], video["width"], video["height"], round(video["duration_s"])) == ("video", 64, 48, 1)
    assert (audio["kind"], audio["channels"], audio["sample_rate"], round(audio["duration_s"])) == ("audio", 2, 48_000, 1)
    assert (video["codec"], audio["codec"]) == {
        "mkv": ("V_MPEG4/ISO/ASP", "A_AAC"),
        "webm": ("V_VP8", "A_OPUS"),
    }.get(ending, ("mp4v", "mp4a"))
