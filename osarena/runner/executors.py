"""Runs jobs side by side. Each `Slot` is a thread of the runner with a desktop and a worker process of its own.

The slot leases its desktop to the worker for one episode at a time, restores it in between, watches the deadlines, and
decides what becomes of an attempt whose worker cannot say so itself. The caller takes events from a queue and writes
the rows.
"""

from __future__ import annotations

import logging
import math
import queue
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from osarena.errors import MachineError, StoreError, UsageError
from osarena.providers.base import Machine, MachineSpec, Provider
from osarena.runner.events import Event, Finished, Progressed, Started, Stop
from osarena.runner.lock import program_versions
from osarena.runner.model import Grading, Result, Status
from osarena.runner.plan import AgentSpec, PlannedJob
from osarena.runner.process import AbortedError, GoneError, SilentError, WorkerProcess
from osarena.runner.wire import Ending, Order, Phase

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """How jobs are run."""

    folder: Path  # of the run
    suite: str  # name or absolute path, for the workers
    agent: AgentSpec
    machine: MachineSpec = field(default_factory=MachineSpec)
    parallel: int = 1
    # US dollars that the episodes of the run may cost together; no job is begun once that much is known to be spent.
    budget_usd: float = math.inf
    # Fresh desktops for a job whose desktop failed.
    retries: int = 2
    # A decision that takes longer is a hang.
    act_s: float = 180.0
    # How far beyond the task's own time limit a decision may reach before it is a hang too.
    grace_s: float = 60.0
    # For importing and making the agent (which may load a model), setting a desktop up, and one step with its grading.
    start_s: float = 900.0
    setup_s: float = 300.0
    step_s: float = 600.0


def execute(jobs: Iterable[PlannedJob], settings: Settings, desktops: Desktops, stop: Stop) -> Generator[Event, None, None]:
    """Run the jobs and tell what happens, until there are no more or `stop` says so.

    Closing the iteration early gives up what is running. Nothing runs any more when this has ended.

    Raises:
        MachineError: not one desktop could be made.
        UsageError, StoreError: the agent cannot be made, or the run folder cannot be written.
    """
    waiting: queue.SimpleQueue[PlannedJob] = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    count = min(settings.parallel, waiting.qsize(), desktops.at_once or settings.parallel)
    events: queue.SimpleQueue[Event | Future[None]] = queue.SimpleQueue()
    lanes = Lanes(settings, desktops, waiting, events, stop)
    slots = [Slot(number, lanes) for number in range(count)]
    with ThreadPoolExecutor(max(count, 1), thread_name_prefix="slot") as pool:
        running = {pool.submit(slot.work) for slot in slots}
        for future in running:
            future.add_done_callback(events.put)
        try:
            while running:
                event = events.get()
                if isinstance(event, Future):
                    running.discard(event)
                    event.result()
                else:
                    yield event
        finally:
            if running:
                stop.abort()


class Desktops:
    """Where slots get their desktops; it knows whether any could be made at all."""

    def __init__(self, provider: Provider, spec: MachineSpec) -> None:
        self._provider = provider
        self._spec = spec
        self.at_once = provider.capabilities.at_once
        self.any_was_made = threading.Event()
        # Of the first desktop; empty until there is one.
        self.facts: dict[str, str] = {}

    @contextmanager
    def lease(self) -> Iterator[Machine]:
        """A desktop that nobody has used (raises MachineError)."""
        with self._provider.machine(self._spec) as machine:
            if not self.any_was_made.is_set():
                self.facts = machine.facts()
                self.any_was_made.set()
            yield machine


@dataclass(frozen=True, slots=True)
class Lanes:
    """What the slots of a run share."""

    settings: Settings
    desktops: Desktops
    waiting: queue.SimpleQueue[PlannedJob]
    events: queue.SimpleQueue[Event | Future[None]]
    stop: Stop


@dataclass
class _Seat:
    """The desktop that a slot holds, and whether it must be restored before the next episode."""

    machine: Machine | None = None
    is_used: bool = False
    stack: ExitStack = field(default_factory=ExitStack)


