"""Presentations, and the settings of the program that shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import dist, sqrt
from typing import Any

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.osworld._deck import PICTURE, Deck, Shape, Slide, read_deck
from osarena_evaluators.osworld._deck_compared import PLACED, Switches, deck_difference
from osarena_evaluators.osworld._files import File, found, wanted
from osarena_evaluators.osworld._numbered import Colour, number_colours, p, published_number_colour, slide_paths
from osarena_evaluators.osworld._registry import registry
from osarena_evaluators.readers.archives import open_archive, parse_xml
from osarena_evaluators.readers.packages import part

DEVIATIONS: Mapping[str, str] = {
    "compare_pptx_files": (
        "The public one fails where a program cut text that looks the same into other runs, lets colours pass that are not "
        "given as red, green and blue, and levels 0 and 1 for the same, ignores places of pictures and tables, the texts of "
        "tables, numbered lists and what is in groups, does not see backgrounds of layouts and of the theme, compares tables "
        "whatever the switches say, and does not know examine_shape_lenient_height; ours compares all that a switch names."
    ),
    "check_page_number_colors": (
        "The public one takes the last but one colour of the first master for that of the numbers, cuts it at the wrong "
        "place, so that blue is never blue, and accepts any colour whose name it does not know; ours looks at the numbers."
    ),
    "check_slide_numbers_color": (
        "The public one looks at the masters alone, and gives no score where no slide has a text of digits; ours looks at the "
        "colour in which each slide shows its number."
    ),
    "check_strikethrough": ("The public one looks at the first run of a paragraph alone; ours at all of its text."),
    "check_transition": "The public one finds a slide by the number in its file's name; ours by its place.",
    "check_auto_saving_time": "The public one does not see that saving is switched off; ours gives 0 then.",
    "evaluate_presentation_fill_to_rgb_distance": (
        "The public one does not see colours of the theme nor those of layouts; ours does."
    ),
}


@metric
def compare_pptx_files(
    actual: File,
    expected: File,
    *,
    examine_number_of_slides: bool = True,
    examine_shape: bool = True,
    examine_text: bool = True,
    examine_indent: bool = True,
    examine_font_name: bool = True,
    examine_font_size: bool = True,
    examine_font_bold: bool = True,
    examine_font_italic: bool = True,
    examine_color_rgb: bool = True,
    examine_font_underline: bool = True,
    examine_strike_through: bool = True,
    examine_alignment: bool = True,
    examine_run_count: bool = True,
    examine_bullets: bool = True,
    examine_background_color: bool = True,
    examine_note: bool = True,
    examine_title_bottom_position: bool = False,
    examine_table_bottom_position: bool = False,
    examine_right_position: bool = False,
    examine_top_position: bool = False,
    examine_shape_for_shift_size: bool = False,
    examine_image_size: bool = False,
    examine_modify_height: bool = False,
    examine_shape_lenient_height: bool = False,
    approximately_tolerance: float = 0.005,
    enable_debug: bool = True,
    _note: str = "",
    published: bool = False,
) -> Verdict:
    """1 if two presentations are the same in all that is examined.

    Slide by slide and shape by shape, in their order: the first eight position and size switches (see `PLACED`) are off by
    default, all others on. Lengths may differ by the share `approximately_tolerance` of the longer one. `enable_debug` and
    `_note` are found in task files and change nothing.
    """
    switches = _switches(locals())
    words = deck_difference(read_deck(found(actual)), wanted(read_deck, expected), switches)
    return Verdict(0.0, words[:900]) if words else Verdict(1.0, "the presentations are the same in what is examined")


def _switches(options: Mapping[str, Any]) -> Switches:
    tolerance = options["approximately_tolerance"]
    if not isinstance(tolerance, int | float):
        raise CheckerError(f"approximately_tolerance is a share, not {quote(tolerance)}")
    plain = {name.removeprefix("examine_"): bool(value) for name, value in options.items() if name.startswith("examine_")}
    return Switches(
        **{name: value for name, value in plain.items() if f"examine_{name}" not in PLACED},
        special=tuple(name for name in PLACED if options[name]),
        tolerance=tolerance,
        published=options["published"],
    )


# --- what a rule says of a presentation ------------------------------------------------------------------------------


def _of_rules(rules: Any, name: str, kind: type | tuple[type, ...]) -> Any:
    """What the task's rules say. Raises CheckerError where they do not, or something else."""
    value = rules.get(name) if isinstance(rules, Mapping) else None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise CheckerError(f"expected {name!r} in the task's rules, found {quote(rules)}")
    return value


