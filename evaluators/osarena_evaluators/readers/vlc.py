"""What VLC keeps in ~/.config/vlc: settings in vlcrc, recent media in vlc-qt-interface.conf. `playlists` reads its lists."""

from __future__ import annotations

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers import ini
from osarena_evaluators.readers.playlists import path_of


@reader
def settings(data: bytes) -> dict[str, str]:
    """The settings in vlcrc that differ from VLC's own, by name, as text: `{"volume-step": "10", "loop": "1"}`."""
    return {name: value for section in ini.sections(data).values() for name, value in section.items()}


@reader
def recent(data: bytes) -> list[str]:
    """The media that were opened, the latest first: paths, or addresses of what is no file."""
    sections = ini.sections(data)
    if "General" not in sections and "RecentsMRL" not in sections:
        raise EvidenceMissing("it is no file of VLC's interface")
    listed = sections.get("RecentsMRL", {}).get("list", "")
    if listed == "@Invalid()":
        return []
    return [path_of(address.strip().strip('"')) for address in listed.split(", ") if address.strip()]
