"""`report.html`: a run on one self-contained page, with a way to every trajectory."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape
from PIL import Image

from osarena.report.frames import frames_of
from osarena.report.tables import Episode, RunReport, Score
from osarena.runner.model import Status

# Width of the pictures of last frames, in pixels; twice what the page shows, for dense screens.
_THUMBNAIL_WIDTH = 320
# A page with more pictures than this would be too heavy to open.
_MOST_THUMBNAILS = 400


@dataclass(frozen=True, slots=True)
class Card:
    """One episode as the page shows it; paths are relative to the run folder, empty where there is nothing."""

    episode: Episode
    thumbnail: str  # data URI of the last frame
    last_frame: str
    log: str

    @property
    def tone(self) -> str:
        """Which colour its score has: "good", "part", "bad", or "none" for one without a score."""
        if self.episode.score is None:
            return "none"
        if self.episode.is_solved:
            return "good"
        return "part" if self.episode.score > 0 else "bad"


def render(report: RunReport) -> str:
    """The page as text. Everything that an agent or a desktop has written is escaped."""
    environment = Environment(
        loader=PackageLoader("osarena.report"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"share": _share, "duration": _duration}
    pictures = _MOST_THUMBNAILS
    cards: dict[str, list[Card]] = {}
    for episode in report.episodes:
        card = _card(report.folder, episode, with_picture=pictures > 0)
        pictures -= bool(card.thumbnail)
        cards.setdefault(episode.task_id, []).append(card)
    return environment.get_template("report.html").render(
        report=report,
        cards=cards,
        statuses=_statuses(report.score),
        endings={"steps": " · step limit", "time": " · time limit", "budget": " · budget spent"},
        facts=_facts(report),
        total_seconds=sum(episode.seconds for episode in report.episodes),
    )


def _card(folder: Path, episode: Episode, *, with_picture: bool) -> Card:
    job = f"jobs/{episode.job_id}"
    log = f"{job}/log.txt" if (folder / job / "log.txt").exists() else ""
    frame = next(reversed(frames_of(folder, episode)), "")
    return Card(episode, _thumbnail(folder / frame) if frame and with_picture else "", frame, log)


def _thumbnail(path: Path) -> str:
    try:
        with Image.open(path) as image:
            image.thumbnail((_THUMBNAIL_WIDTH, _THUMBNAIL_WIDTH))
            buffer = io.BytesIO()
            image.convert("RGB").save(buffer, "WEBP", quality=60)
    except OSError:
        return ""
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def _statuses(score: Score) -> Mapping[str, int]:
    counts = {status.value: score.status.get(status, 0) for status in Status}
    counts["not run"] = score.not_run
    return {name: count for name, count in counts.items() if count}


def _facts(report: RunReport) -> Mapping[str, Any]:
    """What the page says of how the run was made."""
    lock = report.lock
    session: Mapping[str, Any] = lock["sessions"][-1] if lock["sessions"] else {}
    machine = lock["machine"]
    facts = {
        "agent": report.agent,
        "suite": report.suite,
        "provider": lock["provider"]["name"],
        "screen": f"{machine['screen']['width']}×{machine['screen']['height']}",
        "osarena": session.get("packages", {}).get("osarena", ""),
        "Python": session.get("python", ""),
        "host": session.get("platform", ""),
        "processors": session.get("cpus", ""),
        "memory": f"{session.get('memory_mb', 0)} MiB",
        "last started": session.get("started", ""),
    }
    return facts | {str(key): value for key, value in session.get("desktop", {}).items()}


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)} min {rest:.0f} s" if minutes else f"{rest:.1f} s"
