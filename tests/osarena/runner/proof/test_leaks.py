"""The leak scan finds what a check expects, wherever and in whatever form it lies in the desktop."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from osarena.grading.model import All, Given, Leaf, Verdict
from osarena.guest.client import Guest
from osarena.providers.base import MachineSpec
from osarena.providers.fake import FakeProvider
from osarena.runner.proof.leaks import find_leaks, without_collateral
from osarena.tasks.model import Task, Variant
from osarena.types.geometry import Size

TABLE = [["North", 1.5], ["South", 22.75]]


@pytest.fixture
def guest() -> Iterator[Guest]:
    with FakeProvider().machine(MachineSpec(screen=Size(320, 240))) as machine:
        yield machine.guest


def variant_of(expected: Any, values: dict[str, Any] | None = None, facts: tuple[str, ...] = ()) -> Variant:
    record = {"schema": "osarena/task@1", "id": "a/b", "version": 1, "instruction": "…", "apps": ["a"], "check": {}}
    task = Task.model_validate(record | {"facts": [*facts]})
    check = All((Leaf("answer", "text.same", Given(""), Given(expected)),))
    return Variant(task, "demo", 0, values or {}, "…", (), (), check, "", "")


def zipped(name: str, data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("expected", "path", "data", "place"),
    [
        (b"PK\x03\x04 a whole workbook", "~/Desktop/x.xlsx", b"PK\x03\x04 a whole workbook", "~/Desktop/x.xlsx as a file"),
        ("the capital of Assyria", "~/.cache/notes", b"... the capital of Assyria ...", "~/.cache/notes as text"),
        ("the capital of Assyria", "/tmp/x", b"the capital of Assyria", "/tmp/x as text"),
        (TABLE, "~/x.json", json.dumps({"totals": TABLE}).encode(), "~/x.json as JSON"),
        (TABLE, "~/x.json", json.dumps(TABLE, separators=(",", ":")).encode(), "~/x.json as compact JSON"),
        (TABLE, "~/x.csv", b"Region,Total\nNorth,1.5\nSouth,22.75\n", "~/x.csv as CSV"),
        (TABLE, "~/x.tsv", b"North\t1.5\nSouth\t22.75", "~/x.tsv as tab-separated text"),
        ("the capital of Assyria", "~/x.docx", zipped("x.xml", b"the capital of Assyria"), "~/x.docx (x.xml) as text"),
    ],
)  # fmt: skip
def test_an_expected_value_is_found(guest: Guest, expected: Any, path: str, data: bytes, place: str) -> None:
    guest.write(path, data)
    assert find_leaks(variant_of(expected), guest) == [("answer", f"what 'answer' expects is in {place}")]


def test_a_clean_desktop_has_no_leak(guest: Guest) -> None:
    guest.write("~/x.txt", b"nothing of interest, not even PK")
    guest.write("~/broken.zip", b"PK\x03\x04 no zip file")
    assert find_leaks(variant_of(TABLE), guest) == []


def test_short_values_are_passed_over(guest: Guest) -> None:
    guest.write("~/x.txt", b"42 Assyria")
    for expected in (42, "Assyria", True, None, ["a"]):
        assert find_leaks(variant_of(expected), guest) == []


def test_facts_are_passed_over(guest: Guest) -> None:
    guest.write("~/x.json", json.dumps(TABLE).encode())
    assert find_leaks(variant_of(TABLE, {"sales": {"table": TABLE}}, facts=("sales.table",)), guest) == []


def test_what_holds_on_the_untouched_desktop_lies_there_by_right() -> None:
    leaks = [("kept", "…"), ("answer", "it is in /tmp/x")]
    untouched = Verdict(0, parts=(Verdict(1, name="kept"), Verdict(0, name="answer")))
    assert without_collateral(leaks, untouched) == ("it is in /tmp/x",)
