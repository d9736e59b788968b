"""GIMP's own files, with flat pictures as layers.

The format: https://developer.gimp.org/core/standards/xcf/. Written is version 3, in which layers are mixed as Pillow does it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from PIL import Image

_TILE = 64  # pixels, both ways
_RGBA = 1
_RUN_LENGTHS = 1  # the compression
# Types of properties.
_END, _ACTIVE, _OPACITY, _MODE, _VISIBLE, _OFFSETS, _COMPRESSION, _RESOLUTION = 0, 2, 6, 7, 8, 15, 17, 19
_NORMAL = 0


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: a picture with transparency, and where its top left corner lies."""

    name: str
    picture: Image.Image  # RGBA
    place: tuple[int, int] = (0, 0)
    is_visible: bool = True


def flatten(size: tuple[int, int], layers: Sequence[Layer]) -> Image.Image:
    """What is seen of the layers, the topmost first, on a canvas of this size."""
    seen = Image.new("RGBA", size, (0, 0, 0, 0))
    for layer in reversed(layers):
        if layer.is_visible:
            seen.alpha_composite(layer.picture, layer.place)
    return seen


def xcf(size: tuple[int, int], layers: Sequence[Layer]) -> bytes:
    """A file of GIMP with these layers, the topmost first; the last one is active."""
    head = b"gimp xcf v003\0" + struct.pack(">3I", *size, 0)
    head += _property(_COMPRESSION, bytes([_RUN_LENGTHS])) + _property(_RESOLUTION, struct.pack(">2f", 72, 72)) + _property(_END)
    at = len(head) + 4 * (len(layers) + 2)
    pointers, bodies = [], []
    for layer in layers:
        pointers.append(at)
        bodies.append(_layer(layer, at, is_active=layer is layers[-1]))
        at += len(bodies[-1])
    return head + struct.pack(f">{len(layers) + 2}I", *pointers, 0, 0) + b"".join(bodies)


def _property(kind: int, payload: bytes = b"") -> bytes:
    return struct.pack(">2I", kind, len(payload)) + payload


def _layer(layer: Layer, at: int, *, is_active: bool) -> bytes:
    """A layer that starts at a place in the file, with its pixels behind it."""
    name = layer.name.encode() + b"\0"
    head = struct.pack(">4I", *layer.picture.size, _RGBA, len(name)) + name
    head += _property(_ACTIVE) if is_active else b""
    head += _property(_OPACITY, struct.pack(">I", 255)) + _property(_MODE, struct.pack(">I", _NORMAL))
    head += _property(_VISIBLE, struct.pack(">I", layer.is_visible)) + _property(_OFFSETS, struct.pack(">2i", *layer.place))
    head += _property(_END)
    pixels_at = at + len(head) + 8
    return head + struct.pack(">2I", pixels_at, 0) + _hierarchy(layer.picture, pixels_at)


def _hierarchy(picture: Image.Image, at: int) -> bytes:
    """The pixels: in one level, that is cut into tiles."""
    tiles = [_compressed(tile) for tile in _tiles(picture)]
    level_at = at + 20
    first_at = level_at + 8 + 4 * (len(tiles) + 1)
    places = [first_at + sum(map(len, tiles[:number])) for number in range(len(tiles))]
    level = struct.pack(f">{len(tiles) + 3}I", *picture.size, *places, 0)
    return struct.pack(">5I", *picture.size, 4, level_at, 0) + level + b"".join(tiles)


def _tiles(picture: Image.Image) -> Iterator[Image.Image]:
    for top in range(0, picture.height, _TILE):
        for left in range(0, picture.width, _TILE):
            yield picture.crop((left, top, min(left + _TILE, picture.width), min(top + _TILE, picture.height)))


def _compressed(tile: Image.Image) -> bytes:
    """Red, green, blue and alpha one after the other, each as runs of the same value."""
    return b"".join(_run(length, value) for channel in tile.split() for length, value in _runs(channel))


def _runs(channel: Image.Image) -> list[tuple[int, int]]:
    values = channel.tobytes()
    if values.count(values[0]) == len(values):  # most of a flat picture, and much faster
        return [(len(values), values[0])]
    return [(len(list(run)), value) for value, run in groupby(values)]


def _run(length: int, value: int) -> bytes:
    return bytes([length - 1, value]) if length < 128 else bytes([127, *divmod(length, 256), value])
