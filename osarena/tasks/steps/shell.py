"""Programs that prepare the desktop, run as its user."""

from __future__ import annotations

from osarena.errors import SetupError
from osarena.tasks.model import step
from osarena.tasks.steps import StepContext


@step
def run(context: StepContext, command: list[str] | str, *, timeout_s: float = 60.0, must_succeed: bool = True) -> None:
    """The program (a list of words, or a line for `sh`) ran to its end in the home folder, with exit code 0.

    With `must_succeed` off it may also be missing, fail, or be stopped after `timeout_s`.
    """
    argv = ["sh", "-c", command] if isinstance(command, str) else command
    if not must_succeed:
        # A program that is missing is an exit code of the shell.
        context.guest.run(["sh", "-c", 'exec "$@"', "sh", *argv], timeout_s=timeout_s, cwd="~")
        return
    done = context.guest.run(argv, timeout_s=timeout_s, cwd="~")
    if done.exit_code is None:
        raise SetupError(f"{command!r:.200} did not end within {timeout_s:g} s")
    if done.exit_code != 0:
        words = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise SetupError(f"{command!r:.200} ended with exit code {done.exit_code}: {words[-500:]}")
