"""Files that are made to take long are scored, or found unusable, in seconds."""

from __future__ import annotations

from contextlib import suppress
from time import process_time
from typing import Any

import pytest

from osarena.errors import EvidenceMissing
from osarena_evaluators.osworld.scoring import judge

LENGTH = 400_000
KEY = {"key": "a", "value": "b"}
NOTHING: dict[str, Any] = {"expect": []}


@pytest.mark.parametrize(
    ("name", "part", "expected"),
    [
        ("check_html_background_image", "<style>/*", {"value": "a.png"}),
        ("check_html_background_image", "<style>background:", {"value": "a.png"}),
        ("check_html_background_image", '<a b="', {"value": "a.png"}),
        ("check_json_settings", "/*", {"expected": {}}),
        ("check_json_settings", '\\"', {"expected": {}}),
        ("check_config_status", '\\"', KEY),
        ("compare_result_files", "1", b"5"),
        ("check_thunderbird_filter", 'condition="AND (a,b,', NOTHING),
        ("check_thunderbird_folder", "X-Mozilla-Status: ", b"x"),
        ("check_qt_bgcone", "#\n", {"expected_qt_bgcone": 1}),
    ],
)
def test_a_file(name: str, part: str, expected: Any) -> None:
    started = process_time()
    with suppress(EvidenceMissing):
        judge(name, (part * (LENGTH // len(part)) + "x\\").encode(), expected, {})
    assert process_time() - started < 5


@pytest.mark.parametrize("part", ["\n", "Time zone:(", "Time zone: (+0000"])
def test_output_of_a_program(part: str) -> None:
    started = process_time()
    with suppress(EvidenceMissing):
        judge("is_utc_0", part * (LENGTH // len(part)), None, {})
    assert process_time() - started < 5
