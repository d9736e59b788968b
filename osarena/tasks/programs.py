"""Programs that public tasks and clients expect of a desktop of Ubuntu, and those of osarena's that do their work."""

from __future__ import annotations

from collections.abc import Mapping

BROWSERS = ("google-chrome", "google-chrome-stable", "chrome", "chromium-browser")

# By the name of theirs. OSWorld's image is GNOME with Google Chrome.
STAND_INS: Mapping[str, str] = {
    **dict.fromkeys(BROWSERS, "chromium"),
    "nautilus": "thunar",
    "gnome-terminal": "xfce4-terminal",
    "gnome-terminal-server": "xfce4-terminal",
    "gedit": "mousepad",
    "python": "python3",
}
