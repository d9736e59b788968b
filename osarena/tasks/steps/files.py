"""Files and folders of the desktop. Paths are absolute or start with `~`, the desktop's home."""

from __future__ import annotations

from collections.abc import Mapping

from osarena.errors import NoSuchFile, SetupError
from osarena.tasks.model import step
from osarena.tasks.steps import StepContext


@step
def put(context: StepContext, path: str, content: bytes | str, *, mode: str = "644") -> None:
    """A file holds `content` (text is written as UTF-8) with these permissions, in octal."""
    data = content.encode() if isinstance(content, str) else content
    context.guest.write(path, data, mode=int(mode, 8))


@step
def put_all(context: StepContext, path: str, files: Mapping[str, bytes | str]) -> None:
    """The folder `path` holds all these files: their paths below it, and their contents."""
    for name, content in files.items():
        put(context, f"{path}/{name}", content)


@step
def modified(context: StepContext, path: str, times: Mapping[str, str]) -> None:
    """Files below the folder `path` were changed last at these times: "2025-03-14 09:30:00", as the desktop's clock has it."""
    for name, time in times.items():
        done = context.guest.run(["touch", "--no-create", "--date", time, name], cwd=path)
        if done.exit_code != 0:
            raise SetupError(f"{path}/{name} cannot be dated {time!r}: {done.stderr.decode(errors='replace').strip()}")


@step
def folder(context: StepContext, path: str) -> None:
    """A folder and its parents are there."""
    context.guest.make_folder(path)


@step
def remove(context: StepContext, path: str) -> None:
    """A file or folder that was there is gone."""
    try:
        context.guest.remove(path)
    except NoSuchFile as error:
        raise SetupError(f"{path} was to be removed, but was not there") from error
