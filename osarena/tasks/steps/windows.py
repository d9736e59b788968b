"""Windows that are there already, found by parts of their titles and classes."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext, suppress

from osarena.errors import GuestError, SetupError
from osarena.tasks.model import step
from osarena.tasks.steps import StepContext
from osarena.types.observation import Window

# How long a window that need not be there is waited for: it may just be coming up.
_PATIENCE_S = 1.0


@step
def wait(context: StepContext, *, title: str | None = None, app: str | None = None, timeout_s: float = 30.0) -> None:
    """Such a window is there."""
    context.guest.wait_for_window(title=title, app=app, timeout_s=timeout_s)


@step
def activate(
    context: StepContext,
    *,
    title: str | None = None,
    app: str | None = None,
    is_whole_title: bool = False,
    must_exist: bool = True,
    timeout_s: float = 30.0,
) -> None:
    """Such a window is in front and has the focus. With `must_exist` off, it may be missing, or lie under a dialog."""
    window = _found(context, title, app, is_whole_title=is_whole_title, must_exist=must_exist, timeout_s=timeout_s)
    if window is None:
        return
    context.guest.activate_window(window.id)
    with _forgiven(not must_exist):
        context.wait_until(
            lambda: any(other.id == window.id and other.is_focused for other in context.guest.windows()),
            timeout_s=timeout_s if must_exist else _PATIENCE_S,
            what=f"the focus on {window.title!r}",
        )


@step
def close(
    context: StepContext,
    *,
    title: str | None = None,
    app: str | None = None,
    is_whole_title: bool = False,
    must_exist: bool = True,
    timeout_s: float = 30.0,
) -> None:
    """Such a window was there and is closed. With `must_exist` off, it may be missing, or ask back and stay."""
    window = _found(context, title, app, is_whole_title=is_whole_title, must_exist=must_exist, timeout_s=timeout_s)
    if window is None:
        return
    context.guest.close_window(window.id)
    with _forgiven(not must_exist):
        context.wait_until(
            lambda: all(other.id != window.id for other in context.guest.windows()),
            timeout_s=timeout_s if must_exist else _PATIENCE_S,
            what=f"{window.title!r} to close",
        )


def _forgiven(is_so: bool) -> AbstractContextManager[None]:
    return suppress(SetupError) if is_so else nullcontext()


def _found(
    context: StepContext, title: str | None, app: str | None, *, is_whole_title: bool, must_exist: bool, timeout_s: float
) -> Window | None:
    """The topmost of such windows, once there is one; `None` where there need not be."""
    try:
        window = context.guest.wait_for_window(title=title, app=app, timeout_s=timeout_s if must_exist else _PATIENCE_S)
    except GuestError:
        if must_exist:
            raise
        return None
    if not is_whole_title or window.title == title:
        return window
    whole = [other for other in context.guest.windows() if other.title == title]
    if not whole and must_exist:
        raise SetupError(f"no window is called {title!r}, only {window.title!r}")
    return whole[0] if whole else None
