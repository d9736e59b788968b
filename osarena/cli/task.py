"""`osarena task`: what tasks there are, what is in one, whether it is well formed, and a new one to start from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from osarena.cli import fetch, play, prove

if TYPE_CHECKING:
    from osarena.tasks.load import Suite
    from osarena.tasks.model import Variant
    from osarena.tasks.overview import Seen

app = typer.Typer(help="Look at tasks, check them, prove them, and start new ones.", no_args_is_help=True)

LIST_HELP = """With --json, one object on standard output: suites, each with name, folder and tasks (id, version, instruction,
apps, tags (skills, difficulty, length, reads_screen), steps, counterexamples, proven).

Examples:

  osarena task list

  osarena task list core --json
"""
SHOW_HELP = """With --json, one object on standard output: task (name), seed, instruction, values, setup, check, solution,
counterexamples, limits, episode_digest, grader_digest. Files are shown by their size.

Examples:

  osarena task show core:calc/total-by-region

  osarena task show calc/total-by-region --seed 7 --json
"""
CHECK_HELP = """Of tasks with needs, or with files from the web, it also tells what these are, whether they run on a desktop of
osarena's ("offline", "once fetched", "not here"), and what their checks rest on.

With --json, one object on standard output: tasks (how many were read), well (whether there is none), problems (task or null,
file, problem), seen (id, file, errors, needs, rests_on, runs, files, files_missing), totals (runs, needs, rests_on).

Examples:

  osarena task check

  osarena task check core

  osarena task check path/to/task.json --json

  osarena task check osworld:~/OSWorld

  osarena task check waa:~/WindowsAgentArena --json

Exit code 0: every name in every task means something; 1: there are problems; 2: there is no such suite.
"""
NEW_HELP = """Examples:

  osarena task new mousepad/sort-names

  osarena task new calc/quarterly-report --suite office --package my_tasks
"""


@app.command("list", epilog=LIST_HELP)
def list_tasks(
    suite: Annotated[str | None, typer.Argument(help="Name or path of a suite; all installed ones by default.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")] = False,
) -> None:
    """List the tasks of a suite, or of all."""
    from osarena.tasks.load import list_suites, load_suite

    suites = [load_suite(name) for name in ([suite] if suite else list_suites())]
    records: list[dict[str, Any]] = [{"name": found.name, "folder": str(found.folder), "tasks": _rows(found)} for found in suites]
    if as_json:
        print(json.dumps({"suites": records}, indent=1, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    for record in records:
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("task", no_wrap=True)
        for column in ("difficulty", "length", "steps", "counterexamples", "proven"):
            table.add_column(column)
        for row in record["tasks"]:
            proven = "yes" if row["proven"] else "no"
            name = f"{record['name']}:{row['id']}"
            tags = row["tags"]
            table.add_row(name, tags["difficulty"], tags["length"], str(row["steps"]), str(row["counterexamples"]), proven)
        Console().print(table)


@app.command(epilog=SHOW_HELP)
def show(
    task: Annotated[str, typer.Argument(help='"suite:app/name", "app/name", or the path of a task file.')],
    seed: Annotated[int, typer.Option(help="Which variant.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")] = False,
) -> None:
    """Show a task for one seed, with its values filled in."""
    from osarena.tasks.load import find_task
    from osarena.tasks.values import make_variant

    suite, found = find_task(task)
    record = _described(make_variant(found, suite=suite.name, seed=seed))
    if as_json:
        print(json.dumps(record, indent=1, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.markup import escape

    console = Console()
    console.print(f"[bold]{record['task']}[/bold], seed {seed}\n\n{escape(record['instruction'])}\n", highlight=False)
    for part in ("values", "setup", "check", "solution", "counterexamples", "limits"):
        console.print(f"[bold]{part}[/bold]")
        console.print_json(json.dumps(record[part], ensure_ascii=False), indent=2)


@app.command(epilog=CHECK_HELP)
def check(
    suites: Annotated[
        list[str] | None,
        typer.Argument(
            help="Names or paths of suites or task files, or osworld:PATH, waa:PATH; all installed suites by default."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")] = False,
) -> None:
    """Check that task files are well formed and that every name in them means something. Starts no desktop."""
    from osarena.tasks.load import list_suites
    from osarena.tasks.overview import look_over, totals

    seen = [one for spec in suites or list_suites() for one in look_over(spec)]
    faulty = sum(bool(one.problems) for one in seen)
    count = sum(len(one.problems) for one in seen)
    if as_json:
        problems = [{"task": one.task, "file": str(one.file), "problem": words} for one in seen for words in one.problems]
        record = {"tasks": len(seen), "well": not faulty, "problems": problems, "seen": [one.to_json() for one in seen]}
        print(json.dumps(record | {"totals": totals(seen)}, indent=1, ensure_ascii=False))
    else:
        if any(one.needs or one.urls for one in seen):
            _print_needs(seen)
        for one in seen:
            for words in one.problems:
                print(f"{one.task}: {words}" if one.task else words)
        print(f"{len(seen)} task{'' if len(seen) == 1 else 's'}, {count or 'no'} problem{'' if count == 1 else 's'}")
    if faulty:
        raise typer.Exit(1)


@app.command(epilog="Example: osarena task schema > task.schema.json")
def schema() -> None:
    """Print the JSON Schema of a task file."""
    from osarena.tasks.model import Task

    record = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Task.model_json_schema(by_alias=True)
    print(json.dumps(record, indent=1, ensure_ascii=False))


@app.command(epilog=NEW_HELP)
def new(
    task_id: Annotated[str, typer.Argument(metavar="APP/NAME", help="Id of the new task.")],
    suite: Annotated[str, typer.Option(help="Suite that it becomes part of; a new one is made.")] = "core",
    package: Annotated[str | None, typer.Option(help="Content package, where several are installed.")] = None,
) -> None:
    """Write a new task to start from: a task file, a maker, a play and counterexamples, which check and proof accept."""
    from osarena.tasks.scaffold import new_task

    files = new_task(task_id, suite=suite, package=package)
    print(f"""\
{files.task}    what is asked, set up and checked
{files.maker}    what a seed decides: files and data together
{files.play}    how it is done by hand, and how it goes wrong

