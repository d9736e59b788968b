"""The pages of the bookshop."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from osarena_tasks.sites._parts import web
from osarena_tasks.sites._parts.forms import read_number
from osarena_tasks.sites._parts.paging import asked_page
from osarena_tasks.sites.bookshop import forms
from osarena_tasks.sites.bookshop.shop import DELIVERIES, FORMATS, MAX_COPIES, PAYMENTS, Book, Checkout, RefusalError, Shop

PAGE_SIZE = 8
SORTS = {"": "Featured", "title": "Title", "price": "Price, low to high", "rating": "Rating"}

pages = Blueprint("pages", __name__)


class BookshopSite:
    """The shop as a site: a web application and the state behind it."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.wsgi = create_app(shop)

    def state(self) -> dict[str, Any]:
        """What was ordered, and what else has changed (see `Shop.state`)."""
        return self._shop.state()


def create_app(shop: Shop) -> Flask:
    """The web application over a shop."""
    app = web.create_app(__name__, "Fern & Folio", shop, pages, common=_common)
    app.jinja_env.filters["money"] = money
    return app


def money(cents: int) -> str:
    """A price as the shop writes it."""
    return f"€{cents / 100:,.2f}"


def _shop() -> Shop:
    shop: Shop = current_app.extensions["state"]
    return shop


def _common() -> dict[str, Any]:
    shop = _shop()
    copies = sum(shop.basket.values())
    return {"shop": shop, "copies": copies, "deliveries": DELIVERIES, "payments": PAYMENTS, "stars": _stars}


def _stars(rating: float) -> str:
    full = round(rating)
    return "★" * full + "☆" * (5 - full)


# --- browsing ---------------------------------------------------------------------------------------------------


@pages.get("/")
def home() -> str:
    """The front page with a few books and the categories."""
    shop = _shop()
    best = sorted(shop.books, key=lambda book: (-book.rating, book.title))[:4]
    return render_template("home.html", best=best, fresh=shop.books[:4])


@pages.get("/books")
def books() -> str:
    """Search results, filtered and sorted, `PAGE_SIZE` to a page."""
    filters = forms.read_filters(request.args)
    page = asked_page(_shop().search(filters), size=PAGE_SIZE)
    return render_template("books.html", filters=filters, page=page, formats=FORMATS, sorts=SORTS)


@pages.get("/books/<slug>")
def book(slug: str) -> str:
    """One book with its editions."""
    return _show_book(_find_book(slug))


@pages.get("/covers/<slug>.svg")
def cover(slug: str) -> Response:
    """A book's cover."""
    return Response(render_template("cover.svg", book=_find_book(slug)), mimetype="image/svg+xml")


def _find_book(slug: str) -> Book:
    return _shop().book(slug) or abort(404)


def _show_book(shown: Book, problem: str = "") -> str:
    related = [other for other in _shop().books if other.category == shown.category and other != shown][:4]
    return render_template("book.html", book=shown, related=related, problem=problem, max_copies=MAX_COPIES)


# --- basket and wishlist ----------------------------------------------------------------------------------------


@pages.post("/books/<slug>")
def choose(slug: str) -> str | BaseResponse:
    """Put an edition into the basket or on the wishlist."""
    shown = _find_book(slug)
    edition = shown.edition(request.form.get("format", ""))
    if edition is None:
        return _show_book(shown, "Choose an edition first.")
    if request.form.get("do") == "wish":
        _shop().wish(edition.sku)
        return redirect(url_for("pages.wishlist"))
    try:
        _shop().add(edition.sku, read_number(request.form.get("quantity")))
    except RefusalError as refusal:
        return _show_book(shown, str(refusal))
    return redirect(url_for("pages.basket"))


@pages.get("/basket")
def basket() -> str:
    """What is in the basket."""
    return render_template("basket.html", problem="")


@pages.post("/basket")
def change_basket() -> str | BaseResponse:
    """Change one line of the basket."""
    shop, sku = _shop(), request.form.get("sku", "")
    try:
        match request.form.get("do"):
            case "remove":
                shop.change(sku, 0)
            case "wish":
                shop.wish(sku)
            case _:
                shop.change(sku, read_number(request.form.get("quantity")))
    except RefusalError as refusal:
        return render_template("basket.html", problem=str(refusal))
    return redirect(url_for("pages.basket"))


@pages.get("/wishlist")
def wishlist() -> str:
    """What the customer wants to keep in mind."""
    return render_template("wishlist.html", wishes=[_shop().look_up(sku) for sku in _shop().wishlist])


