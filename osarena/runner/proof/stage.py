"""Playing trials on desktops, several at once."""

from __future__ import annotations

import logging
import queue
import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from osarena.agent import Agent, Brief, Decision
from osarena.env.desktop import DesktopEnv
from osarena.errors import GuestError, MachineError, OsarenaError, SetupError
from osarena.grading.evidence import Evidence, Item
from osarena.grading.grade import grade
from osarena.guest.client import Guest
from osarena.players.oracle import Oracle
from osarena.providers.base import Machine, MachineSpec, Provider
from osarena.recording.recorder import Header, Recorder
from osarena.registry import find_class
from osarena.runner.episode import PLAYERS_ERRORS, Report, Seat, Tally, run_episode
from osarena.runner.lease import LeasedProvider
from osarena.runner.model import Ended
from osarena.runner.proof.leaks import find_leaks, without_collateral
from osarena.runner.proof.trials import Kind, Outcome, Trial
from osarena.runner.wire import Phase
from osarena.tasks.model import Variant
from osarena.types.actions import Finish
from osarena.types.actions import Outcome as Said
from osarena.types.encoding import encode
from osarena.types.observation import Observation

logger = logging.getLogger(__name__)

# How many decisions the random player gets before it calls the task done.
RANDOM_STEPS = 20
_ATTEMPTS = 2
# What is wrong with the desktop, not with the task: the trial is played again on a fresh one.
_DESKTOP_FAILED = (MachineError, GuestError, SetupError)


class _StoppedError(Exception):
    """The trial is given up, because nobody wants its outcome any more."""


@dataclass
class Stage:
    """Where trials are played; `folder` is for the trajectory and the evidence of each."""

    provider: Provider
    spec: MachineSpec
    folder: Path
    parallel: int = 1
    # What the first desktop said of itself: application versions and limits.
    facts: dict[str, str] = field(default_factory=dict)
    is_stopped: bool = False

    def play(self, trials: Sequence[Trial]) -> Iterator[Outcome]:
        """The outcomes, as they come. Closing the iteration early gives up the trials that are being played."""
        lanes: queue.SimpleQueue[_Lane] = queue.SimpleQueue()
        with ExitStack() as stack:
            for _ in range(min(self.parallel, len(trials))):
                lane = _Lane(self)
                stack.callback(lane.give_back)
                lanes.put(lane)
            pool = stack.enter_context(ThreadPoolExecutor(self.parallel, thread_name_prefix="lane"))
            try:
                yield from (future.result() for future in as_completed([pool.submit(_in_lane, lanes, trial) for trial in trials]))
            finally:
                self.is_stopped = True
                pool.shutdown(cancel_futures=True)

    def go_on(self, _phase: Phase, _step: int) -> None:
        """Called by a trial whenever it turns to something else; ends it where it is not wanted any more."""
        if self.is_stopped:
            raise _StoppedError


def _in_lane(lanes: queue.SimpleQueue[_Lane], trial: Trial) -> Outcome:
    lane = lanes.get()
    try:
        return lane.play(trial)
    finally:
        lanes.put(lane)


