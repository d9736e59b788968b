"""What is taken of what a page tells."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osarena_guest import protocol
from osarena_guest.dom.report import Limits, expression, read_report
from tests.support.pages import element, report

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


def told(record: Any, *, elements: int = 10) -> Any:
    return read_report(json.dumps(record), elements=elements)


def test_a_report_is_read() -> None:
    found = told(
        report(element(name="Go", states=["focused", "disabled"], box=[1, 2, 3.5, 4]), ratio=1.25, covered=[[5, 6, 7, 8]])
    )
    assert (found.title, found.is_focused, found.ratio, found.size, found.truncated) == ("Shop", True, 1.25, (400, 250), False)
    assert found.elements == [
        {
            "tag": "button",
            "type": "",
            "role": "",
            "name": "Go",
            "text": "",
            "states": ["disabled", "focused"],
            "box": [1, 2, 3.5, 4],
        }
    ]
    assert set(found.elements[0]) == set(protocol.ELEMENT)
    assert found.covered == [[5, 6, 7, 8]]


def test_a_hidden_page_tells_nothing() -> None:
    assert told({"visible": False}) is None


def test_what_is_too_much_is_cut() -> None:
    found = told(report(*[element(name="x" * 10_000, text="y" * 10_000, tag="z" * 10_000)] * 12, title="t" * 10_000), elements=10)
    assert len(found.elements) == 10
    assert found.truncated
    assert max(len(value) for value in found.elements[0].values() if isinstance(value, str)) <= 1000
    assert len(found.title) <= 1000
    assert told(report(covered=[[0, 0, 1, 1]] * 12), elements=10).truncated


def test_texts_can_be_encoded_and_hold_no_controls() -> None:
    (found,) = told(report(element(name="a\ud800b\x1b[31m\x00c", text="two\nlines\t\u200f שלום 🎉"))).elements
    assert found["name"] == "a?b[31mc"
    assert found["text"] == "two\nlines\t\u200f שלום 🎉"


def test_unknown_states_are_left_out() -> None:
    assert told(report(element(states=["owned", "checked"]))).elements[0]["states"] == ["checked"]


@pytest.mark.parametrize(
    "fields",
    [
        {"size": [0, 100]},
        {"size": [100]},
        {"size": [1e9, 100]},
        {"ratio": 0},
        {"ratio": "wide"},
        {"title": 3},
        {"elements": 7},
        {"elements": [3]},
        {"elements": [{}]},
        {"elements": [element(box=[0, 0, -1, 5])]},
        {"elements": [element(box=[0, 0, 1])]},
        {"elements": [element(box=[0, 0, 1, float("inf")])]},
        {"elements": [element(box=[float("nan"), 0, 1, 1])]},
        {"elements": [element(box=[1e300, 0, 1, 1])]},
        {"elements": [element(states=None)]},
        {"elements": [element(name=None)]},
        {"covered": [[1]]},
    ],
)
def test_what_is_no_report_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"report|box|viewport|place"):
        told(report(**fields))


@given(st.dictionaries(st.sampled_from(sorted(report())), JSON))
def test_no_report_but_a_sound_one_or_an_error(fields: dict[str, Any]) -> None:
    try:
        found = told(report() | fields)
    except ValueError:
        return
    assert found is None or json.dumps(found.elements).encode()


def test_limits_reach_the_script() -> None:
    text = expression(Limits(elements=77, seconds=0.2))
    assert text.startswith("((kept) => (kept.page ??= //")
    assert '"elements": 77' in text
    assert '"milliseconds": 200' in text
