"""Scoring local files and values with any of OSWorld's metrics, by its public name."""

from __future__ import annotations

import inspect
import io
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from osarena.errors import CheckerError, EvidenceMissing, UsageError
from osarena.grading.model import Verdict
from osarena_evaluators.osworld.names import Metric, find_metric

_MAX_BYTES = 1 << 30
_FILE = re.compile(r"\bFile\b")  # the mark of an argument that is a file, see `_files`


def judge(name: str, actual: Any, expected: Any, options: Mapping[str, Any]) -> Verdict:
    """The verdict of the metric with a public name, score and reason; see `osarena_evaluators.osworld.score`."""
    return judge_by(find_metric(name), name, actual, expected, options)


def judge_by(metric: Metric, name: str, actual: Any, expected: Any, options: Mapping[str, Any]) -> Verdict:
    """The same of a metric, whose name is for what is said of wrong options."""
    positional, named = _arguments(name, metric, actual, expected, options)
    verdict = metric(*positional, **named)
    return verdict if isinstance(verdict, Verdict) else Verdict(float(verdict))


def _arguments(
    name: str, metric: Metric, actual: Any, expected: Any, options: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """What the metric is called with, where files are bytes."""
    parameters = list(inspect.signature(metric).parameters.values())
    known = {parameter.name: parameter for parameter in parameters}
    takes_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)
    unknown = sorted(set(options) - set(known)) if not takes_any else []
    if unknown:
        taken = [parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY]
        raise UsageError(f"{name} takes no {', '.join(unknown)} (it takes {', '.join(taken) or 'no options'})")
    values = [actual, expected] if "expected" in known else [actual]
    if len(values) == 1 and expected is not None:
        raise UsageError(f"{name} takes nothing that is expected")
    positional = [
        _read(value, EvidenceMissing if at == 0 else CheckerError) if is_file(parameters[at]) else value
        for at, value in enumerate(values)
    ]
    if "file_names" in known and "file_names" not in options:
        named_files = actual if isinstance(actual, list | tuple) else [actual]
        options = {**options, "file_names": [Path(file).name if isinstance(file, str | Path) else "" for file in named_files]}
    named = {key: _read(value, CheckerError) if key in known and is_file(known[key]) else value for key, value in options.items()}
    return positional, named


def is_file(parameter: inspect.Parameter) -> bool:
    """Whether a metric takes a file, or several, for a parameter."""
    return bool(_FILE.search(str(parameter.annotation)))


def _read(value: Any, fault: type[Exception]) -> Any:
    """The bytes of a file or, in a list, of each; what is no path stays."""
    if isinstance(value, list | tuple):
        return [_read(item, fault) for item in value]
    if not isinstance(value, str | Path):
        return value
    path = Path(value).expanduser()
    try:
        if path.is_dir():
            return _packed(path, fault)
        _require_size(path.stat().st_size, path, fault)
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise fault(f"{value} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _packed(folder: Path, fault: type[Exception]) -> bytes:
    """A zip archive of all regular files below a folder; links are left out."""
    packed, total = io.BytesIO(), 0
    with ZipFile(packed, "w") as archive:
        for path in _below(folder):
            total += path.stat().st_size
            _require_size(total, folder, fault)
            archive.write(path, path.relative_to(folder))
    return packed.getvalue()


def _below(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _require_size(size: int, path: Path, fault: type[Exception]) -> None:
    if size > _MAX_BYTES:
        raise fault(f"{path} has {size} bytes, which is too much to look at")
