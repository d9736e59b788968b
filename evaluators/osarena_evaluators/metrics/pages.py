"""Pages: lists of texts whose white space is a matter of layout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.metrics.operands import list_of, require, text_of


@metric
def contain(actual: Any, expected: Sequence[Sequence[str]]) -> Verdict:
    """1 if there are as many pages as expected, and each has all the parts that are expected of it, white space left aside."""
    require(expected, (list, tuple), "the parts of each page")
    pages = [text_of(page) for page in list_of(actual)]
    if len(pages) != len(expected):
        return Verdict(0.0, f"expected {len(expected)} pages, found {len(pages)}")
    for number, (page, parts) in enumerate(zip(pages, expected, strict=True), start=1):
        missing = [part for part in parts if _without_space(part) not in _without_space(page)]
        if missing:
            return Verdict(0.0, f"page {number}: expected {quote(missing[0])} in {quote(page)}")
    return Verdict(1.0, f"{len(pages)} pages")


def _without_space(text: str) -> str:
    return "".join(text.split())
