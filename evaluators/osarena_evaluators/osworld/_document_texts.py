"""Metrics of documents that compare their texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import permutations
from typing import Any

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.osworld._files import File, found, wanted
from osarena_evaluators.osworld._word import Document, is_odt, paragraph_texts
from osarena_evaluators.readers.office import tables

_MAX_TEXT = 400_000  # characters of which the likeness is measured, which takes some seconds
_SPACE = re.compile(r"\s+")
_NEARLY = 0.01
_MAX_ANSWERS = 60  # of which three different ones are chosen in all ways


def likeness(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1: twice the letters in common, in order, by the letters of both."""
    from rapidfuzz import fuzz

    if len(one) > _MAX_TEXT or len(other) > _MAX_TEXT:
        raise EvidenceMissing(f"it has {len(one)} characters, which is too much to look at")
    return float(fuzz.ratio(one, other)) / 100


def difference(found_lines: Sequence[str], wanted_lines: Sequence[str]) -> str:
    """The first line that differs, in words; nothing where none does."""
    for number, (line, wanted_line) in enumerate(zip(found_lines, wanted_lines, strict=False), start=1):
        if line != wanted_line:
            return f"paragraph {number}: expected {quote(wanted_line)}, found {quote(line)}"
    if len(found_lines) != len(wanted_lines):
        return f"expected {len(wanted_lines)} paragraphs, found {len(found_lines)}"
    return ""


def verdict(words: str) -> Verdict:
    """1, or 0 with what is wrong."""
    return Verdict(0.0, words[:900]) if words else Verdict(1.0)


def documents(actual: Any, expected: Any, *, published: bool = False) -> tuple[Document, Document]:
    """An agent's document and the expected one."""
    return Document(found(actual), published=published), wanted(Document, expected, published=published)


@metric
def compare_docx_files(
    actual: File,
    expected: File,
    *,
    ignore_blanks: bool = True,
    ignore_case: bool = False,
    ignore_order: bool = False,
    content_only: bool = False,
    fuzzy_match: bool = False,
    fuzzy_match_threshold: float | None = None,
    delete_empty_lines: bool = False,
    published: bool = False,
) -> Verdict:
    """1 if two documents (.docx or .odt) have the same paragraphs; their likeness with `content_only` or `fuzzy_match`.

    With `ignore_blanks` any white space, also between paragraphs, is one space; else paragraphs are compared one by one.
    With `fuzzy_match_threshold` (0 to 1) a likeness counts as 1 from there on, else as 0.
    """
    kinds = [is_odt(found(actual)), wanted(is_odt, expected)]
    texts, gold = paragraph_texts(actual, published=published), wanted(paragraph_texts, expected, published=published)
    if kinds[0] != kinds[1]:
        return Verdict(0.0, f"expected {'an .odt' if kinds[1] else 'a .docx'} document, found one of the other kind")
    sides = [_arranged(one, ignore_order, delete_empty_lines) for one in (texts, gold)]
    sides = [[text.lower() for text in side] for side in sides] if ignore_case else sides
    if content_only:
        return _alike(_joined(sides[0]), _joined(sides[1]), None)
    if ignore_blanks:
        one, other = _joined(sides[0]), _joined(sides[1])
        return _alike(one, other, fuzzy_match_threshold) if fuzzy_match else verdict(_text_difference(one, other))
    if not fuzzy_match or len(sides[0]) != len(sides[1]):
        return verdict(difference(*sides))
    scores = [_alike(one, other, fuzzy_match_threshold).score for one, other in zip(*sides, strict=True)]
    score = sum(scores) / len(scores) if scores else 1.0
    return Verdict(score, f"the paragraphs are alike to {score:.3f}")


def _arranged(texts: list[str], ignore_order: bool, delete_empty_lines: bool) -> list[str]:
    texts = sorted(texts) if ignore_order else texts
    return [text for text in texts if text.strip()] if delete_empty_lines else texts


