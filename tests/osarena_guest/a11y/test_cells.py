"""Which cells of a sheet are read again, played against a sheet of numbers that can be scrolled and edited."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import pytest

from osarena_guest.a11y import atspi, wire
from osarena_guest.a11y.atspi import Reference
from osarena_guest.a11y.cells import Cells, Doubt, read_cells
from osarena_guest.a11y.conversation import Call, Steps
from osarena_guest.a11y.nodes import Node
from osarena_guest.a11y.pixels import Comparison
from osarena_guest.desktop import Frame, Rectangle

BUS = ":1.5"
CELL_WIDTH, CELL_HEIGHT, COLUMNS, ROWS = 60, 10, 3, 1000
TABLE = (0, 0, COLUMNS * CELL_WIDTH + 2, 205)  # the last of 21 visible rows is cut off
STATES, INTERFACES = atspi.SHOWING | atspi.MANAGES_DESCENDANTS, atspi.TABLE | atspi.COMPONENT


class Sheet:
    """Numbers in rows, of which those from `top` on are visible; `values` that are not set are 1000 times the row."""

    def __init__(self, texts: dict[float, str] | None = None) -> None:
        self.top = 0
        self.values: dict[tuple[int, int], float] = {}
        self.texts = texts or {}  # how numbers are shown that are not shown as they are
        self.fetched: set[tuple[int, int]] = set()  # cells of which the text was asked
        self.frame = self.draw()

    def value(self, row: int, column: int) -> float:
        return self.values.get((row, column), row * 1000 + column)

    def text(self, row: int, column: int) -> str:
        value = self.value(row, column)
        return self.texts.get(value, f"{value:g}")

    def box(self, row: int, column: int) -> Rectangle:
        """Of a visible cell, as far as it is visible."""
        y = (row - self.top) * CELL_HEIGHT
        return column * CELL_WIDTH, y, CELL_WIDTH, min(CELL_HEIGHT, TABLE[3] - y)

    def draw(self) -> Frame:
        """A frame in which every cell's text stands as bytes in its first row of pixels."""
        pixels = bytearray(TABLE[2] * TABLE[3] * 4)
        for row in range(self.top, self.top + 21):
            for column in range(COLUMNS):
                x, y, _, _ = self.box(row, column)
                text = self.text(row, column).encode()
                start = (y * TABLE[2] + x) * 4
                pixels[start : start + len(text)] = text
        return Frame(TABLE[2], TABLE[3], bytes(pixels), str(hash(bytes(pixels))))

    def read(self, before: Cells | None = None, *, hidden: Sequence[Rectangle] = ()) -> Cells:
        """Read it as it is now, after it was read as it was `before`."""
        self.fetched.clear()
        earlier, self.frame = self.frame, self.draw()
        doubt = Doubt(Comparison(earlier, self.frame), hidden, None)
        table = Node("/sheet", None, STATES, interfaces=INTERFACES, box=TABLE)
        found: Cells = self._play(read_cells(BUS, table, before, doubt=doubt, limit=1000))
        return found

    def _play(self, steps: Steps[Any]) -> Any:
        replies: list[Any] | None = None
        try:
            while True:
                calls = next(steps) if replies is None else steps.send(replies)
                replies = [self._answer(call) for call in calls]
        except StopIteration as end:
            return end.value

    def _answer(self, call: Call) -> Any:
        numbers = struct.unpack(f"<{len(call.arguments) // 4}i", call.arguments[: len(call.arguments) // 4 * 4])
        if call.method is atspi.GET_INTEGER and call.path == "/sheet":
            return ROWS if call.arguments == wire.strings("org.a11y.atspi.Table", "NRows") else COLUMNS
        if call.method is atspi.GET_ROW_AND_COLUMN:
            return numbers[0] // COLUMNS, numbers[0] % COLUMNS, 1, 1
        if call.method is atspi.GET_ACCESSIBLE_AT:
            return Reference(BUS, f"/{numbers[0]}/{numbers[1]}")
        if call.method is atspi.GET_ACCESSIBLE_AT_POINT:
            return Reference(BUS, f"/{self.top + numbers[1] // CELL_HEIGHT}/{numbers[0] // CELL_WIDTH}")
        return self._answer_of_cell(call, *map(int, call.path[1:].split("/")))

    def _answer_of_cell(self, call: Call, row: int, column: int) -> Any:
        if call.method is atspi.GET_TEXT:
            self.fetched.add((row, column))
        answers: dict[object, Any] = {
            atspi.GET_INDEX_IN_PARENT: row * COLUMNS + column,
            atspi.GET_EXTENTS: self.box(row, column),
            atspi.GET_INTERFACES: atspi.COMPONENT | atspi.TEXT | atspi.VALUE,
            atspi.GET_ROLE: atspi.ROLES.index("table cell"),
            atspi.GET_INTEGER: 0,
            atspi.GET_STATE: atspi.SHOWING,
            atspi.GET_TEXT: self.text(row, column),
            atspi.GET_STRING: f"R{row}C{column}" if call.arguments == atspi.NAME else "",
            atspi.GET_DOUBLE: self.value(row, column),
        }
        return answers[call.method]


def contents(cells: Cells) -> list[object]:
    return [node.content() for node in cells.nodes()]


def rows(fetched: set[tuple[int, int]]) -> set[int]:
    return {row for row, _ in fetched}


@pytest.mark.parametrize(("start", "end", "read_again"), [(0, 9, range(20, 30)), (9, 0, range(9)), (5, 4, range(4, 5))])
def test_scrolled_cells_are_kept_and_only_new_ones_are_read(start: int, end: int, read_again: range) -> None:
    sheet = Sheet()
    sheet.top = start
    before = sheet.read()
    sheet.top = end
    after = sheet.read(before)
    # The last row is cut off before or after: what touches the edge is read in any case.
    assert rows(sheet.fetched) - {start + 20, end + 20} == set(read_again) - {start + 20, end + 20}
    assert contents(after) == contents(sheet.read())


def test_an_edited_cell_is_read_again_alone() -> None:
    sheet = Sheet()
    before = sheet.read()
    sheet.values[3, 1] = 77
    after = sheet.read(before)
    assert sheet.fetched == {(3, 1)}
    assert contents(after) == contents(sheet.read())


def test_cells_that_nobody_can_see_are_read_again() -> None:
    sheet = Sheet()
    before = sheet.read()
    sheet.values[3, 1] = 77
    sheet.read(before, hidden=[(0, 30, 70, 10)])
    assert sheet.fetched == {(3, 0), (3, 1)}


def test_a_number_that_was_rounded_is_read_again() -> None:
    sheet = Sheet({0.25: "25%", 1.25: "1.25", 2.004: "2.00", 45000: "2023-03-15", 1234.0: "$1,234.00", -1.0: "TRUE"})
    for row, value in enumerate((0.25, 1.25, 2.004, 45000, 1234.0, -1.0)):
        sheet.values[row, 0] = value
    sheet.read(sheet.read())
    assert sheet.fetched == {(2, 0), (3, 0), (5, 0)}
