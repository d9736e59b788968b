"""A task that asks a reader for what there cannot be is wrong, which is no fault of the agent's. `cases/` has the rest."""

from __future__ import annotations

import pytest

from osarena_evaluators.readers import text


def test_an_encoding_that_there_is_not() -> None:
    with pytest.raises(LookupError):
        text.text(b"x", encoding="utf-9")
