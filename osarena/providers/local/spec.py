"""Whether this machine can make a desktop as a spec wants it."""

from __future__ import annotations

import subprocess
from functools import lru_cache

from osarena.errors import MachineError
from osarena.providers.base import MachineSpec
from osarena.providers.local.system import system_of

_BUILT_IN_LOCALES = frozenset({"C", "POSIX", "C.UTF-8", "C.utf8"})
_BUILT_IN_THEMES = frozenset({"Adwaita", "Adwaita-dark", "HighContrast"})


def check_spec(spec: MachineSpec) -> None:
    """Find what would be ignored silently: a locale, time zone or theme that is not installed.

    Raises:
        MachineError: the text names the field, and what there is instead or how to get it.
    """
    if spec.root not in ("host", "built"):
        raise MachineError(f"there is no root file system {spec.root!r}, only 'host' and 'built'")
    system = system_of(spec.root)
    if spec.locale not in _BUILT_IN_LOCALES and _canonical(spec.locale) not in _installed_locales():
        raise MachineError(f"the locale {spec.locale!r} is not installed; add it by `dpkg-reconfigure locales`, or use C.UTF-8")
    if not (system.usr / "share/zoneinfo" / spec.timezone).is_file():
        raise MachineError(f"there is no time zone {spec.timezone!r} in /usr/share/zoneinfo; use UTC or the like of Europe/Rome")
    if spec.theme not in _BUILT_IN_THEMES and not (system.usr / "share/themes" / spec.theme).is_dir():
        raise MachineError(f"there is no GTK theme {spec.theme!r} in /usr/share/themes; Adwaita is always there")


@lru_cache(maxsize=1)
def _installed_locales() -> frozenset[str]:
    try:
        done = subprocess.run(["locale", "--all-locales"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return frozenset()
    return frozenset(map(_canonical, done.stdout.split()))


def _canonical(locale: str) -> str:
    """`de_DE.UTF-8` and `de_DE.utf8` are the same."""
    return locale.lower().replace("-", "")
