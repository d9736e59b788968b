"""Probes on a real desktop, and readers of what applications leave behind there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from osarena.errors import EvidenceMissing
from osarena.guest.client import Guest
from osarena.guest.devtools import list_pages
from osarena.guest.wait import wait_until
from osarena.providers.base import MachineSpec
from osarena.providers.local import LocalProvider
from osarena_evaluators.probes import browser, command, file, screen
from osarena_evaluators.readers import chromium, json, settings
from osarena_evaluators.readers import screen as readers_of_screens

pytestmark = pytest.mark.desktop

PAGE = b"""<meta charset=utf-8><title>Order</title><p>Two gloves</p><p hidden>secret</p>
<label for=size>Size</label><select id=size><option>S<option selected>XL</select>
<input name=note value=none><input type=checkbox name=gift checked><script>document.all.note.value = "soon"</script>"""


@pytest.fixture(scope="module")
def provider() -> Iterator[LocalProvider]:
    provider = LocalProvider(spares=0)
    yield provider
    provider.close()


@pytest.fixture
def guest(provider: LocalProvider) -> Iterator[Guest]:
    with provider.machine(MachineSpec()) as machine:
        yield machine.guest


def value(data: bytes) -> Any:
    return json.value(data)


@pytest.mark.slow
def test_a_page_that_never_answers_is_no_evidence(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    guest.write("~/stuck.html", b"<title>Stuck</title><script>setTimeout(() => { for (;;) {} }, 500)</script>")
    guest.launch(["chromium", "stuck.html"], cwd="~")
    wait_until(lambda: list_pages(guest), timeout_s=60, what="the page")
    monkeypatch.setattr(browser, "_TIMEOUT_S", 8.0)
    with pytest.raises(EvidenceMissing, match="the browser does not answer"):
        browser.page(guest)
    assert value(browser.tabs(guest)) == [{"url": "file:///home/user/stuck.html", "title": "Stuck"}]


def test_what_is_open_in_the_browser_and_what_it_keeps(guest: Guest) -> None:
    with pytest.raises(EvidenceMissing, match="no Chromium answers"):
        browser.tabs(guest)
    guest.write("~/order.html", PAGE)
    guest.write("~/other.html", b"<title>Other</title>")
    guest.launch(["chromium", "order.html", "other.html"], cwd="~")
    wait_until(lambda: len(list_pages(guest) or []) == 2, timeout_s=60, what="both pages")

    page = value(browser.page(guest, url="order.html"))
    assert (page["title"], "Two gloves" in page["text"], "secret" in page["text"]) == ("Order", True, False)
    assert page["fields"] == [
        {"name": "size", "type": "select-one", "value": "XL", "checked": False, "label": "Size"},
        {"name": "note", "type": "text", "value": "soon", "checked": False, "label": ""},
        {"name": "gift", "type": "checkbox", "value": "on", "checked": True, "label": ""},
    ]
    paragraphs = value(browser.elements(guest, "p", url="order.html"))
    assert [(one["text"], one["visible"], one["attributes"]) for one in paragraphs] == [
        ("Two gloves", True, {}),
        ("secret", False, {"hidden": ""}),
    ]
    assert value(browser.page(guest))["title"] == "Order"  # the tab in front
    with pytest.raises(EvidenceMissing, match="no page with 'gone' in its address is open"):
        browser.page(guest, url="gone")
    assert {tab["title"] for tab in value(browser.tabs(guest))} == {"Order", "Other"}

    assert readers_of_screens.titles(screen.windows(guest), app="chromium") == ["Order - Chromium"]
    assert "chromium" in readers_of_screens.programs(command.processes(guest))
    (document,) = readers_of_screens.nodes(screen.tree(guest, app="chromium"), role="document web", name="Order")
    assert "Chromium" in " ".join(document["path"])
    assert settings.listing(command.settings(guest, "xsettings"))["/Net/ThemeName"] == "Adwaita"

    visited = chromium.history(browser.profile(guest, "History"))  # of a moment ago, so not yet written without closing
    assert {visit["title"] for visit in visited} == {"Order", "Other"}
    assert chromium.downloads(browser.profile(guest, "History")) == []
    guest.stop_session()
    assert value(file.file(guest, "~/.config/chromium/Default/Preferences"))["profile"]
    channel = settings.channel(file.file(guest, "~/.config/xfce4/xfconf/xfce-perchannel-xml/xsettings.xml"))
    assert channel["/Net/ThemeName"] == "Adwaita"
