"""WindowsAgentArena's task files (https://github.com/microsoft/WindowsAgentArena, and its second version)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from osarena.tasks.importing import Imported
from osarena_tasks.importers import layout
from osarena_tasks.importers.programs import Windows
from osarena_tasks.importers.translation import Source, translate
from osarena_tasks.importers.windows_getters import GETTERS, operand_of

# The folders of task files in a checkout.
_HOMES = (
    "src/win-arena-container/client/evaluation_examples_windows/examples",
    "evaluation_examples_windows/examples",
    "examples",
)


class WindowsAgentArena:
    """Reads them."""

    def files(self, path: Path) -> Sequence[Path]:
        """The task files at a path."""
        return layout.task_files(path, _HOMES)

    def read(self, file: Path, *, is_published: bool) -> Imported:
        """One of these files. Raises TaskError where it is wrong, or says what is not known."""
        return translate(file, Source("waa", Windows(), operand_of, GETTERS, is_windows=True, is_published=is_published))
