"""One episode: an agent and a desktop take turns until the environment says that it is over."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import gymnasium as gym

from osarena.agent import Agent, Decision, Usage
from osarena.env.desktop import DesktopEnv
from osarena.errors import AgentError, BudgetSpent, ModelError, OsarenaError
from osarena.recording.recorder import Recorder
from osarena.runner.model import Ended
from osarena.runner.wire import Phase
from osarena.types.actions import Action
from osarena.types.observation import Observation

# Tells whoever watches what the episode turns to, and the number of the step.
Report = Callable[[Phase, int], None]
# Gives the agent once the desktop is up; a player is made for it.
Seat = Callable[[DesktopEnv], Agent]


@dataclass
class Tally:
    """What an episode has cost so far; it is there even when the episode fails."""

    steps: int = 0
    usage: Usage = field(default_factory=Usage)
    agent_s: float = 0.0

    @contextmanager
    def deciding(self) -> Iterator[None]:
        """Count the time inside the context as the agent's, and what a step has cost that fails inside."""
        start = time.perf_counter()
        try:
            yield
        except OsarenaError as error:
            self.usage += error.usage
            raise
        finally:
            self.agent_s += time.perf_counter() - start


# What an agent may raise by its own name; a player of ours may also say that the desktop or the task has failed.
AGENTS_ERRORS: tuple[type[OsarenaError], ...] = (AgentError, ModelError)
PLAYERS_ERRORS: tuple[type[OsarenaError], ...] = (OsarenaError,)


def run_episode(
    env: gym.Env[Any, Any],
    seat: Seat,
    *,
    seed: int,
    recorder: Recorder,
    tally: Tally,
    report: Report,
    may_raise: tuple[type[OsarenaError], ...] = AGENTS_ERRORS,
) -> Ended:
    """Play one episode to its end and say what ended it; the verdict is then in the environment.

    Args:
        seed: what the agent's own randomness starts from; the task's seed is the environment's.
        may_raise: errors of the agent that are taken at their word; any other exception becomes an AgentError.

    Raises:
        MachineError, GuestError, SetupError: the desktop failed; nothing can be said about the agent.
        AgentError: the agent failed. ModelError: its model service did. CheckerError: the grading did.
        StoreError: the trajectory cannot be written.
    """
    desktop = cast(DesktopEnv, env.unwrapped)
    report("setup", 0)
    env.reset()
    agent = seat(desktop)
    report("act", 0)
    with tally.deciding(), _as_agent_error("reset", may_raise):
        agent.reset(desktop.brief, seed=seed)
    recorder.begin(desktop.brief, desktop.observation)
    is_over = False
    while not is_over:
        report("act", tally.steps + 1)
        try:
            with tally.deciding():
                decision = decide(agent, desktop.observation, may_raise)
        except BudgetSpent:
            desktop.cut_off("budget")
            break
        tally.steps += 1
        tally.usage += decision.usage
        report("step", tally.steps)
        _, reward, terminated, truncated, _ = env.step(decision.actions)
        recorder.step(decision, desktop.observation, reward=float(reward))
        is_over = terminated or truncated
    assert desktop.ended is not None
    return desktop.ended


def decide(agent: Agent, observation: Observation, may_raise: tuple[type[OsarenaError], ...] = AGENTS_ERRORS) -> Decision:
    """The agent's next decision.

    Raises:
        AgentError: it raised something, or what it returned is no decision; the text keeps its words.
        ModelError: it says that its model service is not usable.
    """
    with _as_agent_error("act", may_raise):
        decision = agent.act(observation)
    if not isinstance(decision, Decision):
        raise AgentError(f"act returned {decision!r:.500}, which is no Decision")
    return _checked(decision)


def _checked(decision: Decision) -> Decision:
    """The same decision with its actions as a tuple."""
    try:
        actions = tuple(decision.actions)
        json.dumps(decision.extra)
    except (TypeError, ValueError) as error:
        raise AgentError(f"an unusable decision ({error}): {decision!r:.500}") from error
    for action in actions:
        if not isinstance(action, Action):
            raise AgentError(f"the decision holds {action!r:.300}, which is no action: {decision.thought!r:.200}")
    if not (isinstance(decision.usage, Usage) and isinstance(decision.thought, str)):
        raise AgentError(f"usage must be a Usage and thought a text: {decision!r:.500}")
    return Decision(actions, decision.thought, decision.usage, decision.extra)


@contextmanager
def _as_agent_error(method: str, may_raise: tuple[type[OsarenaError], ...]) -> Iterator[None]:
    try:
        yield
    except may_raise as error:
        if not isinstance(error.usage, Usage):
            raise AgentError(f"{method} raised an error whose usage is no Usage: {error.usage!r:.200}") from error
        raise
    except BaseException as error:  # a plug-in may raise anything, sys.exit() included
        raise AgentError(f"{method} raised {type(error).__name__}: {error}") from error
