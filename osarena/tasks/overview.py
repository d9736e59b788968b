"""What there is to know of a suite's tasks without starting a desktop: faults, needs, files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osarena.errors import TaskError
from osarena.tasks import downloads, importing
from osarena.tasks.importing import ImportedSuite
from osarena.tasks.load import Suite, SuiteFiles, find_suite
from osarena.tasks.model import Task
from osarena.tasks.names import check_suite


@dataclass(frozen=True, slots=True)
class Seen:
    """One file of a suite."""

    file: Path
    task: str | None  # `suite:id`; the id alone where another file has it; `None` where the file cannot be read
    problems: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()  # of imported tasks
    urls: tuple[str, ...] = ()

    @property
    def missing_urls(self) -> int:
        """How many of its files have not been fetched."""
        return sum(downloads.record_of(url) is None for url in self.urls)

    @property
    def runs(self) -> str:
        """ "offline" as it is, "once fetched" with its files in the cache, "not here" for what it needs."""
        return "not here" if self.needs else "once fetched" if self.urls else "offline"

    def to_json(self) -> dict[str, Any]:
        """As `osarena task check --json` says it."""
        return {
            "id": self.task,
            "file": str(self.file),
            "errors": list(self.problems),
            "needs": list(self.needs),
            "rests_on": list(self.rests_on),
            "runs": self.runs,
            "files": len(self.urls),
            "files_missing": self.missing_urls,
        }


def look_over(spec: str) -> list[Seen]:
    """Each file of a suite, in order. A file that cannot be read does not hide the others' faults.

    Raises:
        UsageError: there is no such suite.
    """
    imported = importing.find(spec)
    found = find_suite(spec)
    read = list(_read_all(found, imported))
    tasks = tuple(downloads.without_files(one.task) for one in read if one.task is not None)
    problems = check_suite(Suite(found.name, found.folder, tasks))
    return [_seen(one, found.name, problems) for one in read]


def totals(seen: Sequence[Seen]) -> dict[str, dict[str, int]]:
    """How many tasks there are of each kind, by what they need, by where they run, and by what their checks rest on."""
    needs = Counter(need.partition(":")[0] for one in seen for need in {need.partition(":")[0] for need in one.needs})
    return {
        "runs": dict(Counter(one.runs for one in seen)),
        "needs": dict(needs.most_common()),
        "rests_on": dict(Counter(one.rests_on[-1] for one in seen if one.rests_on).most_common()),
    }


@dataclass(frozen=True, slots=True)
class _Read:
    """A file with its task, or the reason why there is none."""

    file: Path
    task: Task | None = None
    fault: str = ""
    name: str | None = None  # of a task that is there already
    rests_on: tuple[str, ...] = ()


def _read_all(found: SuiteFiles, imported: ImportedSuite | None) -> Iterator[_Read]:
    files: dict[str, Path] = {}
    for file in found.files:
        rests_on: tuple[str, ...] = ()
        try:
            if imported is None:
                task = found.read(file)
            else:
                one = imported.read(file)
                task, rests_on = one.task, one.rests_on
        except TaskError as error:
            yield _Read(file, fault=str(error))
            continue
        if task.id in files:
            fault = f"{file}: $.id: {task.id!r} is the id of {files[task.id]} already"
            yield _Read(file, fault=fault, name=task.id)
            continue
        files[task.id] = file
        yield _Read(file, task, rests_on=rests_on)


def _seen(read: _Read, suite: str, problems: Mapping[str, Sequence[str]]) -> Seen:
    task = read.task
    if task is None:
        return Seen(read.file, read.name, (read.fault,))
    found = tuple(problems.get(task.id, ()))
    return Seen(read.file, f"{suite}:{task.id}", found, tuple(task.needs), read.rests_on, tuple(downloads.urls_of(task)))
