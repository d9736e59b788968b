"""Files of text: equal, alike, with parts or lines that must be there."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from difflib import SequenceMatcher
from importlib.util import find_spec
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.foreign import Failed, Returned, call_python
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.metrics.operands import require_comparable, text_of
from osarena_evaluators.osworld._files import File, found, wanted
from osarena_evaluators.osworld._operands import given, given_texts, holds, share
from osarena_evaluators.osworld._rules import pattern_of, searched
from osarena_evaluators.readers.text import text

DEVIATIONS: Mapping[str, str] = MappingProxyType(
    {
        "compare_result_files": (
            "The public one gives 1 where the digits of the expected number stand anywhere, so 15 will do for 5; ours looks for "
            "the number itself."
        ),
        "is_extension_installed": (
            "The public one looks for the text anywhere, so ms-python.python-envs will do for ms-python.python; ours looks for "
            "the whole name."
        ),
        "check_python_file_by_test_suite": (
            "The public one imports and runs the agent's program where the grading runs; ours does in a sandbox without network "
            "and without this machine's files, as published too."
        ),
        "check_python_file_by_gold_file": "The public one is empty and gives no score; ours says so as a fault of the task.",
    }
)

# A time of day, as a line of a log or of `top` has it.
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)")
_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?(?!\w|\.\d)")
_NEAR = 1e-4
_TEST_FILE = "osarena_test_suite.py"
# What the programs of public tasks import.
_LIBRARIES = ("pygame",)
# What may stand before a program: the line that starts it and the one that names its encoding.
_PREAMBLE = ("#!", "# -*- coding:", "# coding:", "# coding=")


@metric
def compare_text_file(actual: File, expected: File, *, ignore_blanks: bool = False, ignore_case: bool = False) -> Verdict:
    """1 if both files have the same text; with `ignore_blanks`, any run of white space is the same as one space."""
    there, gold = _read(actual), wanted(text, expected)
    if ignore_blanks:
        there, gold = " ".join(there.split()), " ".join(gold.split())
    if ignore_case:
        there, gold = there.lower(), gold.lower()
    return holds(there == gold, _difference(there, gold))


@metric
def compare_config(actual: File, expected: Mapping[str, Any]) -> Verdict:
    """1 if the file's text is the one under `expected`, to its last line end."""
    there, gold = _read(actual), given(expected, "expected", str)
    return holds(there == gold, _difference(there, gold))


@metric
def diff_text_file(actual: File, expected: File) -> Verdict:
    """The share of lines that both files have in common, in order: twice those lines by all lines of both."""
    there, gold = _read(actual).splitlines(), wanted(text, expected).splitlines()
    require_comparable(there, gold)
    ratio = SequenceMatcher(a=there, b=gold).ratio()
    return share(ratio, f"{ratio:.0%} of the lines are the same")


@metric
def compare_python_pure_text(actual: File, expected: File) -> Verdict:
    """1 if two programs have the same lines, but for empty ones, space at their ends, tabs, and a preamble."""
    there, gold = _program(_read(actual)), _program(wanted(text, expected))
    return holds(there == gold, _difference(there, gold))


