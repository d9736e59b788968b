"""A lease over which two people have gone with tracked changes and comments, and what is to become of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from typing import Any, Literal

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from osarena.tasks.model import maker
from osarena_tasks.makers._archives import without_clock

_PEOPLE = ("Anna Brandt", "Tomas Adler", "Lena Fischer", "Pavel Novak", "Ruth Okafor", "Iris Verhoeven", "Marco Santini")
_PLACES = ("the former bakery at 12 Mill Lane", "the workshop at 4 Canal Row", "the shop at 31 Station Road")
_PERIODS = ("three months", "four months", "six months", "nine months", "twelve months")
_SHORTER = ("two weeks", "three weeks", "four weeks", "six weeks")
_DAYS = ("first", "third", "fifth", "tenth", "fifteenth")
_WHEN = datetime(2025, 3, 14, 10, 0, tzinfo=UTC)

Whose = Literal["", "agreed", "rejected"]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some words of a clause; `mark` tells whether somebody put them in or took them out, and `whose` who did."""

    text: str
    mark: Literal["", "ins", "del"] = ""
    whose: Whose = ""
    comment: str = ""

    @property
    def is_kept(self) -> bool:
        """Whether it is in the text once the agreed changes are accepted and the others rejected."""
        return self.mark != ("del" if self.whose == "agreed" else "ins")


_Clause = tuple[str, list[_Piece]]


@maker
def review(rng: Random, *, notice_is_tracked: bool = True) -> Mapping[str, Any]:
    """A lease of six clauses. Of the two who changed it, one's changes are all agreed, and none of the other's.

    The other one shortened the notice period, too: without `notice_is_tracked` so that it left no trace.

    Returns:
        `document` (docx); `agreed` and `rejected`, the two names; `notice_clause`, the heading of the clause with the notice
        period; `final`, style and text of each paragraph as they have to be. Wrong ends as docx: `all_accepted`,
        `all_rejected`, `still_open` (the agreed changes are marked still), `comments_left` (right but for them).
    """
    agreed, rejected = rng.sample(_PEOPLE, 2)
    clauses = _clauses(rng)
    notice = next(heading for heading, _ in clauses if heading.endswith("Notice"))
    found = clauses if notice_is_tracked else [(head, _merged(pieces) if head == notice else pieces) for head, pieces in clauses]
    names = {"agreed": agreed, "rejected": rejected}

    def document(change: Callable[[_Piece], _Piece | None]) -> bytes:
        return _docx([(head, [new for piece in pieces if (new := change(piece))]) for head, pieces in found], names)

    return {
        "document": document(lambda piece: piece),
        "agreed": agreed,
        "rejected": rejected,
        "notice_clause": notice,
        "final": [["Title", "Lease"], *_styled(clauses)],
        "all_accepted": document(lambda piece: None if piece.mark == "del" else _plain(piece)),
        "all_rejected": document(lambda piece: None if piece.mark == "ins" else _plain(piece)),
        "still_open": document(
            lambda piece: replace(piece, comment="") if piece.whose == "agreed" else _plain(piece) if piece.is_kept else None
        ),
        "comments_left": document(lambda piece: replace(piece, mark="", whose="") if piece.is_kept else None),
    }


