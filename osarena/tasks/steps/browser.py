"""Chromium with tabs open."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from osarena.errors import SetupError
from osarena.guest.client import Guest
from osarena.guest.devtools import close_page, list_pages
from osarena.tasks.applications import application
from osarena.tasks.model import step
from osarena.tasks.steps import StepContext
from osarena.tasks.steps.apps import await_window
from osarena.types.observation import Observe


@step
def open(context: StepContext, urls: list[str] | str, *, timeout_s: float = 60.0) -> None:  # noqa: A001
    """Chromium has a tab for each address, and all are loaded."""
    wanted = [urls] if isinstance(urls, str) else urls
    if not wanted:
        raise SetupError("browser.open needs at least one address")
    chromium = application("chromium")
    context.guest.launch([*chromium.argv, *wanted], cwd="~")
    await_window(context, chromium, "", timeout_s=timeout_s)
    context.wait_until(
        lambda: _are_open(wanted, list_pages(context.guest) or []) and not _is_loading(context.guest),
        timeout_s=timeout_s,
        what=f"{', '.join(wanted)} to be loaded in Chromium",
    )


@step
def close_tabs(context: StepContext, urls: list[str]) -> None:
    """Chromium has no tab with one of these addresses any more; a slash at their ends does not matter."""
    unwanted = {url.rstrip("/") for url in urls}
    for page in list_pages(context.guest) or []:
        if str(page["url"]).rstrip("/") in unwanted:
            close_page(context.guest, str(page["id"]))
    context.wait_until(
        lambda: not any(str(page["url"]).rstrip("/") in unwanted for page in list_pages(context.guest) or []),
        timeout_s=10,
        what=f"{', '.join(urls)} to be closed in Chromium",
    )


def _are_open(wanted: list[str], tabs: list[dict[str, Any]]) -> bool:
    """Whether there are as many tabs of each host as were asked for; where in a site they lead is the site's affair."""
    missing = Counter(urlsplit(url).netloc for url in wanted)
    missing.subtract(urlsplit(str(tab["url"])).netloc for tab in tabs)
    return all(count <= 0 for count in missing.values())


def _is_loading(guest: Guest) -> bool:
    tree = guest.observe(Observe(screenshot=False, tree=True, windows=False, cursor=False)).tree
    pages = [node for node in (tree.root.walk() if tree else ()) if node.role == "document web"]
    return not pages or any("busy" in page.states for page in pages)
