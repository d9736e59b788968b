"""What is to be run: the jobs of a suite for some seeds and trials, each with an id that the same command gives again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from osarena.errors import TaskError, UsageError
from osarena.grading.model import Infeasible
from osarena.runner.model import Job
from osarena.tasks.load import Suite, absolute, load_suite
from osarena.tasks.model import Task
from osarena.tasks.names import check_task
from osarena.tasks.values import make_variant


@dataclass(frozen=True, slots=True)
class AgentSpec:
    """Which agent, and the keyword arguments of its class; `name` is an entry point, a player, or ``module:Class``."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """The canonical text that names it in jobs and rows: ``navi(model="x", top=3)``."""
        if not self.arguments:
            return self.name
        return f"{self.name}({', '.join(f'{key}={json.dumps(value)}' for key, value in sorted(self.arguments.items()))})"

    @classmethod
    def parse(cls, name: str, arguments: Sequence[str]) -> AgentSpec:
        """The spec that ``--agent NAME --agent-arg key=value …`` describes.

        Raises:
            UsageError: an argument without a key.
        """
        return cls(name, parse_arguments("--agent-arg", arguments))


def parse_arguments(option: str, texts: Sequence[str]) -> dict[str, Any]:
    """``key=value`` pairs of the command line; a value is JSON where it can be read as such, else text."""
    arguments = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.isidentifier():
            raise UsageError(f"{option} takes key=value, not {text!r}")
        try:
            arguments[key] = json.loads(value)
        except ValueError:
            arguments[key] = value
    return arguments


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """A job with what the runner needs to know of its task."""

    job: Job
    grader_digest: str
    time_s: float = field(compare=False)  # the task's own limit
    is_infeasible: bool = field(default=False, compare=False)  # whether the right answer is that it cannot be done

    @property
    def task_id(self) -> str:
        """The task's id inside its suite."""
        return self.job.task.partition(":")[2]

    def to_json(self) -> dict[str, Any]:
        """As the lock file says it."""
        job = self.job
        return {
            "id": job.id,
            "task": job.task,
            "seed": job.seed,
            "trial": job.trial,
            "episode_digest": job.episode_digest,
            "grader_digest": self.grader_digest,
            "infeasible": self.is_infeasible,
        }


@dataclass(frozen=True, slots=True)
class Shard:
    """One of `count` parts of a plan. `index` counts from 1; 0 is the last one too, so that counting from 0 works as well."""

    index: int = 1
    count: int = 1

    def __contains__(self, job: Job) -> bool:
        return job.shard(self.count) == self.index % self.count

    @classmethod
    def parse(cls, text: str) -> Shard:
        """The shard that ``2/8`` means.

        Raises:
            UsageError: not of that form, or out of range.
        """
        index, _, count = text.partition("/")
        if not (index.isdecimal() and count.isdecimal() and int(index) <= int(count) and int(count) > 0):
            raise UsageError(f"--shard takes k/n with k from 1 to n, such as 2/8, not {text!r}")
        return cls(int(index), int(count))


@dataclass(frozen=True, slots=True)
class Plan:
    """The jobs of one command."""

    suite: Suite
    suite_source: str  # installed name or absolute path, for `load_suite`
    agent: AgentSpec
    jobs: tuple[PlannedJob, ...]
    # Tasks that cannot be run, and what each needs that no desktop here has.
    left_out: Mapping[str, Sequence[str]] = field(default_factory=dict)


def make_plan(
    suite: str,
    agent: AgentSpec,
    *,
    tasks: Sequence[str] = (),
    seeds: Sequence[int] = (0,),
    trials: int = 1,
    shard: Shard = Shard(),
) -> Plan:
    """The plan of a suite, tasks × seeds × trials, trial by trial so that a run that is stopped early covers the most tasks.

    Args:
        suite: name of a suite, or the path of a folder or task file.
        tasks: ids or patterns (``calc/*``) of the tasks to take; none means all. Those that need what no desktop here has are
            left out.

    Raises:
        TaskError: a task file is wrong.
        UsageError: there is no such suite or task, or nothing is left to run.
    """
    loaded = load_suite(suite)
    wanted = loaded.select(tasks)
    chosen = [task for task in wanted if not task.needs]
    if wanted and not chosen:
        first = wanted[0]
        raise UsageError(f"no desktop here has what these tasks need: {first.id} needs {', '.join(first.needs)}")
    _require_sound(chosen, loaded)
    planned = [
        _plan_job(task, loaded, agent, seed=seed, trial=trial) for trial in range(trials) for seed in seeds for task in chosen
    ]
    jobs = tuple(job for job in planned if job.job in shard)
    if not planned:
        raise UsageError(f"the suite {loaded.name!r} has no tasks, or no seed was given")
    return Plan(loaded, absolute(suite), agent, jobs, {task.id: task.needs for task in wanted if task.needs})


def parse_seeds(text: str) -> tuple[int, ...]:
    """``3`` is the seeds 0, 1, 2; ``4,7`` are these; ``10-19`` is a range, both ends included.

    Raises:
        UsageError: none of these.
    """
    try:
        if text.strip().isdecimal():
            seeds = list(range(int(text)))
        else:
            seeds = [seed for part in text.split(",") if part.strip() for seed in _seed_range(part)]
    except ValueError as error:
        raise UsageError(f"--seeds takes a count (3), seeds (4,7) or a range (10-19), not {text!r}") from error
    if not seeds:
        raise UsageError(f"--seeds {text!r} means no seed at all")
    return tuple(dict.fromkeys(seeds))


def _seed_range(part: str) -> range:
    first, dash, last = part.strip().partition("-")
    return range(int(first), int(last if dash else first) + 1)


def _require_sound(tasks: Sequence[Task], suite: Suite) -> None:
    """Raise TaskError where a task cannot be run as it is written, before a desktop is started for it."""
    for task in tasks:
        if problems := check_task(task, suite=suite.name, seeds=(0,)):
            raise TaskError(f"{suite.name}:{task.id}: {'; '.join(problems)} (osarena task check tells more)")


def _plan_job(task: Task, suite: Suite, agent: AgentSpec, *, seed: int, trial: int) -> PlannedJob:
    variant = make_variant(task, suite=suite.name, seed=seed)
    job = Job(task=variant.name, episode_digest=variant.episode_digest, agent=str(agent), seed=seed, trial=trial)
    return PlannedJob(job, variant.grader_digest, task.limits.time_s, isinstance(variant.check, Infeasible))
