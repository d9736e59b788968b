"""OSWorld's checks of PDFs, e-books, pages and archives."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any
from zipfile import ZipFile

import pytest
from PIL import Image, ImageDraw
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict
from osarena_evaluators.osworld import papers
from tests.support.office import archive, docx, tar


def pdf(*pages: str) -> bytes:
    """A PDF whose pages say this."""
    writer = PdfWriter()
    for words in pages:
        page = writer.add_blank_page(300, 200)
        names = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
        font = DictionaryObject({NameObject(key): NameObject(value) for key, value in names.items()})
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        content = DecodedStreamObject()
        lines = "".join(f"({line}) Tj 0 -14 Td " for line in words.split("\n"))
        content.set_data(f"BT /F1 12 Tf 20 150 Td {lines}ET".encode())
        page[NameObject("/Contents")] = writer._add_object(content)
    saved = io.BytesIO()
    writer.write(saved)
    return saved.getvalue()


def drawn(*places: int) -> bytes:
    """A PDF with a picture on each page, which differ in where a bar is."""
    pictures = []
    for place in places:
        picture = Image.new("RGB", (64, 64), "white")
        ImageDraw.Draw(picture).rectangle([place, 4, place + 20, 60], fill="black")
        pictures.append(picture)
    saved = io.BytesIO()
    pictures[0].save(saved, "PDF", save_all=True, append_images=pictures[1:])
    return saved.getvalue()


def epub(pages: dict[str, str], *, contents: Sequence[str] = ("<ncx>", "<navPoint id='1'/>", "</ncx>")) -> bytes:
    package = "<package>\n<dc:identifier>1</dc:identifier>\n</package>"
    return archive({"mimetype": "application/epub+zip", "toc.ncx": "\n".join(contents), "content.opf": package} | pages)


def with_folder(files: dict[str, str]) -> bytes:
    saved = io.BytesIO()
    with ZipFile(saved, "w") as packed:
        packed.writestr("f/", "")
        for name, content in files.items():
            packed.writestr(name, content)
    return saved.getvalue()


PAPER = pdf("A first page", "A second page")
PAGE = "<p>One <b>two</b></p>"
GOLD_JSON = b'{"a": "first page", "b": "second"}'

CASES: list[tuple[Any, Any, dict[str, Any], Any, Any]] = [
    # metric, expected, options, right, wrong
    (papers.compare_pdfs, PAPER, {}, pdf("A first page", "A second page"), pdf("")),
    (papers.compare_pdfs, [PAPER, PAPER], {}, [PAPER, PAPER], [b"PK", None]),
    (papers.compare_pdf_images, drawn(4, 30), {}, drawn(4, 30), drawn(4)),
    (papers.check_pdf_pages, {"relation": "eq", "ref_value": 2}, {}, PAPER, pdf("A")),
    (papers.check_pdf_pages, {"relation": "lt", "ref_value": 2}, {}, pdf("A"), PAPER),
    (papers.is_gold_text_included_in_pdf, GOLD_JSON, {}, PAPER, pdf("A first page")),
    (papers.compare_archive, archive({"a.txt": "x"}), {}, tar({"a.txt": "x"}), tar({"b.txt": "x"})),
    (
        papers.compare_archive,
        tar({"f/a.pdf": PAPER}),
        {"file_type": "pdf", "file_path": "f"},
        tar({"./f/a.pdf": PAPER, "b": "x"}),
        tar({"f/a.pdf": "no PDF"}),
    ),
    (
        papers.compare_archive,
        archive({"a.docx": docx("<w:p/>")}),
        {"file_type": "docx", "ignore_case": True},
        archive({"a.docx": docx("<w:p/>")}),
        archive({}),
    ),
    (papers.compare_archive, archive({"a.csv": "x"}), {"file_type": "csv"}, archive({"a.csv": "x"}), archive({"a.csv": "y"})),
    (
        papers.compare_zip_files,
        archive({"a": "x", "b.pdf": PAPER}),
        {},
        archive({"b.pdf": pdf("A first page", "A second pages"), "a": "x"}),
        archive({"a": "y", "b.pdf": PAPER}),
    ),
    (
        papers.compare_epub,
        epub({"a.html": PAGE}),
        {},
        epub({"a.html": PAGE}, contents=("<ncx>", "<navPoint id='2'/>", "</ncx>")),
        archive({"mimetype": "application/epub+zip"}),
    ),
    (papers.compare_htmls, PAGE.encode(), {}, b"<p>One\n<b>two</b></p>", b"<p>One <i>two</i></p>"),
    (
        papers.compare_htmls,
        b"<td sdnum='1'>a</td>",
        {"ignore_sdnum": True},
        b"<td sdnum='2'>a</td>",
        b"<td sdnum='1' x='y'>a</td>",
    ),
]


def score(metric: Any, *arguments: Any, **options: Any) -> float:
    verdict = metric(*arguments, **options)
    assert isinstance(verdict, Verdict)
    assert 0 <= verdict.score <= 1
    return verdict.score


@pytest.mark.parametrize(("metric", "expected", "options", "right", "wrong"), CASES)
def test_a_metric_of_papers(metric: Any, expected: Any, options: dict[str, Any], right: Any, wrong: Any) -> None:
    assert score(metric, right, expected, **options) == 1
    assert wrong is None or score(metric, wrong, expected, **options) == 0


@pytest.mark.parametrize("junk", [b"PK\x03\x04\xff", b"\xff\xfe\x00", None, 3, PAPER[:200] + b"\xff\xfe\xff"])
@pytest.mark.parametrize(("metric", "expected", "options"), [case[:3] for case in CASES])
def test_no_paper(metric: Any, expected: Any, options: dict[str, Any], junk: Any) -> None:
    with pytest.raises(EvidenceMissing):
        metric(junk, expected, **options)


USELESS: list[Any] = [b"\xff\xfe\x00", None, {}, []]


@pytest.mark.parametrize("useless", USELESS)
@pytest.mark.parametrize(("metric", "options", "right"), [(case[0], case[2], case[3]) for case in CASES])
def test_a_useless_reference_is_a_fault_of_the_task(metric: Any, options: dict[str, Any], right: Any, useless: Any) -> None:
    with pytest.raises(CheckerError):
        metric(right, useless, **options)


def test_wrong_options_are_a_fault_of_the_task() -> None:
    for rules in ({"relation": "is", "ref_value": 1}, {"relation": "eq"}):
        with pytest.raises(CheckerError):
            papers.check_pdf_pages(PAPER, rules)
    with pytest.raises(CheckerError):
        papers.compare_archive(archive({"a": "x"}), archive({"a": "x"}), file_type="exe")


@pytest.mark.parametrize(
    ("metric", "actual", "expected", "ours", "published"),
    [
        (papers.compare_pdfs, drawn(4), drawn(40), 0, 1),
        (papers.is_gold_text_included_in_pdf, pdf("A first\npage", "second"), GOLD_JSON, 1, 0),
        (papers.compare_archive, archive({"f/a": "x"}), archive({"f/a": "x"}), 1, 0),
        (papers.compare_zip_files, with_folder({"f/a": "x"}), archive({"f/a": "x"}), 1, 0),
        (papers.compare_epub, epub({}), epub({"z.html": PAGE}), pytest.approx(2 / 3), 1),
        (papers.compare_htmls, b"<p>One ", PAGE.encode(), 0, 1),
        (papers.compare_htmls, b"<p>One  <b>two</b></p>", PAGE.encode(), 1, 0),
    ],
)
def test_a_metric_that_differs(metric: Any, actual: Any, expected: Any, ours: Any, published: Any) -> None:
    assert score(metric, actual, expected) == ours
    assert score(metric, actual, expected, published=True) == published


def test_scores_are_shares() -> None:
    assert papers.compare_pdfs(pdf("abcd"), pdf("abxy")).score == 0.5
    assert papers.compare_pdfs([PAPER], [PAPER, PAPER]).score == 0.5
    assert papers.compare_pdf_images(drawn(4, 30), drawn(4, 4)).score == 0.5
    assert papers.compare_archive(archive({"a": "x", "b": "y"}), archive({"a": "x", "b": "z"})).score == 0.5
