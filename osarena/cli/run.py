"""`osarena run`: run an agent on a suite."""

from __future__ import annotations

import json
import math
import os
import re
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from osarena.cli.options import RootOption, machine_spec, make_provider

if TYPE_CHECKING:
    from rich.console import Console

    from osarena.cli.progress import LiveTable, PlainLines
    from osarena.providers.base import MachineSpec
    from osarena.report.tables import RunReport
    from osarena.runner.events import Stop
    from osarena.runner.plan import Plan


class Compat(StrEnum):
    """Whose behaviour checks of imported tasks have."""

    PUBLISHED = "published"


EXAMPLES = """Examples:

  osarena run --agent oracle --parallel 4

  osarena run --suite core --task 'calc/*' --agent random --seeds 3 --trials 2

  osarena run --agent my_agent:MyAgent --agent-arg history=5 --out runs/first-try

  osarena run --agent my_agent:MyAgent --model anthropic/claude-sonnet-5 --budget 20

  osarena run --agent noop --shard 2/8 --json

  osarena run --suite osworld:~/OSWorld --agent navi --model anthropic/claude-sonnet-5 --parallel 16

The same command goes on where it was. Exit code 0: every planned episode has a score, whatever it is; 1: some have none (the
desktop, the model or a check failed); 2: it could not be carried out; 130: stopped by Ctrl-C.
"""


def run(
    suite: Annotated[str, typer.Option(help="Name or path of a suite or task file, or osworld:PATH, waa:PATH.")] = "core",
    agent: Annotated[str, typer.Option(help="oracle, replay:PATH, an installed agent, or your own as module:Class.")] = "oracle",
    agent_arg: Annotated[list[str], typer.Option(help="key=value for the agent's class; JSON or text.")] = [],  # noqa: B006
    model: Annotated[
        str, typer.Option(help="The agent's model: openai/NAME, anthropic/NAME, gemini/NAME, http://HOST/v1#NAME.")
    ] = "",
    budget: Annotated[
        float, typer.Option(min=0, help="US dollars for models; once they are spent, no episode is begun.")
    ] = math.inf,
    parallel: Annotated[int, typer.Option(min=1, help="Desktops at once.")] = min(4, os.cpu_count() or 1),
    task: Annotated[list[str], typer.Option(help="Id or pattern of the tasks to run (calc/*); all by default.")] = [],  # noqa: B006
    seeds: Annotated[str, typer.Option(help="How many (3 is 0, 1, 2), or which (4,7 or 10-19).")] = "1",
    trials: Annotated[int, typer.Option(min=1, help="How often each task with each seed.")] = 1,
    shard: Annotated[str, typer.Option(help="Run part k of n of the plan, as k/n.")] = "1/1",
    provider: Annotated[str, typer.Option(help="Where desktops come from: local, fake, or module:Class.")] = "local",
    provider_arg: Annotated[list[str], typer.Option(help="key=value for the provider's class.")] = [],  # noqa: B006
    screen: Annotated[str, typer.Option(help="Size of the desktops in pixels.")] = "1920x1080",
    root: RootOption = "host",
    compat: Annotated[
        Compat | None, typer.Option(help="Of osworld:PATH and waa:PATH: checks behave as published, faults included.")
    ] = None,
    act_timeout: Annotated[float, typer.Option(min=0.1, help="Seconds after which a decision counts as a hang.")] = 180.0,
    out: Annotated[Path | None, typer.Option(help="Run folder; by default runs/SUITE-AGENT.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object (see `osarena report --help`).")] = False,
) -> None:
    """Run an agent on a suite, in parallel, and print the scores."""
    from osarena.runner.forks import prepare

    _let_own_agents_be_found()
    prepare()
    from osarena.runner.plan import AgentSpec, Shard, make_plan, parse_arguments, parse_seeds
    from osarena.tasks.importing import published

    spec = AgentSpec.parse(agent, [*agent_arg, *([f"model={model}"] if model else [])])
    _check_agent_name(agent)
    suite = published(suite) if compat else suite
    plan = make_plan(suite, spec, tasks=task, seeds=parse_seeds(seeds), trials=trials, shard=Shard.parse(shard))
    folder = out or Path("runs") / _folder_name(plan)
    arguments = parse_arguments("--provider-arg", provider_arg)
    machine = machine_spec(screen, root)
    limits = {"parallel": parallel, "act_s": act_timeout, "budget_usd": budget}
    code = _run(plan, folder, provider, arguments, machine, limits, as_json=as_json)
    if code:
        raise typer.Exit(code)


