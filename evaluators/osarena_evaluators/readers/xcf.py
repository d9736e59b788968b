"""GIMP's own files: size, layers, and the pixels of a layer.

The format is read here, not by GIMP: a reader is pure, and GIMP on the host would open an agent's file with all of its plug-ins
outside of any sandbox. What it shows as a whole (the layers merged) is not made; a task asks for an export to check that.
`tests/osarena_evaluators/test_real_gimp.py` holds this reader to files that GIMP saved and to what GIMP exports of them.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers._bytes import Cursor

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Record = dict[str, Any]

_MAGIC = b"gimp xcf "
_KINDS = ("RGB", "L", "P")
_LAYER_KINDS = ("RGB", "RGBA", "L", "LA", "P", "PA")
_EIGHT_BITS = (100, 150)  # linear and perceptual
_TILE = 64
_MAX_LAYERS = 1_000
_MAX_PIXELS = 6_000_000  # of one layer; unpacking them takes up to 20 s

# Numbers of properties: https://gitlab.gnome.org/GNOME/gimp/-/blob/master/devel-docs/xcf.txt
_END, _COLOURS, _OPACITY, _MODE, _VISIBLE, _OFFSETS, _COMPRESSION, _PARASITES = 0, 1, 6, 7, 8, 15, 17, 21
_GROUP, _PLACE, _FLOAT_OPACITY = 29, 30, 33
_OLD_MODES = (
    "normal dissolve behind multiply screen overlay difference addition subtract darken-only lighten-only hsv-hue hsv-saturation"
    " hsl-color hsv-value divide dodge burn hardlight softlight grain-extract grain-merge color-erase"
).split()
_MODES = (
    "overlay lch-hue lch-chroma lch-color lch-lightness normal behind multiply screen difference addition subtract darken-only"
    " lighten-only hsv-hue hsv-saturation hsl-color hsv-value divide dodge burn hardlight softlight grain-extract grain-merge"
).split()
_TEXT = re.compile(r'^\((text|markup) "((?:[^"\\]|\\.)*)"\)', re.MULTILINE | re.DOTALL)


@reader
def size(data: bytes) -> list[int]:
    """Width and height of the image in pixels."""
    image = _Image.of(data)
    return [image.width, image.height]


@reader
def mode(data: bytes) -> str:
    """What its pixels are made of: "RGB", "L" (grey) or "P" (palette)."""
    return _Image.of(data).kind


@reader
def layers(data: bytes) -> list[Record]:
    """The layers, the topmost first.

    Each has `name`, `width`, `height`, `x`, `y` (of its top left corner), `kind` ("RGBA" …), `visible`, `opacity` (0 to 1),
    `mode` ("normal", "multiply" …, as GIMP calls them), `is_group`, `depth` (0 outside of groups), `has_mask`, and `text`, which
    is `None` where it is no text layer.
    """
    return [layer.record for layer in _Image.of(data).layers()]


@reader
def layer_pixels(data: bytes, *, layer: str | int) -> NDArray[np.uint8]:
    """The pixels of a layer, by name or by number from the top: `(height, width, 4)` uint8 RGBA, without its mask and opacity."""
    image = _Image.of(data)
    found = list(image.layers())
    names = [candidate.record["name"] for candidate in found]
    if isinstance(layer, int) and -len(found) <= layer < len(found):
        return image.pixels(found[layer])
    if layer in names:
        return image.pixels(found[names.index(layer)])
    raise EvidenceMissing(f"the image has no layer {layer!r}; its layers are {', '.join(map(repr, names))[:300]}")


@dataclass(frozen=True, slots=True)
class _Layer:
    record: Record
    hierarchy: int  # where its pixels are described


@dataclass(frozen=True, slots=True)
class _Image:
    """The header of a file, and a cursor on its bytes."""

    cursor: Cursor
    version: int
    width: int
    height: int
    kind: str
    precision: int
    compression: int
    colours: bytes
    pointers: int  # where the list of layers starts

    @classmethod
    def of(cls, data: bytes) -> _Image:
        """The image in these bytes. Raises EvidenceMissing where there is none."""
        version = {b"file": b"0"}.get(data[9:13], data[10:13])
        if not data.startswith(_MAGIC) or not version.isdigit() or data[13:14] != b"\0":
            raise EvidenceMissing("it is no file of GIMP")
        number = int(version)
        cursor = Cursor(data, 14)
        width, height, kind = cursor.number(), cursor.number(), cursor.number()
        precision = cursor.number() if number >= 4 else 150
        if kind >= len(_KINDS):
            raise EvidenceMissing(f"it is no file of GIMP: there is no kind {kind} of images")
        properties = dict(_properties(cursor))
        compression = properties.get(_COMPRESSION, b"\0")[:1] or b"\0"
        colours = properties.get(_COLOURS, b"")[4:]
        return cls(cursor, number, width, height, _KINDS[kind], precision, compression[0], colours, cursor.at)

    def layers(self) -> Iterator[_Layer]:
        """The layers, from the top."""
        cursor = self.cursor.to(self.pointers)
        for _ in range(_MAX_LAYERS):
            place = self._pointer(cursor)
            if place == 0:
                return
            yield self._layer(cursor.to(place))
        raise EvidenceMissing(f"it has more than {_MAX_LAYERS} layers, which is too much to look at")

    def pixels(self, layer: _Layer) -> NDArray[np.uint8]:
        """A layer's pixels as RGBA."""
        import numpy as np

        if self.version >= 4 and self.precision not in _EIGHT_BITS:
            raise EvidenceMissing("its colours have not 8 bits each")
        cursor = self.cursor.to(layer.hierarchy)
        width, height, depth = cursor.number(), cursor.number(), cursor.number()
        if not 0 < width * height <= _MAX_PIXELS or depth != len(layer.record["kind"]):
            raise EvidenceMissing(f"a layer has {width}x{height} pixels of {depth} bytes, which cannot be looked at")
        tiles = cursor.to(self._pointer(cursor) + 8)  # after the level's own width and height
        found = np.zeros((height, width, depth), np.uint8)
        for top in range(0, height, _TILE):
            for left in range(0, width, _TILE):
                area = found[top : top + _TILE, left : left + _TILE]
                unpacked = self._unpacked(tiles.to(self._pointer(tiles)), area.shape[0] * area.shape[1], depth)
                area[:] = np.frombuffer(unpacked, np.uint8).reshape(area.shape)
        return self._coloured(found, layer.record["kind"])

    def _pointer(self, cursor: Cursor) -> int:
        return cursor.number(8 if self.version >= 11 else 4)

    def _layer(self, cursor: Cursor) -> _Layer:
        width, height, kind = cursor.number(), cursor.number(), cursor.number()
        if kind >= len(_LAYER_KINDS):
            raise EvidenceMissing(f"there is no kind {kind} of layers")
        record: Record = {"name": cursor.text(), "width": width, "height": height, "kind": _LAYER_KINDS[kind]}
        record |= _described(dict(_properties(cursor)))
        hierarchy, mask = self._pointer(cursor), self._pointer(cursor)
        return _Layer(record | {"has_mask": mask != 0}, hierarchy)

    def _unpacked(self, cursor: Cursor, count: int, depth: int) -> bytes:
        """The bytes of a tile of `count` pixels, pixel after pixel."""
        match self.compression:
            case 0:
                return cursor.take(count * depth)
            case 1:
                found = bytearray(count * depth)
                for channel in range(depth):
                    found[channel::depth] = _run_lengths(cursor, count)
                return bytes(found)
            case 2:
                return _inflated(cursor.rest(2 * count * depth + 1024), count * depth)
        raise EvidenceMissing(f"there is no compression {self.compression}")

    def _coloured(self, found: NDArray[np.uint8], kind: str) -> NDArray[np.uint8]:
        import numpy as np

        colour, alpha = (found[..., :-1], found[..., -1:]) if kind.endswith("A") else (found, np.full_like(found[..., :1], 255))
        if kind.startswith("P"):
            palette = np.zeros((256, 3), np.uint8)
            listed = np.frombuffer(self.colours[: len(self.colours) // 3 * 3][:768], np.uint8).reshape(-1, 3)
            palette[: len(listed)] = listed
            colour = palette[colour[..., 0]]
        return np.concatenate([np.broadcast_to(colour, (*colour.shape[:2], 3)), alpha], axis=-1)


def _properties(cursor: Cursor) -> Iterator[tuple[int, bytes]]:
    while True:
        kind, length = cursor.number(), cursor.number()
        if kind == _END:
            return
        yield kind, cursor.take(length)


def _described(properties: dict[int, bytes]) -> Record:
    """What a layer's properties say."""

    def said(kind: int, read: Callable[[Cursor], Any], otherwise: Any) -> Any:
        return read(Cursor(properties[kind])) if kind in properties else otherwise

    opacity = said(_OPACITY, lambda cursor: cursor.number() / 255, 1.0)
    x, y = said(_OFFSETS, lambda cursor: (cursor.signed(), cursor.signed()), (0, 0))
    return {
        "x": x,
        "y": y,
        "visible": said(_VISIBLE, lambda cursor: cursor.number() != 0, True),
        "opacity": said(_FLOAT_OPACITY, lambda cursor: cursor.float(), opacity),
        "mode": _mode(said(_MODE, lambda cursor: cursor.number(), 0)),
        "is_group": _GROUP in properties,
        "depth": max(len(properties.get(_PLACE, b"")) // 4 - 1, 0),
        "text": _text(properties.get(_PARASITES, b"")),
    }


def _mode(number: int) -> str:
    names = [*_OLD_MODES, *_MODES]
    return names[number] if number < len(names) else str(number)


def _text(parasites: bytes) -> str | None:
    """The text of a text layer, which GIMP attaches to it; styled text loses its marks."""
    cursor = Cursor(parasites)
    while cursor.at < len(parasites):
        name, _, length = cursor.text(), cursor.number(), cursor.number()
        found = _TEXT.search(cursor.take(length).decode("utf-8", "replace")) if length else None
        if name == "gimp-text-layer" and found:
            words = re.sub(r"\\(.)", lambda escape: {"n": "\n", "t": "\t"}.get(escape[1], escape[1]), found[2])
            return re.sub(r"<[^<>]*>", "", words) if found[1] == "markup" else words
    return None


def _run_lengths(cursor: Cursor, count: int) -> bytes:
    """`count` bytes that are packed as runs of one byte and rows of different ones."""
    found = bytearray()
    while len(found) < count:
        code = cursor.number(1)
        length = code + 1 if code < 127 else 256 - code
        if code in (127, 128):
            length = cursor.number(2)
        found += cursor.take(1) * length if code < 128 else cursor.take(length)
    if len(found) > count:
        raise EvidenceMissing("its pixels are damaged")
    return bytes(found)


def _inflated(packed: bytes, count: int) -> bytes:
    try:
        found = zlib.decompressobj().decompress(packed, count)
    except zlib.error as error:
        raise EvidenceMissing(f"its pixels are damaged: {error}") from error
    if len(found) < count:
        raise EvidenceMissing("its pixels are damaged")
    return found
