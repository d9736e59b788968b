"""Readers on files that GIMP itself has saved, and what GIMP shows of them."""

from __future__ import annotations

import os
import shutil
import subprocess
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from osarena_evaluators.readers import images, xcf
from tests.support.pictures import picture

pytestmark = pytest.mark.skipif(shutil.which("gimp") is None, reason="GIMP is not installed")

# Each image is saved as it is; then each layer that is no group is saved as a picture of its own.
_SCRIPT = """
(define (add image layer name x y)
  (gimp-item-set-name layer name) (gimp-image-insert-layer image layer 0 0) (gimp-layer-set-offsets layer x y) layer)
(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{folder}/photo.png" "photo.png")))
       (ground (car (gimp-image-get-active-layer image)))
       (stripe (car (gimp-layer-new image 70 5 RGB-IMAGE "x" 50 LAYER-MODE-MULTIPLY)))
       (group (car (gimp-layer-group-new image)))
       (words (car (gimp-text-layer-new image "Say \\"hi\\"" "DejaVu Sans" 9 UNIT-PIXEL))))
  (gimp-item-set-name ground "Ground")
  (add image stripe "Żółty" -3 2)
  (gimp-context-set-foreground '(255 200 0)) (gimp-drawable-fill stripe FILL-FOREGROUND)
  (gimp-layer-add-mask stripe (car (gimp-layer-create-mask stripe ADD-MASK-WHITE)))
  (gimp-item-set-name group "Group") (gimp-image-insert-layer image group 0 0)
  (gimp-image-insert-layer image words group 0) (gimp-item-set-name words "Words") (gimp-item-set-visible words FALSE)
  (gimp-xcf-save RUN-NONINTERACTIVE image ground "{folder}/layers.xcf" "layers.xcf")
  (file-png-save-defaults RUN-NONINTERACTIVE image ground "{folder}/ground.png" "ground.png")
  (file-png-save-defaults RUN-NONINTERACTIVE image stripe "{folder}/stripe.png" "stripe.png")
  (gimp-image-merge-visible-layers image CLIP-TO-IMAGE) (gimp-image-flatten image)
  (gimp-image-convert-indexed image CONVERT-DITHER-NONE CONVERT-PALETTE-GENERATE 16 FALSE FALSE "")
  (gimp-xcf-save RUN-NONINTERACTIVE image (car (gimp-image-get-active-drawable image)) "{folder}/indexed.xcf" "indexed.xcf")
  (file-png-save-defaults RUN-NONINTERACTIVE image (car (gimp-image-get-active-drawable image)) "{folder}/indexed.png" "x"))
"""


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What GIMP saved, by file name."""
    folder = tmp_path_factory.mktemp("gimp")
    (folder / "photo.png").write_bytes(picture(size=(150, 90)))
    environment = {**os.environ, "HOME": str(folder), "GIMP2_DIRECTORY": str(folder / "profile"), "TMPDIR": str(folder)}
    command = [
        "gimp",
        "--no-interface",
        "--no-data",
        "--console-messages",
        "-b",
        _SCRIPT.format(folder=folder),
        "-b",
        "(gimp-quit 0)",
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120, env=environment)
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".xcf", ".png")}


def test_layers(saved: dict[str, bytes]) -> None:
    assert (xcf.size(saved["layers.xcf"]), xcf.mode(saved["layers.xcf"])) == ([150, 90], "RGB")
    group, words, stripe, ground = xcf.layers(saved["layers.xcf"])
    assert (group["name"], group["is_group"], group["depth"]) == ("Group", True, 0)
    assert (words["name"], words["depth"], words["visible"], words["text"]) == ("Words", 1, False, 'Say "hi"')
    assert stripe == {
        "name": "Żółty", "width": 70, "height": 5, "x": -3, "y": 2, "kind": "RGB", "visible": True, "opacity": 0.5,
        "mode": "multiply", "is_group": False, "depth": 0, "has_mask": True, "text": None,
    }  # fmt: skip
    assert (ground["name"], ground["kind"], ground["mode"], ground["has_mask"]) == ("Ground", "RGBA", "normal", False)


@pytest.mark.parametrize(
    ("file", "layer", "export"),
    [("layers.xcf", "Ground", "ground.png"), ("layers.xcf", 2, "stripe.png"), ("indexed.xcf", 0, "indexed.png")],
)
def test_the_pixels_of_a_layer_are_what_gimp_exports(saved: dict[str, bytes], file: str, layer: str | int, export: str) -> None:
    found, wanted = xcf.layer_pixels(saved[file], layer=layer), images.pixels(saved[export])
    assert found.shape == wanted.shape
    shown = wanted[..., 3] > 0
    assert np.array_equal(found[shown], wanted[shown])
    assert Image.open(BytesIO(saved[export])).size == (found.shape[1], found.shape[0])
