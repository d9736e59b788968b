"""What `compare_pptx_files` examines: each function says in words what differs, nothing where all is as it should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from osarena.grading.words import quote
from osarena_evaluators.osworld._deck import FREEFORM, PICTURE, TABLE, Deck, Paragraph, Run, Shape, Slide


@dataclass(frozen=True, slots=True)
class Switches:
    """What of two presentations is compared; the public names without "examine_"."""

    number_of_slides: bool
    shape: bool
    text: bool
    indent: bool
    font_name: bool
    font_size: bool
    font_bold: bool
    font_italic: bool
    color_rgb: bool
    font_underline: bool
    strike_through: bool
    alignment: bool
    run_count: bool
    bullets: bool
    background_color: bool
    note: bool
    special: tuple[str, ...]  # those of `PLACED` that are on
    tolerance: float
    published: bool


def deck_difference(one: Deck, other: Deck, switches: Switches) -> str:
    """The first difference of two presentations. Slides beyond the shorter one's last count only by their number."""
    if switches.number_of_slides and len(one.slides) != len(other.slides):
        return f"expected {len(other.slides)} slides, found {len(one.slides)}"
    for number, (slide, wanted) in enumerate(zip(one.slides, other.slides, strict=False), start=1):
        if words := _slide_difference(number, slide, wanted, switches):
            return f"slide {number}: {words}"
    return ""


def _slide_difference(number: int, slide: Slide, wanted: Slide, switches: Switches) -> str:
    backgrounds = [one.published_background if switches.published else one.background for one in (slide, wanted)]
    if switches.background_color and backgrounds[0] != backgrounds[1]:
        return f"expected the background {backgrounds[1]}, found {backgrounds[0]}"
    if switches.note and slide.notes != wanted.notes:
        return f"expected the notes {quote(wanted.notes)}, found {quote(slide.notes)}"
    if len(slide.shapes) != len(wanted.shapes):
        return f"expected {len(wanted.shapes)} shapes, found {len(slide.shapes)}"
    for index, (shape, wanted_shape) in enumerate(zip(slide.shapes, wanted.shapes, strict=True), start=1):
        if words := _shape_difference(number, shape, wanted_shape, switches):
            return f"shape {index}: {words}"
    if not switches.published:
        return ""
    return _published_bullets(slide, wanted, switches) or _published_texts(slide, wanted, switches)


def _shape_difference(number: int, shape: Shape, wanted: Shape, switches: Switches) -> str:
    for name in switches.special:
        if not PLACED[name](number, shape, wanted, switches):
            return f"its place or size is not as {name} wants it: {_places(shape, wanted)}"
    if switches.shape and not _counts_as_empty(shape, wanted, switches) and not _same_box(shape, wanted, switches):
        return f"its place or size differs: {_places(shape, wanted)}"
    if words := _table_difference(shape, wanted, switches):
        return words
    if shape.paragraphs is not None and wanted.paragraphs is not None:
        return _text_difference(shape.paragraphs, wanted.paragraphs, switches)
    if switches.published:
        return ""
    if (shape.paragraphs is None) != (wanted.paragraphs is None) or len(shape.parts) != len(wanted.parts):
        return "it is another kind of shape"
    # In a group, the whole says where it is: only texts are compared.
    inner = replace(switches, shape=False, special=())
    differences = (_shape_difference(number, one, two, inner) for one, two in zip(shape.parts, wanted.parts, strict=True))
    return next((f"in the group, {words}" for words in differences if words), "")


def _places(shape: Shape, wanted: Shape) -> str:
    return f"left, top, width and height are {shape.box}, and in the expected file {wanted.box}"


# --- places and sizes ------------------------------------------------------------------------------------------------


def _is_near(one: int | None, other: int | None, switches: Switches) -> bool:
    """Whether two lengths differ by no more than the share of the longer one that is tolerated."""
    if one == other:
        return True
    if not one or not other:
        return False
    return abs(one - other) / max(abs(one), abs(other)) <= switches.tolerance


def _same_box(shape: Shape, wanted: Shape, switches: Switches) -> bool:
    return all(_is_near(one, other, switches) for one, other in zip(shape.box, wanted.box, strict=True))


def _counts_as_empty(shape: Shape, wanted: Shape, switches: Switches) -> bool:
    """Whether both are text boxes with nothing in them, which programs place anew. (The public function: also pictures.)"""
    if not switches.published and (shape.text is None or wanted.text is None):
        return False
    return not (shape.text or "").strip() and not (wanted.text or "").strip()


def _is_lower(shape: Shape, wanted: Shape) -> bool:
    return (shape.box[1] or 0) > (wanted.box[1] or 0) and (shape.box[1] or 0) >= 3_600_000


