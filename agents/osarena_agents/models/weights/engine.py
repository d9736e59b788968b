"""From prompts to answers, with a loaded model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from jinja2 import TemplateError
from PIL import Image

from osarena_agents.models.weights.batching import Answer, CannotAnswerError, Manner, Prompt, TooLongError
from osarena_agents.models.weights.loading import Loaded

# What the code of models, processors and templates raises. Running out of an accelerator's memory is a RuntimeError.
_FAILURES = (RuntimeError, ValueError, TypeError, LookupError, AttributeError, TemplateError)


class Engine:
    """Generates with one model. Not for several threads at once."""

    def __init__(self, loaded: Loaded) -> None:
        self._model = loaded.model
        self._processor = loaded.processor
        self._tokenizer = loaded.tokenizer

    def generate(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """The answers to prompts of one manner, in their order.

        Raises:
            TooLongError: a prompt is longer than what the model can take in.
            CannotAnswerError: the model failed: memory that does not suffice, or a conversation that its template refuses.
        """
        try:
            inputs = self._inputs(prompts)
            self._check_length(inputs)
            with torch.inference_mode():
                output = self._model.generate(**inputs, **self._sampling(prompts[0].manner))
        except _FAILURES as error:
            raise CannotAnswerError(f"{type(error).__name__}: {' '.join(str(error).split())[:500]}") from error
        given = 0 if self._model.config.is_encoder_decoder else inputs["input_ids"].shape[1]
        lengths = inputs["attention_mask"].sum(dim=1).tolist()
        replies = output[:, given:].tolist()
        return [self._answer(prompt, reply, length) for prompt, reply, length in zip(prompts, replies, lengths, strict=True)]

    def _inputs(self, prompts: Sequence[Prompt]) -> Any:
        texts = [self._text(prompt) for prompt in prompts]
        pictures = [Image.fromarray(pixels) for prompt in prompts for pixels in prompt.pictures]
        made = self._processor(images=pictures or None, text=texts, padding=True, return_tensors="pt")
        return made.to(self._model.device, self._model.dtype)

    def _text(self, prompt: Prompt) -> str:
        """The conversation as the model was taught to read it. A model without a template (Florence-2) is given words alone."""
        if self._processor.chat_template is None:
            return "\n".join(_words(message["content"]) for message in prompt.messages)
        text: str = self._processor.apply_chat_template(list(prompt.messages), tokenize=False, add_generation_prompt=True)
        return text

    def _check_length(self, inputs: Any) -> None:
        longest = getattr(self._model.config.get_text_config(), "max_position_embeddings", None)
        length = inputs["input_ids"].shape[1]
        if longest is not None and length >= longest:
            raise TooLongError(f"the prompt has {length} tokens, and the model's maximum context length is {longest}")

    def _sampling(self, manner: Manner) -> dict[str, Any]:
        chance = {"do_sample": True, "temperature": manner.temperature} if manner.temperature > 0 else {"do_sample": False}
        stop = {"stop_strings": list(manner.stop), "tokenizer": self._tokenizer} if manner.stop else {}
        return {"max_new_tokens": manner.max_tokens, **chance, **stop}

    def _answer(self, prompt: Prompt, reply: list[int], prompt_tokens: int) -> Answer:
        """What was generated, without what frames it. Boxes and places, which are special tokens too, stay."""
        settings = self._model.generation_config
        ends = _numbers(settings.eos_token_id) | _numbers(self._tokenizer.eos_token_id)
        length = next((place for place, token in enumerate(reply) if token in ends and place > 0), len(reply))
        frame = ends | _numbers(settings.bos_token_id) | _numbers(settings.pad_token_id) | _numbers(self._tokenizer.pad_token_id)
        frame |= _numbers(getattr(settings, "decoder_start_token_id", None))
        text = self._tokenizer.decode([token for token in reply[:length] if token not in frame])
        for end in prompt.manner.stop:
            text = text.split(end)[0]
        return Answer(text, prompt_tokens, length)


def _words(content: str | Sequence[dict[str, Any]]) -> str:
    return content if isinstance(content, str) else "\n".join(part["text"] for part in content if part["type"] == "text")


def _numbers(tokens: int | Sequence[int] | None) -> set[int]:
    return set() if tokens is None else {tokens} if isinstance(tokens, int) else set(tokens)
