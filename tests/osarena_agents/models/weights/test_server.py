"""The routes, with a model in memory behind them."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from osarena_agents.models import faults
from osarena_agents.models.weights.batching import Answer, Batcher, CannotAnswerError, Manner, Prompt, TooLongError
from osarena_agents.models.weights.server import create_app

KEY = "secret"
HEADERS = {"Authorization": f"Bearer {KEY}"}


class Noted:
    """Answers "Yes." and keeps what it was asked, or raises."""

    def __init__(self, error: Exception | None = None) -> None:
        self.prompts: list[Prompt] = []
        self.error = error

    def generate(self, prompts: Sequence[Prompt]) -> list[Answer]:
        self.prompts += prompts
        if self.error is not None:
            raise self.error
        return [Answer("Yes.", 11, 3) for _ in prompts]

    def client(self) -> FlaskClient:
        return create_app("hf:weights", Batcher(self.generate), KEY).test_client()

    def ask(self, **body: Any) -> Any:
        record = {"messages": [{"role": "user", "content": "Hm?"}], **body}
        return self.client().post("/v1/chat/completions", json=record, headers=HEADERS)


def data_url(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def shown(url: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}]


def test_an_answer_has_its_words_and_what_it_took() -> None:
    answer = Noted().ask().get_json()
    assert answer["choices"][0]["message"] == {"role": "assistant", "content": "Yes."}
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert answer["usage"] == {"prompt_tokens": 11, "completion_tokens": 3}
    assert Noted().ask(max_tokens=3).get_json()["choices"][0]["finish_reason"] == "length"


def test_the_conversation_and_the_manner_arrive() -> None:
    noted = Noted()
    red, blue = (Image.new("RGB", (4, 2), colour) for colour in ("red", "blue"))
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [*shown(data_url(red))[0]["content"], {"type": "text", "text": "Then:"}]},
        {"role": "assistant", "content": "Red."},
        *shown(data_url(blue.convert("RGBA"))),
    ]
    assert noted.ask(messages=messages, max_tokens=7, temperature=0.5, stop="\n").status_code == 200
    (prompt,) = noted.prompts
    assert prompt.manner == Manner(7, 0.5, ("\n",))
    assert prompt.messages == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "Then:"}]},
        {"role": "assistant", "content": "Red."},
        {"role": "user", "content": [{"type": "image"}]},
    ]
    assert [np.array_equal(seen, np.asarray(sent)) for seen, sent in zip(prompt.pictures, (red, blue), strict=True)] == [True] * 2


@pytest.mark.parametrize("header", [None, "", "secret", "Bearer", "Bearer secrets", "Bearer \xe9"])
@pytest.mark.parametrize(("method", "path"), [("POST", "chat/completions"), ("GET", "models"), ("GET", "batches")])
def test_nobody_is_answered_without_the_key(header: str | None, method: str, path: str) -> None:
    noted = Noted()
    headers = {} if header is None else {"Authorization": header}
    answer = noted.client().open(f"/v1/{path}", method=method, json={}, headers=headers)
    assert answer.status_code == 401
    assert not noted.prompts


def test_models_and_batches_are_told() -> None:
    noted = Noted()
    client = noted.client()
    assert client.get("/v1/models", headers=HEADERS).get_json()["data"][0]["id"] == "hf:weights"
    client.post("/v1/chat/completions", json={"messages": [{"role": "user", "content": "?"}]}, headers=HEADERS)
    assert client.get("/v1/batches", headers=HEADERS).get_json() == {"sizes": [1]}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"messages": []}, "messages"),
        ({"messages": "hello"}, "messages"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "role"),
        ({"messages": [{"role": "user", "content": [{"type": "video"}]}]}, "content"),
        ({"messages": shown("http://example.org/cat.png")}, "must be a data: URL"),
        ({"messages": shown("file:///etc/passwd")}, "must be a data: URL"),
        ({"messages": shown("data:image/png;base64,!!!")}, "no picture"),
        ({"messages": shown("data:image/png;base64,aGVsbG8=")}, "no picture"),
        ({"tools": [{"type": "function"}]}, "tools"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"temperature": -1}, "temperature"),
    ],
)
def test_a_bad_request_is_refused_with_the_reason(body: dict[str, Any], words: str) -> None:
    noted = Noted()
    answer = noted.ask(**body)
    assert answer.status_code == 400
    assert words in answer.get_json()["error"]["message"]
    assert not noted.prompts


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"messages": 1e999}'])
def test_bytes_that_are_no_request_are_refused(body: bytes) -> None:
    assert Noted().client().post("/v1/chat/completions", data=body, headers=HEADERS).status_code == 400


def test_what_the_model_cannot_do_is_a_fault_that_the_client_knows() -> None:
    too_long = Noted(TooLongError("the prompt has 9 tokens, and the model's maximum context length is 8")).ask()
    fault = faults.of_status(too_long.status_code, {}, too_long.data, key_name="KEY")
    assert (fault.is_too_long, fault.may_pass) == (True, False)
    failed = Noted(CannotAnswerError("out of memory")).ask()
    fault = faults.of_status(failed.status_code, {}, failed.data, key_name="KEY")
    assert (fault.is_too_long, fault.may_pass) == (False, False)
    assert "out of memory" in fault.reason