def _title_at_bottom(number: int, shape: Shape, wanted: Shape, switches: Switches) -> bool:
    if shape.text is None or shape.text != wanted.text:
        return _same_box(shape, wanted, switches)
    return shape.text != "Product Comparison" or _is_lower(shape, wanted)


def _table_at_bottom(number: int, shape: Shape, wanted: Shape, switches: Switches) -> bool:
    if number == 3 and shape.kind == wanted.kind == TABLE:
        return _is_lower(shape, wanted)
    return _same_box(shape, wanted, switches)


def _at_right(number: int, shape: Shape, wanted: Shape, switches: Switches) -> bool:
    if number != 2 or shape.text is not None or wanted.text is not None:
        return True
    return (shape.box[0] or 0) > (wanted.box[0] or 0) and (shape.box[0] or 0) >= 4_320_000


def _at_top(number: int, shape: Shape, wanted: Shape, switches: Switches) -> bool:
    if number != 2 or not shape.kind == wanted.kind == PICTURE:
        return True
    return (shape.box[1] or 0) < (wanted.box[1] or 0) and (shape.box[1] or 0) <= 1_980_000


def _all_but_one_shifted(number: int, shape: Shape, wanted: Shape, switches: Switches) -> bool:
    return shape.text == wanted.text == "Elaborate on what you want to discuss." or _same_box(shape, wanted, switches)


def _picture_size(number: int, shape: Shape, wanted: Shape, switches: Switches) -> bool:
    if not shape.kind == wanted.kind == PICTURE:
        return _same_box(shape, wanted, switches)
    return all(_is_near(shape.box[side], wanted.box[side], switches) for side in (2, 3))


def _changed_height(number: int, shape: Shape, wanted: Shape, switches: Switches) -> bool:
    is_textless = shape.text is None and wanted.text is None
    if is_textless or shape.kind == wanted.kind == FREEFORM:
        return _is_near(shape.box[3], wanted.box[3], switches)
    return _same_box(shape, wanted, switches)


def _any_height(number: int, shape: Shape, wanted: Shape, switches: Switches) -> bool:
    """Text boxes grow with their text. The public functions that could be seen do not look at this switch."""
    return switches.published or all(_is_near(shape.box[side], wanted.box[side], switches) for side in (0, 1, 2))


# What the switches about places and sizes want of each shape. Most are the answer to one task each, with its slide, its
# text and how far (in EMU) something has to be moved.
PLACED: Mapping[str, Callable[[int, Shape, Shape, Switches], bool]] = {
    "examine_title_bottom_position": _title_at_bottom,
    "examine_table_bottom_position": _table_at_bottom,
    "examine_right_position": _at_right,
    "examine_top_position": _at_top,
    "examine_shape_for_shift_size": _all_but_one_shifted,
    "examine_image_size": _picture_size,
    "examine_modify_height": _changed_height,
    "examine_shape_lenient_height": _any_height,
}


# --- texts -----------------------------------------------------------------------------------------------------------


def _table_difference(shape: Shape, wanted: Shape, switches: Switches) -> str:
    if shape.cells is None or wanted.cells is None:
        return "" if shape.cells is None and wanted.cells is None else "only one of both is a table"
    sizes = [[len(row) for row in one.cells or ()] for one in (shape, wanted)]
    if sizes[0] != sizes[1]:
        return f"expected a table with {len(sizes[1])} rows, {sizes[1][:1]} columns, found {len(sizes[0])}, {sizes[0][:1]}"
    if switches.published:
        switches = _as_in_published_tables(switches)
    for number, (row, wanted_row) in enumerate(zip(shape.cells, wanted.cells, strict=True), start=1):
        for column, (cell, wanted_cell) in enumerate(zip(row, wanted_row, strict=True), start=1):
            if words := _text_difference(cell, wanted_cell, switches):
                return f"row {number}, column {column}: {words}"
    return ""


def _text_difference(found: Sequence[Paragraph], wanted: Sequence[Paragraph], switches: Switches) -> str:
    texts = ["\n".join(paragraph.text for paragraph in paragraphs).strip() for paragraphs in (found, wanted)]
    if switches.text and texts[0] != texts[1]:
        return f"expected the text {quote(texts[1])}, found {quote(texts[0])}"
    if len(found) != len(wanted):
        return f"expected {len(wanted)} paragraphs, found {len(found)}"
    differences = (_paragraph_difference(one, other, switches) for one, other in zip(found, wanted, strict=True))
    return next((f"{quote(other.text)}: {words}" for other, words in zip(wanted, differences, strict=True) if words), "")


