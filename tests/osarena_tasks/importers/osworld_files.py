"""The files that the tasks in `osworld_tasks` download, by their addresses: made here, and kept in a cache as though fetched."""

from __future__ import annotations

import io
import tarfile
import wave
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zipfile import ZipFile

import docx
import numpy as np
import openpyxl
import pptx
import pytest
from openpyxl.styles import Font
from PIL import Image, ImageDraw
from pptx.enum.text import PP_ALIGN

from osarena.tasks import downloads
from osarena.tasks.importing import find
from osarena_tasks.makers import _thunderbird as thunderbird

FOLDER = Path(__file__).with_name("osworld_tasks")
_SITE = "https://files.example/"


def keep_all(cache: Path, patch: pytest.MonkeyPatch) -> None:
    """Put every file into a cache folder, and let whatever is started use that."""
    patch.setenv("OSARENA_DOWNLOADS", str(cache))
    for name, make in FILES.items():
        downloads.keep(_SITE + name, make())


def addresses() -> set[str]:
    """All that the tasks download."""
    suite = find(f"osworld:{FOLDER}")
    assert suite is not None
    return {url for file in suite.files for url in downloads.urls_of(suite.read(file).task)}


def made_addresses() -> set[str]:
    """All that there is."""
    return {_SITE + name for name in FILES}


# --- pages ------------------------------------------------------------------------------------------------------------


def _page(title: str, body: str) -> bytes:
    return f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title></head><body>{body}</body></html>".encode()


_DAYS = """<script>
const choose = after => {
  const day = new Date(); day.setDate(day.getDate() + after);
  const name = what => day.toLocaleDateString("en-US", what);
  document.querySelector(".chosen-day").textContent =
    `${name({weekday: "short"})}, ${day.getDate()} ${name({month: "long"})} ${day.getFullYear()}`;
};
</script>"""


def _booking() -> bytes:
    days = "".join(
        f'<button type="button" onclick="choose({after})">{name}</button> '
        for after, name in enumerate(("Today", "Tomorrow", "The day after tomorrow"))
    )
    fields = f'<p><label>Name <input name="name"></label></p><p>{days}</p><p class="chosen-day">no day yet</p>'
    return _page("Book the boat", f'{_DAYS}<h1>Book the boat</h1><form onsubmit="return false">{fields}</form>')


def _boots() -> bytes:
    form = (
        '<form><label>Colour <input name="colour"></label> <label>Size <input name="size"></label><button>Search</button></form>'
    )
    show = """<script>
const asked = new URLSearchParams(location.search);
if (asked.has("colour")) document.title = `Boots: ${asked.get("colour")}, ${asked.get("size")}`;
</script>"""
    return _page("Boots", f'<h1>Boots</h1>{form}<p><a href="blue-41.html">Blue boots, 41</a></p>{show}')


# --- workbooks --------------------------------------------------------------------------------------------------------

Rows = Sequence[Sequence[object]]
_COSTS: Rows = [["What", "Cost"], ["Hall", 120], ["Cake", 45.5], ["Music", 90], ["Flowers", 33], ["Cards", 25]]
_MEMBERS: Rows = [
    ["Name", "Town", "Since"],
    ["Ida Holm", "Odda", 2011],
    ["Noor Aziz", "Bergen", 2019],
    ["Per Lund", "Voss", 2003],
]
_PRICES: Rows = [["Item", "Price"], ["Rope", 3.5], ["Buoy", 12], ["Anchor", 80.25], ["Flag", 7.125]]
_MOORINGS: Rows = [["Boat", "Mooring"], ["Tern", 40], ["Skua", None]]