def _joined(texts: Sequence[str]) -> str:
    return _SPACE.sub(" ", "\n".join(texts)).strip()


def _alike(one: str, other: str, threshold: float | None) -> Verdict:
    score = likeness(one, other)
    return Verdict(score if threshold is None else float(score >= threshold), f"the texts are alike to {score:.3f}")


def _text_difference(one: str, other: str) -> str:
    if one == other:
        return ""
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"at character {at}: expected {quote(other[at : at + 60])}, found {quote(one[at : at + 60])}"


@metric
def compare_docx_files_and_ignore_new_lines(
    actual: File, expected: File, *, ignore_blanks: bool = True, published: bool = False
) -> Verdict:
    """1 if two documents (.docx) have the same paragraphs, empty ones aside.

    With `ignore_blanks` any white space, also between paragraphs, is one space.
    """
    one, other = documents(actual, expected, published=published)
    texts, gold = ([paragraph.text for paragraph in side.all_paragraphs if paragraph.text] for side in (one, other))
    return verdict(_text_difference(_joined(texts), _joined(gold)) if ignore_blanks else difference(texts, gold))


def require_same_text(actual: File, expected: File, *, published: bool) -> str:
    """What differs in the texts of two documents, before anything else is looked at."""
    return "" if (found := compare_docx_files(actual, expected, published=published)).score == 1 else found.reason


