"""One list of marks: nothing twice, fair when it is too long, with numbers that stay."""

from __future__ import annotations

import shutil

import pytest

from osarena.errors import UsageError
from osarena.perception.marks import draw_marks
from osarena.perception.visible import VisibleNode
from osarena.types.dom import Dom, page_from_json
from osarena.types.geometry import Box, Size
from osarena.types.observation import Observation, RawObservation, Window
from osarena.types.tree import Node, Tree
from osarena_agents.sight import Sight
from osarena_agents.sight.mixture import Numbering, fair_share, parse_sources, with_pixels
from osarena_agents.sight.ocr import TextLine
from tests.support.drawn_screens import ICONS, TEXTS, window
from tests.support.pages import element, page


def seen(role: str, name: str = "", box: tuple[int, int, int, int] = (0, 0, 10, 10)) -> VisibleNode:
    return VisibleNode(Node(role, name), Box(*box))


def described(elements: list[VisibleNode]) -> list[tuple[str, str]]:
    return [(element.node.role, element.node.name) for element in elements]


def test_sources_are_named_in_any_order() -> None:
    assert parse_sources(" ocr + tree ") == ("tree", "ocr")
    assert Sight("icons+tree").observe == ("screenshot", "tree", "windows")
    with pytest.raises(UsageError, match="there is no source 'trees'"):
        Sight("trees")
    with pytest.raises(UsageError, match="there is no source"):
        Sight("")
    assert Sight("tree+dom").observe == ("dom", "tree", "windows")
    assert Sight("ocr+dom+icons+tree").observe == ("dom", "screenshot", "tree", "windows")
    with pytest.raises(UsageError, match="name icons among them"):
        Sight("tree", icons="detector.onnx")
    with pytest.raises(UsageError, match="0 marks are none"):
        Sight("tree", limit=0)


def test_a_text_in_an_element_is_its_label() -> None:
    button, nameless = seen("push button", "Save", (0, 0, 80, 24)), seen("push button", "", (100, 0, 80, 24))
    texts = [TextLine("Sawe", Box(20, 6, 40, 12)), TextLine("Quit", Box(110, 6, 20, 12)), TextLine("now", Box(132, 6, 20, 12))]
    assert described(with_pixels([button, nameless], [], texts)) == [("push button", "Save"), ("push button", "Quit now")]


def test_a_text_in_something_much_higher_is_a_thing_of_its_own() -> None:
    editor = seen("text", "", (0, 0, 400, 300))
    assert described(with_pixels([editor], [], [TextLine("Dear Anna", Box(5, 5, 80, 12))])) == [
        ("text", ""),
        ("label", "Dear Anna"),
    ]


def test_a_text_belongs_to_the_smallest_element_around_it() -> None:
    row, link = seen("list item", "", (0, 0, 300, 30)), seen("link", "", (10, 5, 60, 20))
    assert described(with_pixels([row, link], [], [TextLine("Tea", Box(12, 8, 30, 12))])) == [("list item", ""), ("link", "Tea")]


def test_icons_of_known_elements_and_icons_that_are_text_are_not_told_twice() -> None:
    button, entry = seen("push button", "Open", (0, 0, 80, 24)), seen("entry", "Search", (100, 0, 200, 24))
    icons = [
        Box(4, 4, 16, 16),  # in the button
        Box(1, 0, 78, 24),  # the button itself
        Box(280, 4, 16, 16),  # in the field: what empties it
        Box(400, 50, 30, 12),  # a word
        Box(400, 90, 40, 40),  # with a caption in it
    ]
    texts = [TextLine("Help", Box(401, 50, 28, 12)), TextLine("Up", Box(410, 105, 20, 10))]
    merged = with_pixels([button, entry], icons, texts)
    assert described(merged) == [("push button", "Open"), ("entry", "Search"), ("icon", ""), ("label", "Help"), ("icon", "Up")]
    assert merged[2].box == Box(280, 4, 16, 16)


