"""Comparing workbooks with OSWorld's `compare_table`, and what `import osarena` takes beside `import gymnasium`."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font

from osarena_evaluators.osworld import score
from tests.benchmarks.measure import Row, Sample, measure, times_faster, within

_ROWS = 500
_BOOKS_A_MINUTE = 300
_RULES = [
    {"type": "sheet_name"},
    {"type": "sheet_data", "sheet_idx0": 0, "sheet_idx1": "EI0"},
    {"type": "sheet_data", "sheet_idx0": 1, "sheet_idx1": "EI1"},
    {"type": "chart", "sheet_idx0": 1, "sheet_idx1": "EI1", "chart_props": ["type", "title"]},
    {"type": "freeze", "sheet_idx0": 0, "sheet_idx1": "EI0"},
    {"type": "check_cell", "sheet_idx": 1, "coordinate": "B2", "props": {"value": {"method": "ge", "ref": 0}}},
]
_IMPORTS = 7


def run(_: object) -> list[Row]:
    """The rows of the table."""
    with tempfile.TemporaryDirectory(prefix="osarena-bench-") as folder:
        ours, gold = Path(folder, "ours.xlsx"), Path(folder, "gold.xlsx")
        for path in (ours, gold):
            _write(path)
        compared = measure(lambda: _compare(ours, gold))
        loaded = measure(lambda: [list(openpyxl.load_workbook(path).active.values) for path in (ours, gold)])
    each_ms = 60_000 / _BOOKS_A_MINUTE
    books = f"a workbook of {_ROWS} rows, two sheets and a chart with another, by six rules"
    imported, usual = (_import(name) for name in ("osarena", "gymnasium"))
    return [
        within(books, compared, p50_ms=each_ms, note=f"{60_000 / compared.p50:.0f} a minute; {_BOOKS_A_MINUTE} are asked for"),
        Row("the same, beside openpyxl's loading both without comparing", compared, loaded),
        times_faster("import osarena, beside import gymnasium", imported, usual, at_least=1 / 1.6),
    ]


def _compare(ours: Path, gold: Path) -> None:
    if score("compare_table", ours, gold, rules=_RULES) != 1:
        raise AssertionError("equal workbooks were found to differ")


def _import(name: str) -> Sample:
    """The whole time of a Python that imports a module and ends."""
    return measure(lambda: subprocess.run([sys.executable, "-c", f"import {name}"], check=True), count=_IMPORTS)


def _write(path: Path) -> None:
    rng = random.Random(1)
    book = openpyxl.Workbook()
    sales = book.active
    assert sales is not None
    sales.title = "Sales"
    sales.append(["Day", "Region", "Units", "Price", "Total"])
    for row in range(2, _ROWS + 2):
        day = date(2026, 1, 1) + timedelta(days=rng.randrange(365))
        sales.append([day, rng.choice("NSEW"), rng.randrange(100), round(rng.uniform(1, 50), 2), f"=C{row}*D{row}"])
    for cell in sales[1]:
        cell.font = Font(bold=True)
    sales.freeze_panes = "A2"
    totals = book.create_sheet("Totals")
    for region in "NSEW":
        totals.append([region, rng.randrange(1000)])
    chart = BarChart()
    chart.title = "Totals"
    chart.add_data(Reference(totals, min_col=2, min_row=1, max_row=4))
    totals.add_chart(chart, "D2")
    book.save(path)
