"""Understanding what a visitor sent: values where it is right, words for the visitor where it is not."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Checked(Generic[T]):
    """What was understood; `problems` (field to words) is empty where all of it is right."""

    value: T
    problems: Mapping[str, str]


def tidy(text: str | None) -> str:
    """The text without space at its ends or twice in a row."""
    return " ".join((text or "").split())


def tidy_lines(text: str | None) -> str:
    """The same for text of several lines, which stay lines; empty ones at its ends go."""
    return "\n".join(tidy(line) for line in (text or "").splitlines()).strip("\n")


def read_number(text: str | None) -> int:
    """A whole number of at most six digits, or -1 where it is none."""
    text = tidy(text)
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else -1


def read_choice(text: str | None, known: Container[str]) -> str:
    """The text where it is one of those known, else nothing."""
    return text if text and text in known else ""
