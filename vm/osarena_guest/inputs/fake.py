"""Keyboard and pointer of a fake desktop."""

from __future__ import annotations

from osarena_guest.fake_desktop import FakeDesktop


class FakeInputs:
    """Satisfies `osarena_guest.desktop.Inputs`."""

    def __init__(self, desktop: FakeDesktop) -> None:
        self._desktop = desktop

    def move(self, x: int, y: int) -> None:
        """Put the pointer there."""
        self._desktop.move(x, y)

    def button(self, name: str, *, down: bool) -> None:
        """Press or release a button where the pointer is."""
        if down:
            self._desktop.press_button(name)
        else:
            self._desktop.release_button(name)

    def click(self, name: str, *, count: int = 1) -> None:
        """Click where the pointer is."""
        for _ in range(count):
            self.button(name, down=True)
            self.button(name, down=False)

    def scroll(self, dx: int, dy: int) -> None:
        """Turn the wheel; there is nothing to be scrolled sideways."""
        self._desktop.scroll(dy)

    def key(self, name: str, *, down: bool) -> None:
        """Press or release a key."""
        if down:
            self._desktop.press_key(name)
        else:
            self._desktop.release_key(name)

    def type_text(self, text: str) -> None:
        """Type any Unicode text."""
        self._desktop.type_text(text)

    def pointer(self) -> tuple[int, int]:
        """Where the pointer is."""
        return self._desktop.pointer

    def drain(self, *, timeout_s: float) -> bool:
        """True: everything is taken in at once."""
        del timeout_s
        return True

    def release_all(self) -> None:
        """Release every key and button that is still held."""
        self._desktop.release_all()