def _clauses(rng: Random) -> list[_Clause]:
    """The clauses, numbered, with the changes in them. Both people changed something in the same clause once."""
    notice, short = rng.choice(_PERIODS), rng.choice(_SHORTER)
    rent = rng.randrange(640, 1900, 20)
    new_rent = rent + rng.choice((40, 60, 80))
    day, later = rng.sample(_DAYS, 2)
    year = rng.randint(2026, 2028)
    clauses: list[tuple[str, list[_Piece]]] = [
        ("Premises", [
            _Piece(f"The landlord lets to the tenant {rng.choice(_PLACES)}"),
            _Piece(", with the yard behind it", "ins", "agreed", "As agreed on the phone."),
            _Piece(f". The keys are handed over on 1 March {year}."),
        ]),
        ("Rent", [
            _Piece("The rent is "), _Piece(f"{rent} euros", "del", "agreed"), _Piece(f"{new_rent} euros", "ins", "agreed"),
            _Piece(" a month, due on the "), _Piece(day, "del", "rejected"), _Piece(later, "ins", "rejected"),
            _Piece(" day of each month."),
        ]),
        ("Use", [
            _Piece("The premises are let for a workshop"), _Piece(" or a shop", "ins", "agreed"), _Piece(". "),
            _Piece("Subletting needs the landlord's consent in writing. ", "del", "rejected", "Do we need this?"),
            _Piece("Noise is to be kept down after 8 p.m."),
        ]),
        ("Repairs", [
            _Piece("Small repairs up to "), _Piece("100 euros", "del", "agreed"), _Piece("150 euros", "ins", "agreed"),
            _Piece(" each are the tenant's. All others are the landlord's"),
            _Piece(", unless the tenant could have prevented them", "ins", "rejected"), _Piece("."),
        ]),
        ("Notice", [
            _Piece("Either side may end this lease at the end of a month with a notice of "),
            _Piece(notice, "del", "rejected"), _Piece(short, "ins", "rejected"), _Piece(". Notice is given in writing."),
        ]),
        ("Deposit", [
            _Piece("The tenant pays a deposit of "), _Piece("three", "del", "agreed"), _Piece("two", "ins", "agreed"),
            _Piece(" monthly rents."), _Piece(" It bears no interest.", "ins", "rejected"),
        ]),
    ]  # fmt: skip
    first, *rest = clauses
    rng.shuffle(rest)
    return [(f"{number}. {heading}", pieces) for number, (heading, pieces) in enumerate([first, *rest], start=1)]


def _plain(piece: _Piece) -> _Piece:
    return _Piece(piece.text)


def _merged(pieces: Sequence[_Piece]) -> list[_Piece]:
    """The pieces with everything in them as its author left it, and no trace of how it was."""
    return [_plain(piece) for piece in pieces if piece.mark != "del"]


def _styled(clauses: Sequence[_Clause]) -> list[list[str]]:
    """Style and text of each paragraph in the end."""
    texts = ((heading, "".join(piece.text for piece in pieces if piece.is_kept)) for heading, pieces in clauses)
    return [line for heading, text in texts for line in (["Heading 1", heading], ["Normal", text])]


def _docx(clauses: Sequence[_Clause], names: Mapping[str, str]) -> bytes:
    document = Document()
    document.add_paragraph("Lease", style="Title")
    for heading, pieces in clauses:
        document.add_heading(heading, level=1)
        paragraph = document.add_paragraph()
        for piece in pieces:
            run = _add(paragraph, piece, names)
            if piece.comment:
                comment = document.add_comment(run, piece.comment, author=names[piece.whose or "agreed"], initials="")
                comment._comment_elm.set(qn("w:date"), f"{_WHEN:%Y-%m-%dT%H:%M:%SZ}")  # else it is now
    saved = io.BytesIO()
    document.save(saved)
    return without_clock(saved.getvalue())


def _add(paragraph: Paragraph, piece: _Piece, names: Mapping[str, str]) -> Run:
    """Put a piece at the end of a paragraph, inside the element that marks it as somebody's change."""
    run = paragraph.add_run(piece.text)
    if piece.mark:
        change = OxmlElement(f"w:{piece.mark}")
        change.set(qn("w:id"), str(1000 + len(paragraph._p)))  # python-docx knows nothing of changes
        change.set(qn("w:author"), names[piece.whose])
        change.set(qn("w:date"), f"{_WHEN:%Y-%m-%dT%H:%M:%SZ}")
        run._r.addprevious(change)
        change.append(run._r)
        if piece.mark == "del":
            for text in run._r.iterfind(qn("w:t")):
                text.tag = qn("w:delText")
    return run