@metric
def compare_result_files(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """1 if both have the same text, or, where the expected file is a number, that number is in the text."""
    there, gold = _read(actual).strip(), wanted(text, expected).strip()
    number = _number(gold)
    if number is None:
        return holds(there == gold, _difference(there, gold))
    numbers = [_number(word) for word in _NUMBER.findall(there)] + [_number(there)]
    is_there = any(one is not None and (one == number or abs(one - number) < _NEAR) for one in numbers)
    return holds(is_there or (published and gold in there), f"expected the number {quote(gold)}, found {quote(there)}")


@metric
def compare_terminal_and_txt(actual: File, expected: str) -> Verdict:
    """1 if the file has exactly the text that a terminal showed."""
    if not isinstance(expected, str):
        raise CheckerError(f"expected a terminal's text in the task, found {quote(expected)}")
    there = _read(actual)
    return holds(bool(expected) and there == expected, _difference(there, expected))


@metric
def file_contains(actual: File, expected: Mapping[str, Any]) -> Verdict:
    """1 if the file has all the texts that `expected` lists."""
    parts, there = given_texts(expected, "expected"), _read(actual)
    missing = [part for part in parts if part not in there]
    return holds(not missing, f"expected {quote(missing and missing[0])} in {quote(there)}")


@metric
def check_list(actual: File, expected: Mapping[str, Any]) -> Verdict:
    """1 if each regular expression in `expect` is found in some line of the file, and none in `unexpect` in any."""
    expect = [pattern_of(part) for part in given_texts(expected, "expect", default=())]
    unexpect = [pattern_of(part) for part in given_texts(expected, "unexpect", default=())]
    lines = _read(actual).splitlines(keepends=True)
    missing = [one.pattern for one in expect if not any(searched(one, line) for line in lines)]
    present = [one.pattern for one in unexpect if any(searched(one, line) for line in lines)]
    if missing:
        return Verdict(0.0, f"no line matches {quote(missing[0])}")
    return holds(not present, f"no line should match {quote(present and present[0])}")


@metric
def check_line_number(actual: File, expected: Mapping[str, Any]) -> Verdict:
    """1 if as many lines as `expected` says have a time of day in them, such as 23:59:59."""
    number = given(expected, "expected", (int, str))
    if not str(number).strip().isdecimal():
        raise CheckerError(f"the task expects a number of lines, not {quote(number)}")
    count = sum(_TIME.search(line) is not None for line in _read(actual).splitlines())
    return holds(count == int(number), f"expected {number} lines with a time of day, found {count}")


@metric
def is_extension_installed(actual: Any, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if a program's output has the name under `expected`; with `type` "not_contain", if it has not."""
    kind, name = given(expected, "type", str), given(expected, "expected", str)
    if kind not in ("contain", "not_contain"):
        raise CheckerError(f'`type` in the task is "contain" or "not_contain", not {quote(kind)}')
    output = text(actual) if isinstance(actual, bytes) else actual
    is_there = _has_name(text_of(output), name, published)
    return holds(
        is_there == (kind == "contain"), f"expected {'' if kind == 'contain' else 'no '}{quote(name)} in {quote(output)}"
    )


@metric
def check_python_file_by_test_suite(
    actual: File | list[File],
    expected: File,
    *,
    test_function_name: str = "test",
    file_names: Sequence[str] = (),
    published: bool = False,
) -> Verdict:
    """What the function of a test file returns, from 0 to 1, beside the agent's files, in a sandbox; 0 where it raises anything.

    Args:
        file_names: how the test file calls the agent's files, in their order.
    """
    files = _named(actual if isinstance(actual, list) else [actual], file_names)
    test = wanted(text, expected)
    came = call_python({**files, _TEST_FILE: test.encode()}, _TEST_FILE, test_function_name)
    if isinstance(came, Returned):
        return _as_share(came.value)
    if came.stage in ("compile", "find"):
        raise CheckerError(f"the task's test file cannot be used: {came.words}")
    _require_library(came, {name.removesuffix(".py") for name in file_names})
    return Verdict(0.0, f"the test did not pass: {came.words}")


def _named(files: list[Any], names: Sequence[str]) -> dict[str, bytes]:
    """The files that are there, by name."""
    if len(files) != len(names) or not all(isinstance(name, str) and name and PurePath(name).name == name for name in names):
        raise CheckerError(f"`file_names` has a name for each of the {len(files)} files, without folders, not {quote(names)}")
    there = {name: data for name, data in zip(names, files, strict=True) if isinstance(data, bytes)}
    if not there:
        raise EvidenceMissing("none of the program's files is there")
    return there


def _as_share(value: float | None) -> Verdict:
    """The score that a test function's value is: a truth value, or a number that is brought into 0 to 1."""
    number = float(value or 0)
    score = 0.0 if math.isnan(number) else min(max(number, 0.0), 1.0)
    return Verdict(score, "" if score == 1 else f"the test returned {quote(value)}")


def _require_library(came: Failed, own: Collection[str]) -> None:
    """That a library is not installed which the test imports, or the public tasks' programs, is no fault of the agent's."""
    name = came.missing.partition(".")[0]
    if name and name not in own and (came.is_own or (name in _LIBRARIES and find_spec(name) is None)):
        raise CheckerError(f"the test needs the module {name}, which is not installed beside osarena: pip install {name}")


@metric
def check_python_file_by_gold_file(actual: File | list[File], expected: File, *, published: bool = False) -> Verdict:
    """Never scores: the public function is empty."""
    raise CheckerError("check_python_file_by_gold_file has never been written, so it gives no score; name another metric")


def _read(actual: Any) -> str:
    return text(found(actual))


def _has_name(output: str, name: str, published: bool) -> bool:
    """Whether a name stands in the output, not as a part of a longer one; a dot may stand before it, as a publisher does."""
    if published:
        return name in output
    name = name.strip()
    before = r"(?<![\w-])" if re.match(r"\w", name) else ""
    after = r"(?![\w-])" if re.search(r"\w\Z", name) else ""
    return searched(re.compile(before + re.escape(name) + after), output)


def _program(words: str) -> str:
    lines = words.splitlines()
    start = next((at for at, line in enumerate(lines[:3]) if not line.strip().startswith(_PREAMBLE)), min(len(lines), 3))
    return "\n".join(line.expandtabs(4).rstrip() for line in lines[start:] if line.strip())


def _number(words: str) -> float | None:
    try:
        return float(words)
    except ValueError:
        return None


def _difference(there: str, gold: str) -> str:
    """Where two texts differ first."""
    pairs = enumerate(zip(there.split("\n"), gold.split("\n"), strict=False), start=1)
    for number, (line, other) in pairs:
        if line != other:
            return f"line {number}: expected {quote(other)}, found {quote(line)}"
    return f"expected {gold.count(chr(10)) + 1} lines, found {there.count(chr(10)) + 1}"
