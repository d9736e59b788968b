"""`osarena`: the commands put together, logging, and one clear line where something cannot be carried out."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from osarena.cli import clean, doctor, report, rescore, run, serve, task, vm
from osarena.errors import OsarenaError

app = typer.Typer(
    name="osarena",
    help="A computer-use arena: real desktops, proven tasks, pluggable agents, scores that can be trusted.",
    epilog="Start with: osarena doctor; osarena run --agent oracle --parallel 4; osarena report runs/core-oracle",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def settings(
    verbose: Annotated[int, typer.Option("--verbose", "-v", count=True, help="Tell more; twice for the wire.")] = 0,
) -> None:
    """Set up logging, on standard error."""
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s", force=True)
    logging.getLogger("httpx").setLevel(logging.WARNING if verbose < 2 else logging.DEBUG)


app.command(epilog=run.EXAMPLES)(run.run)
app.command(epilog=report.JSON_HELP)(report.report)
app.command()(rescore.rescore)
app.add_typer(task.app, name="task")
app.add_typer(serve.app, name="serve")
app.add_typer(vm.app, name="vm")
app.command(epilog=doctor.JSON_HELP)(doctor.doctor)
app.command(epilog=clean.JSON_HELP)(clean.clean)


def main(arguments: Sequence[str] | None = None) -> None:
    """The program `osarena`, with the arguments of the command line or with these."""
    try:
        app(arguments)
    except OsarenaError as error:
        print(f"osarena: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
