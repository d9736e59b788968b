"""Puts what several ask at the same time together, and generates one batch after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from osarena.errors import ModelError
from osarena.types.observation import Pixels


class CannotAnswerError(ModelError):
    """The model failed on a prompt, or on one of a batch."""


class TooLongError(CannotAnswerError):
    """A prompt is longer than what the model can take in."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How to generate. Only prompts with the same manner can be put together."""

    max_tokens: int = 1024
    temperature: float = 0.0  # 0 takes the likeliest token each time
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Prompt:
    """A conversation in the form that chat templates take, and its pictures in their order."""

    messages: Sequence[dict[str, Any]]
    pictures: Sequence[Pixels] = ()
    manner: Manner = Manner()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model said, and how many tokens were read and written for it."""

    text: str
    prompt_tokens: int
    reply_tokens: int


@dataclass(slots=True, eq=False)
class _Asked:
    prompt: Prompt
    answered: Future[Answer] = field(default_factory=Future)
    # A batch with it failed: it may be the one to blame.
    is_alone: bool = False


class Batcher:
    """One generation at a time, of all that wait for it and can be put together.

    Args:
        generate: the answers to prompts of one manner, in their order; it raises CannotAnswerError.
        at_most: prompts in a batch.
    """

    def __init__(self, generate: Callable[[Sequence[Prompt]], Sequence[Answer]], *, at_most: int = 8) -> None:
        self._generate = generate
        self._at_most = at_most
        self._lock = threading.Lock()
        self._waiting: list[_Asked] = []
        self._generator = ThreadPoolExecutor(1, "generator")
        self.sizes: list[int] = []  # of the batches so far

    def ask(self, prompt: Prompt) -> Answer:
        """The model's answer; waits for its turn. Threads may ask at the same time.

        Raises:
            CannotAnswerError: the model failed on this prompt.
        """
        asked = _Asked(prompt)
        with self._lock:
            self._waiting.append(asked)
            # Each asks for a turn, and may find itself answered in the turn of another.
            turn = self._generator.submit(self._turn, asked)
        done, _ = wait([turn, asked.answered], return_when=FIRST_COMPLETED)
        return done.pop().result()

    def _turn(self, asked: _Asked) -> Answer:
        if asked.answered.done():
            return asked.answered.result()
        batch = self._take(asked)
        try:
            answers = self._generate([one.prompt for one in batch])
        except CannotAnswerError:
            if len(batch) == 1:
                raise
            self._put_back(batch[1:])
            (answer,) = self._generate([asked.prompt])
            return answer
        self.sizes.append(len(batch))
        for one, answer in zip(batch, answers, strict=True):
            one.answered.set_result(answer)
        return answers[0]

    def _take(self, asked: _Asked) -> list[_Asked]:
        """The one whose turn it is, and those that can be put with it; nobody waits for them any more."""
        with self._lock:
            others = [one for one in self._waiting if one is not asked and _fit_together(asked, one)]
            batch = [asked, *others[: self._at_most - 1]]
            self._waiting = [one for one in self._waiting if one not in batch]
        return batch

    def _put_back(self, batch: Sequence[_Asked]) -> None:
        with self._lock:
            for one in batch:
                one.is_alone = True
            self._waiting = [*batch, *self._waiting]


def _fit_together(asked: _Asked, other: _Asked) -> bool:
    return not (asked.is_alone or other.is_alone) and asked.prompt.manner == other.prompt.manner
