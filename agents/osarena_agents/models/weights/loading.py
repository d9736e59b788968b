"""Weights and what belongs to them, from a folder or from the Hugging Face hub, by `transformers`.

Any class that `AutoModelForImageTextToText` knows is loaded. Tests hold Qwen2-VL, Qwen2.5-VL, InternVL and Florence-2. Code that
comes with weights is not run.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers.models.auto.processing_auto import PROCESSOR_MAPPING_NAMES

from osarena.errors import UsageError
from osarena_agents.models.weights.names import WeightsName


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model, and the processor that turns words and pictures into its inputs."""

    model: Any
    processor: Any

    @property
    def tokenizer(self) -> Any:
        """Of the processor."""
        return self.processor.tokenizer


def load(name: WeightsName, *, dtype: str = "auto") -> Loaded:
    """Load weights onto the accelerators that there are, else into memory.

    Args:
        dtype: such as ``bfloat16``; ``auto`` is that on an accelerator, and ``float32`` on a processor.

    Raises:
        UsageError: there are no such weights, or they are of a kind that cannot be loaded.
    """
    has_accelerator = torch.cuda.is_available()
    precision = ("bfloat16" if has_accelerator else "float32") if dtype == "auto" else dtype
    base = _local(name.base)
    try:
        config = transformers.AutoConfig.from_pretrained(base)
        model = transformers.AutoModelForImageTextToText.from_pretrained(
            base, dtype=getattr(torch, precision), device_map="auto" if has_accelerator else None
        )
        processor = _processor(base, config.model_type)
        model = _adapted(model, name.adapter) if name.adapter else model
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        raise UsageError(f"{name.text}: {_advice(error)}") from error
    return Loaded(model.eval(), processor)


def _local(part: str) -> str:
    path = Path(part).expanduser()
    return str(path) if path.is_dir() else part


def _adapted(model: Any, adapter: str) -> Any:
    """The model with a LoRA adapter worked into its weights, which costs nothing when it generates."""
    import peft

    return peft.PeftModel.from_pretrained(model, _local(adapter)).merge_and_unload()


def _processor(base: str, model_type: str) -> Any:
    """The processor of a family, for words and still pictures alone: what it has for films would need torchvision."""
    known = PROCESSOR_MAPPING_NAMES.get(model_type)
    if known is None:
        raise ValueError(f"models of the type {model_type!r} have no processor that is known")
    kind = _without_films(getattr(transformers, known))
    settings, _ = kind.get_processor_dict(base)
    tokenizer = transformers.AutoTokenizer.from_pretrained(base, padding_side="left")
    parts: dict[str, Any] = {
        "image_processor": transformers.AutoImageProcessor.from_pretrained(base, backend="pil"),
        "tokenizer": tokenizer,
    }
    given = [parts.get(attribute) for attribute in kind.get_attributes()]
    processor = kind.from_args_and_dict(given, {key: value for key, value in settings.items() if key not in parts})
    processor = processor[0] if isinstance(processor, tuple) else processor
    processor.chat_template = processor.chat_template or tokenizer.chat_template
    return processor


def _without_films(kind: type[Any]) -> type[Any]:
    """The class of a processor, one of whose parts may be missing; it would look for the class of each."""

    def check(self: Any, attribute: str, part: Any) -> Any:
        return type(None) if part is None else kind.check_argument_for_proper_class(self, attribute, part)

    return type(f"Still{kind.__name__}", (kind,), {"check_argument_for_proper_class": check})


def _advice(error: Exception) -> str:
    words = " ".join(str(error).split())[:600]
    if "trust_remote_code" in words or "custom code" in words:
        return (
            "these weights come with code of their own, which is not run. Take a conversion to the classes of transformers "
            "(their names often end in -hf), or serve them with vLLM and give its URL"
        )
    return f"the weights cannot be loaded: {words}"