class _Lane:
    """One desktop after another, each clean when a trial begins."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._held = ExitStack()
        self._machine: Machine | None = None

    def play(self, trial: Trial) -> Outcome:
        """What comes of a trial, on a fresh desktop again where one failed."""
        start, problem = time.monotonic(), ""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                outcome = _play(trial, self._clean_machine(), self._stage, attempt)
                return replace(outcome, seconds=time.monotonic() - start)
            except _DESKTOP_FAILED as error:
                problem = f"the desktop failed: {error}"
                logger.warning("%s #%d %s, attempt %d: %s", trial.variant.name, trial.variant.seed, trial.name, attempt, problem)
                self.give_back()
            except OsarenaError as error:
                problem = f"{type(error).__name__}: {error}"
                break
        return Outcome(trial, problem=problem, seconds=time.monotonic() - start)

    def give_back(self) -> None:
        """Remove the desktop. May be called twice."""
        self._machine = None
        self._held.close()

    def _clean_machine(self) -> Machine:
        if self._machine is None:
            self._machine = self._held.enter_context(self._stage.provider.machine(self._stage.spec))
            self._stage.facts = self._stage.facts or self._machine.facts()
        else:
            self._machine.restore()
        return self._machine


def _play(trial: Trial, machine: Machine, stage: Stage, attempt: int) -> Outcome:
    """One episode on a clean desktop, graded twice.

    Raises:
        OsarenaError: the desktop, the play or the check failed.
    """
    variant, folder = staged(trial), trial_folder(stage.folder, trial)
    shutil.rmtree(folder, ignore_errors=True)
    tally, leaks = Tally(), list[tuple[str, str]]()

    def seat(desktop: DesktopEnv) -> Agent:
        if trial.kind == "nothing":
            leaks.extend(find_leaks(variant, desktop.guest))
        player = _player(trial, desktop.guest)
        if isinstance(player, Oracle):
            stack.callback(player.close)
        return player

    with ExitStack() as stack:
        env = DesktopEnv(variant, provider=LeasedProvider(machine.address), spec=stage.spec, evidence=folder / "evidence")
        stack.callback(env.close)
        recorder = stack.enter_context(Recorder(folder, header(trial)))
        seed = variant.seed + 1_000_003 * (attempt - 1)
        ended = _run(env, seat, seed=seed, recorder=recorder, tally=tally, report=stage.go_on)
        verdict, evidence = env.verdict, env.evidence_
        assert verdict is not None
        assert evidence is not None
        recorder.finish({"ended": ended, "score": verdict.score, "verdict": verdict.to_json()}, notes=verdict.reason)
        repeated = grade(variant.check, evidence, ending=env.ending)
    return Outcome(
        trial=trial,
        ended=ended,
        steps=tally.steps,
        verdict=verdict,
        repeated=repeated,
        evidence=_fingerprint(evidence),
        leaks=without_collateral(leaks, verdict),
    )


def _run(env: DesktopEnv, seat: Seat, *, seed: int, recorder: Recorder, tally: Tally, report: Report) -> Ended:
    try:
        return run_episode(env, seat, seed=seed, recorder=recorder, tally=tally, report=report, may_raise=PLAYERS_ERRORS)
    except OsarenaError as error:
        recorder.finish({"ended": "error", "error": type(error).__name__}, notes=str(error))
        raise


def trial_folder(folder: Path, trial: Trial) -> Path:
    """Where a trial's trajectory and evidence are written, below a folder."""
    variant = trial.variant
    return folder / variant.suite / variant.task.id / f"seed-{variant.seed}" / trial.name.replace(" ", "-")


def staged(trial: Trial) -> Variant:
    """The variant, with a counterexample's wrong state set up after its own set-up."""
    stage = trial.example.stage if trial.example else None
    return replace(trial.variant, setup=(*trial.variant.setup, *(stage or ())))


def _player(trial: Trial, guest: Guest) -> Agent:
    match trial.kind:
        case "solution" | "counterexample":
            return Oracle(trial.variant, guest, trial.example)
        case "random":
            return _Limited(find_class("osarena.agents", "random")(), RANDOM_STEPS)
        case "nothing":
            return _Limited(None, 0)
        case "infeasible":
            return _Limited(None, 0, "infeasible")


class _Limited:
    """An agent that says that it is done after so many decisions of another one's."""

    def __init__(self, agent: Agent | None, steps: int, said: Said = "done") -> None:
        self._agent = agent
        self._steps = steps
        self._said: Said = said

    def reset(self, brief: Brief, *, seed: int) -> None:
        """Begin anew, with one step of the task's limit left for saying that it is done."""
        if self._agent is not None:
            self._agent.reset(brief, seed=seed)
            self._steps = min(self._steps, brief.max_steps - 1)

    def act(self, observation: Observation) -> Decision:
        """The other agent's decision, or the end."""
        if self._agent is None or observation.step >= self._steps:
            return Decision([Finish(self._said)])
        return self._agent.act(observation)


def _fingerprint(evidence: Evidence) -> dict[str, str]:
    """What tells one episode's evidence from another's."""
    items = {f"{item.probe} {encode(item.parameters)}": _fetched(item) for item in evidence.items.values()}
    return items | {"outcome": str(evidence.ending.outcome), "answer": evidence.ending.answer}


def _fetched(item: Item) -> str:
    return item.sha256 or f"nothing: {item.missing}"


def header(trial: Trial) -> Header:
    """What a trial's trajectory says of itself."""
    variant = trial.variant
    episode = {"task": variant.name, "seed": variant.seed, "proof": trial.name}
    return Header(
        session_id=f"{variant.name}#{variant.seed} {trial.name}", agent=_agent_name(trial.kind), agent_version="", episode=episode
    )


def _agent_name(kind: Kind) -> str:
    return "oracle" if kind in ("solution", "counterexample") else kind
