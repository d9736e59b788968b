"""Workbooks (.xlsx, .ods) beyond their values: charts, frozen panes, conditional formats. `office` reads the values.

A sheet is chosen by name or number. An area is told as "B2:B9", without sheet and dollars.
"""

from __future__ import annotations

from typing import Any, Protocol
from zipfile import ZipFile

from osarena.grading.model import reader
from osarena_evaluators.readers import ods_layout, xlsx_layout
from osarena_evaluators.readers.archives import open_archive
from osarena_evaluators.readers.spreadsheets import is_opendocument


class _Layout(Protocol):
    """What the module for each kind of workbook offers."""

    def frozen(self, archive: ZipFile, sheet: str | int) -> list[int]: ...
    def charts(self, archive: ZipFile, sheet: str | int) -> list[dict[str, Any]]: ...
    def conditions(self, archive: ZipFile, sheet: str | int) -> list[dict[str, Any]]: ...


@reader
def frozen(data: bytes, *, sheet: str | int = 0) -> list[int]:
    """How many columns at the left and rows at the top stay in view: `[1, 2]`, and `[0, 0]` where none do."""
    return _layout(data).frozen(open_archive(data), sheet)


@reader
def charts(data: bytes, *, sheet: str | int = 0) -> list[dict[str, Any]]:
    """The charts of a sheet, each with its kind ("column", "bar", "line", "pie", "scatter", "area" …) and its series::

    {"kind": "line", "title": "Sales", "legend": True, "series": [{"name": "B1", "values": "B2:B9", "categories": "A2:A9"}]}
    """
    return _layout(data).charts(open_archive(data), sheet)


@reader
def conditions(data: bytes, *, sheet: str | int = 0) -> list[dict[str, Any]]:
    """The conditional formats of a sheet: `{"areas": ["B2:E13"], "is": "<", "than": ["120"], "fill": "#FFCCCC"}`.

    `is` is a comparison with the operands `than` ("<", "<=", ">", ">=", "=", "!=", "between", "not between"), or the
    file's own word for another kind of condition. `fill` is the background that it brings, empty for none.
    """
    return _layout(data).conditions(open_archive(data), sheet)


def _layout(data: bytes) -> _Layout:
    return ods_layout if is_opendocument(open_archive(data)) else xlsx_layout
