"""A club's list of members as it has grown: people twice, dates in every style, in no order."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

from osarena.tasks.model import maker
from osarena_tasks.makers._archives import without_clock

_Rows = list[list[Any]]

# No two begin with the same letter, so that all alphabets have them in the same order.
_LAST = (
    "Abbott", "Böhm", "Castellano", "Dubois", "Eklund", "Ferreira", "Grünwald", "Hadžić", "Iversen",
    "Jørgensen", "Kowalska", "Lindqvist", "Moreau", "Nygård", "Okafor", "Peeters", "Quiñones", "Rossi",
    "Sørby", "Tóth", "Ulrich", "Vermeer", "Whitfield", "Zeman",
)  # fmt: skip
_FIRST = (
    "Amal",
    "Birgit",
    "Cosmo",
    "Dilek",
    "Edda",
    "Finn",
    "Gustav",
    "Hanna",
    "Ivo",
    "Jolanda",
    "Karim",
    "Livia",
    "Milo",
    "Nora",
)
_HOSTS = ("example.org", "post.example", "mail.example", "home.example")
_HEADINGS = ("No.", "Last name", "First name", "E-mail", "Joined")
_WIDTHS = (8, 18, 16, 36, 16)
_PLAIN = str.maketrans("äöüžćøåñó", "aouzcoano")


@dataclass(frozen=True, slots=True)
class _Member:
    number: int
    last: str
    first: str
    email: str
    joined: date
    style: str = "iso"

    def cells(self) -> list[Any]:
        """As the clean list has them."""
        return [str(self.number), self.last, self.first, self.email, self.joined.isoformat()]

    def found(self) -> list[Any]:
        """As the workbook has them: the number is one, all else is text."""
        return [self.number, self.last, self.first, self.email, _STYLES[self.style](self.joined)]


_STYLES: Mapping[str, Callable[[date], str]] = {
    "iso": date.isoformat,
    "points": lambda day: f"{day.day}.{day.month}.{day.year}",
    "words": lambda day: f"{day:%B} {day.day}, {day.year}",
}


@maker
def member_list(rng: Random) -> Mapping[str, Any]:
    """A workbook with the sheet "Members" in the order of the numbers, and the list that is to become of it.

    Three people are in it twice under one address (once in capitals), the second time under a higher number; two others
    have the same name and different addresses.

    Returns:
        `workbook` (xlsx), `found` (its rows) and `clean` (the rows of the CSV file, all of them texts); `doubles`, the rows
        of the sheet to be deleted; `namesake`, the row of the second of the two; `odd_dates`, cells of the
        others and what belongs there;
        wrong lists as CSV bytes: `with_commas`, `by_number`; and `clean_csv`, the right one.
    """
    people = _draw_people(rng)
    doubles = [_again(rng, person) for person in rng.sample(people[4:], 3)]
    members = _renumbered(rng, _mixed(rng, people, doubles))
    again = _rows_of_doubles(members)
    kept = [member for row, member in enumerate(members, start=2) if row not in again]
    clean = [list(_HEADINGS), *(member.cells() for member in sorted(kept, key=_by_name))]
    by_number = [list(_HEADINGS), *(member.cells() for member in kept)]
    found = [list(_HEADINGS), *(member.found() for member in members)]
    return {
        "workbook": _workbook(found),
        "found": found,
        "clean": clean,
        "doubles": again,
        "namesake": max(row for row, member in enumerate(members, start=2) if (member.last, member.first) == _name(people[0])),
        "odd_dates": [
            [f"E{row}", member.joined.isoformat()]
            for row, member in enumerate(members, start=2)
            if member.style != "iso" and row not in again
        ],
        "clean_csv": _as_csv(clean, ";"),
        "with_commas": _as_csv(clean, ","),
        "by_number": _as_csv(by_number, ";"),
    }


def _draw_people(rng: Random) -> list[_Member]:
    """Sixteen or so people; the first two have the same name, the next two the same last name."""
    lasts = rng.sample(_LAST, rng.randint(13, 15))
    names = [(lasts[0], "Hanna"), (lasts[0], "Hanna"), (lasts[1], "Karim"), (lasts[1], "Edda")]
    names += [(last, rng.choice(_FIRST)) for last in lasts[2:]]
    styles = ["points", "words"] * 3 + ["iso"] * len(names)
    return [
        _Member(0, last, first, _address(rng, last, first, number), _day(rng), style)
        for number, ((last, first), style) in enumerate(zip(names, rng.sample(styles[: len(names)], len(names)), strict=True))
    ]


def _address(rng: Random, last: str, first: str, number: int) -> str:
    plain = last.lower().translate(_PLAIN)
    local = f"{first.lower()}.{plain}" if number % 2 else f"{plain}{rng.randint(60, 99)}"
    return f"{local}@{_HOSTS[number % len(_HOSTS)]}"


def _day(rng: Random) -> date:
    return date(2012, 1, 1) + timedelta(days=rng.randrange(4300))


def _again(rng: Random, person: _Member) -> _Member:
    """The same person, who joined again later."""
    later = person.joined + timedelta(days=rng.randint(200, 900))
    return replace(person, email=person.email.upper(), joined=later, style=rng.choice(("points", "iso")))


def _mixed(rng: Random, people: Sequence[_Member], doubles: Sequence[_Member]) -> list[_Member]:
    """All in one list, each double after the person whose double it is."""
    mixed = list(people)
    rng.shuffle(mixed)
    for double in doubles:
        place = next(index for index, member in enumerate(mixed) if member.email == double.email.lower())
        mixed.insert(rng.randint(place + 1, len(mixed)), double)
    return mixed


def _renumbered(rng: Random, members: Sequence[_Member]) -> list[_Member]:
    numbers = sorted(rng.sample(range(101, 399), len(members)))
    return [replace(member, number=number) for number, member in zip(numbers, members, strict=True)]


def _rows_of_doubles(members: Sequence[_Member]) -> list[int]:
    addresses = [member.email.lower() for member in members]
    return [row for row, address in enumerate(addresses, start=2) if address in addresses[: row - 2]]


def _name(member: _Member) -> tuple[str, str]:
    return member.last, member.first


def _by_name(member: _Member) -> tuple[str, str, int]:
    return member.last, member.first, member.number


def _workbook(rows: _Rows) -> bytes:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Members"
    for row in rows:
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(name="Calibri", bold=True)
        cell.fill = PatternFill("solid", fgColor="E2EFDA")
    for column, width in zip("ABCDE", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    saved = io.BytesIO()
    workbook.save(saved)
    return without_clock(saved.getvalue())


def _as_csv(rows: _Rows, separator: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
