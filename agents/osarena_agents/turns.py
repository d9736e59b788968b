"""What every agent with a model does: ask until the reply can be read, forget what is too much, and say what became of a step.

::

    self._asker = Asker(make_model(name, settings), Manner(retries=2))            # once
    answer = self._asker.ask(Request(messages), lambda reply: dialect.read(reply, view))
    answer.read, answer.usage, answer.misread
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np

from osarena.agent import Usage
from osarena.types.observation import Observation, RawObservation
from osarena_agents.conversation import Message, Picture, Reply, Text, ToolResult
from osarena_agents.dialects.model import Unreadable
from osarena_agents.models import Model, Request

T = TypeVar("T")

# What stands where a picture is no longer shown.
FORGOTTEN = Text("(a picture of an earlier screen)")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a model is asked, whatever it is asked. What is None is left to the service."""

    temperature: float | None = None
    max_tokens: int | None = None  # of a reply, thinking included
    effort: str | None = None  # of thinking, in the vendor's words
    # How often a reply that cannot be read is shown to the model once more, with the reason.
    retries: int = 2


@dataclass(frozen=True, slots=True)
class Misread:
    """A reply that could not be read, and why."""

    said: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What a model said in the end, and what came before it."""

    read: T
    reply: Reply
    usage: Usage  # of all calls together
    misread: tuple[Misread, ...] = ()


class Asker:
    """Asks a model until its reply can be read."""

    def __init__(self, model: Model, manner: Manner = Manner()) -> None:
        self._model = model
        self._manner = manner

    def ask(self, request: Request, read: Callable[[Reply], T]) -> Answer[T]:
        """The first reply that can be read. Each that cannot be is sent back with the reason.

        Args:
            request: the conversation so far. The manner's settings are filled in where the request leaves them open.
            read: what a reply means; raises `Unreadable` with words for the model.

        Raises:
            Unreadable: none could be read; the text says how many, and why the last could not.
            BudgetSpent, ModelError, ConversationTooLong, UsageError: as the model raises them.
        """
        request = self._in_our_manner(request)
        usage, misread = Usage(), list[Misread]()
        while True:
            reply = self._model.ask(request)
            usage += reply.usage
            try:
                return Answer(read(reply), reply, usage, tuple(misread))
            except Unreadable as error:
                misread.append(Misread(_said(reply), str(error)))
                if len(misread) > self._manner.retries:
                    raise Unreadable(f"none of {len(misread)} replies could be read; the last: {error}") from error
                request = replace(request, messages=corrected(request.messages, reply, str(error)))

    def _in_our_manner(self, request: Request) -> Request:
        manner = self._manner
        return replace(
            request,
            temperature=manner.temperature if request.temperature is None else request.temperature,
            max_tokens=manner.max_tokens if request.max_tokens is None else request.max_tokens,
            effort=manner.effort if request.effort is None else request.effort,
        )


def corrected(messages: Sequence[Message], reply: Reply, reason: str) -> list[Message]:
    """The conversation with a reply that could not be used, and why. Every tool that it called is answered with that."""
    words = f"Nothing was done, because your reply could not be used: {reason}\nReply once more, in the form that was asked for."
    if reply.tool_calls:
        answers = [ToolResult(call, [Text(words)], is_error=True) for call in reply.tool_calls]
        return [*messages, Message("assistant", [reply]), Message("user", answers)]
    if reply.text.strip():
        return [*messages, Message("assistant", [reply]), Message("user", [Text(words)])]
    # Services refuse a reply without content, and some refuse two turns of one side in a row.
    *before, last = messages
    return [*before, replace(last, parts=[*last.parts, Text(words)])]


def within(messages: Sequence[Message], *, replies: int | None = None, pictures: int | None = None) -> list[Message]:
    """A conversation of which the oldest is forgotten. Its first message, which says what is to be done, stays.

    Args:
        messages: ours first, then replies and what we said to each.
        replies: so many of the model's last replies stay (at least one), each with what we said to it.
        pictures: so many of the last pictures stay; the others become a few words.
    """
    kept = list(messages)
    if replies is not None:
        places = [place for place, message in enumerate(kept) if message.role == "assistant"]
        if len(places) > replies:
            kept = [*kept[:1], *kept[places[-max(replies, 1)] :]]
    return kept if pictures is None else _with_last_pictures(kept, pictures)


def outcome(before: Observation, after: Observation) -> str:
    """What became of a step, from the looks before and after it, in words for a model."""
    if after.last_error:
        return f"could not be carried out: {after.last_error}"
    return "done, but nothing changed on the screen" if _is_same_screen(before.raw, after.raw) else "done"


def _is_same_screen(before: RawObservation, after: RawObservation) -> bool:
    """Whether two looks show the same; False where they do not show the screen."""
    if before.pixels is None or after.pixels is None:
        return False
    if before.frame_hash and after.frame_hash:
        return before.frame_hash == after.frame_hash
    return np.array_equal(before.pixels, after.pixels)


def _said(reply: Reply) -> str:
    """A reply in words, for a record."""
    calls = [f"{call.name}({dict(call.arguments)!r})" for call in reply.tool_calls]
    return "\n".join(filter(None, [reply.text, *calls]))


def _with_last_pictures(messages: Sequence[Message], pictures: int) -> list[Message]:
    kept: list[Message] = []
    for message in reversed(messages):
        parts: list[Text | Picture | ToolResult | Reply] = []
        for part in reversed(message.parts):
            if isinstance(part, ToolResult):
                content, pictures = _thinned(part.content, pictures)
                parts.append(replace(part, content=content))
            elif isinstance(part, Picture):
                parts.append(part if pictures > 0 else FORGOTTEN)
                pictures -= 1
            else:
                parts.append(part)
        kept.append(replace(message, parts=parts[::-1]))
    return kept[::-1]


def _thinned(content: Sequence[Text | Picture], pictures: int) -> tuple[list[Text | Picture], int]:
    """A tool's result with the last `pictures` of its pictures, and how many are left for what is older."""
    kept: list[Text | Picture] = []
    for part in reversed(content):
        is_picture = isinstance(part, Picture)
        kept.append(FORGOTTEN if is_picture and pictures <= 0 else part)
        pictures -= is_picture
    return kept[::-1], pictures
