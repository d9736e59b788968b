"""`DesktopEnv`: one task on one desktop as a Gymnasium environment.

An episode is: a clean desktop, the task's set-up, a first look; then for each step some actions, a moment of stillness and
another look; and in the step that ends it, the verdict as its reward. What is typed (`observation`, `verdict` …) is here for
programs of osarena; what Gymnasium sees is made from it by `actions` and `observations`.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, cast

import gymnasium
from gymnasium import spaces

from osarena.agent import Brief
from osarena.env.actions import KINDS, Refused, action_space, to_action
from osarena.env.observations import as_member, observation_space, what_to_observe
from osarena.errors import AgentError, GuestError, MachineError, NoSuchFile
from osarena.grading.evidence import Evidence, EvidenceStore, Subjects, collect
from osarena.grading.grade import grade
from osarena.grading.model import Check, Ending, Verdict
from osarena.guest.client import Guest
from osarena.providers.base import Machine, MachineSpec, Provider
from osarena.registry import find_class
from osarena.sites import Sites
from osarena.tasks.load import find_task, load_suite
from osarena.tasks.model import Limits, Variant
from osarena.tasks.steps import StepContext, run_steps
from osarena.tasks.values import make_variant
from osarena.types.actions import Action, Finish, Shell, from_json, to_json
from osarena.types.observation import Observation, Observe, Pixels, Settle

logger = logging.getLogger(__name__)

Ended = Literal["finished", "steps", "time", "budget"]


@dataclass(slots=True)
class _Episode:
    """What is under way from a reset to the end; `variant` is `None` on a desktop without a task."""

    variant: Variant | None
    evidence_folder: Path | None
    sites: Sites
    started: float = 0.0  # time.monotonic() of the first look
    steps: int = 0
    ending: Ending = field(default_factory=lambda: Ending(None))
    ended: Ended | None = None
    verdict: Verdict | None = None
    evidence: Evidence | None = None

    @property
    def limits(self) -> Limits:
        return self.variant.task.limits if self.variant else Limits()

    @property
    def limit_reached(self) -> Ended | None:
        if self.steps >= self.limits.steps:
            return "steps"
        return "time" if time.monotonic() - self.started >= self.limits.time_s else None


class DesktopEnv(gymnasium.Env[dict[str, Any], Any]):
    """A desktop with a task to do on it. The constructor only remembers; the first `reset` makes the desktop.

    Args:
        task: "suite:app/name", "suite:*" (each reset draws one of the suite), a variant, or `None` for a desktop without
            a task, which gives no reward. `reset(options={"task": …})` takes the same for one episode.
        provider: where the desktop comes from, by name or as an object. A named one is closed with the environment.
        spec: what the desktop is like. Its screen decides the spaces.
        observe: the parts of an observation, see `osarena.env.observations`.
        actions: the kinds of action in the action space, see `osarena.env.actions`.
        settle: how long to wait for stillness after the actions of a step; `None` for not at all.
        evidence: the folder for an episode's evidence, which the next episode overwrites; `None` keeps it no longer than
            the grading. `reset(options={"evidence": …})` takes one for one episode.
        render_mode: "rgb_array" or `None`.

    Besides `GuestError` and `MachineError` (a dead desktop), `reset` raises `TaskError` and `SetupError`, and the step
    that ends an episode `CheckerError`. After any of them, `reset` starts anew on a clean desktop.
    """

    metadata: ClassVar[dict[str, Any]] = {"render_modes": ["rgb_array"], "render_fps": 4}  # type: ignore[misc]

    def __init__(
        self,
        task: str | Variant | None = None,
        *,
        provider: str | Provider = "local",
        spec: MachineSpec = MachineSpec(),
        observe: Sequence[str] = ("screenshot",),
        actions: Sequence[str] = KINDS,
        settle: Settle | None = Settle(),
        evidence: Path | None = None,
        render_mode: str | None = None,
    ) -> None:
        self.observation_space: spaces.Dict = observation_space(spec.screen, observe)
        self.action_space: spaces.Dict = action_space(spec.screen, actions)
        self.render_mode = render_mode
        self.timings_s: dict[str, float] = {}
        self._task, self._provider, self._spec, self._evidence = task, provider, spec, evidence
        self._parts, self._kinds, self._settle = tuple(observe), tuple(actions), settle
        self._stack = ExitStack()
        self._machine: Machine | None = None
        self._episode: _Episode | None = None
        self._observation: Observation | None = None

    # --- Gymnasium ---------------------------------------------------------------------------------------------

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Start an episode on a clean desktop. `seed` names the variant of the task; without one the next is drawn."""
        super().reset(seed=seed)
        options = options or {}
        self._leave_episode()
        self.timings_s = {}
        variant_seed = int(self.np_random.integers(2**31)) if seed is None else seed
        variant = self._choose(options.get("task", self._task), variant_seed)
        with self._timed("machine"):
            machine = self._clean_machine()
        sites = Sites(machine.guest, share=machine.address.share)
        episode = self._episode = _Episode(variant, options.get("evidence", self._evidence), sites)
        with self._timed("setup"), self._ending_on_failure():
            if variant is not None:
                run_steps(variant.setup, StepContext(machine.guest, sites, self._spec.screen))
            self._look(settle=self._settle)
        episode.started = time.monotonic()
        logger.info("%s is set up in %.2f s", variant.name if variant else "a desktop", sum(self.timings_s.values()))
        return self._member(), self._info()

    def step(self, action: Any) -> tuple[dict[str, Any], float, bool, bool, dict[str, Any]]:
        """Carry out a sample of the action space, an `Action`, or a sequence of `Action`, which together are one step.

        What cannot be carried out is no error of the program: the step counts, and `last_error` says why.

        Raises:
            AgentError: it is none of these.
            ResetNeeded: the episode has ended.
        """
        episode = self._running()
        actions = self._as_actions(action)
        with self._ending_on_failure():
            with self._timed("desktop"):
                problem, output, settle = self._carry_out(actions, episode)
                episode.steps += 1
                self._look(problem, settle=settle)
            ended: Ended | None = "finished" if episode.ending.outcome else episode.limit_reached
            reward = self._end(episode, ended) if ended else 0.0
        info = self._info() | ({"output": output} if output is not None else {})
        return self._member(), reward, ended == "finished", ended in ("steps", "time"), info

    def cut_off(self, ended: Ended) -> float:
        """End the episode before its time, because of something that only its runner knows, and grade it; the score.

        Raises:
            ResetNeeded: the episode has ended. Besides that, the same as `step`.
        """
        episode = self._running()
        with self._ending_on_failure():
            return self._end(episode, ended)

    def render(self) -> Pixels | None:
        """The screen at the last look as `(height, width, 3)` uint8 RGB, or `None` without a render mode."""
        if self.render_mode is None:
            return None
        if self.observation.raw.pixels is None:
            looked = self.guest.observe(Observe(tree=False, windows=False, cursor=False))
            return cast(Pixels, looked.pixels).copy()
        return self.observation.screenshot.copy()

    def close(self) -> None:
        """Remove the desktop. May be called twice."""
        self._leave_episode()
        self._let_go()

    # --- for programs of osarena -------------------------------------------------------------------------------

    @property
    def guest(self) -> Guest:
        """The connection to the desktop of this episode."""
        return self._leased().guest

    @property
    def brief(self) -> Brief:
        """What an agent is told of this episode's task."""
        episode = self._known_episode()
        if episode.variant is None:
            return Brief("", screen=self._spec.screen, max_steps=episode.limits.steps)
        task = episode.variant.task
        return Brief(episode.variant.instruction, task.platforms[0], self._spec.screen, tuple(task.channels), task.limits.steps)

    @property
    def observation(self) -> Observation:
        """The last look, typed."""
        if self._observation is None:
            raise gymnasium.error.ResetNeeded("there is no look at the desktop before reset()")
        return self._observation

    @property
    def variant(self) -> Variant | None:
        """The task of this episode for its seed."""
        return self._known_episode().variant

    @property
    def verdict(self) -> Verdict | None:
        """The verdict, once the episode has ended and has a task."""
        return self._known_episode().verdict

    @property
    def evidence_(self) -> Evidence | None:
        """What the verdict was made from. Its files are gone where no evidence folder was given."""
        return self._known_episode().evidence

    @property
    def ending(self) -> Ending:
        """How the agent ended the episode, as far as it did."""
        return self._known_episode().ending

    @property
    def ended(self) -> Ended | None:
        """Why the episode is over, or `None` while it is not."""
        return self._known_episode().ended

    # --- the parts of an episode -------------------------------------------------------------------------------

    def _choose(self, task: str | Variant | None, seed: int) -> Variant | None:
        """The task for a seed."""
        if task is None or isinstance(task, Variant):
            return task
        suite_name, _, task_id = task.partition(":")
        if task_id == "*":
            suite = load_suite(suite_name)
            chosen = suite.tasks[int(self.np_random.integers(len(suite.tasks)))]
        else:
            suite, chosen = find_task(task)
        return make_variant(chosen, suite=suite.name, seed=seed)

    def _clean_machine(self) -> Machine:
        """The desktop as it was made: a new one at first, afterwards the same one restored."""
        if self._machine is None:
            provider = self._provider
            if isinstance(provider, str):
                provider = find_class("osarena.providers", provider)()
                self._stack.callback(provider.close)
            self._machine = self._stack.enter_context(provider.machine(self._spec))
        else:
            try:
                self._machine.restore()
            except MachineError:
                self._let_go()
                raise
        return self._machine

    def _carry_out(self, actions: Sequence[Action] | Refused, episode: _Episode) -> tuple[str, str | None, Settle | None]:
        """Perform what comes before a `Finish`.

        Returns why it could not be, or "", what a shell command printed, and how to wait for what was done.
        """
        refusal = actions.reason if isinstance(actions, Refused) else self._refusal(actions)
        if refusal or isinstance(actions, Refused):
            return refusal, None, None
        finish = next((action for action in actions if isinstance(action, Finish)), None)
        before = actions[: actions.index(finish)] if finish else actions
        problem, output, settle = "", None, self._settle if before else None
        if before:
            report = self.guest.perform(before)
            problem = report.problem
            printed = [result.output for result in report.results if result.output is not None]
            output = "".join(printed) if printed else None
        if finish:
            episode.ending = Ending(finish.outcome, finish.answer)
        return problem, output, settle

    def _refusal(self, actions: Sequence[Action]) -> str:
        """Why none of these actions may be carried out, or an empty string."""
        for action in actions:
            if isinstance(action, Shell) and "shell" not in self.brief.channels:
                return "this task allows no shell; use the pointer and the keyboard"
            try:
                from_json(to_json(action))
            except AgentError as error:
                return str(error)
        return ""

    def _look(self, last_error: str = "", *, settle: Settle | None = None) -> None:
        want = what_to_observe(self._parts, settle)
        steps = self._known_episode().steps
        self._observation = Observation(steps, self._spec.screen, self.guest.observe(want), last_error)

    def _end(self, episode: _Episode, ended: Ended) -> float:
        """Grade the desktop as it stands; the score."""
        episode.ended = ended
        if episode.variant is not None:
            with self._timed("check"):
                self._grade(episode, episode.variant)
        episode.sites.close()
        return episode.verdict.score if episode.verdict else 0.0

    def _grade(self, episode: _Episode, variant: Variant) -> None:
        with ExitStack() as stack:
            folder = episode.evidence_folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="osarena-evidence-")))
            run_steps(variant.finish, StepContext(self.guest, episode.sites, self._spec.screen), part="finish")
            subjects = Subjects(self.guest, episode.sites, episode.ending)
            episode.evidence = collect(variant.check, subjects, EvidenceStore(folder))
            episode.verdict = self._judge(variant.check, episode.evidence)

    def _judge(self, check: Check, evidence: Evidence) -> Verdict:
        return grade(check, evidence, ending=evidence.ending)

    def _leave_episode(self) -> None:
        if self._episode is not None:
            self._episode.sites.close()
        self._episode = None
        self._observation = None

    def _let_go(self) -> None:
        self._machine = None
        self._stack.close()

    @contextmanager
    def _ending_on_failure(self) -> Iterator[None]:
        """After an error the episode is over. A guest that does not answer because its machine is broken is a MachineError."""
        try:
            yield
        except BaseException as error:
            if self._episode is not None:
                self._episode.sites.close()
                self._episode = None
            if isinstance(error, GuestError) and not isinstance(error, NoSuchFile):
                problem = self._leased().problem()
                if problem:
                    raise MachineError(f"{problem} ({error})") from error
            raise

    @contextmanager
    def _timed(self, part: str) -> Iterator[None]:
        start = time.monotonic()
        try:
            yield
        finally:
            self.timings_s[part] = self.timings_s.get(part, 0.0) + time.monotonic() - start

    # --- what is asked and told --------------------------------------------------------------------------------

    def _as_actions(self, action: Any) -> Sequence[Action] | Refused:
        match action:
            case Refused():
                return action
            case Mapping():
                return [to_action(action, self._kinds)]
            case Sequence() if not isinstance(action, str) and all(isinstance(item, Action) for item in action):
                return list(action)
            case _ if isinstance(action, Action):
                return [action]
        raise AgentError(f"a step takes a sample of the action space, an Action or a sequence of Action, not {action!r:.80}")

    def _member(self) -> dict[str, Any]:
        return as_member(self.observation, self.brief.instruction, self._parts)

    def _info(self) -> dict[str, Any]:
        """Plain values that are the same for the same seed and actions; how it ended once it has."""
        episode = self._known_episode()
        info: dict[str, Any] = {"steps": episode.steps, "last_error": self.observation.last_error}
        if episode.variant is not None:
            info |= {"task": episode.variant.name, "seed": episode.variant.seed}
        if episode.ended is not None:
            info["ended"] = episode.ended
        if episode.verdict is not None:
            verdict = episode.verdict
            info |= {"score": verdict.score, "reason": verdict.reason, "is_success": verdict.score == 1}
        return info

    def _leased(self) -> Machine:
        if self._machine is None:
            raise gymnasium.error.ResetNeeded("there is no desktop before reset()")
        return self._machine

    def _known_episode(self) -> _Episode:
        if self._episode is None:
            raise gymnasium.error.ResetNeeded("no episode was started, or an error has ended it; call reset()")
        return self._episode

    def _running(self) -> _Episode:
        episode = self._known_episode()
        if episode.ended is not None:
            raise gymnasium.error.ResetNeeded("the episode has ended; call reset()")
        return episode
