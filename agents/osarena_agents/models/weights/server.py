"""Weights behind OpenAI's chat protocol, on loopback and for whoever knows the key."""

from __future__ import annotations

import base64
import binascii
import io
import itertools
import secrets
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import numpy as np
from flask import Flask, Response, abort, jsonify, make_response, request
from PIL import Image, UnidentifiedImageError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from osarena.types.observation import Pixels
from osarena_agents.models.weights.batching import Batcher, CannotAnswerError, Manner, Prompt, TooLongError

_LARGEST_BODY = 256 << 20  # bytes
_MOST_TOKENS = 32_768


def create_app(name: str, batcher: Batcher, key: str) -> Flask:
    """The routes: ``/v1/models``, ``/v1/chat/completions``, and ``/v1/batches`` with the sizes of the batches so far."""
    app = Flask("osarena-weights")
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_BODY
    numbers = itertools.count(1)

    @app.before_request
    def check_key() -> None:
        if not secrets.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {key}".encode()):
            abort(_refusal(401, "the key is not accepted", "invalid_api_key"))

    @app.get("/v1/models")
    def models() -> Response:
        return jsonify({"object": "list", "data": [{"id": name, "object": "model", "owned_by": "osarena"}]})

    @app.get("/v1/batches")
    def batches() -> Response:
        return jsonify({"sizes": batcher.sizes})

    @app.post("/v1/chat/completions")
    def complete() -> Response:
        try:
            asked = _Body.model_validate_json(request.get_data())
            answer = batcher.ask(asked.prompt())
        except ValidationError as error:
            return _refusal(400, _worst(error), "invalid_request_error")
        except TooLongError as error:
            return _refusal(400, str(error), "context_length_exceeded")
        except CannotAnswerError as error:
            return _refusal(422, str(error), "cannot_answer")
        usage = {"prompt_tokens": answer.prompt_tokens, "completion_tokens": answer.reply_tokens}
        is_cut = answer.reply_tokens >= asked.limit
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": answer.text},
            "finish_reason": "length" if is_cut else "stop",
        }
        return jsonify(
            {"id": f"reply-{next(numbers)}", "object": "chat.completion", "model": name, "choices": [choice], "usage": usage}
        )

    return app


def _worst(error: ValidationError) -> str:
    """The problem that lies deepest: of alternatives, that of the one that was meant."""
    problem = max(error.errors(), key=lambda problem: len(problem["loc"]))
    return f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"


def _refusal(status: int, words: str, code: str) -> Response:
    return make_response(jsonify({"error": {"message": words, "type": "invalid_request_error", "code": code}}), status)


def _decoded(url: Any) -> Pixels:
    """The picture in a data URL, as RGB; pictures from elsewhere are not fetched."""
    head, _, body = str(url).partition(",")
    if not (head.startswith("data:image/") and head.endswith(";base64")):
        raise ValueError("a picture must be a data: URL in base64")
    try:
        with Image.open(io.BytesIO(base64.b64decode(body, validate=True))) as picture:
            return np.asarray(picture.convert("RGB"))
    except (binascii.Error, UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise ValueError(f"that is no picture: {error}") from error


class _Received(BaseModel):
    model_config = ConfigDict(extra="ignore", arbitrary_types_allowed=True)


class _Url(_Received):
    url: Annotated[Any, BeforeValidator(_decoded)]


class _Words(_Received):
    type: Literal["text"]
    text: str


class _Shown(_Received):
    type: Literal["image_url"]
    image_url: _Url


class _Message(_Received):
    role: Literal["system", "user", "assistant"]
    content: str | list[Annotated[_Words | _Shown, Field(discriminator="type")]] = ""

    def templated(self) -> dict[str, Any]:
        """In the form that chat templates take: pictures are only places in it."""
        if isinstance(self.content, str):
            return {"role": self.role, "content": self.content}
        parts = [{"type": "text", "text": part.text} if isinstance(part, _Words) else {"type": "image"} for part in self.content]
        return {"role": self.role, "content": parts}

    def pictures(self) -> Sequence[Pixels]:
        """The pictures, in their order."""
        return [part.image_url.url for part in self.content if isinstance(part, _Shown)]


class _Body(_Received):
    messages: list[_Message] = Field(min_length=1)
    # Tools would need a form that each family has for itself; dialects write theirs into the words.
    tools: None = None
    temperature: Annotated[float, Field(ge=0, le=10)] | None = None
    max_tokens: Annotated[int, Field(ge=1, le=_MOST_TOKENS)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1, le=_MOST_TOKENS)] | None = None
    stop: str | list[str] | None = None

    @property
    def limit(self) -> int:
        """Tokens of the reply."""
        return self.max_completion_tokens or self.max_tokens or Manner().max_tokens

    def prompt(self) -> Prompt:
        """What is asked, as the batcher takes it."""
        stop = (self.stop,) if isinstance(self.stop, str) else tuple(self.stop or ())
        pictures = [picture for message in self.messages for picture in message.pictures()]
        manner = Manner(self.limit, self.temperature or 0.0, stop)
        return Prompt([message.templated() for message in self.messages], pictures, manner)
