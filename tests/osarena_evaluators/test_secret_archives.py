"""Archives with a password: damaged, and of kinds that another library is needed for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

import py7zr
import pytest
import pyzipper

from osarena.errors import CheckerError, EvidenceMissing
from osarena_evaluators.readers.tagged import has_secret_member
from tests.osarena_evaluators.cases.windows_desktop import ASKED, MEMBER, SECRET


@pytest.mark.parametrize("turned", [0x01, 0x80, 0xFF])
def test_a_damaged_archive_is_judged_or_unusable(turned: int) -> None:
    for at in range(len(SECRET)):
        damaged = SECRET[:at] + bytes([SECRET[at] ^ turned]) + SECRET[at + 1 :]
        with suppress(EvidenceMissing):
            assert has_secret_member(damaged, **ASKED) in ("true", "false")


def aes() -> bytes:
    file = BytesIO()
    with pyzipper.AESZipFile(file, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(ASKED["password"].encode())
        archive.writestr(MEMBER, "old")
    return file.getvalue()


def seven_zip(password: str | None = ASKED["password"]) -> bytes:
    file = BytesIO()
    with py7zr.SevenZipFile(file, "w", password=password) as archive:
        archive.writestr(b"old", MEMBER)
    return file.getvalue()


@pytest.mark.parametrize("make", [aes, seven_zip])
def test_archives_of_other_programs_are_opened_with_their_password(make: Callable[[], bytes]) -> None:
    archive = make()
    assert has_secret_member(archive, **ASKED) == "true"
    assert has_secret_member(archive, **ASKED | {"password": "guess"}) == "false"
    assert has_secret_member(archive, **ASKED | {"member": "other.txt"}) == "false"


def test_an_archive_without_a_password_is_no_secret() -> None:
    assert has_secret_member(seven_zip(None), **ASKED) == "false"


@pytest.mark.parametrize("make", [aes, seven_zip])
def test_damaged_archives_of_other_programs_are_judged_or_unusable(make: Callable[[], bytes]) -> None:
    archive = make()
    for at in range(len(archive)):
        for damaged in (archive[:at] + bytes([archive[at] ^ 0xFF]) + archive[at + 1 :], archive[:at]):
            with suppress(EvidenceMissing):
                assert has_secret_member(damaged, **ASKED) in ("true", "false")


@pytest.mark.parametrize(("make", "library"), [(aes, "pyzipper"), (seven_zip, "py7zr")])
def test_a_library_that_is_missing_is_named(make: Callable[[], bytes], library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = make()
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(CheckerError, match=rf"needs {library}: pip install 'osarena\[archives\]'"):
        has_secret_member(archive, **ASKED)
