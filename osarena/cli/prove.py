"""`osarena task prove`: play a task's solution and everything that must not count, and say what that proves."""

from __future__ import annotations

import json
import math
import os
import random
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from osarena.runner.proof.prove import Proof
    from osarena.runner.proof.trials import Outcome, Trial
    from osarena.tasks.load import Suite
    from osarena.tasks.model import Task

HELP = """For every seed: the solution scores 1 within the step limit; doing nothing, saying that it cannot be done, and acting at
random score 0; every counterexample scores 0 because the comparison that it names fails, and only that one, and leaves other
evidence than an untouched desktop; a second grading gives the same verdict; what the check expects does not lie in the desktop.

With --json, one object on standard output: suite, seeds, proven (whether all are), tasks (task, proven, findings, version,
episode_digest, grader_digest, proof_digest, seeds, proved, seconds, versions, trials: trial, seed, score, steps, seconds),
up_to_date (tasks that were passed over), not_reached (for which --within left no time).

Examples:

  osarena task prove --suite core --seeds 3

  osarena task prove --suite core --task 'calc/*' --seeds 5-9 --no-record

  osarena task prove --suite core --changed --sample 2 --within 20

Exit code 0: all are proven; 1: some are not; 2: it could not be carried out; 130: stopped by Ctrl-C.
"""


def prove(
    suite: Annotated[str, typer.Option(help="Name of a suite, or path of a folder or task file.")] = "core",
    task: Annotated[list[str], typer.Option(help="Id or pattern of the tasks to prove (calc/*); all by default.")] = [],  # noqa: B006
    seeds: Annotated[str, typer.Option(help="How many (3 is 0, 1, 2), or which (4,7 or 10-19).")] = "3",
    changed: Annotated[bool, typer.Option("--changed", help="Pass over tasks whose proof is on record and still holds.")] = False,
    sample: Annotated[int, typer.Option(min=0, help="With --changed: prove so many of the others as well, by chance.")] = 0,
    within: Annotated[
        float | None, typer.Option(min=0, help="Begin with no further task after so many minutes, and say which are left.")
    ] = None,
    parallel: Annotated[int, typer.Option(min=1, help="Desktops at once.")] = min(4, os.cpu_count() or 1),
    provider: Annotated[str, typer.Option(help="Where desktops come from: local, fake, or module:Class.")] = "local",
    provider_arg: Annotated[list[str], typer.Option(help="key=value for the provider's class.")] = [],  # noqa: B006
    screen: Annotated[str, typer.Option(help="Size of the desktops in pixels.")] = "1920x1080",
    record: Annotated[bool, typer.Option(help="Write the proofs to proofs.json beside the tasks.")] = True,
    out: Annotated[Path, typer.Option(help="Folder for the trajectories of tasks that are not proven.")] = Path(".proof"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")] = False,
) -> None:
    """Prove tasks: what solves them scores 1, and nothing else does."""
    from rich.console import Console

    from osarena.cli.options import machine_spec, make_provider
    from osarena.runner.plan import parse_arguments, parse_seeds
    from osarena.runner.proof import prove as proving
    from osarena.runner.proof.stage import Stage
    from osarena.tasks.load import load_suite

    loaded, numbers = load_suite(suite), parse_seeds(seeds)
    chosen = _choose(loaded, loaded.select(task), numbers, only_changed=changed, sample=sample)
    deadline = math.inf if within is None else time.monotonic() + within * 60
    console = Console(stderr=True)
    with ExitStack() as stack:
        stack.enter_context(_sigterm_interrupts())
        watcher = stack.enter_context(closing(_Progress(console)))
        desktops = stack.enter_context(closing(make_provider(provider, parse_arguments("--provider-arg", provider_arg))))
        stage = Stage(desktops, machine_spec(screen), out, parallel)
        proofs: list[Proof] = []
        try:
            for proof in proving.prove(loaded, chosen, seeds=numbers, stage=stage, watcher=watcher):
                proofs.append(proof)
                watcher.say(proof)
                if record:
                    _record(loaded, proof)
                if time.monotonic() > deadline:
                    break
        except KeyboardInterrupt:
            watcher.close()
            console.print(f"stopped; {len(proofs)} of {len(chosen)} tasks were done")
            raise typer.Exit(130) from None
    proofs.sort(key=lambda proof: proof.task.id)
    passed_over = [other.id for other in loaded.select(task) if other not in chosen]
    not_reached = sorted({other.id for other in chosen} - {proof.task.id for proof in proofs})
    others = {"up_to_date": passed_over, "not_reached": not_reached}
    _print(loaded, numbers, proofs, others, out=out, as_json=as_json)
    if not all(proof.is_proven for proof in proofs):
        raise typer.Exit(1)


@contextmanager
def _sigterm_interrupts() -> Iterator[None]:
    """Let SIGTERM end the command as Ctrl-C does, with its desktops removed."""
    former = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)