def test_without_a_tree_pixels_are_all() -> None:
    merged = with_pixels([], [Box(50, 0, 16, 16)], [TextLine("File", Box(0, 2, 30, 12))])
    assert described(merged) == [("icon", ""), ("label", "File")]
    assert with_pixels([], [], []) == []
    element = seen("push button")
    assert with_pixels([element], [], []) == [element]


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="needs the package tesseract-ocr")
def test_a_screen_is_marked_from_its_pixels_alone() -> None:
    canvas = window()
    pixels = canvas.pixels
    sight = Sight("ocr+icons")
    marks = sight.look(Observation(0, Size(640, 400), RawObservation(pixels)))
    assert [mark.number for mark in marks] == list(range(1, len(TEXTS) + len(ICONS) + 1))
    assert sorted(mark.node.name for mark in marks if mark.node.role == "label") == sorted(TEXTS)
    (cancel,) = [mark for mark in marks if mark.node.name == "Cancel"]
    canvas.draw.rectangle((20, 100, 220, 126), fill="white")
    again = sight.look(Observation(1, Size(640, 400), RawObservation(canvas.pixels)))
    assert [mark.number for mark in again if mark.node.name == "Cancel"] == [cancel.number]
    assert len(again) == len(marks) - 1
    assert draw_marks(pixels, marks).shape == pixels.shape


def test_what_tree_and_page_both_know_is_marked_once() -> None:
    browser = Window(7, "Shop - Chromium", "chromium", Box(0, 0, 400, 300), 0)
    shown = frozenset({"showing", "visible", "enabled", "sensitive"})
    inside = (
        Node("push button", "Reload", states=shown, box=Box(10, 10, 30, 30)),
        Node("link", "Tea", states=shown, box=Box(0, 50, 40, 40)),
    )
    frame = Node("frame", "Shop - Chromium", states=shown, box=browser.box, children=inside)
    tree = Tree(Node("desktop frame", children=(Node("application", "Chromium", children=(frame,)),)))
    told = page(element(tag="a", name="Tea"), element(tag="div", name="A card", box=[100, 0, 50, 50]))
    raw = RawObservation(tree=tree, windows=(browser,), dom=Dom((page_from_json(told),)))
    observation = Observation(0, Size(400, 300), raw)
    assert [str(mark.node.name) for mark in Sight("tree+dom").look(observation)] == ["Reload", "Tea", "A card"]
    assert [str(mark.node.name) for mark in Sight("dom").look(observation)] == ["Tea", "A card"]
    with pytest.raises(ValueError, match="without the pages"):
        Sight("dom").look(Observation(0, Size(400, 300), RawObservation(windows=(browser,))))


def test_many_of_one_kind_do_not_crowd_out_the_others() -> None:
    cells = [seen("table cell", str(number)) for number in range(90)]
    buttons = [seen("push button", str(number)) for number in range(3)]
    links = [seen("link", str(number)) for number in range(20)]
    chosen = fair_share([*cells, *buttons, *links], 30)
    assert [element.node.name for element in chosen if element.node.role == "push button"] == ["0", "1", "2"]
    assert [element.node.name for element in chosen if element.node.role == "link"] == [str(number) for number in range(13)]
    assert [element.node.name for element in chosen if element.node.role == "table cell"] == [str(number) for number in range(13)]


def test_a_limit_that_is_not_reached_changes_nothing() -> None:
    elements = [seen("a"), seen("b"), seen("b")]
    assert fair_share(elements, 3) == elements
    assert fair_share(elements, 1) == elements[:1]
    assert fair_share([], 5) == []


def test_what_stays_keeps_its_number_and_what_is_new_takes_a_free_one() -> None:
    numbering = Numbering()
    save, quit_, ask = seen("push button", "Save"), seen("push button", "Quit"), seen("entry", "Name")
    assert [mark.number for mark in numbering.number([save, quit_])] == [1, 2]
    assert [(mark.number, mark.node.name) for mark in numbering.number([ask, quit_])] == [(1, "Name"), (2, "Quit")]
    assert [mark.number for mark in numbering.number([save, ask, quit_])] == [3, 1, 2]
    moved = seen("push button", "Quit", (5, 5, 10, 10))
    assert [mark.number for mark in numbering.number([moved])] == [1]


def test_elements_that_are_alike_have_numbers_of_their_own() -> None:
    twin = seen("push button", "OK")
    marks = Numbering().number([twin, twin])
    assert [mark.number for mark in marks] == [1, 2]
