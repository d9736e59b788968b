"""What a task of another project needs that no desktop of osarena has, and what its check rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from osarena_tasks.importers.checks import getters_of
from osarena_tasks.importers.envelope import Step, TaskFile
from osarena_tasks.importers.getters import Kind

ACCOUNT = "a Google account"
GNOME = "the GNOME desktop"
ROOT = "root rights in the desktop"
STORE = "a store or package index"
VS_CODE = "Visual Studio Code"
WINDOWS = "Windows"

_URL = re.compile(r"https?://[^\s'\"<>\\)]+")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?")
_ROOT = re.compile(r"\bsudo\b")
# Its programs and the settings that only they have. The desktops have those under org.gnome.desktop, which GTK brings along.
_GNOME = re.compile(r"\b(?:dconf|gnome-(?!terminal)\w+|org\.gnome\.(?!desktop\b|system\b)\w+)\b")
_STORE = re.compile(r"\b(?:apt(?:-get)?\s+install|pip3?\s+install|npm\s+install|--install-extension|snap\s+install)\b")
_ACCOUNT_STEPS = ("googledrive", "login")
# A site that an instruction names, with or without what stands before its host.
_NAMED_SITE = re.compile(r"\b(?:https?://)?((?:[a-z0-9-]+\.)+(?:com|org|net|io|edu|gov|ai))\b", re.IGNORECASE)
# Tasks whose instructions alone tell, by the first part of their ids.
_TOLD_BY_INSTRUCTION: Mapping[str, str] = {
    "68a25bd4": "live site: any",
    "6f4073b8": "live site: any",
    "7e287123": "live site: any",
    "873cafdd": STORE,
    "94d95f96": STORE,
    "c7c1e4c3": "live site: any",
    "deec51c9": "live site: arxiv.org",
}
# Steps that are about the desktop, not about where its files come from.
_SITE_STEPS = ("chrome_open_tabs", "launch", "execute", "command", "open")
# Hosts that are no site out there.
_OURS = ("localhost", "127.0.0.1")
_BROWSERS = ("chrome", "msedge", "edge")


def needs_of(file: TaskFile, domain: str, kinds: Mapping[str, Kind], *, is_windows: bool) -> list[str]:
    """What it needs, in words; sites one by one."""
    steps = [*file.config, *file.evaluator.postconfig]
    words = "\n".join(_texts([step.parameters for step in steps if step.type != "download"]))
    needs = [WINDOWS] if is_windows else []
    if any(step.type in _ACCOUNT_STEPS for step in steps) or any(kind.needs_account for kind in _kinds(file, kinds)):
        needs.append(ACCOUNT)
    if _STORE.search(words):
        needs.append(STORE)
    elif _ROOT.search(words):
        needs.append(ROOT)
    commands = "\n".join(_texts([getter.arguments.get("command", "") for getter in getters_of(file.evaluator)]))
    if not is_windows and (_GNOME.search(words) or _GNOME.search(commands)):
        needs.append(GNOME)
    if domain == "vs_code" or _starts_vs_code(steps):
        needs.append(VS_CODE)
    sites = list(dict.fromkeys(_sites(file, steps, kinds, domain)))
    if told := _TOLD_BY_INSTRUCTION.get(file.id.partition("-")[0]):
        needs.append(told)
    # Those that are to be reached through a proxy are sites out there, whether the file names them or not.
    return needs + [f"live site: {host}" for host in sites or (["any"] if file.proxy else [])]


def rests_on(file: TaskFile, kinds: Mapping[str, Kind]) -> tuple[str, ...]:
    """What its check looks at: "the agent's word" alone where it cannot be done, else files, command output, a live application
    in this order."""
    if file.evaluator.is_infeasible:
        return ("the agent's word",)
    found = {kind.depends_on for kind in _kinds(file, kinds)}
    words = {"files": "files", "command": "command output", "live": "a live application"}
    # What comes from the task itself counts among the files, as does what is compared with.
    return tuple(word for name, word in words.items() if name in found)


def _kinds(file: TaskFile, kinds: Mapping[str, Kind]) -> list[Kind]:
    return [kinds[getter.type] for getter in getters_of(file.evaluator) if getter.type in kinds]


def _sites(file: TaskFile, steps: list[Step], kinds: Mapping[str, Kind], domain: str) -> Iterator[str]:
    yield from (host.lower() for host in _NAMED_SITE.findall(file.instruction) if "@" not in file.instruction)
    for step in steps:
        if step.type in _SITE_STEPS:
            yield from _hosts(step.parameters)
    looks_at_pages = [getter for getter in getters_of(file.evaluator) if getter.type in kinds and kinds[getter.type].needs_site]
    for getter in looks_at_pages:
        yield from _hosts(getter.arguments) if getter.type != "googledrive_file" else ()
    is_about_browser = domain in _BROWSERS or "chrome" in (app.lower() for app in file.related_apps)
    if is_about_browser and any(kind.depends_on == "live" for kind in _kinds(file, kinds)):
        for expected in file.evaluator.expected:
            # What is compared with is a file that the host has fetched, not a site for the desktop.
            yield from _hosts(expected.arguments) if expected is not None and expected.type != "cloud_file" else ()


def _hosts(value: Any) -> Iterator[str]:
    for text in _texts(value):
        for url in _URL.findall(text):
            host = urlsplit(url.replace("\\", "")).netloc
            if _HOST.fullmatch(host) and host.partition(":")[0] not in _OURS:
                yield host


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for item in value.values():
                yield from _texts(item)
        case list() | tuple():
            yield " ".join(item for item in value if isinstance(item, str))
            for item in value:
                if not isinstance(item, str):
                    yield from _texts(item)


def _starts_vs_code(steps: list[Step]) -> bool:
    commands = [step.parameters.get("command") for step in steps if step.type in ("launch", "execute", "command")]
    first = [command.split()[:1] if isinstance(command, str) else list(command or [])[:1] for command in commands]
    return ["code"] in first
