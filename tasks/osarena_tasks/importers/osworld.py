"""OSWorld's task files (https://github.com/xlang-ai/OSWorld), of Ubuntu and of Windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from osarena.tasks.importing import Imported
from osarena_tasks.importers import layout
from osarena_tasks.importers.getters import GETTERS, Kind, operand_of
from osarena_tasks.importers.programs import Dialect, Ubuntu, Windows
from osarena_tasks.importers.translation import Source, translate

# The folders of task files in a checkout.
_HOMES = ("evaluation_examples/examples", "evaluation_examples/examples_windows", "examples", "examples_windows")
_WINDOWS_DOMAINS = ("excel", "multi_app", "ppt", "word")


class OSWorld:
    """Reads them."""

    def files(self, path: Path) -> Sequence[Path]:
        """The task files at a path; of a whole checkout those of Ubuntu."""
        return layout.task_files(path, _HOMES)

    def read(self, file: Path, *, is_published: bool) -> Imported:
        """One of these files. Raises TaskError where it is wrong, or says what is not known."""
        is_windows = file.parent.name in _WINDOWS_DOMAINS
        dialect: Dialect = Windows() if is_windows else Ubuntu()
        kinds: Mapping[str, Kind] = GETTERS
        source = Source("osworld", dialect, operand_of, kinds, is_windows=is_windows, is_published=is_published)
        return translate(file, source)