def _run(
    plan: Plan,
    folder: Path,
    provider_name: str,
    provider_arguments: dict[str, Any],
    machine: MachineSpec,
    limits: dict[str, Any],
    *,
    as_json: bool,
) -> int:
    """Run a plan, print what came of it, and return the exit code. `limits` are those of `Settings` that a user chooses."""
    from rich.console import Console

    from osarena.report.tables import report_on
    from osarena.runner.events import Stop
    from osarena.runner.executors import Settings
    from osarena.runner.run import Source, graded_by_older_checks
    from osarena.runner.run import run as run_plan

    error_console = Console(stderr=True)
    settings = Settings(folder.absolute(), plan.suite_source, plan.agent, machine, **limits)
    source = Source(provider_name, provider_arguments)
    stop = Stop()
    with ExitStack() as stack:
        watcher = stack.enter_context(closing(_watcher(error_console)))
        watcher.say(f"results go to {folder}; the same command goes on where it was")
        if plan.left_out:
            watcher.say(_words_on(plan.left_out))
        received = stack.enter_context(_signals_stop(stop, watcher))
        provider = stack.enter_context(closing(make_provider(provider_name, provider_arguments)))
        rows = run_plan(plan, settings, provider, source, watcher=watcher, stop=stop, command=sys.argv)
    report = report_on(folder)
    old = graded_by_older_checks(plan, rows)
    if old:
        error_console.print(f"{len(old)} episodes were graded by an older check; osarena rescore {folder} grades them again")
    if rows.cost_usd >= settings.budget_usd and not report.is_complete:
        error_console.print(
            f"the budget is spent: {rows.cost_usd:.2f} of {settings.budget_usd:.2f} US dollars; the same command with a larger "
            "--budget goes on where it was"
        )
    _print_result(report, as_json=as_json, console=error_console if as_json else Console())
    return 128 + received[0] if received else int(not report.is_complete)


def _words_on(left_out: Mapping[str, Sequence[str]]) -> str:
    """What a plan leaves out, in one sentence."""
    needs = Counter(need.partition(":")[0] for words in left_out.values() for need in words)
    counts = ", ".join(f"{need} ({count})" for need, count in needs.most_common())
    return f"{len(left_out)} tasks are left out, because they need what no desktop here has: {counts}"


def _print_result(report: RunReport, *, as_json: bool, console: Console) -> None:
    from osarena.cli.report import write_page
    from osarena.cli.tables import print_report

    print_report(report, console)
    write_page(report, console)
    if as_json:
        print(json.dumps(report.to_json()))


def _watcher(console: Console) -> LiveTable | PlainLines:
    from osarena.cli.progress import LiveTable, PlainLines

    return LiveTable(console) if console.is_terminal else PlainLines(console)


@contextmanager
def _signals_stop(stop: Stop, watcher: LiveTable | PlainLines) -> Iterator[list[int]]:
    """Let Ctrl-C and SIGTERM drain the run, and a second one stop it at once; yields the signals that came."""
    received: list[int] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        if len(received) == 1:
            stop.drain()
            watcher.say("finishing the running episodes; once more stops them at once, without a row")
        else:
            stop.abort()

    former = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _check_agent_name(name: str) -> None:
    """Find a wrong name before anything is started. The class itself is imported in the workers alone."""
    from osarena.errors import UsageError
    from osarena.players import is_player
    from osarena.registry import list_classes

    recording = name.removeprefix("replay:")
    if recording != name and not Path(recording).exists():
        raise UsageError(f"there is nothing to replay at {recording!r}; give a trajectory.json or a run folder")
    if not (":" in name or is_player(name) or name in list_classes("osarena.agents")):
        known = ", ".join(["oracle", "replay:PATH", *list_classes("osarena.agents")])
        raise UsageError(f"there is no agent {name!r}; there are {known}, or give your own as module:Class")


def _let_own_agents_be_found() -> None:
    """Make modules of the current folder importable, here and in the workers; installed ones come first."""
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())


def _folder_name(plan: Plan) -> str:
    return re.sub(r"[^\w.-]+", "-", f"{plan.suite.name}-{plan.agent}").strip("-")[:100]
