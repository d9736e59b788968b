"""The options that agents with a model have in common."""

from __future__ import annotations

import pytest

from osarena.agent import Usage
from osarena.errors import UsageError
from osarena_agents.asking import Asking, make_askers
from osarena_agents.conversation import Message, Reply, Text
from osarena_agents.dialects import Unreadable
from osarena_agents.models import BudgetSpent, Request
from tests.support.model_server import ModelServer, Say
from tests.support.scripted_model import ScriptedModel

QUESTION = Request([Message("user", [Text("How many?")])])


def test_options_reach_the_request() -> None:
    model = ScriptedModel("1")
    (asker,) = make_askers([model], {"temperature": 0.5, "max_tokens": 70, "effort": "low", "retries": 0})
    assert asker.ask(QUESTION, lambda reply: reply.text).read == "1"
    assert (model.asked[0].temperature, model.asked[0].max_tokens, model.asked[0].effort) == (0.5, 70, "low")


def test_what_is_not_given_is_left_to_the_service() -> None:
    model = ScriptedModel("1")
    (asker,) = make_askers([model], {})
    asker.ask(QUESTION, lambda reply: reply.text)
    assert (model.asked[0].temperature, asker.manner.retries) == (None, 2)


def test_two_models_of_an_agent_share_its_budget_which_is_anew_in_each_job() -> None:
    cost = Usage(calls=1)
    with ModelServer(Say("2")) as server:
        models = ScriptedModel(Reply("1", usage=cost), Reply("1", usage=cost)), server.spec
        first, second = make_askers(models, {"budget_calls": 2})
        for _ in range(2):
            first.begin_job()
            assert [asker.ask(QUESTION, lambda reply: reply.text).read for asker in (first, second)] == ["1", "2"]
            with pytest.raises(BudgetSpent, match="2 of 2 calls"):
                second.ask(QUESTION, lambda reply: reply.text)


def unreadable(reply: Reply) -> str:
    raise Unreadable(f"{reply.text} is no number")


def test_an_error_tells_what_the_replies_cost_that_nobody_could_read() -> None:
    (asker,) = make_askers([ScriptedModel(*[Reply("?", usage=Usage(10, 1, calls=1))] * 3)], {"retries": 1})
    asker.ask(QUESTION, lambda reply: reply.text)
    with pytest.raises(Unreadable, match="none of 2 replies") as caught:
        asker.ask(QUESTION, unreadable)
    assert caught.value.usage == Usage(20, 2, calls=2)


def test_an_error_tells_what_all_models_of_the_step_have_cost() -> None:
    replies = [ScriptedModel(*[Reply("?", usage=Usage(cost_usd=cost, calls=1))] * 2) for cost in (1.0, 0.25)]
    planner, grounder = make_askers(replies, {"retries": 0})
    planner.ask(QUESTION, lambda reply: reply.text)  # in the step before

    def step() -> None:
        with planner.counting() as cost:
            planner.ask(QUESTION, lambda reply: grounder.ask(QUESTION, lambda reply: reply.text))
            assert cost() == Usage(cost_usd=1.25, calls=2)
            grounder.ask(QUESTION, unreadable)

    with pytest.raises(Unreadable) as caught:
        step()
    assert caught.value.usage == Usage(cost_usd=1.5, calls=3)


@pytest.mark.parametrize(
    ("model", "asking", "temperature"),
    [
        ("http://h/v1#m", {}, 0.0),
        ("openai/m", {}, None),
        ("hf:weights", {"temperature": 0.3}, 0.3),
        ("gemini/m", {"temperature": 0.3}, 0.3),
    ],
)
def test_open_models_can_be_asked_for_what_is_most_likely(model: str, asking: Asking, temperature: float | None) -> None:
    scripted = ScriptedModel()
    scripted.name = model
    (asker,) = make_askers([scripted], asking)
    assert asker.greedy == temperature


@pytest.mark.parametrize(
    ("asking", "words"),
    [({"temprature": 0.5}, "there is no option temprature; every agent has retries"), ({"retries": -1}, "cannot be negative")],
)
def test_options_that_there_are_not_are_refused(asking: Asking, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        make_askers([ScriptedModel()], asking)
