"""Which weights a user means."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from osarena.errors import UsageError


@dataclass(frozen=True, slots=True)
class WeightsName:
    """A model by the path of its folder or its name on the Hugging Face hub, and perhaps an adapter to lay over it."""

    base: str
    adapter: str = ""

    @classmethod
    def parse(cls, text: str) -> WeightsName:
        """Read ``BASE`` or ``BASE+ADAPTER``; the folder of an adapter alone names its base itself.

        Raises:
            UsageError: half of it is missing, or a path leads nowhere.
        """
        base, plus, adapter = ("", "", "") if Path(text).is_dir() else text.rpartition("+")
        if plus and not (base and adapter):
            raise UsageError(f"hf:{text} names weights by halves: say hf:BASE or hf:BASE+ADAPTER")
        name = cls(base, adapter) if plus else cls._of_folder(text)
        for part in filter(None, (name.base, name.adapter)):
            _check_exists(part)
        return name

    @classmethod
    def _of_folder(cls, text: str) -> WeightsName:
        settings = Path(text) / "adapter_config.json"
        if not settings.is_file():
            return cls(text)
        try:
            base = json.loads(settings.read_text())["base_model_name_or_path"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{settings} does not say which model it adapts: say hf:BASE+{text}") from error
        return cls(str(base), text)

    @property
    def text(self) -> str:
        """As a user writes it."""
        return f"hf:{self.base}+{self.adapter}" if self.adapter else f"hf:{self.base}"

    def fingerprint(self) -> str:
        """Tells these weights, in their present state and on these devices, from others."""
        parts = [self.base, self.adapter]
        state = [(_absolute(part), _last_change(part)) for part in parts if part]
        return hashlib.sha256(repr((state, os.environ.get("CUDA_VISIBLE_DEVICES"))).encode()).hexdigest()[:16]


def _check_exists(part: str) -> None:
    looks_like_path = part.startswith(("/", "./", "../", "~"))
    if looks_like_path and not Path(part).expanduser().is_dir():
        raise UsageError(f"there is no folder {part} with weights in it")


def _absolute(part: str) -> str:
    path = Path(part).expanduser()
    return str(path.resolve()) if path.is_dir() else part


def _last_change(part: str) -> int:
    """Nanoseconds since the epoch of the folder's newest file; 0 for what is on the hub."""
    path = Path(part).expanduser()
    return max((file.stat().st_mtime_ns for file in path.iterdir()), default=0) if path.is_dir() else 0
