"""From a public task file to a task of osarena: what OSWorld's and WindowsAgentArena's have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osarena.errors import TaskError
from osarena.tasks.importing import Imported
from osarena.tasks.load import make_task, read_json
from osarena.tasks.model import SCHEMA
from osarena_tasks.importers import layout, needs
from osarena_tasks.importers.checks import Grading, Operands, check_of, written_by
from osarena_tasks.importers.envelope import TaskFile, read_task_file
from osarena_tasks.importers.getters import Kind
from osarena_tasks.importers.programs import Dialect
from osarena_tasks.importers.setup import Downloads, Place, escaped, step_in_ours, steps_of

# The files say nothing of limits. The public runners allow 15 to 100 steps, and no time.
_STEPS, _TIME_S = 50, 1800.0


@dataclass(frozen=True)
class Source:
    """One public set of task files, as far as sets differ."""

    metrics: str  # the module of its metrics
    dialect: Dialect
    operand_of: Operands
    kinds: Mapping[str, Kind]  # of its getters
    is_windows: bool
    is_published: bool


def translate(file: Path, source: Source) -> Imported:
    """The task of a file, and what its check rests on.

    Raises:
        TaskError: it is wrong, or says what is not known; the text names the file and the place in it.
    """
    record = read_json(file)
    try:
        found = read_task_file(record)
        task = make_task(_record_of(found, file, source), file)
    except TaskError as error:
        raise error if str(error).startswith(str(file)) else TaskError(f"{file}: {error}") from error
    return Imported(task, needs.rests_on(found, source.kinds))


def _record_of(found: TaskFile, file: Path, source: Source) -> dict[str, Any]:
    downloads = Downloads()
    setup = steps_of(found.config, Place(downloads, source.dialect), "$.config")
    grading = Grading(source.metrics, source.operand_of, source.dialect, source.is_published)
    check = check_of(found.evaluator, downloads, grading, "$.evaluator")
    finish = list(_finish(found, Place(downloads, source.dialect, is_finish=True)))
    ours = {name: getattr(found.osarena, name) for name in ("solution", "counterexamples") if getattr(found.osarena, name)}
    return {
        "schema": SCHEMA,
        "id": layout.task_id(file),
        "version": 1,
        "instruction": escaped(found.instruction),
        "values": downloads.values(),
        "apps": _apps(found, file),
        "platforms": ["windows" if source.is_windows else "linux"],
        "limits": {"steps": _STEPS, "time_s": _TIME_S},
        "setup": setup,
        "finish": finish,
        "check": check,
        "needs": needs.needs_of(found, file.parent.name, source.kinds, is_windows=source.is_windows),
        **ours,
    }


def _finish(found: TaskFile, place: Place) -> Iterator[dict[str, Any]]:
    """What is done after the agent; for a task that cannot be done, nothing that could matter."""
    postconfig = found.evaluator.postconfig
    passed_over = written_by(postconfig)
    for index, step in enumerate(postconfig):
        if index not in passed_over and not found.evaluator.is_infeasible:
            yield from step_in_ours(step, place, f"$.evaluator.postconfig[{index}]")


def _apps(found: TaskFile, file: Path) -> list[str]:
    """The applications in one spelling."""
    names = (name.lower().replace(" ", "-").replace("_", "-") for name in found.related_apps or [file.parent.name])
    return list(dict.fromkeys(names))
