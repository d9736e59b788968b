"""The bookshop's pages, rules and state."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient

from osarena.sites import Site
from osarena_tasks.makers.bookshop import gift_order
from osarena_tasks.sites.bookshop import bookshop
from osarena_tasks.sites.bookshop.forms import read_address, read_terms
from osarena_tasks.sites.bookshop.pages import create_app
from osarena_tasks.sites.bookshop.shop import Filters, RefusalError, Shop
from tests.support.webpages import unlabelled_inputs

UTRECHT = {"name": "Eva", "street": "Kade 3", "postcode": "3511 NK", "city": "Utrecht", "country": "Netherlands"}
TERMS = {"delivery": "express", "payment": "invoice", "note": ""}


@pytest.fixture
def made() -> Any:
    return gift_order(Random(5))


@pytest.fixture
def shop(made: Any) -> Shop:
    return Shop.from_data(made["data"])


@pytest.fixture
def client(shop: Shop) -> FlaskClient:
    return create_app(shop).test_client()


def text_of(client: FlaskClient, url: str) -> str:
    answer = client.get(url, follow_redirects=True)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def order_present(client: FlaskClient, made: Any, **differences: str) -> None:
    slug = next(book["slug"] for book in made["data"]["books"] if book["title"] == made["title"])
    client.post("/basket", data={"do": "wish", "sku": made["data"]["basket"][0]["sku"]})
    client.post(f"/books/{slug}", data={"do": "basket", "format": "Hardcover", "quantity": str(made["quantity"])})
    client.post("/checkout/address", data={"choice": "new", **made["recipient"]})
    client.post("/checkout/delivery", data={"delivery": made["delivery"], "payment": "invoice", "note": made["note"]})
    client.post("/checkout/review", data={"accept": "yes"} | differences)


def test_it_is_a_site(made: Any) -> None:
    assert isinstance(bookshop(made["data"]), Site)


@pytest.mark.parametrize("url", ["/", "/books", "/basket", "/wishlist", "/orders", "/account", "/checkout/address"])
def test_pages_have_a_title_and_a_heading(client: FlaskClient, url: str) -> None:
    page = client.get(url).text
    assert "Fern &amp; Folio</title>" in page
    assert "<h1>" in page


def test_every_input_has_a_label(client: FlaskClient, made: Any) -> None:
    slug = made["data"]["books"][0]["slug"]
    for url in ("/", "/books", f"/books/{slug}", "/basket", "/checkout/address", "/account"):
        assert unlabelled_inputs(client.get(url).text) == [], url


def test_books_are_found_by_words_of_title_author_and_category(shop: Shop) -> None:
    book = shop.books[3]
    surname = book.author.split()[-1]
    assert book in [hit.book for hit in shop.search(Filters(words=f"{surname} {book.category}".upper()))]
    assert shop.search(Filters(words="no such book")) == []


def test_price_order_goes_by_the_edition_asked_for(shop: Shop, made: Any) -> None:
    hits = shop.search(Filters(category=made["shelf"], format="Hardcover", in_stock=True, order="price"))
    prices = [hit.edition.price_cents for hit in hits]
    assert prices == sorted(prices)
    assert hits[0].book.title == made["title"]
    cheapest = shop.search(Filters(category=made["shelf"], order="price"))
    assert {hit.edition.format for hit in cheapest} != {"Hardcover"}


def test_results_are_split_into_pages_that_keep_the_filters(client: FlaskClient) -> None:
    first = client.get("/books?category=Nature&sort=price").text
    assert first.count('class="card"') == 8
    following = re.search(r'href="([^"]+)">Next page', first)
    assert following
    second = client.get(following.group(1).replace("&amp;", "&")).text
    assert second.count('class="card"') == 4
    assert "Nature, by price, page 2" in second
    assert client.get("/books?page=99").status_code == 200


def test_unknown_pages_say_so(client: FlaskClient) -> None:
    assert client.get("/books/no-such-book").status_code == 404
    assert "no such page" in client.get("/nowhere").text


def test_present_is_ordered_as_wanted(client: FlaskClient, shop: Shop, made: Any) -> None:
    order_present(client, made)
    state = shop.state()
    (order,) = state["placed"]
    assert order["lines"] == made["lines"]
    assert order["address"] == made["recipient"]
    assert order["terms"] == made["terms"]
    assert order["note"] == made["note"]
    assert state["order_numbers"] == made["order_numbers"]
    assert state["shelves"] == made["shelves"]
    assert state["account"] == made["account"]
    assert str(order["number"]) in text_of(client, "/orders")


def test_looking_around_changes_nothing(client: FlaskClient, shop: Shop, made: Any) -> None:
    before = shop.state()
    for url in ("/", "/books?q=the", "/basket", "/checkout/address", "/checkout/delivery", "/checkout/review", "/account"):
        client.get(url, follow_redirects=True)
    assert shop.state() == before


def test_newsletter_and_saved_address_change_the_account(client: FlaskClient, shop: Shop, made: Any) -> None:
    client.post("/checkout/address", data={"choice": "new", "keep": "yes", **UTRECHT})
    client.post("/checkout/delivery", data=TERMS)
    client.post("/checkout/review", data={"accept": "yes", "newsletter": "yes"})
    account = shop.state()["account"]
    assert account["newsletter"] is True
    assert account["addresses"][-1] == UTRECHT


def test_order_needs_the_terms_accepted_and_every_page_filled_in(client: FlaskClient, shop: Shop) -> None:
    assert "Please accept" in client.post("/checkout/review", data={}).text
    client.post("/checkout/review", data={"accept": "yes"})
    client.post("/checkout/address", data={"choice": "0"})
    client.post("/checkout/review", data={"accept": "yes"})
    assert shop.state()["placed"] == []


def test_order_cannot_be_placed_twice_by_sending_the_form_again(client: FlaskClient, shop: Shop, made: Any) -> None:
    order_present(client, made)
    client.post("/checkout/review", data={"accept": "yes"})
    assert len(shop.state()["placed"]) == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "  "}, "Full name is missing."),
        ({"postcode": "3511NK"}, "looks like 3511 NK"),
        ({"country": "Atlantis"}, "We do not send books there"),
    ],
)
def test_addresses_are_checked(client: FlaskClient, shop: Shop, wrong: dict[str, str], words: str) -> None:
    page = client.post("/checkout/address", data={"choice": "new", **UTRECHT, **wrong})
    assert words in page.text
    assert "Kade 3" in page.text, "what was entered is kept"
    assert shop.checkout.address is None


def test_entered_text_is_tidied() -> None:
    assert read_address({**UTRECHT, "name": " Eva   Smit "}).value["name"] == "Eva Smit"
    assert read_terms({**TERMS, "note": "Happy\r\nbirthday "}).value.note == "Happy birthday"


def test_vouchers_and_long_notes_are_refused() -> None:
    assert "payment" in read_terms({**TERMS, "payment": "voucher"}).problems
    assert "note" in read_terms({**TERMS, "note": "x" * 201}).problems
    assert "delivery" in read_terms({}).problems


def test_more_copies_than_in_stock_are_refused_but_sold_out_books_can_be_ordered(shop: Shop, made: Any) -> None:
    wanted = shop.books[0].editions[1]
    with pytest.raises(RefusalError, match="only"):
        shop.add(wanted.sku, wanted.stock + 1)
    with pytest.raises(RefusalError, match="between"):
        shop.add(wanted.sku, 0)
    sold_out = next(book for book in shop.books if book.title == made["out_of_stock"])
    assert shop.add(sold_out.editions[0].sku, 2).quantity == 2


def test_wishlist_and_basket_exchange_books(client: FlaskClient, shop: Shop, made: Any) -> None:
    sku = made["data"]["wishlist"][0]
    client.post("/wishlist", data={"do": "basket", "sku": sku})
    state = shop.state()["shelves"]
    assert state["wishlist"] == []
    assert {"sku": sku, "quantity": 1} in state["basket"]
    client.post("/basket", data={"do": "wish", "sku": sku})
    assert shop.state()["shelves"]["wishlist"][0]["sku"] == sku


def test_what_is_typed_is_shown_as_text(client: FlaskClient) -> None:
    assert "<script>" not in client.get("/books?q=<script>alert(1)</script>").text
