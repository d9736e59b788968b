"""A place in some bytes, from which numbers and texts are read."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass

from osarena.errors import EvidenceMissing


@dataclass(slots=True)
class Cursor:
    """Reads on from `at`. Every method raises EvidenceMissing where the bytes end before it is done. Numbers are big-endian."""

    data: bytes
    at: int = 0

    def to(self, place: int) -> Cursor:
        """Another cursor, at that place."""
        return Cursor(self.data, place)

    def take(self, length: int) -> bytes:
        """The next bytes."""
        if not 0 <= length <= len(self.data) - self.at:
            raise EvidenceMissing(f"it ends before the {length} bytes from byte {self.at} on")
        self.at += length
        return self.data[self.at - length : self.at]

    def rest(self, limit: int) -> bytes:
        """The bytes from here on, at most so many; the place stays."""
        return self.data[self.at : self.at + limit]

    def number(self, length: int = 4) -> int:
        """The next unsigned number."""
        return int.from_bytes(self.take(length), "big")

    def signed(self) -> int:
        """The next number of 4 bytes with a sign."""
        return int.from_bytes(self.take(4), "big", signed=True)

    def float(self) -> float:
        """The next floating-point number of 4 bytes."""
        (found,) = struct.unpack(">f", self.take(4))
        if not math.isfinite(found):
            raise EvidenceMissing(f"a number in it is {found}")
        return float(found)

    def text(self) -> str:
        """The next text, with its length before it and a zero at its end."""
        return self.take(self.number()).rstrip(b"\0").decode("utf-8", "replace")
