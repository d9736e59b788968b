"""Connections to the X server, shared by the X11 backends of screen, inputs and windows."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from Xlib import error
from Xlib.display import Display

from osarena_guest.desktop import GuestProblem

logger = logging.getLogger(__name__)

# What the server says of a window that has just gone: which of the two depends on what it was asked.
GONE = (error.BadWindow, error.BadDrawable)

P = ParamSpec("P")
R = TypeVar("R")


def connect(name: str | None = None) -> Display:
    """A new connection to a display (`None`: the one that DISPLAY names).

    Python-xlib's `Display` is safe for one thread at a time: every backend has its own, and a lock around it.

    Raises:
        GuestProblem: "desktop_gone", where no X server answers.
    """
    try:
        display = Display(name)
    except (error.DisplayError, OSError) as failure:
        raise GuestProblem("desktop_gone", f"the X server cannot be reached: {failure}") from failure
    display.set_error_handler(_note_error)
    return display


def _note_error(failure: error.XError, request: object) -> None:
    """What nobody waits for an answer to fails where a window has just gone; python-xlib would print it."""
    logger.debug("the X server refused %s: %s", request, failure)


def answers_desktop_gone(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function that talks to the X server raise GuestProblem("desktop_gone") where the server has gone away."""

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except (error.ConnectionClosedError, OSError) as failure:
            raise GuestProblem("desktop_gone", f"the X server is gone: {failure}") from failure

    return guarded
