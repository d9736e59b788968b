"""Where task files lie in a checkout: `<folder>/<domain>/<id>.json`, and lists `{domain: [id, …]}` beside the folder."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from osarena.errors import TaskError


def task_files(path: Path, homes: Sequence[str]) -> list[Path]:
    """The task files at a path: a checkout (whose task files lie in one of `homes`), a folder of domains, one domain, a list, or
    one task file.

    Raises:
        TaskError: a list names a task that is not there.
    """
    if path.is_file():
        listed = _listed(path)
        return [path] if listed is None else _of_list(path, listed, homes)
    for home in (*homes, "."):
        if found := sorted((path / home).glob("*/*.json")):
            return found
    return sorted(path.glob("*.json"))


def task_id(file: Path) -> str:
    """`domain/name` in the letters that ids have; by the file's name, since ids in the files are not all unique."""
    return f"{_plain(file.parent.name)}/{_plain(file.stem)}"


def _listed(path: Path) -> dict[str, list[str]] | None:
    """What a list names, or `None` where the file is none."""
    try:
        record: Any = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    is_list = isinstance(record, dict) and bool(record) and all(isinstance(names, list) for names in record.values())
    return record if is_list else None


def _of_list(path: Path, listed: dict[str, list[str]], homes: Sequence[str]) -> list[Path]:
    folders = [path.parent / Path(home).name for home in homes]
    files = []
    for domain, names in listed.items():
        for name in names:
            found = [file for folder in folders if (file := folder / domain / f"{name}.json").is_file()]
            if not found:
                raise TaskError(f"{path}: $.{domain}: there is no file {domain}/{name}.json in {', '.join(map(str, folders))}")
            files.append(found[0])
    return files


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9_-]", "-", name.lower()).strip("-_") or "task"
