"""A spec that this machine cannot keep is refused before anything starts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from osarena.errors import MachineError
from osarena.providers.base import MachineSpec
from osarena.providers.local import LocalProvider
from osarena.providers.local.spec import check_spec


def test_the_usual_spec_is_fine() -> None:
    check_spec(MachineSpec())


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("root", "borrowed", "no root file system 'borrowed'"),
        ("root", "built", "`osarena vm build root` makes one"),
        ("locale", "tlh_QO.UTF-8", "locale 'tlh_QO.UTF-8' is not installed"),
        ("timezone", "Mars/Olympus", "time zone 'Mars/Olympus'"),
        ("theme", "Hotdog", "GTK theme 'Hotdog'"),
    ],
)
def test_what_is_not_installed_is_refused(
    field: str, value: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OSARENA_IMAGES", str(tmp_path))
    provider = LocalProvider()
    with pytest.raises(MachineError, match=words), provider.machine(replace(MachineSpec(), **{field: value})):
        pass
    assert provider._workshop is None
