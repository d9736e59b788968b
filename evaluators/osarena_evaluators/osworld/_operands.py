"""What the metrics here share: parts of a task's rule, verdicts of yes and no, libraries that may not be installed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from osarena.errors import CheckerError
from osarena.grading.model import Verdict
from osarena.grading.words import quote

ABSENT: Any = object()


def holds(is_so: bool, otherwise: str) -> Verdict:
    """1, or 0 with the reason."""
    return Verdict(1.0) if is_so else Verdict(0.0, otherwise)


def share(score: float, reason: str) -> Verdict:
    """A partial score, cut to what a score can be."""
    return Verdict(min(max(float(score), 0.0), 1.0), reason)


def given(rule: Any, key: str, kind: type | tuple[type, ...] = object, *, default: Any = ABSENT) -> Any:
    """What a task's rule has under a key, or the default where it has nothing there.

    Raises:
        CheckerError: it is no rule, has nothing there, or something of another kind: a fault of the task.
    """
    if not isinstance(rule, Mapping):
        raise CheckerError(f"expected a rule with {key!r} in the task, found {quote(rule)}")
    value = rule.get(key, default)
    if value is ABSENT:
        raise CheckerError(f"the task's rule has no {key!r}: {quote(rule)}")
    if value is not default and not isinstance(value, kind):
        raise CheckerError(f"{key!r} in the task's rule cannot be {quote(value)}")
    return value


def given_texts(rule: Any, key: str, *, default: Any = ABSENT) -> list[str]:
    """A list of texts under a key of a task's rule. Raises CheckerError as `given` does."""
    value = given(rule, key, (list, tuple), default=default)
    if not all(isinstance(item, str) for item in value):
        raise CheckerError(f"{key!r} in the task's rule must be texts, not {quote(value)}")
    return list(value)


def has_fields(record: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether a record has these fields with these values; others may be there too."""
    return all(key in record and record[key] == value for key, value in wanted.items())


def given_records(rule: Any, key: str) -> list[Mapping[str, Any]]:
    """A list of mappings under a key of a task's rule, none where the key is absent. Raises CheckerError as `given` does."""
    value = given(rule, key, (list, tuple), default=())
    if not all(isinstance(item, Mapping) for item in value):
        raise CheckerError(f"{key!r} in the task's rule must be mappings, not {quote(value)}")
    return list(value)


def library(name: str, extra: str) -> Any:
    """A library that only some metrics need. Raises CheckerError with what to install where it is not there."""
    try:
        return import_module(name)
    except ImportError as error:
        raise CheckerError(f"this metric needs {name}: {extra}") from error
