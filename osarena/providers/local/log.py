"""What a sandbox or a container printed last, for the error that tells of its end."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from typing import Protocol

_LOG_LINES = 200


class Lines(Protocol):
    """A pipe, or anything else that gives lines and can be closed."""

    def __iter__(self) -> Iterator[bytes]:
        """The lines as they come."""

    def close(self) -> None:
        """No more are wanted."""


class Log:
    """The last lines that a desktop printed."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=_LOG_LINES)
        self._follower: threading.Thread | None = None

    def follow(self, stream: Lines | None) -> None:
        """Read lines to their end, in the background, and close where they come from."""
        if stream:
            self._follower = threading.Thread(target=self._read, args=(stream,), name="osarena-log", daemon=True)
            self._follower.start()

    def last_words(self, count: int = 5) -> str:
        """The last lines, once nothing more comes within a moment."""
        if self._follower:
            self._follower.join(timeout=0.5)
        return " | ".join(list(self._lines)[-count:]) or "it printed nothing"

    def _read(self, stream: Lines) -> None:
        with closing(stream):
            for line in stream:
                self._lines.append(line.decode(errors="replace").rstrip())
