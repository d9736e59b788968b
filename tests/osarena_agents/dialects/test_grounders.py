"""Models that are asked where something is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osarena.errors import UsageError
from osarena.types.geometry import Box, Point, Size
from osarena_agents.conversation import Reply
from osarena_agents.dialects import Unreadable, View
from osarena_agents.dialects.grounders import GROUNDERS, NotThere, Spot, find_grounder
from tests.support.dialects import calls

HD = Size(1920, 1080)
MIDDLE = Point(960, 540)
BOX = Spot(MIDDLE, Box(768, 432, 384, 216))

READS = [
    ("os-atlas-base-4b", "[[500,500]]", Spot(MIDDLE)),
    ("os-atlas-base-4b", "It is at [[1,2]], no, at [[500, 500]]<|im_end|>", Spot(MIDDLE)),
    ("os-atlas-base-4b", "[[400, 400, 600, 600]]", BOX),
    (
        "os-atlas-base-7b",
        "<|object_ref_start|>Sheet (2, 3)<|object_ref_end|><|box_start|>(400,400),(600,600)<|box_end|><|im_end|>",
        BOX,
    ),
    ("os-atlas-base-7b", "(400,400),(600,600)", BOX),
    ("os-atlas-base-7b", "[[400, 400, 600, 600]", BOX),
    ("os-atlas-base-7b", "(400,400,600,600)", BOX),
    ("os-atlas-base-7b", "(400,400),(600,600", BOX),
    ("os-atlas-base-7b", "400,400,600,600", BOX),
    ("os-atlas-base-7b", "(500,500)", Spot(MIDDLE)),
    ("seeclick", "(0.50,0.50)", Spot(MIDDLE)),
    ("seeclick", "(0.4,0.4,0.6,0.6)", BOX),
    ("uground", "(500, 500)", Spot(MIDDLE)),
    ("gta1", "(966,546)", Spot(MIDDLE)),
    (
        "jedi",
        '<tool_call>\n{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [966, 546]}}',
        Spot(MIDDLE),
    ),
    ("holo1.5", "Click(966, 546)", Spot(MIDDLE)),
    ("holo1.5", '{"action": "click_absolute", "x": 966, "y": 546}', Spot(MIDDLE)),
    ("holo2", '{"x": 500, "y": 500}', Spot(MIDDLE)),
    ("kimi-vl", "(500,500)", Spot(MIDDLE)),
    ("mai-ui", '<grounding_think>At (1, 2).</grounding_think><answer>{"coordinate": [500, 500]}</answer>', Spot(Point(960, 540))),
    ("ui-venus", "[500,500]", Spot(MIDDLE)),
    ("florence-2", "Sheet 2 (3, 4)<loc_400><loc_400><loc_600><loc_600>", BOX),
    ("florence-2", "Save<loc_400><loc_400><loc_600><loc_600><loc_1><loc_2><loc_3><loc_4>", BOX),
    ("tinyclick", "click 7<loc_500><loc_500>", Spot(MIDDLE)),
]
REFUSES = [
    ("os-atlas-base-4b", "I cannot see it.", "names no place"),
    ("os-atlas-base-4b", "", "names no place"),
    ("os-atlas-base-4b", "[[5]]", "names no place"),
    ("os-atlas-base-4b", "[[1, 2, 3]]", "names no place"),
    ("os-atlas-base-4b", "[[-1, -1]]", "(-1, -1) is outside of 0 … 1000"),
    ("os-atlas-base-7b", "<|box_start|>(4,4),(6)<|box_end|>", "not by 3"),
    ("seeclick", "(500, 500)", "outside of 0 … 1"),
    ("gta1", "(1980, 5)", "outside of 0 … 1932, 0 … 1092"),
    ("holo2", '{"x": "left", "y": 5}', "not by 1"),
    ("tinyclick", "click<loc_500>", "names no place"),
    ("tinyclick", "click<loc_500><loc_1><loc_2>", "names no place"),
]


def _view(name: str) -> View:
    return View(HD, find_grounder(name).picture_size(HD))


@pytest.mark.parametrize(("name", "text", "spot"), READS)
def test_place_is_read(name: str, text: str, spot: Spot) -> None:
    assert find_grounder(name).read(Reply(text), _view(name)) == spot


@pytest.mark.parametrize(("name", "text", "words"), REFUSES)
def test_answer_without_a_place_is_refused_with_the_reason(name: str, text: str, words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        find_grounder(name).read(Reply(text), _view(name))
    assert words in str(refused.value)


@pytest.mark.parametrize(("name", "text"), [("jedi", '{"coordinate": [-1, -1]}'), ("ui-venus", "[-1,-1]")])
def test_what_is_not_there_is_said_to_be_so(name: str, text: str) -> None:
    with pytest.raises(NotThere):
        find_grounder(name).read(Reply(text), _view(name))


def test_place_is_read_from_a_tool_call() -> None:
    reply = calls(("computer_use", {"action": "left_click", "coordinate": [966, 546]}))
    assert find_grounder("jedi").read(reply, _view("jedi")) == Spot(MIDDLE)


@pytest.mark.parametrize("name", GROUNDERS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_places_come_back_and_any_text_is_read_or_refused(name: str, data: st.DataObject) -> None:
    grounder, view = find_grounder(name), _view(name)
    point = Point(data.draw(st.integers(0, HD.width - 1)), data.draw(st.integers(0, HD.height - 1)))
    found = grounder.read(grounder.write(Spot(point), view), view).point
    accuracy = 10 if name == "seeclick" else 2  # hundredths of the screen, thousandths of it
    assert abs(found.x - point.x) <= accuracy
    assert abs(found.y - point.y) <= accuracy
    text = data.draw(st.text('[](){},.-0123456789 xy":<>|', max_size=60))
    try:
        spot = grounder.read(Reply(text), view)
    except (Unreadable, NotThere):
        return
    assert spot.point in HD


@pytest.mark.parametrize("name", GROUNDERS)
def test_question_names_what_is_sought(name: str) -> None:
    question = find_grounder(name).question("the {x} button", _view(name))
    assert "the {x} button" in question
    assert "{width}" not in question


def test_unknown_grounder_gets_the_closest_ones() -> None:
    with pytest.raises(UsageError, match=r"no grounder 'os-atlas' \(known: os-atlas-base"):
        find_grounder("os-atlas")
