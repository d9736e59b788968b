"""Weights of the real classes, loaded by path: what is asked is generated, read as the family's words, and a place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="weights need osarena[models]")

from osarena.errors import UsageError
from osarena.types.geometry import Point, Size
from osarena.types.observation import Pixels
from osarena_agents.conversation import Reply
from osarena_agents.dialects import Unreadable, View
from osarena_agents.dialects.grounders import find_grounder
from osarena_agents.models.weights.batching import CannotAnswerError, Manner, Prompt, TooLongError
from osarena_agents.models.weights.engine import Engine
from osarena_agents.models.weights.loading import load
from osarena_agents.models.weights.names import WeightsName
from tests.support.tiny_models import make_adapter, make_florence2, make_internvl, make_qwen2_5_vl, make_qwen2_vl

Maker = Callable[..., Path]
HD = Size(1920, 1080)
FAMILIES: list[tuple[Maker, str, str]] = [
    (make_qwen2_vl, "os-atlas-base-7b", "<|object_ref_start|>OK<|object_ref_end|><|box_start|>(400,200),(600,300)<|box_end|>"),
    (make_qwen2_5_vl, "kimi-vl", "(500,250)"),
    (make_internvl, "os-atlas-base-4b", "[[500,250]]"),
    (make_florence2, "tinyclick", "click<loc_500><loc_250>"),
]


def picture(width: int, height: int) -> Pixels:
    return np.random.default_rng(width).integers(0, 256, (height, width, 3), dtype=np.uint8)


def asked(text: str, *pictures: Pixels, **manner: object) -> Prompt:
    parts = [*({"type": "image"} for _ in pictures), {"type": "text", "text": text}]
    return Prompt([{"role": "user", "content": parts}], pictures, Manner(**{"max_tokens": 80, **manner}))  # type: ignore[arg-type]


@pytest.mark.parametrize(("make", "grounder", "answer"), FAMILIES)
def test_each_family_says_what_it_was_taught_and_that_is_a_place(tmp_path: Path, make: Maker, grounder: str, answer: str) -> None:
    engine = Engine(load(WeightsName.parse(str(make(tmp_path / "weights", answer=answer)))))
    prompts = [asked("Where is OK?", picture(200, 90)), asked("And where is the button of the other window?", picture(80, 160))]
    together = engine.generate(prompts)
    assert [one.text for one in together] == [answer, answer]
    assert [one.text for prompt in prompts for one in engine.generate([prompt])] == [answer, answer]
    assert together[0].prompt_tokens < together[1].prompt_tokens
    assert find_grounder(grounder).read(Reply(together[0].text), View(HD, HD)).point == Point(960, 270)


@pytest.mark.parametrize(("make", "grounder", "_answer"), FAMILIES)
def test_random_weights_say_nonsense_that_is_refused(tmp_path: Path, make: Maker, grounder: str, _answer: str) -> None:
    engine = Engine(load(WeightsName.parse(str(make(tmp_path / "weights")))))
    (said,) = engine.generate([asked("Where is OK?", picture(100, 100), max_tokens=12)])
    assert said.reply_tokens <= 12
    with pytest.raises(Unreadable):
        find_grounder(grounder).read(Reply(said.text), View(HD, HD))


def test_pictures_change_what_random_weights_say(tmp_path: Path) -> None:
    """That it is the picture which is seen, and not a place for one."""
    engine = Engine(load(WeightsName.parse(str(make_qwen2_vl(tmp_path / "weights")))))
    black, white = np.zeros((112, 112, 3), np.uint8), np.full((112, 112, 3), 255, np.uint8)
    said = engine.generate([asked("x", shown, max_tokens=30) for shown in (black, white)])
    assert said[0].text != said[1].text


def test_conversations_of_several_turns_and_pictures_are_read(clicking: Path) -> None:
    engine = Engine(load(WeightsName.parse(str(clicking))))
    turns = [
        {"role": "system", "content": "You click."},
        {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "before"}, {"type": "image"}]},
        {"role": "assistant", "content": "CLICK"},
        {"role": "user", "content": "And now?"},
    ]
    (said,) = engine.generate([Prompt(turns, [picture(60, 60), picture(90, 90)], Manner(max_tokens=80))])
    assert said.text.startswith("actions:\nCLICK")


def test_half_precision(clicking: Path) -> None:
    loaded = load(WeightsName.parse(str(clicking)), dtype="bfloat16")
    assert str(loaded.model.dtype) == "torch.bfloat16"
    assert Engine(loaded).generate([asked("?", picture(90, 90))])[0].text.startswith("actions:")


def test_an_adapter_is_laid_over_its_base(tmp_path: Path, clicking: Path) -> None:
    adapter = make_adapter(tmp_path / "adapter", clicking, answer="PRESS_HOME")
    for name in (f"{clicking}+{adapter}", str(adapter)):
        weights = WeightsName.parse(name)
        assert (weights.base, weights.adapter) == (str(clicking), str(adapter))
        assert Engine(load(weights)).generate([asked("?")])[0].text == "PRESS_HOME"
    assert Engine(load(WeightsName.parse(str(clicking)))).generate([asked("?")])[0].text != "PRESS_HOME"


def test_a_reply_ends_where_it_is_told_to(clicking: Path) -> None:
    engine = Engine(load(WeightsName.parse(str(clicking))))
    assert engine.generate([asked("?", stop=(" <point>",))])[0].text == "actions:\nCLICK"
    (cut,) = engine.generate([asked("?", max_tokens=8)])
    assert (cut.text, cut.reply_tokens) == ("actions:", 8)


def test_chance_is_used_where_it_is_asked_for(tmp_path: Path) -> None:
    engine = Engine(load(WeightsName.parse(str(make_qwen2_vl(tmp_path / "weights")))))
    said = {engine.generate([asked("?", temperature=1.5, max_tokens=20)])[0].text for _ in range(3)}
    assert len(said) == 3


def test_what_does_not_fit_is_too_long(clicking: Path) -> None:
    engine = Engine(load(WeightsName.parse(str(clicking))))
    with pytest.raises(TooLongError, match="the model's maximum context length is 16384"):
        engine.generate([asked("x" * 17_000)])


def test_what_the_model_cannot_take_is_its_failure(clicking: Path) -> None:
    engine = Engine(load(WeightsName.parse(str(clicking))))
    with pytest.raises(CannotAnswerError, match="Error"):
        engine.generate([Prompt([{"role": "user", "content": [{"type": "image"}]}], [])])


@pytest.mark.parametrize("content", ["", "{", '{"model_type": "unheard_of"}', '{"model_type": "bert"}'])
def test_a_folder_without_weights_is_an_error_that_says_so(tmp_path: Path, content: str) -> None:
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(UsageError, match=f"hf:{tmp_path}: the weights cannot be loaded"):
        load(WeightsName.parse(str(tmp_path)))


def test_code_that_comes_with_weights_is_not_run(tmp_path: Path) -> None:
    auto = '{"AutoConfig": "own.Config", "AutoModelForCausalLM": "own.Model"}'
    (tmp_path / "config.json").write_text(f'{{"model_type": "own", "auto_map": {auto}}}')
    (tmp_path / "own.py").write_text(f"open({str(tmp_path / 'was-run')!r}, 'w')")
    with pytest.raises(UsageError, match="come with code of their own, which is not run"):
        load(WeightsName.parse(str(tmp_path)))
    assert not (tmp_path / "was-run").exists()
