"""Metrics of documents that look at fonts, colours, spacing, alignment and other looks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.osworld._colours import colour_distance
from osarena_evaluators.osworld._document_texts import documents, require_same_text, verdict
from osarena_evaluators.osworld._files import File, found, wanted
from osarena_evaluators.osworld._word import Document, Paragraph, Run, odf, odt_root
from osarena_evaluators.readers.documents import word
from osarena_evaluators.readers.packages import part

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_RED, _BLUE = (255, 0, 0), (0, 0, 255)
# The first three words of a sentence, and the gap that sets them apart from the rest.
_SET_APART = re.compile(r"\S+\s+\S+\s+\S+(?:\s*\t\s*|\s{2,})\S")


def _runs(document: Document) -> Iterator[tuple[Paragraph, Run]]:
    """All runs outside tables, each with its paragraph."""
    return ((paragraph, run) for paragraph in document.paragraphs for run in paragraph.runs)


@metric
def compare_line_spacing(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """1 if two documents have the same text and, paragraph by paragraph, the same distance of lines."""
    if words := require_same_text(actual, expected, published=published):
        return verdict(words)
    one, other = documents(actual, expected, published=published)
    spacings, gold = ([side.line_spacing(paragraph) for paragraph in side.paragraphs] for side in (one, other))
    if len(spacings) != len(gold):
        return Verdict(0.0, f"expected {len(gold)} paragraphs, found {len(spacings)}")
    wrong = [number for number, pair in enumerate(zip(spacings, gold, strict=True)) if pair[0] != pair[1]]
    return verdict(f"paragraph {wrong[0] + 1}: expected {gold[wrong[0]]}, found {spacings[wrong[0]]}" if wrong else "")


@metric
def compare_font_names(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if all text outside tables is in the font `font_name`."""
    font = expected.get("font_name") if isinstance(expected, Mapping) else None
    if not isinstance(font, str):
        raise CheckerError(f'expected {{"font_name": …}} in the task, found {quote(expected)}')
    document = Document(found(actual), published=published)
    fonts = [(document.font(*pair), pair[1].text) for pair in _runs(document) if published or pair[1].text.strip()]
    if not fonts and not published:
        return Verdict(0.0, "there is no text")
    wrong = next((pair for pair in fonts if pair[0] != font), None)
    return verdict(f"{quote(wrong[1])} is in {wrong[0] or 'no font of its own'}" if wrong else "")


