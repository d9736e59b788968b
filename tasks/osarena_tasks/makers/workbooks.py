"""Workbooks with the tables that they hold, and the answers to what is asked about them."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from osarena.tasks.model import maker
from osarena_tasks.makers._archives import without_clock

_Rows = list[list[Any]]

# No name begins another: spreadsheets complete what is typed from what stands above it.
_REGIONS = ("Coast", "Delta", "Highlands", "Islands", "Lakeland", "Midlands", "Northfold", "Southmark", "Valley", "Westmoor")
# Unit prices in cents.
_PRODUCTS = {
    "Desk lamp": 3490,
    "Bookshelf": 12900,
    "Office chair": 18950,
    "Footrest": 2775,
    "Whiteboard": 6420,
    "Coat stand": 4595,
}
_HEADINGS = ("Order", "Date", "Region", "Product", "Units", "Unit price", "Amount")
_WIDTHS = (10, 12, 14, 16, 8, 12, 12)

_LETTER = """Hello,

this is the export of the order book. The sheet "Sales" is what the shops sent in,
the sheet "Targets" is what the board wants to see by the end of the year.

Please do not tidy up the sales: the auditors compare them with the receipts.
"""


@dataclass(frozen=True, slots=True)
class _Sale:
    order: int
    day: date
    region: str
    product: str
    units: int

    @property
    def price(self) -> float:
        return _PRODUCTS[self.product] / 100

    @property
    def amount(self) -> float:
        return _PRODUCTS[self.product] * self.units / 100

    def cells(self) -> list[Any]:
        # The day is text, as exports write it.
        return [self.order, self.day.isoformat(), self.region, self.product, self.units, self.price, self.amount]


@maker
def sales(rng: Random, *, rows: int) -> Mapping[str, Any]:
    """A workbook of `rows` sales in several regions, with the sheets "Sales" and "Targets".

    Returns:
        `workbook` and wrong or solved states of it (`solved`, `one_row_short`, `targets_overwritten`,
        `amounts_as_formulas`) as xlsx bytes;
        `table`, `targets` and `totals` as rows with their headings; `regions` in alphabetical order,
        `regions_as_found` in the order of the sales; `region_count`; `letter`, a text to lie beside it.
    """
    regions = rng.sample(_REGIONS, rng.randint(5, 8))
    if regions == sorted(regions):
        regions.reverse()
    book = _draw_sales(rng, regions, rows)
    targets: _Rows = [["Region", "Target"], *([region, rng.randrange(40, 90) * 1000] for region in sorted(regions))]
    table: _Rows = [list(_HEADINGS), *(sale.cells() for sale in book)]
    totals = _totals(book)
    short = _without_last_row_of(book, rng.choice(regions))
    overwritten: _Rows = [targets[0], *([region, total] for region, total in totals[1:])]
    return {
        "workbook": _workbook(table, targets),
        "solved": _workbook(table, targets, totals),
        "one_row_short": _workbook(table, targets, _totals(short)),
        "targets_overwritten": _workbook(table, overwritten, totals),
        "amounts_as_formulas": _workbook(_with_formulas(table), targets, totals),
        "table": table,
        "targets": targets,
        "totals": totals,
        "regions": sorted(regions),
        "regions_as_found": regions,
        "region_count": len(regions),
        "letter": _LETTER,
    }


def _draw_sales(rng: Random, regions: Sequence[str], rows: int) -> list[_Sale]:
    """Sales in the order in which they came in; each region first appears in the order of `regions`."""
    places = [*regions, *(rng.choice(regions) for _ in range(rows - len(regions)))]
    first_day = date(2025, 1, 6)
    days = sorted(rng.randrange(80) for _ in places)
    return [
        _Sale(4100 + 3 * index, first_day + timedelta(days=day), region, rng.choice(list(_PRODUCTS)), rng.randint(1, 24))
        for index, (day, region) in enumerate(zip(days, places, strict=True))
    ]


def _totals(book: Sequence[_Sale]) -> _Rows:
    regions = sorted({sale.region for sale in book})
    amounts = (math.fsum(sale.amount for sale in book if sale.region == region) for region in regions)
    return [["Region", "Total"], *([region, round(amount, 2)] for region, amount in zip(regions, amounts, strict=True))]


def _without_last_row_of(book: Sequence[_Sale], region: str) -> list[_Sale]:
    """All but the last sale of a region."""
    last = max(index for index, sale in enumerate(book) if sale.region == region)
    return [sale for index, sale in enumerate(book) if index != last]


def _with_formulas(table: _Rows) -> _Rows:
    """The sales with amounts that are computed from units and unit prices."""
    head, *rows = table
    return [head, *([*row[:-1], f"=E{number}*F{number}"] for number, row in enumerate(rows, start=2))]


def _workbook(table: _Rows, targets: _Rows, totals: _Rows | None = None) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    _fill(workbook.create_sheet("Sales"), table, _WIDTHS)
    _fill(workbook.create_sheet("Targets"), targets, (14, 12))
    if totals is not None:
        _fill(workbook.create_sheet("Totals"), totals, (14, 12))
    saved = io.BytesIO()
    workbook.save(saved)
    return without_clock(saved.getvalue())


def _fill(sheet: Worksheet, rows: Sequence[Sequence[Any]], widths: Sequence[int]) -> None:
    for row in rows:
        sheet.append(list(row))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DCE6F1")
    for column, width in zip("ABCDEFGH", widths, strict=False):
        sheet.column_dimensions[column].width = width
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            if isinstance(cell.value, float):
                cell.number_format = "#,##0.00"
    sheet.freeze_panes = "A2"
