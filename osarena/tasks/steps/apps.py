"""Starting applications and opening files with them.

An application counts as open once its window is there *and* its accessibility tree answers: the first look of an agent
must not find a grey rectangle.
"""

from __future__ import annotations

from contextlib import nullcontext, suppress
from pathlib import PurePosixPath

from osarena.errors import GuestError, SetupError
from osarena.tasks.applications import Application, application, application_for
from osarena.tasks.model import step
from osarena.tasks.steps import StepContext
from osarena.types.observation import Observe, RawObservation, Settle, Window

# Settled, so that what the window loads has had its chance to come.
_LOOK = Observe(screenshot=False, cursor=False, settle=Settle(still_s=0.15, deadline_s=1.5))


@step
def launch(context: StepContext, app: str, *, args: list[str] | None = None, title: str = "", timeout_s: float = 60.0) -> None:
    """The application is running, a window of it whose title contains `title` is there, and its tree answers."""
    known = application(app)
    context.guest.launch([*known.argv, *(args or [])], cwd="~")
    await_window(context, known, title, timeout_s=timeout_s)


@step
def open(context: StepContext, path: str, *, app: str = "", title: str = "", timeout_s: float = 60.0) -> None:  # noqa: A001
    """The file or folder is open in its application, or in `app`: its window is there and its tree answers.

    `title` is what the window's title contains, where that is not the file's name.
    """
    known = application(app) if app else application_for(path)
    place = PurePosixPath(path)
    context.guest.launch([*known.argv, place.name], cwd=str(place.parent))
    await_window(context, known, title or place.name, timeout_s=timeout_s)


@step
def start(
    context: StepContext, command: list[str] | str, *, app: str = "", must_appear: bool = True, timeout_s: float = 60.0
) -> None:
    """The program (a list of words, or a line for `sh`) was started in the home folder. Where it is the application `app`, a
    window of that is there and its tree answers; with `must_appear` off it was given the time for that."""
    argv = ["sh", "-c", command] if isinstance(command, str) else command
    context.guest.launch(argv, cwd="~")
    if not app:
        return
    with nullcontext() if must_appear else suppress(SetupError):
        await_window(context, application(app), "", timeout_s=timeout_s)


def await_window(context: StepContext, known: Application, title: str, *, timeout_s: float) -> Window:
    """The application's window, once it is there and assistive technology sees what is in it.

    Raises:
        SetupError: one of the two did not come about in time.
    """
    try:
        window = context.guest.wait_for_window(title=title or None, app=known.window_class, timeout_s=timeout_s)
    except GuestError as error:
        raise SetupError(f"no window of {known.name} titled {title!r} came up: {error}") from error
    context.wait_until(
        lambda: _answers(context.guest.observe(_LOOK), window.id),
        timeout_s=timeout_s,
        what=f"the accessibility tree of {known.name}'s window",
    )
    return window


def _answers(look: RawObservation, window_id: int) -> bool:
    """Whether the window is in the tree under the title that it has now, with something in it."""
    title = next((window.title for window in look.windows if window.id == window_id), None)
    applications = look.tree.root.children if look.tree else ()
    frames = (frame for application in applications for frame in application.children)
    return title is not None and any(frame.children and frame.name and frame.name in title for frame in frames)
