"""The worker process: runs one order after the other on desktops that the runner lends it. It writes no row.

It is disposable. Whatever goes wrong in a job becomes an `Ending`; where that is not possible (a crash, an agent that
never returns) the runner finds the process dead, or kills it.
"""

from __future__ import annotations

import ctypes
import errno
import faulthandler
import logging
import os
import shutil
import signal
import sys
from contextlib import ExitStack, closing
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from osarena.agent import Agent
from osarena.env.desktop import DesktopEnv
from osarena.errors import (
    AgentError,
    CheckerError,
    GuestError,
    MachineError,
    ModelError,
    OsarenaError,
    SetupError,
    StoreError,
    TaskError,
    UsageError,
)
from osarena.grading.model import Verdict
from osarena.players import is_player, make_player
from osarena.recording.recorder import Header, Recorder
from osarena.registry import find_class
from osarena.runner.episode import AGENTS_ERRORS, PLAYERS_ERRORS, Tally, run_episode
from osarena.runner.lease import LeasedProvider
from osarena.runner.model import Ended, Status
from osarena.runner.wire import Ending, Order, Phase, receive, send
from osarena.tasks.load import load_suite
from osarena.tasks.model import Variant
from osarena.tasks.values import make_variant

logger = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1
_FULL = (errno.ENOSPC, errno.EDQUOT)


def work(connection: Connection, agent: str, arguments: dict[str, Any], log: str) -> None:
    """The life of a worker process: make the agent, then run orders until there are no more.

    Args:
        agent: name of an agent or player, or ``module:Class``; `arguments` are the keyword arguments of its class.
        log: file for what is printed before the first job.
    """
    _become_disposable()
    _print_to(Path(log))
    # A program of its own: it has a log of its own, the file that standard error points to at the moment.
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True
    )
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        worker = Worker(connection, agent, arguments)
    except OsarenaError as error:
        send(connection, {"say": "unusable", "reason": str(error)})
        return
    send(connection, {"say": "ready"})
    worker.serve()


def _become_disposable() -> None:
    """Die with the process that made this one, leave Ctrl-C to the runner, and tell where it stands before it is killed."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    faulthandler.enable(all_threads=False)
    faulthandler.register(signal.SIGUSR1, all_threads=True)


def _print_to(path: Path) -> None:
    """Let everything that is printed from now on, by C code and child processes too, be appended to a file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}") from error
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    for descriptor in (1, 2):
        os.dup2(file, descriptor)
    os.close(file)


