"""OSWorld's checks of documents: right, wrong and malformed, and where ours differs from the published behaviour."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.shared import Inches, Pt, RGBColor
from PIL import Image

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict
from osarena_evaluators.osworld import documents
from osarena_evaluators.osworld._colours import colour_distance
from tests.support.office import archive, odt, replaced

Change = Callable[[Any], object]
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MATHS = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def docx(*paragraphs: str, change: Change | None = None, table: list[list[str]] | None = None) -> bytes:
    """A document with these paragraphs and one table, changed by a function."""
    made = Document()
    for text in paragraphs:
        made.add_paragraph(text)
    if table:
        grid = made.add_table(len(table), len(table[0]))
        for row, texts in enumerate(table):
            for column, text in enumerate(texts):
                grid.cell(row, column).text = text
    if change:
        change(made)
    saved = io.BytesIO()
    made.save(saved)
    return saved.getvalue()


def png(colour: str) -> io.BytesIO:
    saved = io.BytesIO()
    Image.new("RGB", (5, 4), colour).save(saved, "PNG")
    saved.seek(0)
    return saved


def font(paragraph: int = 0, **values: Any) -> Change:
    def change(made: Any) -> None:
        for run in made.paragraphs[paragraph].runs:
            for name, value in values.items():
                setattr(run.font, name, value)

    return change


def normal(**values: Any) -> Change:
    """The same for the style of all text."""

    def change(made: Any) -> None:
        for name, value in values.items():
            setattr(made.styles["Normal"].font, name, value)

    return change


def spaced(*lines: float | None, style: float | None = None) -> Change:
    def change(made: Any) -> None:
        for paragraph, line in zip(made.paragraphs, lines, strict=False):
            paragraph.paragraph_format.line_spacing = line
        if style:
            made.styles["Normal"].paragraph_format.line_spacing = style

    return change


def aligned(how: Any, paragraph: int = 0) -> Change:
    return lambda made: setattr(made.paragraphs[paragraph], "alignment", how)


def pictured(*colours: str, paragraph: int = 0) -> Change:
    def change(made: Any) -> None:
        for colour in colours:
            made.paragraphs[paragraph].add_run().add_picture(png(colour))

    return change


def appended(xml: str, paragraph: int = 0) -> Change:
    return lambda made: made.paragraphs[paragraph]._p.append(parse_xml(xml))


def broken(count: int) -> Change:
    def change(made: Any) -> None:
        for _ in range(count):
            made.paragraphs[0].add_run().add_break(WD_BREAK.PAGE)

    return change


def footed(xml: str = "", text: str = "") -> Change:
    def change(made: Any) -> None:
        paragraph = made.sections[0].footer.paragraphs[0]
        paragraph.text = text
        if xml:
            paragraph._p.append(parse_xml(xml))

    return change


PAGE = f'<w:fldSimple {WORD} w:instr=" PAGE \\* MERGEFORMAT "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
INSERTED = f'<w:ins {WORD} w:id="1" w:author="A"><w:r><w:t> more</w:t></w:r></w:ins>'
EQUATION = f"<m:oMath {MATHS}><m:r><m:t>x</m:t></m:r></m:oMath>"
OBJECT = f"<w:r {WORD}><w:object/></w:r>"


def tabbed(*inches: float) -> Change:
    def change(made: Any) -> None:
        for at in inches:
            made.paragraphs[0].paragraph_format.tab_stops.add_tab_stop(Inches(at))

    return change


def coloured_table(*words: tuple[str, tuple[int, int, int] | None]) -> bytes:
    """A table with one cell, whose runs have these colours."""

    def change(made: Any) -> None:
        paragraph = made.add_table(1, 1).cell(0, 0).paragraphs[0]
        for text, colour in words:
            run = paragraph.add_run(text)
            if colour:
                run.font.color.rgb = RGBColor(*colour)

    return docx(change=change)


def runs(*parts: tuple[str, dict[str, Any]]) -> bytes:
    """A paragraph of runs that look as they say."""

    def change(made: Any) -> None:
        paragraph = made.add_paragraph()
        for text, looks in parts:
            run = paragraph.add_run(text)
            for name, value in looks.items():
                setattr(run.font, name, value)

    return docx(change=change)


def yellow(body: str, *, of: str = "text") -> bytes:
    style = (
        f'<style:style style:name="T1" style:family="{of}"><style:text-properties '
        'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" fo:background-color="#ffff00"/></style:style>'
    )
    return odt(body, automatic=style)


def settings(font_name: str) -> bytes:
    prop = f'<prop oor:name="Standard"><value>{font_name}</value></prop>'
    item = f'<item oor:path="/org.openoffice.Office.Writer/DefaultFont">{prop}</item>'
    return f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{item}</oor:items>'.encode()


RED, BLUE = (255, 0, 0), (0, 0, 255)
TRAINS = ["8:00,T1,S1,1", "8:05,T2,S1,2"]
ONE = docx("One", "Two")
LOW = {"subscript": True}
MARKED = {"highlight_color": WD_COLOR_INDEX.YELLOW}
CENTER = WD_ALIGN_PARAGRAPH.CENTER
SAME_RUNS = runs(("H", {}), ("2", LOW), ("O", {}))

CASES: list[tuple[Any, tuple[Any, ...], dict[str, Any], Any, Any]] = [
    # metric, arguments after the first, options, right, wrong
    (documents.compare_docx_files, (ONE,), {}, docx("One  Two"), docx("One")),
    (documents.compare_docx_files, (ONE,), {"ignore_blanks": False}, docx("One", "Two"), docx("One Two")),
    (documents.compare_docx_files, (ONE,), {"ignore_case": True}, docx("one", "two"), docx("on", "two")),
    (
        documents.compare_docx_files,
        (ONE,),
        {"ignore_order": True, "delete_empty_lines": True},
        docx("Two", "", "One"),
        docx("Two"),
    ),
    (documents.compare_docx_files, (ONE,), {"fuzzy_match": True, "fuzzy_match_threshold": 0.8}, docx("One", "Tw"), docx("abc")),
    (documents.compare_docx_files, (odt("<text:p>a</text:p>"),), {}, odt("<text:p>a</text:p>"), docx("a")),
    (
        documents.compare_docx_files_and_ignore_new_lines,
        (ONE,),
        {"ignore_blanks": False},
        docx("One", "", "Two"),
        docx("One Two"),
    ),
    (documents.compare_init_lines, (ONE,), {}, docx("One", "Two", "Three"), docx("One", "Three")),
    (documents.compare_docx_lines, (ONE,), {}, docx("Two", " ", "One "), docx("One", "Three")),
    (documents.compare_docx_tables, (docx(table=[["a", "b"]]),), {}, docx("x", table=[["a ", "b"]]), docx(table=[["a"], ["b"]])),
    (
        documents.compare_docx_images,
        (docx("a", change=pictured("red")),),
        {},
        docx("b", change=pictured("red")),
        docx("a", change=pictured("blue")),
    ),
    (documents.compare_docx_images, (docx("a", change=pictured("red")),), {}, None, docx("a")),
    (
        documents.compare_line_spacing,
        (docx("a", "b", change=spaced(2.0)),),
        {},
        docx("a", "b", change=spaced(2.0)),
        docx("a", "b", change=spaced(1.5)),
    ),
    (documents.compare_line_spacing, (docx("a", change=spaced(2.0)),), {}, None, docx("b", change=spaced(2.0))),
    (
        documents.compare_font_names,
        ({"font_name": "Arial"},),
        {},
        docx("a", change=font(name="Arial")),
        docx("a", "b", change=font(name="Arial")),
    ),
    (
        documents.compare_subscript_contains,
        (SAME_RUNS,),
        {},
        runs(("H", {}), ("2", LOW), ("O", {})),
        runs(("H2", LOW), ("O", {})),
    ),
    (documents.has_page_numbers_in_footers, (), {}, docx("a", change=footed(PAGE)), docx("a", change=footed(text="page"))),
    (documents.is_first_line_centered, (), {}, docx("a", change=aligned(CENTER)), docx("a", "b", change=aligned(CENTER, 1))),
    (
        documents.check_tabstops,
        (docx("a\tb", change=tabbed(2)),),
        {},
        docx("a\tb", change=tabbed(2)),
        docx("a\tb", change=tabbed(2, 3)),
    ),
    (
        documents.check_tabstops,
        (docx("a b\tc"),),
        {"word_number_split_by_tabstop": 2, "index": 0},
        docx("x y\tz"),
        docx("x\ty z"),
    ),
    (documents.contains_page_break, ({"page_break_count": 2},), {}, docx("a", change=broken(2)), docx("a", change=broken(3))),
    (documents.contains_page_break, (), {}, docx("a", change=broken(1)), docx("a")),
    (
        documents.check_italic_font_size_14,
        (ONE,),
        {},
        docx("One", "Two", change=font(italic=True, size=Pt(14))),
        docx("One", "Two", change=font(italic=True, size=Pt(12))),
    ),
    (
        documents.evaluate_strike_through_last_paragraph,
        (ONE,),
        {},
        docx("One", "Two", change=font(1, strike=True)),
        docx("One", "Two", change=font(0, strike=True)),
    ),
    (
        documents.evaluate_colored_words_in_tables,
        (coloured_table(("ant bee", None)),),
        {},
        coloured_table(("ant", RED), (" bee", (0, 0, 254))),
        coloured_table(("ant", BLUE), (" bee", BLUE)),
    ),
    (documents.evaluate_colored_words_in_tables, (coloured_table(("ant", None)),), {}, None, coloured_table(("ant", None))),
    (
        documents.check_highlighted_words,
        (odt("<text:p>a</text:p>"),),
        {},
        odt("<text:p>a</text:p>"),
        yellow('<text:p><text:span text:style-name="T1">a</text:span></text:p>'),
    ),
    (
        documents.compare_highlighted_text,
        (runs(("a", MARKED), ("b", {})),),
        {},
        runs(("a", MARKED), ("c", {})),
        runs(("a", {}), ("b", MARKED)),
    ),
    (
        documents.compare_unique_train_records,
        ([docx(*TRAINS), docx(TRAINS[0], *TRAINS)],),
        {},
        docx(*TRAINS),
        docx(TRAINS[0], *TRAINS),
    ),
    (
        documents.compare_unique_train_records,
        ([docx(*TRAINS), docx(TRAINS[0], *TRAINS)],),
        {},
        None,
        docx(*TRAINS, "8:09,T3,S1,1"),
    ),
    (documents.get_unique_train_ids, (), {}, docx(*TRAINS), ONE),
    (documents.check_no_duplicates, (docx(*TRAINS),), {}, docx(*reversed(TRAINS)), docx(TRAINS[0], *TRAINS)),
    (documents.find_default_font, ({"font_name": "Times New Roman"},), {}, settings("Times New Roman"), settings("Arial")),
    (documents.compare_references, (docx("x", "References", "A. B."),), {}, docx("y", "References", "A. B."), docx("A. B.")),
    (documents.compare_references, (docx("References", "A. B."),), {}, None, docx("References", "A. B.", "C.")),
    (
        documents.compare_insert_equation,
        (docx("a", change=appended(EQUATION)),),
        {},
        docx("a", change=appended(EQUATION)),
        docx("a"),
    ),
    (
        documents.compare_contains_image,
        (docx("a", "b", change=pictured("red")),),
        {},
        docx("a", "c", change=pictured("blue")),
        docx("a", "b", change=pictured("red", paragraph=1)),
    ),
    (documents.evaluate_alignment, (), {}, docx("One two three\tfour five."), docx("One two three four five.")),
    (documents.evaluate_conversion, (), {}, docx("a I b", table=[["c"]]), docx("a", table=[["CAPS"]])),
    (
        documents.evaluate_spacing,
        (),
        {},
        docx("a", "b", "c", change=spaced(1.0, 2.0, 1.5)),
        docx("a", "b", change=spaced(1.0, 2.0)),
    ),
    (
        documents.fuzzy_place_math,
        ({"expected": ["Alpha", "Beta", "Gamma", "Delta"]},),
        {},
        docx("Beta", "", "Alpha Gamma"),
        docx("Alpha Beta"),
    ),
]


def score(metric: Any, *arguments: Any, **options: Any) -> float:
    verdict = metric(*arguments, **options)
    assert isinstance(verdict, Verdict)
    return verdict.score


@pytest.mark.parametrize(("metric", "arguments", "options", "right", "wrong"), CASES)
def test_a_metric_of_documents(metric: Any, arguments: tuple[Any, ...], options: dict[str, Any], right: Any, wrong: Any) -> None:
    assert right is None or score(metric, right, *arguments, **options) == 1
    assert score(metric, wrong, *arguments, **options) == 0


@pytest.mark.parametrize("junk", [b"", b"PK\x03\x04", archive({"word/document.xml": "<x/>"}), None, 3, ONE[:3000]])
@pytest.mark.parametrize(("metric", "arguments", "options"), [case[:3] for case in CASES])
def test_no_document(metric: Any, arguments: tuple[Any, ...], options: dict[str, Any], junk: Any) -> None:
    with pytest.raises(EvidenceMissing):
        metric(junk, *arguments, **options)


USELESS: list[Any] = [b"PK", 3, {}]


@pytest.mark.parametrize("expected", USELESS)
@pytest.mark.parametrize(("metric", "options", "right"), [(case[0], case[2], case[3]) for case in CASES if case[1] and case[3]])
def test_a_useless_reference_is_a_fault_of_the_task(metric: Any, options: dict[str, Any], right: Any, expected: Any) -> None:
    if metric is documents.contains_page_break and expected != b"PK":
        return  # which takes a number, or nothing
    with pytest.raises(CheckerError):
        metric(right, expected, **options)


@pytest.mark.parametrize(
    ("metric", "actual", "arguments", "ours", "published"),
    [
        (documents.compare_docx_files, docx("One", change=appended(INSERTED)), (docx("One more"),), 1, 0),
        (documents.compare_docx_files, docx("One", table=[["x"]]), (docx("One", table=[["y"]]),), 0, 1),
        (
            documents.compare_docx_files,
            odt('<text:h text:outline-level="1">X</text:h><text:p>a</text:p>'),
            (odt("<text:p>a</text:p>"),),
            0,
            1,
        ),
        (documents.compare_docx_files_and_ignore_new_lines, docx("a", table=[["x"]]), (docx("a"),), 0, 1),
        (documents.compare_init_lines, docx("One"), (ONE,), 0, 1),
        (documents.compare_docx_lines, docx("One", "One", "Two"), (ONE,), 0, 1),
        (documents.compare_references, docx("References", "x", "References", "A. B."), (docx("References", "A. B."),), 1, 0),
        (documents.check_no_duplicates, docx(TRAINS[0], *TRAINS), (docx(*TRAINS),), 0, 1),
        (documents.compare_line_spacing, docx("a", change=spaced(None, style=2.0)), (docx("a", change=spaced(2.0)),), 1, 0),
        (documents.compare_font_names, docx("a", change=normal(name="Arial")), ({"font_name": "Arial"},), 1, 0),
        (documents.compare_font_names, docx(""), ({"font_name": "Arial"},), 0, 1),
        (
            documents.compare_subscript_contains,
            runs(("H", {}), ("2", LOW), ("O4", {})),
            (runs(("H", {}), ("2", LOW), ("O", {}), ("4", LOW)),),
            0,
            1,
        ),
        (documents.is_first_line_centered, docx("", "a", change=aligned(CENTER, 1)), (), 1, 0),
        (documents.check_italic_font_size_14, ONE, (ONE,), 0, 1),
        (documents.evaluate_strike_through_last_paragraph, docx("One", ""), (docx("One", ""),), 0, 1),
        (documents.evaluate_spacing, docx("a", "", "b", "c", change=spaced(1.0, None, 2.0, 1.5)), (), 1, 0),
        (documents.evaluate_conversion, docx("some CAPS"), (), 0, 1),
        (documents.evaluate_alignment, docx("One two three four five."), (), 0, 1),
        (
            documents.evaluate_colored_words_in_tables,
            coloured_table(("a", RED), ("nt", RED)),
            (coloured_table(("ant", None)),),
            1,
            0,
        ),
        (
            documents.check_highlighted_words,
            yellow('<text:p text:style-name="T1">a</text:p>', of="paragraph"),
            (odt("<text:p>a</text:p>"),),
            0,
            1,
        ),
        (documents.compare_highlighted_text, runs(("a", MARKED), ("b", MARKED)), (runs(("ab", MARKED)),), 1, 0),
        (documents.contains_page_break, docx("a"), ({"page_break_count": 0},), 1, 0),
        (documents.has_page_numbers_in_footers, docx("a", change=footed(text="2024")), (), 0, 1),
        (documents.compare_docx_images, docx("a", change=pictured("red", "red")), (docx("a", change=pictured("red")),), 0, 1),
        (documents.compare_contains_image, docx("a"), (docx("a", "b", change=pictured("red", paragraph=1)),), 0, 1),
        (documents.compare_insert_equation, docx("a", change=appended(EQUATION)), (docx("a", change=appended(EQUATION)),), 1, 0),
        (documents.compare_insert_equation, docx("a", change=appended(OBJECT)), (docx("a", change=appended(OBJECT)),), 1, 1),
        (
            documents.fuzzy_place_math,
            docx("Alpha Alpha Alpha"),
            ({"expected": ["Alpha", "Beta", "Gamma"]},),
            pytest.approx(0.474, abs=0.001),
            1,
        ),
    ],
)
def test_a_metric_that_differs(metric: Any, actual: bytes, arguments: tuple[Any, ...], ours: Any, published: float) -> None:
    assert score(metric, actual, *arguments) == ours
    assert score(metric, actual, *arguments, published=True) == published


def test_likeness_is_a_share() -> None:
    half = documents.compare_docx_files(docx("abcd"), docx("abxy"), fuzzy_match=True).score
    assert half == documents.compare_docx_files(docx("abcd"), docx("abxy"), content_only=True).score == 0.5
    pairs = documents.compare_docx_files(docx("abcd", "x"), docx("abxy", "x"), fuzzy_match=True, ignore_blanks=False).score
    assert pairs == 0.75
    assert documents.compare_docx_files(docx("abcd"), docx("abxy"), fuzzy_match=True, fuzzy_match_threshold=0.6).score == 0
    assert documents.compare_references(docx("References", "abcdefgh"), docx("References", "abcdefgx")).score == pytest.approx(
        0.75
    )


def test_tab_stops_are_nearly_right() -> None:
    # The page of python-docx has 6 inches between its margins.
    assert documents.check_tabstops(docx("a\tb", change=tabbed(2)), docx("a\tb", change=tabbed(2.6))).score == pytest.approx(
        0.9, abs=1e-3
    )


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ((255, 0, 0), (255, 0, 0), 0),
        ((0, 0, 0), (255, 255, 255), 100),
        ((255, 0, 0), (0, 0, 255), 52.88),
        ((255, 0, 0), (254, 0, 0), 0.24),
    ],
)
def test_distances_of_colours(one: Any, other: Any, distance: float) -> None:
    assert colour_distance(one, other) == pytest.approx(distance, abs=0.05)


def test_a_document_that_declares_a_type_is_not_read() -> None:
    bomb = replaced(ONE, {"word/document.xml": '<!DOCTYPE d [<!ENTITY a "aa">]><d>&a;</d>'})
    with pytest.raises(EvidenceMissing):
        documents.compare_docx_files(bomb, ONE)
