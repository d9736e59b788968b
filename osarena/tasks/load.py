"""Reading task files and suites.

A suite is a folder `<package>/suites/<suite>/<app>/*.json` of a package that an `osarena.tasks` entry point announces, or any
folder or file of that form given by its path; or `<importer>:<path>`, task files of another project, see
`osarena.tasks.importing`. Every fault of a file is one `TaskError` that names the file and the JSON path.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from osarena import registry
from osarena.errors import TaskError, UsageError
from osarena.tasks import importing
from osarena.tasks.model import Limits, Task
from osarena.tasks.placeholders import Placeholder, find, join_path
from osarena.tasks.values import check_spec


@dataclass(frozen=True, slots=True)
class Suite:
    """A named set of tasks, sorted by id; `folder` is where its files and its proof record lie."""

    name: str
    folder: Path
    tasks: tuple[Task, ...]

    def __getitem__(self, task_id: str) -> Task:
        """The task of this id.

        Raises:
            UsageError: there is none.
        """
        for task in self.tasks:
            if task.id == task_id:
                return task
        raise UsageError(f"suite {self.name} has no task {task_id!r}{_suggest(task_id, [task.id for task in self.tasks])}")

    def select(self, patterns: Sequence[str]) -> tuple[Task, ...]:
        """The tasks whose id matches one of the patterns (`calc/*`), in order; without patterns, all.

        Raises:
            UsageError: a pattern that matches none.
        """
        wanted = [pattern.removeprefix(f"{self.name}:") for pattern in patterns]
        ids = [task.id for task in self.tasks]
        for pattern in wanted:
            if not any(fnmatchcase(task_id, pattern) for task_id in ids):
                raise UsageError(f"suite {self.name} has no task {pattern!r}{_suggest(pattern, ids)}")
        return tuple(task for task in self.tasks if not wanted or any(fnmatchcase(task.id, pattern) for pattern in wanted))


@dataclass(frozen=True, slots=True)
class SuiteFiles:
    """Where the files of a suite lie, before any of them is read."""

    name: str
    folder: Path
    files: tuple[Path, ...]
    read: Callable[[Path], Task]  # one of the files; raises TaskError


def list_suites() -> tuple[str, ...]:
    """The names of the suites of all installed packages, sorted."""
    return tuple(sorted(folder.name for folder in _suite_folders()))


def absolute(spec: str) -> str:
    """What names the same suite from every folder: an installed one's name, else a path, behind an importer's name where there
    is one."""
    if spec in list_suites():
        return spec
    source, path = importing.split(spec)
    return f"{source}{Path(path).expanduser().resolve()}"


def find_suite(spec: str) -> SuiteFiles:
    """The files of a suite: by its name, by the path of a folder or of one task file, or by an importer's name and a path.

    Raises:
        UsageError: there is no such suite or path, or it holds no task.
    """
    if imported := importing.find(spec):
        return SuiteFiles(imported.name, imported.folder, imported.files, lambda file: imported.read(file).task)
    named = [folder for folder in _suite_folders() if folder.name == spec]
    if len(named) > 1:
        raise UsageError(f"two packages bring a suite {spec!r}: {named[0]} and {named[1]}; give one of these paths")
    path = named[0] if named else Path(spec).expanduser()
    if not path.exists():
        raise UsageError(f"there is no suite or path {spec!r}{_suggest(spec, list_suites())}")
    if path.is_file():
        folder = _suite_folder_of(path.resolve())
        return SuiteFiles(folder.name, folder, (path,), load_task)
    files = tuple(sorted(path.glob("*/*.json"))) or tuple(sorted(set(path.glob("*.json")) - {path / "proofs.json"}))
    if not files:
        raise UsageError(f"{path} holds no task file; a suite is a folder of <app>/<name>.json")
    return SuiteFiles(path.resolve().name, path, files, load_task)


def load_suite(spec: str) -> Suite:
    """The suite of this name, folder or file.

    Raises:
        UsageError: there is no such suite.
        TaskError: a file is wrong, or two tasks have the same id.
    """
    found = find_suite(spec)
    files_by_id: dict[str, Path] = {}
    tasks = []
    for file in found.files:
        task = found.read(file)
        if task.id in files_by_id:
            raise TaskError(f"{file}: $.id: {task.id!r} is the id of {files_by_id[task.id]} already")
        files_by_id[task.id] = file
        tasks.append(task)
    return Suite(found.name, found.folder, tuple(sorted(tasks, key=lambda task: task.id)))


def find_task(name: str) -> tuple[Suite, Task]:
    """The task `suite:app/name`; `app/name` where only one suite has it; or the path of a task file.

    Raises:
        UsageError: there is none, or more than one.
        TaskError: a file of its suite is wrong.
    """
    if name.endswith(".json"):
        suite = load_suite(name)
        return suite, suite.tasks[0]
    suite_name, colon, task_id = name.rpartition(":")
    if colon:
        suite = load_suite(suite_name)
        return suite, suite[task_id]
    found = [(suite, task) for suite in map(load_suite, list_suites()) for task in suite.tasks if task.id == name]
    if len(found) != 1:
        where = " and ".join(suite.name for suite, _ in found)
        raise UsageError(f"{name!r} is in {where}; write suite:{name}" if found else f"no installed suite has a task {name!r}")
    return found[0]


def load_task(path: Path | str) -> Task:
    """The task of one file, checked as far as that needs nothing but the file.

    Raises:
        TaskError: it cannot be read or is wrong; the text names the file and the JSON path, or the line.
    """
    return make_task(read_json(Path(path)), path)


def make_task(record: Any, path: Path | str) -> Task:
    """The task that a JSON value describes, checked as far as that needs nothing else; `path` is the file that it is from.

    Raises:
        TaskError: it is wrong; the text names the file and the JSON path.
    """
    try:
        task = Task.model_validate(record)
        _check_values(task)
        _check_placeholders(task)
    except ValidationError as error:
        raise TaskError(f"{path}: {_explain(error, record)}") from error
    except TaskError as error:
        raise TaskError(f"{path}: {error}") from error
    return task


def _suite_folders() -> Iterator[Path]:
    for package in registry.content_packages("osarena.tasks"):
        spec = find_spec(package)
        for location in (spec.submodule_search_locations or ()) if spec else ():
            yield from sorted(path for path in Path(location, "suites").glob("*") if any(path.glob("*/*.json")))


def _suite_folder_of(file: Path) -> Path:
    """`suites/core` for `suites/core/calc/total.json`, the file's own folder for a file that lies in no suite."""
    return file.parent.parent if file.parent.parent.parent.name == "suites" else file.parent


