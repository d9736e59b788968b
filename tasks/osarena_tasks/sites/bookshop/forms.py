"""Understanding what the customer sent: values where it is right, words for the customer where it is not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from osarena_tasks.sites._parts.forms import Checked, tidy
from osarena_tasks.sites.bookshop.shop import DELIVERIES, FORMATS, PAYMENTS, Filters, Order

NOTE_LENGTH = 200
# How postcodes look in the countries that the shop sends to.
COUNTRIES: Mapping[str, tuple[str, str]] = {
    "France": (r"\d{5}", "21000"),
    "Germany": (r"\d{5}", "72070"),
    "Ireland": (r"[A-Z]\d[\dW] [A-Z\d]{4}", "H91 E2W8"),
    "Netherlands": (r"\d{4} [A-Z]{2}", "3511 NK"),
    "Poland": (r"\d{2}-\d{3}", "31-146"),
    "Sweden": (r"\d{3} \d{2}", "582 23"),
    "United Kingdom": (r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}", "BS3 1QT"),
}
_FIELDS = {
    "name": "Full name",
    "street": "Street and number",
    "postcode": "Postcode",
    "city": "Town or city",
    "country": "Country",
}


def read_filters(sent: Mapping[str, str]) -> Filters:
    """The filters in an address's query; what is not known narrows nothing."""
    orders: dict[str, Order] = {"title": "title", "price": "price", "rating": "rating"}
    return Filters(
        words=tidy(sent.get("q")),
        category=tidy(sent.get("category")),
        format=sent.get("format", "") if sent.get("format") in FORMATS else "",
        in_stock=sent.get("in_stock") == "yes",
        order=orders.get(sent.get("sort", ""), "featured"),
    )


def read_address(sent: Mapping[str, str]) -> Checked[dict[str, str]]:
    """A new address."""
    address = {field: tidy(sent.get(field)) for field in _FIELDS}
    problems = {field: f"{label} is missing." for field, label in _FIELDS.items() if not address[field]}
    if address["country"] and address["country"] not in COUNTRIES:
        problems["country"] = "We do not send books there yet."
    elif address["country"] and address["postcode"]:
        pattern, example = COUNTRIES[address["country"]]
        if not re.fullmatch(pattern, address["postcode"]):
            problems["postcode"] = f"A postcode in {address['country']} looks like {example}."
    return Checked(address, problems)


@dataclass(frozen=True, slots=True)
class Terms:
    """How an order is sent and paid."""

    delivery: str
    payment: str
    note: str


def read_terms(sent: Mapping[str, str]) -> Checked[Terms]:
    """Delivery, payment and gift note."""
    terms = Terms(sent.get("delivery", ""), sent.get("payment", ""), tidy(sent.get("note")))
    problems = {}
    if terms.delivery not in DELIVERIES:
        problems["delivery"] = "Choose how we should send it."
    if terms.payment not in PAYMENTS:
        problems["payment"] = "Choose how you want to pay."
    if terms.payment == "voucher":
        problems["payment"] = "There is no voucher in your account."
    if len(terms.note) > NOTE_LENGTH:
        problems["note"] = f"A gift note has at most {NOTE_LENGTH} characters."
    return Checked(terms, problems)
