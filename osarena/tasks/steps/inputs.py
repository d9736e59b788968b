"""The keyboard and the pointer, as tasks of other projects use them to prepare a desktop or to save what an agent left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from osarena.errors import AgentError, SetupError
from osarena.perception.pyautogui_text import translate
from osarena.tasks.model import step
from osarena.tasks.steps import StepContext
from osarena.types.actions import Action, Finish, Shell, Wait
from osarena.types.geometry import Size
from osarena.types.observation import Settle

# How long the desktop has to be still before the next key is pressed where the program would have slept.
_REST = Settle(still_s=0.3, deadline_s=5.0)


@step
def pyautogui(context: StepContext, code: str) -> None:
    """What a pyautogui program does to keyboard and pointer was done. The text is read, never run; where it sleeps, the
    desktop comes to rest instead. `{SCREEN_WIDTH}`, `{SCREEN_HEIGHT_HALF}` and their like are the screen's."""
    for actions in _between_waits(actions_of(code, context.screen)):
        report = context.guest.perform(actions, settle=_REST)
        if report.problem:
            raise SetupError(f"{code!r:.200}: {report.problem}")


def actions_of(code: str, screen: Size) -> Sequence[Action]:
    """The actions of a program.

    Raises:
        SetupError: it does something beside keyboard, pointer and sleeping.
    """
    half = {"{SCREEN_WIDTH_HALF}": screen.width // 2, "{SCREEN_HEIGHT_HALF}": screen.height // 2}
    for word, number in {**half, "{SCREEN_WIDTH}": screen.width, "{SCREEN_HEIGHT}": screen.height}.items():
        code = code.replace(word, str(number))
    try:
        actions = translate(code, screen=screen)
    except AgentError as error:
        raise SetupError(f"{code!r:.200} cannot be read: {error}") from error
    if any(isinstance(action, Shell | Finish) for action in actions):
        raise SetupError(f"{code!r:.200} is no program for keyboard and pointer")
    return actions


def _between_waits(actions: Sequence[Action]) -> Iterator[list[Action]]:
    """The actions in parts, where they were parted by waiting."""
    part: list[Action] = []
    for action in actions:
        if not isinstance(action, Wait):
            part.append(action)
        elif part:
            yield part
            part = []
    if part:
        yield part
