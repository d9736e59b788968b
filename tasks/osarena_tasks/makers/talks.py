"""Slides of talks that are not yet as they should be."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from pptx import Presentation

from osarena.tasks.model import maker
from osarena_tasks.makers._archives import without_clock

_PLACES = ("Mill Bridge", "Harbour Square", "Station Hall", "Canal Park", "Weir House", "Lime Avenue")
_SPEAKERS = ("Ada Jansen", "Karim Duarte", "Livia Brandt", "Milo Eriksen", "Hanna Rossi")
_PARTS: Mapping[str, Sequence[str]] = {
    "History": ("Built a century ago", "Widened twice", "Closed to lorries since the flood"),
    "Condition": ("Two of the arches leak", "The railings are loose", "The lamps are new"),
    "Design": ("Same shape as before", "Wider path for cyclists", "Benches on both sides"),
    "Schedule": ("Work begins in April", "Closed for ten weeks", "Opening in September"),
    "Traffic": ("Buses go round by the school", "Cyclists use the old ferry", "Deliveries before nine"),
}
_NOTES = (
    "Thank the volunteers by name before taking questions.",
    "Hand out the questionnaire, and collect it at the door.",
    "Say that the next meeting is on the first Monday of the month.",
)
Slide = tuple[str, Sequence[str]]


@maker
def untidy_talk(rng: Random) -> Mapping[str, Any]:
    """A talk whose parts are not in the order of its programme, with a wrong total and a slide that is to go.

    Returns:
        `presentation` (pptx); `place`; `old`, the title of the slide that is to go; `wrong` and `right`, the totals (the wrong
        one is right on the slide about the first estimate); `note` for the last slide; `slides`, title and lines of each in
        the end, and `notes` of each; for plays `found`, the titles as they are, and `order`, those of the parts as they have
        to be; for the PDF `pages`, what stands on each.
    """
    place, speaker = rng.choice(_PLACES), rng.choice(_SPEAKERS)
    parts = rng.sample(list(_PARTS), 3)
    wrong = rng.randrange(210, 480, 10)
    right = wrong + rng.choice((-30, 40, 50, 70))
    order = [*parts, "Costs"]
    rng.shuffle(order)
    contents = {part: list(_PARTS[part]) for part in parts} | {"Costs": _costs(wrong)}
    estimate = ("First estimate", [f"Total: {wrong} thousand euros", "Without the lamps"])
    start = [(f"{place}: what next?", [speaker]), ("Programme", order), estimate]
    end: list[Slide] = [("Questions", [f"Write to us about {place}"])]
    old = ("Old photographs", ["To be replaced", "Taken before the flood"])
    shuffled = _in_another_order(rng, order)
    found = [*start, *((part, contents[part]) for part in shuffled), *end]
    found.insert(rng.randint(4, 6), old)
    slides = [*start, *((part, _costs(right) if part == "Costs" else contents[part]) for part in order), *end]
    note = rng.choice(_NOTES)
    return {
        "presentation": _pptx(found),
        "place": place,
        "old": old[0],
        "wrong": f"{wrong} thousand",
        "right": f"{right} thousand",
        "note": note,
        "slides": [[title, *lines] for title, lines in slides],
        "notes": [*([""] * (len(slides) - 1)), note],
        "found": [title for title, _ in found],
        "order": order,
        "pages": [[title, *lines] for title, lines in slides],
    }


def _costs(total: int) -> list[str]:
    return ["Half of it is paid by the county", f"Total: {total} thousand euros", "Upkeep is not included"]


def _in_another_order(rng: Random, order: Sequence[str]) -> list[str]:
    """The same parts, with the last one first and the first one not second."""
    first, *middle, last = order
    rng.shuffle(middle)
    return [last, *middle, first]


def _pptx(slides: Sequence[Slide]) -> bytes:
    presentation = Presentation()
    for number, (title, lines) in enumerate(slides):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1 if number else 0])
        slide.shapes.title.text = title
        slide.placeholders[1].text = "\n".join(lines)
    saved = io.BytesIO()
    presentation.save(saved)
    return without_clock(saved.getvalue())


_COURSES = ("First aid", "Beekeeping", "Sign language", "Bicycle repair", "Book binding", "Bread baking")
_LESSONS = ("Getting ready", "Tools", "First steps", "Common mistakes", "Practice", "Care", "Looking ahead")


@maker
def course_slides(rng: Random) -> Mapping[str, Any]:
    """The slides of a course, without footers and transitions, among them one with the answers of the quiz.

    Returns:
        `presentation` (pptx); `course`; `answers`, the title of the slide with them; `footer`, the text for the foot of the
        slides; `slides`, title and lines of each, `count` of them; `footers`, what has to stand at the foot of each;
        `transitions`, the kind of each.
    """
    course = rng.choice(_COURSES)
    year = rng.randint(2024, 2029)
    term = rng.choice(("Spring", "Summer", "Autumn", "Winter"))
    lessons = rng.sample(_LESSONS, rng.randint(4, 6))
    answers = f"Answers to {rng.choice(('the quiz', 'the questions', 'the exercise'))}"
    slides: list[Slide] = [(f"{course} for beginners", [f"{term} {year}"])]
    slides += [(lesson, [f"{course}, part {number}", "Time for questions"]) for number, lesson in enumerate(lessons, start=1)]
    slides.insert(rng.randint(3, len(slides)), (answers, ["One: yes", "Two: never", "Three: ask first"]))
    footer = f"{course}, {term} {year}"
    return {
        "presentation": _pptx(slides),
        "course": course,
        "answers": answers,
        "footer": footer,
        "slides": [[title, *lines] for title, lines in slides],
        "footers": [{"text": footer if number else "", "number": bool(number)} for number in range(len(slides))],
        "transitions": ["fade"] * len(slides),
    }
