"""What an agent is: a `reset` and an `act`. Agents see a `Brief`, never the task with its check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

from osarena.types.actions import Action
from osarena.types.geometry import Size
from osarena.types.observation import Observation
from osarena.types.usage import Usage

__all__ = ["Agent", "Brief", "Decision", "Usage"]


@dataclass(frozen=True, slots=True)
class Brief:
    """All that an agent is told before its first look."""

    instruction: str
    platform: Literal["linux", "windows"] = "linux"
    screen: Size = field(default=Size(1920, 1080))
    channels: tuple[str, ...] = ("gui",)
    max_steps: int = 50


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do next. All `actions` together are one step; after a `Finish` nothing else counts.

    `extra` must be JSON; it is kept in the trajectory.
    """

    actions: Sequence[Action]
    thought: str = ""
    usage: Usage = field(default_factory=Usage)
    extra: dict[str, Any] = field(default_factory=dict)


@runtime_checkable
class Agent(Protocol):
    """Decides. Made once per worker, reset once per episode."""

    def reset(self, brief: Brief, *, seed: int) -> None:
        """Forget the last episode and prepare for this one."""

    def act(self, observation: Observation) -> Decision:
        """Decide what to do next.

        Raises:
            AgentError: it cannot decide (any other exception means the same: the episode ends as AGENT_ERROR).
            ModelError: its model service is not usable (the episode has no score and is run again on resume).
                Both can say in `usage` what the step has cost all the same.
        """
