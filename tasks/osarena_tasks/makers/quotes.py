"""A quotation whose figures are still to be worked out, with the price list that it goes by."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from osarena.tasks.model import maker
from osarena_tasks.makers._archives import without_clock

_Rows = list[list[Any]]

_GOODS = (
    "Folding table", "Stacking chair", "Bar stool", "Coat rack", "Lectern", "Flip chart", "Stage module", "Extension lead",
    "Floor lamp", "Carpet runner", "Notice board", "Rope barrier", "Parasol", "Heater", "Tea urn", "Plate set", "Cool box",
    "Banner stand",
)  # fmt: skip
_SIZES = ("small", "large")
_CUSTOMERS = (
    "Parish Hall Weston",
    "Rowing Club Aarle",
    "Hotel Bellevue",
    "Youth Centre Marl",
    "Library of Osterby",
    "Chess Union",
)
_VAT = (7, 19, 20, 21, 25)
_HEADINGS = ("Pos.", "Article", "Description", "Quantity", "Unit price", "Discount %", "Amount")
_WIDTHS = (9, 12, 26, 11, 13, 12, 14)
_FIRST = 6  # the row of the first line


@dataclass(frozen=True, slots=True)
class _Article:
    number: str
    name: str
    price: int  # in cents; a multiple of 20, so that 5 % of it are whole cents


@dataclass(frozen=True, slots=True)
class _Line:
    article: _Article
    quantity: int
    discount: int | None  # in percent, a multiple of 5

    @property
    def amount(self) -> float:
        return self.article.price * self.quantity * (100 - (self.discount or 0)) / 10_000


@maker
def quotation(rng: Random) -> Mapping[str, Any]:
    """A workbook with the sheets "Quote" (no prices, no amounts) and "Price list" (in no order).

    Returns:
        `workbook` (xlsx); `quote` and `price_list`, the sheets as rows; `vat` in percent; where the figures go: the areas
        `prices` and `amounts`, and `totals` (three cells below the amounts); `first` and `last`, the rows of the lines;
        `list_end`, the last row of the price list; `figures`, the rows of the areas `prices`, `amounts` and `totals`.
    """
    articles = _draw_articles(rng)
    lines = _draw_lines(rng, articles)
    vat = rng.choice(_VAT)
    last = _FIRST + len(lines) - 1
    quote = _quote(rng, lines, vat)
    price_list: _Rows = [
        ["Article", "Description", "Unit", "Price"],
        *([a.number, a.name, "piece", a.price / 100] for a in articles),
    ]
    net = round(sum(line.amount for line in lines), 2)
    totals = [net, net * vat / 100, net * (100 + vat) / 100]
    return {
        "workbook": _workbook(quote, price_list),
        "quote": quote,
        "price_list": price_list,
        "vat": vat,
        "first": _FIRST,
        "last": last,
        "list_end": len(price_list),
        "prices": f"E{_FIRST}:E{last}",
        "amounts": f"G{_FIRST}:G{last}",
        "totals": f"G{last + 2}:G{last + 4}",
        "figures": [[figure] for figure in (*(a.article.price / 100 for a in lines), *(a.amount for a in lines), *totals)],
    }


def _draw_articles(rng: Random) -> list[_Article]:
    """Articles in two sizes each; in the order of the list, so that no search that takes order for granted finds them all."""
    kinds = [(name, size) for name in rng.sample(_GOODS, 12) for size in _SIZES]
    numbers = [f"{rng.choice('ABCDEFGH')}{number}" for number in rng.sample(range(1000, 9999), len(kinds))]
    prices = rng.sample(range(240, 26_000, 20), len(kinds))
    rng.shuffle(kinds)
    found = [
        _Article(number, f"{name}, {size}", price) for number, (name, size), price in zip(numbers, kinds, prices, strict=True)
    ]
    return found if numbers != sorted(numbers) else found[::-1]


def _draw_lines(rng: Random, articles: Sequence[_Article]) -> list[_Line]:
    """Lines of which the first is not discounted, some are, and some are not."""
    wanted = rng.sample(articles, rng.randint(9, 13))
    discounts = [None, 10, 5, None, 15, *(rng.choice((None, None, 5, 10, 20)) for _ in wanted[5:])]
    return [_Line(article, rng.randint(2, 40), discount) for article, discount in zip(wanted, discounts, strict=True)]


def _quote(rng: Random, lines: Sequence[_Line], vat: int) -> _Rows:
    rows: _Rows = [
        [f"Quotation no. {rng.randint(2000, 2999)}"],
        ["Customer", rng.choice(_CUSTOMERS)],
        ["Valid for", "30 days"],
        [],
        list(_HEADINGS),
    ]
    rows += (
        [position, line.article.number, line.article.name, line.quantity, None, line.discount]
        for position, line in enumerate(lines, start=1)
    )
    return [*rows, [], *([None] * 5 + [label] for label in ("Net total", f"VAT {vat} %", "Total"))]


def _workbook(quote: _Rows, price_list: _Rows) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    first = workbook.create_sheet("Quote")
    _fill(first, quote, _WIDTHS)
    first["A1"].font = Font(name="Calibri", bold=True, size=14)
    _head(first, len(quote[:_FIRST]) - 1)
    for row in range(_FIRST, len(quote) + 1):
        first.cell(row, 5).number_format = first.cell(row, 7).number_format = "#,##0.00"
    second = workbook.create_sheet("Price list")
    _fill(second, price_list, (12, 26, 10, 12))
    _head(second, 1)
    for row in range(2, len(price_list) + 1):
        second.cell(row, 4).number_format = "#,##0.00"
    saved = io.BytesIO()
    workbook.save(saved)
    return without_clock(saved.getvalue())


def _fill(sheet: Worksheet, rows: _Rows, widths: Sequence[int]) -> None:
    for row in rows:
        sheet.append(row)
    for column, width in zip("ABCDEFG", widths, strict=False):
        sheet.column_dimensions[column].width = width


def _head(sheet: Worksheet, row: int) -> None:
    for cell in sheet[row]:
        cell.font = Font(name="Calibri", bold=True)
        cell.fill = PatternFill("solid", fgColor="DCE6F1")
