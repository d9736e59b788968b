"""Cases of GIMP's own files."""

from __future__ import annotations

import struct
import zlib
from typing import Any

from tests.osarena_evaluators.cases.images import Rgba
from tests.support.cases import differs, lacks, malformed, reads
from tests.support.pictures import xcf, xcf_layer

RED_AND_CLEAR = bytes([255, 0, 0, 255, 9, 9, 9, 0])
HALF = (33, struct.pack(">f", 0.5))
SAYS = b'(markup "<markup>Say <b>\\"hi\\"</b></markup>")\n(font "Sans")\n'
PARASITE = struct.pack(">I", 16) + b"gimp-text-layer\0" + struct.pack(">II", 1, len(SAYS)) + SAYS
TEXT = xcf_layer(
    "Text", RED_AND_CLEAR, HALF, (8, bytes(4)), (7, struct.pack(">I", 30)), (15, struct.pack(">ii", -1, 3)), (21, PARASITE)
)
GROUND = xcf_layer("Ground", b"\x00\x80\xff\x01\x02\x03", (6, struct.pack(">I", 255)), (29, b""), (30, bytes(8)), kind=0)
IMAGE = xcf(TEXT, GROUND)
# Red twice, then 0 and 0, then 0 and 9: a run, and rows of bytes.
PACKED = xcf(xcf_layer("Packed", b"\x01\xff" + b"\x80\x00\x02\x00\x00" + b"\x7f\x00\x02\x00" + b"\xfe\xff\x00"), compression=1)
DEFLATED = xcf(
    xcf_layer("Deflated", zlib.compress(b"\x00\x01"), kind=4), kind=2, compression=2, colours=b"\x01\x02\x03\x07\x08\x09"
)
BEYOND = xcf(xcf_layer("Packed", b"\x7d\xff"), compression=1)
NO_LAYER: dict[str, Any] = {"x": 0, "y": 0, "visible": True, "opacity": 1.0, "mode": "normal", "is_group": False, "depth": 0}
NO_XCF = (
    malformed(b"", "it is no file of GIMP"),
    malformed(b"gimp xcf v001\0" + b"\x00\x00\x00\x09" * 3, "there is no kind 9 of images"),
    malformed(IMAGE[:20], "it ends before the 4 bytes from byte 18 on"),
)

READERS = {
    "xcf.size": [reads(IMAGE, [2, 1]), differs(xcf(size=(640, 480)), [640, 480]), *NO_XCF],
    "xcf.mode": [reads(IMAGE, "RGB"), differs(xcf(kind=1), "L"), *NO_XCF],
    "xcf.layers": [
        reads(
            IMAGE,
            [
                {
                    **{
                        "name": "Text",
                        "width": 2,
                        "height": 1,
                        "kind": "RGBA",
                        "x": -1,
                        "y": 3,
                        "visible": False,
                        "opacity": 0.5,
                    },
                    **{"mode": "multiply", "is_group": False, "depth": 0, "has_mask": False, "text": 'Say "hi"'},
                },
                NO_LAYER
                | {"name": "Ground", "width": 2, "height": 1, "kind": "RGB", "is_group": True, "depth": 1}
                | {"has_mask": False, "text": None},
            ],
        ),
        differs(xcf(), []),
        malformed(xcf(xcf_layer("x", b"", (33, struct.pack(">f", float("nan"))))), "a number in it is nan"),
        malformed(IMAGE[:-60], "it ends before"),
        *NO_XCF,
    ],
    "xcf.layer_pixels": [
        reads(IMAGE, Rgba([[[255, 0, 0, 255], [9, 9, 9, 0]]]), layer="Text"),
        reads(IMAGE, Rgba([[[0, 128, 255, 255], [1, 2, 3, 255]]]), layer=-1),
        reads(PACKED, Rgba([[[255, 0, 0, 255], [255, 0, 0, 0]]]), layer=0),
        reads(DEFLATED, Rgba([[[1, 2, 3, 255], [7, 8, 9, 255]]]), layer=0),
        differs(xcf(xcf_layer("x", b"\x05\xff\x06\x00", kind=3), kind=1), Rgba([[[5, 5, 5, 255], [6, 6, 6, 0]]]), layer="x"),
        lacks(IMAGE, "the image has no layer 'text'; its layers are 'Text', 'Ground'", layer="text"),
        malformed(BEYOND, "its pixels are damaged", layer=0),
        malformed(xcf(xcf_layer("x", b"x"), compression=2), "its pixels are damaged", layer=0),
        malformed(xcf(xcf_layer("x", b"x" * 8), compression=3), "there is no compression 3", layer=0),
        malformed(xcf(xcf_layer("x", b"", size=(99_999, 99_999))), "which cannot be looked at", layer=0),
        malformed(b"", "it is no file of GIMP", layer=0),
    ],
}
