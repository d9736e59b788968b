"""From an observation to a prompt that can be sent: what Navi needs in each step, whoever its model is."""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from osarena.agent import Brief
from osarena.types.actions import TypeText
from osarena.types.geometry import Size
from osarena.types.observation import Observation, Observe, Window
from osarena_agents.conversation import Reply
from osarena_agents.models import ModelSettings, Request
from osarena_agents.models.openai_chat import OpenAIChat
from osarena_agents.models.pictures import PictureEncoder
from osarena_agents.navi import Navi
from osarena_agents.sight import Sight
from osarena_agents.sight.layout import find_layout
from osarena_agents.sight.ocr import TextReader
from tests.benchmarks.measure import COUNT, Row, Sample, within
from tests.benchmarks.setting import STILL, BenchDesktop

_LOOK = Observe(clipboard=True, settle=STILL)
_SCREEN = Size(1920, 1080)
_BAR_MS = 40.0
# Reading all of a screen takes so long that it is measured less often.
_COLD = 3


@dataclass(frozen=True)
class Took:
    """Milliseconds by the clock, and of the processor: on a busy machine only the latter says what a quiet one would need."""

    wall: float
    processor: float

    def __add__(self, other: Took) -> Took:
        return Took(self.wall + other.wall, self.processor + other.processor)


class Stopwatch:
    """A model that notes when it is asked, and how long it takes to encode that in each format. Satisfies `Model`."""

    name = "stopwatch"

    def __init__(self) -> None:
        png, jpeg = ModelSettings(), ModelSettings(picture_format="jpeg")
        self._wires = [OpenAIChat("any", PictureEncoder(settings)) for settings in (png, jpeg)]
        self._begun = _now()
        self.asked = Took(0, 0)
        self.encoded: list[Took] = []

    def begin(self) -> None:
        """From now on."""
        self._begun = _now()

    def ask(self, request: Request) -> Reply:
        self.asked = _since(self._begun)
        self.encoded = [self.asked + _took(lambda wire=wire: json.dumps(wire.call(request).body)) for wire in self._wires]
        return Reply("```decision\nWAIT\n```")

    def close(self) -> None:
        """Nothing to let go of."""


def run(desktop: BenchDesktop) -> list[Row]:
    """The rows of the table."""
    windows = (("Calc", desktop.calc), ("Chromium", desktop.chromium))
    rows = [row for name, window in windows for row in _by_tree(desktop, name, window)]
    return rows + [row for name, window in windows for row in _by_reading(desktop, name, window)]


def _by_tree(desktop: BenchDesktop, name: str, window: Window) -> Iterator[Row]:
    """Marks by the tree alone, after each typed letter: of a step that is not the first, and so shows two screens."""
    sight, model = Sight("tree"), Stopwatch()
    navi = Navi(model)
    navi.reset(Brief("Sort the articles by their prices.", screen=_SCREEN), seed=0)
    first, *looks = _typed(desktop, window)
    navi.act(first)
    marked, drawn, as_png, as_jpeg = (list[Took]() for _ in range(4))
    for look in looks:
        marked.append(_took(lambda look=look: sight.look(look)))
        model.begin()
        navi.act(look)
        drawn.append(model.asked)
        for times, took in zip((as_png, as_jpeg), model.encoded, strict=True):
            times.append(took)
    marks = f"{len(sight.look(looks[-1]))} marks"
    yield within(f"{name}: marks by the tree", _sample(marked), p50_ms=_BAR_MS, note=f"{marks}; {_processor(marked)}")
    yield within(f"{name}: the prompt, with its marks drawn", _sample(drawn), p50_ms=_BAR_MS, note=_processor(drawn))
    yield Row(f"{name}: the same as JSON, two pictures in PNG", _sample(as_png), note=_processor(as_png))
    yield Row(f"{name}: the same, in JPEG", _sample(as_jpeg), note=_processor(as_jpeg))


def _by_reading(desktop: BenchDesktop, name: str, window: Window) -> Iterator[Row]:
    """Marks by OCR: of a screen that was never seen, and of one on which a letter was typed."""
    looks = list(_typed(desktop, window))
    cold, reader = list[Took](), TextReader()
    for look in looks[:_COLD]:
        reader = TextReader()
        cold.append(_took(lambda look=look, reader=reader: _read(reader, look)))
    known = reader.lines_read
    letter = [_took(lambda look=look: _read(reader, look)) for look in looks[_COLD:]]
    anew = f"{(reader.lines_read - known) / len(letter):.1f} of {known} lines were read anew"
    again = [_took(lambda: _read(reader, looks[-1])) for _ in range(COUNT)]
    yield Row(f"{name}: marks by OCR, nothing known", _sample(cold), note=f"{known} lines; {_processor(cold)}")
    yield Row(f"{name}: marks by OCR, one letter typed", _sample(letter), note=f"{anew}; {_processor(letter)}")
    yield Row(f"{name}: marks by OCR, unchanged", _sample(again), note=_processor(again))
    sight = Sight("tree+ocr+icons")
    sight.look(looks[0])
    every = [_took(lambda look=look: sight.look(look)) for look in looks[1:]]
    yield Row(f"{name}: marks by tree, OCR and icons, one letter typed", _sample(every), note=_processor(every))


def _typed(desktop: BenchDesktop, window: Window) -> Iterator[Observation]:
    """Looks, each after one more letter."""
    desktop.show(window)
    for step in range(COUNT + _COLD):
        desktop.guest.perform([TypeText("x")], settle=STILL)
        yield Observation(step, _SCREEN, desktop.guest.observe(_LOOK))


def _read(reader: TextReader, look: Observation) -> None:
    reader.read(look.screenshot, find_layout(look.screenshot).lines)


def _now() -> Took:
    """The clock's time, and that of the processor in this process and in those that it has waited for."""
    times = os.times()
    processor_s = time.process_time() + times.children_user + times.children_system
    return Took(time.perf_counter() * 1000, processor_s * 1000)


def _since(begun: Took) -> Took:
    now = _now()
    return Took(now.wall - begun.wall, now.processor - begun.processor)


def _took(action: Callable[[], object]) -> Took:
    begun = _now()
    action()
    return _since(begun)


def _sample(times: Sequence[Took]) -> Sample:
    return Sample(tuple(took.wall for took in times))


def _processor(times: Sequence[Took]) -> str:
    return f"{statistics.median(took.processor for took in times):.1f} ms of the processor"
