"""Archives with a password: damaged, and of kinds that another library is needed for."""

from __future__ import annotations

import struct
import sys
from contextlib import suppress

import pytest

from osarena.errors import CheckerError, EvidenceMissing
from osarena_evaluators.readers.tagged import has_secret_member
from tests.osarena_evaluators.cases.windows_desktop import ASKED, MEMBER, SECRET


@pytest.mark.parametrize("turned", [0x01, 0x80, 0xFF])
def test_a_damaged_archive_is_judged_or_unusable(turned: int) -> None:
    for at in range(len(SECRET)):
        damaged = SECRET[:at] + bytes([SECRET[at] ^ turned]) + SECRET[at + 1 :]
        with suppress(EvidenceMissing):
            assert has_secret_member(damaged, **ASKED) in ("true", "false")


def test_a_zip_with_aes_says_what_is_missing() -> None:
    at = SECRET.index(b"PK\x01\x02") + 10
    aes = SECRET[:at] + struct.pack("<H", 99) + SECRET[at + 2 :]
    with pytest.raises(CheckerError, match="protected by AES; opening it needs pyzipper"):
        has_secret_member(aes, **ASKED)


def test_a_seven_zip_archive_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py7zr", None)
    with pytest.raises(CheckerError, match="needs py7zr: pip install py7zr"):
        has_secret_member(b"7z\xbc\xaf\x27\x1c" + bytes(40), password="x", member=MEMBER)
