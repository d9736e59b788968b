"""A guest that shows given trees, one after the other, to test what looks at them."""

from __future__ import annotations

from collections.abc import Sequence

from osarena.guest.client import Guest
from osarena.types.actions import Action
from osarena.types.geometry import Box, Size
from osarena.types.observation import Observation, Observe, RawObservation, Window
from osarena.types.tree import Node, Tree

BLANK = Observation(0, Size(1920, 1080), RawObservation())


class LookedAt(Guest):
    """Each look shows the next tree, and the last one for ever; `trees` counts those that were asked for.

    Windows with these titles are shown, by so many looks.
    """

    def __init__(self, *roots: Node, titles: Sequence[str] = (), window_looks: int = 1_000_000) -> None:
        self.roots = list(roots)
        self.looks = self.trees = 0
        self.window_looks = window_looks
        self.windows_shown = tuple(Window(n, title, "app", Box(0, 0, 9, 9), n, True) for n, title in enumerate(titles))

    def observe(self, want: Observe = Observe()) -> RawObservation:
        root = self.roots[min(self.looks, len(self.roots) - 1)]
        self.looks += 1
        self.trees += want.tree
        return RawObservation(tree=Tree(root), windows=self.windows_shown if self.looks <= self.window_looks else ())


class Acts:
    """Keeps what a screen hands out."""

    def __init__(self) -> None:
        self.actions: list[Action] = []
        self.thoughts: list[str] = []

    def __call__(self, actions: Sequence[Action], thought: str) -> None:
        self.actions.extend(actions)
        self.thoughts.append(thought)


def desktop(*children: Node) -> Node:
    return Node("desktop frame", children=children)


def element(role: str, name: str = "", *children: Node, at: tuple[int, int] = (0, 0), text: str = "", states: str = "") -> Node:
    """An element of 20 by 10 pixels at a place; `states` is a list of words."""
    return Node(role, name, text=text, states=frozenset(states.split()), box=Box(*at, 20, 10), children=children)
