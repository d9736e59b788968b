"""OSWorld's checks of presentations: each switch, and where ours differs from the published behaviour."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from zipfile import ZipFile

import pytest
from PIL import Image
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import PP_ALIGN
from pptx.util import Emu, Pt

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict
from osarena_evaluators.osworld import slides
from tests.support.office import archive, replaced

Change = Callable[[Any], object]
INCH = 914400


def png(colour: str = "red") -> bytes:
    saved = io.BytesIO()
    Image.new("RGB", (8, 6), colour).save(saved, "PNG")
    return saved.getvalue()


def deck(*changes: Change, count: int = 3) -> bytes:
    """Slides with a text box, a picture, and a table on the third, changed by the functions given."""
    made: Any = Presentation()
    for number in range(count):
        slide = made.slides.add_slide(made.slide_layouts[6])
        frame = slide.shapes.add_textbox(INCH, INCH, 2 * INCH, INCH).text_frame
        frame.text = f"Slide {number}"
        frame.add_paragraph().text = "Second line"
        slide.shapes.add_picture(io.BytesIO(png()), INCH, 3 * INCH, INCH, INCH)
        if number == 2:
            table = slide.shapes.add_table(2, 2, INCH, 2 * INCH, 4 * INCH, INCH).table
            table.cell(0, 0).text = "Cell"
    for change in changes:
        change(made)
    saved = io.BytesIO()
    made.save(saved)
    return saved.getvalue()


def run(made: Any, slide: int = 0) -> Any:
    return made.slides[slide].shapes[0].text_frame.paragraphs[0].runs[0]


def moved(shape: int, slide: int = 0, **places: int) -> Change:
    def change(made: Any) -> None:
        for name, value in places.items():
            setattr(made.slides[slide].shapes[shape], name, Emu(value))

    return change


def looks(slide: int = 0, **values: Any) -> Change:
    def change(made: Any) -> None:
        for name, value in values.items():
            setattr(run(made, slide).font, name, value)

    return change


def coloured(red: int = 255, theme: Any = None) -> Change:
    def change(made: Any) -> None:
        if theme is None:
            run(made).font.color.rgb = RGBColor(red, 0, 0)  # type: ignore[no-untyped-call]
        else:
            run(made).font.color.theme_color = theme

    return change


def text(value: str, slide: int = 0) -> Change:
    return lambda made: setattr(run(made, slide), "text", value)


def background(colour: str, of: Callable[[Any], Any] = lambda made: made.slides[0]) -> Change:
    def change(made: Any) -> None:
        fill = of(made).background.fill
        fill.solid()
        fill.fore_color.rgb = RGBColor.from_string(colour)  # type: ignore[no-untyped-call]

    return change


def bullet(kind: str = '<a:buChar xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" char="-"/>') -> Change:
    from pptx.oxml import parse_xml

    def change(made: Any) -> None:
        made.slides[0].shapes[0].text_frame.paragraphs[0]._p.get_or_add_pPr().append(parse_xml(kind))

    return change


def cell(change: Change) -> Change:
    return lambda made: change(made.slides[2].shapes[2].table.cell(0, 0).text_frame.paragraphs[0].runs[0])


def paragraph(**values: Any) -> Change:
    def change(made: Any) -> None:
        for name, value in values.items():
            setattr(made.slides[0].shapes[0].text_frame.paragraphs[0], name, value)

    return change


def titled(made: Any) -> None:
    made.slides[0].shapes[0].text_frame.text = "Product Comparison"


def split_run(made: Any) -> None:
    first = made.slides[0].shapes[0].text_frame.paragraphs[0]
    first.runs[0].text = "Sli"
    first.add_run().text = "de 0"


def grouped(words: str) -> Change:
    def change(made: Any) -> None:
        group = made.slides[0].shapes.add_group_shape()
        group.shapes.add_textbox(0, 0, INCH, INCH).text_frame.text = words

    return change


def notes(words: str) -> Change:
    return lambda made: setattr(made.slides[0].notes_slide.notes_text_frame, "text", words)


def score(actual: Any, expected: Any, **options: Any) -> float:
    verdict = slides.compare_pptx_files(actual, expected, **options)
    assert isinstance(verdict, Verdict)
    assert verdict.score == 1 or verdict.reason
    return verdict.score


PLAIN = deck()
RED, DARK_RED = coloured(255), coloured(200)

# The switch, what it sees, and what it needs beside it.
SWITCHED: list[tuple[str, bytes, bytes, dict[str, Any]]] = [
    ("number_of_slides", deck(count=2), deck(count=1), {}),
    ("shape", deck(moved(0, left=2 * INCH)), PLAIN, {}),
    ("shape", deck(moved(1, left=2 * INCH)), PLAIN, {}),
    ("text", deck(text("Slide X")), PLAIN, {}),
    ("indent", deck(paragraph(level=2)), PLAIN, {}),
    ("font_name", deck(looks(name="Arial")), PLAIN, {}),
    ("font_size", deck(looks(size=Pt(30))), PLAIN, {}),
    ("font_bold", deck(looks(bold=True)), PLAIN, {}),
    ("font_italic", deck(looks(italic=True)), PLAIN, {}),
    ("font_underline", deck(looks(underline=True)), PLAIN, {}),
    ("strike_through", deck(lambda made: run(made).font._element.set("strike", "sngStrike")), PLAIN, {}),
    ("color_rgb", deck(RED), deck(DARK_RED), {}),
    ("alignment", deck(paragraph(alignment=PP_ALIGN.CENTER)), PLAIN, {}),
    ("bullets", deck(bullet()), PLAIN, {}),
    ("background_color", deck(background("FF0000")), PLAIN, {}),
    ("note", deck(notes("Say this")), PLAIN, {}),
]


@pytest.mark.parametrize("published", [False, True])
@pytest.mark.parametrize(("switch", "actual", "expected", "options"), SWITCHED)
def test_a_switch_of_presentations(switch: str, actual: bytes, expected: bytes, options: dict[str, Any], published: bool) -> None:
    is_picture = switch == "shape" and published and actual == SWITCHED[2][1]  # of which the public function looks at no place
    assert score(actual, expected, published=published, **options) == float(is_picture)
    off = options | {f"examine_{switch}": False}
    if switch == "text" and published:
        off["examine_bullets"] = False  # where the public function looks at texts, too
    assert score(actual, expected, published=published, **off) == 1
    assert score(expected, expected, published=published) == 1


PLACES: list[tuple[str, bytes, bytes, bytes]] = [
    # switch, expected, right, wrong; with examine_shape=False
    (
        "title_bottom_position",
        deck(titled),
        deck(titled, moved(0, top=4_000_000)),
        deck(titled),
    ),
    ("table_bottom_position", PLAIN, deck(moved(2, 2, top=4_000_000)), deck(moved(2, 2, top=3_000_000))),
    ("right_position", PLAIN, deck(moved(1, 1, left=5_000_000)), PLAIN),
    ("top_position", PLAIN, deck(moved(1, 1, top=0)), PLAIN),
    ("shape_for_shift_size", PLAIN, PLAIN, deck(moved(0, width=INCH))),
    ("image_size", PLAIN, deck(moved(1, left=0)), deck(moved(1, height=2 * INCH))),
    ("modify_height", PLAIN, deck(moved(1, left=0)), deck(moved(1, height=2 * INCH))),
    ("shape_lenient_height", PLAIN, deck(moved(0, height=2 * INCH)), deck(moved(0, width=INCH))),
]


@pytest.mark.parametrize(("switch", "expected", "right", "wrong"), PLACES)
def test_a_switch_about_places(switch: str, expected: bytes, right: bytes, wrong: bytes) -> None:
    options = {f"examine_{switch}": True, "examine_shape": False}
    assert score(right, expected, **options) == 1
    assert score(wrong, expected, **options) == 0
    assert score(right, expected, published=True, **options) == 1
    assert score(wrong, expected, published=True, **options) == float(switch == "shape_lenient_height")


def test_tolerance() -> None:
    near = deck(moved(0, width=2 * INCH + 10_000))
    assert score(near, PLAIN) == 0
    assert score(near, PLAIN, approximately_tolerance=0.01, _note="why") == 1


@pytest.mark.parametrize(
    ("actual", "expected", "ours", "published"),
    [
        (deck(split_run), PLAIN, 1, 0),
        (PLAIN, deck(RED), 0, 1),
        (deck(coloured(theme=MSO_THEME_COLOR.ACCENT_1)), deck(RED), 0, 1),
        (deck(coloured(0)), PLAIN, 1, 1),  # the theme's colour for texts
        (deck(paragraph(level=1)), PLAIN, 0, 1),
        (deck(moved(1, left=0)), PLAIN, 0, 1),
        (deck(cell(lambda one: setattr(one.font, "name", "Arial"))), PLAIN, 0, 1),
        (deck(grouped("one")), deck(grouped("two")), 0, 0),
        (
            deck(bullet('<a:buAutoNum xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" type="arabicPeriod"/>')),
            PLAIN,
            0,
            1,
        ),
        (deck(background("FF0000", lambda made: made.slide_layouts[6])), PLAIN, 0, 1),
    ],
)
def test_where_ours_is_right_and_the_published_one_is_not(actual: bytes, expected: bytes, ours: float, published: float) -> None:
    assert score(actual, expected) == ours
    assert score(actual, expected, published=True) == published


def test_in_groups_and_tables_the_switches_count() -> None:
    bold = deck(cell(lambda one: setattr(one.font, "bold", True)))
    assert score(bold, PLAIN) == 0
    assert score(bold, PLAIN, examine_font_bold=False) == 1
    assert score(bold, PLAIN, examine_font_bold=False, published=True) == 0
    one, two = deck(grouped("one")), deck(grouped("two"))
    assert score(one, two, examine_alignment=False, examine_bullets=False) == 0
    assert score(one, two, examine_alignment=False, examine_bullets=False, published=True) == 1


WRONG_REFERENCES: list[Any] = [None, b"PK", 3, {}]
JUNK: list[Any] = [b"", b"PK\x03\x04", archive({"ppt/presentation.xml": "<x/>"}), None, 3, PLAIN[:2000]]
REGISTRY = '<oor:items xmlns:oor="http://openoffice.org/2001/registry">{}</oor:items>'
_ITEM = '<item oor:path="/org.openoffice.Office.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'


def settings(*items: tuple[str, str, str]) -> bytes:
    return REGISTRY.format("".join(_ITEM.format(*item) for item in items)).encode()


def member(data: bytes, name: str) -> bytes:
    with ZipFile(io.BytesIO(data)) as file:
        return file.read(name)


def with_transition(kind: str) -> bytes:
    words = f"<p:transition><p:{kind}/></p:transition></p:sld>".encode()
    return replaced(PLAIN, {"ppt/slides/slide1.xml": member(PLAIN, "ppt/slides/slide1.xml").replace(b"</p:sld>", words)})


def swapped(made: Any) -> None:
    listed = made.slides._sldIdLst
    listed.insert(0, listed[1])


def numbered(colour: str | None, at: str = "slide") -> bytes:
    """A deck whose first slide shows its number, in a colour that the slide or its master gives to it."""
    from pptx.oxml import parse_xml

    schemas = "http://schemas.openxmlformats.org"
    spaces = f'xmlns:a="{schemas}/drawingml/2006/main" xmlns:p="{schemas}/presentationml/2006/main"'

    def shape(fill: str) -> Any:
        look = f'<a:rPr lang="en">{fill}</a:rPr>'
        field = '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum">'
        body = f"<a:bodyPr/><a:p>{field}{look}<a:t>1</a:t></a:fld></a:p>"
        name = '<p:nvSpPr><p:cNvPr id="99" name="N"/><p:cNvSpPr/><p:nvPr><p:ph type="sldNum"/></p:nvPr></p:nvSpPr>'
        return parse_xml(f"<p:sp {spaces}>{name}<p:spPr/><p:txBody>{body}</p:txBody></p:sp>")

    fill = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>' if colour else ""

    def change(made: Any) -> None:
        made.slides[0].shapes._spTree.append(shape(fill if at == "slide" else ""))
        for one in list(made.slide_master.placeholders):
            if one.placeholder_format.type == 13:
                one._element.getparent().replace(one._element, shape(fill if at == "master" else ""))

    return deck(change)


def two_colours(colour: str) -> bytes:
    """The same, with two colours in the master that have nothing to do with it."""
    data, name = numbered(colour), "ppt/slideMasters/slideMaster1.xml"
    fill = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>' * 2
    extension = f"<p:extLst><p:ext>{fill}</p:ext></p:extLst></p:sldMaster>".encode()
    return replaced(data, {name: member(data, name).replace(b"</p:sldMaster>", extension)})


def filled(colour: str) -> bytes:
    return deck(*(background(colour, lambda made, number=number: made.slides[number]) for number in range(3)))  # type: ignore[misc]


struck = deck(lambda made: run(made).font._element.set("strike", "sngStrike"))
half_struck = deck(
    lambda made: run(made).font._element.set("strike", "sngStrike"),
    lambda made: made.slides[0].shapes[0].text_frame.paragraphs[0].add_run().__setattr__("text", " more"),
)
FIRST = {"slide_index_s": [0], "shape_index_s": [0], "paragraph_index_s": [0]}
stretched = deck(moved(1, left=0, top=0, width=10 * INCH, height=7 * INCH + INCH // 2))
SAVING, STARTING = "Common/Save/Document", "Impress/Misc/Start"
TREE = '<desktop-frame><document-frame name="Slides View"/></desktop-frame>'

CASES: list[tuple[Any, tuple[Any, ...], Any, Any]] = [
    # metric, arguments after the first, right, wrong
    (slides.compare_pptx_files, (PLAIN,), PLAIN, deck(text("X"))),
    (
        slides.check_transition,
        ({"slide_idx": 0, "transition_type": "dissolve"},),
        with_transition("dissolve"),
        with_transition("fade"),
    ),
    (slides.check_transition, ({"slide_idx": 9, "transition_type": "dissolve"},), None, with_transition("dissolve")),
    (slides.check_page_number_colors, ({"color": "blue"},), numbered("0000EE", "master"), numbered("EE0000", "master")),
    (slides.check_page_number_colors, ({"color": "red"},), numbered("EE0000"), numbered(None)),
    (slides.check_page_number_colors, ({"color": "black"},), numbered("000000"), numbered("666666")),
    (slides.check_page_number_colors, ({"color": "green"},), numbered("00AA00"), PLAIN),
    (slides.check_slide_numbers_color, (), numbered("FF0000", "master"), numbered("FE0000", "master")),
    (slides.check_slide_orientation_Portrait, (), deck(lambda made: setattr(made, "slide_width", INCH)), PLAIN),
    (slides.check_strikethrough, (FIRST,), struck, PLAIN),
    (slides.check_strikethrough, (FIRST | {"shape_index_s": [8]},), None, struck),
    (slides.check_image_stretch_and_center, (PLAIN,), stretched, PLAIN),
    (
        slides.evaluate_presentation_fill_to_rgb_distance,
        ({"rgb": [0, 0, 255], "original_rgb": [255, 255, 255]},),
        filled("0000FF"),
        filled("FFFFFF"),
    ),
    (slides.check_presenter_console_disable, (), settings((STARTING, "EnablePresenterScreen", "false")), settings()),
    (
        slides.check_auto_saving_time,
        ({"minutes": 3},),
        settings((SAVING, "AutoSaveTimeIntervall", "3")),
        settings((SAVING, "AutoSaveTimeIntervall", "5")),
    ),
    (slides.check_left_panel, (), TREE, "<desktop-frame/>"),
]


@pytest.mark.parametrize(("metric", "arguments", "right", "wrong"), CASES)
def test_a_metric_of_slides(metric: Any, arguments: tuple[Any, ...], right: Any, wrong: Any) -> None:
    assert right is None or metric(right, *arguments).score == 1
    assert metric(wrong, *arguments).score == 0


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize(("metric", "arguments"), [case[:2] for case in CASES])
def test_no_presentation(metric: Any, arguments: tuple[Any, ...], junk: Any) -> None:
    with pytest.raises(EvidenceMissing):
        metric(junk, *arguments)


@pytest.mark.parametrize(
    ("metric", "actual", "expected"),
    [
        *((metric, case[2] or PLAIN, junk) for case in CASES if case[1] for metric in [case[0]] for junk in WRONG_REFERENCES),
        (slides.check_page_number_colors, PLAIN, {"color": "violet"}),
        (slides.check_image_stretch_and_center, PLAIN, deck(count=0)),
        (slides.evaluate_presentation_fill_to_rgb_distance, PLAIN, {"rgb": [1, 2]}),
    ],
)
def test_a_useless_reference_is_a_fault_of_the_task(metric: Any, actual: Any, expected: Any) -> None:
    with pytest.raises(CheckerError):
        metric(actual, expected)


def test_a_background_may_be_nearly_right() -> None:
    rules = {"rgb": [0, 0, 255]}
    assert slides.evaluate_presentation_fill_to_rgb_distance(filled("0000CC"), rules).score == pytest.approx(
        1 - 51 / (3 * 255**2) ** 0.5
    )
    with pytest.raises(EvidenceMissing):
        slides.evaluate_presentation_fill_to_rgb_distance(deck(count=0), rules)


@pytest.mark.parametrize(
    ("metric", "actual", "arguments", "ours", "published"),
    [
        (slides.check_transition, with_transition("fade"), ({"slide_idx": 0, "transition_type": "fade"},), 1, 1),
        (slides.check_page_number_colors, two_colours("0000FF"), ({"color": "blue"},), 1, 0),
        (slides.check_slide_numbers_color, numbered("FF0000"), (), 1, 0),
        (slides.check_strikethrough, half_struck, (FIRST,), 0, 1),
        (
            slides.check_auto_saving_time,
            settings((SAVING, "AutoSaveTimeIntervall", "3"), (SAVING, "AutoSave", "false")),
            ({"minutes": 3},),
            0,
            1,
        ),
        (
            slides.evaluate_presentation_fill_to_rgb_distance,
            deck(background("0000FF", lambda made: made.slide_layouts[6])),
            ({"rgb": [0, 0, 255]},),
            1,
            0,
        ),
    ],
)
def test_a_metric_that_differs(metric: Any, actual: bytes, arguments: tuple[Any, ...], ours: float, published: float) -> None:
    assert metric(actual, *arguments).score == ours
    assert metric(actual, *arguments, published=True).score == published


def test_slides_are_counted_by_their_place() -> None:
    made: Any = Presentation(io.BytesIO(with_transition("fade")))
    swapped(made)
    saved = io.BytesIO()
    made.save(saved)  # python-pptx names the files by their places again
    first = {"slide_idx": 0, "transition_type": "fade"}
    listing = member(PLAIN, "ppt/presentation.xml")
    start, end = listing.index(b"<p:sldIdLst>"), listing.index(b"</p:sldIdLst>")
    entries = listing[start + 12 : end].replace(b"/>", b"/>\n").split(b"\n")
    turned = listing[: start + 12] + entries[1] + entries[0] + entries[2] + listing[end:]
    data = replaced(with_transition("fade"), {"ppt/presentation.xml": turned})
    assert slides.check_transition(data, first).score == 0
    assert slides.check_transition(data, first, published=True).score == 1
