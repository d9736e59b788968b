"""Asking until a reply can be read, forgetting what is too much, and saying what became of a step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from osarena.agent import Usage
from osarena.types.geometry import Size
from osarena.types.observation import Observation, RawObservation
from osarena_agents.conversation import Message, Picture, Reply, Text, ToolCall, ToolResult
from osarena_agents.dialects import Unreadable
from osarena_agents.models import Request
from osarena_agents.turns import FORGOTTEN, Asker, Manner, Misread, outcome, within
from tests.support.scripted_model import ScriptedModel

COST = Usage(10, 2, calls=1)


def number(reply: Reply) -> int:
    if not reply.text.isdigit():
        raise Unreadable(f"{reply.text!r} is no number")
    return int(reply.text)


def says(text: str, *calls: ToolCall) -> Reply:
    return Reply(text, calls, usage=COST)


QUESTION = Request([Message("user", [Text("How many?")])])


def test_a_reply_that_cannot_be_read_is_sent_back_with_the_reason() -> None:
    model = ScriptedModel(says("some"), says("7"))
    answer = Asker(model).ask(QUESTION, number)
    assert (answer.read, answer.reply.text, answer.usage) == (7, "7", COST + COST)
    assert answer.misread == (Misread("some", "'some' is no number"),)
    question, said, correction = model.asked[1].messages
    assert question == QUESTION.messages[0]
    assert (said.role, said.parts) == ("assistant", [says("some")])
    (words,) = correction.parts
    assert isinstance(words, Text)
    assert "'some' is no number" in words.text


def test_after_so_many_replies_it_is_an_error() -> None:
    model = ScriptedModel(says("a"), says("b"), says("3"))
    with pytest.raises(Unreadable, match="none of 2 replies could be read; the last: 'b' is no number"):
        Asker(model, Manner(retries=1)).ask(QUESTION, number)
    assert len(model.asked) == 2


def test_every_tool_that_was_called_is_answered() -> None:
    calls = ToolCall("1", "click", {}), ToolCall("2", "type", {})
    model = ScriptedModel(says("hm", *calls), says("1"))
    answer = Asker(model).ask(QUESTION, number)
    results = model.asked[1].messages[-1].parts
    assert [(part.call, part.is_error) for part in results if isinstance(part, ToolResult)] == [(call, True) for call in calls]
    assert answer.misread[0].said == "hm\nclick({})\ntype({})"


def test_an_empty_reply_is_not_sent_back_as_a_turn() -> None:
    model = ScriptedModel(says(" "), says("1"))
    Asker(model).ask(QUESTION, number)
    (only,) = model.asked[1].messages
    assert only.role == "user"
    assert len(only.parts) == 2


def test_what_the_request_says_wins_over_the_manner() -> None:
    model = ScriptedModel(says("1"))
    Asker(model, Manner(temperature=1.0, max_tokens=50, effort="low")).ask(Request(QUESTION.messages, temperature=0.2), number)
    assert (model.asked[0].temperature, model.asked[0].max_tokens, model.asked[0].effort) == (0.2, 50, "low")


def picture(value: int) -> Picture:
    return Picture(np.full((1, 1, 3), value, np.uint8))


def conversation(turns: int) -> list[Message]:
    """A task, and so many replies with a new picture after each."""
    messages = [Message("user", [Text("task"), picture(0)])]
    for turn in range(1, turns + 1):
        messages += [Message("assistant", [Reply(f"reply {turn}")]), Message("user", [picture(turn)])]
    return messages


def values(messages: Sequence[Message]) -> list[int]:
    return [int(part.pixels[0, 0, 0]) for message in messages for part in message.parts if isinstance(part, Picture)]


def test_the_oldest_replies_are_forgotten_and_the_task_is_not() -> None:
    everything = conversation(3)
    assert within(everything, replies=2) == [everything[0], *everything[3:]]
    assert within(everything, replies=3) == within(everything) == everything


def test_the_oldest_pictures_become_words() -> None:
    kept = within(conversation(3), pictures=2)
    assert values(kept) == [2, 3]
    assert kept[0].parts == [Text("task"), FORGOTTEN]
    assert within(conversation(1), pictures=0)[2].parts == [FORGOTTEN]


def test_pictures_that_tools_gave_count_as_well() -> None:
    call = ToolCall("1", "look", {})
    result = ToolResult(call, [Text("here"), picture(1)])
    messages = [*conversation(0), Message("assistant", [Reply("", (call,))]), Message("user", [result, picture(2)])]
    (thinned, last) = within(messages, pictures=1)[-1].parts
    assert thinned == ToolResult(call, [Text("here"), FORGOTTEN])
    assert last is messages[-1].parts[1]


def look(value: int | None = None, error: str = "") -> Observation:
    pixels = None if value is None else np.full((2, 2, 3), value, np.uint8)
    return Observation(0, Size(2, 2), RawObservation(pixels), error)


def test_what_became_of_a_step() -> None:
    assert outcome(look(1), look(2)) == "done"
    assert outcome(look(1), look(1)) == "done, but nothing changed on the screen"
    assert outcome(look(1), look(1, "no such key")) == "could not be carried out: no such key"
    assert outcome(look(), look()) == "done"


def test_screens_are_told_apart_by_their_hashes_where_they_have_them() -> None:
    pixels = np.zeros((2, 2, 3), np.uint8)
    looks = [Observation(0, Size(2, 2), RawObservation(pixels, frame_hash)) for frame_hash in ("a", "a", "b")]
    assert [outcome(looks[0], after) for after in looks[1:]] == ["done, but nothing changed on the screen", "done"]
