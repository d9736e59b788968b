"""The screen in words: one line for each element that says something or can be filled in, with its place.

The rule of what is kept is that of the data set's makers (a text, a description, a hint or a tooltip, or else a switch or a field
to type in), in the roles of desktops. The lines are our own; what trains a model for this agent has to write the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from osarena.perception.frames import CoordinateFrame
from osarena.perception.outline import node_as_text
from osarena.perception.visible import VisibleNode, visible_nodes
from osarena.types.geometry import Box
from osarena.types.observation import Observation
from osarena.types.tree import Node
from osarena_agents.dialects.places import whole_numbers
from osarena_agents.sight.mixture import fair_share

# Elements that are kept though nothing is written on them.
_FIELDS = frozenset(
    {"entry", "text", "password text", "check box", "toggle button", "switch", "combo box", "spin button", "slider"}
)
# Elements that only hold others, whose names say nothing of their own.
_HOLDERS = frozenset({"desktop frame", "application", "panel", "filler", "scroll pane", "layered pane", "root pane", "viewport"})


def elements(observation: Observation, most: int) -> list[VisibleNode]:
    """The elements that say something or can be filled in, as far as they can be seen, in document order.

    Args:
        most: of them, at most. Where there are more, those of the rarer kinds are kept before the many cells of a sheet.
    """
    seen = visible_nodes(observation.tree, observation.raw.windows, observation.screen)
    return fair_share([visible for visible in seen if _is_kept(visible.node)], most)


def elements_as_text(found: Sequence[VisibleNode], frame: CoordinateFrame) -> str:
    """A line for each: ``3 push button "Save" (120, 44)``, that is its number, what it is, and its middle in the frame."""
    return "\n".join(f"{number} {_line(visible, frame)}" for number, visible in enumerate(found)) or "none"


def marks_of(found: Sequence[VisibleNode]) -> Mapping[int, Box]:
    """The boxes of the elements by their numbers."""
    return {number: visible.box for number, visible in enumerate(found)}


def _line(visible: VisibleNode, frame: CoordinateFrame) -> str:
    words = node_as_text(replace(visible.node, box=None, children=()))
    return "{} ({}, {})".format(words, *whole_numbers(frame, visible.box.center))


def _is_kept(node: Node) -> bool:
    return node.role in _FIELDS or (
        node.role not in _HOLDERS and any((node.name.strip(), node.text.strip(), node.description.strip()))
    )
