"""Agents with a model on real desktops: the model behind HTTP knows the solution, and says each step in words of its own.

So the whole way is gone that a real model's words go, from the frame through the prompt and the reply to the click, and what a
task checks tells whether they arrived. What is said, and how, is in `puppet_words`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from osarena.agent import Agent, Decision
from osarena.env.desktop import DesktopEnv
from osarena.grading.model import Verdict
from osarena.players.oracle import Oracle
from osarena.providers.base import Provider
from osarena.recording.recorder import Header, Recorder
from osarena.runner.episode import Tally, run_episode
from osarena.runner.worker import observed_parts
from osarena.tasks.load import find_task
from osarena.tasks.values import make_variant
from osarena.types.observation import Observation
from tests.support.model_server import Asked, ModelServer, Say

SEED = 0  # of the task


class Prompter:
    """Knows what comes next, and what the agent sees."""

    def __init__(self, env: DesktopEnv) -> None:
        self._env = env
        self._oracle: Oracle | None = None

    def begin(self, oracle: Oracle) -> None:
        """The episode begins, which this oracle can play."""
        self._oracle = oracle

    @property
    def observation(self) -> Observation:
        """What the agent has sent to its models."""
        return self._env.observation

    def next(self) -> Decision:
        """The solution's next step, which has one action. The agent waits for it, so that nobody else uses the desktop."""
        assert self._oracle is not None
        return self._oracle.act(self.observation)


# What a model says to what it was asked; it may be that it goes on with what was said before, and needs no next step.
Words = Callable[[Asked, Prompter], Say]


class Puppet:
    """An agent whose models are told what to say.

    Args:
        make: the agent, given where its models are, without a path.
        words: what they say.
    """

    def __init__(self, make: Callable[[str], Agent], words: Words) -> None:
        self._make = make
        self._words = words
        self.asked: list[Asked] = []

    def plays(self, task: str, provider: Provider, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Verdict:
        """What the task's check says of the desktop when the agent has ended the episode."""
        suite, found = find_task(task)
        variant = make_variant(found, suite=suite.name, seed=SEED)
        with ExitStack() as stack:
            server = stack.enter_context(ModelServer(lambda asked: self._words(asked, prompter)))
            for name, value in server.environ.items():
                monkeypatch.setenv(name, value)
            agent = self._make(server.url)
            env = DesktopEnv(variant, provider=provider, observe=observed_parts(agent))
            stack.enter_context(closing(env))
            prompter = Prompter(env)

            def seat(desktop: DesktopEnv) -> Agent:
                oracle = Oracle(variant, desktop.guest)
                stack.callback(oracle.close)
                oracle.reset(desktop.brief, seed=0)
                prompter.begin(oracle)
                return agent

            with Recorder(folder, Header(session_id="puppet", agent="puppet", agent_version="")) as recorder:
                run_episode(env, seat, seed=0, recorder=recorder, tally=Tally(), report=lambda phase, step: None)
            self.asked = server.asked
            assert env.verdict is not None
            return env.verdict
