"""Which paths of a folder count."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath


def counts(path: str, *, hidden: bool, ignore: Sequence[str]) -> bool:
    """Whether a path matches none of the patterns, and has no part that starts with a dot unless `hidden`."""
    parts = PurePosixPath(path).parts
    is_hidden = any(part.startswith(".") for part in parts)
    return bool(parts) and (hidden or not is_hidden) and not any(fnmatchcase(path, pattern) for pattern in ignore)
