"""Every reader reads its right cases in the process that grades, under its limits; and can be named in a task."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import numpy as np

from osarena.registry import find_function, list_functions
from tests.support.cases import ReaderCase, all_cases
from tests.support.evaluators import verdict_on

# The probes of files, whose parameters a reader's options are not to be called by.
_PROBES = ("file", "folder", "folder.listing", "database")
_EXCEPTIONS = {"json.value": {"path"}}  # it has `at` as well


def leaf(address: str, case: ReaderCase) -> dict[str, Any]:
    """A comparison of a file with the same file, both read."""
    metric = "images.same_pixels" if isinstance(case.value, np.ndarray) or "pixels" in address else "values.equal"
    options = {name: value for name, value in case.options.items() if name != "path"}
    options |= {"at": case.options["path"]} if "path" in case.options else {}
    actual = {"get": "file", "path": f"~/{address}", "as": address, **options}
    return {"name": address, "metric": metric, "actual": actual, "expected": {"value": case.data, "as": address, **options}}


def test_every_reader_works_in_the_process_that_grades(tmp_path: Path) -> None:
    readers = all_cases().readers
    cases = {address: next(case for case in readers[address] if case.kind == "right") for address in sorted(readers)}
    files = {f"~/{address}": case.data for address, case in cases.items()}
    verdict = verdict_on({"all": [leaf(address, case) for address, case in cases.items()]}, tmp_path, files)
    assert verdict.score == 1, verdict.reason
    assert [part.name for part in verdict.parts] == list(cases)


def test_a_readers_options_can_be_told_from_the_parameters_of_the_probes_of_files() -> None:
    taken = {name for probe in _PROBES for name in list(inspect.signature(find_function("probe", probe)).parameters)[1:]}
    for address in list_functions("reader"):
        options = set(list(inspect.signature(find_function("reader", address)).parameters)[1:])
        assert options & taken <= _EXCEPTIONS.get(address, set()), address
