"""Spare desktops, made in the background before somebody asks for them."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, Protocol, TypeVar

from osarena.errors import MachineError
from osarena.guest.client import Guest, GuestAddress
from osarena.providers.base import MachineSpec

logger = logging.getLogger(__name__)

_AT_ONCE = 2  # desktops that start at the same time in the background


class Spare(Protocol):
    """A desktop that a provider has started, to be used once."""

    spec: MachineSpec

    @property
    def guest(self) -> Guest:
        """The connection to it."""

    @property
    def address(self) -> GuestAddress:
        """What another process needs to connect."""

    def problem(self) -> str | None:
        """Why it is not usable any more, or `None`."""

    def stop(self) -> None:
        """End it and remove what it has left. May be called twice, and from any thread."""


S = TypeVar("S", bound=Spare)


class Pool(Generic[S]):
    """Keeps a number of spare desktops of each kind that was asked for.

    Args:
        make: starts one desktop; raises MachineError.
    """

    def __init__(self, make: Callable[[MachineSpec], S]) -> None:
        self._make = make
        self._makers = ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="osarena-pool")
        # Not behind the makers: what is thrown away takes memory and time from what is being made.
        self._stopper = ThreadPoolExecutor(max_workers=1, thread_name_prefix="osarena-stop")
        self._lock = threading.Lock()
        self._targets: dict[MachineSpec, int] = {}
        self._spares: dict[MachineSpec, deque[Future[S]]] = {}
        self._is_closed = False

    def keep(self, spec: MachineSpec, count: int) -> None:
        """Have at least `count` spares of this kind from now on."""
        with self._lock:
            self._targets[spec] = max(count, self._targets.get(spec, 0))
            self._refill(spec)

    def take(self, spec: MachineSpec) -> S:
        """A desktop that nobody has used: a spare that is ready, else one on its way, else one made now.

        Raises:
            MachineError: none could be made.
        """
        while (spare := self._next_spare(spec)) is not None:
            try:
                desktop = spare.result()
            except MachineError as error:
                logger.warning("a spare desktop did not come up: %s", error)
                continue
            problem = desktop.problem()
            if problem is None:
                return desktop
            logger.warning("a spare desktop is not usable: %s", problem)
            self.discard(desktop)
        return self._make(spec)

    def discard(self, desktop: S) -> None:
        """Stop a desktop in the background."""
        with self._lock:
            if not self._is_closed:
                self._stopper.submit(desktop.stop)
                return
        desktop.stop()

    def close(self) -> None:
        """Stop all spares, those on their way included. May be called twice."""
        with self._lock:
            self._is_closed = True
            spares = [spare for queue in self._spares.values() for spare in queue]
            self._spares.clear()
        for spare in spares:
            spare.cancel()
        self._makers.shutdown(wait=True)
        self._stopper.shutdown(wait=True)
        for spare in spares:
            if not spare.cancelled() and spare.exception() is None:
                spare.result().stop()

    def _next_spare(self, spec: MachineSpec) -> Future[S] | None:
        with self._lock:
            queue = self._spares.get(spec)
            if not queue:
                return None
            spare = next((spare for spare in queue if spare.done()), queue[0])
            queue.remove(spare)
            self._refill(spec)
            return spare

    def _refill(self, spec: MachineSpec) -> None:
        queue = self._spares.setdefault(spec, deque())
        while not self._is_closed and len(queue) < self._targets.get(spec, 0):
            queue.append(self._makers.submit(self._make, spec))
