from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from osarena_agents.models.specs import Spec
from tests.support.markdown import ROOT, code_blocks
from tests.support.model_server import ModelServer, Say

SECTION = (ROOT / "agents/README.md").read_text().partition("## Models\n")[2].partition("\n## ")[0]


def test_what_the_readme_asks_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "prices.toml").write_text("[url]\nstub = { input = 2, output = 2 }\n")
    monkeypatch.setenv("OSARENA_PRICES", str(tmp_path / "prices.toml"))
    (code,) = [block for block in code_blocks("agents/README.md", "python") if "make_model" in block]
    with ModelServer(Say("A desktop.", prompt=1_000_000, reply=0)) as server:
        observation = SimpleNamespace(screenshot=np.zeros((4, 4, 3), np.uint8))
        exec(compile(code, "agents/README.md", "exec"), {"name": server.spec, "observation": observation})
    assert capsys.readouterr().out == "A desktop. 2.0\n"


def test_every_spelling_of_the_readme_is_one() -> None:
    first_column = [row.split("|")[1] for row in SECTION.splitlines() if row.startswith("| `")][1:]  # without the heading
    spellings = re.findall(r"`([^`]+)`", " ".join(first_column))
    kinds = [Spec.parse(spelling.replace("HOST", "host").replace("…", "host/v1#NAME")).kind for spelling in spellings]
    assert kinds == ["openai", "openai-responses", "anthropic", "gemini", "url", "url", "hf", "hf"]
