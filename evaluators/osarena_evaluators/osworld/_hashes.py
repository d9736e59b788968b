"""Hashes of pictures that stay nearly the same when a picture is scaled, or packed with loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from osarena_evaluators.osworld._sounds import cosines

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SIDE, _LOW = 32, 8


def perceptual_hash(grey: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """64 bits: which of the 8x8 lowest frequencies of the picture, scaled to 32x32, are above their median."""
    import numpy as np
    from PIL import Image

    small = np.asarray(Image.fromarray(grey).resize((_SIDE, _SIDE), Image.Resampling.LANCZOS), dtype=np.float64)
    # Not normalised, as of old: the first row and column weigh more by the square root of 2.
    transform = cosines(_SIDE, _LOW)
    transform[0] *= np.sqrt(2)
    low = transform @ small @ transform.T
    above: NDArray[np.bool_] = low > np.median(low)
    return above
