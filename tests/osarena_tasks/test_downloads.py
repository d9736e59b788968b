"""The folder of downloads: which files are copies, and what is left of them."""

from __future__ import annotations

import io
from collections import defaultdict
from datetime import datetime
from random import Random

import pypdf
import pytest
from PIL import Image

from osarena.tasks.values import plain_data
from osarena_tasks.makers.downloads import mess

SEEDS = range(12)


def test_same_seed_gives_same_bytes_and_another_seed_does_not() -> None:
    made = mess(Random(7))
    assert plain_data(made, "$") == made
    assert mess(Random(7)) == made
    assert mess(Random(8)) != made


@pytest.mark.parametrize("seed", SEEDS)
def test_of_files_with_one_content_the_oldest_is_kept(seed: int) -> None:
    made = mess(Random(seed))
    same = defaultdict[bytes, list[str]](list)
    for name, data in made["files"].items():
        same[data].append(name)
    assert sorted(map(len, same.values())) == [1, 1, 1, 1, 1, 2, 2, 3]
    oldest = {min(names, key=made["modified"].__getitem__) for names in same.values()}
    assert {path.rpartition("/")[2] for path in made["sorted"]} == oldest
    assert made["copies"].keys() == made["files"].keys() - oldest
    assert len({datetime.fromisoformat(time).date() for time in made["modified"].values()}) == len(made["files"])


@pytest.mark.parametrize("seed", SEEDS)
def test_some_files_of_one_size_are_not_the_same(seed: int) -> None:
    files = mess(Random(seed))["files"]
    contents = set(files.values())
    assert len({len(data) for data in contents}) < len(contents)


@pytest.mark.parametrize("seed", SEEDS)
def test_pictures_and_papers_are_what_they_seem(seed: int) -> None:
    made = mess(Random(seed))
    for path in made["sorted"]:
        place, _, name = path.rpartition("/")
        data = made["files"][name]
        if place == "Pictures":
            Image.open(io.BytesIO(data)).load()
        elif place == "Papers":
            assert pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text()
        else:
            assert not data.startswith((b"%PDF", b"\xff\xd8", b"\x89PNG"))
