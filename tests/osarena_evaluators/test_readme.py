"""The example in evaluators/README.md works as it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import docx
import pytest

from osarena.grading.resolve import parse_check
from osarena.registry import find_function
from osarena_evaluators.osworld import score
from tests.support import library
from tests.support.evaluators import installed, verdict_on

README = (Path(__file__).parents[2] / "evaluators/README.md").read_text()
MODULES = dict(re.findall(r"^`((?:probes|readers|metrics)/\w+\.py)`\n\n```python\n(.*?)```", README, re.DOTALL | re.MULTILINE))
CHECKS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", README, re.DOTALL)]
SAYS = re.search(r"With a note that says `(.*?)`, the verdict is ([\d.]+), \"(.*?)\"", README)


def test_the_example_gives_the_verdict_that_it_promises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(MODULES) == 3
    assert SAYS is not None
    note, score, reason = SAYS.groups()
    with installed(tmp_path / "package", monkeypatch, MODULES):
        verdict = verdict_on(CHECKS[0], tmp_path, {"~/Notes/a.txt": note.encode(), "~/Notes/b.md": b"@spring"})
        empty = verdict_on(CHECKS[0], tmp_path, {"~/Notes/b.md": b"@spring"})
    assert (verdict.score, verdict.reason) == (float(score), reason)
    assert (empty.score, empty.reason) == (0, "tags: there is no note in ~/Notes")


def test_every_function_that_the_text_names_is_there() -> None:
    for kind, address in (("metric", "tables.rows_match"), ("reader", "office.sheet"), ("probe", "file")):
        assert f"{address}" in README
        assert find_function(kind, address)


def test_what_is_said_of_where_things_are_can_be_written_in_a_task() -> None:
    sources = [json.loads(found) for found in re.findall(r"^\|.*\| `(\{.*\})` \|$", README, re.MULTILINE)]
    assert len(sources) > 10
    for source in sources:
        assert parse_check({"name": "x", "metric": "values.equal", "actual": source, "expected": 1})


def test_the_tables_name_all_that_there_is() -> None:
    assert library.written() == library.tables(), "run: .venv/bin/python -m tests.support.library"


def test_the_example_of_osworlds_metrics_scores_local_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "osworld import score" in block]
    for name in ("out.docx", "gold.docx"):
        document = docx.Document()
        document.add_paragraph("Dear all,")
        document.save(str(tmp_path / name))
    monkeypatch.chdir(tmp_path)
    lines = code.split("\n\n")[1].strip().splitlines()
    assert len(lines) == 2
    for line in lines:
        assert eval(line, {"score": score}) == 1, line
