"""Which tabs count as the ones that were asked for."""

from __future__ import annotations

import pytest

from osarena.tasks.steps.browser import _are_open


@pytest.mark.parametrize(
    ("wanted", "open_now", "expected"),
    [
        (["http://a.example/"], ["http://a.example/sign-in?next=/"], True),
        (["http://a.example/"], ["chrome://newtab/"], False),
        (["http://a.example/", "http://a.example/b"], ["http://a.example/"], False),
        (["http://a.example/", "http://b.example/"], ["http://b.example/", "http://a.example/", "http://c.example/"], True),
    ],
)
def test_each_address_has_a_tab_of_its_host(wanted: list[str], open_now: list[str], expected: bool) -> None:
    assert _are_open(wanted, [{"url": url} for url in open_now]) is expected