@metric
def check_transition(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if the slide number `slide_idx` (from 0) has a transition of the kind `transition_type` ("dissolve")."""
    number, kind = _of_rules(expected, "slide_idx", int), _of_rules(expected, "transition_type", str)
    archive = open_archive(found(actual))
    paths = slide_paths(archive)
    path = f"ppt/slides/slide{number + 1}.xml" if published else paths[number] if 0 <= number < len(paths) else ""
    if path not in archive.namelist():
        return Verdict(0.0, f"there is no slide {number + 1}")
    kinds = {child.tag.rpartition("}")[2] for one in part(archive, path).iter(p("transition")) for child in one.iter()}
    return Verdict(1.0) if kind in kinds else Verdict(0.0, f"expected the transition {kind!r}, found {quote(sorted(kinds))}")


_NEAR = 50  # how far a colour has to lie above the two others, or how near all have to be to black
_NAMED: Mapping[str, Callable[[int, int, int], bool]] = {
    "red": lambda red, green, blue: red > green + _NEAR and red > blue + _NEAR,
    "green": lambda red, green, blue: green > red + _NEAR and green > blue + _NEAR,
    "blue": lambda red, green, blue: blue > red + _NEAR and blue > green + _NEAR,
    "black": lambda red, green, blue: max(red, green, blue) < _NEAR,
}


@metric
def check_page_number_colors(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if the numbers that the slides show are in the `color` "red", "green", "blue" or "black", or nearly."""
    name = _of_rules(expected, "color", str)
    data = found(actual)
    if published:
        digits = published_number_colour(data)
        red, green, blue = (int(digits[start : start + 2] or "0", 16) for start in (1, 3, 5))
        return _all_coloured([(red, green, blue)], _NAMED.get(name, lambda *_: True), name)
    if name not in _NAMED:
        raise CheckerError(f"the task wants {name!r:.40}, but only {', '.join(_NAMED)} are known")
    return _all_coloured(number_colours(data), _NAMED[name], name)


@metric
def check_slide_numbers_color(actual: File, *, published: bool = False) -> Verdict:
    """1 if the numbers that the slides show are red: (255, 0, 0)."""
    data = found(actual)
    colours = number_colours(data, of_masters=published)
    if published and not any((shape.text or "").isdigit() for slide in read_deck(data).slides for shape in slide.shapes):
        return Verdict(0.0, "no slide has a text of digits")
    return _all_coloured(colours, lambda *colour: colour == (255, 0, 0), "red")


def _all_coloured(colours: list[Colour | None], is_right: Callable[[int, int, int], bool], name: str) -> Verdict:
    if not colours:
        return Verdict(0.0, "no slide shows its number")
    wrong = [colour for colour in colours if colour is None or not is_right(*colour)]
    return Verdict(0.0, f"expected numbers in {name}, found {wrong[0] or 'no colour'}") if wrong else Verdict(1.0)


@metric
def check_slide_orientation_Portrait(actual: File) -> Verdict:  # noqa: N802  the public name
    """1 if the slides are higher than wide."""
    deck = read_deck(found(actual))
    return Verdict(float(deck.width < deck.height), f"the slides are {deck.width} wide and {deck.height} high")


@metric
def check_strikethrough(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if each of the paragraphs `paragraph_index_s` of each shape of `shape_index_s` of each slide is struck through."""
    names = ("slide_index_s", "shape_index_s", "paragraph_index_s")
    slides, shapes, paragraphs = (_of_rules(expected, name, list) for name in names)
    deck = read_deck(found(actual))
    for place in [(slide, shape, number) for slide in slides for shape in shapes for number in paragraphs]:
        struck = _strikes(deck, place)
        if not struck or "noStrike" in (struck[:1] if published else struck):
            return Verdict(0.0, f"paragraph {place[2]} of shape {place[1]} of slide {place[0]} is not struck through")
    return Verdict(1.0)


def _strikes(deck: Deck, place: tuple[int, int, int]) -> list[str] | None:
    """The marks of the runs of a paragraph; None where there is no such paragraph."""
    slide, shape, number = place
    try:
        paragraphs = deck.slides[slide].shapes[shape].paragraphs or ()
        return [run.strike for run in paragraphs[number].runs if run.text.strip()]
    except (IndexError, TypeError):
        return None


_HALF_AN_INCH = 457_200


@metric
def check_image_stretch_and_center(actual: File, expected: File) -> Verdict:
    """1 if the first picture on the first slide of the `expected`, original presentation now fills the slide.

    Its size and its middle may be off by half an inch.
    """
    original = wanted(read_deck, expected)
    before = next((shape for shape in _pictures(original)), None)
    if before is None:
        raise CheckerError("the first slide of the original presentation has no picture")
    after = [shape for shape in _pictures(read_deck(found(actual))) if shape.picture == before.picture]
    if any(_fills(shape, original) for shape in after):
        return Verdict(1.0)
    return Verdict(0.0, f"the picture does not fill the slide: {after[-1].box}" if after else "the picture is not there")


def _pictures(deck: Deck) -> list[Shape]:
    return [shape for shape in deck.slides[0].shapes if shape.kind == PICTURE and shape.picture] if deck.slides else []


def _fills(shape: Shape, deck: Deck) -> bool:
    left, top, width, height = (value or 0 for value in shape.box)
    off = (width - deck.width, height - deck.height, left - (deck.width - width) / 2, top - (deck.height - height) / 2)
    return all(abs(length) <= _HALF_AN_INCH for length in off)


@metric
def evaluate_presentation_fill_to_rgb_distance(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """How near the backgrounds of the slides are to the colour `rgb`: 1 minus the mean distance, black and white being 1 apart.

    A background without a plain colour, and one that is still as it was (`original_rgb`), is as far away as can be.
    """
    goal, before = _rgb(expected, "rgb"), _rgb(expected, "original_rgb") if "original_rgb" in expected else None
    deck = read_deck(found(actual))
    if not deck.slides:
        raise EvidenceMissing("the presentation has no slides")
    distances = [_distance(slide, goal, before, published) for slide in deck.slides]
    score = min(max(1 - sum(distances) / len(distances), 0.0), 1.0)
    return Verdict(score, f"the backgrounds are {1 - score:.3f} away from {goal} on average")


def _rgb(rules: Any, name: str) -> tuple[int, ...]:
    colour = _of_rules(rules, name, (list, tuple))
    if len(colour) != 3 or not all(isinstance(value, int) for value in colour):
        raise CheckerError(f"{name!r} in the task is no colour: {quote(colour)}")
    return tuple(colour)


def _distance(slide: Slide, goal: tuple[int, ...], before: tuple[int, ...] | None, published: bool) -> float:
    text = slide.published_background if published else slide.background
    try:
        colour = tuple(bytes.fromhex((text or "")[:6]))
    except ValueError:
        return 1.0
    return 1.0 if len(colour) != 3 or colour == before else dist(colour, goal) / sqrt(3 * 255**2)


# --- settings of LibreOffice, and its window -------------------------------------------------------------------------

_SAVING = "/org.openoffice.Office.Common/Save/Document"
_STARTING = "/org.openoffice.Office.Impress/Misc/Start"


@metric
def check_presenter_console_disable(actual: File) -> Verdict:
    """1 if LibreOffice's settings say that the presenter's console is not shown."""
    settings = registry(found(actual))
    shown = settings.get((_STARTING, "EnablePresenterScreen"), "")
    return Verdict(float(shown.strip().lower() == "false"), f"EnablePresenterScreen is {shown or 'not set'}")


@metric
def check_auto_saving_time(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if LibreOffice's settings say that documents are saved every so many `minutes`."""
    minutes = _of_rules(expected, "minutes", int)
    settings = registry(found(actual))
    time = settings.get((_SAVING, "AutoSaveTimeIntervall"), "")
    if settings.get((_SAVING, "AutoSave"), "").strip() == "false" and not published:
        return Verdict(0.0, "documents are not saved by themselves")
    return Verdict(float(time.strip() == str(minutes)), f"expected {minutes} minutes, found {time or 'none'}"[:200])


@metric
def check_left_panel(actual: str) -> Verdict:
    """1 if the accessibility tree (XML) has Impress's panel of slides at the left: a document frame "Slides View"."""
    if not isinstance(actual, str | bytes):
        raise EvidenceMissing(f"expected an accessibility tree, found {quote(actual)}")
    root = parse_xml(actual.encode("utf-8", "surrogatepass") if isinstance(actual, str) else actual, "the accessibility tree")
    is_there = any(frame.get("name") == "Slides View" for frame in root.iter("document-frame"))
    return Verdict(float(is_there), "" if is_there else "there is no document frame 'Slides View'")
