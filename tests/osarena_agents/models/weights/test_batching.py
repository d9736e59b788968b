from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from osarena.guest.wait import wait_until
from osarena_agents.models.weights.batching import Answer, Batcher, CannotAnswerError, Manner, Prompt


def prompt(text: str, **manner: float) -> Prompt:
    return Prompt([{"role": "user", "content": text}], manner=Manner(**manner))  # type: ignore[arg-type]


class Gated:
    """Answers with the prompt in capitals, once the gate is open; "bad" fails every batch that it is in."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.began = threading.Event()
        self.batches: list[list[str]] = []

    def generate(self, prompts: Sequence[Prompt]) -> list[Answer]:
        self.began.set()
        assert self.gate.wait(10)
        texts = [one.messages[0]["content"] for one in prompts]
        self.batches.append(texts)
        if "bad" in texts:
            raise CannotAnswerError("it was bad")
        return [Answer(text.upper(), 1, 1) for text in texts]


def ask_while_busy(gated: Gated, prompts: Sequence[Prompt], *, at_most: int = 8) -> list[Answer | CannotAnswerError]:
    """Ask one thing, and the others while that is generated."""
    batcher = Batcher(gated.generate, at_most=at_most)
    with ThreadPoolExecutor(len(prompts) + 1) as pool:
        first = pool.submit(batcher.ask, prompt("first"))
        assert gated.began.wait(10)
        others = []
        for one in prompts:
            others.append(pool.submit(batcher.ask, one))
            # Until it stands in the queue, behind those before it.
            wait_until(lambda: len(batcher._waiting) == len(others), timeout_s=10, what="the prompt in the queue")
        gated.gate.set()
        assert first.result(10).text == "FIRST"
        outcomes: list[Answer | CannotAnswerError] = []
        for other in others:
            error = other.exception(10)
            assert error is None or isinstance(error, CannotAnswerError)
            outcomes.append(error or other.result())
    return outcomes


def texts(outcomes: Sequence[Answer | CannotAnswerError]) -> list[str]:
    return [outcome.text if isinstance(outcome, Answer) else str(outcome) for outcome in outcomes]


def test_what_is_asked_while_the_model_is_busy_is_generated_together() -> None:
    gated = Gated()
    assert texts(ask_while_busy(gated, [prompt(text) for text in "abc"])) == ["A", "B", "C"]
    assert gated.batches == [["first"], ["a", "b", "c"]]


def test_a_batch_holds_no_more_than_it_may() -> None:
    gated = Gated()
    assert texts(ask_while_busy(gated, [prompt(text) for text in "abcde"], at_most=2)) == list("ABCDE")
    assert gated.batches == [["first"], ["a", "b"], ["c", "d"], ["e"]]


def test_only_what_is_generated_in_the_same_manner_is_put_together() -> None:
    gated = Gated()
    asked = [prompt("a"), prompt("b", temperature=1.0), prompt("c"), prompt("d", max_tokens=5)]
    assert texts(ask_while_busy(gated, asked)) == list("ABCD")
    assert gated.batches == [["first"], ["a", "c"], ["b"], ["d"]]


@pytest.mark.parametrize("order", [("bad", "a", "b"), ("a", "bad", "b"), ("a", "b", "bad")])
def test_a_prompt_that_fails_fails_alone(order: tuple[str, ...]) -> None:
    gated = Gated()
    outcomes = texts(ask_while_busy(gated, [prompt(text) for text in order]))
    assert outcomes == ["it was bad" if text == "bad" else text.upper() for text in order]
    assert gated.batches == [["first"], list(order), *([text] for text in order)]
