"""Programs that OSWorld's desktops have under other names. Commands of a bridge find them first."""

from __future__ import annotations

from collections.abc import Mapping

from osarena.guest.client import Guest
from osarena.tasks.programs import BROWSERS, STAND_INS

_FOLDER = "/tmp/.osworld-bin"

# Chromium is debugged on the desktop's own port always, whatever Chrome is asked for: clients lead theirs to that with socat.
_CHROME = """#!/bin/bash
kept=()
for word in "$@"; do
  [[ $word == --remote-debugging-port* ]] || kept+=("$word")
done
exec chromium "${kept[@]}"
"""
_SCRIPTS: Mapping[str, str] = {
    "socat": "#!/bin/sh\nexit 0\n",
    **{theirs: f'#!/bin/sh\nexec {ours} "$@"\n' for theirs, ours in STAND_INS.items()},
    **dict.fromkeys(BROWSERS, _CHROME),
}

# The environment in which commands of a bridge run.
ENVIRONMENT: Mapping[str, str] = {"PATH": f"{_FOLDER}:/usr/bin:/bin:/usr/games"}


def install_shims(guest: Guest) -> None:
    """Put the programs into the desktop."""
    for name, script in _SCRIPTS.items():
        guest.write(f"{_FOLDER}/{name}", script.encode(), mode=0o755)