It is a whole small task in the text editor. Next:
  1. Change the three files into the task that you have in mind.
  2. osarena task check {files.task}
  3. osarena task show {suite}:{task_id} --seed 1
  4. osarena task play {suite}:{task_id} --film play.mp4
  5. osarena task prove --suite {suite} --task {task_id}""")


app.command("prove", epilog=prove.HELP)(prove.prove)
app.command("play", epilog=play.HELP)(play.play)
app.command("fetch", epilog=fetch.HELP)(fetch.fetch)


def _rows(suite: Suite) -> list[dict[str, Any]]:
    from osarena.runner.proof.record import is_current, load_record

    entries = load_record(suite.folder)
    return [
        {
            "id": task.id,
            "version": task.version,
            "instruction": task.instruction,
            "apps": task.apps,
            "tags": task.tags.model_dump(),
            "steps": task.limits.steps,
            "counterexamples": len(task.counterexamples),
            "proven": is_current(entries.get(task.id), task, ()),
        }
        for task in suite.tasks
    ]


def _described(variant: Variant) -> dict[str, Any]:
    from osarena.tasks.placeholders import fill
    from osarena.tasks.values import counterexamples_of, solution_of

    solution = solution_of(variant)
    record = {
        "task": variant.name,
        "seed": variant.seed,
        "instruction": variant.instruction,
        "values": variant.values,
        "setup": [call.model_dump() for call in variant.setup],
        "check": fill(variant.task.check, variant.values, "$.check"),
        "solution": solution.model_dump() if solution else None,
        "counterexamples": [example.model_dump(exclude_none=True) for example in counterexamples_of(variant)],
        "limits": variant.task.limits.model_dump(),
        "episode_digest": variant.episode_digest,
        "grader_digest": variant.grader_digest,
    }
    readable: dict[str, Any] = _readable(record)
    return readable


def _readable(value: Any) -> Any:
    """JSON of values that may hold files, dates and decimals."""
    match value:
        case bytes():
            return f"<{len(value)} bytes>"
        case dict():
            return {key: _readable(item) for key, item in value.items()}
        case list() | tuple():
            return [_readable(item) for item in value]
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)


def _print_needs(seen: Sequence[Seen]) -> None:
    """A line on each task, and the totals."""
    from osarena.tasks.downloads import record_of
    from osarena.tasks.overview import totals

    for one in seen:
        if one.task and not one.problems:
            print(_line_on(one))
    words = {"runs": "by where they run", "needs": "by what they need", "rests_on": "by what their checks rest on"}
    for name, counts in totals(seen).items():
        print(f"{words[name]}: {', '.join(f'{word} {count}' for word, count in counts.items()) or 'none'}")
    urls = {url for one in seen for url in one.urls}
    if missing := sum(record_of(url) is None for url in urls):
        print(f"{missing} of {len(urls)} files have not been fetched; `osarena task fetch` does that")


def _line_on(one: Seen) -> str:
    """Where a task runs, and why not here."""
    parts = [f"{one.task}  {one.runs}{': ' if one.needs else ''}{', '.join(one.needs)}"]
    if one.urls:
        parts.append(f"{len(one.urls) - one.missing_urls} of {len(one.urls)} files")
    if one.rests_on:
        parts.append(f"checked by {', '.join(one.rests_on)}")
    return "; ".join(parts)
