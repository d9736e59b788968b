"""A run folder's rows: `rows.jsonl` is the truth, append-only, with one writer at a time.

Each line is one JSON object, `{"row": "result", …}` (see `Result`) or `{"row": "verdict", …}` (see `Grading`). A job's
verdict stands before its result, so that the result's line is what commits both. Whoever reads takes the file in order:
a later result of a job replaces an earlier one, a later verdict replaces the score.
"""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from osarena.errors import StoreError
from osarena.grading.model import Verdict
from osarena.runner.model import Grading, Result, Status

logger = logging.getLogger(__name__)

# Kept free for the rows of finished episodes, for when the disk fills up in mid-run.
_RESERVE_BYTES = 1 << 20
_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass
class Rows:
    """What the rows of a run say, by job id."""

    results: dict[str, Result] = field(default_factory=dict)
    gradings: dict[str, list[Grading]] = field(default_factory=dict)
    # US dollars that all episodes have cost, those of jobs that were run again among them.
    cost_usd: float = 0.0

    def verdict(self, job_id: str) -> Verdict | None:
        """The latest verdict on a job, or `None` where there is none."""
        given = self.gradings.get(job_id)
        return given[-1].verdict if given else None

    def status(self, job_id: str) -> Status | None:
        """What became of a job, `None` where it has no row. A verdict that was given later turns CHECKER_ERROR into SCORED."""
        result = self.results.get(job_id)
        if result is None:
            return None
        if result.status is Status.CHECKER_ERROR and self.gradings.get(job_id):
            return Status.SCORED
        return result.status

    def is_counted(self, job_id: str) -> bool:
        """Whether a job has its row in the denominator, and need not be run again."""
        status = self.status(job_id)
        return status is not None and status.is_counted

    def score(self, job_id: str) -> float | None:
        """The job's score in [0, 1]; `None` where it has none."""
        match self.status(job_id):
            case Status.SCORED:
                verdict = self.verdict(job_id)
                return None if verdict is None else verdict.score
            case Status.AGENT_ERROR:
                return 0.0
            case _:
                return None

    def add(self, record: Mapping[str, Any]) -> None:
        """Take in one row."""
        if record["row"] == "verdict":
            grading = Grading.from_json(record)
            self.gradings.setdefault(grading.job_id, []).append(grading)
        elif record["row"] == "result":
            result = Result.from_json(record)
            self.results[result.job_id] = result
            self.cost_usd += result.usage.get("cost_usd", 0.0)
            if result.status is not Status.SCORED:
                self.gradings.pop(result.job_id, None)  # of an earlier attempt
        else:
            raise ValueError(f"unknown kind of row {record['row']!r}")


def read_rows(folder: Path) -> Rows:
    """All rows of a run folder; a last line that is not ended yet is left to its writer.

    Raises:
        StoreError: the file cannot be read, or a line in it is damaged.
    """
    rows = Rows()
    for number, line in _lines(folder / "rows.jsonl"):
        try:
            rows.add(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{folder / 'rows.jsonl'}, line {number}, is damaged ({error}): {line[:120]!r}") from error
    return rows


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror}") from error
    complete = data[: data.rfind(b"\n") + 1]
    for number, line in enumerate(complete.splitlines(), start=1):
        if line.strip():
            yield number, line


class RowWriter:
    """The one writer of a run folder. Used as a context: entering makes the folder, takes its lock and mends a torn last line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "rows.jsonl"
        self._lock = -1
        self._rows = -1

    def __enter__(self) -> Self:
        """Become the folder's writer.

        Raises:
            StoreError: another runner writes here, or the folder cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = _take_lock(self.folder)
            _mend_last_line(self.path)
            self._rows = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
            self._keep_reserve()
        except OSError as error:
            self.close()
            raise StoreError(cannot_write(self.folder, error)) from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the folder up. May be called twice."""
        if self._rows >= 0:
            self._reserve.unlink(missing_ok=True)
            os.close(self._rows)
        if self._lock >= 0:
            os.close(self._lock)
        self._rows = self._lock = -1

    def append(self, result: Result, grading: Grading | None = None) -> None:
        """Write a job's result and its verdict, and wait until they are on the disk.

        Raises:
            StoreError: the disk is full or fails; the text says whether these rows are kept. The rows before are.
        """
        records = [] if grading is None else [{"row": "verdict"} | grading.to_json()]
        self._append([*records, {"row": "result"} | result.to_json()])

    def append_grading(self, grading: Grading) -> None:
        """Write one more verdict on a job that has its result (raises as `append`)."""
        self._append([{"row": "verdict"} | grading.to_json()])

    def _append(self, records: list[dict[str, Any]]) -> None:
        data = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()
        try:
            self._write(data)
        except OSError as error:
            if error.errno not in _FULL or not self._reserve.exists():
                raise StoreError(f"{cannot_write(self.path, error)}. Its last row is lost, all before are kept") from error
            self._reserve.unlink()
            self._write_from_reserve(data)
            raise StoreError(f"{cannot_write(self.folder, error)}. Every finished episode's row is kept") from error

    def _write_from_reserve(self, data: bytes) -> None:
        try:
            self._write(data)
        except OSError as error:
            raise StoreError(f"{cannot_write(self.path, error)}. Its last row is lost, all before are kept") from error

    def _write(self, data: bytes) -> None:
        """Append all of `data` or nothing."""
        end = os.fstat(self._rows).st_size
        try:
            written = 0
            while written < len(data):
                written += os.write(self._rows, data[written:])
            os.fsync(self._rows)
        except OSError:
            os.ftruncate(self._rows, end)
            raise

    @property
    def _reserve(self) -> Path:
        return self.folder / ".reserve"

    def _keep_reserve(self) -> None:
        descriptor = os.open(self._reserve, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            os.posix_fallocate(descriptor, 0, _RESERVE_BYTES)
        finally:
            os.close(descriptor)


def cannot_write(path: Path, error: OSError) -> str:
    """One sentence on why a path of a run folder cannot be written, with what to do about it."""
    remedy = {
        errno.ENOSPC: "; free some space and repeat the command, it goes on where it was",
        errno.EDQUOT: "; free some of your quota and repeat the command, it goes on where it was",
        errno.EROFS: "; give another folder with --out",
        errno.EACCES: "; give another folder with --out",
        errno.EPERM: "; give another folder with --out",
    }.get(error.errno or 0, "")
    return f"cannot write {path}: {error.strerror or error}{remedy}"


def write_atomically(path: Path, data: bytes) -> None:
    """Put a whole file in the place of what was there; a reader sees the old or the new, never a part."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _take_lock(folder: Path) -> int:
    """The descriptor that holds the folder's lock; the file says who holds it."""
    descriptor = os.open(folder / ".runner", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip() or "unknown process"
        os.close(descriptor)
        raise StoreError(f"another runner ({holder}) is writing to {folder}; wait for it, or give another --out") from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"process {os.getpid()} on {socket.gethostname()}\n".encode(), 0)
    return descriptor


def _mend_last_line(path: Path) -> None:
    """End the file with a whole row: a torn last line, of a writer that was killed, is moved to `rows.torn.jsonl`."""
    data = path.read_bytes() if path.exists() else b""
    torn = data[data.rfind(b"\n") + 1 :]
    if not torn:
        return
    with path.with_name("rows.torn.jsonl").open("ab") as aside:
        aside.write(torn + b"\n")
        aside.flush()
        os.fsync(aside.fileno())
    os.truncate(path, len(data) - len(torn))
    logger.warning("the last line of %s was torn off in the writing; it is kept in rows.torn.jsonl", path)