def _book(rows: Rows, *, name: str = "Sheet1", bold: bool = False, frozen: str | None = None, number_format: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    for cell in sheet[1] if bold else ():
        cell.font = Font(bold=True)
    for (cell,) in sheet["B2:B5"] if number_format else ():
        cell.number_format = number_format
    sheet.freeze_panes = frozen
    return _saved(book)


def _with(rows: Rows, *more: Sequence[object]) -> Rows:
    return [*rows, *more]


# --- presentations ----------------------------------------------------------------------------------------------------

_TALK = ("The harbour", "Harbour at night", "Costs", "Harbour at night")


def _talk(titles: Sequence[str], *, notes: str = "") -> bytes:
    deck = pptx.Presentation()
    for title in titles:
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = f"About: {title.lower()}"
        # LibreOffice writes down what is inherited from the layout.
        slide.shapes.title.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
        slide.placeholders[1].text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    if notes:
        deck.slides[-1].notes_slide.notes_text_frame.text = notes
    return _saved(deck)


# --- documents --------------------------------------------------------------------------------------------------------

_LETTER = ("Dear members,", "The Boat Club meets on Monday.", "Bring the key of the Boat Club.", "Ida Holm, Boat Club")
_REPORT = ("Report on the harbour", "The quay was mended in spring.", "The crane is to be painted in autumn.")
_ROTA = (("Day", "On duty"), ("Saturday", "Ida"), ("Sunday", ""))
_GREETING = ("Dear all,", "the boat is back.", "Yours, Ida")


def _document(paragraphs: Sequence[str], *, spacing: float | None = None) -> bytes:
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words).paragraph_format.line_spacing = spacing
    return _saved(document)


def _rota(*, on_sunday: str = "") -> bytes:
    document = docx.Document()
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for day, who in _ROTA:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = day, who or on_sunday
    document.add_paragraph("Who cannot come tells the others.")
    return _saved(document)


# --- pictures, sounds, texts ------------------------------------------------------------------------------------------

_TIDES = "High water\nThursday 10:55\nFriday {}\n"
_MOON = "Moon\nfull on the 12th\n"


def _boat() -> bytes:
    picture = Image.new("RGB", (240, 160), "lightblue")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 110, 240, 160), fill="navy")
    draw.polygon([(30, 110), (110, 110), (95, 130), (45, 130)], fill="brown")
    draw.polygon([(60, 105), (60, 30), (100, 105)], fill="white")
    draw.ellipse((190, 15, 220, 45), fill="yellow")
    return _picture(picture, "PNG")


def _picture(picture: Image.Image, kind: str) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()


def _silence(seconds: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 8000 * seconds)
    return file.getvalue()


def _log(name: str, lines: int) -> bytes:
    return "".join(f"{name} {number}\n" for number in range(lines)).encode()


def _zip(**texts: str) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        for name, text in texts.items():
            archive.writestr(name.replace("_", "."), text)
    return file.getvalue()


# --- mail -------------------------------------------------------------------------------------------------------------

_ACCOUNT = thunderbird.Account("Ida Holm", "ida@harbour.example")
_PROFILE = "k3x8zq1p.default-release"
# The section of an installation is named after the folder that Thunderbird's program is in, /usr/lib/thunderbird.
_PROFILES = f"""[InstallFDC34C9F024745EB]
Default={_PROFILE}
Locked=1

[Profile0]
Name=default-release
IsRelative=1
Path={_PROFILE}

[General]
StartWithLastProfile=1
Version=2
""".encode()
_LETTERS = {
    "Tide": "High water is at nine.",
    "Raffle": "You have won a raffle that you never took part in.",
    "Quay": "The quay is mended.",
}


def _letters(*subjects: str) -> list[thunderbird.Letter]:
    return [
        thunderbird.Letter(
            f"{subject.lower()}@harbour.example",
            "Per Lund",
            "per@harbour.example",
            datetime(2025, 3, day, 8, tzinfo=UTC),
            subject,
            text,
        )
        for day, (subject, text) in enumerate(_LETTERS.items(), start=3)
        if subject in subjects
    ]


def _mail_profile() -> bytes:
    """A home folder's `.thunderbird`, packed, with a profile that has another name than that of the desktop's own."""
    profile = thunderbird.profile(_ACCOUNT, {"Inbox": _letters(*_LETTERS), "Trash": []})
    files = {".thunderbird/profiles.ini": _PROFILES} | {f".thunderbird/{_PROFILE}/{name}": data for name, data in profile.items()}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(data), 0o600
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


_FARES = b"""from crossings import PRICES


def fare(island, age):
    price = PRICES[island]
    return price
"""
_CROSSINGS = b'PRICES = {"Skerry": 12.0, "Holm": 7.5}\n'
_FARES_TEST = b"""from crossings import PRICES
from fares import fare


def test():
    assert PRICES == {"Skerry": 12.0, "Holm": 7.5}
    return [fare(island, age) for island in PRICES for age in (11, 12)] == [6.0, 12.0, 3.75, 7.5]
"""


