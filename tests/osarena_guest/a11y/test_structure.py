"""Which objects are found, kept and dropped, played against an application that is a table of objects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from osarena_guest.a11y import atspi
from osarena_guest.a11y.atspi import Item, Reference
from osarena_guest.a11y.conversation import Call, Steps
from osarena_guest.a11y.nodes import Node, Outline, from_items, number_lines, overlap
from osarena_guest.a11y.properties import describe, readable
from osarena_guest.a11y.structure import Structure

BUS = ":1.5"
SHOWING = atspi.SHOWING
LABEL = atspi.ROLES.index("label")


@dataclass
class Thing:
    """One object of the application."""

    children: list[str] = field(default_factory=list)
    states: int = SHOWING
    name: str = ""
    role: int = LABEL
    foreign: Reference | None = None  # what another application has put in its place


class App:
    """Answers calls from a table; everything that is asked is remembered."""

    def __init__(self, **things: Thing) -> None:
        self.things = {(atspi.ROOT if path == "root" else f"/{path}"): thing for path, thing in things.items()}
        self.cache: list[Item] = []
        self.asked: list[Call] = []

    def play(self, steps: Steps[Any]) -> Any:
        """Run steps to their end."""
        replies: list[Any] | None = None
        try:
            while True:
                calls = next(steps) if replies is None else steps.send(replies)
                self.asked += calls
                replies = [self._answer(call) for call in calls]
        except StopIteration as end:
            return end.value

    def count(self, method: object) -> int:
        """How often a method was called."""
        return sum(call.method is method for call in self.asked)

    def _answer(self, call: Call) -> Any:
        if call.method is atspi.GET_ITEMS:
            return self.cache
        thing = self.things.get(call.path)
        if thing is None:
            return None
        answers: dict[object, Callable[[], Any]] = {
            atspi.GET_STATE: lambda: thing.states,
            atspi.GET_CHILDREN: lambda: [Reference(BUS, f"/{path}") for path in thing.children],
            atspi.GET_ROLE: lambda: thing.role,
            atspi.GET_INTERFACES: lambda: 0,
            atspi.GET_STRING: lambda: thing.name if call.arguments == atspi.NAME else "",
            atspi.GET_INTEGER: lambda: len(thing.children) + (thing.foreign is not None),
            atspi.GET_CHILD_AT_INDEX: lambda: thing.foreign,
        }
        return answers[call.method]()


def read(app: App, structure: Structure, *, has_cache: bool = False) -> list[tuple[int, str]]:
    """Parent's number and name of each row, as a round of reading leaves them."""
    app.play(structure.read([atspi.ROOT], has_cache=has_cache))
    outline = Outline(structure.nodes, structure.kept, [atspi.ROOT], limit=100)
    app.play(describe(outline.found.values()))
    return [(line.parent, line.content[1]) for line in number_lines(outline.found.values())]


def window_app() -> App:
    return App(
        root=Thing(["window"], name="app"),
        window=Thing(["menu", "label"], name="window"),
        menu=Thing(["item"], states=0, name="menu"),
        item=Thing(states=0, name="item"),
        label=Thing(name="label"),
    )


def test_only_what_shows_and_what_leads_to_it_is_a_row() -> None:
    app = window_app()
    assert read(app, Structure(BUS)) == [(-1, "app"), (0, "window"), (1, "label")]
    app.things["/window"].states = 0
    assert read(app, Structure(BUS)) == [(-1, "app"), (0, "window"), (1, "label")]


def test_later_rounds_find_what_came_went_and_changed() -> None:
    app, structure = window_app(), Structure(BUS)
    read(app, structure)
    app.things["/menu"].states = app.things["/item"].states = SHOWING
    opened = [(-1, "app"), (0, "window"), (1, "menu"), (2, "item"), (1, "label")]
    assert read(app, structure) == opened
    app.things["/label"].name = "other words"
    app.things["/window"].children += ["dialog"]
    app.things["/dialog"] = Thing(["button"], name="dialog")
    app.things["/button"] = Thing(name="button")
    assert read(app, structure) == [*opened[:4], (1, "other words"), (1, "dialog"), (5, "button")]
    app.things["/window"].children = ["label", "menu"]
    app.things["/menu"].states = app.things["/item"].states = 0
    del app.things["/dialog"], app.things["/button"]
    assert read(app, structure) == [(-1, "app"), (0, "window"), (1, "other words")]
    assert structure.nodes.keys() == {atspi.ROOT, "/window", "/label", "/menu", "/item"}


def test_every_round_equals_a_first_one() -> None:
    app, structure = window_app(), Structure(BUS)
    for change in (
        {"item": Thing(name="item alone shows")},
        {"menu": Thing(["item", "second"], name="menu"), "second": Thing(name="second")},
        {"window": Thing(["label"], name="without a menu")},
        {"window": Thing(["label", "menu"], name="the menu is back")},
        {"root": Thing([], name="no window")},
    ):
        app.things |= {(atspi.ROOT if path == "root" else f"/{path}"): thing for path, thing in change.items()}
        assert read(app, structure) == read(app, Structure(BUS))


