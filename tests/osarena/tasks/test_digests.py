"""Digests change with what they stand for, and with nothing else."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from osarena.errors import TaskError
from osarena.tasks.digests import _modules_of, _sources_of, episode_digest, grader_digest, proof_digest
from osarena.tasks.model import Task
from tests.support.content import DEMO, demo_record, forget_what_was_found

DIGESTS = {"episode": episode_digest, "grader": grader_digest, "proof": proof_digest}


def digests(**changes: Any) -> dict[str, str]:
    task = Task.model_validate(demo_record(**changes))
    return {name: function(task) for name, function in DIGESTS.items()}


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in before if before[name] != after[name]}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the demo packages whose files a test may change."""
    shutil.copytree(DEMO, tmp_path / "demo")
    saved = {name: sys.modules.pop(name) for name in [*sys.modules] if name.startswith("demo_")}
    with monkeypatch.context() as patch:
        patch.syspath_prepend(str(tmp_path / "demo"))
        forget_what_was_found()
        yield tmp_path / "demo"
    for name in [name for name in sys.modules if name.startswith("demo_")]:
        del sys.modules[name]
    sys.modules.update(saved)
    forget_what_was_found()


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, set()),
        ({"tags": {"skills": ["new"]}}, set()),
        ({"instruction": "Do it."}, {"episode"}),
        ({"version": 2}, {"episode"}),
        ({"limits": {"steps": 21}}, {"episode"}),
        ({"channels": ["gui", "shell"]}, {"episode"}),
        ({"setup": []}, {"episode"}),
        ({"check": {"infeasible": "so"}, "counterexamples": ...}, {"grader", "proof"}),
        ({"solution": {"play": "demo_notes.write", "forget_last": False}}, {"proof"}),
        ({"facts": ["note"]}, {"proof"}),
    ],
)
def test_a_change_of_the_file_changes_what_rests_on_it(changes: dict[str, Any], expected: set[str]) -> None:
    assert changed(digests(), digests(**changes)) == expected


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("demo_tasks/makers/demo_notes.py", {"episode"}),
        ("demo_tasks/makers/_words.py", {"episode"}),
        ("demo_tasks/assets/words.txt", {"episode"}),
        ("demo_tasks/sites/board/__init__.py", {"episode"}),
        ("demo_tasks/sites/board/templates/page.html", {"episode"}),
        ("demo_tasks/steps/demo_steps.py", {"episode"}),
        ("demo_evaluators/probes/demo_files.py", {"grader"}),
        ("demo_evaluators/readers/demo_text.py", {"grader"}),
        ("demo_evaluators/metrics/demo_text.py", {"grader"}),
        ("demo_tasks/plays/demo_notes.py", {"proof"}),
        ("demo_tasks/suites/demo/notes/write-note.json", set()),
    ],
)
def test_a_change_of_a_source_changes_what_rests_on_it(package: Path, file: str, expected: set[str]) -> None:
    steps = [{"step": "sites.serve", "site": "board.board", "host": "a.example"}, {"step": "demo_steps.fail", "words": "…"}]
    setup = demo_record()["setup"] + steps
    before = digests(setup=setup)
    path = package / file
    path.write_text(path.read_text() + ("\n" if path.suffix == ".py" else " "))
    assert changed(before, digests(setup=setup)) == expected


ELSEWHERE = "from osarena.grading.model import metric\n\n\n@metric\ndef alike(actual, expected): ...\n"
HANDING = (
    "from importlib import import_module\n\n\ndef __getattr__(name):\n"
    "    home = {'alike': 'one', 'other': 'two'}[name]\n"
    "    return getattr(import_module('demo_evaluators.shared.' + home), name)\n"
)


@pytest.mark.parametrize(
    ("file", "expected"), [("shared/one.py", {"grader"}), ("shared/two.py", set()), ("metrics/demo_text.py", set())]
)
def test_what_a_module_hands_on_rests_on_where_it_is_defined(package: Path, file: str, expected: set[str]) -> None:
    folder = package / "demo_evaluators"
    (folder / "shared").mkdir()
    for name, source in {"__init__": "", "one": ELSEWHERE, "two": ELSEWHERE.replace("alike", "other")}.items():
        (folder / f"shared/{name}.py").write_text(source)
    (folder / "metrics/handing.py").write_text(HANDING)
    check = {"metric": "handing.alike", "actual": 1, "expected": 2}
    before = digests(check=check, counterexamples=...)
    path = folder / file
    path.write_text(path.read_text() + "\n")
    assert changed(before, digests(check=check, counterexamples=...)) == expected


@pytest.mark.parametrize(
    ("metric", "file", "is_changed"),
    [
        ("osworld.compare_table", "osworld/tables.py", True),
        ("osworld.compare_table", "osworld/_sheet_looks.py", True),
        ("osworld.compare_table", "osworld/slides.py", False),
        ("osworld.compare_archive", "osworld/slides.py", True),  # it may be told to compare slides
        ("waa.exact_match", "waa/values.py", True),
        ("waa.exact_match", "osworld/values.py", False),
        ("waa.compare_table", "osworld/tables.py", True),
        ("waa.compare_table", "waa/browser.py", False),
        ("waa.is_cookie_deleted", "osworld/browser.py", True),
    ],
)
@pytest.mark.usefixtures("demo")
def test_public_metrics_rest_on_their_own_modules(metric: str, file: str, is_changed: bool) -> None:
    address = ("metric", metric)
    (module,) = _modules_of(*address)
    assert (f"osarena_evaluators/{file}" in _sources_of(module)) == is_changed


@pytest.mark.usefixtures("demo")
def test_a_function_that_is_not_handed_on_is_an_error() -> None:
    with pytest.raises(TaskError, match=r"there is no metric 'osworld.compare_tabel' \(known: osworld.compare_table"):
        digests(check={"metric": "osworld.compare_tabel", "actual": 1, "expected": 2}, counterexamples=...)


def test_an_asset_that_is_not_there_is_an_error(package: Path) -> None:
    (package / "demo_tasks/assets/words.txt").unlink()
    with pytest.raises(TaskError, match=r"ASSETS names 'assets/words.txt', which is not in .*demo_tasks"):
        digests()


@pytest.mark.usefixtures("demo")
def test_a_name_that_is_not_there_is_an_error() -> None:
    with pytest.raises(TaskError, match=r"there is no maker 'nowhere.at_all'"):
        digests(values=demo_record()["values"] | {"x": {"maker": "nowhere.at_all"}})
