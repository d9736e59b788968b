"""What a play sees and does: elements of the live accessibility tree by role and name, and actions on them.

A `Screen` looks as often as it wants (looking costs no step) and acts only by handing out typed actions, one decision at
a time. It waits for what it looks for and never for a time, so a play reads like a person's list of steps::

    screen.hotkey("ctrl", "s")
    dialog = screen.inside("dialog", "Save Document?")
    dialog.click("push button", "Keep Current Format!")
    dialog.wait_gone()
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from osarena.guest.client import Guest
from osarena.guest.wait import wait_until
from osarena.players.seek import Name, NotOnScreenError, Sought, describe_screen
from osarena.types.actions import Action, Button, Click, Drag, Hotkey, Press, Scroll, TypeText
from osarena.types.geometry import Box, Point
from osarena.types.observation import Observe
from osarena.types.tree import Node

T = TypeVar("T")

# Gives one decision to whoever asked for it and returns when it has been carried out and the desktop is still.
HandOut = Callable[[Sequence[Action], str], None]

_TREE_ALONE = Observe(screenshot=False, tree=True, windows=False, cursor=False)
_WINDOWS_ALONE = Observe(screenshot=False, tree=False, windows=True, cursor=False)
_MOST_SCROLLS = 40


class Screen:
    """The desktop, or the part of it inside some element, as a play uses it.

    Args:
        patience_s: how long to wait for an element before giving up; generous, for a loaded machine.
    """

    def __init__(self, guest: Guest, hand_out: HandOut, *, patience_s: float = 60.0, scope: tuple[Sought, ...] = ()) -> None:
        self._guest = guest
        self._hand_out = hand_out
        self._patience_s = patience_s
        self._scope = scope

    # --- looking: free, and as often as one likes ------------------------------------------------------------------

    def inside(self, role: str, name: Name = None, *, states: Iterable[str] = ()) -> Screen:
        """The same screen, narrowed to the first element like this (a window, a dialog, a list) at each look."""
        scope = (*self._scope, Sought(role, name, frozenset(states)))
        return Screen(self._guest, self._hand_out, patience_s=self._patience_s, scope=scope)

    def find_all(self, role: str | None = None, name: Name = None, *, states: Iterable[str] = ()) -> list[Node]:
        """Every element like this that is on the screen now, in the tree's order."""
        sought = Sought(role, name, frozenset(states))
        return [node for node in self._elements() if sought.matches(node)]

    def find(self, role: str | None = None, name: Name = None, *, states: Iterable[str] = ()) -> Node:
        """The first element like this that is on the screen now.

        Args:
            role: AT-SPI role name; `None` is any.
            name: the whole name, or a pattern to be found in it; `None` is any.
            states: states that it must have ("focused", "checked" …).

        Raises:
            NotOnScreenError: there is none; the text says what there is.
        """
        found = self.find_all(role, name, states=states)
        if not found:
            raise self._missing(Sought(role, name, frozenset(states)))
        return found[0]

    def is_there(self, role: str | None = None, name: Name = None, *, states: Iterable[str] = ()) -> bool:
        """Whether such an element is on the screen now."""
        return bool(self.find_all(role, name, states=states))

    def read(self, role: str | None = None, name: Name = None, *, states: Iterable[str] = ()) -> str:
        """What an element says: its text, else its name, once it is there."""
        node = self.wait_for(role, name, states=states)
        return node.text or node.name

    def wait_for(
        self, role: str | None = None, name: Name = None, *, states: Iterable[str] = (), timeout_s: float | None = None
    ) -> Node:
        """The first element like this, once it is on the screen and does not move any more.

        Raises:
            NotOnScreenError: it did not come; the text says what there is instead.
        """
        sought = Sought(role, name, frozenset(states))
        last: list[Box | None] = []

        def settled() -> Node | None:
            found = next((node for node in self._elements() if sought.matches(node)), None)
            is_still = found is not None and last == [found.box]
            last[:] = [found.box] if found else []
            return found if is_still else None

        return self._wait(settled, sought, timeout_s)

    def wait_until(self, condition: Callable[[Screen], T | None], *, what: str, timeout_s: float | None = None) -> T:
        """What `condition` returns once that is true; it may look at the screen as it likes.

        Raises:
            NotOnScreenError: it did not come true; the text names `what` and says what is on the screen.
        """
        return self._wait(lambda: condition(self), what, timeout_s)

    def wait_gone(self, role: str | None = None, name: Name = None, *, timeout_s: float | None = None) -> None:
        """Return once no such element is left; without arguments, once what this screen is narrowed to is gone.

        Whether a window is gone is seen by the windows alone: a program that quits may fall over questions about what it is just
        taking down (LibreOffice 7.4 does, about slides).

        Raises:
            NotOnScreenError: it is still there.
        """
        if role is None and name is None:
            is_there = self._is_a_window if self._is_a_window() else lambda: any(True for _ in self._elements())
            self._wait(lambda: None if is_there() else True, f"{self._place()} to go away", timeout_s)
        else:
            sought = Sought(role, name)
            self._wait(lambda: True if not self.is_there(role, name) else None, f"{sought} to go away", timeout_s)

    def wait_for_window(self, title: str, *, timeout_s: float | None = None) -> None:
        """Return once the focused window's title contains this.

        Raises:
            NotOnScreenError: no such window came to the front.
        """

        def is_in_front() -> bool | None:
            windows = self._guest.observe(_WINDOWS_ALONE).windows
            return any(window.is_focused and title in window.title for window in windows) or None

        self._wait(is_in_front, f"a focused window titled {title!r}", timeout_s)

    # --- acting: each call is one step ------------------------------------------------------------------------------

    def click(
        self,
        role: str | None = None,
        name: Name = None,
        *,
        states: Iterable[str] = (),
        button: Button = "left",
        count: int = 1,
        modifiers: tuple[str, ...] = (),
    ) -> Node:
        """Click the middle of an element once it is there, and return it as it was before."""
        node = self.wait_for(role, name, states=states)
        self.click_on(node, button=button, count=count, modifiers=modifiers)
        return node

    def click_on(self, place: Node | Point, *, button: Button = "left", count: int = 1, modifiers: tuple[str, ...] = ()) -> None:
        """Click the middle of an element that was found, or a point."""
        words = f"{'Double-click' if count == 2 else 'Click'} {place if isinstance(place, Point) else _named(place)}"
        self._hand_out([Click(_middle(place), button, count, modifiers)], words)

    def double_click(self, role: str | None = None, name: Name = None, *, states: Iterable[str] = ()) -> Node:
        """Double-click an element once it is there."""
        return self.click(role, name, states=states, count=2)

    def right_click(self, role: str | None = None, name: Name = None, *, states: Iterable[str] = ()) -> Node:
        """Click an element with the right button once it is there."""
        return self.click(role, name, states=states, button="right")

    def drag(self, start: Node | Point, end: Node | Point, *, modifiers: tuple[str, ...] = ()) -> None:
        """Drag from one place to another."""
        self._hand_out([Drag((_middle(start), _middle(end)), modifiers=modifiers)], "Drag")

    def type(self, text: str) -> None:
        """Type into whatever has the focus; a newline is Enter, a tab is Tab."""
        self._hand_out([TypeText(text)], f"Type {text!r:.60}")

    def fill(self, role: str, name: Name, text: str) -> None:
        """Click into a field, select what it holds, and type over it."""
        node = self.click(role, name)
        if node.text:
            self.hotkey("ctrl", "a")
        self.type(text)

    def press(self, key: str, count: int = 1) -> None:
        """Press and release a key."""
        self._hand_out([Press(key, count)], f"Press {key}" + (f" {count} times" if count > 1 else ""))

    def hotkey(self, *keys: str) -> None:
        """Press keys together: `hotkey("ctrl", "s")`."""
        self._hand_out([Hotkey(keys)], f"Press {'+'.join(keys)}")

    def scroll(self, place: Node | Point, *, dy: int = 0, dx: int = 0) -> None:
        """Turn the wheel over a place; positive `dy` shows what is further down."""
        self._hand_out([Scroll(_middle(place), dx, dy)], f"Scroll by {dx}, {dy}")

    def scroll_to(self, area: Node, role: str, name: Name = None, *, states: Iterable[str] = ()) -> Node:
        """Scroll an area down until an element like this is wholly in it, and return that.

        Raises:
            NotOnScreenError: the area's end was reached without it.
        """
        states = frozenset(states)
        for _ in range(_MOST_SCROLLS):
            before = [(node.role, node.name, node.box) for node in self._elements()]
            hit = next((node for node in self.find_all(role, name, states=states) if _lies_in(node, area)), None)
            if hit is not None:
                return self.wait_for(role, name, states=states)
            self.scroll(area, dy=3)
            if [(node.role, node.name, node.box) for node in self._elements()] == before:
                break
        raise self._missing(Sought(role, name, states))

    # --- inner workings ---------------------------------------------------------------------------------------------

    def _elements(self) -> Iterator[Node]:
        """Everything inside the scope at this moment, the scope's own element first; nothing where it is not there."""
        nodes = self._everything()
        for narrower in self._scope:
            root = next((node for node in nodes if narrower.matches(node)), None)
            nodes = root.walk() if root else iter(())
        return nodes

    def _is_a_window(self) -> bool:
        """Whether what this screen is narrowed to is a window of the desktop, and there; no program is asked for that."""
        sought = self._scope[-1] if self._scope else Sought()
        return sought.role == "frame" and any(sought.fits(one.title) for one in self._guest.observe(_WINDOWS_ALONE).windows)

    def _everything(self) -> Iterator[Node]:
        tree = self._guest.observe(_TREE_ALONE).tree
        return tree.root.walk() if tree else iter(())

    def _wait(self, condition: Callable[[], T | None], sought: Sought | str, timeout_s: float | None) -> T:
        patience_s = self._patience_s if timeout_s is None else timeout_s
        deadline = time.monotonic() + patience_s

        def looked() -> T | None:
            found = condition()
            if not found and time.monotonic() >= deadline:
                raise self._missing(sought, f" within {patience_s:g} s")
            return found

        # The condition itself raises at the deadline, with what is on the screen: the loop must not end before it.
        found = wait_until(looked, timeout_s=patience_s + 30, what=str(sought))
        assert found is not None
        return found

    def _missing(self, sought: Sought | str, how_long: str = "") -> NotOnScreenError:
        inside = list(self._elements())
        absent = " (which is not there)" if self._scope and not inside else ""
        shown = inside or self._everything()
        return NotOnScreenError(f"waited for {sought} {self._place()}{absent}{how_long}; {describe_screen(shown, sought)}")

    def _place(self) -> str:
        return (
            " in ".join(str(narrower) for narrower in reversed(self._scope)).join(("in ", "")) if self._scope else "on the screen"
        )


def _middle(place: Node | Point) -> Point:
    if isinstance(place, Point):
        return place
    if place.box is None:
        raise NotOnScreenError(f"{_named(place)} has no place on the screen")
    return place.box.center


def _lies_in(node: Node, area: Node) -> bool:
    return node.box is not None and area.box is not None and node.box.area > 0 and node.box.intersection(area.box) == node.box


def _named(node: Node) -> str:
    return f"{node.role} {node.name!r:.60}"
