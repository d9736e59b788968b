"""What OSWorld's getters ask of the desktop's Chromium: the page in front and what is on it, other pages, its appearance."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from osarena.errors import CheckerError, EvidenceMissing, NoSuchFile
from osarena.grading.model import live_probe
from osarena.guest.client import Guest
from osarena.guest.devtools import DEBUGGING_PORT, list_pages
from osarena.guest.wait import wait_until
from osarena_evaluators.probes.browser import PROFILE, _connected, _page, profile

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

T = TypeVar("T")

_START_TIMEOUT_S = 30.0
_LOAD_TIMEOUT_MS = 20_000
_STEP_TIMEOUT_MS = 10_000
_MAX_ELEMENTS = 500
_RECREATION = "https://www.recreation.gov/"
_SEARCH, _RESULTS = "https://google.com/search?q=query", ".search-result"

_PARTS = (
    """(found, most) => found.slice(0, most).map(element => ({
    text: element.textContent.trim(),
    lines: [...element.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.textContent.trim())"""
    """.filter(Boolean),
    h3: element.querySelector("h3")?.textContent.trim() ?? null,
    span: element.querySelector("span")?.innerText.trim() ?? null,
    value: typeof element.value === "string" ? element.value.trim() : null,
}))"""
)
# The list "Mode" on Chromium's page of settings: 0 as the system, 1 light, 2 dark.
_MODE = "select#colorSchemeModeSelect"


@live_probe
def active_page(guest: Guest) -> bytes:
    """The page in front as JSON: `url`, `title` and, as HTML, `content`."""
    with _page(guest, "", DEBUGGING_PORT) as page:
        return _pack(_described(page))


@live_probe
def page_parts(guest: Guest, selectors: Sequence[str]) -> bytes:
    """What some selectors of Playwright ("css=.price", "xpath=//h1", "text=Total") find on the page in front, as JSON.

    It has the page's `url`, and `parts` by selector: of each element its `text`, the `lines` that are directly in it, the
    texts of the first `h3` and `span` in it, and the `value` of a field. A selector that cannot be used finds nothing.
    """
    from playwright.sync_api import Error
    from playwright.sync_api import TimeoutError as TooLong

    with _page(guest, "", DEBUGGING_PORT) as page:
        with suppress(TooLong):
            page.wait_for_load_state("load", timeout=_LOAD_TIMEOUT_MS)
        parts: dict[str, Any] = {}
        for selector in selectors:
            try:
                parts[selector] = page.locator(selector).evaluate_all(_PARTS, _MAX_ELEMENTS)
            except Error as error:
                if "not a valid" not in str(error) and "parsing" not in str(error):
                    raise
                parts[selector] = []
        return _pack({"url": page.url, "parts": parts})


@live_probe
def page_info(guest: Guest, url: str) -> bytes:
    """What the desktop's browser shows at an address, as JSON: `url`, `title` and, as HTML, `content`.

    Raises:
        CheckerError: the address cannot be reached, which is no fault of the agent's.
    """
    return _pack(_at(guest, url, _described))


@live_probe
def page_as_pdf(guest: Guest, url: str) -> bytes:
    """What the desktop's browser prints of the page at an address, as PDF. Raises CheckerError likewise."""
    return _at(guest, url, lambda page: page.pdf())


@live_probe
def element_count(guest: Guest, url: str = _SEARCH, selector: str = _RESULTS) -> bytes:
    """How many elements a selector finds on the page at an address, as JSON. Raises CheckerError likewise."""
    return _pack(_at(guest, url, lambda page: page.locator(selector).count()))


@live_probe
def site_facts(guest: Guest, url: str, infos: Sequence[Mapping[str, Any]], backups: Any = None) -> bytes:
    """Texts and attributes on a site, as a JSON list; the `backups` where the site is not what it was, or not to be reached.

    Each of `infos` has an `action`: "inner_text" or "attribute" (with the `attribute`'s name) of a `selector`'s element, or
    "click_and_inner_text" or "click_and_attribute", whose list of selectors is clicked on up to the last.
    """
    try:
        return _pack(_at(guest, url, lambda page: [_fact(page, url, info) for info in infos]))
    except CheckerError:
        if backups is None:
            raise
        return _pack(backups)


@live_probe
def recreation_page(guest: Guest, class_name: str, order: int = 0, site: str = _RECREATION) -> bytes:
    """What recreation.gov shows of the first place called Diamond, as a rule in JSON: `{"expected": {class: text}}`.

    Raises:
        CheckerError: the site cannot be reached, or is not what it was.
    """
    return _pack(_at(guest, site, lambda page: {"expected": {class_name: _of_place(page, f".{class_name}", order)}}))


