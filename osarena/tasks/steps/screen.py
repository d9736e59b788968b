"""The screen as a whole."""

from __future__ import annotations

from osarena.tasks.model import step
from osarena.tasks.steps import StepContext
from osarena.types.observation import Observe, Settle


@step
def rest(context: StepContext, *, still_s: float = 0.5, timeout_s: float = 10.0) -> None:
    """Nothing has moved on the screen for `still_s` seconds, or something never stops and `timeout_s` have passed."""
    context.guest.observe(
        Observe(screenshot=False, tree=False, windows=False, cursor=False, settle=Settle(still_s=still_s, deadline_s=timeout_s))
    )
