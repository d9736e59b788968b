"""Names and passwords as makers draw them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

_WORDS = ("amber", "basil", "cobalt", "dune", "ember", "fjord", "gravel", "hazel", "indigo", "juniper", "kelp", "linden")


def names(rng: Random, first_names: Sequence[str], last_names: Sequence[str]) -> list[str]:
    """Every first name with every last name, in random order."""
    people = [f"{first} {last}" for first in first_names for last in last_names]
    rng.shuffle(people)
    return people


def password(rng: Random) -> str:
    """Two words and a number, such as "fjord-hazel-42"."""
    return "-".join([*rng.sample(_WORDS, 2), str(rng.randint(10, 99))])
