"""A configuration of OSWorld or WindowsAgentArena as set-up steps of osarena.

Their steps keep their names and arguments, as `osworld.<type>` (see `osarena_tasks.steps.osworld`), but for the files that they
download: these are values of the task, put into the desktop from the host's cache.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from osarena.errors import TaskError
from osarena_tasks.importers.envelope import Step

# The types of both sets, with the arguments that each takes; True where it must be there.
STEPS: Mapping[str, Mapping[str, bool]] = {
    "activate_window": {"window_name": True, "strict": False, "by_class": False},
    "chrome_close_tabs": {"urls_to_close": True},
    "chrome_open_tabs": {"urls_to_open": True},
    "close_window": {"window_name": True, "strict": False, "by_class": False},
    "command": {"command": True, "shell": False, "stdout": False, "stderr": False, "until": False},
    "create_folder": {"path": True},
    "download": {"files": True},
    "execute": {"command": True, "shell": False, "stdout": False, "stderr": False, "until": False},
    "googledrive": {"settings_file": True, "operation": True, "args": True},
    "launch": {"command": True, "shell": False},
    "login": {"settings_file": True, "platform": True},
    "open": {"path": True},
    "recycle_file": {"path": True},
    "sleep": {"seconds": True},
    "update_browse_history": {"history": True},
    "update_browse_history_edge": {"history": True},
}
_FLAGS = ("shell", "strict", "by_class")
# Where the public environments lead the browser's debug port through to the host; a desktop of osarena has its own way.
_BRIDGES = ("socat", "ncat", "ncat.exe")


@dataclass
class Downloads:
    """The files that a task fetches, as values of the task: each address once."""

    urls: dict[str, str] = field(default_factory=dict)  # name of the value by address

    def placeholder(self, url: str) -> str:
        """What stands for the file's bytes in set-up and check."""
        name = self.urls.setdefault(url, f"file_{len(self.urls) + 1}")
        return f"{{{name}}}"

    def values(self) -> dict[str, Any]:
        """The values of the task."""
        return {name: {"maker": "downloads.cached", "url": escaped(url)} for url, name in self.urls.items()}


def escaped(value: Any) -> Any:
    """Texts of the file, in which braces mean nothing to us, at any depth."""
    match value:
        case str():
            return value.replace("{", "{{").replace("}", "}}")
        case Mapping():
            return {escaped(key): escaped(item) for key, item in value.items()}
        case list() | tuple():
            return [escaped(item) for item in value]
        case _:
            return value


def steps_of(config: Sequence[Step], downloads: Downloads, where: str) -> list[dict[str, Any]]:
    """The steps in our words.

    Raises:
        TaskError: a type that there is not, or arguments that it does not take; the text names the place in the file.
    """
    steps: list[dict[str, Any]] = []
    for number, step in enumerate(config):
        steps += _translated(step, downloads, f"{where}[{number}]")
    return steps


def _translated(step: Step, downloads: Downloads, where: str) -> list[dict[str, Any]]:
    known = STEPS.get(step.type)
    if known is None:
        raise TaskError(f"{where}.type: there is no step {step.type!r} (there are {', '.join(STEPS)})")
    given = step.parameters
    if missing := [name for name, is_needed in known.items() if is_needed and name not in given]:
        raise TaskError(f"{where}.parameters: {step.type} needs {', '.join(missing)}")
    if unknown := sorted(set(given) - set(known)):
        raise TaskError(f"{where}.parameters: {step.type} takes no {', '.join(unknown)} (it takes {', '.join(known)})")
    if step.type == "download":
        return [_put(file, downloads, f"{where}.parameters.files[{number}]") for number, file in enumerate(given["files"])]
    if step.type == "launch" and _is_bridge(given["command"]):
        return []
    plain = {name: _as_flag(value) if name in _FLAGS else escaped(value) for name, value in given.items()}
    return [{"step": f"osworld.{'execute' if step.type == 'command' else step.type}", **plain}]


def _put(file: Any, downloads: Downloads, where: str) -> dict[str, Any]:
    if not (isinstance(file, Mapping) and isinstance(file.get("url"), str) and isinstance(file.get("path"), str)):
        raise TaskError(f"{where}: a file to download has url and path, not {file!r:.80}")
    return {"step": "files.put", "path": escaped(file["path"]), "content": downloads.placeholder(file["url"])}


def _is_bridge(command: Any) -> bool:
    words = command.split() if isinstance(command, str) else command
    return bool(words) and words[0] in _BRIDGES


def _as_flag(value: Any) -> bool:
    """Some files write the word."""
    return value.lower() == "true" if isinstance(value, str) else bool(value)
