"""Sound and pictures of a film, decoded by the program ffmpeg from files that may be anything."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryFile
from threading import Timer
from typing import IO, TYPE_CHECKING

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.scratch import scratch_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 22_050  # Hz
_MAX_SECONDS = 1_800
_MAX_BYTES = 512 << 20
_TIMEOUT_S = 45.0
_MAX_FRAME_BYTES, _MAX_WORDS = 40_000_000, 100_000
_INSTALL = "install it (Debian: apt-get install ffmpeg)"
# Formats that hold what they play. Lists of other files, which could be any of this machine, are none of them.
_FORMATS = "aac,aiff,amr,ape,asf,avi,flac,flv,gif,matroska,webm,mov,mp4,mp3,mpeg,mpegts,ogg,wav"
_SAFELY = ("-nostdin", "-v", "error", "-threads", "1", "-protocol_whitelist", "file,pipe", "-format_whitelist", _FORMATS)


def sound(data: bytes) -> NDArray[np.float32]:
    """The sound as one channel at 22,050 Hz, from -1 to 1, the first half hour of it.

    Raises:
        EvidenceMissing: it has no sound that can be decoded.
        CheckerError: ffmpeg is not there.
    """
    import numpy as np

    options = ("-vn", "-t", str(_MAX_SECONDS), "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-c:a", "pcm_f32le")
    with _started(data, options) as (output, errors):
        decoded = output.read()
        words = _last(errors)
    samples = np.frombuffer(decoded[: len(decoded) // 4 * 4], dtype="<f4")
    if not samples.size:
        raise EvidenceMissing(f"it has no sound that can be decoded: {words}")
    return np.where(np.isfinite(samples), samples, np.float32(0))


def frames(data: bytes, most: int) -> Iterator[NDArray[np.uint8]]:
    """The first frames of a film in grey, `(height, width)` uint8.

    Raises:
        EvidenceMissing: it has no frame that can be decoded.
        CheckerError: ffmpeg is not there.
    """
    options = ("-an", "-frames:v", str(most), "-fps_mode", "passthrough", "-f", "image2pipe", "-c:v", "pgm", "-pix_fmt", "gray")
    count = 0
    with _started(data, options) as (output, errors):
        while (frame := _next_frame(output)) is not None:
            count += 1
            yield frame
        words = _last(errors)
    if not count:
        raise EvidenceMissing(f"it has no film that can be decoded: {words}")


@contextmanager
def _started(data: bytes, options: Sequence[str]) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """What ffmpeg makes of the bytes, and what it says. It is ended when its time is up, or the block is left."""
    program = shutil.which("ffmpeg")
    if program is None:
        raise CheckerError(f"this metric needs the program ffmpeg: {_INSTALL}")
    if len(data) > _MAX_BYTES:
        raise EvidenceMissing(f"it has {len(data)} bytes, which is too much to look at")
    with scratch_file(data) as path, TemporaryFile() as errors:  # it has to seek in the former
        command = [program, *_SAFELY, "-i", f"file:{path}", *options, "-threads", "1", "pipe:1"]
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors)
        except OSError as error:
            raise CheckerError(f"ffmpeg cannot be started: {error}") from error
        end = Timer(_TIMEOUT_S, process.kill)
        end.start()
        with process:
            try:
                assert process.stdout is not None
                yield process.stdout, errors
            finally:
                end.cancel()
                process.kill()


def _next_frame(pipe: IO[bytes]) -> NDArray[np.uint8] | None:
    """The next picture of a row in the format PGM: "P5", width and height, 255, and the grey values."""
    import numpy as np

    lines = [pipe.readline(64) for _ in range(3)]
    if lines[0].strip() != b"P5":
        return None
    width, height = (int(number) for number in lines[1].split())
    if width * height > _MAX_FRAME_BYTES:
        raise EvidenceMissing(f"its frames have {width}x{height} pixels, which is too much to look at")
    pixels = pipe.read(width * height)
    if len(pixels) < width * height:
        return None
    return np.frombuffer(pixels, dtype=np.uint8).reshape(height, width)


def _last(errors: IO[bytes]) -> str:
    """The end of what ffmpeg said last, without the addresses of its parts in memory and the name of the file."""
    errors.seek(0)
    lines = errors.read(_MAX_WORDS).decode("utf-8", "replace").strip().splitlines()
    return lines[-1].rpartition(": ")[2][:200] if lines else "nothing was found in it"
