"""Makers of mail: the same seed gives the same bytes, and the letters say what the values say of them."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from osarena.tasks.values import plain_data
from osarena_evaluators.readers import mail
from osarena_tasks.makers.choir import new_singers
from osarena_tasks.makers.regatta import entries

SEEDS = range(12)


def letters(made: Any) -> dict[str, tuple[str, str]]:
    """Message id and text of each letter in the inbox by its sender and subject; of two, the later one."""
    found = mail.mailbox(made["files"][f"{made['mail']}/Inbox"])
    return {f"{letter['from']} {letter['subject']}": (letter["id"], letter["body"]) for letter in found}


def of(made: Any, label: dict[str, str]) -> tuple[str, str]:
    return letters(made)[f"{label['sender']} <{label['address']}> {label['subject']}"]


@pytest.mark.parametrize("maker", [entries, new_singers])
def test_same_seed_gives_same_bytes_and_another_seed_does_not(maker: Any) -> None:
    assert plain_data(maker(Random(7)), "$") == maker(Random(7))
    assert maker(Random(8)) != maker(Random(7))


@pytest.mark.parametrize("seed", SEEDS)
def test_only_entries_that_ask_something_are_to_be_starred(seed: int) -> None:
    made = entries(Random(seed))
    assert sorted(of(made, label)[0] for label in made["asking"]) == made["starred"]
    assert all("?" in of(made, label)[1] for label in made["asking"])
    assert not any("?" in of(made, label)[1] for label in made["plain"])
    assert any("?" in of(made, label)[1] for label in made["mentioned"]), "a question alone must not be enough"


@pytest.mark.parametrize("seed", SEEDS)
def test_every_letter_of_the_inbox_has_one_place_in_the_end(seed: int) -> None:
    made = entries(Random(seed))
    there = {key for key, _ in letters(made).values()}
    assert len(there) == 12
    placed = [key for keys in made["places"].values() for key in keys]
    assert len(placed) == len(set(placed))
    assert there <= set(placed)
    entered = {of(made, label)[0] for label in made["entered"]}
    assert entered < set(made["places"][made["entry_folder"]])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_list_of_the_voice_follows_the_later_letter_alone(seed: int) -> None:
    made = new_singers(Random(seed))
    assert set(made["members"]) != set(made["former_members"])
    known = {person["addresses"][0] for person in made["people"]}
    assert set(made["members"]) < known
    (last,) = [text for key, (_, text) in letters(made).items() if key.endswith("Voices for the concert")][-1:]
    names = {person["addresses"][0]: f"{person['first']} {person['last']}" for person in made["people"]}
    (line,) = [line for line in last.splitlines() if line.startswith(f"{made['voice']}: ")]
    assert sorted(line.split(": ")[1].split(", ")) == sorted(names[address] for address in made["members"])


@pytest.mark.parametrize("seed", SEEDS)
def test_what_stands_under_a_letter_is_not_what_it_came_from(seed: int) -> None:
    made = new_singers(Random(seed))
    for newcomer in made["newcomers"]:
        assert newcomer["sender"] != newcomer["address"]
        assert newcomer["office"] != newcomer["phone"]
