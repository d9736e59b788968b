"""What an episode looked like: its recorded screenshots, and a contact sheet of the first and the last of many episodes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from osarena.errors import StoreError, UsageError
from osarena.recording.trajectory import read_trajectory
from osarena.report.tables import Episode, RunReport

_WIDTH, _GAP, _CAPTION = 720, 16, 40  # of a screenshot, between them, and above a pair of them; pixels
_ACROSS = 2  # pairs in a line
_PAPER, _INK, _BAD = (250, 250, 250), (30, 30, 30), (190, 30, 30)
_LARGEST = 60  # pairs


def frames_of(folder: Path, episode: Episode) -> list[str]:
    """Paths of an episode's screenshots relative to the run folder, in order; none where its trajectory cannot be read."""
    if not episode.trajectory:
        return []
    try:
        frames = read_trajectory(folder / episode.trajectory).frames()
    except StoreError:
        return []  # a trajectory that was cut off is no reason to have no report
    return [f"{Path(episode.trajectory).parent}/{frame}" for frame in frames]


def contact_sheet(report: RunReport) -> Image.Image:
    """The first and the last screenshot of each task's first recorded episode, side by side, with its score.

    Raises:
        UsageError: nothing is recorded, or it is too much for one sheet.
    """
    pairs = _pairs(report)
    if not pairs:
        raise UsageError(f"{report.folder} has no screenshots for a contact sheet")
    if len(pairs) > _LARGEST:
        raise UsageError(f"{len(pairs)} tasks are too many for one contact sheet; it takes {_LARGEST}")
    height = max(round(_WIDTH * _size(first)[1] / _size(first)[0]) for _, first, _ in pairs)
    cell = 2 * _WIDTH + 3 * _GAP, _CAPTION + height + _GAP
    lines = -(-len(pairs) // _ACROSS)
    sheet = Image.new("RGB", (cell[0] * min(_ACROSS, len(pairs)), cell[1] * lines), _PAPER)
    for number, (episode, first, last) in enumerate(pairs):
        corner = number % _ACROSS * cell[0] + _GAP, number // _ACROSS * cell[1]
        _draw_caption(sheet, corner, episode)
        for place, path in enumerate((first, last)):
            sheet.paste(_scaled(path, height), (corner[0] + place * (_WIDTH + _GAP), corner[1] + _CAPTION))
    return sheet


def _pairs(report: RunReport) -> list[tuple[Episode, Path, Path]]:
    """Of each task, the first episode that is recorded, with its first and its last screenshot."""
    pairs: dict[str, tuple[Episode, Path, Path]] = {}
    for episode in report.episodes:
        frames = [] if episode.task in pairs else frames_of(report.folder, episode)
        if frames:
            pairs[episode.task] = episode, report.folder / frames[0], report.folder / frames[-1]
    return [pairs[task] for task in sorted(pairs)]


def _draw_caption(sheet: Image.Image, corner: Sequence[int], episode: Episode) -> None:
    score = "no score" if episode.score is None else f"score {episode.score:g}"
    words = f"{episode.task}  #{episode.seed}   {score}, {episode.steps} steps"
    ink = _INK if episode.is_solved else _BAD
    ImageDraw.Draw(sheet).text((corner[0], corner[1] + 8), words, fill=ink, font=ImageFont.load_default(22))


def _scaled(path: Path, height: int) -> Image.Image:
    with Image.open(path) as image:
        picture: Image.Image = image.convert("RGB")
    picture.thumbnail((_WIDTH, height), Image.Resampling.LANCZOS)
    return picture


def _size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        width, height = image.size
    return width, height
