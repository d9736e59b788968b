"""The habits of somebody who works at a desktop: what is asked for and where it is kept speak of the same."""

from __future__ import annotations

import re
from random import Random

import pytest

from osarena.tasks.values import plain_data
from osarena_tasks.makers.habits import desktop

SEEDS = range(12)


def test_same_seed_gives_the_same_and_another_seed_does_not() -> None:
    made = desktop(Random(7))
    assert plain_data(made, "$") == made
    assert desktop(Random(7)) == made
    assert desktop(Random(8)) != made


@pytest.mark.parametrize("seed", SEEDS)
def test_shortcut_says_the_same_in_words_as_keys_and_as_property(seed: int) -> None:
    made = desktop(Random(seed))
    assert [words.lower() for words in made["shortcut"].split("+")] == made["keys"]
    kept = made["property"].removeprefix("/commands/custom/")
    assert re.findall(r"\w+", kept.lower().replace("primary", "ctrl")) == made["keys"]
    assert made["property"] not in made["kept"]


@pytest.mark.parametrize(("written", "is_right"), [("{}", True), ("/usr/bin/{}", True), ("{} --new", False), ("my{}", False)])
def test_command_may_be_written_with_its_folder(written: str, is_right: bool) -> None:
    made = desktop(Random(0))
    assert bool(re.fullmatch(made["commands"], written.format(made["command"]))) == is_right
