"""Files that tasks take from the web: fetched once by the host into a cache, then read from there, never by a desktop.

A value `{"download": "https://…"}` of a task is the file's bytes. `osarena task fetch` fills the cache::

    <cache>/<digest of the address>/
        data             the file
        record.json      the address, the SHA-256 of the file when it was first fetched, its size in bytes
        data.part        what is there of a file that is being fetched; the next fetch goes on from its end

The cache is `$OSARENA_DOWNLOADS`, or `~/.cache/osarena/downloads`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osarena.errors import StoreError, TaskError
from osarena.tasks.model import Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

MAX_BYTES = 4 << 30
_ATTEMPTS = 3
_TIMEOUT_S = 60.0

# Told while a file is fetched: bytes that are there, and how many it has in all (None where the server does not say).
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a file in the cache."""

    url: str
    sha256: str
    size: int  # bytes


def cache_folder() -> Path:
    """Where fetched files are kept."""
    chosen = os.environ.get("OSARENA_DOWNLOADS")
    return Path(chosen).expanduser() if chosen else Path.home() / ".cache" / "osarena" / "downloads"


def urls_of(task: Task) -> list[str]:
    """The addresses of all files that a task takes from the web, each once."""
    urls = [spec["download"] for spec in task.values.values() if isinstance(spec, Mapping) and "download" in spec]
    return list(dict.fromkeys(urls))


def record_of(url: str) -> Record | None:
    """What is known of a file, or `None` where it is not in the cache."""
    try:
        return Record(**json.loads((_folder_of(url) / "record.json").read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def read(url: str) -> bytes:
    """The bytes of a file in the cache.

    Raises:
        TaskError: it has not been fetched, or is not what was fetched.
    """
    record = record_of(url)
    if record is None:
        raise TaskError(f"{url} has not been fetched; `osarena task fetch SUITE` does that, once")
    try:
        data = (_folder_of(url) / "data").read_bytes()
    except OSError as error:
        raise TaskError(
            f"{url} was fetched, but cannot be read: {error.strerror}; `osarena task fetch SUITE` mends that"
        ) from error
    if sha256(data).hexdigest() != record.sha256:
        raise TaskError(f"{url} was changed in the cache; remove {_folder_of(url)} and fetch it again")
    return data


def keep(url: str, data: bytes) -> Record:
    """Put a file into the cache as though it had been fetched.

    Raises:
        StoreError: the cache cannot be written.
    """
    with _writing(url) as folder:
        (folder / "data.part").write_bytes(data)
        return _finish(url, folder)


def fetch(url: str, client: httpx.Client, progress: Progress = lambda done, total: None) -> Record:
    """Bring a file into the cache, unless it is there; goes on where an earlier attempt was cut off.

    Raises:
        TaskError: the server does not give it, or breaks off again and again; what came of it is kept.
        StoreError: the cache cannot be written.
    """
    import httpx

    known = record_of(url)
    if known is not None and (_folder_of(url) / "data").is_file():
        progress(known.size, known.size)
        return known
    with _writing(url) as folder:
        problem: Exception | None = None
        for _ in range(_ATTEMPTS):
            try:
                _go_on(url, client, folder, progress)
                return _finish(url, folder, known)
            except httpx.HTTPStatusError as error:
                raise TaskError(f"{url}: the server answers {error.response.status_code}") from error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                problem = error
        raise TaskError(f"{url}: {problem or 'no answer'}") from problem


def _go_on(url: str, client: httpx.Client, folder: Path, progress: Progress) -> None:
    """Fetch what is missing of a file, from the end of what is there."""
    part, etag = folder / "data.part", folder / "etag"
    done = part.stat().st_size if part.is_file() else 0
    headers = {"Accept-Encoding": "identity"}
    if done and etag.is_file():
        # Of a file that has changed meanwhile the server sends the whole.
        headers |= {"Range": f"bytes={done}-", "If-Range": etag.read_text()}
    with client.stream("GET", url, headers=headers, follow_redirects=True, timeout=_TIMEOUT_S) as answer:
        if answer.status_code == 416:  # nothing is missing
            return
        answer.raise_for_status()
        goes_on = answer.status_code == 206
        done = done if goes_on else 0
        if not goes_on:
            _remember(etag, answer.headers.get("etag", ""))
        length = answer.headers.get("content-length", "")
        total = done + int(length) if length.isdecimal() else None
        with part.open("ab" if goes_on else "wb") as file:
            for piece in answer.iter_raw():
                file.write(piece)
                done += len(piece)
                if done > MAX_BYTES:
                    raise TaskError(f"{url} has over {MAX_BYTES >> 30} GB, which is too much")
                progress(done, total)


def _remember(file: Path, etag: str) -> None:
    # A weak tag does not promise the same bytes, so nothing can be added to what is there.
    if etag and not etag.startswith("W/"):
        file.write_text(etag)
    else:
        file.unlink(missing_ok=True)


def _finish(url: str, folder: Path, known: Record | None = None) -> Record:
    part = folder / "data.part"
    record = Record(url, _digest(part), part.stat().st_size)
    (folder / "etag").unlink(missing_ok=True)
    if known is not None and known.sha256 != record.sha256:
        part.unlink()
        raise TaskError(f"{url} is not what it was when it was first fetched; remove {folder} to take it as it is now")
    part.replace(folder / "data")
    unfinished = folder / f".record.{os.getpid()}"
    unfinished.write_text(json.dumps(asdict(record), indent=1))
    unfinished.replace(folder / "record.json")
    return record


def _digest(file: Path) -> str:
    digest = sha256()
    with file.open("rb") as opened:
        while piece := opened.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _folder_of(url: str) -> Path:
    return cache_folder() / sha256(url.encode()).hexdigest()[:32]


@contextmanager
def _writing(url: str) -> Iterator[Path]:
    folder = _folder_of(url)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
    except OSError as error:
        raise StoreError(f"cannot keep {url} in {folder}: {error.strerror}") from error


def without_files(task: Task) -> Task:
    """The task with an empty text in place of each that it takes from the web, to see whether all else in it is right."""
    values: dict[str, Any] = {
        name: {"literal": ""} if isinstance(spec, Mapping) and "download" in spec else spec for name, spec in task.values.items()
    }
    return task.model_copy(update={"values": values})
