"""Makers of office tasks: the same seed gives the same bytes, and the files hold what the data about them say."""

from __future__ import annotations

import csv
import io
from random import Random
from typing import Any

import openpyxl
import pytest

from osarena import registry
from osarena.tasks.values import plain_data
from osarena_evaluators.readers import document_parts, office, slides
from osarena_tasks.makers.leases import review

SEEDS = range(6)
MAKERS = ["quotes.quotation", "memberships.member_list", "visitors.visitor_figures", "leases.review", "reports.unstyled_report"]
MAKERS += ["talks.untidy_talk", "talks.course_slides"]


def make(address: str, seed: int) -> Any:
    return registry.find_function("maker", address)(Random(seed))


def rows(workbook: bytes, sheet: str) -> list[list[Any]]:
    found = [list(row) for row in openpyxl.load_workbook(io.BytesIO(workbook))[sheet].iter_rows(values_only=True)]
    return [row[: len(row) - next((n for n, cell in enumerate(reversed(row)) if cell is not None), len(row))] for row in found]


@pytest.mark.parametrize("address", MAKERS)
def test_same_seed_gives_same_bytes_and_another_seed_does_not(address: str) -> None:
    first = make(address, 7)
    assert plain_data(first, "$") == first, "a maker returns plain data"
    assert make(address, 7) == first
    assert make(address, 8) != first


@pytest.mark.parametrize("seed", SEEDS)
def test_the_figures_of_a_quotation_follow_from_its_lines(seed: int) -> None:
    made = make("quotes.quotation", seed)
    prices = {article: price for article, _, _, price in made["price_list"][1:]}
    lines = rows(made["workbook"], "Quote")[made["first"] - 1 : made["last"]]
    amounts = [line[3] * prices[line[1]] * (1 - ((line[5] if len(line) > 5 else 0) or 0) / 100) for line in lines]
    net = sum(amounts)
    totals = [net, net * made["vat"] / 100, net * (1 + made["vat"] / 100)]
    expected = [*(prices[line[1]] for line in lines), *amounts, *totals]
    assert [figure for [figure] in made["figures"]] == pytest.approx(expected)
    assert rows(made["workbook"], "Price list") == made["price_list"]
    assert list(prices) != sorted(prices), "a lookup that takes the list for sorted must go wrong"
    assert any(len(line) > 5 and line[5] for line in lines), "some line has a discount"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_clean_list_of_members_has_each_address_once(seed: int) -> None:
    made = make("memberships.member_list", seed)
    assert rows(made["workbook"], "Members") == made["found"]
    _, *clean = made["clean"]
    addresses = [row[3].lower() for row in clean]
    assert len(set(addresses)) == len(addresses)
    assert set(addresses) == {row[3].lower() for row in made["found"][1:]}
    assert [row[1:3] for row in clean] == sorted(row[1:3] for row in clean)
    numbers = {int(row[0]) for row in clean}
    for row, (number, *_, address, _day) in enumerate(made["found"][1:], start=2):
        is_double = address.lower() in (other[3].lower() for other in made["found"][1 : row - 1])
        assert (number in numbers) == (not is_double)
        assert (row in made["doubles"]) == is_double
    assert made["namesake"] not in made["doubles"]
    assert list(csv.reader(io.StringIO(made["clean_csv"].decode()), delimiter=";")) == made["clean"]
    assert made["by_number"] != made["clean_csv"]


@pytest.mark.parametrize("seed", SEEDS)
def test_visitor_figures_have_some_weak_months(seed: int) -> None:
    made = make("visitors.visitor_figures", seed)
    assert rows(made["workbook"], "Visitors") == made["table"]
    assert rows(made["workbook"], "Notes") == made["notes"]
    figures = [figure for row in made["table"][1:-1] for figure in row[1:]]
    weak = [figure for figure in figures if figure < made["limit"]]
    assert 0 < len(weak) < len(figures) / 2
    assert made["limit"] not in figures


@pytest.mark.parametrize("seed", SEEDS)
def test_a_lease_needs_one_persons_changes_and_not_the_others(seed: int) -> None:
    made = review(Random(seed))
    authors = {change["author"] for change in document_parts.changes(made["document"])}
    assert authors == {made["agreed"], made["rejected"]}
    assert len(document_parts.comments(made["document"])) == 2
    for wrong in ("document", "all_accepted", "all_rejected"):
        assert office.styles(made[wrong]) != made["final"]
    assert office.styles(made["still_open"]) == office.styles(made["comments_left"]) == made["final"]
    assert {change["author"] for change in document_parts.changes(made["still_open"])} == {made["agreed"]}
    assert document_parts.comments(made["still_open"]) == document_parts.changes(made["comments_left"]) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_tells_of_a_notice_period_that_was_changed_without_tracking(seed: int) -> None:
    tracked, untracked = review(Random(seed)), review(Random(seed), notice_is_tracked=False)
    assert untracked["final"] == tracked["final"]
    lost = document_parts.changes(tracked["document"])
    for change in document_parts.changes(untracked["document"]):
        lost.remove(change)
    assert [change["kind"] for change in lost] == ["deletion", "insertion"]
    assert lost[0]["text"] not in str(office.styles(untracked["document"]))
    assert lost[1]["text"] in str(office.styles(untracked["document"]))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_report_has_all_its_texts_and_no_styles(seed: int) -> None:
    made = make("reports.unstyled_report", seed)
    assert office.paragraphs(made["document"]) == made["paragraphs"]
    assert {style for style, _ in office.styles(made["document"])} == {"Standard"}
    for heading, _ in made["headings"]:
        assert sum(heading in text for text in made["paragraphs"]) == 1, "a heading can be found by its words"


@pytest.mark.parametrize("seed", SEEDS)
def test_an_untidy_talk_is_in_another_order_and_its_wrong_total_is_right_elsewhere(seed: int) -> None:
    made = make("talks.untidy_talk", seed)
    found = slides.texts(made["presentation"])
    assert [slide[0] for slide in found] == made["found"]
    assert sorted(slide[0] for slide in found) == sorted([made["old"], *(slide[0] for slide in made["slides"])])
    assert [slide for slide in made["found"] if slide in made["order"]] != made["order"]
    assert found[1][1:] == made["order"]
    assert str(found).count(made["wrong"]) == 2
    assert str(made["slides"]).count(made["wrong"]) == str(made["slides"]).count(made["right"]) == 1
    assert len(made["notes"]) == len(made["slides"])


@pytest.mark.parametrize("seed", SEEDS)
def test_course_slides_have_neither_footers_nor_transitions(seed: int) -> None:
    made = make("talks.course_slides", seed)
    assert slides.texts(made["presentation"]) == made["slides"]
    assert made["answers"] in [title for title, *_ in made["slides"]][1:]
    assert not any(footer["text"] or footer["number"] for footer in slides.footers(made["presentation"]))
    assert slides.hidden(made["presentation"]) == []
    assert len(made["footers"]) == len(made["transitions"]) == len(made["slides"])
