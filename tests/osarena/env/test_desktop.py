"""`DesktopEnv` keeps Gymnasium's contract, grades what was done, and survives machines that fail."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.wrappers import RecordEpisodeStatistics, RecordVideo

import osarena
from osarena.env.actions import KINDS, Refused, to_sample
from osarena.env.desktop import DesktopEnv
from osarena.env.fake import FakeEnv, button_task
from osarena.env.observations import PARTS
from osarena.errors import AgentError, CheckerError, MachineError, SetupError, TaskError, UsageError
from osarena.grading.evidence import EvidenceStore
from osarena.grading.grade import grade
from osarena.grading.model import Ending
from osarena.providers.base import MachineSpec
from osarena.providers.fake import NO_MACHINE, FakeProvider
from osarena.types.actions import Action, Click, Finish, Hotkey, Outcome, Press, Shell, TypeText, Wait
from osarena.types.geometry import Point, Size
from tests.support.fake_tasks import notes_variant

SCREEN = MachineSpec(screen=Size(640, 480))


def _env(*faults: str, **arguments: Any) -> DesktopEnv:
    return DesktopEnv(provider=FakeProvider(faults=faults), spec=SCREEN, **({"task": notes_variant()} | arguments))


def _solution(env: DesktopEnv) -> list[Action]:
    assert env.variant is not None
    return [TypeText(env.variant.values["word"]), Hotkey(("ctrl", "s"))]


def _button(env: DesktopEnv, colour: str) -> Point:
    look = env.guest.observe()
    assert look.tree is not None
    (node,) = [node for node in look.tree.root.walk() if node.name == colour]
    assert node.box is not None
    return node.box.center


# --- Gymnasium's contract --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("observe", [("screenshot",), ("tree",), ("marks",), PARTS], ids="+".join)
@pytest.mark.parametrize("actions", [("click", "finish"), tuple(kind for kind in KINDS if kind != "wait")], ids=len)
def test_fake_passes_the_strict_checker(observe: tuple[str, ...], actions: tuple[str, ...]) -> None:
    env = gymnasium.make("osarena/Fake-v0", observe=observe, actions=actions, render_mode="rgb_array")
    assert env.spec is not None
    assert not env.spec.nondeterministic
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(env.unwrapped)


def test_live_desktop_is_registered_as_what_it_is_and_starts_nothing_by_itself() -> None:
    env = gymnasium.make("osarena:osarena/Desktop-v0", task="core:none/such", provider="no-such-provider")
    assert env.spec is not None
    assert env.spec.nondeterministic
    assert env.spec.max_episode_steps is None
    with pytest.raises(UsageError):
        env.reset()
    env.close()
    env.close()


def test_free_desktop_has_no_reward() -> None:
    env = _env(task=None)
    env.reset(seed=1)
    assert env.brief.instruction == ""
    assert env.step(Finish())[1:4] == (0.0, True, False)
    assert env.verdict is None
    env.close()


def test_same_seed_gives_the_same_task_and_none_gives_the_next() -> None:
    env = FakeEnv()
    seeds = []
    for seed in (5, None, None, 5, None, None):
        _, info = env.reset(seed=seed)
        seeds.append(info["seed"])
    env.close()
    assert seeds[:3] == seeds[3:]
    assert len(set(seeds[:3])) == 3


def test_every_part_is_contained_and_the_receivers_own() -> None:
    env = _env(observe=PARTS)
    first, _ = env.reset(seed=1)
    second, *_ = env.step(Press("shift"))
    for member in (first, second):
        assert member in env.observation_space
    assert first["screenshot"] is not second["screenshot"]
    first["screenshot"][:] = 0
    first["marks"]["boxes"][:] = 0
    third, *_ = env.step(Press("shift"))
    np.testing.assert_array_equal(third["screenshot"], second["screenshot"])
    assert 'push button "Save"' in third["marks"]["table"]
    assert third["marks"]["count"] == 5
    assert 'entry "File name"' in third["tree"]
    assert third["focus"].startswith('text "Text"')
    assert third["windows"].endswith('Notes" fake-notes @40,60 480x300 [focused]')
    env.close()


def test_unknown_part_is_a_clear_error() -> None:
    with pytest.raises(UsageError, match="smell"):
        DesktopEnv(observe=("smell",))


def test_screen_of_another_size_is_an_error_of_the_machine() -> None:
    class OddProvider(FakeProvider):
        def next_address(self, spec: MachineSpec) -> Any:
            return super().next_address(MachineSpec(screen=Size(320, 200)))

    env = DesktopEnv(provider=OddProvider(), spec=SCREEN)
    with pytest.raises(MachineError, match="320x200, not 640x480"):
        env.reset()
    env.close()


def test_render_shows_the_last_look_even_without_a_screenshot_in_the_observation() -> None:
    for observe in (("tree",), ("screenshot",)):
        env = _env(observe=observe, render_mode="rgb_array")
        env.reset(seed=1)
        picture = env.render()
        assert picture is not None
        assert (picture.shape, picture.dtype) == ((480, 640, 3), np.uint8)
        assert picture.std() > 10
        env.close()
    assert _env().render() is None


def test_video_and_statistics_are_recorded(tmp_path: Path) -> None:
    film = RecordVideo(gymnasium.make("osarena/Fake-v0", render_mode="rgb_array"), str(tmp_path / "films"))
    env = RecordEpisodeStatistics(film)
    for seed in range(2):
        env.reset(seed=seed)
        fake = env.unwrapped
        assert isinstance(fake, FakeEnv)
        colour = fake.brief.instruction.split()[2]
        env.step(Click(_button(fake, colour)))
        *_, info = env.step(Finish())
        assert info["episode"]["r"] == 1.0
        assert info["episode"]["l"] == 2
    env.close()
    films = sorted((tmp_path / "films").glob("*.mp4"))
    assert films
    assert films[0].stat().st_size > 500


# --- what is done, and what it is worth ------------------------------------------------------------------------------


def test_right_button_is_worth_one_and_others_nothing() -> None:
    env = FakeEnv()
    for pressed in ("right", "wrong", "none"):
        env.reset(seed=3)
        colour = env.brief.instruction.split()[2]
        other = "red" if colour != "red" else "blue"
        right, wrong = Click(_button(env, colour)), Click(_button(env, other))
        clicks = {"right": [right], "wrong": [wrong, right], "none": []}
        _, reward, terminated, truncated, info = env.step([*clicks[pressed], Finish()])
        assert (reward, terminated, truncated) == (float(pressed == "right"), True, False)
        assert info["is_success"] == (pressed == "right")
    env.close()


_ENDS: list[tuple[str, Outcome]] = [("right", "done"), ("wrong", "done"), ("right", "infeasible")]


def test_fake_scores_as_the_grader_does(tmp_path: Path) -> None:
    env = FakeEnv()
    for name, outcome in _ENDS:
        env.reset(seed=3, options={"evidence": tmp_path / name / outcome})
        colour = env.brief.instruction.split()[2]
        pressed = colour if name == "right" else "red" if colour != "red" else "blue"
        _, reward, *_ = env.step([Click(_button(env, pressed)), Finish(outcome)])
        assert env.variant is not None
        assert env.evidence_ is not None
        assert grade(env.variant.check, env.evidence_, ending=env.ending).score == reward
    env.close()


def test_sample_action_and_sequence_are_each_one_step() -> None:
    env = _env()
    env.reset(seed=1)
    word, save = _solution(env)
    assert env.step(to_sample(word))[1:3] == (0.0, False)
    assert env.step(save)[4]["steps"] == 2
    _, reward, terminated, _, info = env.step([Wait(0.0), Finish(answer="done"), Press("nonsense")][:2])
    assert (reward, terminated, info["steps"], info["ended"]) == (1.0, True, 3, "finished")
    assert env.ending == Ending("done", "done")
    assert env.verdict is not None
    assert env.verdict.score == 1
    assert set(env.timings_s) == {"machine", "setup", "desktop", "check"}
    env.close()


def test_finishing_as_infeasible_is_worth_nothing_on_a_feasible_task() -> None:
    env = _env()
    env.reset()
    _, reward, terminated, _, info = env.step([*_solution(env), Finish("infeasible")])
    assert (reward, terminated) == (0.0, True)
    assert "can" in info["reason"]
    env.close()


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        (Shell("true"), "allows no shell"),
        (Click(Point(640, 0)), "outside"),
        (Press("no-such-key"), "no-such-key"),
        (Click(Point(1, 1), count=1000), "count"),
        (Refused("I do not understand"), "I do not understand"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_unusable_action_costs_a_step_and_says_why(action: Any, reason: str) -> None:
    env = _env()
    env.reset(seed=1)
    observation, reward, terminated, truncated, info = env.step(action)
    assert reason in observation["last_error"]
    assert reason in info["last_error"]
    assert reason in env.observation.last_error
    assert (reward, terminated, truncated, info["steps"]) == (0.0, False, False, 1)
    observation, *_ = env.step(Press("shift"))
    assert observation["last_error"] == ""
    env.close()


def test_nothing_of_a_step_with_an_unusable_action_is_carried_out() -> None:
    env = _env()
    env.reset(seed=1)
    env.step([TypeText("x"), Shell("true"), Finish()])
    assert env.ended is None
    look = env.guest.observe()
    assert look.tree is not None
    assert all(node.text != "x" for node in look.tree.root.walk())
    env.close()


@pytest.mark.parametrize("nonsense", ["click", 5, None, [Press("a"), "b"], object()])
def test_what_is_no_action_at_all_is_an_error(nonsense: Any) -> None:
    env = _env()
    env.reset(seed=1)
    with pytest.raises(AgentError, match="a step takes"):
        env.step(nonsense)
    env.close()


def test_shell_works_where_the_task_allows_it() -> None:
    env = _env(task=notes_variant(channels=["gui", "shell"]))
    env.reset(seed=1)
    *_, info = env.step([Shell("echo hello"), Shell("echo you")])
    assert info["output"] == "hello\nyou\n"
    env.close()


def test_step_limit_truncates_and_the_desktop_is_graded_as_it_stands() -> None:
    env = _env(task=notes_variant(limits={"steps": 2}))
    env.reset(seed=1)
    assert env.step(_solution(env))[1:4] == (0.0, False, False)
    _, reward, terminated, truncated, info = env.step(Wait(0.0))
    assert (reward, terminated, truncated, info["ended"]) == (1.0, False, True, "steps")
    assert env.ending == Ending(None)
    env.close()


def test_time_limit_truncates() -> None:
    env = _env(task=notes_variant(limits={"time_s": 0.05}))
    env.reset(seed=1)
    _, reward, terminated, truncated, info = env.step(Wait(0.06))
    assert (reward, terminated, truncated, info["ended"]) == (0.0, False, True, "time")
    env.close()


def test_step_before_reset_and_after_the_end_is_refused() -> None:
    env = _env()
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(Finish())
    env.reset(seed=1)
    env.step(Finish())
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(Finish())
    env.close()


def test_nothing_of_an_episode_is_there_in_the_next() -> None:
    env = _env()
    env.reset(seed=1)
    env.step([*_solution(env), Finish()])
    env.reset(seed=1)
    assert [entry.path for entry in env.guest.list_files("~/Desktop")] == []
    assert env.step(Finish())[1] == 0.0
    env.close()


def test_evidence_is_kept_where_that_was_asked_for(tmp_path: Path) -> None:
    env = _env(evidence=tmp_path / "first")
    env.reset(seed=1)
    env.step([*_solution(env), Finish()])
    assert EvidenceStore(tmp_path / "first").load().ending == Ending("done")
    env.reset(seed=1, options={"evidence": tmp_path / "second"})
    env.step(Finish())
    assert EvidenceStore(tmp_path / "second").load().items
    env.close()


def test_task_can_be_given_for_one_episode() -> None:
    env = _env()
    _, info = env.reset(seed=1, options={"task": button_task(4)})
    assert info["task"] == "fake:buttons/press"
    _, info = env.reset(seed=1)
    assert info["task"] == "tests:notes/save"
    env.close()


# --- faults ----------------------------------------------------------------------------------------------------------


def _press_often(env: DesktopEnv) -> None:
    for _ in range(5):
        env.step(Press("a"))


def test_desktop_that_dies_is_an_error_of_the_machine_and_the_next_reset_is_clean() -> None:
    env = _env("dies_after=4")
    env.reset(seed=1)
    with pytest.raises(MachineError, match="has died"):
        _press_often(env)
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(Press("a"))
    env.reset(seed=1)
    assert env.step([*_solution(env), Finish()])[1] == 1.0
    env.close()


def test_machine_that_cannot_be_made_or_restored_is_an_error_once() -> None:
    env = _env(NO_MACHINE, "", NO_MACHINE)
    with pytest.raises(MachineError):
        env.reset(seed=1)
    env.reset(seed=1)
    with pytest.raises(MachineError):
        env.reset(seed=1)
    env.reset(seed=1)
    assert env.step([*_solution(env), Finish()])[1] == 1.0
    env.close()


def test_setup_that_fails_is_no_episode() -> None:
    env = _env("refuses=/v1/run")
    with pytest.raises(SetupError, match=r"shell\.run"):
        env.reset(seed=1)
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(Finish())
    env.reset(seed=1)
    env.close()


def test_what_is_done_when_the_agent_has_stopped_is_done_before_anything_is_looked_at() -> None:
    save = {"step": "files.put", "path": "~/Desktop/{file}", "content": "{word}"}
    env = _env(task=notes_variant(finish=[save]))
    env.reset(seed=1)
    assert env.step(Finish())[1] == 1.0
    env.close()


def test_a_finish_that_fails_is_no_score() -> None:
    env = _env(task=notes_variant(finish=[{"step": "files.remove", "path": "~/missing"}]))
    env.reset(seed=1)
    with pytest.raises(SetupError, match=r"finish\[0\] files\.remove: ~/missing was to be removed"):
        env.step([*_solution(env), Finish()])
    env.close()


def test_desktop_that_dies_before_its_files_were_fetched_gives_no_reward() -> None:
    env = _env("refuses=/v1/files")
    env.reset(seed=1)
    with pytest.raises(osarena.OsarenaError):
        env.step([*_solution(env), Finish()])
    env.close()


def test_metric_that_fails_is_a_checker_error() -> None:
    check = {"metric": "text.number", "actual": {"get": "file", "path": "~/Desktop/{file}", "as": "text"}, "expected": "{word}"}
    env = _env(task=notes_variant(check=check))
    env.reset(seed=1)
    with pytest.raises(CheckerError):
        env.step([*_solution(env), Finish()])
    env.close()


def test_unknown_task_is_a_clear_error() -> None:
    env = _env(task="no-such-suite:a/b")
    with pytest.raises((UsageError, TaskError), match="no-such-suite"):
        env.reset()
    env.close()


def test_importing_osarena_is_light() -> None:
    import subprocess
    import sys

    loaded = subprocess.run(
        [sys.executable, "-c", "import osarena, sys; print(*sorted({name.split('.')[0] for name in sys.modules}))"],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert not {"PIL", "pydantic", "httpx", "flask", "typer", "rich", "torch"} & set(loaded)
    assert all(getattr(osarena, name) is not None for name in osarena.__all__)
