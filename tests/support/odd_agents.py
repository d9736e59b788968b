"""Agents that go wrong in every way that an agent can."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from pathlib import Path
from typing import Any

from osarena.agent import Brief, Decision, Usage
from osarena.errors import AgentError, BudgetSpent, ModelError
from osarena.types.actions import Click, Finish, Move
from osarena.types.geometry import Point
from osarena.types.observation import Observation


class Patient:
    """Moves the pointer `steps` times, `pause_s` apart, and finishes."""

    def __init__(self, steps: int = 3, pause_s: float = 0.0) -> None:
        self.steps = steps
        self.pause_s = pause_s
        self.taken = 0

    def reset(self, brief: Brief, *, seed: int) -> None:
        self.taken = 0

    def act(self, observation: Observation) -> Decision:
        self.taken += 1
        threading.Event().wait(self.pause_s)
        if self.taken > self.steps:
            return Decision([Finish()])
        usage = Usage(prompt_tokens=10, completion_tokens=2, cost_usd=0.5, calls=1)
        return Decision([Move(Point(self.taken, self.taken))], thought=f"step {self.taken}", usage=usage)


class Odd(Patient):
    """Moves a few times, then does what `deed` says."""

    def __init__(self, deed: str, moves: int = 1) -> None:
        super().__init__()
        self.deed = deed
        self.moves = moves

    def act(self, observation: Observation) -> Any:
        self.taken += 1
        return super().act(observation) if self.taken <= self.moves else getattr(self, self.deed)()

    def raises(self) -> None:
        raise RuntimeError("I have lost my keys")

    def quits(self) -> None:
        sys.exit("I quit")

    def hangs(self) -> None:
        print("I am thinking about it", flush=True)
        threading.Event().wait(600)

    def leaves(self) -> None:
        print("good bye", flush=True)
        os._exit(3)

    def crashes(self) -> None:
        ctypes.string_at(0)

    def returns_none(self) -> None:
        return None

    def returns_words(self) -> str:
        return "click on the blue button"

    def returns_odd_actions(self) -> Decision:
        return Decision(["click on the blue button"])  # type: ignore[list-item]

    def returns_odd_extra(self) -> Decision:
        return Decision([], extra={"when": object()})

    def has_no_model(self) -> None:
        raise ModelError("the model is out to lunch")

    def pays_for_nothing(self) -> None:
        error = AgentError("none of 2 replies could be read")
        error.usage = Usage(20, 4, 0, 1.5, 2)
        raise error

    def pays_until_the_model_is_gone(self) -> None:
        error = ModelError("the model is out to lunch")
        error.usage = Usage(20, 4, 0, 1.5, 2)
        raise error

    def spends_its_last(self) -> None:
        error = BudgetSpent("nothing is left")
        error.usage = Usage(20, 4, 0, 1.5, 2)
        raise error

    def counts_in_words(self) -> None:
        error = AgentError("I have lost my keys")
        error.usage = "a lot"  # type: ignore[assignment]
        raise error

    def clicks_far_away(self) -> Decision:
        if self.taken > 3:
            return Decision([Finish()])
        return Decision([Click(Point(100_000, -5))])


class Stuck(Patient):
    """Leaves a mark that it has begun, then waits for a file that may never come."""

    def __init__(self, mark: str, release: str) -> None:
        super().__init__(steps=1)
        self.mark = Path(mark)
        self.release = Path(release)

    def act(self, observation: Observation) -> Decision:
        with self.mark.open("a") as marks:
            marks.write(f"{os.getpid()}\n")
        while not self.release.exists():
            threading.Event().wait(0.02)
        return super().act(observation)


class Unmakeable:
    """Cannot be made."""

    def __init__(self) -> None:
        raise FileNotFoundError("weights.bin")


class NoAgent:
    """Has no `act`."""

    def reset(self, brief: Brief, *, seed: int) -> None:
        """Nothing."""