def _choose(suite: Suite, tasks: Sequence[Task], seeds: Sequence[int], *, only_changed: bool, sample: int) -> list[Task]:
    """The tasks to prove, those without any proof first.

    Which of the tasks whose proof still holds are taken as a sample is left to chance, so that every one has its turn.
    """
    from osarena.runner.proof.record import is_current, load_record

    if not only_changed:
        return list(tasks)
    entries = load_record(suite.folder)
    changed = [task for task in tasks if not is_current(entries.get(task.id), task, seeds)]
    others = [task for task in tasks if task not in changed]
    changed.sort(key=lambda task: task.id in entries)
    return [*changed, *random.sample(others, min(sample, len(others)))]


def _record(suite: Suite, proof: Proof) -> None:
    """Put one proof on record, at once, so that an interrupted command loses none; a task that is not proven has none."""
    from osarena.runner.proof.record import load_record, save_record

    entries = load_record(suite.folder)
    entries.pop(proof.task.id, None)
    save_record(suite.folder, entries | ({proof.task.id: proof.entry()} if proof.is_proven else {}))


def _print(
    suite: Suite,
    seeds: Sequence[int],
    proofs: Sequence[Proof],
    others: Mapping[str, Sequence[str]],
    *,
    out: Path,
    as_json: bool,
) -> None:
    from rich.console import Console

    are_all = all(proof.is_proven for proof in proofs)
    if as_json:
        tasks = [proof.to_json() for proof in proofs]
        print(json.dumps({"suite": suite.name, "seeds": [*seeds], "proven": are_all, "tasks": tasks} | dict(others)))
        return
    console = Console()
    if proofs:
        console.print(_table(proofs))
    if others["up_to_date"]:
        console.print(f"{len(others['up_to_date'])} other proofs on record still hold", highlight=False)
    if others["not_reached"]:
        console.print(f"not reached in time: {', '.join(others['not_reached'])}", highlight=False, soft_wrap=True)
    if not are_all:
        console.print(f"the trajectories of what is not proven are in {out}", highlight=False, soft_wrap=True)


def _table(proofs: Sequence[Proof]) -> Any:
    from rich.table import Table

    table = Table(
        "task", "proven", "seeds", "episodes", "steps of the solution", "time", box=None, pad_edge=False, header_style="bold"
    )
    for proof in proofs:
        steps = [str(outcome.steps) for outcome in proof.outcomes if outcome.trial.kind == "solution"]
        seconds = sum(outcome.seconds for outcome in proof.outcomes)
        table.add_row(
            proof.task.id,
            "yes" if proof.is_proven else "no",
            str(len(proof.seeds)),
            str(len(proof.outcomes)),
            ", ".join(steps),
            f"{seconds:.0f} s",
            style="" if proof.is_proven else "red",
        )
    return table


class _Progress:
    """A bar over all trials, and a line for each task that is done and for each thing that was found."""

    def __init__(self, console: Console) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        self._console = console
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("playing", total=None)

    def begin(self, trials: Sequence[Trial]) -> None:
        """Put the bar up."""
        self._bar.update(self._task, total=len(trials))
        self._bar.start()

    def see(self, outcome: Outcome) -> None:
        """Move the bar on."""
        trial = outcome.trial
        score = "no verdict" if outcome.verdict is None else f"{outcome.verdict.score:g}"
        self._bar.update(self._task, advance=1, description=trial.variant.task.id)
        if not self._console.is_terminal:
            measures = f"{outcome.steps} steps, {outcome.seconds:.1f} s"
            line = f"{trial.variant.task.id} #{trial.variant.seed} {trial.name}: {score} ({measures})"
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def say(self, proof: Proof) -> None:
        """Tell what became of a task."""
        words = "proven" if proof.is_proven else "not proven"
        self._console.print(f"{proof.task.id}: {words}", markup=False, highlight=False, soft_wrap=True)
        for finding in proof.findings:
            self._console.print(f"  {finding}", markup=False, highlight=False, soft_wrap=True)

    def close(self) -> None:
        """Take the bar down. May be called twice."""
        self._bar.stop()
