"""The lock file of a run: what was run, on what, so that it can be repeated and its rows can be told from others'.

`lock.json` holds the agent, the suite, the desktop and the plan (the denominator), which the same command must meet
again; and one entry in `sessions` for each time that a runner worked on the folder, with versions and resources.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import distributions, version
from pathlib import Path
from typing import Any

from osarena.errors import StoreError, UsageError
from osarena.providers.base import MachineSpec
from osarena.runner.plan import Plan
from osarena.runner.store import cannot_write, write_atomically

SCHEMA = "osarena/lock@1"


@dataclass(frozen=True, slots=True)
class LockFile:
    """`lock.json` as data."""

    # Suite, agent, provider, machine and settings: a folder has one of each.
    identity: Mapping[str, Any]
    # One record per job of the plan, `PlannedJob.to_json`.
    jobs: tuple[Mapping[str, Any], ...] = ()
    sessions: tuple[Mapping[str, Any], ...] = ()
    # Jobs of earlier commands whose task has changed since; their rows stay, but count no more.
    outdated: tuple[Mapping[str, Any], ...] = field(default=())

    def extended(self, jobs: Sequence[Mapping[str, Any]]) -> LockFile:
        """With more jobs in the plan. A job whose task has changed takes the place of the one that it was."""
        new = {_episode(job): job for job in jobs}
        kept = [job for job in self.jobs if _episode(job) not in new or new[_episode(job)]["id"] == job["id"]]
        gone = tuple(job for job in self.jobs if job not in kept)
        merged = {job["id"]: job for job in (*kept, *jobs)}
        return LockFile(self.identity, tuple(merged.values()), self.sessions, (*self.outdated, *gone))

    def to_json(self) -> dict[str, Any]:
        """As it stands on the disk."""
        return {
            "schema": SCHEMA,
            **self.identity,
            "jobs": list(self.jobs),
            "outdated": list(self.outdated),
            "sessions": list(self.sessions),
        }


def identity_of(plan: Plan, *, provider: str, provider_arguments: Mapping[str, Any], machine: MachineSpec) -> dict[str, Any]:
    """The part of the lock file that must be the same whenever the folder is used again."""
    left_out = {"left_out": {task: list(needs) for task, needs in plan.left_out.items()}} if plan.left_out else {}
    return left_out | {
        "suite": plan.suite.name,
        "suite_source": plan.suite_source,
        "agent": {"name": plan.agent.name, "arguments": dict(plan.agent.arguments), "spec": str(plan.agent)},
        "provider": {"name": provider, "arguments": dict(provider_arguments)},
        "machine": asdict(machine),
    }


def session_record(command: Sequence[str]) -> dict[str, Any]:
    """Who works on the folder now, with what versions and resources."""
    return {
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": list(command),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cpus": os.cpu_count(),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
        "packages": _package_versions(),
    }


def read_lock(folder: Path) -> LockFile | None:
    """The lock file of a run folder, or `None` where there is none yet.

    Raises:
        StoreError: it cannot be read, or is no lock file of ours.
    """
    path = folder / "lock.json"
    try:
        record = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise StoreError(f"cannot read {path}: {error}") from error
    if not isinstance(record, dict) or record.pop("schema", None) != SCHEMA:
        raise StoreError(f"{path} is not a lock file of the form {SCHEMA}")
    parts = {name: tuple(record.pop(name, ())) for name in ("jobs", "outdated", "sessions")}
    return LockFile(record, **parts)


def lock(folder: Path, identity: Mapping[str, Any], jobs: Iterable[Mapping[str, Any]], session: Mapping[str, Any]) -> LockFile:
    """Write the lock file of a new run, or extend the one that is there by this session and its jobs.

    Raises:
        UsageError: the folder holds a run of something else; the text says of what.
        StoreError: it cannot be read or written.
    """
    former = read_lock(folder)
    if former is None:
        former = LockFile(_as_json(identity))
    else:
        check_identity(folder, former, identity)
    extended = former.extended(list(jobs))
    locked = LockFile(extended.identity, extended.jobs, (*extended.sessions, session), extended.outdated)
    _write(folder, locked)
    return locked


def note_desktop(folder: Path, locked: LockFile, facts: Mapping[str, str]) -> LockFile:
    """Add to the latest session what the provider says of its desktops, once there is one (raises StoreError)."""
    session = dict(locked.sessions[-1]) | {"desktop": dict(facts)}
    noted = LockFile(locked.identity, locked.jobs, (*locked.sessions[:-1], session), locked.outdated)
    _write(folder, noted)
    return noted


def _write(folder: Path, locked: LockFile) -> None:
    path = folder / "lock.json"
    try:
        write_atomically(path, json.dumps(locked.to_json(), indent=1).encode() + b"\n")
    except OSError as error:
        raise StoreError(cannot_write(path, error)) from error


def check_identity(folder: Path, former: LockFile, identity: Mapping[str, Any]) -> None:
    """Refuse to mix two runs in one folder.

    Raises:
        UsageError: suite, agent, provider or desktop differ.
    """
    wanted = _as_json(identity)
    differences = [
        f"{name} is {_brief(former.identity.get(name))}, not {_brief(wanted[name])}"
        for name in wanted
        if name not in ("suite_source", "left_out")  # a suite may be moved, and other tasks of it be chosen
        and former.identity.get(name) != wanted[name]
    ]
    if differences:
        raise UsageError(f"{folder} holds another run: its {'; its '.join(differences)}. Give another folder with --out")


def _as_json(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record as it comes back from the disk (tuples become lists)."""
    normalised: dict[str, Any] = json.loads(json.dumps(record))
    return normalised


def _brief(value: Any) -> str:
    return str(value["spec"]) if isinstance(value, dict) and "spec" in value else json.dumps(value)


def _episode(job: Mapping[str, Any]) -> tuple[str, int, int]:
    return job["task"], job["seed"], job["trial"]


def _package_versions() -> dict[str, str]:
    """Every installed distribution: an agent may use any of them."""
    return dict(sorted((found.metadata["Name"] or "?", found.version) for found in distributions()))


def program_versions(facts: Mapping[str, str]) -> dict[str, str]:
    """What every row says of the program and the desktop that it was made with."""
    return {"osarena": version("osarena"), "python": platform.python_version()} | dict(facts)
