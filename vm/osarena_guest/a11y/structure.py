"""Which objects an application has, now.

Most applications have a cache that tells of all their objects in one answer; only what it lacks is asked for. Where there
is none, or one that lacks most objects (Chromium's has its windows, but not what is in them), all objects are found once by
walking, then kept up to date where it shows: the children of everything that shows are asked for in every round, so that
nothing depends on events that tell of all changes, and what is hidden is remembered as it was. Once something begins or
ceases to show, the states of all that is hidden are asked for as well, and the children of what has come to show.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from osarena_guest.a11y import atspi, wire
from osarena_guest.a11y.atspi import Reference
from osarena_guest.a11y.conversation import Call, Steps
from osarena_guest.a11y.nodes import Knowledge, Node, from_items, with_ancestors
from osarena_guest.a11y.properties import ask_properties, take_properties

_POOR = 0.5  # share of the objects below which an application's cache is not worth asking
_LARGEST_FAMILY = 2000  # children of a node that manages its descendants without being a table


class Structure:
    """The objects of one application by path, and the paths of those that show or lead from a root to one that does."""

    def __init__(self, bus_name: str) -> None:
        self.nodes: dict[str, Node] = {}
        self.kept: set[str] = set()
        self._bus_name = bus_name
        self._verified: set[str] = set()  # whose children are known to be right in this round
        self._told = 0  # how many objects the application's cache last told of
        self._is_cache_poor = False
        self._is_disturbed = False  # whether in this round something was found that showed or hid, came or went

    def read(self, roots: Sequence[str], *, has_cache: bool) -> Steps[None]:
        """Bring `nodes` and `kept` up to date. Where this is stopped halfway, the structure is of no use any more.

        Args:
            has_cache: whether the application may be asked for all objects at once.
        """
        self._verified, self._is_disturbed = set(), False
        is_told = has_cache and not self._is_cache_poor and (yield from self._ask_cache())
        if self.kept and not is_told:
            yield from self._ask_again(roots)
        # Some toolkits have no cache, and what is embedded in another application is in none.
        yield from self._learn({path: None for path in roots if path not in self.nodes})
        while True:
            self.kept = with_ancestors(self.nodes, roots)
            parents = self._unverified()
            if not parents:
                break
            yield from self._learn((yield from self._ask_children(parents)))
        self._is_cache_poor = self._is_cache_poor or (is_told and self._told < _POOR * len(self.nodes))

    def forget_all_but(self, described: Collection[str]) -> None:
        """Let what is known of other nodes than these (paths) count as unknown: it gets old while they are hidden."""
        for path, node in self.nodes.items():
            if path not in described:
                node.known = Knowledge.PLACE

    def _ask_cache(self) -> Steps[bool]:
        """Take over what the application's cache tells of everything. Returns whether it tells anything."""
        (items,) = yield [Call(atspi.GET_ITEMS, atspi.CACHE)]
        if not items:
            return False
        self._told = len(items)
        before, self.nodes = self.nodes, from_items(self._bus_name, items)
        for path, node in self.nodes.items():
            old = before.get(path)
            if old is not None:
                node.actions, node.actions_of, node.role_name = old.actions, old.actions_of, old.role_name
        self._verified = {path for path, node in self.nodes.items() if node.is_ordered}
        return True

    def _unverified(self) -> list[Node]:
        """The nodes whose children must be asked for: in any case those that are kept, and those of which some are unknown."""
        return [
            node
            for path, node in self.nodes.items()
            if path not in self._verified
            and (path in self.kept or (node.children is None and not node.states & atspi.MANAGES_DESCENDANTS))
        ]

    # --- asking again for what is known ---------------------------------------------------------------------------

    def _ask_again(self, roots: Sequence[str]) -> Steps[None]:
        """Everything of the kept nodes, and the states of the others: of their children, or of all where something moved."""
        unknown = yield from self._ask_for_windows(roots)
        kept = [self.nodes[path] for path in self.kept]
        near = {child for node in kept for child in node.children or ()} - self.kept
        fringe = [self.nodes[path] for path in near if path in self.nodes]
        listable = [node for node in kept if not node.states & atspi.MANAGES_DESCENDANTS and node.path not in roots]
        described = [node for node in kept if node.known is Knowledge.ALL]
        replies = iter(
            (
                yield [
                    *(Call(atspi.GET_STATE, node.path) for node in kept),
                    *(Call(atspi.GET_STATE, node.path) for node in fringe),
                    *(Call(atspi.GET_CHILDREN, node.path) for node in listable),
                    *(call for node in described for call in ask_properties(node)),
                ]
            )
        )
        for node in (*kept, *fringe):
            self._set_states(node, next(replies))
        for node in listable:
            unknown |= self._adopt(node, next(replies))
        for node in described:
            take_properties(node, replies)
        self._verified = {node.path for node in listable} | (self.nodes.keys() & roots)
        yield from self._find_embedded([node for node in kept if node.embedded is not None])
        yield from self._learn(unknown)
        # In a page, what shows may stand in what does not.
        if self._is_disturbed or self._is_cache_poor:
            known = self.kept | near | unknown.keys()
            yield from self._ask_states([node for path, node in self.nodes.items() if path not in known])

    def _ask_for_windows(self, roots: Sequence[str]) -> Steps[dict[str, str | None]]:
        """Forget the windows that are gone, before anything in them is asked: LibreOffice (7.4) may crash of that.

        Returns windows that were not known, with their parents.
        """
        known = [self.nodes[path] for path in roots if path in self.nodes]
        replies = yield [Call(atspi.GET_CHILDREN, node.path) for node in known]
        unknown: dict[str, str | None] = {}
        for node, references in zip(known, replies, strict=True):
            unknown |= self._adopt(node, references)
        return unknown

    def _ask_states(self, nodes: Sequence[Node]) -> Steps[None]:
        replies = yield [Call(atspi.GET_STATE, node.path) for node in nodes]
        for node, states in zip(nodes, replies, strict=True):
            self._set_states(node, states)

    def _set_states(self, node: Node, states: int | None) -> None:
        """Take over a node's states; one that does not answer is gone, and its parent's children will tell."""
        showed = node.is_showing()
        node.states = atspi.DEFUNCT if states is None else states
        self._is_disturbed |= showed != node.is_showing()

    # --- finding what is not known --------------------------------------------------------------------------------

    def _ask_children(self, parents: Sequence[Node]) -> Steps[dict[str, str | None]]:
        """Fill in `children` of the parents. Returns children that were not known, with their parents."""
        listable = yield from _with_few_children(parents)
        self._verified.update(node.path for node in parents)
        replies = yield [Call(atspi.GET_CHILDREN, node.path) for node in listable]
        unknown: dict[str, str | None] = {}
        for node, references in zip(listable, replies, strict=True):
            unknown |= self._adopt(node, references)
        empty = [node for node in listable if not node.children]
        counts = yield [Call(atspi.GET_INTEGER, node.path, atspi.CHILD_COUNT) for node in empty if node.child_count < 0]
        for node, count in zip((node for node in empty if node.child_count < 0), counts, strict=True):
            node.child_count = count or 0
        yield from self._find_embedded([node for node in empty if node.child_count > 0])
        return unknown

    def _adopt(self, parent: Node, references: Iterable[Reference] | None) -> dict[str, str | None]:
        """Make these the children of a node. Returns those that were not known, with their parent."""
        before, parent.children = parent.children or [], own_paths(references, self._bus_name)
        unknown: dict[str, str | None] = {}
        for path in parent.children:
            if path in self.nodes:
                self.nodes[path].parent = parent.path
            else:
                unknown[path] = parent.path
        if before != parent.children:
            self._is_disturbed = True
            for path in set(before) - set(parent.children):
                self._drop(path, parent.path)
        return unknown

    def _drop(self, path: str, parent: str) -> None:
        """Forget a node that is no longer its parent's child, and all below it."""
        node = self.nodes.get(path)
        if node is not None and node.parent == parent:
            del self.nodes[path]
            self.kept.discard(path)
            for child in node.children or ():
                self._drop(child, path)

    def _learn(self, unknown: dict[str, str | None]) -> Steps[None]:
        """Add objects (path to path of the parent) and all below them."""
        while unknown:
            replies = yield [Call(atspi.GET_STATE, path) for path in unknown]
            found = [
                Node(path, parent, states)
                for (path, parent), states in zip(unknown.items(), replies, strict=True)
                if states is not None
            ]
            yield from _ask_interfaces([node for node in found if node.states & atspi.MANAGES_DESCENDANTS])
            self.nodes.update((node.path, node) for node in found)
            unknown = yield from self._ask_children(found)

    def _find_embedded(self, sockets: Sequence[Node]) -> Steps[None]:
        """Fill in what stands in nodes that have a child but do not list it: it belongs to another application."""
        replies = yield [Call(atspi.GET_CHILD_AT_INDEX, node.path, wire.integers(0)) for node in sockets]
        for node, reference in zip(sockets, replies, strict=True):
            is_foreign = reference is not None and reference.bus_name != self._bus_name and reference.path != atspi.NULL
            node.embedded = reference if is_foreign else None


def _with_few_children(parents: Sequence[Node]) -> Steps[list[Node]]:
    """Those whose children may be listed; the others have none from now on."""
    managing = [node for node in parents if node.states & atspi.MANAGES_DESCENDANTS]
    counts = yield [Call(atspi.GET_INTEGER, node.path, atspi.CHILD_COUNT) for node in managing if not node.is_table_of_cells()]
    numbers = iter(counts)
    barred = {node.path for node in managing if node.is_table_of_cells() or not _is_small(next(numbers))}
    for node in parents:
        if node.path in barred:
            node.children = []
    return [node for node in parents if node.path not in barred]


def _is_small(count: Any) -> bool:
    return count is not None and count <= _LARGEST_FAMILY


def _ask_interfaces(nodes: Sequence[Node]) -> Steps[None]:
    replies = yield [Call(atspi.GET_INTERFACES, node.path) for node in nodes]
    for node, interfaces in zip(nodes, replies, strict=True):
        node.interfaces = interfaces or 0


def own_paths(references: Iterable[Reference] | None, bus_name: str) -> list[str]:
    """The paths of those objects that belong to the application."""
    return [reference.path for reference in references or () if reference.bus_name == bus_name and reference.path != atspi.NULL]