def _paragraph_difference(one: Paragraph, other: Paragraph, switches: Switches) -> str:
    if switches.alignment and one.alignment != other.alignment:
        return f"expected the alignment {other.alignment}, found {one.alignment}"
    if switches.text and one.text != other.text:
        return f"found {quote(one.text)}"
    is_lenient = switches.published and {one.level, other.level} <= {0, 1}
    if switches.indent and one.level != other.level and not is_lenient:
        return f"expected the level {other.level}, found {one.level}"
    if switches.bullets and not switches.published and one.text.strip() and one.bullet != other.bullet:
        return f"expected the bullet {other.bullet!r}, found {one.bullet!r}"
    looks, wanted_looks = _looks(one, switches), _looks(other, switches)
    if switches.run_count and len(looks) != len(wanted_looks):
        return f"expected {len(wanted_looks)} parts that look different, found {len(looks)}"
    pairs = zip(looks, wanted_looks, strict=False)
    differences = (_look_difference(*pair, switches) for pair in pairs)
    return next((words for words in differences if words), "")


def _looks(paragraph: Paragraph, switches: Switches) -> list[Run]:
    """The runs; where they look the same in what is compared, neighbours are one, however the program has cut the text."""
    if switches.published:
        return [run for run in paragraph.runs if run.text or paragraph.text.strip()]
    runs = [run for run in paragraph.runs if run.text]
    groups = (list(group) for _, group in groupby(runs, key=lambda run: tuple(_compared_looks(run, switches))))
    return [replace(group[0], text="".join(run.text for run in group)) for group in groups]


def _compared_looks(run: Run, switches: Switches) -> Iterator[tuple[str, Any]]:
    """What of a run is compared. What is neither on nor off is off."""
    if switches.font_name:
        yield "font", run.font
    if switches.font_size:
        yield "size", run.size
    if switches.font_bold:
        yield "bold", bool(run.bold)
    if switches.font_italic:
        yield "italic", bool(run.italic)
    if switches.color_rgb and not switches.published:
        yield "colour", run.colour
    if switches.font_underline and not switches.published:
        yield "underline", run.underline or False
    if switches.strike_through:
        yield "strike", run.strike


def _look_difference(one: Run, other: Run, switches: Switches) -> str:
    for (name, value), (_, wanted) in zip(_compared_looks(one, switches), _compared_looks(other, switches), strict=True):
        if value != wanted:
            return f"{quote(one.text)}: expected {name} {wanted}, found {value}"
    if switches.run_count and not switches.published and switches.text and one.text != other.text:
        return f"the look of {quote(other.text)} is that of {quote(one.text)}"
    return _published_difference(one, other, switches) if switches.published else ""


# --- as published ----------------------------------------------------------------------------------------------------


def _as_in_published_tables(switches: Switches) -> Switches:
    """The public function looks at these looks of tables, whatever the switches say, and at no others."""
    always = replace(switches, font_bold=True, font_italic=True, font_underline=True)
    return replace(always, text=False, alignment=False, indent=False, font_name=False, font_size=False, strike_through=False)


def _published_difference(one: Run, other: Run, switches: Switches) -> str:
    """Colours are compared only where both are given as red, green and blue, underlines only where both are given."""
    if switches.color_rgb and one.rgb and other.rgb and one.rgb != other.rgb:
        return f"expected colour {other.rgb}, found {one.rgb}"
    lines = (one.underline, other.underline)
    if switches.font_underline and lines[0] != lines[1] and (None not in lines or True in lines):
        return f"expected underline {lines[1]}, found {lines[0]}"
    return ""


def _published_bullets(slide: Slide, wanted: Slide, switches: Switches) -> str:
    """All paragraphs of a slide, also their texts, once any run was compared."""
    is_compared = any(paragraph.runs for shape in slide.shapes for paragraph in shape.paragraphs or ())
    return "the bullets differ" if switches.bullets and is_compared and slide.listed != wanted.listed else ""


def _published_texts(slide: Slide, wanted: Slide, switches: Switches) -> str:
    """Texts in groups are compared only together with the alignment, and by nothing else."""
    texts, wanted_texts = ([*_all_texts(one.shapes)] for one in (slide, wanted))
    if len(texts) != len(wanted_texts):
        return f"expected {len(wanted_texts)} texts, found {len(texts)}"
    if not switches.alignment:
        return ""
    plain = replace(switches, font_bold=False, font_italic=False, font_underline=False, color_rgb=False, run_count=False)
    only = replace(plain, indent=False, font_name=False, font_size=False, strike_through=False)
    differences = (_text_difference(one, other, only) for one, other in zip(texts, wanted_texts, strict=True))
    return next((words for words in differences if words), "")


def _all_texts(shapes: Sequence[Shape]) -> Iterator[Sequence[Paragraph]]:
    for shape in shapes:
        if shape.paragraphs is not None:
            yield shape.paragraphs
        yield from _all_texts(shape.parts)
