"""A folder of downloads: some files twice, some without the ending of their names."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any, Literal

from osarena.tasks.model import maker
from osarena_tasks.makers._pictures import as_jpeg, as_png, landscape

_PICTURES = ("beach", "balcony", "poster", "old map", "garden", "sunset", "kitchen plan")
_PAPERS = ("invoice", "ticket", "contract", "policy", "statement")
_NOTES = ("packing list", "opening hours", "meeting", "recipes", "to do")
_THINGS = ("tent", "lamp", "rope", "soap", "bread", "cups", "maps", "salt", "oats", "figs", "rice", "milk")
# Long past, so that file managers show plain dates, not "yesterday".
_YEAR = 2023
_ARCHIVES = ("fonts.zip", "icons.zip", "patterns.zip")

Place = Literal["Pictures/", "Papers/", ""]


@dataclass(frozen=True, slots=True)
class _Content:
    """What is in one file or several, and the folder where such a file belongs."""

    names: Sequence[str]
    data: bytes
    place: Place


@maker
def mess(rng: Random) -> Mapping[str, Any]:
    """Twelve files, four of which are copies of others, and two of which look like copies by name and size but are not.

    Returns:
        What is found: `files` (name to bytes) and `modified` (name to the time of the file, each of another day). What must
        be there in the end: `sorted` (path to SHA-256): of files with the same content the oldest alone, pictures and
        papers in folders. For counterexamples: `copies` (name to bytes), those that have to go.
    """
    contents = _draw_contents(rng)
    names = [name for content in contents for name in content.names]
    first_day = datetime(_YEAR, rng.randint(1, 8), rng.randint(1, 28), 8)
    days = rng.sample(range(1, 70), len(names))
    times = {name: first_day + timedelta(days=day, minutes=rng.randrange(720)) for name, day in zip(names, days, strict=True)}
    kept = {min(content.names, key=times.__getitem__): content for content in contents}
    return {
        "files": {name: content.data for content in contents for name in content.names},
        "modified": {name: time.isoformat(" ") for name, time in times.items()},
        "sorted": {f"{content.place}{name}": sha256(content.data).hexdigest() for name, content in kept.items()},
        "copies": {name: content.data for content in contents for name in content.names if name not in kept},
    }


def _draw_contents(rng: Random) -> list[_Content]:
    seen, drawn = rng.sample(_PICTURES, 2)
    paper, note = rng.choice(_PAPERS), rng.choice(_NOTES)
    number = rng.randint(1000, 9000)
    first_note, second_note = _lists_of_one_size(rng)
    return [
        _Content(
            [f"{seen}.jpg", f"IMG-{_YEAR}{rng.randint(101, 128):04}-WA{rng.randint(1, 99):04}"],
            as_jpeg(landscape(rng)),
            "Pictures/",
        ),
        _Content([f"{drawn}.png"], as_png(landscape(rng)), "Pictures/"),
        _Content(["download"], as_png(landscape(rng)), "Pictures/"),
        _Content(
            [f"{paper}-{number}.pdf", f"{paper}-{number} (1).pdf", f"attachment-{rng.randint(100, 999)}"],
            _page(f"{paper.title()} no. {number}"),
            "Papers/",
        ),
        _Content([f"{number + rng.randint(1, 99)}_scan"], _page(f"Scan of {rng.randint(2, 9)} pages"), "Papers/"),
        _Content([f"{note}.txt"], first_note, ""),
        _Content([f"{note} (1).txt"], second_note, ""),
        _Content([rng.choice(_ARCHIVES), "untitled"], _archive(rng), ""),
    ]


def _lists_of_one_size(rng: Random) -> tuple[bytes, bytes]:
    """Two texts of different things and the same length."""
    things = rng.sample([thing for thing in _THINGS if len(thing) == 4], 8)
    return "\n".join(things[:4]).encode(), "\n".join(things[4:]).encode()


def _archive(rng: Random) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("bold.svg", "plain.svg"):
            archive.writestr(zipfile.ZipInfo(name), f"<svg><circle r='{rng.randint(3, 90)}'/></svg>\n")
    return packed.getvalue()


def _page(words: str) -> bytes:
    """A PDF document of one page with these words on it."""
    text = f"BT /F1 24 Tf 72 720 Td ({words}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    document, starts = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        starts.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    return (
        document
        + b"xref\n0 6\n0000000000 65535 f \n%s" % table
        + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(document)
    )
