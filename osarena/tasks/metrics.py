"""What metrics take, for importers that write checks."""

from __future__ import annotations

from dataclasses import dataclass

from osarena.grading.resolve import signature_of


@dataclass(frozen=True, slots=True)
class Takes:
    """What a metric takes beside `actual`."""

    expected: bool
    needs_expected: bool
    options: frozenset[str]


def takes(metric: str, where: str) -> Takes:
    """What the metric at an address takes.

    Raises:
        TaskError: there is no such metric; the text starts with `where`.
    """
    found = signature_of("metric", metric, where)
    return Takes("expected" in found.all, "expected" in found.required, found.without("expected").all)
