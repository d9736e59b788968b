"""An evaluator of OSWorld or WindowsAgentArena as a check of osarena.

Several functions are joined as theirs are: by "and" it is the mean of their scores, but 0 where one fails; by "or" the best.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from osarena.errors import TaskError
from osarena.tasks.metrics import takes
from osarena_tasks.importers.envelope import Evaluator, Getter, Step
from osarena_tasks.importers.getters import Context
from osarena_tasks.importers.programs import Dialect
from osarena_tasks.importers.setup import Downloads, escaped

# The operand of a getter; `where` is its path in the file.
Operands = Callable[..., Any]
_INFEASIBLE = "its authors say so"
_CLOSING = ("browser.profile", "osworld_browser.preference_files")


@dataclass(frozen=True)
class Grading:
    """How the evaluators of a set of task files are read."""

    metrics: str  # the module of its metrics: "osworld", "waa"
    operand_of: Operands
    dialect: Dialect
    is_published: bool


def check_of(evaluator: Evaluator, downloads: Downloads, grading: Grading, where: str) -> dict[str, Any]:
    """The check; `where` is the evaluator's path in the file.

    Raises:
        TaskError: a getter, a metric or an argument that there is not; the text names the place in the file.
    """
    if evaluator.is_infeasible:
        return {"infeasible": _INFEASIBLE}
    context = Context(downloads, _outputs(evaluator.postconfig, grading.dialect))
    names = _names(evaluator.func)
    leaves = [_leaf(index, evaluator, context, grading, where) | {"name": name} for index, name in enumerate(names)]
    if len(leaves) == 1:
        return leaves[0]
    leaves.sort(key=_closes_browser)
    return {"any" if evaluator.conj == "or" else "mean": leaves}


def _closes_browser(leaf: Mapping[str, Any]) -> bool:
    """Whether it looks at what Chromium writes down when it is closed, so that nothing can ask it afterwards."""
    operands = (leaf["actual"], leaf.get("expected"))
    return any(isinstance(operand, Mapping) and operand.get("get") in _CLOSING for operand in operands)


def written_by(postconfig: list[Step]) -> set[int]:
    """The numbers of the steps that do nothing but write an output down, which the check looks at itself."""
    return {index for index, step in enumerate(postconfig) if _files_of(step)}


def getters_of(evaluator: Evaluator) -> list[Getter]:
    """All getters of an evaluator that say where a value comes from."""
    return [getter for getter in (*evaluator.result, *evaluator.expected) if getter is not None]


def _leaf(index: int, evaluator: Evaluator, context: Context, grading: Grading, where: str) -> dict[str, Any]:
    is_list = len(evaluator.func) > 1

    def place(part: str) -> str:
        return f"{where}.{part}[{index}]" if is_list else f"{where}.{part}"

    metric = f"{grading.metrics}.{evaluator.func[index]}"
    known = takes(metric, place("func"))
    result = _at(evaluator.result, index)
    if result is None:
        raise TaskError(f"{place('result')}: {evaluator.func[index]} has nothing to look at")
    given = dict(_at(evaluator.options, index) or {})
    if "file_names" in known.options:
        result = _with_all_files(result)
        given["file_names"] = _file_names(result, place("result"))
    leaf: dict[str, Any] = {
        "metric": metric,
        "actual": _operand(_with_prints(result, given), context, grading, place("result"), is_expected=False),
    }
    expected = _at(evaluator.expected, index)
    if expected is None and known.needs_expected:
        raise TaskError(f"{place('expected')}: {evaluator.func[index]} has nothing to compare with")
    if expected is not None and known.expected:
        leaf["expected"] = _operand(_with_prints(expected, given), context, grading, place("expected"), is_expected=True)
    options = dict(escaped(given))
    if grading.is_published and "published" in known.options:
        options["published"] = True
    return leaf | ({"options": options} if options else {})


def _with_prints(getter: Getter, options: Mapping[str, Any]) -> Getter:
    """The getter of a workbook with all its files where a rule is about the sheets as they are printed.

    What a metric is given is the first of several files; the public one finds the CSV beside the workbook by its name.
    """
    rules = options.get("rules")
    kinds = [rule.get("type") for rule in rules if isinstance(rule, Mapping)] if isinstance(rules, list) else []
    return _with_all_files(getter) if "sheet_print" in kinds else getter


def _with_all_files(getter: Getter) -> Getter:
    paths = getter.arguments.get("path")
    return (
        Getter(type=getter.type, **{**getter.arguments, "gives": list(range(len(paths)))}) if isinstance(paths, list) else getter
    )


def _file_names(getter: Getter, where: str) -> list[str]:
    """What a getter's files are called when they are fetched."""
    names = getter.arguments.get("dest", [])
    names = names if isinstance(names, list) else [names]
    if not all(isinstance(name, str) for name in names):
        raise TaskError(f"{where}.dest: names of files, not {names!r:.80}")
    return names


def _operand(getter: Getter, context: Context, grading: Grading, where: str, *, is_expected: bool) -> Any:
    return grading.operand_of(_in_dialect(getter, grading.dialect), context, where, is_expected=is_expected)


def _in_dialect(getter: Getter, dialect: Dialect) -> Getter:
    """The getter with the programs and places of an osarena desktop; a file of the web stays where it is."""
    if getter.type == "cloud_file":
        return getter
    arguments = dict(getter.arguments)
    for name in ("path", "ppt_file_path"):
        match arguments.get(name):
            case str() as path:
                arguments[name] = dialect.path(path)
            case list() as paths:
                arguments[name] = [dialect.path(path) if isinstance(path, str) else path for path in paths]
    if isinstance(arguments.get("command"), str | list):
        arguments["command"] = dialect.command(arguments["command"])
    return Getter(type=getter.type, **arguments)


def _outputs(postconfig: list[Step], dialect: Dialect) -> dict[str, Mapping[str, Any]]:
    """By the name of a file in the cache: the step that writes it."""
    outputs: dict[str, Mapping[str, Any]] = {}
    for step in postconfig:
        for name in _files_of(step):
            outputs[name] = {**step.parameters, "command": dialect.command(step.parameters.get("command", ""))}
    return outputs


def _files_of(step: Step) -> list[str]:
    if step.type not in ("execute", "command"):
        return []
    return [str(step.parameters[stream]) for stream in ("stdout", "stderr") if step.parameters.get(stream)]


def _names(functions: list[str]) -> list[str]:
    """A name for each comparison: the function's, with a number where it comes more than once."""
    counts, seen, names = Counter(functions), Counter[str](), []
    for function in functions:
        seen[function] += 1
        names.append(f"{function} {seen[function]}" if counts[function] > 1 else function)
    return names


def _at(items: list[Any], index: int) -> Any:
    return items[index] if index < len(items) else None
