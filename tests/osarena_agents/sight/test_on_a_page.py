"""Marks on a real page: one for each thing, and where they say that it is, there it is clicked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from osarena.guest.client import Guest
from osarena.perception.marks import Mark
from osarena.providers.base import MachineSpec
from osarena.providers.local import LocalProvider
from osarena.types.geometry import Size
from osarena.types.observation import Observation, Observe
from osarena_agents.sight import Sight
from tests.support.stall import PRESSED, STILL, open_stall, page_of, pressed, zoom

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def guest() -> Iterator[Guest]:
    provider = LocalProvider(spares=0)
    with provider.machine(MachineSpec()) as machine:
        open_stall(machine.guest)
        yield machine.guest
    provider.close()


def marks_on(guest: Guest, sources: str) -> tuple[Mark, ...]:
    seen = guest.observe(Observe(dom=True, dom_s=10, settle=STILL))
    return Sight(sources).look(Observation(0, Size(1920, 1080), seen))


def on_page(guest: Guest, marks: Sequence[Mark]) -> list[Mark]:
    content = page_of(guest).content
    return [mark for mark in marks if mark.point in content]


def test_what_tree_and_page_know_together_has_one_mark_each_and_is_under_its_middle(guest: Guest) -> None:
    zoom(guest, 125)
    marks = on_page(guest, marks_on(guest, "tree+dom"))
    names = [mark.node.name for mark in marks]
    assert sorted(names) == sorted([*PRESSED, "Ask"])
    for mark in marks:
        if mark.node.name != "Ask":
            assert pressed(guest, mark.point) == mark.node.name


def test_the_page_adds_what_the_tree_does_not_know_and_takes_away_what_is_covered(guest: Guest) -> None:
    tree, dom = ([mark.node.name for mark in on_page(guest, marks_on(guest, sources))] for sources in ("tree", "dom"))
    assert {"A hand", "A card More"} <= set(dom) - set(tree)
    assert {"Covered", "Untouchable"} <= set(tree) - set(dom)
    assert sorted(dom) == sorted([*PRESSED, "Ask"])
