"""A backend that is made when it is first needed: starting a desktop must not cost more for what most agents never ask for."""

from __future__ import annotations

import threading
from collections.abc import Callable

from osarena_guest.desktop import Dom, DomReading


class DeferredDom:
    """Satisfies `osarena_guest.desktop.Dom` by way of another one."""

    def __init__(self, make: Callable[[], Dom]) -> None:
        self._make = make
        self._made: Dom | None = None
        self._lock = threading.Lock()

    def read(self, *, elements: int, seconds: float) -> DomReading:
        """What the other one reads."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
        return self._made.read(elements=elements, seconds=seconds)
