"""A run in numbers, from its plan and its rows.

The plan is what a run is measured against, never the rows that happen to be there. `mean` is over the episodes that have
a score (SCORED, and AGENT_ERROR as 0); what has none (a failure of ours, of a model's service, or not run yet) is shown
beside it, with the `worst` and the `best` mean that it allows.

`RunReport.to_json` is what ``osarena run --json`` and ``osarena report --json`` print:

==============  ====================================================================================================
``run``         path of the run folder                     ``suite``, ``agent``   what was run
``jobs``        episodes planned                           ``counted``            of these, how many have a score
``not_run``     of these, how many have no row             ``status``             how many rows there are of each status
``solved``      episodes with score 1                      ``mean``               of the counted ones; null if there is none
``interval``    95 % Wilson interval of the mean           ``worst``, ``best``    the mean if all others were 0, or 1
``apps``        one object per application, ``tasks``      one per task: ``app`` or ``task``, and jobs, counted, not_run,
                                                           status, solved, mean, interval, worst, best as above
``rows``        one object per planned episode: ``task``, ``seed``, ``trial``, ``status`` (null: not run), ``score``, ``solved``
                (score 1), ``ended``, ``steps``, ``seconds``, ``reason``, ``attempts``, ``job_id``, ``trajectory`` (path, or null)
``kinds``       "feasible" and "infeasible" tasks apart, where there are both, one object each like those of ``apps``
``usage``       tokens, cost and model calls, summed up
==============  ====================================================================================================
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osarena.errors import UsageError
from osarena.report.stats import wilson_interval
from osarena.runner.lock import read_lock
from osarena.runner.model import Status
from osarena.runner.store import Rows, read_rows

# A score this close to 1 is a 1 that went through floating point.
_SOLVED = 1 - 1e-9


@dataclass(frozen=True, slots=True)
class Episode:
    """One planned job and what became of it. `status` is `None` where it has no row, `score` where it has none."""

    job_id: str
    task: str
    seed: int
    trial: int
    is_infeasible: bool = False
    status: Status | None = None
    score: float | None = None
    ended: str = ""
    steps: int = 0
    seconds: float = 0.0
    reason: str = ""
    attempts: int = 0
    trajectory: str = ""  # relative to the run folder; empty where there is none

    @property
    def task_id(self) -> str:
        """Without the suite."""
        return self.task.partition(":")[2]

    @property
    def app(self) -> str:
        """The application that the task belongs to."""
        return self.task_id.partition("/")[0]

    @property
    def is_solved(self) -> bool:
        """Whether the score is 1."""
        return self.score is not None and self.score >= _SOLVED

    def to_json(self) -> dict[str, Any]:
        """A JSON object; see the module's table."""
        return {
            "task": self.task,
            "seed": self.seed,
            "trial": self.trial,
            "status": self.status,
            "score": self.score,
            "solved": self.is_solved,
            "ended": self.ended or None,
            "steps": self.steps,
            "seconds": self.seconds,
            "reason": self.reason,
            "attempts": self.attempts,
            "job_id": self.job_id,
            "trajectory": self.trajectory or None,
        }


