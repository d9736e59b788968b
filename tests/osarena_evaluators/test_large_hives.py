"""Hives that claim to hold far more than they do."""

from __future__ import annotations

import struct
from time import process_time

import pytest

from osarena.errors import EvidenceMissing
from osarena_evaluators.readers import registry
from tests.support.windows import hive


def test_values_that_share_one_large_content_are_refused_together_but_one_can_be_read() -> None:
    data = hive({f"v{number}": b"\x01" * 16_000 for number in range(100)})
    for at in [at for at in range(len(data)) if data.startswith(b"vk", at)]:
        data = data[: at + 4] + struct.pack("<I", 16 << 20) + data[at + 8 :]
    with pytest.raises(EvidenceMissing, match="which is too much to look at"):
        registry.values(data)
    with pytest.raises(EvidenceMissing, match="it ends before byte"):
        registry.value(data, name="v1")
    assert registry.value(data, name="none") is None


def test_a_list_of_the_same_keys_over_and_over_is_refused_soon() -> None:
    data = hive({"a": {"b": {}}, "c": {}}, lists=b"ri")
    top = next(at for at in range(len(data)) if data.startswith(b"ri\x02\x00", at))
    (offset,) = struct.unpack_from("<I", data, top + 4)
    many = struct.pack("<2sH", b"lf", 60_000) + struct.pack("<II", *struct.unpack_from("<II", data, 0x1000 + offset + 8)) * 60_000
    at = len(data) - 0x1000
    data += struct.pack("<i", -len(many) - 4) + many
    data = data[: top + 4] + struct.pack("<II", at, at) + data[top + 12 :]
    started = process_time()
    with pytest.raises(EvidenceMissing, match="more than 100000 keys"):
        registry.value(data, below="zzz")
    assert process_time() - started < 10