@metric
def compare_subscript_contains(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """1 if the same parts of two documents are written below the line."""
    one, other = documents(actual, expected, published=published)
    if published:  # for which one place is enough
        pairs = zip(one.paragraphs, other.paragraphs, strict=False)
        runs = ((a, b, x, y) for a, b in pairs for x, y in zip(a.runs, b.runs, strict=False))
        return Verdict(float(any(_is_low(one, a, x) and _is_low(other, b, y) for a, b, x, y in runs)))
    there, gold = _low_parts(one), _low_parts(other)
    if not gold:
        raise CheckerError("in the expected document nothing is written below the line")
    return verdict("" if there == gold else f"expected below the line {quote(gold)}, found {quote(there)}")


def _is_low(document: Document, paragraph: Paragraph, run: Run) -> bool:
    place = document.look(paragraph, run, "vertAlign")
    return place is not None and place.get(word("val")) == "subscript"


def _low_parts(document: Document) -> list[str]:
    """The texts below the line, whatever runs they are cut into, each with the number of its paragraph."""
    parts = []
    for number, paragraph in enumerate(document.paragraphs):
        letters = [(_is_low(document, paragraph, run), run.text) for run in paragraph.runs]
        for is_low, group in groupby(letters, key=lambda letter: letter[0]):
            text = "".join(part for _, part in group).strip()
            parts += [f"{number}: {text}"] if is_low and text else []
    return parts


@metric
def is_first_line_centered(actual: File, *, published: bool = False) -> Verdict:
    """1 if the first paragraph with text is centred."""
    document = Document(found(actual), published=published)
    paragraph = next((one for one in document.paragraphs if published or one.text.strip()), None)
    if paragraph is None:
        raise EvidenceMissing("there is no text")
    alignment = document.setting(paragraph, "jc")
    value = "left" if alignment is None else alignment.get(word("val"), "left")
    return verdict("" if value == "center" else f"{quote(paragraph.text)} is set {value}")


@metric
def check_italic_font_size_14(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """1 if a document has the expected text, some of it is italic, and all that is has 14 points."""
    if words := require_same_text(actual, expected, published=published):
        return verdict(words)
    document = Document(found(actual), published=published)
    italic = [pair for pair in _runs(document) if document.is_on(*pair, "i") and (published or pair[1].text.strip())]
    if not italic and not published:
        return Verdict(0.0, "nothing is italic")
    wrong = next((pair for pair in italic if document.size(*pair) != 14), None)
    return verdict(f"{quote(wrong[1].text)} is italic and has {document.size(*wrong)} points" if wrong else "")


@metric
def evaluate_strike_through_last_paragraph(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """1 if a document has the expected text, and its last paragraph with text is struck through."""
    if words := require_same_text(actual, expected, published=published):
        return verdict(words)
    document = Document(found(actual), published=published)
    last = next((one for one in reversed(document.paragraphs) if published or one.text.strip()), None)
    if last is None:
        raise EvidenceMissing("there is no text")
    ways = ("strike",) if published else ("strike", "dstrike")
    runs = [run for run in last.runs if published or run.text.strip()]
    wrong = next((run for run in runs if not any(document.is_on(last, run, way) for way in ways)), None)
    return verdict(f"{quote(wrong.text)} is not struck through" if wrong else "")


@metric
def evaluate_spacing(actual: File, *, published: bool = False) -> Verdict:
    """1 if the lines of the first three paragraphs with text are 1, 2 and 1.5 lines apart."""
    document = Document(found(actual), published=published)
    first = [paragraph for paragraph in document.paragraphs if published or paragraph.text.strip()][:3]
    spacings = [document.line_spacing(paragraph) for paragraph in first]
    is_right = spacings == [(1.0, "auto"), (2.0, "auto"), (1.5, "auto")]
    return verdict("" if is_right else f"the lines are {spacings} apart")


@metric
def evaluate_conversion(actual: File, *, published: bool = False) -> Verdict:
    """1 if no word of a document is in capital letters; a single letter is no word."""
    document = Document(found(actual), published=published)
    everywhere = [*document.paragraphs, *(one for cell in document.cells for one in document.paragraphs_of(cell))]
    if published:
        capitals = [run.text for one in everywhere for run in one.runs if run.text.isupper()]
    else:
        words = (one for paragraph in everywhere for one in re.findall(r"[^\W\d_]+", paragraph.text))
        capitals = [one for one in words if len(one) > 1 and one.isupper()]
    return verdict(f"still in capitals: {quote(capitals)}" if capitals else "")


@metric
def evaluate_alignment(actual: File, *, published: bool = False) -> Verdict:
    """1 if in each sentence with more than three words a tab or a wide gap sets the first three apart from the rest."""
    document = Document(found(actual), published=published)
    sentences = [one.strip() for paragraph in document.paragraphs for one in paragraph.text.split(".")]
    long = [one for one in sentences if len(one.split()) > 3]
    if published:  # of which nothing can fail that is a sentence
        return Verdict(1.0)
    if not long:
        return Verdict(0.0, "there is no sentence with more than three words")
    wrong = next((one for one in long if not _SET_APART.match(one)), None)
    return verdict(f"its first three words are not set apart: {quote(wrong)}" if wrong else "")


# --- tab stops -------------------------------------------------------------------------------------------------------


@metric
def check_tabstops(actual: File, expected: File, *, word_number_split_by_tabstop: int | None = None, index: int = 0) -> Verdict:
    """1 minus how far the tab stops are off, as a share of the page's width and on average over the paragraphs with text.

    0 where their number or kind differs, or where the part number `index` of a paragraph, as tabs cut it, has another number
    of words than `word_number_split_by_tabstop`.
    """
    one, other = documents(actual, expected)
    texts, gold = ([paragraph for paragraph in side.paragraphs if paragraph.text.strip()] for side in (one, other))
    if not gold:
        raise CheckerError("the expected document has no text")
    if len(texts) != len(gold):
        return Verdict(0.0, f"expected {len(gold)} paragraphs with text, found {len(texts)}")
    if word_number_split_by_tabstop is not None:
        for paragraph in texts:
            parts = paragraph.text.split("\t")
            count = len(parts[index].split()) if -len(parts) <= index < len(parts) else 0
            if count != word_number_split_by_tabstop:
                return Verdict(0.0, f"expected {word_number_split_by_tabstop} words in part {index} of {quote(paragraph.text)}")
    return _tab_distance(texts, gold, _text_width(other))


def _tab_distance(texts: list[Paragraph], gold: list[Paragraph], width: float) -> Verdict:
    off = 0.0
    for paragraph, gold_paragraph in zip(texts, gold, strict=True):
        stops, gold_stops = _tab_stops(paragraph), _tab_stops(gold_paragraph)
        if [kind for kind, _ in stops] != [kind for kind, _ in gold_stops]:
            return Verdict(0.0, f"{quote(paragraph.text)}: expected the tab stops {gold_stops}, found {stops}")
        off += sum(abs(one[1] - other[1]) for one, other in zip(stops, gold_stops, strict=True)) / width
    score = min(max(1 - off / len(texts), 0.0), 1.0)
    return Verdict(score, f"the tab stops are off by {1 - score:.3f} of the page's width")


def _tab_stops(paragraph: Paragraph) -> list[tuple[str, float]]:
    """Kind and place (in 1/20 points) of the tab stops, but for those that are taken away, and one at the very left."""
    stops = paragraph.element.iterfind(f"{word('pPr')}/{word('tabs')}/{word('tab')}")
    kinds = {"start": "left", "end": "right"}
    places = ((kinds.get(kind := stop.get(word("val"), "left"), kind), _length(stop, "pos")) for stop in stops)
    return sorted(((kind, at) for kind, at in places if kind != "clear" and (kind, at) != ("left", 0)), key=lambda stop: stop[1])


def _text_width(document: Document) -> float:
    """The width of the first section's page without its margins, in 1/20 points."""
    section = next(document.root.iter(word("sectPr")), None)
    page = None if section is None else section.find(word("pgSz"))
    margins = None if section is None else section.find(word("pgMar"))
    if (
        page is None
        or margins is None
        or (width := _length(page, "w") - _length(margins, "left") - _length(margins, "right")) <= 0
    ):
        raise CheckerError("the expected document does not say how wide its page is")
    return width


def _length(element: Element, name: str) -> float:
    text = element.get(word(name), "0")
    digits = text.removeprefix("-").replace(".", "", 1)
    return float(text) if digits.isascii() and digits.isdecimal() and len(digits) < 12 else 0.0


# --- colours ---------------------------------------------------------------------------------------------------------


@metric
def evaluate_colored_words_in_tables(actual: File, expected: File, *, threshold: float = 3.5, published: bool = False) -> Verdict:
    """1 if a document has the expected text, and in its tables words that start with a vowel are red, all others blue.

    A colour is right where it is no further away than `threshold` (CIEDE2000: about 1 can just be seen).
    """
    if words := require_same_text(actual, expected, published=published):
        return verdict(words)
    document = Document(found(actual), published=published)
    for cell in document.cells:
        for paragraph in document.paragraphs_of(cell):
            for text, colours in _coloured_words(document, paragraph, published):
                goal = _RED if text[0].lower() in "aeiou" else _BLUE
                if not all(colour is not None and colour_distance(colour, goal) <= threshold for colour in colours):
                    return Verdict(0.0, f"{quote(text)} should be {'red' if goal == _RED else 'blue'}, but is {quote(colours)}")
    return Verdict(1.0)


_Colour = tuple[int, int, int] | None


def _coloured_words(document: Document, paragraph: Paragraph, published: bool) -> Iterator[tuple[str, set[_Colour]]]:
    """Each word with the colours of its letters; as published, each run in the place of a word."""
    coloured = [(run.text, _colour(document, paragraph, run)) for run in paragraph.runs if run.text]
    if published:
        yield from ((text, {colour}) for text, colour in coloured)
        return
    letters = [(letter, colour) for text, colour in coloured for letter in text]
    for is_space, group in groupby(letters, key=lambda letter: letter[0].isspace()):
        parts = list(group)
        if not is_space:
            yield "".join(letter for letter, _ in parts), {colour for _, colour in parts}


def _colour(document: Document, paragraph: Paragraph, run: Run) -> _Colour:
    found_colour = document.look(paragraph, run, "color")
    try:
        red, green, blue = bytes.fromhex("" if found_colour is None else found_colour.get(word("val"), ""))
    except ValueError:  # "auto", or none
        return None
    return red, green, blue


@metric
def check_highlighted_words(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """1 if an .odt document has the expected text, and none of it is marked in yellow (#ffff00)."""
    archive, root = odt_root(found(actual))
    wanted(odt_root, expected)
    if words := require_same_text(actual, expected, published=published):
        return verdict(words)
    roots = [root] if published or "styles.xml" not in archive.namelist() else [root, part(archive, "styles.xml")]
    yellow = {style.get(odf("style:name"), "") for one in roots for style in one.iter(odf("style:style")) if _is_yellow(style)}
    tags = (odf("text:span"),) if published else (odf("text:span"), odf("text:p"), odf("text:h"))
    marked = [one for one in root.iter() if one.tag in tags and one.get(odf("text:style-name"), "") in yellow]
    texts = ["".join(one.itertext()) for one in marked]
    shown = texts if published else [text for text in texts if text.strip()]
    return verdict(f"marked in yellow: {quote(shown)}" if shown else "")


def _is_yellow(style: Element) -> bool:
    return any(properties.get(odf("fo:background-color"), "").lower() == "#ffff00" for properties in style)


@metric
def compare_highlighted_text(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """1 if the same texts of two documents are highlighted, in the same order."""
    one, other = documents(actual, expected, published=published)
    there, gold = (_highlighted(side, published) for side in (one, other))
    return verdict("" if there == gold else f"expected highlighted {quote(gold)}, found {quote(there)}")


def _highlighted(document: Document, published: bool) -> list[str]:
    """The highlighted texts; as published, the first part of each highlighted run, each once."""
    if published:
        runs = [run for run in document.root.iter(word("r")) if _mark(run.find(f".//{word('highlight')}"))]
        return sorted({text.text or "" for run in runs if (text := run.find(f".//{word('t')}")) is not None})
    texts = []
    for paragraph in document.all_paragraphs:
        marks = [(_mark(document.look(paragraph, run, "highlight")), run.text) for run in paragraph.runs]
        for mark, group in groupby(marks, key=lambda one: one[0]):
            words = "".join(part for _, part in group).strip()
            texts += [words] if mark and words else []
    return texts


def _mark(highlight: Element | None) -> str:
    value = "none" if highlight is None else highlight.get(word("val"), "none")
    return "" if value == "none" else value
