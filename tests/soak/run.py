"""`python -m tests.soak.run`: many episodes while guests, X servers, workers and their server are killed at random.

The same jobs are run twice: undisturbed (or `--calm` names such a run), and with somebody who kills. In the end each job
must have exactly one counted row in both, with the same score; nothing may be left running; and the runner's memory must
not grow with the episodes. Where that does not hold, the runs are kept to be looked at.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from osarena.providers.local.leftovers import remove_leftovers
from tests.support.processes import Command, all_parents, processes_below

_FORKED = "multiprocessing.forkserver"
# With the server all workers end, so it is chosen less often.
_OFTEN = {"guest": 5, "X server": 5, "worker": 5, "server of workers": 1}
_VICTIMS = {"guest": "-m osarena_guest", "X server": "Xvnc ", "worker": _FORKED, "server of workers": _FORKED}
_REPETITIONS = 3  # of the command, until every job has its row; nobody kills during the last
_GROWTH = 1.25  # of the runner's memory, from the first quarter of the episodes to the end
_FEWEST_SAMPLES = 120
_LIMIT_S = 3600.0


@contextmanager
def _beside(work: Callable[[threading.Event], None]) -> Iterator[None]:
    """Let something work in a thread of its own until the context is left, which its event tells."""
    is_over = threading.Event()
    thread = threading.Thread(target=work, args=(is_over,))
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


@dataclass
class Killer:
    """Ends one process of a run at a time, chosen by chance among the kinds of victims."""

    rng: random.Random
    every_s: float
    killed: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def at_work(self, runner: int) -> Iterator[None]:
        """Kill until the context is left."""
        with _beside(lambda is_over: self._work(runner, is_over)):
            yield

    def _work(self, runner: int, is_over: threading.Event) -> None:
        while not is_over.wait(self.rng.expovariate(1 / self.every_s)):
            (kind,) = self.rng.choices(list(_OFTEN), list(_OFTEN.values()))
            found = victims(runner, kind)
            if found:
                with suppress(ProcessLookupError):
                    os.kill(self.rng.choice(found), signal.SIGKILL)
                    self.killed[kind] += 1


def victims(runner: int, kind: str) -> list[int]:
    """The processes of a kind that belong to a run."""
    found = {pid for pid, line in processes_below(runner).items() if _VICTIMS[kind] in line}
    if _VICTIMS[kind] != _FORKED:
        return sorted(found)
    # The workers are forked from a server that looks like them.
    parents = all_parents()
    return sorted(pid for pid in found if (parents.get(pid) in found) == (kind == "worker"))


@dataclass
class Memory:
    """The resident memory of a runner, in MB, once a second while it has workers: before and after it plans and reports."""

    samples: list[float] = field(default_factory=list)

    @contextmanager
    def watched(self, process: int) -> Iterator[None]:
        """Take samples until the context is left."""
        with _beside(lambda is_over: self._watch(process, is_over)):
            yield

    def growth(self) -> float:
        """The last tenth compared with the end of the first quarter."""
        if len(self.samples) < _FEWEST_SAMPLES:  # it is still starting
            return 1.0
        tenth = len(self.samples) // 10
        early = self.samples[len(self.samples) // 4 - tenth : len(self.samples) // 4 + 1]
        return max(self.samples[-tenth:]) / max(early)

    def _watch(self, process: int, is_over: threading.Event) -> None:
        while not is_over.wait(1.0):
            if not victims(process, "worker"):
                continue
            with suppress(OSError, StopIteration):
                status = Path(f"/proc/{process}/status").read_text().splitlines()
                self.samples.append(int(next(line for line in status if line.startswith("VmRSS")).split()[1]) / 1024)


def main(arguments: Sequence[str]) -> int:
    """Exit status 0 where everything held."""
    options = _parser().parse_args(arguments)
    rng = random.Random(options.seed)
    folder = Path(tempfile.mkdtemp(prefix="osarena-soak-"))
    print(f"runs are in {folder}", flush=True)
    calm = {job: outcome for run in options.calm for job, outcome in _counted(run).items()}
    if not calm:
        calm = _outcomes_of(folder / "calm", options, killer=None)
    killer = Killer(rng, options.every_s)
    wild = _outcomes_of(folder / "wild", options, killer=killer)
    problems = list(_differences({job: outcome for job, outcome in calm.items() if job in wild}, wild))
    problems += [f"left behind: {what}" for what in remove_leftovers()]
    solved = sum(outcome.score == 1 for outcome in wild.values())
    print(f"{len(wild)} jobs, killed: {dict(killer.killed)}, solved {solved}")
    for problem in problems:
        print(problem)
    if not problems:
        shutil.rmtree(folder)
    return 1 if problems else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", default="core")
    parser.add_argument("--task", action="append", default=[], help="id or pattern; all by default")
    parser.add_argument("--seeds", default="9", help="with 24 tasks, 9 seeds make 216 episodes")
    parser.add_argument("--parallel", default="4")
    parser.add_argument("--agent", default="oracle")
    parser.add_argument("--every-s", type=float, default=15.0, help="seconds between two kills, on average")
    parser.add_argument(
        "--calm", type=Path, action="append", default=[], help="folder of an undisturbed run of these jobs, and perhaps of more"
    )
    parser.add_argument("--seed", type=int, default=0, help="of who is killed when")
    return parser


@dataclass(frozen=True)
class Outcome:
    """How a job counts, and what its row says of it."""

    score: float
    row: str = field(compare=False)


def _outcomes_of(run: Path, options: argparse.Namespace, *, killer: Killer | None) -> dict[str, Outcome]:
    """The outcome of each job, after as many repetitions of the command as it takes; raises where jobs have no or two rows."""
    patterns = [word for pattern in options.task for word in ("--task", pattern)]
    command = ["run", "--suite", options.suite, *patterns, "--agent", options.agent, "--seeds", options.seeds]
    for repetition in range(_REPETITIONS):
        memory, start = Memory(), time.monotonic()
        runner = Command([*command, "--parallel", options.parallel, "--out", str(run)])
        with ExitStack() as stack:
            stack.enter_context(memory.watched(runner.process.pid))
            if killer is not None and repetition < _REPETITIONS - 1:
                stack.enter_context(killer.at_work(runner.process.pid))
            code, _, said = runner.finish(_LIMIT_S)
        runner.wait_until_nothing_runs(timeout_s=30)
        peak = max(memory.samples, default=0.0)
        seconds = time.monotonic() - start
        print(
            f"{run.name}: exit code {code} after {seconds:.0f} s; runner {peak:.0f} MB, growth {memory.growth():.2f}", flush=True
        )
        if memory.growth() > _GROWTH:
            raise SystemExit(f"the runner's memory grew by {memory.growth():.2f}")
        if code == 0:
            return _counted(run)
    raise SystemExit(f"not every job has a counted row after {_REPETITIONS} repetitions:\n{said}")


def _counted(run: Path) -> dict[str, Outcome]:
    rows = [json.loads(line) for line in (run / "rows.jsonl").read_text().splitlines()]
    planned = [job["id"] for job in json.loads((run / "lock.json").read_text())["jobs"]]
    results = [row for row in rows if row["row"] == "result" and row["status"] in ("SCORED", "AGENT_ERROR")]
    counted = Counter(row["job_id"] for row in results)
    if sorted(counted.items()) != sorted((job, 1) for job in planned):
        raise SystemExit(f"counted rows per job: {Counter(counted.values())}, of {len(planned)} jobs")
    verdicts = {row["job_id"]: row["verdict"] for row in rows if row["row"] == "verdict"}
    return {row["job_id"]: _outcome(row, verdicts.get(row["job_id"], {"score": 0.0, "reason": "no verdict"})) for row in results}


def _outcome(row: dict[str, Any], verdict: dict[str, Any]) -> Outcome:
    told = f"{row['task']} seed {row['seed']}: {row['status']}, {row['ended']}, {row['attempts']} attempts"
    return Outcome(verdict["score"], "; ".join(filter(None, (told, row["reason"], verdict["reason"]))))


def _differences(calm: dict[str, Outcome], wild: dict[str, Outcome]) -> Iterator[str]:
    for job in sorted(calm.keys() | wild.keys()):
        before, after = calm.get(job), wild.get(job)
        if before != after:
            yield f"job {job}: undisturbed {_told(before)}\n    with kills {_told(after)}"


def _told(outcome: Outcome | None) -> str:
    return f"{outcome.score} ({outcome.row})" if outcome else "none"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
