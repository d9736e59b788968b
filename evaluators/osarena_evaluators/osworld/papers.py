"""PDFs, e-books, pages and archives."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from inspect import signature
from posixpath import basename
from typing import Any
from zipfile import ZipFile

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.metrics.operands import require_comparable
from osarena_evaluators.osworld._files import File, found, wanted
from osarena_evaluators.osworld._pages import Part, page_parts, raw_parts
from osarena_evaluators.osworld._prints import pdf_text, picture_hashes, pictures_in_common, text_likeness
from osarena_evaluators.osworld._rules import matches
from osarena_evaluators.osworld.names import find_metric
from osarena_evaluators.readers.archives import open_archive, open_packed, read_member
from osarena_evaluators.readers.pdf import page_count
from osarena_evaluators.readers.text import text

DEVIATIONS: Mapping[str, str] = {
    "compare_pdfs": "The public one takes two PDFs without text, such as scans, for the same; ours compares their pictures.",
    "is_gold_text_included_in_pdf": "The public one fails where a line ends within a text; ours does not look at line ends.",
    "compare_archive": "The public one fails where there are folders in the folder; ours looks into them.",
    "compare_zip_files": "The public one wants entries for folders, too, which not all programs write; ours does not.",
    "compare_epub": (
        "The public one pairs files by their order, stops at the shorter list, divides by the number of the agent's files, and "
        "knows files ending in .html and a table of contents at the top alone; ours pairs by name, and a missing file is 0."
    ),
    "compare_htmls": (
        "The public one stops where the shorter page ends, and takes white space for text; ours compares all that is shown."
    ),
}


# --- PDFs ------------------------------------------------------------------------------------------------------------


@metric
def compare_pdfs(actual: File | list[File], expected: File | list[File], *, published: bool = False) -> Verdict:
    """How alike the texts of two PDFs are, from 0 to 1; of two lists, the mean over the expected PDFs, pair by pair.

    Where neither of two has any text, it is the share of pictures that look the same, if they have as many pages.
    """
    if not isinstance(expected, list | tuple):
        score = _pdf_likeness(actual, expected, published)
        return Verdict(score, f"the texts are alike to {score:.3f}")
    if not expected:
        raise CheckerError("the task names no PDF to compare with")
    if not isinstance(actual, list | tuple):
        raise EvidenceMissing(f"expected {len(expected)} PDFs, found {'one' if isinstance(actual, bytes) else 'none'}")
    scores = [_likeness_or_nothing(one, other, published) for one, other in zip(actual, expected, strict=False)]
    score = sum(scores) / len(expected)
    return Verdict(score, f"the texts of {len(expected)} PDFs are alike to {score:.3f}")


def _pdf_likeness(actual: Any, other: Any, published: bool) -> float:
    gold, one = wanted(pdf_text, other), found(actual)
    if published or gold or pdf_text(one):
        return text_likeness(one, other)
    if page_count(one) != page_count(other):
        return 0.0
    return pictures_in_common(picture_hashes(one), wanted(picture_hashes, other))


def _likeness_or_nothing(one: Any, other: Any, published: bool) -> float:
    """One of several PDFs that cannot be read counts as 0, as a missing one does."""
    try:
        return _pdf_likeness(one, other, published)
    except EvidenceMissing:
        return 0.0


@metric
def compare_pdf_images(actual: File, expected: File) -> Verdict:
    """The share of the pictures in a PDF that look like the expected ones, one after the other; 0 where their number differs."""
    there, gold = picture_hashes(found(actual)), wanted(picture_hashes, expected)
    score = pictures_in_common(there, gold)
    return Verdict(score, f"expected {len(gold)} pictures, found {len(there)}, of which {score:.0%} look the same")


@metric
def check_pdf_pages(actual: File, expected: Mapping[str, Any]) -> Verdict:
    """1 if the number of pages stands in the `relation` ("eq", "le", "gt" …) to `ref_value`."""
    rule = expected if isinstance(expected, Mapping) else {}
    relation, number = rule.get("relation"), rule.get("ref_value")
    if relation not in ("eq", "ne", "le", "lt", "ge", "gt") or not isinstance(number, int | float):
        raise CheckerError(f'expected {{"relation": …, "ref_value": …}} in the task, found {quote(expected)}')
    pages = page_count(found(actual))
    is_right = matches(pages, {"method": relation, "ref": number})
    return Verdict(float(is_right), f"expected {relation} {number} pages, found {pages}")


@metric
def is_gold_text_included_in_pdf(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """1 if a PDF has all the texts in it that are the values of the expected JSON file."""
    values = wanted(_texts_of_json, expected)
    there = pdf_text(found(actual))
    if not published:
        there, values = _one_spaced(there), [_one_spaced(value) for value in values]
    missing = [value for value in values if value not in there]
    return Verdict(0.0, f"not in the PDF: {quote(missing)}") if missing else Verdict(1.0)


def _texts_of_json(data: bytes) -> list[str]:
    try:
        value = json.loads(text(data))
    except (ValueError, RecursionError) as error:
        raise EvidenceMissing(f"it is not JSON: {error}"[:200]) from error
    if not isinstance(value, dict):
        raise EvidenceMissing("it is JSON, but no object of texts")
    return [str(one) for one in value.values()]


def _one_spaced(words: str) -> str:
    return " ".join(words.split())


# --- archives --------------------------------------------------------------------------------------------------------

# The metric that compares the files of an archive.
_BY_TYPE = {
    "text": "compare_text_file", "pdf": "compare_pdfs", "docx": "compare_docx_files", "ppt": "compare_pptx_files",
    "image": "compare_images", "csv": "compare_csv", "table": "compare_table", "audio": "compare_audios",
    "video": "compare_videos",
}  # fmt: skip


@metric
def compare_archive(
    actual: File, expected: File, *, file_path: str = "", file_type: str = "text", published: bool = False, **options: Any
) -> Verdict:
    """The mean score of the files in two archives (zip, tar, packed tar), or in their folder `file_path`, by name.

    0 where not the same files are there. `file_type` says how they are compared (see `_BY_TYPE`), with the options given.
    """
    if file_type not in _BY_TYPE:
        raise CheckerError(f"files of an archive are compared as {', '.join(_BY_TYPE)}, not as {file_type!r:.40}")
    compare = find_metric(_BY_TYPE[file_type])
    if "published" in signature(compare).parameters:
        options["published"] = published
    gold = wanted(_files, expected, file_path)
    if not gold:
        raise CheckerError(f"the expected archive has no files in {file_path!r}")
    files = _files(found(actual), file_path)
    if published and any("/" in name for name in gold):
        return Verdict(0.0, "there are folders in the folder")
    if set(files) != set(gold):
        return Verdict(0.0, f"the files differ: {quote(sorted(set(files) ^ set(gold)))}")
    scores = {name: _file_score(compare, files[name], gold[name], options) for name in gold}
    score = min(max(sum(scores.values()) / len(scores), 0.0), 1.0)
    wrong = sorted(name for name, one in scores.items() if one < 1)
    return Verdict(score, f"not wholly right: {quote(wrong)}" if wrong else f"{len(scores)} files match")


def _file_score(compare: Any, one: bytes, other: bytes, options: Mapping[str, Any]) -> float:
    try:
        result = compare(one, other, **options)
    except EvidenceMissing:
        return 0.0
    return float(result.score if isinstance(result, Verdict) else result)


def _files(data: bytes, folder: str) -> dict[str, bytes]:
    """The files in a folder of an archive, and below, by their path from there."""
    archive = open_packed(data)
    prefix = folder.strip("/") + "/" if folder.strip("/") else ""
    names = [name for name in dict.fromkeys(archive.namelist()) if not name.endswith("/")]
    plain = {name: name.removeprefix("./") for name in names}
    return {path.removeprefix(prefix): read_member(archive, name) for name, path in plain.items() if path.startswith(prefix)}


_PDF_LIKENESS = 0.95


@metric
def compare_zip_files(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """1 if two zip archives have the same files with the same content; of PDFs, the text may differ by a twentieth."""
    one, other = open_archive(found(actual)), wanted(open_archive, expected)
    names, gold = (_entries(archive, published) for archive in (one, other))
    if names != gold:
        return Verdict(0.0, f"the files differ: {quote(sorted(names ^ gold))}")
    for name in sorted(gold):
        there, right = read_member(one, name), wanted(lambda data, name=name: read_member(open_archive(data), name), expected)  # type: ignore[misc]
        if there != right and not (name.lower().endswith(".pdf") and _pdf_likeness(there, right, published) >= _PDF_LIKENESS):
            return Verdict(0.0, f"{name} differs"[:300])
    return Verdict(1.0, f"{len(gold)} files match")


def _entries(archive: ZipFile, published: bool) -> set[str]:
    """The names in an archive, without the folders that files are in."""
    names = set(archive.namelist())
    if published:
        return names
    return {name for name in names if not name.endswith("/") or not any(one != name and one.startswith(name) for one in names)}


# --- e-books and pages -----------------------------------------------------------------------------------------------


@metric
def compare_epub(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """How alike the files of two e-books are on average: the share of lines in common of contents, package and pages.

    Places in the contents and identifiers of the package, which no two conversions have in common, do not count.
    """
    there, gold = _book_lines(found(actual), published), wanted(_book_lines, expected, published)
    if not gold:
        raise CheckerError("the expected e-book has no pages")
    if published:
        pairs = list(zip((there[name] for name in sorted(there)), (gold[name] for name in sorted(gold)), strict=False))
        count = len(there) or 1
    else:
        names = sorted(there | gold)
        pairs, count = [(there.get(name, []), gold.get(name, [])) for name in names], len(names)
    score = sum(_lines_in_common(one, other) for one, other in pairs) / count
    return Verdict(score, f"{len(there)} of {len(gold)} files are alike to {score:.3f}")


def _book_lines(data: bytes, published: bool) -> dict[str, list[str]]:
    archive = open_archive(data)
    if "mimetype" not in archive.namelist() and not any(name.endswith(".opf") for name in archive.namelist()):
        raise EvidenceMissing("it is not an e-book")
    return {name: lines for name in archive.namelist() if (lines := _lines_of(archive, name, published)) is not None}


def _lines_of(archive: ZipFile, name: str, published: bool) -> list[str] | None:
    """The lines of a file of an e-book that count; None where none do."""
    if name == "toc.ncx" or (name.endswith(".ncx") and not published):
        return [line for line in text(read_member(archive, name)).splitlines() if "navPoint" not in line]
    if name == "content.opf" or (name.endswith(".opf") and not published):
        return [line for line in text(read_member(archive, name)).splitlines() if "dc:identifier" not in line]
    if name.endswith(".html" if published else (".html", ".xhtml", ".htm")) and basename(name):
        parts = page_parts(text(read_member(archive, name)))
        return [part if isinstance(part, str) else _tag(part) for part in parts]
    return None


def _tag(part: tuple[str, tuple[tuple[str, str], ...]]) -> str:
    return f"<{' '.join([part[0], *(f'{name}={value!r}' for name, value in part[1])])}>"


def _lines_in_common(one: Sequence[str], other: Sequence[str]) -> float:
    if not one or not other:
        return float(list(one) == list(other))
    require_comparable(one, other)
    return SequenceMatcher(a=one, b=other).ratio()


@metric
def compare_htmls(actual: File, expected: File, *, ignore_sdnum: bool | None = None, published: bool = False) -> Verdict:
    """1 if two pages have the same elements with the same attributes, and the same texts, in the same order.

    With `ignore_sdnum`, the attribute with which LibreOffice notes a cell's number does not count.
    """
    take = raw_parts if published else page_parts
    there, gold = ([_kept(part, ignore_sdnum) for part in take(side)] for side in (text(found(actual)), wanted(text, expected)))
    for number, (one, other) in enumerate(zip(there, gold, strict=False), start=1):
        if one != other:
            return Verdict(0.0, f"part {number}: expected {quote(other)}, found {quote(one)}")
    if len(there) != len(gold) and not published:
        return Verdict(0.0, f"expected {len(gold)} elements and texts, found {len(there)}")
    return Verdict(1.0, f"{len(gold)} elements and texts match")


def _kept(part: Part, ignore_sdnum: bool | None) -> Part:
    if isinstance(part, str) or not ignore_sdnum:
        return part
    return part[0], tuple(pair for pair in part[1] if pair[0] != "sdnum")