class Slot:
    """One lane of the run: takes jobs until there are no more, one at a time."""

    def __init__(self, number: int, lanes: Lanes) -> None:
        self._number = number
        self._settings = lanes.settings
        self._desktops = lanes.desktops
        self._waiting = lanes.waiting
        self._events = lanes.events
        self._stop = lanes.stop
        self._seat = _Seat()
        self._worker: WorkerProcess | None = None
        # Where the worker's episode stands, as far as it has told.
        self._phase: Phase = "setup"
        self._step = 0

    def work(self) -> None:
        """Run jobs until there are no more; leaves no process and no desktop behind."""
        try:
            while not self._stop.is_draining and (planned := self._next()) is not None:
                self._finish(planned)
        except AbortedError:
            return
        finally:
            self._end_worker()
            self._give_desktop_back()

    def _next(self) -> PlannedJob | None:
        try:
            return self._waiting.get_nowait()
        except queue.Empty:
            return None

    def _finish(self, planned: PlannedJob) -> None:
        """Run a job, on fresh desktops again where one failed, and report its result."""
        started, start = datetime.now(UTC), time.monotonic()
        attempt, ending = 0, Ending(None)
        while ending.status is None and attempt <= self._settings.retries:
            attempt += 1
            self._events.put(Started(self._number, planned, attempt, ending.reason))
            ending = self._attempt(planned)
            if ending.is_store:
                raise StoreError(f"{ending.reason}; all rows so far are kept, and the same command goes on where it was")
            if ending.status is None:
                logger.info("%s, attempt %d does not count: %s", planned.job.task, attempt, ending.reason)
                self._give_desktop_back()
        if ending.status is None:
            if not self._desktops.any_was_made.is_set():
                raise MachineError(ending.reason)
            ending = replace(ending, status=Status.DESKTOP_ERROR)
        total = round(time.monotonic() - start, 3)
        self._events.put(self._finished(planned, ending, attempt, total, started.isoformat(timespec="seconds")))

    def _attempt(self, planned: PlannedJob) -> Ending:
        self._phase, self._step = "setup", 0
        is_new = self._worker is None
        worker = self._worker = self._worker or WorkerProcess(self._settings.agent, self._worker_log)
        asked = time.monotonic()
        try:
            machine = self._clean_desktop()  # while a new worker makes its agent
        except MachineError as error:
            self._end_worker()
            return Ending(None, str(error))
        machine_s = round(time.monotonic() - asked, 3)
        if is_new:
            self._await_agent(worker)
        try:
            worker.send(self._order(planned, machine))
            ending = self._follow(worker, planned)
        except GoneError as gone:
            ending = self._judge_death(gone, planned, machine)
        return replace(ending, timings_s={"machine": machine_s} | ending.timings_s)

    def _clean_desktop(self) -> Machine:
        seat = self._seat
        if seat.machine is None:
            seat.machine = seat.stack.enter_context(self._desktops.lease())
        elif seat.is_used:
            try:
                seat.machine.restore()
            except MachineError:
                self._give_desktop_back()
                raise
        self._seat.is_used = True
        return seat.machine

    def _give_desktop_back(self) -> None:
        seat, self._seat = self._seat, _Seat()
        seat.stack.close()

    def _await_agent(self, worker: WorkerProcess) -> None:
        """Wait until a new worker has made its agent.

        Raises:
            UsageError: it cannot be made. There is no use in trying that for every job.
        """
        name, log = self._settings.agent.name, self._worker_log
        try:
            answer = worker.receive(time.monotonic() + self._settings.start_s, self._stop.aborted)
        except SilentError:
            self._end_worker(last_words=True)
            raise UsageError(f"the agent {name!r} was not ready after {self._settings.start_s:g} s; see {log}") from None
        except GoneError as gone:
            raise UsageError(f"the agent {name!r} cannot be made: {gone}; its last words: {_tail(log)}") from gone
        if answer["say"] != "ready":
            raise UsageError(answer["reason"])

    @property
    def _worker_log(self) -> Path:
        return self._settings.folder / "workers.log"

    def _end_worker(self, *, last_words: bool = False) -> None:
        if self._worker is not None:
            self._worker.kill(last_words=last_words)
            self._worker = None

    def _order(self, planned: PlannedJob, machine: Machine) -> Order:
        job = planned.job
        return Order(
            job_id=job.id,
            suite=self._settings.suite,
            task_id=planned.task_id,
            seed=job.seed,
            trial=job.trial,
            episode_digest=job.episode_digest,
            agent=job.agent,
            address=machine.address,
            machine=self._settings.machine,
            folder=self._job_folder(planned),
        )

    def _job_folder(self, planned: PlannedJob) -> Path:
        return self._settings.folder / "jobs" / planned.job.id

    def _follow(self, worker: WorkerProcess, planned: PlannedJob) -> Ending:
        """Listen to a worker until its job has ended, and end the worker when it overruns a deadline."""
        settings = self._settings
        deadline = time.monotonic() + settings.setup_s
        limit = float("inf")
        while True:
            try:
                message = worker.receive(deadline, self._stop.aborted)
            except SilentError:
                ending = self._judge_silence(planned)
                self._end_worker(last_words=True)
                return ending
            if message["say"] == "done":
                return Ending.from_json({key: value for key, value in message.items() if key != "say"})
            self._phase, self._step = message["phase"], message["step"]
            self._events.put(Progressed(self._number, self._phase, self._step))
            now = time.monotonic()
            if self._phase == "act":
                limit = now + planned.time_s + settings.grace_s if self._step == 0 else limit
                deadline = min(now + settings.act_s, limit)
            else:
                deadline = now + (settings.step_s if self._phase == "step" else settings.setup_s)

    def _judge_silence(self, planned: PlannedJob) -> Ending:
        """A worker that was silent beyond its deadline: a hang of the agent where it was the agent's turn, else of ours."""
        if self._phase == "act":
            return self._agents_fault(planned, f"the agent did not answer in time (step {self._step})")
        return Ending(None, f"the worker was stuck in {self._phase!r} at step {self._step}", steps=self._step)

    def _judge_death(self, gone: GoneError, planned: PlannedJob, machine: Machine) -> Ending:
        """A worker that ended by itself: the desktop's fault where that is dead, else the agent's, if it was there already.

        An end that was not the worker's own is nobody's fault: the job is run again.
        """
        self._end_worker()
        problem = machine.problem()
        if problem is not None:
            return Ending(None, f"{gone}, and the desktop is not well: {problem}")
        if self._phase == "setup" or not gone.is_its_own:
            return Ending(None, f"{gone} in {self._phase!r}")
        return self._agents_fault(planned, f"the agent ended its process: {gone}")

    def _agents_fault(self, planned: PlannedJob, what: str) -> Ending:
        words = _tail(self._job_folder(planned) / "log.txt")
        return Ending(Status.AGENT_ERROR, f"{what}; its last words: {words}", steps=max(self._step - 1, 0))

    def _finished(self, planned: PlannedJob, ending: Ending, attempts: int, total_s: float, started: str) -> Finished:
        job = planned.job
        assert ending.status is not None
        trajectory = Path("jobs") / job.id / "trajectory.json"
        result = Result(
            job_id=job.id,
            task=job.task,
            episode_digest=job.episode_digest,
            agent=job.agent,
            seed=job.seed,
            trial=job.trial,
            status=ending.status,
            ended=ending.ended,
            steps=ending.steps,
            reason="" if ending.status is Status.SCORED else ending.reason,
            attempts=attempts,
            timings_s=ending.timings_s | {"total": total_s},
            usage=ending.usage,
            versions=program_versions(self._desktops.facts),
            trajectory=str(trajectory) if (self._settings.folder / trajectory).exists() else "",
            started=started,
        )
        grading = None
        if ending.verdict is not None:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            grading = Grading(job.id, ending.grader_digest, ending.verdict, now)
        return Finished(self._number, planned, result, grading)


def _tail(log: Path, length: int = 600) -> str:
    """The last of what a worker printed; of a crash, what was printed about that."""
    try:
        text = log.read_bytes()[-20 * length :].decode(errors="replace").strip()
    except OSError:
        return "(none)"
    crash = text.rfind("Fatal Python error")
    return (text[crash:][:length] if crash >= 0 else text[-length:]) or "(none)"
