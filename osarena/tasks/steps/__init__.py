"""Steps: what a task does to a fresh desktop before the agent's first look, and to one that the agent has left.

One module per concern: `files`, `apps`, `browser`, `windows`, `shell`, `settings`, `sites`. A step is a function marked
with `osarena.tasks.model.step`; its address in a task file is `<module>.<function>`. It returns once what its docstring
promises is true, and raises `SetupError` if that does not come about in time. Other packages bring steps of their own
by the entry point group `osarena.steps`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from osarena import registry
from osarena.errors import GuestError, SetupError
from osarena.guest.client import Guest
from osarena.guest.wait import wait_until
from osarena.sites import Sites
from osarena.tasks.model import StepCall
from osarena.types.geometry import Size


@dataclass(frozen=True, slots=True)
class StepContext:
    """What a step may use."""

    guest: Guest
    sites: Sites
    screen: Size

    def wait_until(self, condition: Callable[[], bool], *, timeout_s: float, what: str) -> None:
        """Return once `condition` holds.

        Raises:
            SetupError: it did not within `timeout_s` seconds; the text names `what`.
        """
        try:
            wait_until(condition, timeout_s=timeout_s, what=what)
        except GuestError as error:
            raise SetupError(str(error)) from error


def run_steps(steps: Sequence[StepCall], context: StepContext, *, part: str = "setup") -> None:
    """Carry out the steps in order; `part` is the part of the task file that they are.

    Raises:
        SetupError: a step did not bring about what it promises, or the guest failed under it; the text says which step.
        UsageError: there is no such step.
    """
    for index, call in enumerate(steps):
        function = registry.find_function("step", call.step)
        try:
            function(context, **call.parameters)
        except (SetupError, GuestError) as error:
            raise SetupError(f"{part}[{index}] {call.step}: {error}") from error
