"""A configuration of OSWorld or WindowsAgentArena as steps of osarena.

Most of their steps are ours by other names. Files that they download are values of the task, which the host puts into the
desktop. Where they sleep, the desktop comes to rest. What they do after the agent, before anything is graded, may fail: a
window that the agent has closed cannot be brought to the front.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from osarena.errors import SetupError, TaskError
from osarena.tasks.applications import application_for
from osarena_tasks.importers.envelope import Step
from osarena_tasks.importers.programs import Dialect

# Where the public environments lead the browser's debug port through to the host; a desktop of osarena has its own way.
_BRIDGES = ("socat", "ncat", "ncat.exe")
_KILLERS = ("pkill", "killall")
_COMMAND_LIMIT_S = 120.0
_LONGEST_REST_S = 10.0
_EMPTY_TABS = ("chrome://newtab", "about:blank")
_SAVES = re.compile(r"""hotkey\(\s*["']ctrl["']\s*,\s*["']s["']\s*\)""")
_PYAUTOGUI = re.compile(r"\bimport\s+pyautogui\b")


@dataclass
class Downloads:
    """The files that a task fetches, as values of the task: each address once."""

    names: dict[str, str] = field(default_factory=dict)  # of the values, by address

    def placeholder(self, url: str) -> str:
        """What stands for the file's bytes in steps and check."""
        name = self.names.setdefault(url, f"file_{len(self.names) + 1}")
        return f"{{{name}}}"

    def values(self) -> dict[str, Any]:
        """The values of the task."""
        return {name: {"download": escaped(url)} for url, name in self.names.items()}


@dataclass(frozen=True)
class Place:
    """Where steps stand, and what they need to know of the task."""

    downloads: Downloads
    dialect: Dialect
    is_finish: bool = False  # after the agent


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


def steps_of(config: Sequence[Step], place: Place, where: str) -> list[dict[str, Any]]:
    """The steps in our words; `where` is the configuration's path in the file.

    Raises:
        TaskError: a type that there is not, or arguments that it does not take; the text names the place in the file.
    """
    steps: list[dict[str, Any]] = []
    for number, step in enumerate(config):
        steps += step_in_ours(step, place, f"{where}[{number}]")
    return steps


def is_about_input(command: Any) -> bool:
    """Whether a command is a program that drives keyboard and pointer."""
    return _PYAUTOGUI.search(" ".join(command) if isinstance(command, list) else command) is not None


def step_in_ours(step: Step, place: Place, where: str) -> list[dict[str, Any]]:
    """One step in our words. Raises TaskError as `steps_of` does."""
    kind = _KINDS.get(step.type)
    if kind is None:
        raise TaskError(f"{where}.type: there is no step {step.type!r} (there are {', '.join(_KINDS)})")
    given = step.parameters
    if missing := [name for name in kind.needed if name not in given]:
        raise TaskError(f"{where}.parameters: {step.type} needs {', '.join(missing)}")
    if unknown := sorted(set(given) - {*kind.needed, *kind.optional}):
        known = ", ".join((*kind.needed, *kind.optional))
        raise TaskError(f"{where}.parameters: {step.type} takes no {', '.join(unknown)} (it takes {known})")
    return kind.translate(given, place, f"{where}.parameters")


# --- one function for each kind of step: its parameters as ours ------------------------------------------------------

Translate = Callable[[Mapping[str, Any], Place, str], list[dict[str, Any]]]


@dataclass(frozen=True)
class _Kind:
    translate: Translate
    needed: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


def _download(given: Mapping[str, Any], place: Place, where: str) -> list[dict[str, Any]]:
    steps = []
    for number, file in enumerate(given["files"]):
        if not (isinstance(file, Mapping) and isinstance(file.get("url"), str) and isinstance(file.get("path"), str)):
            raise TaskError(f"{where}.files[{number}]: a file to download has url and path, not {file!r:.80}")
        path = escaped(place.dialect.path(file["path"]))
        steps.append({"step": "files.put", "path": path, "content": place.downloads.placeholder(file["url"])})
    return steps


def _launch(given: Mapping[str, Any], place: Place, where: str) -> list[dict[str, Any]]:
    command = place.dialect.command(_as_command(given["command"], where))
    if _words(command)[:1] and _words(command)[0] in _BRIDGES:
        return []
    if _kills(command):
        return _killed(command)
    step = {"step": "apps.start", "command": escaped(command)}
    if app := place.dialect.application(command):
        # After the agent, what it has left may keep a window from coming up, which is nobody's fault but its own.
        return [step | {"app": app} | ({"must_appear": False} if place.is_finish else {})]
    return [step]


def _execute(given: Mapping[str, Any], place: Place, where: str) -> list[dict[str, Any]]:
    command = _as_command(given["command"], where)
    if is_about_input(command):
        code = command[-1] if isinstance(command, list) else _quoted_program(command, where)
        saves = place.is_finish and _SAVES.search(code) is not None
        return [{"step": "inputs.pyautogui", "code": escaped(code)}, *([{"step": "osworld.keep_format"}] if saves else [])]
    command = place.dialect.command(command)
    if _kills(command):
        return _killed(command)
    return [{"step": "shell.run", "command": escaped(command), "must_succeed": False, "timeout_s": _COMMAND_LIMIT_S}]


def _open(given: Mapping[str, Any], place: Place, _where: str) -> list[dict[str, Any]]:
    path = place.dialect.path(given["path"])
    step = {"step": "apps.open", "path": escaped(path)}
    try:
        application_for(path)
    except SetupError:
        return [step | {"app": "mousepad"}]
    return [step]


def _window(name: str, given: Mapping[str, Any], place: Place, _where: str) -> list[dict[str, Any]]:
    wanted = escaped(place.dialect.title(given["window_name"]))
    of_class = {"app": wanted} if _as_flag(given.get("by_class")) else {"title": wanted}
    flags = {"is_whole_title": _as_flag(given.get("strict")), "must_exist": not place.is_finish}
    return [{"step": f"windows.{name}", **of_class, **flags}]


def _sleep(given: Mapping[str, Any], _place: Place, where: str) -> list[dict[str, Any]]:
    seconds = given["seconds"]
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise TaskError(f"{where}.seconds: a number, not {seconds!r:.80}")
    return [{"step": "screen.rest", "timeout_s": min(max(float(seconds), 1.0), _LONGEST_REST_S)}]


def _open_tabs(given: Mapping[str, Any], place: Place, where: str) -> list[dict[str, Any]]:
    """Pages in tabs of their own. They take the place of the empty tab with which the browser has started."""
    urls = _addresses("urls_to_open", given, place, where)
    empty = [url for url in _EMPTY_TABS if url not in (opened.rstrip("/") for opened in urls)]
    return [{"step": "browser.open", "urls": urls}, {"step": "browser.close_tabs", "urls": empty}] if urls else []


def _close_tabs(given: Mapping[str, Any], place: Place, where: str) -> list[dict[str, Any]]:
    urls = _addresses("urls_to_close", given, place, where)
    return [{"step": "browser.close_tabs", "urls": urls}] if urls else []


def _addresses(key: str, given: Mapping[str, Any], place: Place, where: str) -> list[str]:
    urls = given[key]
    if not (isinstance(urls, list) and all(isinstance(url, str) for url in urls)):
        raise TaskError(f"{where}.{key}: a list of addresses, not {urls!r:.80}")
    return [str(escaped(place.dialect.path(url))) for url in urls]


def _same(name: str, given: Mapping[str, Any], _place: Place, _where: str) -> list[dict[str, Any]]:
    return [{"step": f"osworld.{name}", **escaped(given)}]


def _folder(given: Mapping[str, Any], place: Place, _where: str) -> list[dict[str, Any]]:
    return [{"step": "files.folder", "path": escaped(place.dialect.path(given["path"]))}]


_WINDOW = {"needed": ("window_name",), "optional": ("strict", "by_class")}
_COMMAND = {"needed": ("command",), "optional": ("shell", "stdout", "stderr")}
_KINDS: Mapping[str, _Kind] = {
    "activate_window": _Kind(partial(_window, "activate"), **_WINDOW),
    "chrome_close_tabs": _Kind(_close_tabs, ("urls_to_close",)),
    "chrome_open_tabs": _Kind(_open_tabs, ("urls_to_open",)),
    "close_window": _Kind(partial(_window, "close"), **_WINDOW),
    "command": _Kind(_execute, **_COMMAND),
    "create_folder": _Kind(_folder, ("path",)),
    "download": _Kind(_download, ("files",)),
    "execute": _Kind(_execute, **_COMMAND),
    "googledrive": _Kind(partial(_same, "googledrive"), ("settings_file", "operation", "args")),
    "launch": _Kind(_launch, ("command",), ("shell",)),
    "login": _Kind(partial(_same, "login"), ("settings_file", "platform")),
    "open": _Kind(_open, ("path",)),
    "recycle_file": _Kind(partial(_same, "recycle"), ("path",)),
    "sleep": _Kind(_sleep, ("seconds",)),
    "update_browse_history": _Kind(partial(_same, "history"), ("history",)),
    "update_browse_history_edge": _Kind(partial(_same, "history"), ("history",)),
}


def _as_command(command: Any, where: str) -> list[str] | str:
    if isinstance(command, str) and command:
        return command
    if isinstance(command, list) and command and all(isinstance(word, str) for word in command):
        return command
    raise TaskError(f"{where}.command: a text, or a list of words, not {command!r:.80}")


def _words(command: list[str] | str) -> list[str]:
    return command.split() if isinstance(command, str) else command


def _kills(command: list[str] | str) -> bool:
    """Whether a command does nothing but end programs."""
    words = _words(command)
    return words[:1] != [] and words[0] in _KILLERS and not (isinstance(command, str) and set(command) & set(";&|$`<>'\""))


def _killed(command: list[str] | str) -> list[dict[str, Any]]:
    return [{"step": "osworld.kill", "command": escaped(_words(command))}]


def _quoted_program(line: str, where: str) -> str:
    """The program in `python -c "…"`."""
    found = re.search(r"""-c\s+(["'])(.*)\1\s*$""", line, re.DOTALL)
    if found is None:
        raise TaskError(f"{where}.command: no program for keyboard and pointer can be found in {line!r:.80}")
    return found.group(2)


def _as_flag(value: Any) -> bool:
    """Some files write the word."""
    return value.lower() == "true" if isinstance(value, str) else bool(value)