def _bells() -> bytes:
    """Three strokes, each an octave above the last."""
    time = np.arange(16_000) / 16_000
    strokes = [np.sin(2 * np.pi * pitch * time) * np.exp(-4 * time) for pitch in (220, 440, 880)]
    saved = io.BytesIO()
    with wave.open(saved, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((np.concatenate(strokes) * 20_000).astype("<i2").tobytes())
    return saved.getvalue()


def _saved(whole: object) -> bytes:
    """A workbook, a document or a presentation as a file."""
    file = io.BytesIO()
    whole.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "prices.html": partial(_page, "Prices", "<h1>Prices</h1>"),
    "stock.html": partial(_page, "Stock", "<h1>Stock</h1>"),
    "hours.html": partial(_page, "Opening hours", "<h1>Opening hours</h1><p>9 to 5</p>"),
    "mooring.html": partial(_page, "Mooring", "<h1>Mooring</h1><p>A mooring costs <b>48.50</b> a month.</p>"),
    "booking.html": _booking,
    "boots.html": _boots,
    "blue-41.html": partial(_page, "Blue boots, 41", "<h1>Blue boots, 41</h1>"),
    "party.xlsx": partial(_book, _COSTS),
    "party_gold.xlsx": partial(_book, _with(_COSTS, ["Total", 313.5])),
    "members.xlsx": partial(_book, _MEMBERS, name="Members"),
    "members_gold.xlsx": partial(_book, _MEMBERS, name="Members", bold=True, frozen="A2"),
    "price_list.xlsx": partial(_book, _PRICES),
    "price_list_gold.xlsx": partial(_book, _PRICES, number_format="#,##0.00"),
    "price_list_gold-Sheet1.csv": lambda: b"Item,Price\nRope,3.50\nBuoy,12.00\nAnchor,80.25\nFlag,7.13\n",
    "moorings.xlsx": partial(_book, _MOORINGS),
    "moorings_gold.xlsx": partial(_book, [*_MOORINGS[:2], ["Skua", 48.5]]),
    "talk.pptx": partial(_talk, _TALK),
    "talk_gold_1.pptx": partial(_talk, (_TALK[0], *_TALK[2:])),
    "talk_gold_2.pptx": partial(_talk, _TALK[:3]),
    "thanks.pptx": partial(_talk, ("The crew", "Thanks")),
    "thanks_gold.pptx": partial(_talk, ("The crew", "Thanks"), notes="Thank the crew"),
    "letter.docx": partial(_document, _LETTER),
    "letter_gold.docx": lambda: _document([words.replace("Boat Club", "Harbour Society") for words in _LETTER]),
    "report.docx": partial(_document, _REPORT),
    "report_gold.docx": partial(_document, _REPORT, spacing=1.5),
    "rota.docx": _rota,
    "rota_gold.docx": partial(_rota, on_sunday="Noor"),
    "greeting.docx": partial(_document, _GREETING),
    "greeting_gold.txt": lambda: "".join(f"{line}\n" for line in _GREETING).encode(),
    "boat.png": _boat,
    "photos/winter/ice.jpg": lambda: _picture(Image.new("RGB", (16, 16), "white"), "JPEG"),
    "photos/winter/readme.txt": lambda: b"Not a picture.\n",
    "photos/summer/sea.jpg": lambda: _picture(Image.new("RGB", (16, 16), "blue"), "JPEG"),
    "photos/summer/sand.png": lambda: _picture(Image.new("RGB", (16, 16), "yellow"), "PNG"),
    "logs/air.log": partial(_log, "air", 12),
    "logs/sea.log": partial(_log, "sea", 7),
    "logs/counts.txt": lambda: b"air.log:12\nsea.log:7\n",
    "harbour.wav": partial(_silence, 900),
    "storm.wav": partial(_silence, 2),
    "bells.wav": _bells,
    "ferry/fares.py": lambda: _FARES,
    "ferry/crossings.py": lambda: _CROSSINGS,
    "ferry/test_fares.py": lambda: _FARES_TEST,
    "tides.txt": lambda: _TIDES.format("12:40").encode(),
    "moon.txt": _MOON.encode,
    "tables_gold.zip": lambda: _zip(tides_txt=_TIDES.format("11:40"), moon_txt=_MOON),
    "thunderbird-profile.tar.gz": _mail_profile,
    "Inbox_gold": lambda: thunderbird.mailbox(_ACCOUNT, _letters("Tide", "Quay")),
    "Trash_gold": lambda: thunderbird.mailbox(_ACCOUNT, _letters("Raffle")),
}