@live_probe
def appearance(guest: Guest) -> bytes:
    """How Chromium looks, as JSON: `mode` as its settings show it ("0" as the system, "1" light, "2" dark), `saved`, its file.

    The mode is null where no browser tells it, and `saved` where there is no file "Preferences".
    """
    mode = None
    if list_pages(guest) is not None:
        with suppress(EvidenceMissing), _connected(guest, DEBUGGING_PORT) as browser, _new_page(guest, browser) as page:
            page.goto("chrome://settings/appearance", timeout=_LOAD_TIMEOUT_MS)
            mode = page.locator(_MODE).input_value()
    try:
        saved = guest.read(f"{PROFILE}/Preferences").decode("utf-8", "replace")
    except NoSuchFile:
        saved = None
    return _pack({"mode": mode, "saved": saved})


@live_probe
def preference_files(guest: Guest) -> bytes:
    """A zip archive of Chromium's files "Preferences" and "Secure Preferences", once it is closed; name it last in a check."""
    archive = io.BytesIO()
    with ZipFile(archive, "w") as packed:
        for name in ("Preferences", "Secure Preferences"):
            with suppress(NoSuchFile):
                packed.writestr(ZipInfo(name), profile(guest, name), ZIP_DEFLATED)
    return archive.getvalue()


def _described(page: Page) -> dict[str, str]:
    return {"url": page.url, "title": page.title(), "content": page.content()}


def _at(guest: Guest, url: str, look: Callable[[Page], T]) -> T:
    """What a function makes of a new page at an address, which is closed again. The browser is started where it is not up."""
    from playwright.sync_api import Error

    if list_pages(guest) is None:
        guest.launch(["chromium"], cwd="~")
        wait_until(lambda: list_pages(guest), timeout_s=_START_TIMEOUT_S, what="Chromium to answer")
    try:
        with _connected(guest, DEBUGGING_PORT) as browser, _new_page(guest, browser) as page:
            try:
                page.goto(url, timeout=_LOAD_TIMEOUT_MS)
                return look(page)
            except Error as error:
                raise CheckerError(f"{url} cannot be looked at: {str(error).splitlines()[0]:.200}") from error
    except EvidenceMissing as error:
        raise CheckerError(f"{url} cannot be looked at: {error}") from error


@contextmanager
def _new_page(guest: Guest, browser: Browser) -> Iterator[Page]:
    """A page that is closed again, and then the one in front that was there before: another check may ask for that."""
    in_front = [str(target["id"]) for target in (list_pages(guest) or [])[:1]]
    page = browser.contexts[0].new_page()
    page.set_default_timeout(_STEP_TIMEOUT_MS)
    try:
        yield page
    finally:
        page.close()
        for target in in_front:
            browser.new_browser_cdp_session().send("Target.activateTarget", {"targetId": target})


def _fact(page: Page, url: str, info: Mapping[str, Any]) -> str | None:
    if page.url != url:
        page.goto(url, timeout=_LOAD_TIMEOUT_MS)
    action = str(info.get("action", "inner_text"))
    selectors = [info["selector"]] if isinstance(info["selector"], str) else list(info["selector"])
    kind = action.removeprefix("click_and_")
    if kind not in ("inner_text", "attribute"):
        raise CheckerError(f"there is no action {action!r} on a site")
    for selector in selectors[:-1]:
        page.locator(selector).first.click()
        page.wait_for_load_state("load")
    element = page.locator(selectors[-1]).first
    return element.inner_text() if kind == "inner_text" else element.get_attribute(info["attribute"])


def _of_place(page: Page, selector: str, order: int) -> str:
    """A text on the page of the place that the search for Diamond finds first, once its next free days are asked for."""
    from playwright.sync_api import TimeoutError as TooLong

    page.locator("input#hero-search-input").fill("Diamond")
    page.locator("button.nav-search-button").click()
    with page.expect_popup(timeout=_LOAD_TIMEOUT_MS) as opened:
        page.locator(".search-result-highlight--success").first.click()
    with _closing(opened.value) as place:
        place.wait_for_load_state("load", timeout=_LOAD_TIMEOUT_MS)
        with suppress(TooLong):  # not every place has this button
            place.locator("button.next-available").first.click(timeout=_STEP_TIMEOUT_MS)
        return (place.locator(selector).nth(order).text_content(timeout=_STEP_TIMEOUT_MS) or "").strip()


@contextmanager
def _closing(page: Page) -> Iterator[Page]:
    try:
        yield page
    finally:
        page.close()


def _pack(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