class Worker:
    """Makes its agent once and runs orders with it.

    Raises:
        UsageError, ModelError, AgentError: the agent cannot be made.
    """

    def __init__(self, connection: Connection, agent: str, arguments: dict[str, Any]) -> None:
        self._connection = connection
        self._name = agent
        self._arguments = arguments
        self._agent = None if is_player(agent) else make_agent(agent, arguments)
        self._env: DesktopEnv | None = None  # of the latest job

    def serve(self) -> None:
        """Run orders until the runner has no more, or is gone."""
        while True:
            try:
                order = Order.from_json(receive(self._connection))
            except (EOFError, OSError):
                return
            send(self._connection, {"say": "done"} | self.run(order).to_json())

    def run(self, order: Order) -> Ending:
        """Run one job; whatever happens, this is how it ended."""
        tally, self._env = Tally(), None
        try:
            _clear_folder(order.folder)
            _print_to(order.folder / "log.txt")
            return self._run_recorded(order, tally)
        except (StoreError, OSError) as error:
            return self._failed(tally, None, error, is_store=isinstance(error, StoreError) or error.errno in _FULL)
        except (MachineError, GuestError, SetupError) as error:
            logger.warning("the desktop failed: %s", error)
            return self._failed(tally, None, error)
        except ModelError as error:
            return self._failed(tally, Status.MODEL_ERROR, error)
        except AgentError as error:
            logger.warning("the agent failed", exc_info=error)
            if isinstance(error.__cause__, OSError) and error.__cause__.errno in _FULL:
                return self._failed(tally, None, error, is_store=True)
            return self._failed(tally, Status.AGENT_ERROR, error)
        except (CheckerError, TaskError, UsageError) as error:
            logger.warning("the task or its check failed", exc_info=error)
            return self._failed(tally, Status.CHECKER_ERROR, error)
        except Exception as error:
            # One job in a worker: a fault of ours must neither end the run nor count against the agent.
            logger.exception("a fault of osarena")
            return self._failed(tally, None, error)

    def _run_recorded(self, order: Order, tally: Tally) -> Ending:
        variant = _variant_of(order)
        header = Header(
            session_id=order.job_id,
            agent=order.agent,
            agent_version=_agent_version(self._agent),
            agent_extra={"arguments": self._arguments},
            episode={
                "task": variant.name,
                "seed": order.seed,
                "trial": order.trial,
                "episode_digest": variant.episode_digest,
                "grader_digest": variant.grader_digest,
            },
        )
        with Recorder(order.folder, header) as recorder:
            try:
                ended, verdict = self._play(order, variant, recorder, tally)
            except OsarenaError as error:
                recorder.finish({"ended": "error", "error": type(error).__name__}, notes=str(error), usage=tally.usage)
                raise
            outcome = {"ended": ended, "score": verdict.score, "verdict": verdict.to_json()}
            recorder.finish(outcome, notes=verdict.reason, usage=tally.usage)
        return Ending(
            status=Status.SCORED,
            reason=verdict.reason,
            ended=ended,
            steps=tally.steps,
            timings_s=self._timings(tally),
            usage=_usage(tally),
            verdict=verdict,
            grader_digest=variant.grader_digest,
        )

    def _play(self, order: Order, variant: Variant, recorder: Recorder, tally: Tally) -> tuple[Ended, Verdict]:
        def report(phase: Phase, step: int) -> None:
            send(self._connection, {"say": "phase", "phase": phase, "step": step})

        agent_seed = order.seed + 1_000_003 * order.trial
        with ExitStack() as stack:
            env = DesktopEnv(
                variant,
                provider=LeasedProvider(order.address),
                spec=order.machine,
                observe=observed_parts(self._agent),
                evidence=order.folder / "evidence",
            )
            self._env = stack.enter_context(closing(env))
            ended = run_episode(
                env,
                lambda desktop: self._seated(desktop, variant, stack),
                seed=agent_seed,
                recorder=recorder,
                tally=tally,
                report=report,
                may_raise=PLAYERS_ERRORS if self._agent is None else AGENTS_ERRORS,
            )
            if env.verdict is None:
                raise CheckerError("the episode is over and has no verdict")
            return ended, env.verdict

    def _seated(self, desktop: DesktopEnv, variant: Variant, stack: ExitStack) -> Agent:
        """The agent, or the player for this episode, which ends with it."""
        if self._agent is not None:
            return self._agent
        player = make_player(self._name, variant=variant, guest=desktop.guest)
        if hasattr(player, "close"):
            stack.callback(player.close)
        return player

    def _failed(self, tally: Tally, status: Status | None, error: BaseException, *, is_store: bool = False) -> Ending:
        words = str(error) if isinstance(error, OsarenaError) else f"{type(error).__name__}: {error}"
        return Ending(status, words, is_store=is_store, steps=tally.steps, timings_s=self._timings(tally), usage=_usage(tally))

    def _timings(self, tally: Tally) -> dict[str, float]:
        """Seconds of the agent, and of the set-up, the desktop and the check, as far as the episode came."""
        timings = (self._env.timings_s if self._env else {}) | {"agent": tally.agent_s}
        timings.pop("machine", None)  # the runner's to measure
        return {name: round(seconds, 3) for name, seconds in timings.items()}


def make_agent(name: str, arguments: dict[str, Any]) -> Agent:
    """The agent of that name, made with these arguments.

    Raises:
        UsageError: there is no such class, it does not take these arguments, or it raises.
        ModelError: it says that its model service is not usable.
    """
    try:
        agent = find_class("osarena.agents", name)(**arguments)
    except OsarenaError:
        raise
    except BaseException as error:  # a plug-in may raise anything
        logger.warning("the agent cannot be made", exc_info=error)
        raise UsageError(f"the agent {name!r} cannot be made: {type(error).__name__}: {error}") from error
    for method in ("reset", "act"):
        if not callable(getattr(agent, method, None)):
            raise UsageError(f"{name!r} is no agent: it has no method {method!r}")
    made: Agent = agent
    return made


def observed_parts(agent: Agent | None) -> tuple[str, ...]:
    """What an agent wants to see: its attribute `observe`, else a screenshot and the tree."""
    return tuple(getattr(agent, "observe", ("screenshot", "tree")))


def _variant_of(order: Order) -> Variant:
    suite = load_suite(order.suite)
    variant = make_variant(suite[order.task_id], suite=suite.name, seed=order.seed)
    if variant.episode_digest != order.episode_digest:
        raise TaskError(f"{variant.name} was changed while the run was going on; repeat the command")
    return variant


def _clear_folder(folder: Path) -> None:
    """Make the job's folder and take away what an earlier attempt left in it, but for its log."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for entry in folder.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            elif entry.name != "log.txt":
                entry.unlink()
    except OSError as error:
        raise StoreError(f"cannot write {folder}: {error.strerror}") from error


def _agent_version(agent: Agent | None) -> str:
    """The agent's own attribute `version`, else osarena's."""
    from importlib.metadata import version

    return str(getattr(agent, "version", None) or version("osarena"))


def _usage(tally: Tally) -> dict[str, Any]:
    usage = tally.usage
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "cached_tokens": usage.cached_tokens,
        "cost_usd": usage.cost_usd,
        "calls": usage.calls,
    }
