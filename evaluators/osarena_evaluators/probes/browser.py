"""What is open in the desktop's Chromium, by its remote debugging on the desktop's loopback. `chromium` reads its profile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from osarena.errors import CheckerError, EvidenceMissing, GuestError
from osarena.grading.model import live_probe
from osarena.guest.client import Guest
from osarena.guest.devtools import DEBUGGING_PORT, list_pages, remote_debugging
from osarena.guest.wait import wait_until
from osarena_evaluators.probes.database import database

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PROFILE = "~/.config/chromium/Default"
_TIMEOUT_S = 40.0
_CLOSE_TIMEOUT_S = 30.0
_MAX_CHARACTERS = 2_000_000

# What a person sees of a page, and what stands in the fields of its forms.
_STATE = """() => ({
    url: location.href, title: document.title, text: document.body ? document.body.innerText : "",
    scroll: [Math.round(scrollX), Math.round(scrollY)],
    fields: [...document.querySelectorAll("input, select, textarea")].map(field => ({
        name: field.name || field.id, type: field.type, value: field.value,
        checked: Boolean(field.checked), label: field.labels && field.labels.length ? field.labels[0].innerText.trim() : "",
    })),
})"""
_ELEMENTS = """found => found.map(element => ({
    tag: element.localName, text: element.innerText ?? element.textContent, value: element.value ?? null,
    checked: Boolean(element.checked), visible: element.checkVisibility(),
    attributes: Object.fromEntries([...element.attributes].map(one => [one.name, one.value])),
}))"""


@live_probe
def tabs(guest: Guest, port: int = DEBUGGING_PORT) -> bytes:
    """The open pages as a JSON list of `url` and `title`, the one that was in front last first.

    Raises:
        EvidenceMissing: no Chromium answers on the port.
    """
    pages = list_pages(guest, port=port)
    if pages is None:
        raise EvidenceMissing(f"no Chromium answers on port {port}")
    return _pack([{key: page.get(key) for key in ("url", "title")} for page in pages])


@live_probe
def page(guest: Guest, url: str = "", port: int = DEBUGGING_PORT) -> bytes:
    """What is on the page whose address contains `url`, as JSON: `url`, `title`, `text`, `scroll`, and the forms' `fields`.

    Of several such pages it is the one that was in front last. A field has `name`, `type`, `value`, `checked`, `label`.

    Raises:
        EvidenceMissing: there is no such page, or it does not answer.
    """
    with _page(guest, url, port) as found:
        return _pack(found.evaluate(_STATE))


@live_probe
def elements(guest: Guest, selector: str, url: str = "", port: int = DEBUGGING_PORT) -> bytes:
    """The elements that a CSS selector finds on the page whose address contains `url`, as a JSON list.

    Each has `tag`, `text`, `value`, `checked`, `visible` and `attributes`.
    """
    with _page(guest, url, port) as found:
        return _pack(found.locator(selector).evaluate_all(_ELEMENTS))


@live_probe
def profile(guest: Guest, name: str, folder: str = PROFILE, port: int = DEBUGGING_PORT) -> bytes:
    """A file of Chromium's profile, such as "Bookmarks" or "History", once the browser is closed; name it last in a check.

    Chromium writes bookmarks 2 s after a change and its history every 10 s, but a browser that is ended with the session
    writes neither; one that is closed does. A database comes as the probe `database` packs it.

    Raises:
        NoSuchFile: there is no such file.
    """
    if list_pages(guest, port=port) is not None:
        with suppress(EvidenceMissing), _connected(guest, port) as browser:
            browser.new_browser_cdp_session().send("Browser.close")
        with suppress(GuestError):  # one that does not close is ended with the session; what it has written by then counts
            wait_until(lambda: not _is_running(guest), timeout_s=_CLOSE_TIMEOUT_S, what="Chromium to close")
    path = f"{folder}/{name}"
    data = guest.read(path)
    return database(guest, path) if data.startswith(b"SQLite format 3\0") else data


def _is_running(guest: Guest) -> bool:
    return guest.run(["pgrep", "--exact", "chromium"]).exit_code == 0


@contextmanager
def _page(guest: Guest, url: str, port: int) -> Iterator[Page]:
    with _connected(guest, port) as browser:
        pages = {page.url: page for context in browser.contexts for page in context.pages if url in page.url}
        # Debugging makes every page believe that it is in front, so it is the list that tells.
        listed = [str(target.get("url")) for target in list_pages(guest, port=port) or ()]
        if not pages:
            raise EvidenceMissing(f"no page with {url!r} in its address is open")
        yield pages[next((address for address in listed if address in pages), next(iter(pages)))]


@contextmanager
def _connected(guest: Guest, port: int) -> Iterator[Browser]:
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise CheckerError("probes of pages need playwright: pip install 'osarena[browser]'") from error

    with remote_debugging(guest, port=port, timeout_s=_TIMEOUT_S) as endpoint, sync_playwright() as playwright:
        try:
            yield playwright.chromium.connect_over_cdp(endpoint.url, headers=endpoint.headers, timeout=_TIMEOUT_S * 1000)
        except Error as error:
            raise EvidenceMissing(f"the browser does not answer: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200]


def _pack(value: Any) -> bytes:
    packed = json.dumps(value, ensure_ascii=False)
    if len(packed) > _MAX_CHARACTERS:
        raise EvidenceMissing(f"the page has {len(packed)} characters, which is too much to look at")
    return packed.encode("utf-8", "replace")
