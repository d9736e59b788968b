"""Small models of the real classes, with random weights or taught one answer, saved as `from_pretrained` wants them.

Their tokenizer knows bytes and the special tokens of the family, so that whatever an agent asks can be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, decoders, models
from tokenizers.pre_tokenizers import ByteLevel

_CHAT = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% if message.content is string %}{{ message.content }}{% else %}{% for part in message.content %}"
    "{% if part.type == 'image' %}IMAGE{% else %}{{ part.text }}{% endif %}{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_END = "<|im_end|>"
_HIDDEN = 32
_LONGEST = 16_384
_SEEN = 64  # tokens that each layer looks back

torch.set_num_threads(1)  # more are slower for matrices as small as these


def make_qwen2_vl(folder: Path, *, answer: str = "", seed: int = 0) -> Path:
    """A Qwen2-VL with 28-pixel tokens, of which a picture has at most 16."""
    return _make_qwen(folder, transformers.Qwen2VLConfig, transformers.Qwen2VLForConditionalGeneration, answer, seed)


def make_qwen2_5_vl(folder: Path, *, answer: str = "", seed: int = 0) -> Path:
    """A Qwen2.5-VL, its vision with windows of attention."""
    return _make_qwen(folder, transformers.Qwen2_5_VLConfig, transformers.Qwen2_5_VLForConditionalGeneration, answer, seed)


def make_internvl(folder: Path, *, answer: str = "", seed: int = 0) -> Path:
    """An InternVL in the form of transformers, with tiles of 28 pixels."""
    special = ["<|im_start|>", _END, "<|endoftext|>", "<img>", "</img>", "<IMG_CONTEXT>", "<video>"]
    named = {
        "start_image_token": "<img>",
        "end_image_token": "</img>",
        "context_image_token": "<IMG_CONTEXT>",
        "video_token": "<video>",
    }
    tokenizer = _tokenizer(special, _CHAT.replace("IMAGE", "<IMG_CONTEXT>"), **named)
    config = transformers.InternVLConfig(
        vision_config={
            "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "image_size": [28, 28],
            "patch_size": [14, 14],
        },
        text_config={"model_type": "qwen2", **_text_config(tokenizer)},
        image_token_id=tokenizer.convert_tokens_to_ids("<IMG_CONTEXT>"),
        image_seq_length=1,
        downsample_ratio=0.5,
    )  # fmt: skip
    model = _seeded(transformers.InternVLForConditionalGeneration, config, seed)
    images = transformers.GotOcr2ImageProcessorPil(size={"height": 28, "width": 28}, crop_to_patches=True, max_patches=2)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "processor_config.json").write_text('{"processor_class": "InternVLProcessor", "image_seq_length": 1}')
    return _save(folder, model, tokenizer, images, answer)


def make_florence2(folder: Path, *, answer: str = "", seed: int = 0) -> Path:
    """A Florence-2: an encoder and a decoder, and no template for conversations."""
    places = [f"<loc_{number}>" for number in range(1000)]
    tokenizer = _tokenizer(
        ["<s>", "<pad>", "</s>", "<image>"], None, image_token="<image>", bos_token="<s>", end="</s>", pad="<pad>"
    )
    tokenizer.add_tokens(places)
    config = transformers.Florence2Config(
        text_config={
            "model_type": "bart", "vocab_size": len(tokenizer), "d_model": _HIDDEN, "encoder_layers": 1, "decoder_layers": 2,
            "encoder_attention_heads": 2, "decoder_attention_heads": 2, "encoder_ffn_dim": 64, "decoder_ffn_dim": 64,
            "max_position_embeddings": 1024, "bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id,
            "pad_token_id": tokenizer.pad_token_id, "decoder_start_token_id": tokenizer.eos_token_id, "dropout": 0.0,
            "forced_eos_token_id": tokenizer.eos_token_id,
        },
        vision_config={
            "embed_dim": [8, 8, 8, 8], "num_heads": [1, 1, 1, 1], "num_groups": [1, 1, 1, 1], "depths": [1, 1, 1, 1],
            "window_size": 2, "projection_dim": _HIDDEN,
        },
        image_token_id=tokenizer.image_token_id,
        is_encoder_decoder=True,
    )  # fmt: skip
    model = _seeded(transformers.Florence2ForConditionalGeneration, config, seed)
    images = transformers.CLIPImageProcessorPil(size={"height": 64, "width": 64}, do_center_crop=False, crop_size=None)
    images.image_seq_length = 5  # 2x2 places, and their mean
    return _save(folder, model, tokenizer, images, answer)


def make_adapter(folder: Path, base: Path, *, answer: str) -> Path:
    """A LoRA adapter that makes a tiny Qwen give another answer."""
    import peft

    model = transformers.AutoModelForImageTextToText.from_pretrained(base)
    targets = ["q_proj", "k_proj", "v_proj", "o_proj", "up_proj", "down_proj", "gate_proj", "lm_head"]
    adapted = peft.get_peft_model(model, peft.LoraConfig(r=16, lora_alpha=32, target_modules=targets))
    _teach(adapted, transformers.AutoTokenizer.from_pretrained(base), answer, rate=5e-3)
    adapted.save_pretrained(folder)
    return folder


def _make_qwen(folder: Path, config_class: Any, model_class: Any, answer: str, seed: int) -> Path:
    special = [
        "<|im_start|>", _END, "<|endoftext|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>",
        "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>", "<|box_end|>",
    ]  # fmt: skip
    tokenizer = _tokenizer(special, _CHAT.replace("IMAGE", "<|vision_start|><|image_pad|><|vision_end|>"))
    vision = {"depth": 1, "num_heads": 2, "patch_size": 14, "spatial_merge_size": 2, "temporal_patch_size": 2}
    if config_class is transformers.Qwen2VLConfig:
        vision |= {"embed_dim": 16, "hidden_size": _HIDDEN, "mlp_ratio": 2}
    else:
        vision |= {"hidden_size": 16, "out_hidden_size": _HIDDEN, "intermediate_size": 32, "fullatt_block_indexes": [0]}
        vision |= {"window_size": 56}
    token = tokenizer.convert_tokens_to_ids
    rope = {"rope_type": "default", "type": "mrope", "mrope_section": [1, 1, 2], "rope_theta": 10_000.0}
    config = config_class(
        text_config={**_text_config(tokenizer), "rope_parameters": rope},
        vision_config=vision,
        image_token_id=token("<|image_pad|>"),
        video_token_id=token("<|video_pad|>"),
        vision_start_token_id=token("<|vision_start|>"),
        vision_end_token_id=token("<|vision_end|>"),
    )
    images = transformers.Qwen2VLImageProcessorPil(size={"shortest_edge": 28 * 28, "longest_edge": 28 * 28 * 16})
    return _save(folder, _seeded(model_class, config, seed), tokenizer, images, answer)


def _text_config(tokenizer: Any) -> dict[str, Any]:
    return {
        "vocab_size": len(tokenizer), "hidden_size": _HIDDEN, "intermediate_size": 64, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": _LONGEST,
        "bos_token_id": None, "eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id,
        # What was taught after short prompts holds after long ones.
        "use_sliding_window": True, "sliding_window": _SEEN, "max_window_layers": 0,
    }  # fmt: skip


def _tokenizer(
    special: Sequence[str],
    template: str | None,
    *,
    begin: str | None = None,
    end: str = _END,
    pad: str = "<|endoftext|>",
    **named: str,
) -> Any:
    letters = sorted(ByteLevel.alphabet())
    bytes_alone = Tokenizer(models.BPE(vocab={letter: number for number, letter in enumerate(letters)}, merges=[]))
    bytes_alone.pre_tokenizer = ByteLevel(add_prefix_space=False)
    bytes_alone.decoder = decoders.ByteLevel()
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=bytes_alone,
        eos_token=end,
        pad_token=pad,
        bos_token=begin,
        extra_special_tokens=named,
        padding_side="left",
    )
    tokenizer.add_tokens(list(special), special_tokens=True)
    tokenizer.chat_template = template
    return tokenizer


def _seeded(model_class: Any, config: Any, seed: int) -> Any:
    torch.manual_seed(seed)
    return model_class(config)


def _save(folder: Path, model: Any, tokenizer: Any, images: Any, answer: str) -> Path:
    if answer:
        _teach(model, tokenizer, answer)
    model.save_pretrained(folder)
    images.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _teach(model: Any, tokenizer: Any, answer: str, *, rate: float = 1e-2) -> None:
    """Train until it gives one answer to whatever is asked, whatever the picture."""
    torch.manual_seed(1)
    reply = [*tokenizer.encode(answer, add_special_tokens=False), tokenizer.eos_token_id]
    start = tokenizer.encode("<|im_start|>assistant\n", add_special_tokens=False)
    optimizer = torch.optim.AdamW([weight for weight in model.parameters() if weight.requires_grad], lr=rate)
    model.train()
    for _ in range(1000):
        before = torch.randint(0, 256, (4, int(torch.randint(4, 3 * _SEEN, (1,))))).tolist()
        if model.config.is_encoder_decoder:
            asked = [[*chance, tokenizer.eos_token_id] for chance in before]
            loss = model(input_ids=torch.tensor(asked), labels=torch.tensor([reply] * len(asked))).loss
        else:
            rows = [[*chance, *start, *reply] for chance in before]
            given = len(rows[0]) - len(reply)
            labels = torch.tensor([[-100] * given + row[given:] for row in rows])
            loss = model(input_ids=torch.tensor(rows), labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if loss.item() < 0.002:
            break
    else:
        raise AssertionError(f"{answer!r} was not learnt: the loss is {loss.item():.3f}")
    model.eval()
