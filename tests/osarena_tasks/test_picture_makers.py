"""Makers of pictures: the same seed gives the same bytes, and what is asked for can be done exactly."""

from __future__ import annotations

import io
from random import Random
from typing import Any

import pytest
from PIL import Image, ImageOps

from osarena.tasks.values import plain_data
from osarena_evaluators.readers import xcf as reader
from osarena_tasks.makers._xcf import Layer, flatten, xcf
from osarena_tasks.makers.posters import unfinished
from osarena_tasks.makers.products import lying_product

SEEDS = range(12)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("maker", [unfinished, lying_product])
def test_same_seed_gives_same_bytes_and_another_seed_does_not(maker: Any) -> None:
    assert plain_data(maker(Random(7)), "$") == maker(Random(7))
    assert maker(Random(8)) != maker(Random(7))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_product_stands_in_the_middle_of_its_square_without_half_pixels(seed: int) -> None:
    made = lying_product(Random(seed))
    wanted = opened(made["wanted"])
    assert wanted.size == (made["canvas"], made["canvas"])
    box = wanted.getchannel("A").getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert bottom - top == made["height"]
    assert (left, top) == (made["canvas"] - right, made["canvas"] - bottom)
    lying = opened(made["file"]).getchannel("A").getbbox()
    assert lying is not None
    assert (lying[2] - lying[0], (lying[3] - lying[1]) * made["height"]) == (600, (right - left) * 600)


def test_layers_are_read_as_they_were_written() -> None:
    picture = Image.effect_noise((70, 65), 90).convert("RGBA")
    layers = [
        Layer("Ünter", ImageOps.mirror(picture), (-3, 9), is_visible=False),
        Layer("top", Image.new("RGBA", (200, 1), "red")),
    ]
    data = xcf((200, 100), layers)
    assert reader.size(data) == [200, 100]
    found = [(layer["name"], layer["x"], layer["y"], layer["visible"]) for layer in reader.layers(data)]
    assert found == [("Ünter", -3, 9, False), ("top", 0, 0, True)]
    assert reader.layer_pixels(data, layer=0).tobytes() == layers[0].picture.tobytes()


def test_what_is_hidden_is_not_seen() -> None:
    red, blue = (Layer(colour, Image.new("RGBA", (2, 2), colour), (1, 1)) for colour in ("red", "blue"))
    seen = flatten((3, 3), [Layer("hidden", Image.new("RGBA", (3, 3), "green"), is_visible=False), red, blue])
    assert (seen.getpixel((0, 0)), seen.getpixel((1, 1))) == ((0, 0, 0, 0), (255, 0, 0, 255))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_poster_has_both_dates_in_the_beginning_and_one_in_the_end(seed: int) -> None:
    made = unfinished(Random(seed))
    before = [layer["name"] for layer in reader.layers(made["file"])]
    assert {made["date"], made["old_date"]} == {"Text", "Text copy"} <= set(before)
    after = [layer["name"] for layer in made["layers"]]
    assert [layer["name"] for layer in reader.layers(made["finished"])] == after
    assert set(after) == set(before) - {"Text", "Text copy"} | {f"Date {made['year']}"}
    assert len(made["points"]) == len(made["colours"]) == 15
