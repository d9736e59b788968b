"""A report that somebody typed without styles, and what it looks like in house style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any
from xml.sax.saxutils import escape

from osarena.tasks.model import maker
from osarena_tasks.makers._archives import open_document

_SUBJECTS = ("The Mill Pond", "The Old Orchard", "The Village Hall", "The Cycle Path", "The Bandstand")
_WHERE = ("Weston", "Aarle", "Osterby", "Marl", "Elmsford")
# Sections with their subsections. No heading's words occur in another line.
_SECTIONS: Sequence[tuple[str, Sequence[str]]] = (
    ("Background", ("How it began", "Who is involved")),
    ("Survey", ("Method", "Findings")),
    ("Condition", ("Buildings", "Grounds")),
    ("Costs", ("One-off", "Yearly")),
    ("Risks", ("Weather", "Permits")),
    ("Timetable", ("This year", "Later")),
)
_SENTENCES = (
    "The committee walked over the site twice and spoke with the neighbours.",
    "Most of what was planned in the spring has been done, and the rest is under way.",
    "Nobody who was asked objected, though some would have liked to be asked earlier.",
    "Two estimates were obtained, and the cheaper one is from a firm that we know.",
    "The volunteers gave about three hundred hours, which appear nowhere in the figures.",
    "What remains unclear is who will look after it once the first enthusiasm is over.",
    "The county has promised an answer before the end of the quarter.",
    "Photographs and drawings are kept in the office and can be seen there.",
)
# What each kind of line looks like, by direct formatting: none has a style of its own.
_LOOKS = {
    "Title": 'fo:font-size="20pt" fo:font-weight="bold"',
    "Byline": 'fo:font-style="italic" fo:color="#666666"',
    "Section": 'fo:font-size="15pt" fo:font-weight="bold"',
    "Part": 'fo:font-weight="bold" fo:font-style="italic"',
    "Body": "",
}
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMES = " ".join(
    f'xmlns:{prefix}="{_ODF}{name}:1.0"'
    for prefix, name in (("office", "office"), ("style", "style"), ("text", "text"), ("fo", "xsl-fo-compatible"))
)


@maker
def unstyled_report(rng: Random) -> Mapping[str, Any]:
    """A report in plain paragraphs whose headings are only made to look like some: sections large and bold, subsections italic.

    Returns:
        `document` (odt); `title` and `byline` (the line below it); `headings`, in order, each with its level (1 or 2), and
        `entries`, the same without; `paragraphs`, all texts; `styled`, style and text of title and headings.
    """
    title = f"{rng.choice(_SUBJECTS)} of {rng.choice(_WHERE)}"
    byline = f"Report of the committee, {rng.choice(('spring', 'autumn'))} {rng.randint(2019, 2025)}"
    chosen = sorted(rng.sample(range(len(_SECTIONS)), 4))
    with_parts = set(rng.sample(chosen, 2))
    headings: list[tuple[str, int]] = []
    lines: list[tuple[str, str]] = [(title, "Title"), (byline, "Byline")]
    for index in chosen:
        section, parts = _SECTIONS[index]
        headings.append((section, 1))
        lines += [(section, "Section"), *_body(rng)]
        for part in parts if index in with_parts else ():
            headings.append((part, 2))
            lines += [(part, "Part"), *_body(rng)]
    return {
        "document": _odt(lines),
        "title": title,
        "byline": byline,
        "headings": [[text, level] for text, level in headings],
        "entries": [text for text, _ in headings],
        "paragraphs": [text for text, _ in lines],
        "styled": [["Title", title], *([f"Heading {level}", text] for text, level in headings)],
    }


def _body(rng: Random) -> list[tuple[str, str]]:
    """A paragraph or two."""
    return [(" ".join(rng.sample(_SENTENCES, rng.randint(3, 5))), "Body") for _ in range(rng.randint(1, 2))]


def _odt(lines: Sequence[tuple[str, str]]) -> bytes:
    body = "".join(f'<text:p text:style-name="{look}">{escape(text)}</text:p>' for text, look in lines)
    looks = "".join(
        f'<style:style style:name="{name}" style:family="paragraph" style:parent-style-name="Standard">'
        f'<style:paragraph-properties fo:margin-bottom="0.25cm"/><style:text-properties {look}/></style:style>'
        for name, look in _LOOKS.items()
    )
    content = (
        f"<office:document-content {_NAMES}><office:automatic-styles>{looks}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return open_document("text", {"content.xml": content})