def test_nothing_is_asked_of_what_stood_in_a_window_that_is_gone() -> None:
    app, structure = window_app(), Structure(BUS)
    app.things[atspi.ROOT].children += ["dialog"]
    app.things |= {"/dialog": Thing(["button"], name="dialog"), "/button": Thing(name="button")}
    assert (0, "dialog") in read(app, structure)
    app.things[atspi.ROOT].children.remove("dialog")
    app.asked.clear()
    assert read(app, structure) == [(-1, "app"), (0, "window"), (1, "label")]
    assert not {"/dialog", "/button"} & {call.path for call in app.asked}


def test_what_is_hidden_is_not_asked_for_its_children_again() -> None:
    app, structure = window_app(), Structure(BUS)
    read(app, structure)
    app.asked.clear()
    read(app, structure)
    assert app.count(atspi.GET_CHILDREN) == 3
    assert app.count(atspi.GET_STATE) == 4


def test_what_another_application_embeds_is_found() -> None:
    app = window_app()
    app.things["/label"].foreign = Reference(":1.9", "/plug")
    structure = Structure(BUS)
    read(app, structure)
    assert structure.nodes["/label"].embedded == (":1.9", "/plug")


def item(path: str, parent: str, position: int, children: int) -> Item:
    return Item(path, Reference(BUS, parent), position, children, 0, path[1:], LABEL, "", SHOWING)


def children_of(items: Sequence[Item]) -> dict[str, tuple[list[str] | None, bool]]:
    return {path: (node.children, node.is_ordered) for path, node in from_items(BUS, items).items()}


def test_a_cache_gives_children_in_order_where_it_has_all_of_them() -> None:
    complete = [item("/a", atspi.ROOT, 0, 2), item("/c", "/a", 1, 0), item("/b", "/a", 0, 0)]
    assert children_of(complete)["/a"] == (["/b", "/c"], True)
    assert children_of(complete[:2])["/a"] == (None, False)
    doubtful = [*complete[:2], item("/b", "/a", 1, 0)]
    assert children_of(doubtful)["/a"][1] is False


def test_a_cache_that_lacks_most_objects_is_not_asked_again() -> None:
    app, structure = window_app(), Structure(BUS)
    app.cache = [item(atspi.ROOT, "", -1, 1), item("/window", atspi.ROOT, 0, 2)]
    found = read(app, structure, has_cache=True)
    assert [name for _, name in found] == ["org/a11y/atspi/accessible/root", "window", "label"]
    app.things["/item"].states = SHOWING
    app.asked.clear()
    assert read(app, structure, has_cache=True) == read(app, Structure(BUS))
    assert app.count(atspi.GET_ITEMS) == 0


def test_a_cache_that_has_most_objects_is_asked_in_every_round() -> None:
    app, structure = window_app(), Structure(BUS)
    app.cache = [item(f"/{path}", f"/{parent}", -1, -1) for path, parent in (("menu", "window"), ("label", "window"))]
    app.cache += [item(atspi.ROOT, "", -1, 1), item("/window", atspi.ROOT, 0, 2)]
    for _ in range(3):
        read(app, structure, has_cache=True)
    assert app.count(atspi.GET_ITEMS) == 3


def test_a_limit_cuts_the_outline_from_the_end() -> None:
    nodes = from_items(BUS, [item("/a", atspi.ROOT, 0, 2), item("/b", "/a", 0, 0), item("/c", "/a", 1, 0)])
    whole = Outline(nodes, set(nodes), ["/a"], limit=3)
    cut = Outline(nodes, set(nodes), ["/a"], limit=2)
    assert (list(whole.found), whole.truncated) == (["/a", "/b", "/c"], False)
    assert (list(cut.found), cut.truncated) == (["/a", "/b"], True)


def test_a_cycle_of_parents_is_left_out() -> None:
    nodes = {path: Node(path, parent, SHOWING) for path, parent in (("/a", "/b"), ("/b", "/a"))}
    app = App(root=Thing(name="app"))
    structure = Structure(BUS)
    structure.nodes |= nodes
    assert read(app, structure) == [(-1, "app")]


def test_text_that_only_marks_places_of_objects_is_empty() -> None:
    assert readable("\ufffc\ufffc") == ""
    assert readable("a\ufffcb") == "a\ufffcb"
    assert len(readable("x" * 200_000)) == 100_000


def test_rectangles_overlap_where_they_share_a_pixel() -> None:
    assert overlap((0, 0, 10, 10), (9, 9, 5, 5))
    assert not overlap((0, 0, 10, 10), (10, 0, 5, 5))
