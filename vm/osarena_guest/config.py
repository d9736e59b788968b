"""How a guest is started: one line of JSON on its standard input."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from osarena_guest.desktop import GuestProblem


@dataclass(frozen=True, slots=True)
class Config:
    """What the host says at the start. Exactly one of `fd` and `bind` is set."""

    token: str
    fd: int | None = None  # an inherited unix socket that listens already
    bind: str | None = None  # "host:port", or "unix:/path"
    user: int | None = None  # who to become after that, where it is started as root: the desktop's user
    ends_with_input: bool = False  # whether to end when standard input does, as when the host's process is gone
    screen: tuple[int, int] = (1920, 1080)  # pixels
    dpi: int = 96
    theme: str = "Adwaita"  # of GTK
    share: str | None = None  # folder shared with the host
    session: bool = True  # whether to start a desktop, rather than serve the one that DISPLAY names


def parse_config(line: str) -> Config:
    """The configuration that a line holds.

    Raises:
        GuestProblem: "bad_request"; the text never holds the token.
    """
    try:
        record: dict[str, Any] = json.loads(line)
        width, height = record.pop("screen", (1920, 1080))
        config = Config(screen=(int(width), int(height)), **record)
    except (TypeError, ValueError, AttributeError):
        raise GuestProblem("bad_request", "standard input must hold one line of JSON with the guest's configuration") from None
    if not isinstance(config.token, str) or len(config.token) < 16:
        raise GuestProblem("bad_request", "the token must have at least 16 characters")
    if (config.fd is None) == (config.bind is None):
        raise GuestProblem("bad_request", "give either fd or bind")
    return config