@pages.post("/wishlist")
def change_wishlist() -> BaseResponse:
    """Move a wish into the basket, or forget it."""
    shop, sku = _shop(), request.form.get("sku", "")
    try:
        if request.form.get("do") == "basket":
            shop.add(sku, 1)
    except RefusalError:
        return redirect(url_for("pages.wishlist"))
    shop.forget(sku)
    return redirect(url_for("pages.basket" if request.form.get("do") == "basket" else "pages.wishlist"))


# --- checkout ---------------------------------------------------------------------------------------------------


@pages.get("/checkout/address")
def address() -> str | BaseResponse:
    """Checkout, page 1."""
    if not _shop().basket:
        return redirect(url_for("pages.basket"))
    return _address_page({}, {})


@pages.post("/checkout/address")
def choose_address() -> str | BaseResponse:
    """Take a saved or a new address."""
    shop, choice = _shop(), request.form.get("choice", "")
    saved = shop.account["addresses"]
    if choice != "new":
        index = read_number(choice)
        if not 0 <= index < len(saved):
            return _address_page(request.form, {"choice": "Choose an address."})
        shop.checkout.address, shop.checkout.keeps_address = dict(saved[index]), False
    else:
        checked = forms.read_address(request.form)
        if checked.problems:
            return _address_page(request.form, checked.problems)
        shop.checkout.address, shop.checkout.keeps_address = checked.value, request.form.get("keep") == "yes"
    return redirect(url_for("pages.terms"))


def _address_page(entered: Any, problems: Any) -> str:
    return render_template("address.html", entered=entered, problems=problems, countries=forms.COUNTRIES)


@pages.get("/checkout/delivery")
def terms() -> str | BaseResponse:
    """Checkout, page 2."""
    entered = _shop().checkout
    if entered.address is None or not _shop().basket:
        return redirect(url_for("pages.address"))
    return _terms_page(entered, {})


@pages.post("/checkout/delivery")
def choose_terms() -> str | BaseResponse:
    """Take delivery, payment and gift note."""
    checked = forms.read_terms(request.form)
    if checked.problems:
        return _terms_page(checked.value, checked.problems)
    entered = _shop().checkout
    entered.delivery, entered.payment, entered.note = checked.value.delivery, checked.value.payment, checked.value.note
    entered.has_terms = True
    return redirect(url_for("pages.review"))


def _terms_page(entered: forms.Terms | Checkout, problems: Any) -> str:
    return render_template("terms.html", entered=entered, problems=problems, note_length=forms.NOTE_LENGTH)


@pages.get("/checkout/review")
def review() -> str | BaseResponse:
    """Checkout, page 3."""
    if not (_shop().basket and _shop().checkout.has_terms):
        return redirect(url_for("pages.terms"))
    return render_template("review.html", problem="")


@pages.post("/checkout/review")
def place_order() -> str | BaseResponse:
    """Place the order."""
    if request.form.get("accept") != "yes":
        return render_template("review.html", problem="Please accept our terms of sale.")
    try:
        number = _shop().place_order(newsletter=request.form.get("newsletter") == "yes")
    except RefusalError:
        return redirect(url_for("pages.basket"))
    return redirect(url_for("pages.order", number=number, thanks="yes"))


# --- account ----------------------------------------------------------------------------------------------------


@pages.get("/orders")
def orders() -> str:
    """Every order, the newest first."""
    return render_template("orders.html")


@pages.get("/orders/<int:number>")
def order(number: int) -> str:
    """One order; straight after it was placed, with thanks."""
    shown = _shop().order(number) or abort(404)
    return render_template("order.html", order=shown, is_new=request.args.get("thanks") == "yes")


@pages.get("/account")
def account() -> str:
    """The customer's data."""
    return render_template("account.html", is_saved=False)


@pages.post("/account")
def change_account() -> str:
    """Sign up for the newsletter or leave it, choose the address to start from, remove an address."""
    account, sent = _shop().account, request.form
    removed = read_number(sent.get("remove"))
    if "remove" in sent and 0 <= removed < len(account["addresses"]) and len(account["addresses"]) > 1:
        del account["addresses"][removed]
        account["default_address"] = 0
    elif "remove" not in sent:
        account["newsletter"] = sent.get("newsletter") == "yes"
        chosen = read_number(sent.get("default_address"))
        if 0 <= chosen < len(account["addresses"]):
            account["default_address"] = chosen
    return render_template("account.html", is_saved=True)
