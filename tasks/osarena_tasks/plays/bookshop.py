"""Plays in the bookshop Fern & Folio."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from osarena.players.screen import Screen
from osarena.tasks.model import play
from osarena_tasks.plays._chromium import choose, fill, page_of

_SHOP = "Fern & Folio"


@play
def gift_order(
    screen: Screen,
    values: Mapping[str, Any],
    *,
    book: Literal["title", "out_of_stock"] = "title",
    edition: str = "Hardcover",
    own_address: bool = False,
    delivery: str = "wanted",
    short_note: bool = False,
    times: int = 1,
    leftover: Literal["wish", "remove"] = "wish",
    newsletter: bool = False,
) -> None:
    """Find the book, put it into the basket, take last week's book out, and order."""
    shop = values["shop"]
    page_of(screen, _SHOP).wait_for("link", shop["shelf"])
    for turn in range(times):
        _find_book(screen, shop, shop[book], in_stock=book == "title")
        _put_into_basket(screen, shop, shop[book], edition)
        if turn == 0:
            _empty_of_leftover(screen, shop, leftover)
        page_of(screen, "Basket").click("link", "Go to checkout")
        _enter_address(screen, shop["recipient"], own_address=own_address)
        _enter_terms(screen, shop, delivery=delivery, note=_first_sentence(shop["note"]) if short_note else shop["note"])
        _place_order(screen, newsletter=newsletter)


def _find_book(screen: Screen, shop: Mapping[str, Any], title: str, *, in_stock: bool) -> None:
    """Narrow the shelf down to hardcovers by price, and open the book."""
    screen.inside("document web").click("link", shop["shelf"])
    page = page_of(screen, f"{shop['shelf']} · ")
    page.click("radio button", "Hardcover")
    if in_stock:
        page.click("check box", "In stock only")
    choose(page, "Sort by", "Price")
    page.click("push button", "Apply")
    filters = f"{shop['shelf']}, Hardcover{', in stock' if in_stock else ''}, by price"
    page_of(screen, filters).click("link", re.compile("^" + re.escape(title)))


def _put_into_basket(screen: Screen, shop: Mapping[str, Any], title: str, edition: str) -> None:
    page = page_of(screen, title)
    page.click("radio button", edition)
    fill(page, "Copies", str(shop["quantity"]))
    page.click("push button", "Add to basket")


def _empty_of_leftover(screen: Screen, shop: Mapping[str, Any], what: str) -> None:
    page = page_of(screen, "Basket")
    button = f"Move {shop['leftover']} to wishlist" if what == "wish" else f"Remove {shop['leftover']}"
    page.click("push button", button)
    page.wait_gone("push button", button)


def _enter_address(screen: Screen, recipient: Mapping[str, str], *, own_address: bool) -> None:
    page = page_of(screen, "Checkout: address")
    if own_address:
        page.wait_for("radio button", states=["checked"])
    else:
        page.click("radio button", "Send to another address")
        fill(page, "Full name", recipient["name"])
        fill(page, "Street and number", recipient["street"])
        fill(page, "Postcode", recipient["postcode"])
        fill(page, "Town or city", recipient["city"])
        choose(page, "Country", recipient["country"])
    page.click("push button", "Continue to delivery")


def _enter_terms(screen: Screen, shop: Mapping[str, Any], *, delivery: str, note: str) -> None:
    page = page_of(screen, "Checkout: delivery")
    if delivery == "wanted":
        page.click("radio button", shop["delivery_name"].capitalize())
    page.click("radio button", "Invoice by post")
    fill(page, "Gift note", note)
    page.click("push button", "Continue to review")


def _place_order(screen: Screen, *, newsletter: bool) -> None:
    page = page_of(screen, "Checkout: review")
    if not newsletter:
        page.click("check box", re.compile("newsletter"), states=["checked"])
    page.click("check box", "I accept the terms of sale")
    page.click("push button", "Place order")
    page_of(screen, "Order ").wait_for("heading", "Thank you for your order")


def _first_sentence(note: str) -> str:
    return note[: note.index(".") + 1] if "." in note[:-1] else note[: note.index("!") + 1]
