"""Formulas of spreadsheets, as text: "=SUM(A1:A3)"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.metrics.operands import require, rows_of

_TEXT = re.compile(r'"[^"]*"')
# Of a cell: "B2", "$B$2", "[.B2]", of a whole column "C:C", each perhaps after a sheet.
_CELL = re.compile(
    r"(?<![A-Za-z0-9_])\$?[A-Z]{1,3}\$?[1-9][0-9]*(?![A-Za-z0-9_(])|\$?[A-Z]{1,3}:\.?\$?[A-Z]{1,3}(?![A-Za-z0-9_(])"
)


@metric
def refer_to(actual: Any, expected: Sequence[str] = ()) -> Verdict:
    """1 if every cell of a table holds a formula that refers to other cells, and to each of the expected sheets."""
    require(expected, (list, tuple), "names of sheets")
    cells = [cell for row in rows_of(actual) for cell in row]
    wrong = [words for words in (_complaint(cell, expected) for cell in cells) if words]
    if wrong or not cells:
        return Verdict(0.0, f"{len(wrong)} of {len(cells)} cells: {wrong[0]}" if wrong else "there are no cells")
    return Verdict(1.0, f"{len(cells)} formulas")


def _complaint(cell: Any, sheets: Sequence[str]) -> str:
    if not isinstance(cell, str) or not cell.startswith("="):
        return f"expected a formula, found {quote(cell)}"
    bare = _TEXT.sub('""', cell)
    if not _CELL.search(bare):
        return f"expected a formula that refers to a cell, found {quote(cell)}"
    missing = [sheet for sheet in sheets if not _names_sheet(bare, sheet)]
    return f"expected a formula that refers to the sheet {quote(missing[0])}, found {quote(cell)}" if missing else ""


def _names_sheet(formula: str, sheet: str) -> bool:
    """Whether a cell of the sheet is meant: `Sheet!A1` in .xlsx, `[$Sheet.A1]` in .ods, in quotes where it has to be."""
    name = re.escape(sheet.replace("'", "''"))
    return re.search(rf"(?:'{name}'|(?<![\w']){name})[!.]\$?[A-Z]", formula, re.IGNORECASE) is not None
