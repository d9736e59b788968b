"""Single values, as WindowsAgentArena's getters give them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.osworld._operands import given, holds

DEVIATIONS: Mapping[str, str] = MappingProxyType(
    {
        "exact_match": (
            'The public one takes the true of one getter, "true" of the next and "True" of a third for different values, '
            "and a line end of Windows for a part of the text; ours for the same."
        )
    }
)

_TRUTHS = {"true": True, "false": False}


@metric
def exact_match(actual: Any, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if it is the value under `expected`; yes and no may be written as a truth value, a word, or 1 and 0."""
    wanted = given(expected, "expected")
    is_same = actual == wanted if published else _meaning(actual) == _meaning(wanted)
    return holds(bool(is_same), f"expected {quote(wanted)}, found {quote(actual)}")


def _meaning(value: Any) -> Any:
    """What a value says, apart from how it is written. Truth values equal the numbers 1 and 0 as they are."""
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").rstrip("\n")
        return _TRUTHS.get(text.strip().lower(), text)
    if isinstance(value, list | tuple):
        return [_meaning(item) for item in value]
    return value
