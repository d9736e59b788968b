"""The photos of a trip: what the maker says of them is what stands in them."""

from __future__ import annotations

import io
from datetime import datetime
from hashlib import sha256
from random import Random

import pytest
from PIL import Image

from osarena.tasks.values import plain_data
from osarena_tasks.makers.photos import trip

SEEDS = range(12)


def test_same_seed_gives_same_bytes_and_another_seed_does_not() -> None:
    made = trip(Random(7), separator="-")
    assert plain_data(made, "$") == made
    assert trip(Random(7), separator="-") == made
    assert trip(Random(8), separator="-") != made


@pytest.mark.parametrize("seed", SEEDS)
def test_new_names_have_the_day_that_the_photo_stores(seed: int) -> None:
    made = trip(Random(seed), separator=".")
    renamed = {}
    for name in made["photos"]:
        data = made["files"][name]
        stored = Image.open(io.BytesIO(data)).getexif().get_ifd(0x8769)[0x9003]
        taken = datetime.strptime(str(stored), "%Y:%m:%d %H:%M:%S")
        assert datetime.fromisoformat(made["modified"][name]).date() > taken.date(), "the file's own date must be wrong"
        renamed[f"{taken.strftime(made['date_format'])} {name[:-4]}.jpg"] = sha256(data).hexdigest()
    assert made["renamed"] == renamed
    assert made["example_renamed"] in renamed


@pytest.mark.parametrize("seed", SEEDS)
def test_only_the_photos_store_a_date(seed: int) -> None:
    made = trip(Random(seed), separator="-")
    assert sorted([*made["photos"], *made["others"]]) == sorted(made["files"])
    assert not Image.open(io.BytesIO(made["files"]["Bill (scan).JPG"])).getexif()
    assert sorted(made["left"]) == made["others"]