@dataclass(frozen=True, slots=True)
class Score:
    """Some episodes in numbers."""

    jobs: int
    counted: int
    solved: int
    total: float  # sum of the scores
    status: Mapping[Status, int]

    @property
    def not_run(self) -> int:
        """Planned, but without a row."""
        return self.jobs - sum(self.status.values())

    @property
    def mean(self) -> float | None:
        """Over the counted episodes."""
        return self.total / self.counted if self.counted else None

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the mean."""
        return wilson_interval(self.total, self.counted)

    @property
    def worst(self) -> float:
        """The mean of the whole plan if every episode without a score were 0."""
        return self.total / self.jobs if self.jobs else 0.0

    @property
    def best(self) -> float:
        """The mean of the whole plan if every episode without a score were 1."""
        return (self.total + self.jobs - self.counted) / self.jobs if self.jobs else 1.0

    def to_json(self) -> dict[str, Any]:
        """A JSON object; see the module's table."""
        return {
            "jobs": self.jobs,
            "counted": self.counted,
            "not_run": self.not_run,
            "status": {status.value: self.status.get(status, 0) for status in Status},
            "solved": self.solved,
            "mean": self.mean,
            "interval": list(self.interval),
            "worst": self.worst,
            "best": self.best,
        }


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run in numbers: the whole, by application, by task, and every planned episode."""

    folder: Path
    suite: str
    agent: str
    score: Score
    apps: Mapping[str, Score]
    tasks: Mapping[str, Score]
    kinds: Mapping[str, Score]  # "feasible" and "infeasible" tasks; empty where there are not both
    episodes: tuple[Episode, ...]
    usage: Mapping[str, float]
    lock: Mapping[str, Any]

    @property
    def is_complete(self) -> bool:
        """Whether every planned episode has a score."""
        return self.score.counted == self.score.jobs

    def to_json(self) -> dict[str, Any]:
        """A JSON object; see the module's table."""
        return {
            "run": str(self.folder),
            "suite": self.suite,
            "agent": self.agent,
            **self.score.to_json(),
            "apps": [{"app": app} | score.to_json() for app, score in self.apps.items()],
            "tasks": [{"task": task} | score.to_json() for task, score in self.tasks.items()],
            "kinds": [{"kind": kind} | score.to_json() for kind, score in self.kinds.items()],
            "rows": [episode.to_json() for episode in self.episodes],
            "usage": dict(self.usage),
        }


def report_on(folder: Path) -> RunReport:
    """The run of a folder in numbers.

    Raises:
        UsageError: it is no run folder.
        StoreError: it cannot be read.
    """
    locked = read_lock(folder)
    if locked is None:
        raise UsageError(f"{folder} is no run folder: it has no lock.json")
    rows = read_rows(folder)
    episodes = tuple(_episode(job, rows) for job in locked.jobs)
    in_order = tuple(sorted(episodes, key=lambda episode: (episode.task, episode.seed, episode.trial)))
    kinds = _grouped(in_order, lambda episode: "infeasible" if episode.is_infeasible else "feasible")
    return RunReport(
        folder=folder,
        suite=locked.identity["suite"],
        agent=locked.identity["agent"]["spec"],
        score=score_of(in_order),
        apps=_grouped(in_order, lambda episode: episode.app),
        tasks=_grouped(in_order, lambda episode: episode.task_id),
        kinds=kinds if len(kinds) > 1 else {},
        episodes=in_order,
        usage=_usage(rows, in_order),
        lock=locked.to_json(),
    )


def score_of(episodes: Sequence[Episode]) -> Score:
    """Some episodes in numbers."""
    scores = [episode.score for episode in episodes if episode.score is not None]
    status = Counter(episode.status for episode in episodes if episode.status is not None)
    solved = sum(episode.is_solved for episode in episodes)
    return Score(len(episodes), len(scores), solved, sum(scores), status)


def _grouped(episodes: Sequence[Episode], key: Callable[[Episode], str]) -> dict[str, Score]:
    groups: dict[str, list[Episode]] = {}
    for episode in episodes:
        groups.setdefault(key(episode), []).append(episode)
    return {name: score_of(group) for name, group in groups.items()}


def _episode(job: Mapping[str, Any], rows: Rows) -> Episode:
    result = rows.results.get(job["id"])
    is_infeasible = bool(job.get("infeasible"))
    if result is None:
        return Episode(job["id"], job["task"], job["seed"], job["trial"], is_infeasible)
    verdict = rows.verdict(job["id"])
    return Episode(
        job_id=job["id"],
        task=job["task"],
        seed=job["seed"],
        trial=job["trial"],
        is_infeasible=is_infeasible,
        status=rows.status(job["id"]),
        score=rows.score(job["id"]),
        ended=result.ended,
        steps=result.steps,
        seconds=result.timings_s.get("total", 0.0),
        reason=result.reason if verdict is None else verdict.reason,
        attempts=result.attempts,
        trajectory=result.trajectory,
    )


def _usage(rows: Rows, episodes: Iterable[Episode]) -> dict[str, float]:
    total: Counter[str] = Counter()
    for episode in episodes:
        result = rows.results.get(episode.job_id)
        total.update(result.usage if result else {})
    return dict(total)
