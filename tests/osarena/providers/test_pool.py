"""Spares: taken before others are made, replaced in the background, never handed out broken."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from osarena.errors import MachineError
from osarena.guest.wait import wait_until
from osarena.providers.base import MachineSpec
from osarena.providers.pool import Pool

SPEC = MachineSpec()


class Desktop:
    """As much of a desktop as a pool needs."""

    def __init__(self, spec: MachineSpec) -> None:
        self.spec = spec
        self.is_stopped = False
        self.trouble: str | None = None

    def problem(self) -> str | None:
        return self.trouble

    def stop(self) -> None:
        self.is_stopped = True


class Workshop:
    def __init__(self) -> None:
        self.made: list[Desktop] = []
        self.failures = 0
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def make(self, spec: MachineSpec) -> Desktop:
        self.may_go_on.wait(5)
        if self.failures:
            self.failures -= 1
            raise MachineError("did not come up")
        desktop = Desktop(spec)
        self.made.append(desktop)
        return desktop


@pytest.fixture
def workshop() -> Workshop:
    return Workshop()


@pytest.fixture
def pool(workshop: Workshop):
    pool = Pool(workshop.make)  # type: ignore[arg-type]
    yield pool
    workshop.may_go_on.set()
    pool.close()


def _eventually(condition: Callable[[], bool], what: str) -> None:
    wait_until(condition, timeout_s=5, what=what, interval_s=0.005)


def test_without_spares_a_desktop_is_made_when_it_is_asked_for(pool: Pool, workshop: Workshop) -> None:
    assert pool.take(SPEC) is workshop.made[0]
    assert len(workshop.made) == 1


def test_a_spare_is_taken_and_replaced(pool: Pool, workshop: Workshop) -> None:
    pool.keep(SPEC, 2)
    _eventually(lambda: len(workshop.made) == 2, "two spares")
    assert pool.take(SPEC) in workshop.made[:2]
    _eventually(lambda: len(workshop.made) == 3, "a third")


def test_a_spare_on_its_way_is_waited_for(pool: Pool, workshop: Workshop) -> None:
    workshop.may_go_on.clear()
    pool.keep(SPEC, 1)
    on_its_way = pool._spares[SPEC][0]
    threading.Timer(0.05, workshop.may_go_on.set).start()
    assert pool.take(SPEC) is on_its_way.result()


def test_a_spare_that_broke_is_stopped_and_another_taken(pool: Pool, workshop: Workshop) -> None:
    pool.keep(SPEC, 1)
    _eventually(lambda: len(workshop.made) == 1, "a spare")
    workshop.made[0].trouble = "its X server died"
    assert pool.take(SPEC).problem() is None
    _eventually(lambda: workshop.made[0].is_stopped, "the broken one to be stopped")


def test_a_spare_that_did_not_come_up_is_no_reason_to_fail(pool: Pool, workshop: Workshop) -> None:
    workshop.failures = 1
    pool.keep(SPEC, 1)
    assert pool.take(SPEC) in workshop.made


def test_specs_do_not_share_spares(pool: Pool, workshop: Workshop) -> None:
    other = MachineSpec(dpi=120)
    pool.keep(SPEC, 1)
    assert pool.take(other).spec == other


def test_closing_stops_all_spares(pool: Pool, workshop: Workshop) -> None:
    pool.keep(SPEC, 3)
    pool.close()
    pool.close()
    assert all(desktop.is_stopped for desktop in workshop.made)
