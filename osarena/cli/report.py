"""`osarena report`: a run in numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from osarena.report.tables import RunReport

JSON_HELP = """With --json, one object on standard output: run, suite, agent; jobs (episodes planned), counted (with a score),
not_run, status (how many rows of each), solved (score 1), mean (of the counted; null without any), interval (95 %, Wilson),
worst and best (if all others were 0, or 1); apps, tasks and kinds (the same for each application, for each
task, and for feasible and infeasible tasks where there are both); rows (one object per
planned episode: task, seed, trial, status, score, ended, steps, seconds, reason, attempts, job_id, trajectory); usage.

Examples:

  osarena report runs/core-oracle

  osarena report runs/core-oracle --json | jq .mean

  osarena report runs/core-oracle --contact-sheet tasks.webp

Exit code 0: every planned episode has a score; 1: some have none; 2: no run there.
"""


def report(
    run: Annotated[Path, typer.Argument(help="Run folder.")],
    sheet: Annotated[
        Path | None,
        typer.Option("--contact-sheet", help="Also picture each task's first and last screenshot (.webp, .png, .jpg)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")] = False,
) -> None:
    """Print the scores of a run, with intervals, and write its report.html."""
    from rich.console import Console

    from osarena.cli.tables import print_report
    from osarena.report.tables import report_on

    found = report_on(run)
    console = Console(stderr=as_json)
    print_report(found, console)
    write_page(found, console)
    if sheet is not None:
        _write_sheet(found, sheet, console)
    if as_json:
        print(json.dumps(found.to_json()))
    if not found.is_complete:
        raise typer.Exit(1)


def write_page(report: RunReport, console: Console) -> None:
    """Write report.html and say where it is; a folder that cannot be written keeps the one that it has."""
    from osarena.report.html import render
    from osarena.runner.store import cannot_write, write_atomically

    path = report.folder / "report.html"
    try:
        write_atomically(path, render(report).encode())
    except OSError as error:
        console.print(f"no report page: {cannot_write(path, error)}", highlight=False)
    else:
        console.print(f"report: {path}", highlight=False, soft_wrap=True)


def _write_sheet(report: RunReport, path: Path, console: Console) -> None:
    """Raises UsageError where it cannot be made or written."""
    from osarena.errors import UsageError
    from osarena.report.frames import contact_sheet

    if path.suffix.lower() not in (".webp", ".png", ".jpg", ".jpeg"):
        raise UsageError(f"--contact-sheet takes a name that ends in .webp, .png or .jpg, not {path.name!r}")
    picture = contact_sheet(report)
    try:
        picture.save(path)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from error
    console.print(f"contact sheet: {path}", highlight=False, soft_wrap=True)
