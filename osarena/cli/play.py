"""`osarena task play`: watch a solution, or a counterexample, being played."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from osarena.cli.options import RootOption

if TYPE_CHECKING:
    from rich.console import Console

    from osarena.agent import Agent, Brief, Decision
    from osarena.env.desktop import DesktopEnv
    from osarena.guest.client import Guest
    from osarena.providers.base import MachineSpec, Provider
    from osarena.runner.proof.trials import Trial
    from osarena.runner.wire import Phase
    from osarena.types.observation import Observation

HELP = """Each action is printed as it is done, and in the end the verdict with its reasons. With --film, the screen is filmed
from the moment at which an agent would begin. With --watch, the desktop can be looked at by VNC: nothing happens before you press
Enter, and the desktop is there until you press it again.

Examples:

  osarena task play core:calc/total-by-region --film play.mp4

  osarena task play calc/total-by-region --seed 3 --counterexample 2

  osarena task play multi/well-report --watch

Exit code 0: the score is what it should be (1, or 0 for a counterexample); 1: it is not; 2: it could not be played.
"""


def play(
    task: Annotated[str, typer.Argument(help='"suite:app/name", "app/name", or the path of a task file.')],
    seed: Annotated[int, typer.Option(help="Which variant.")] = 0,
    counterexample: Annotated[int, typer.Option(min=0, help="Play this one (counted from 1) instead of the solution.")] = 0,
    film: Annotated[Path | None, typer.Option(help="Film the screen into this mp4 file.")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Wait for Enter before and after, to look by VNC.")] = False,
    provider: Annotated[str, typer.Option(help="Where the desktop comes from: local, fake, or module:Class.")] = "local",
    screen: Annotated[str, typer.Option(help="Size of the desktop in pixels.")] = "1920x1080",
    root: RootOption = "host",
) -> None:
    """Play a task's solution on a desktop, action by action, and grade it."""
    from rich.console import Console

    from osarena.cli.options import machine_spec, make_provider
    from osarena.errors import UsageError

    trial = _find_trial(task, seed, counterexample)
    if film is not None and not film.expanduser().resolve().parent.is_dir():
        raise UsageError(f"--film: there is no folder {film.parent}")
    spec, console = machine_spec(screen, root), Console()
    with closing(make_provider(provider, {})) as desktops:
        score = _Performance(trial, console, film=film, watch=watch).run(desktops, spec)
    if score != (0 if counterexample else 1):
        raise typer.Exit(1)


def _find_trial(name: str, seed: int, counterexample: int) -> Trial:
    """What is to be played. Raises UsageError where there is no such counterexample."""
    from osarena.errors import UsageError
    from osarena.runner.proof.trials import plan_trials
    from osarena.tasks.load import find_task
    from osarena.tasks.values import make_variant

    suite, task = find_task(name)
    kind = "counterexample" if counterexample else "solution"
    for trial in plan_trials(make_variant(task, suite=suite.name, seed=seed)):
        if (trial.kind, trial.number) == (kind, counterexample):
            return trial
    raise UsageError(
        f"{suite.name}:{task.id} has {len(task.counterexamples)} counterexamples, and none of number {counterexample}"
    )


class _Performance:
    """One trial, told on the console while it happens."""

    def __init__(self, trial: Trial, console: Console, *, film: Path | None, watch: bool) -> None:
        self._trial = trial
        self._console = console
        self._film = film
        self._watch = watch

    def run(self, desktops: Provider, spec: MachineSpec) -> float:
        """The score. Raises OsarenaError where the desktop, the play or the check fails."""
        from osarena.env.desktop import DesktopEnv
        from osarena.players.oracle import Oracle
        from osarena.recording.recorder import Recorder
        from osarena.runner.episode import PLAYERS_ERRORS, Tally, run_episode
        from osarena.runner.lease import LeasedProvider
        from osarena.runner.proof.stage import header, staged

        variant = staged(self._trial)
        seed = variant.seed
        self._say(f"[bold]{variant.name}[/bold], seed {variant.seed}, {self._trial.name}\n")
        self._console.print(variant.instruction, markup=False, highlight=False)
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="osarena-")))
            machine = stack.enter_context(desktops.machine(spec))
            env = stack.enter_context(closing(DesktopEnv(variant, provider=LeasedProvider(machine.address), spec=spec)))
            recorder = stack.enter_context(Recorder(folder, header(self._trial)))
            tally = Tally()

            def seat(desktop: DesktopEnv) -> Agent:
                oracle = Oracle(variant, desktop.guest, self._trial.example)
                stack.callback(oracle.close)
                self._begin(desktop.guest, share=machine.address.share)
                return _Narrated(oracle, self._console, before_end=lambda: self._end(desktop.guest))

            run_episode(env, seat, seed=seed, recorder=recorder, tally=tally, report=_ignore, may_raise=PLAYERS_ERRORS)
            assert env.verdict is not None
            self._say(f"\n[bold]score {env.verdict.score:g}[/bold] after {tally.steps} steps of {variant.task.limits.steps}")
            for part in env.verdict.parts:
                self._console.print(f"  {part.score:g}  {part.name}: {part.reason}", markup=False, highlight=False)
            if not env.verdict.parts:
                self._console.print(f"  {env.verdict.reason}", markup=False, highlight=False)
            return env.verdict.score

    def _begin(self, guest: Guest, *, share: Path | None) -> None:
        """Do what must be done on a desktop that is set up before the play begins."""
        if self._watch:
            self._say(
                f"\nLook at it with TigerVNC:  vncviewer {share}/vnc" if share else "\nThis desktop has no screen to watch."
            )
            self._console.input("Enter begins. ")
        if self._film is not None:
            guest.start_recording(fps=15)

    def _end(self, guest: Guest) -> None:
        """Do what must be done before the desktop is stopped and graded."""
        if self._film is not None:
            self._film.write_bytes(guest.stop_recording())
            self._say(f"film: {self._film}")
        if self._watch:
            self._console.input("Enter ends it. ")

    def _say(self, text: str) -> None:
        self._console.print(text, highlight=False, soft_wrap=True)


class _Narrated:
    """An agent whose decisions are told as they are made."""

    def __init__(self, agent: Agent, console: Console, *, before_end: Callable[[], None]) -> None:
        self._agent = agent
        self._console = console
        self._before_end = before_end

    def reset(self, brief: Brief, *, seed: int) -> None:
        """Begin anew."""
        self._agent.reset(brief, seed=seed)

    def act(self, observation: Observation) -> Decision:
        """The agent's decision, once it is told."""
        from osarena.types.actions import Finish

        decision = self._agent.act(observation)
        self._console.print(f"{observation.step + 1:4}  {decision.thought}", markup=False, highlight=False, soft_wrap=True)
        if any(isinstance(action, Finish) for action in decision.actions):
            self._before_end()
        return decision


def _ignore(_phase: Phase, _step: int) -> None:
    """Nobody wants to know how far the episode is: the narration tells."""
