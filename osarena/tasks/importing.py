"""Task files of other projects, read as they are by importers.

`osworld:PATH` is a suite of the files at that path, read by the importer `osworld`; with `osworld+published:PATH` their checks
behave as the other project's, faults included, to compare with old numbers. A package brings an importer along by an entry
point of the group `osarena.importers`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from osarena import registry
from osarena.errors import UsageError
from osarena.tasks.model import Task

GROUP = "osarena.importers"
_PUBLISHED = "+published"


@dataclass(frozen=True, slots=True)
class Imported:
    """A task of another project in our form."""

    task: Task
    # What its check looks at, in words that sum up a set of tasks: "files", "command output", "browser" …
    rests_on: tuple[str, ...]


class Importer(Protocol):
    """Reads another project's task files."""

    def files(self, path: Path) -> Sequence[Path]:
        """The task files at a path that exists: a checkout, a folder in it, a list of tasks, or one file. May be none."""

    def read(self, file: Path, *, is_published: bool) -> Imported:
        """One of these files.

        Raises:
            TaskError: it is wrong, or says something that is not known; the text names the file and the JSON path.
        """


@dataclass(frozen=True, slots=True)
class ImportedSuite:
    """Where the files of another project lie, before any of them is read."""

    name: str
    folder: Path
    files: tuple[Path, ...]
    importer: Importer
    is_published: bool

    def read(self, file: Path) -> Imported:
        """One of the files. Raises TaskError as `Importer.read` does."""
        return self.importer.read(file, is_published=self.is_published)


def split(spec: str) -> tuple[str, str]:
    """The importer's part of a suite's name, with its colon, and the path; without an importer the first is empty."""
    name, colon, path = spec.partition(":")
    is_ours = bool(colon) and name.removesuffix(_PUBLISHED) in registry.list_classes(GROUP)
    return (f"{name}:", path) if is_ours else ("", spec)


def published(spec: str) -> str:
    """The same suite with checks that behave as the other project's.

    Raises:
        UsageError: it is not another project's.
    """
    source, path = split(spec)
    if not source:
        known = ", ".join(f"{name}:PATH" for name in registry.list_classes(GROUP))
        raise UsageError(f"{spec!r} is a suite of osarena's own; published behaviour have {known}")
    return f"{source.rstrip(':').removesuffix(_PUBLISHED)}{_PUBLISHED}:{path}"


def find(spec: str) -> ImportedSuite | None:
    """The files that a spec with an importer's name means; `None` for any other spec.

    Raises:
        UsageError: there is nothing at the path, or no task file.
    """
    source, text = split(spec)
    if not source:
        return None
    name = source.rstrip(":").removesuffix(_PUBLISHED)
    path = Path(text).expanduser()
    if not path.exists():
        raise UsageError(f"there is no path {text!r}; {name}:PATH takes a checkout of the project, or a part of it")
    importer: Importer = registry.find_class(GROUP, name)()
    files = tuple(importer.files(path))
    if not files:
        raise UsageError(f"{text} holds no task file of {name}'s")
    is_published = _PUBLISHED in source
    # Verdicts by faulty checks must not get among those by ours.
    return ImportedSuite(f"{name}-published" if is_published else name, path, files, importer, is_published)
