"""AndroidControl without a desktop: both levels, all inputs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from osarena.agent import Brief, Usage
from osarena.errors import AgentError, BudgetSpent, UsageError
from osarena.types.actions import Action, Click, Finish, TypeText, Wait
from osarena.types.geometry import Box, Point, Size
from osarena.types.observation import Observation, RawObservation
from osarena.types.tree import Node, Tree
from osarena_agents.android_control import AndroidControl
from osarena_agents.conversation import Reply, Text
from tests.support.scripted_model import ScriptedModel

SCREEN = Size(400, 200)
COST = Usage(10, 1, calls=1)
SAVE = Node("push button", "Save", states=frozenset({"showing", "enabled"}), box=Box(100, 20, 40, 20))
TREE = Tree(Node("desktop frame", children=(Node("application", "notes", children=(SAVE,)),)))
CLICK = '{"action_type": "click", "x": 120, "y": 30}'
TYPE = '{"action_type": "input_text", "text": "plum"}'
COMPLETE = '{"action_type": "status", "goal_status": "complete"}'


def look(step: int = 0, shade: int = 0) -> Observation:
    pixels = np.full((SCREEN.height, SCREEN.width, 3), shade, np.uint8)
    return Observation(step, SCREEN, RawObservation(pixels, tree=TREE))


def model_of(*said: str) -> ScriptedModel:
    return ScriptedModel(*(Reply(words, usage=COST) for words in said))


def high(*said: str, **options: Any) -> tuple[AndroidControl, ScriptedModel]:
    model = model_of(*said)
    agent = AndroidControl(model, **options)
    agent.reset(Brief("Write plum.", screen=SCREEN, max_steps=5), seed=0)
    return agent, model


def low(planned: list[str], said: list[str], **options: Any) -> tuple[AndroidControl, ScriptedModel, ScriptedModel]:
    planner = model_of(*planned)
    agent, model = high(*said, level="low", planner=planner, **options)
    return agent, planner, model


@pytest.mark.parametrize(
    ("said", "action"),
    [
        (CLICK, Click(Point(120, 30))),
        (TYPE, TypeText("plum")),
        (COMPLETE, Finish()),
        ('{"action_type": "status", "goal_status": "infeasible"}', Finish("infeasible")),
        ('{"action_type": "wait"}', Wait(2.0)),
        ('{"action_type": "long_press", "x": 120, "y": 30}', Click(Point(120, 30), "right")),
    ],
)
def test_at_the_high_level_the_goal_alone_leads(said: str, action: Action) -> None:
    agent, model = high(said)
    decision = agent.act(look())
    assert (decision.actions, decision.usage) == ((action,), COST)
    assert "Goal: Write plum." in model.words()
    assert "What to do now" not in model.words()
    assert "What was done so far:\nnothing" in model.words()


@pytest.mark.parametrize(
    ("inputs", "observe", "pictures", "is_told"),
    [
        ("screenshot+tree", ("cursor", "screenshot", "tree", "windows"), 1, True),
        ("screenshot", ("cursor", "screenshot", "tree", "windows"), 1, False),
        ("tree", ("cursor", "tree", "windows"), 0, True),
    ],
)
def test_the_screen_is_shown_told_or_both(inputs: Any, observe: tuple[str, ...], pictures: int, is_told: bool) -> None:
    agent, model = high(CLICK, inputs=inputs)
    agent.act(look())
    assert agent.observe == observe
    assert len(model.pictures()) == pictures
    assert ('0 push button "Save" (120, 30)' in model.words()) == is_told


def test_smaller_pictures_have_smaller_places() -> None:
    agent, model = high('{"action_type": "click", "x": 60, "y": 15}', longest_side=200)
    assert agent.act(look()).actions == (Click(Point(120, 30)),)
    assert [picture.shape for picture in model.pictures()] == [(100, 200, 3)]
    assert '"Save" (60, 15)' in model.words()


def test_elements_can_be_named_by_their_numbers() -> None:
    agent, _ = high('Reason: There.\nAction: {"action_type": "click", "index": 0}', dialect="android-world")
    decision = agent.act(look())
    assert (decision.actions, decision.thought) == ((Click(Point(120, 30)),), "There.")


def test_what_it_did_is_told_again() -> None:
    agent, model = high(CLICK, TYPE, COMPLETE, history=1)
    agent.act(look())
    agent.act(look(1))
    assert f"What was done so far:\nStep 1: {CLICK}\n" in model.words()
    agent.act(look(2))
    assert f"What was done so far:\nStep 2: {TYPE}\n" in model.words()


def test_at_the_low_level_a_planner_says_what_the_step_is() -> None:
    planned = ['{"thought": "It is empty.", "instruction": "Type plum"}', '{"thought": "It is written.", "done": "plum"}']
    agent, planner, model = low(planned, [TYPE])
    decision = agent.act(look())
    assert (decision.actions, decision.thought, decision.usage) == ((TypeText("plum"),), "It is empty.", COST + COST)
    assert decision.extra == {"instruction": "Type plum", "said": TYPE}
    assert "What to do now: Type plum" in model.words()
    assert "Step 1 of 5" in planner.words()
    assert agent.act(look(1)).actions == (Finish("done", "plum"),)
    assert "Step 1: Type plum -> done, but nothing changed on the screen" in planner.words()
    assert len(model.asked) == 1


def test_at_the_low_level_the_planner_alone_ends() -> None:
    agent, _, _ = low(['{"instruction": "Look"}', '{"infeasible": "no"}'], [COMPLETE])
    assert agent.act(look()).actions == ()
    assert agent.act(look(1)).actions == (Finish("infeasible", "no"),)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("Click it.", "no JSON object with an"),
        ('{"instruction": ""}', "the instruction is empty"),
        ('{"instruction": "a", "done": "b"}', "one of"),
        ('{"done": 1}', "it is to be a text"),
    ],
)
def test_a_planner_that_cannot_be_read_is_asked_again(said: str, reason: str) -> None:
    agent, planner, _ = low([said, '{"instruction": "Click on Save"}'], [CLICK])
    decision = agent.act(look())
    assert decision.actions == (Click(Point(120, 30)),)
    correction = planner.asked[1].messages[-1].parts[-1]
    assert isinstance(correction, Text)
    assert reason in correction.text
    assert decision.extra["planner_misread"][0]["said"] == said


def test_garbage_is_sent_back_with_the_reason_and_is_an_error_in_the_end() -> None:
    agent, _ = high("Hm.", CLICK)
    decision = agent.act(look())
    assert decision.extra["misread"] == [{"said": "Hm.", "reason": "the reply has no JSON object with an action_type"}]
    with pytest.raises(AgentError, match="none of 1 replies"):
        high("Hm.", retries=0)[0].act(look())


def test_both_models_share_a_budget() -> None:
    agent, _, _ = low(['{"instruction": "Look"}'] * 2, [CLICK], budget_calls=2)
    agent.act(look())
    with pytest.raises(BudgetSpent):
        agent.act(look(1))


def test_an_adapter_is_part_of_the_weights_name() -> None:
    with pytest.raises(UsageError, match=r"there is no folder \./runs/lora with weights in it"):
        AndroidControl("hf:weights/base", adapter="./runs/lora")
    with pytest.raises(UsageError, match="a server loads its adapters itself"):
        AndroidControl("http://127.0.0.1/v1#base", adapter="runs/lora")


@pytest.mark.parametrize(
    "options",
    [{"level": "middle"}, {"inputs": "smell"}, {"level": "low"}, {"planner": ScriptedModel()}, {"history": -1}, {"goal": ""}],
)
def test_options_that_there_are_not_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        AndroidControl(ScriptedModel(), **options)
