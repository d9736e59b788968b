from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="weights need osarena[models]")

CLICK = "actions:\nCLICK <point>[[500, 250]]</point>"


@pytest.fixture(scope="session")
def clicking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Qwen2-VL, tiny and real, that always clicks in OS-Atlas' words."""
    from tests.support.tiny_models import make_qwen2_vl

    return make_qwen2_vl(tmp_path_factory.mktemp("weights") / "OS-Atlas-Base-7B", answer=CLICK)
