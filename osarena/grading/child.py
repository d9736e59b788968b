"""The process in which readers and metrics run: `python -m osarena.grading.child`, started by `limited`.

It reads one JSON request from standard input (written with `encoding`), puts itself under the limits that the
request names, and writes one JSON line for each leaf::

    {"limits": {"memory_mb", "cpu_s", "wall_s"}, "leaves": [{"metric", "options", "actual": operand, "expected": operand | null}]}
    operand: {"path", "sha256", "reader", "options"}  or  {"value", "reader", "options"}
    answer:  {"score", "reason", "parts"}  or  {"missing": reason}  or  {"fault": words}

Functions are named `module:function`; only the modules that the leaves name are imported.
"""

from __future__ import annotations

import ctypes
import json
import math
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict
from osarena.grading.scratch import MAX_SCRATCH_BYTES
from osarena.grading.words import quote
from osarena.types.encoding import decode

_MIB = 1 << 20
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """Answer the request on standard input."""
    _die_with_parent()
    request = decode(json.load(sys.stdin))
    limits = request["limits"]
    _limit_memory_and_files(limits["memory_mb"])
    answers = _take_standard_streams()
    for leaf in request["leaves"]:
        _limit_time(cpu_s=limits["cpu_s"], wall_s=limits["wall_s"])
        answers.write(json.dumps(_judge(leaf)) + "\n")
        answers.flush()


def _die_with_parent() -> None:
    """Let the kernel end this process when the one that wants its answers is gone, however that ended."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit_memory_and_files(memory_mb: int) -> None:
    """From now on: MemoryError when memory is used up, and no file is written but by way of `scratch`."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * _MIB, memory_mb * _MIB))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, MAX_SCRATCH_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _limit_time(*, cpu_s: float, wall_s: float) -> None:
    """Counted from now: death by SIGXCPU or SIGALRM when time is up."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime + cpu_s), hard))
    signal.setitimer(signal.ITIMER_REAL, wall_s)


def _take_standard_streams() -> TextIO:
    """The standard output, for answers alone: whatever a metric prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)
    return answers


def _judge(leaf: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return _compare(leaf)
    except EvidenceMissing as missing:
        return {"missing": str(missing)}
    except CheckerError as error:
        return {"fault": str(error)}
    except MemoryError:
        return {"fault": "it ran out of the memory that it may use"}
    except Exception as error:  # noqa: BLE001  a plug-in's reader or metric may raise anything
        return {"fault": _last_line(error)}


def _compare(leaf: Mapping[str, Any]) -> dict[str, Any]:
    metric = _find(leaf["metric"])
    actual = _value(leaf["actual"])
    if leaf["expected"] is None:
        return _answer(metric(actual, **leaf["options"]), actual)
    expected = _expected_value(leaf["expected"])
    return _answer(metric(actual, expected, **leaf["options"]), actual, expected)


def _value(operand: Mapping[str, Any]) -> Any:
    value = _read_verified(Path(operand["path"]), operand["sha256"]) if "path" in operand else operand["value"]
    return _find(operand["reader"])(value, **operand["options"]) if operand["reader"] else value


def _expected_value(operand: Mapping[str, Any]) -> Any:
    try:
        return _value(operand)
    except EvidenceMissing as error:
        raise CheckerError(f"what is expected cannot be read: {error}") from error


def _read_verified(path: Path, digest: str) -> bytes:
    data = path.read_bytes()
    if sha256(data).hexdigest() != digest:
        raise CheckerError(f"the saved evidence {path} is damaged: its SHA-256 is another one")
    return data


def _find(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found


def _answer(result: object, actual: object, *expected: object) -> dict[str, Any]:
    """The answer that a metric's result makes, with a reason of our own where the metric gave none."""
    verdict = result if isinstance(result, Verdict) else _plain_verdict(result)
    _require_score(verdict)
    reason = verdict.reason
    if not reason and verdict.score < 1:
        wanted = f"expected {quote(expected[0])}, " if expected else ""
        reason = f"{wanted}found {quote(actual)}"
    return {"score": verdict.score, "reason": reason, "parts": [part.to_json() for part in verdict.parts]}


def _plain_verdict(result: object) -> Verdict:
    if not isinstance(result, int | float):
        raise CheckerError(f"the metric returned {quote(result)}, neither a number nor a Verdict")
    return Verdict(float(result))


def _require_score(verdict: Verdict) -> None:
    if not 0 <= verdict.score <= 1:  # false for NaN as well
        raise CheckerError(f"the metric returned {verdict.score}, which is no score from 0 to 1")
    for part in verdict.parts:
        _require_score(part)


def _last_line(error: Exception) -> str:
    """The exception in words, with the line of code that raised it."""
    words = traceback.format_exception_only(error)[-1].strip()
    frames = traceback.extract_tb(error.__traceback__)
    return f"{words} ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else words


if __name__ == "__main__":
    main()