def read_json(path: Path) -> Any:
    """The JSON value in a file, where no key may occur twice in one object.

    Raises:
        TaskError: it cannot be read or is none; the text names the file, and the line.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_without_repetition)
    except json.JSONDecodeError as error:
        raise TaskError(f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from error
    except ValueError as error:
        raise TaskError(f"{path}: {error}") from error
    except OSError as error:
        raise TaskError(f"{path}: cannot be read: {error.strerror}") from error


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {repeated!r} occurs twice in one object")
    return record


def _check_values(task: Task) -> None:
    for name, spec in task.values.items():
        if not name.isidentifier():
            raise TaskError(f"{join_path('$.values', name)}: the name of a value is letters, digits and underscores")
        check_spec(spec, f"$.values.{name}")


def _check_placeholders(task: Task) -> None:
    earlier: list[str] = []
    for name, spec in task.values.items():
        _require_known(find(spec, f"$.values.{name}"), earlier, "earlier values")
        earlier.append(name)
    record = task.model_dump(by_alias=True, include={"instruction", "setup", "finish", "check", "solution", "counterexamples"})
    _require_known(find(record), earlier, "values")
    for index, fact in enumerate(task.facts):
        _require_known([Placeholder(f"$.facts[{index}]", tuple(fact.split(".")))], earlier, "values")


def _require_known(placeholders: Iterator[Placeholder] | Sequence[Placeholder], known: Sequence[str], what: str) -> None:
    for placeholder in placeholders:
        if placeholder.path[0] not in known:
            name = ".".join(placeholder.path)
            raise TaskError(f"{placeholder.where}: unknown placeholder {{{name}}}; the {what} are {', '.join(known) or 'none'}")


def _explain(error: ValidationError, record: Any) -> str:
    """The first fault, as `$.path: words`, and at how many other places there are more."""
    problems = error.errors(include_url=False)
    where, found = _locate(problems[0], record)
    others = {_locate(problem, record)[0] for problem in problems} - {where}
    more = f" (and {len(others)} more)" if others else ""
    return f"{where}: {_in_words(problems[0], found)}{more}"


def _locate(problem: ErrorDetails, record: Any) -> tuple[str, Any]:
    """The JSON path of what is wrong and what stands there; parts of a location that name types are passed over."""
    where, found = "$", record
    *way, last = problem["loc"] or ("",)
    for part in way if problem["type"] == "extra_forbidden" else [*way, last]:
        if isinstance(found, dict) and part in found:
            where, found = join_path(where, str(part)), found[str(part)]
        elif isinstance(found, list) and isinstance(part, int) and part < len(found):
            where, found = join_path(where, part), found[part]
    return where, found


def _in_words(problem: ErrorDetails, found: Any) -> str:
    match problem["type"]:
        case "missing":
            return f"the key {problem['loc'][-1]!r} is missing"
        case "extra_forbidden":
            *parents, key = map(str, problem["loc"])
            model = Limits if parents == ["limits"] else Task
            known = [field.alias or name for name, field in model.model_fields.items()]
            return f"there is no such key {key!r}{_suggest(key, known)}"
        case "value_error":
            return problem["msg"].removeprefix("Value error, ")
        case _:
            return f"{problem['msg'][0].lower()}{problem['msg'][1:]}, not {found!r:.60}"


def _suggest(name: str, known: Sequence[str]) -> str:
    if not known:
        return ""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else f"; there are {', '.join(list(known)[:12])}"
