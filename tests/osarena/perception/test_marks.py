"""Set-of-marks: what is marked, what is hidden, and where the numbers go."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from osarena.perception.marks import draw_marks, find_marks, marks_as_text
from osarena.perception.outline import tree_as_text
from osarena.perception.visible import subtract, visible_nodes
from osarena.types.geometry import Box, Point, Size
from osarena.types.observation import Window
from osarena.types.tree import Node, Tree

SCREEN = Size(800, 600)
SHOWN = frozenset({"showing", "visible", "enabled", "sensitive"})


def _node(role: str, name: str, box: tuple[int, int, int, int] | None, *children: Node, actions: tuple[str, ...] = ()) -> Node:
    return Node(role, name, states=SHOWN, actions=actions, box=None if box is None else Box(*box), children=children)


def _button(name: str, box: tuple[int, int, int, int]) -> Node:
    return _node("push button", name, box, actions=("click",))


def _tree(*frames: Node) -> Tree:
    return Tree(
        _node("desktop frame", "", (0, 0, 800, 600), *(_node("application", f"app {i}", None, f) for i, f in enumerate(frames)))
    )


def _window(title: str, box: tuple[int, int, int, int], stacking: int, *, is_minimized: bool = False) -> Window:
    return Window(stacking, title, "app", Box(*box), stacking, is_minimized=is_minimized)


def _names(tree: Tree, *windows: Window) -> list[str]:
    return [mark.node.name for mark in find_marks(tree, windows, SCREEN)]


LOW = _node("frame", "Low", (0, 0, 400, 400), _button("left", (10, 10, 80, 30)), _button("right", (300, 300, 80, 30)))
HIGH = _node("frame", "High", (200, 200, 400, 300), _button("top", (220, 220, 60, 30)))


def test_elements_behind_another_window_are_not_marked() -> None:
    windows = _window("Low", (0, 0, 400, 400), 0), _window("High", (200, 200, 400, 300), 1)
    assert _names(_tree(LOW, HIGH), *windows) == ["left", "top"]


def test_stacking_decides_and_not_the_order_of_the_tree() -> None:
    windows = _window("High", (200, 200, 400, 300), 0), _window("Low", (0, 0, 400, 400), 1)
    assert _names(_tree(LOW, HIGH), *windows) == ["left", "right"]


def test_minimized_window_covers_nothing() -> None:
    windows = _window("Low", (0, 0, 400, 400), 0), _window("High", (200, 200, 400, 300), 1, is_minimized=True)
    assert "right" in _names(_tree(LOW), *windows)


def test_partly_covered_element_is_clicked_where_it_can_be_seen() -> None:
    wide = _node("frame", "Low", (0, 0, 400, 400), _button("wide", (100, 250, 200, 40)))
    windows = _window("Low", (0, 0, 400, 400), 0), _window("High", (200, 200, 400, 300), 1)
    (mark, _) = find_marks(_tree(wide, HIGH), windows, SCREEN)
    assert mark.box == Box(100, 250, 100, 40)
    assert mark.point == Point(150, 270)


def test_windows_of_equal_titles_are_told_apart_by_their_boxes() -> None:
    first = _node("frame", "Same", (0, 0, 300, 300), _button("first", (10, 10, 50, 20)))
    second = _node("frame", "Same", (0, 0, 500, 500), _button("second", (310, 310, 50, 20)))
    windows = _window("Same", (0, 0, 500, 500), 0), _window("Same", (0, 0, 300, 300), 1)
    assert _names(_tree(first, second), *windows) == ["first", "second"]
    raised = _window("Same", (0, 0, 300, 300), 0), _window("Same", (0, 0, 500, 500), 1)
    assert _names(_tree(first, second), *raised) == ["second"]


def test_open_menu_covers_what_lies_below_it_but_not_its_own_items() -> None:
    items = [_node("menu item", f"item {i}", (0, 30 + 30 * i, 120, 30)) for i in range(3)]
    menu = _node("menu", "File", (0, 0, 40, 30), *items)
    frame = _node(
        "frame", "Low", (0, 0, 400, 400), menu, _button("under", (10, 40, 50, 20)), _button("beside", (200, 40, 50, 20))
    )
    assert _names(_tree(frame), _window("Low", (0, 0, 400, 400), 0)) == ["File", "item 0", "item 1", "item 2", "beside"]


def test_submenu_covers_the_menu_that_it_was_opened_from() -> None:
    inner = [_node("menu item", f"inner {i}", (100, 30 + 30 * i, 100, 30)) for i in range(2)]
    submenu = _node("menu", "More", (0, 30, 120, 30), *inner)
    outer = _node("menu item", "outer", (0, 60, 120, 30))
    frame = _node("frame", "Low", (0, 0, 400, 400), _node("menu", "File", (0, 0, 40, 30), submenu, outer))
    marks = {mark.node.name: mark for mark in find_marks(_tree(frame), [_window("Low", (0, 0, 400, 400), 0)], SCREEN)}
    assert set(marks) == {"File", "More", "inner 0", "inner 1", "outer"}
    assert marks["outer"].box == Box(0, 60, 100, 30)


def test_menu_opens_beyond_the_pane_that_its_bar_is_in() -> None:
    menu = _node("menu", "File", (0, 0, 40, 30), _node("menu item", "Save", (0, 30, 120, 30)))
    frame = _node("frame", "Low", (0, 0, 400, 400), _node("viewport", "", (0, 0, 400, 30), menu))
    assert _names(_tree(frame), _window("Low", (0, 0, 400, 400), 0)) == ["File", "Save"]


def test_closed_list_of_choices_is_one_element() -> None:
    # As Chromium tells of a <select>: the menu does not show, the chosen item says that it does.
    chosen = _node("menu item", "Large", (10, 10, 60, 10))
    folded = Node("menu", box=Box(10, 10, 60, 10), children=(chosen,))
    frame = _node("frame", "Low", (0, 0, 400, 400), _node("combo box", "Size", (10, 10, 60, 20), folded))
    (mark,) = find_marks(_tree(frame), [_window("Low", (0, 0, 400, 400), 0)], SCREEN)
    assert (mark.node.name, mark.box) == ("Size", Box(10, 10, 60, 20))


def test_maximized_window_is_not_taken_for_the_desktop_background() -> None:
    desktop = _node("frame", "Desktop", (0, 0, 800, 600), _node("icon", "Home", (20, 40, 40, 40)))
    low = _node("frame", "Low", (0, 0, 800, 570), _button("free", (100, 35, 80, 20)))
    assert _names(_tree(desktop, low), _window("Low", (0, 0, 800, 570), 0)) == ["free"]


def test_menu_bar_without_a_place_is_not_there() -> None:
    real = _node("menu bar", "", (0, 0, 400, 25), _node("menu", "File", (0, 0, 39, 25)))
    ghost = _node("menu bar", "", None, _node("menu", "File", (0, 25, 35, 19)))
    frame = _node("frame", "Low", (0, 0, 400, 400), real, ghost)
    assert _names(_tree(frame), _window("Low", (0, 0, 400, 400), 0)) == ["File"]
    assert tree_as_text(_tree(frame)).count('"File"') == 1


def test_element_ends_where_its_window_does() -> None:
    wide = _node("frame", "Low", (0, 0, 400, 400), _button("wide", (350, 10, 200, 40)))
    (mark,) = find_marks(_tree(wide), [_window("Low", (0, 0, 400, 400), 0)], SCREEN)
    assert mark.box == Box(350, 10, 50, 40)


def test_popup_with_nothing_in_it_covers_nothing() -> None:
    empty = _node("frame", "", (0, 0, 400, 100), _node("panel", "", (0, 0, 400, 100)))
    tip = _node("window", "", (290, 290, 100, 50), _node("label", "a tip", (300, 300, 80, 30)))
    assert _names(_tree(LOW, empty, tip), _window("Low", (0, 0, 400, 400), 0)) == ["left"]


def test_desktop_background_lies_below_all_windows_and_the_panel_above() -> None:
    desktop = _node(
        "frame", "Desktop", (0, 0, 800, 600), _node("icon", "Home", (20, 40, 40, 40)), _node("icon", "Bin", (500, 500, 40, 40))
    )
    panel = _node("frame", "xfce4-panel", (0, 0, 800, 30), _button("Applications", (0, 0, 90, 30)))
    low = _node(
        "frame", "Low", (0, 0, 400, 400), _button("under the panel", (100, 5, 80, 20)), _button("free", (100, 35, 80, 20))
    )
    assert _names(_tree(desktop, panel, low), _window("Low", (0, 0, 400, 400), 0)) == ["Bin", "Applications", "free"]


def test_holders_and_specks_are_not_marked_and_doubles_once() -> None:
    link = _node("link", "Read more", (10, 10, 90, 20), actions=("jump",))
    frame = _node(
        "frame", "Low", (0, 0, 400, 400),
        _node("panel", "big", (0, 0, 400, 400), actions=("click",)),
        _node("list item", "", (10, 10, 90, 20), link),
        _button("speck", (50, 50, 2, 2)),
        _button("off", (900, 50, 20, 20)),
        _node("heading", "clickable", (10, 90, 90, 20), actions=("click",)),
        _node("label", "plain", (10, 120, 90, 20)),
        Node("push button", "hidden", states=SHOWN - {"showing"}, box=Box(1, 150, 50, 50)),
        Node("push button", "greyed out", states=SHOWN - {"enabled", "sensitive"}, box=Box(1, 210, 50, 50)),
        Node("table", "sheet", states=SHOWN | {"editable"}, box=Box(60, 150, 300, 200)),
        Node("paragraph", "", states=SHOWN | {"editable"}, box=Box(60, 360, 300, 20)),
    )  # fmt: skip
    assert _names(_tree(frame), _window("Low", (0, 0, 400, 400), 0)) == ["Read more", "clickable", ""]


def test_the_cells_of_a_page_that_only_hold_what_can_be_clicked_are_not_marked() -> None:
    button = _button("Buy", (110, 12, 40, 20))
    cell = _node("table cell", "Buy", (100, 10, 60, 24), button, actions=("doDefault", "showContextMenu"))
    chosen = Node("table cell", "7", states=SHOWN | {"selectable"}, actions=("doDefault",), box=Box(100, 50, 60, 24))
    clicked = _node("list item", "Open", (100, 90, 60, 24), actions=("click", "showContextMenu"))
    silent = _node("table cell", "A1", (100, 130, 60, 24))
    frame = _node("frame", "Low", (0, 0, 400, 400), cell, chosen, clicked, silent)
    assert _names(_tree(frame), _window("Low", (0, 0, 400, 400), 0)) == ["Buy", "7", "Open", "A1"]


def test_scrolled_away_part_is_cut_off() -> None:
    pane = _node("scroll pane", "", (0, 0, 200, 100), _button("half", (0, 80, 100, 40)), _button("gone", (0, 150, 100, 40)))
    (visible,) = [
        visible
        for visible in visible_nodes(_tree(_node("frame", "Low", (0, 0, 400, 400), pane)), [], SCREEN)
        if visible.node.role == "push button"
    ]
    assert visible.box == Box(0, 80, 100, 20)


def test_table_has_a_line_for_each_mark() -> None:
    marks = find_marks(_tree(LOW), [_window("Low", (0, 0, 400, 400), 0)], SCREEN)
    assert marks_as_text(marks).split("\n")[1] == '2\tpush button "right" @300,300 80x30'
    assert len(find_marks(_tree(LOW), [], SCREEN, limit=1)) == 1


boxes = st.builds(Box, st.integers(-20, 780), st.integers(-20, 580), st.integers(1, 300), st.integers(1, 200))


def test_drawing_leaves_the_screenshot_alone_and_shows_every_mark() -> None:
    pixels = np.full((600, 800, 3), 255, np.uint8)
    pixels.flags.writeable = False
    drawn = draw_marks(pixels, find_marks(_tree(LOW, HIGH), [], SCREEN))
    assert (drawn.shape, drawn.dtype) == (pixels.shape, pixels.dtype)
    for x, y in ((10, 10), (300, 300), (220, 220)):
        assert tuple(drawn[y + 29, x]) != (255, 255, 255)
    assert pixels.min() == 255


@given(boxes, boxes)
def test_subtraction_leaves_what_is_not_covered(box: Box, cover: Box) -> None:
    rest = list(subtract(box, cover))
    assert sum(piece.area for piece in rest) == box.area - box.intersection(cover).area
    assert not any(piece.intersection(cover).area for piece in rest)
    assert not any(one.intersection(other).area for one, other in combinations(rest, 2))
