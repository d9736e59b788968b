"""What is written on a picture, as Tesseract reads it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from osarena.errors import CheckerError, EvidenceMissing
from osarena_evaluators.osworld._pictures import on_white

if TYPE_CHECKING:
    from PIL.Image import Image

_INSTALL = "install it (Debian: apt-get install tesseract-ocr)"
_TIMEOUT_S = 30.0
# Letters of a screen are too small for Tesseract, which likes about twice their size.
_SCALE_BELOW, _SCALE = 2_000, 2
_MAX_PIXELS = 12_000_000


def text_on(image: Image) -> str:
    """The words on a picture in reading order, with one space between them.

    Raises:
        CheckerError: Tesseract is not there or fails.
        EvidenceMissing: the picture is too large to read, or takes too long.
    """
    program = shutil.which("tesseract")
    if program is None:
        raise CheckerError(f"this metric needs the program tesseract: {_INSTALL}")
    if image.width * image.height > _MAX_PIXELS:
        raise EvidenceMissing(f"it has {image.width}x{image.height} pixels, which is too much to read")
    page = on_white(image)
    if max(page.size) < _SCALE_BELOW:
        page = page.resize((page.width * _SCALE, page.height * _SCALE))
    file = io.BytesIO()
    page.save(file, "PNG", compress_level=1)
    try:
        done = subprocess.run(
            [program, "stdin", "stdout", "--dpi", "150", "--psm", "11"],
            input=file.getvalue(),
            capture_output=True,
            timeout=_TIMEOUT_S,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise EvidenceMissing(f"what is on the picture could not be read within {_TIMEOUT_S:g} s") from error
    except OSError as error:
        raise CheckerError(f"tesseract cannot be started: {error}") from error
    if done.returncode != 0:
        raise CheckerError(f"tesseract failed ({done.returncode}): {done.stderr.decode('utf-8', 'replace')[-300:]}")
    return " ".join(done.stdout.decode("utf-8", "replace").split())