@metric
def compare_init_lines(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """1 if a document starts with the paragraphs of the expected one."""
    one, other = documents(actual, expected, published=published)
    texts, gold = ([paragraph.text for paragraph in side.paragraphs] for side in (one, other))
    length = min(len(texts), len(gold)) if published else len(gold)
    return verdict(difference(texts[:length], gold[:length]))


@metric
def compare_docx_lines(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """1 if two documents have the same paragraphs, each as often, in any order; empty ones do not count."""
    one, other = documents(actual, expected, published=published)
    arranged: Callable[[list[str]], list[str]] = (lambda lines: sorted(set(lines))) if published else sorted
    return verdict(difference(arranged(one.lines), arranged(other.lines)))


@metric
def compare_docx_tables(actual: File, expected: File) -> Verdict:
    """1 if two documents have the same tables: as many rows and columns, the same text in each cell."""
    there, gold = tables(found(actual)), wanted(tables, expected)
    if len(there) != len(gold):
        return Verdict(0.0, f"expected {len(gold)} tables, found {len(there)}")
    for number, (one, other) in enumerate(zip(there, gold, strict=True), start=1):
        rows, gold_rows = ([[cell.strip() for cell in row] for row in table] for table in (one, other))
        if rows != gold_rows:
            wrong = next((pair for pair in zip(rows, gold_rows, strict=False) if pair[0] != pair[1]), (len(rows), len(gold_rows)))
            return Verdict(0.0, f"table {number}: expected {quote(wrong[1])}, found {quote(wrong[0])}")
    return Verdict(1.0)


@metric
def compare_references(
    actual: File,
    expected: File,
    *,
    reference_indicator: str = "References",
    reference_base_result: float = 0.5,
    published: bool = False,
) -> Verdict:
    """How alike the paragraphs below "References" are, on average; `reference_base_result` counts as 0."""
    one, other = documents(actual, expected, published=published)
    lists = [_below(side, reference_indicator, published) for side in (one, other)]
    there, gold = lists
    if there is None or gold is None:
        return Verdict(float(there is gold), f"there is no paragraph {reference_indicator!r}")
    if len(there) != len(gold) or not gold:
        return Verdict(float(len(there) == len(gold)), f"expected {len(gold)} references, found {len(there)}")
    mean = sum(likeness(*pair) for pair in zip(there, gold, strict=True)) / len(gold)
    is_better = mean >= reference_base_result + _NEARLY and reference_base_result < 1
    score = (mean - reference_base_result) / (1 - reference_base_result) if is_better else 0.0
    return Verdict(min(max(score, 0.0), 1.0), f"the references are alike to {mean:.3f}")


def _below(document: Document, indicator: str, published: bool) -> list[str] | None:
    """The paragraphs below the last one that says no more than "References" (the first one, as published)."""
    texts = [paragraph.text if published else paragraph.text.strip() for paragraph in document.paragraphs]
    places = [number for number, text in enumerate(texts) if text == indicator]
    return [text for text in texts[places[0 if published else -1] + 1 :] if text.strip()] if places else None


# --- records of trains -----------------------------------------------------------------------------------------------


def _train_ids(document: Document) -> list[str]:
    """The second field of each line with four: time, train, station, platform."""
    rows = (paragraph.text.split(",") for paragraph in document.paragraphs)
    return [row[1].strip() for row in rows if len(row) == 4]


@metric
def get_unique_train_ids(actual: File) -> Verdict:
    """1 if a document lists trains. (The public function is a part of another one, and returns their names and number.)"""
    ids = set(_train_ids(Document(found(actual))))
    return Verdict(float(bool(ids)), f"{len(ids)} trains: {quote(sorted(ids))}")


@metric
def check_no_duplicates(actual: File, expected: File, *, published: bool = False) -> Verdict:
    """1 if a document lists the trains of the expected one, each once."""
    one, other = documents(actual, expected, published=published)
    ids, gold = _train_ids(one), _train_ids(other)
    twice = sorted({name for name in ids if ids.count(name) > 1}) if len(ids) < 5000 else ids[:1]
    if published:  # for which the first document is the one that still has them twice
        return verdict("" if len(gold) == len(set(gold)) and set(ids) == set(gold) else "the trains differ")
    if twice:
        return Verdict(0.0, f"found more than once: {quote(twice)}")
    return verdict("" if set(ids) == set(gold) else f"the trains differ in {quote(sorted(set(ids) ^ set(gold)))}")


@metric
def compare_unique_train_records(actual: File, expected: list[File]) -> Verdict:
    """1 if a document has lines of the original alone, each train once, the expected trains, and as many lines.

    `expected` are two documents: the right one, and the original.
    """
    if not isinstance(expected, list | tuple) or len(expected) < 2:
        raise CheckerError(f"expected the right and the original document in the task, found {quote(expected)}")
    gold, original = (wanted(Document, data) for data in expected[:2])
    document = Document(found(actual))
    if strange := set(document.lines) - set(original.lines):
        return Verdict(0.0, f"not in the original: {quote(sorted(strange))}")
    ids = _train_ids(document)
    if len(ids) != len(set(ids)):
        return Verdict(0.0, f"of {len(ids)} trains, only {len(set(ids))} are different ones")
    if set(ids) != set(_train_ids(gold)):
        return Verdict(0.0, f"the trains differ in {quote(sorted(set(ids) ^ set(_train_ids(gold))))}")
    return verdict(
        "" if len(document.lines) == len(gold.lines) else f"expected {len(gold.lines)} lines, found {len(document.lines)}"
    )


@metric
def fuzzy_place_math(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """How alike the three words of a document are to answers under `expected`, each to one of its own; 0 for other than three."""
    answers = expected.get("expected") if isinstance(expected, Mapping) else None
    if not isinstance(answers, list) or not answers or not all(isinstance(answer, str) for answer in answers):
        raise CheckerError(f'expected {{"expected": [answer, …]}} in the task, found {quote(expected)}')
    words = [one for paragraph in Document(found(actual), published=published).paragraphs for one in paragraph.text.split()]
    if len(words) != 3:
        return Verdict(0.0, f"expected three words, found {len(words)}")
    scores = [[likeness(one, answer) for answer in answers] for one in words]
    if published or not 3 <= len(answers) <= _MAX_ANSWERS:
        best = sum(map(max, scores))
    else:
        choices = permutations(range(len(answers)), 3)
        best = max(sum(row[answer] for row, answer in zip(scores, choice, strict=True)) for choice in choices)
    return Verdict(best / 3, f"{quote(words)} are alike to the answers to {best / 3:.3f}")
