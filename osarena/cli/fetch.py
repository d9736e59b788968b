"""`osarena task fetch`: bring the files that tasks take from the web into the cache."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import httpx
    from rich.progress import Progress

HELP = """Files go into $OSARENA_DOWNLOADS, or ~/.cache/osarena/downloads, each with the SHA-256 that it had when it was first
fetched. Files that are there are passed over; one that was broken off is gone on with. Ctrl-C loses nothing.

With --json, one object on standard output: files (how many there are), fetched, bytes, failed (file, problem).

Examples:

  osarena task fetch osworld:~/OSWorld

  osarena task fetch osworld:~/OSWorld --task 'libreoffice_calc/*' --parallel 8

Exit code 0: all files are there; 1: some could not be fetched; 2: there is no such suite or task.
"""


def fetch(
    suite: Annotated[str, typer.Argument(help="Name or path of a suite, or osworld:PATH, waa:PATH.")],
    task: Annotated[list[str], typer.Option(help="Id or pattern of the tasks (chrome/*); all by default.")] = [],  # noqa: B006
    parallel: Annotated[int, typer.Option(min=1, max=32, help="Files at once.")] = 4,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")] = False,
) -> None:
    """Fetch the files that tasks take from the web, once."""
    from osarena.tasks.downloads import record_of, urls_of
    from osarena.tasks.load import load_suite

    urls = list(dict.fromkeys(url for chosen in load_suite(suite).select(task) for url in urls_of(chosen)))
    missing = [url for url in urls if record_of(url) is None]
    failed = _fetch_all(missing, parallel)
    size = sum(record.size for url in urls if (record := record_of(url)) is not None)
    if as_json:
        failures = [{"file": url, "problem": problem} for url, problem in failed.items()]
        told = {"files": len(urls), "fetched": len(missing) - len(failed), "bytes": size, "failed": failures}
        print(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        for problem in failed.values():
            print(problem)
        print(f"{len(urls) - len(failed)} of {len(urls)} files are in the cache ({size / 1e6:.1f} MB)")
    if failed:
        raise typer.Exit(1)


def _fetch_all(urls: Sequence[str], parallel: int) -> dict[str, str]:
    """Fetch files, with progress; the problems, by address."""
    import httpx
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from osarena.errors import TaskError

    failed: dict[str, str] = {}
    with ExitStack() as stack:
        client = stack.enter_context(httpx.Client())
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        progress = stack.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
        whole = progress.add_task(f"0 of {len(urls)} files", total=None)
        threads = stack.enter_context(ThreadPoolExecutor(parallel))
        futures: dict[Future[None], str] = {threads.submit(_fetch_one, url, client, progress): url for url in urls}
        # After Ctrl-C what has not begun must not begin; what has is kept as far as it came.
        stack.callback(threads.shutdown, wait=False, cancel_futures=True)
        for done, future in enumerate(as_completed(futures), 1):
            try:
                future.result()
            except TaskError as error:
                failed[futures[future]] = str(error)
            progress.update(whole, description=f"{done} of {len(urls)} files", total=len(urls), completed=done)
    return failed


def _fetch_one(url: str, client: httpx.Client, progress: Progress) -> None:
    from osarena.tasks import downloads

    bar = progress.add_task(url.rpartition("/")[2][:40], total=None)
    try:
        downloads.fetch(url, client, lambda done, total: progress.update(bar, completed=done, total=total))
    finally:
        progress.remove_task(bar)
