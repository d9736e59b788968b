"""What commands, paths and titles of imported tasks mean on a desktop of osarena, which has other programs than theirs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Protocol

from osarena.tasks.programs import STAND_INS

# The user's password on the public images; osarena's desktops have no use for one.
_PASSWORD = "password"

_PROGRAM = re.compile(rf"(?<![\w./-])(?:/usr/bin/)?({'|'.join(sorted(STAND_INS, key=len, reverse=True))})(?![\w.-])")
_TEXTS: Mapping[str, str] = {
    ".config/google-chrome": ".config/chromium",
    "/usr/share/applications/google-chrome.desktop": "/usr/share/applications/chromium.desktop",
    "applications/google-chrome.desktop": "applications/chromium.desktop",
    "{CLIENT_PASSWORD}": _PASSWORD,
}
_TITLES: Mapping[str, str] = {"Google Chrome": "Chromium", " - gedit": " - Mousepad"}
# By the name of the program: the application whose window comes up.
_APPLICATIONS: Mapping[str, str] = {
    name: name for name in ("chromium", "gimp", "mousepad", "thunar", "thunderbird", "vlc", "xfce4-terminal")
}
_OFFICE = {"--calc": "libreoffice-calc", "--writer": "libreoffice-writer", "--impress": "libreoffice-impress"}
# Each desktop has remote debugging on a port of its own choice.
_DEBUGGING = "--remote-debugging-port"


class Dialect(Protocol):
    """How a set of task files names programs, files and windows."""

    def command(self, command: list[str] | str) -> list[str] | str:
        """A command for a desktop of osarena."""

    def application(self, command: list[str] | str) -> str:
        """The application whose window the command brings up, as `osarena.tasks.applications` names it, or nothing."""

    def path(self, path: str) -> str:
        """The place of a file, or the address of a page."""

    def title(self, title: str) -> str:
        """A window's title, or a part of it."""


class Ubuntu:
    """OSWorld's image: GNOME with Google Chrome."""

    def command(self, command: list[str] | str) -> list[str] | str:
        """A command with the programs and places of an osarena desktop."""
        if isinstance(command, list):
            words = [_with_our_places(word) for word in command if not word.startswith(_DEBUGGING)]
            # The names of programs: the first word, what it kills, and what a shell is given.
            return [_with_our_programs(word) if _may_name_programs(at, words) else word for at, word in enumerate(words)]
        return _with_our_programs(re.sub(rf"\s*{_DEBUGGING}=\d+", "", _with_our_places(command)))

    def application(self, command: list[str] | str) -> str:
        """By the first word that is a program's name; the words of a line may begin with variables."""
        words = command.split() if isinstance(command, str) else command
        for word in words:
            name = PurePosixPath(word).name
            if name in ("libreoffice", "soffice"):
                return next((app for option, app in _OFFICE.items() if option in words), "")
            if name in _APPLICATIONS:
                return _APPLICATIONS[name]
        return ""

    def path(self, path: str) -> str:
        """A path with the places of an osarena desktop."""
        return _with_our_places(path)

    def title(self, title: str) -> str:
        """A title with the names of our applications."""
        for theirs, ours in _TITLES.items():
            title = title.replace(theirs, ours)
        return title


class Windows:
    """WindowsAgentArena's image, and OSWorld's of Windows: everything stays as it is."""

    def command(self, command: list[str] | str) -> list[str] | str:
        """The command as it is."""
        return command

    def application(self, command: list[str] | str) -> str:
        """None is waited for."""
        del command
        return ""

    def path(self, path: str) -> str:
        """The path as it is."""
        return path

    def title(self, title: str) -> str:
        """The title as it is."""
        return title


def _may_name_programs(at: int, words: list[str]) -> bool:
    return at == 0 or words[0] in ("pkill", "killall") or words[at - 1] in ("-c", "-x", "-f")


def _with_our_places(text: str) -> str:
    for theirs, ours in _TEXTS.items():
        text = text.replace(theirs, ours)
    return text


def _with_our_programs(text: str) -> str:
    return _PROGRAM.sub(lambda found: STAND_INS[found.group(1)], text)
