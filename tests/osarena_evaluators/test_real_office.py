"""Readers on files that LibreOffice itself has saved."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from osarena_evaluators.metrics.tables import rows_match
from osarena_evaluators.readers import document_parts, office, pdf, sheets, slides
from tests.osarena_evaluators.cases.presentations import TALK
from tests.osarena_evaluators.cases.workbooks import FURNISHED
from tests.support.office import workbook

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")

ROWS: list[list[Any]] = [
    ["Day", "Region", "Amount"],
    [datetime(2026, 1, 2), "North", 12.5],
    [datetime(2026, 3, 4), "Süd & Ost", -3],
    [None, "Total", "=SUM(C2:C3)"],
]
VALUES = [*ROWS[:3], [None, "Total", 9.5]]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A workbook and a document in each format that LibreOffice saves, by file name."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "book.xlsx").write_bytes(workbook({"Sales": ROWS, "Second sheet": [["x"]]}))
    (folder / "text.docx").write_bytes(_document())
    (folder / "furnished.xlsx").write_bytes(FURNISHED)
    (folder / "talk.pptx").write_bytes(TALK)
    for kinds, sources in (("xlsx", "book furnished"), ("docx", "text"), ("pptx", "talk")):
        own = {"xlsx": "ods", "docx": "odt", "pptx": "odp"}[kinds]
        for kind in (kinds, own):
            _convert(folder, [f"{source}.{kinds}" for source in sources.split()], kind)
    _convert(folder, ["talk.pptx"], "pdf")
    return {path.name: path.read_bytes() for path in (folder / "saved").iterdir()}


def _document() -> bytes:
    from docx import Document

    document = Document()
    document.add_heading("Well inspection", level=1)
    document.add_paragraph("The first\tparagraph  with spaces.")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip((*table.rows[0].cells, *table.rows[1].cells), ("Well", "Level", "Ash Hollow", "3.10"), strict=True):
        cell.text = text
    document.add_paragraph("")
    document.add_paragraph("The last one.")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _convert(folder: Path, sources: list[str], kind: str) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    files = [str(folder / source) for source in sources]
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder / "saved"), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120, env={**os.environ, "TMPDIR": str(folder)})


@pytest.mark.parametrize("name", ["book.xlsx", "book.ods"])
def test_a_workbook(saved: dict[str, bytes], name: str) -> None:
    assert office.sheet_names(saved[name]) == ["Sales", "Second sheet"]
    assert rows_match(office.sheet(saved[name], sheet="Sales"), VALUES).reason == "4 rows match"
    assert rows_match(office.sheet(saved[name]), [VALUES[0], [date(2026, 1, 2), *VALUES[1][1:]], *VALUES[2:]]).score == 1
    formula = office.formulas(saved[name], sheet="Sales")[3][2]
    assert formula == ("=SUM(C2:C3)" if name.endswith("xlsx") else "=SUM([.C2:.C3])")


@pytest.mark.parametrize("name", ["text.docx", "text.odt"])
def test_a_document(saved: dict[str, bytes], name: str) -> None:
    assert office.paragraphs(saved[name]) == ["Well inspection", "The first\tparagraph  with spaces.", "The last one."]
    assert office.styles(saved[name])[0] == ["Heading 1", "Well inspection"]
    assert office.tables(saved[name]) == [[["Well", "Level"], ["Ash Hollow", "3.10"]]]
    assert (
        document_parts.changes(saved[name]) == document_parts.comments(saved[name]) == document_parts.contents(saved[name]) == []
    )


@pytest.mark.parametrize("name", ["furnished.xlsx", "furnished.ods"])
def test_what_a_workbook_has_beside_its_values(saved: dict[str, bytes], name: str) -> None:
    made, found = FURNISHED, saved[name]
    assert sheets.charts(found) == sheets.charts(made)
    assert sheets.print_areas(found) == sheets.print_areas(made)
    assert sheets.formats(found, areas=["A1:C3"]) == sheets.formats(made, areas=["A1:C3"])
    assert sheets.filters(found) == sheets.filters(made)
    assert sheets.conditions(found)[0] == sheets.conditions(made)[0]


@pytest.mark.parametrize("name", ["talk.pptx", "talk.odp"])
def test_a_presentation(saved: dict[str, bytes], name: str) -> None:
    assert slides.texts(saved[name]) == [["Aim", "One", "Two"], ["End", "Thanks"]]
    assert slides.notes(saved[name]) == ["Speak up", ""]
    assert slides.hidden(saved[name]) == []


def test_a_pdf_file(saved: dict[str, bytes]) -> None:
    first, second = pdf.pages(saved["talk.pdf"])
    assert "Aim" in first
    assert "Thanks" in second
