"""Agents with a model on real desktops: what the model says, each in its own words, solves a task."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from osarena.agent import Agent
from osarena.providers.local.provider import LocalProvider
from osarena_agents.android_control import AndroidControl
from osarena_agents.computer import Computer
from osarena_agents.navi import Navi
from osarena_agents.os_atlas import OSAtlas
from tests.support.puppet_words import PhoneWords, PlannerAndGrounder, dialect_words, navi_words
from tests.support.puppets import Puppet, Words

pytestmark = pytest.mark.desktop

TASK = "core:calc/total-by-region"
# Lets an agent, made for a server of models that speak these words, solve the task; gives the puppet that has done it.
Solve = Callable[[Callable[[str], Agent], Words], Puppet]


@pytest.fixture(scope="module")
def provider() -> Iterator[LocalProvider]:
    made = LocalProvider(spares=1)
    yield made
    made.close()


@pytest.fixture
def solve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, provider: LocalProvider) -> Solve:
    def solved(make: Callable[[str], Agent], words: Words) -> Puppet:
        puppet = Puppet(make, words)
        verdict = puppet.plays(TASK, provider, tmp_path, monkeypatch)
        assert verdict.score == 1, verdict.reason
        return puppet

    return solved


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "dialect"),
    [
        ("anthropic/claude-opus-4-6", "anthropic-20251124"),
        ("openai-responses/gpt-5.4", "openai"),
        ("gemini/gemini-3.5-flash", "gemini"),
        ("SERVER/v1#UI-TARS-1.5-7B", "ui-tars-1.5"),
    ],
)
def test_computer_solves_a_task_in_the_words_of_each_vendor(solve: Solve, model: str, dialect: str) -> None:
    solve(lambda url: Computer(model.replace("SERVER", url)), dialect_words(dialect))


def test_navi_solves_a_task_by_the_numbers_of_its_marks(solve: Solve) -> None:
    solve(lambda url: Navi(f"{url}/v1#any"), navi_words)


@pytest.mark.slow
def test_os_atlas_solves_a_task_that_a_planner_directs_and_a_grounder_finds_the_places_of(solve: Solve) -> None:
    words = PlannerAndGrounder("planner", zoom=2)
    puppet = solve(lambda url: OSAtlas(f"{url}/v1#OS-Atlas-Base-7B", planner=f"{url}/v1#planner", zoom=2), words)
    assert {asked.model for asked in puppet.asked} == {"planner", "OS-Atlas-Base-7B"}


@pytest.mark.slow
def test_os_atlas_solves_a_task_in_action_mode(solve: Solve) -> None:
    solve(lambda url: OSAtlas(f"{url}/v1#OS-Atlas-Pro-7B"), dialect_words("os-atlas"))


@pytest.mark.slow
def test_android_control_solves_a_task_by_touch_alone(solve: Solve) -> None:
    solve(lambda url: AndroidControl(f"{url}/v1#tuned"), PhoneWords())


@pytest.mark.slow
def test_android_control_solves_a_task_that_a_planner_directs(solve: Solve) -> None:
    words = PhoneWords("planner")
    puppet = solve(lambda url: AndroidControl(f"{url}/v1#tuned", level="low", planner=f"{url}/v1#planner"), words)
    assert {asked.model for asked in puppet.asked} == {"planner", "tuned"}
