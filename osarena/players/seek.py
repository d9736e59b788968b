"""Which element of the tree is meant, and what to say when it is not there."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from osarena.errors import AgentError
from osarena.types.tree import Node

Name = str | re.Pattern[str] | None

_MOST_LISTED = 40


class NotOnScreenError(AgentError):
    """A play looked for something that is not on the screen; the text says what is."""


@dataclass(frozen=True, slots=True)
class Sought:
    """An element by role, name and states; `None` is any, a pattern is searched for in the name."""

    role: str | None = None
    name: Name = None
    states: frozenset[str] = frozenset()

    def matches(self, node: Node) -> bool:
        """Whether this element is meant."""
        return self.role in (None, node.role) and self.fits(node.name) and self.states <= node.states

    def fits(self, name: str) -> bool:
        """Whether something of this name is meant."""
        if isinstance(self.name, re.Pattern):
            return self.name.search(name) is not None
        return self.name is None or name == self.name

    def __str__(self) -> str:
        pattern = self.name.pattern if isinstance(self.name, re.Pattern) else self.name
        words = [self.role or "element", *([] if pattern is None else [repr(pattern)]), *sorted(self.states)]
        return " ".join(words)


def describe_screen(nodes: Iterable[Node], sought: Sought | str) -> str:
    """The named elements there are, those most like the sought one first."""
    there = list(dict.fromkeys(f"{node.role} {node.name!r:.60}" for node in nodes if node.name))
    if not there:
        return "there is nothing with a name"
    close = difflib.get_close_matches(str(sought), there, n=8, cutoff=0.3)
    listed = [*close, *(words for words in there if words not in close)][:_MOST_LISTED]
    return f"there is {', '.join(listed)}" + (f" and {len(there) - len(listed)} more" if len(there) > len(listed) else "")
