"""Arguments that are files: how a metric declares them, and how a file of the task is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeVar

from osarena.errors import CheckerError, EvidenceMissing
from osarena_evaluators.readers.osworld import DesktopFile

P = ParamSpec("P")
R = TypeVar("R")

# The bytes of a file, and the mark of an argument that is one: `score` reads the arguments from disk whose annotation
# has this word in it, also as a part of a list or of an alternative ("File | list[File]").
File: TypeAlias = bytes


def wanted(read: Callable[Concatenate[bytes, P], R], data: Any, *args: P.args, **options: P.kwargs) -> R:
    """What a reader makes of a file that the task compares with.

    Raises:
        CheckerError: it is no file, or the reader cannot use it: a fault of the task.
        EvidenceMissing: the reader cannot use it, and it comes from the desktop.
    """
    if not isinstance(data, bytes):
        raise CheckerError(f"this metric compares with a file, but the task expects {data!r:.100}")
    try:
        return read(data, *args, **options)
    except EvidenceMissing as error:
        words = f"the file that the task compares with cannot be used: {error}"
        raise (EvidenceMissing if isinstance(data, DesktopFile) else CheckerError)(words) from error


def found(data: Any) -> bytes:
    """The bytes of an agent's file. Raises EvidenceMissing for anything else, such as None where there was none."""
    if isinstance(data, bytes):
        return data
    raise EvidenceMissing("there is no such file" if data is None else f"expected a file, found {data!r:.100}")
