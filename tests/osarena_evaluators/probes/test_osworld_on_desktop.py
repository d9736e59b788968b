"""What OSWorld's getters ask of the programs of a real desktop. The pages are files; there is no Internet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from osarena.errors import CheckerError
from osarena.guest.client import Guest
from osarena.guest.devtools import list_pages
from osarena.guest.wait import wait_until
from osarena.providers.base import MachineSpec
from osarena.providers.local import LocalProvider
from osarena_evaluators.osworld import score
from osarena_evaluators.probes import browser, osworld, osworld_apps, osworld_browser
from osarena_evaluators.readers import osworld_browser as readers
from osarena_evaluators.readers import osworld_dates, osworld_page, osworld_tree, pdf

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(600)]

SHOP = b"""<!doctype html><meta charset=utf-8><title>Shop</title>
<div class=price> 12 </div><div class=price>13</div><div class=route>SEA<span>to</span>NYC</div>
<div class=card><h3> Fare </h3></div><form><input name=who value=' Ann '></form><p>Total: 25</p>
<ul class=crumbs><li class=catAllProducts><span>Toys</span></li><li class=other><span>Boys</span></li></ul>
<a class=next href="#second" onclick="document.title = 'Second'">next</a>"""
PARK = b"""<!doctype html><meta charset=utf-8><title>Parks</title><input id=hero-search-input>
<button class=nav-search-button onclick="setTimeout(() => found.hidden = false, 300)">Search</button>
<a id=found hidden class=search-result-highlight--success target=_blank href="place.html">Diamond</a>"""
PLACE = b"""<!doctype html><meta charset=utf-8><title>Diamond</title>
<button class=next-available onclick="document.querySelectorAll('.camp')[1].textContent = ' Free on Friday '">Next</button>
<p class=camp>No</p><p class=camp>Wait</p>"""
HOME = "file:///home/user"


@pytest.fixture(scope="module")
def guest() -> Iterator[Guest]:
    """A desktop with the shop in front of another page."""
    provider = LocalProvider(spares=0)
    with provider.machine(MachineSpec()) as machine:
        guest = machine.guest
        for name, page in {"shop": SHOP, "parks": PARK, "place": PLACE, "other": b"<title>Other</title>"}.items():
            guest.write(f"~/{name}.html", page)
        guest.launch(["chromium", "shop.html", "other.html"], cwd="~")
        wait_until(lambda: len(list_pages(guest) or []) == 2, timeout_s=60, what="both pages")
        guest.wait_for_window(title="Shop", timeout_s=60)
        yield guest
    provider.close()


def value(data: bytes) -> Any:
    return json.loads(data)


def front(guest: Guest) -> str:
    return readers.address(browser.tabs(guest))


def test_the_page_in_front(guest: Guest) -> None:
    page = value(osworld_browser.active_page(guest))
    assert (page["url"], page["title"], "<h3> Fare </h3>" in page["content"]) == (f"{HOME}/shop.html", "Shop", True)
    assert front(guest) == f"{HOME}/shop.html"


def test_parts_of_the_page_in_front(guest: Guest) -> None:
    selectors = ["css=.price", "css=.route", "css=.card", "xpath=//form/input", "css=.crumbs li.catAllProducts", "text=Total"]
    data = osworld_browser.page_parts(guest, [*selectors, "css=.a[[", "xpath=//["])
    fields = zip(selectors, ("text", "lines", "h3", "value", "span", "text"), strict=True)
    values = [{"selector": one, "field": field, "keys": {"0": one}} for one, field in fields]
    assert list(osworld_page.content(data, values=values).values()) == ["12", "SEA", "Fare", "Ann", "Toys", "Total: 25"]
    assert value(data)["parts"]["xpath=//["] == value(data)["parts"]["css=.a[["] == []


def test_other_pages_are_looked_at_and_closed_again(guest: Guest) -> None:
    assert value(osworld_browser.page_info(guest, f"{HOME}/other.html"))["title"] == "Other"
    assert value(osworld_browser.element_count(guest, f"{HOME}/shop.html", ".price")) == 2
    (text,) = pdf.pages(osworld_browser.page_as_pdf(guest, f"{HOME}/shop.html"))
    assert "Total: 25" in text
    with pytest.raises(CheckerError, match=r"https://nosuch\.example/ cannot be looked at"):
        osworld_browser.page_info(guest, "https://nosuch.example/")
    assert len(list_pages(guest) or []) == 2
    assert front(guest) == f"{HOME}/shop.html"


def test_facts_of_a_site_and_those_in_their_place(guest: Guest) -> None:
    infos = [
        {"action": "inner_text", "selector": ".price"},
        {"action": "click_and_attribute", "selector": [".next", "input"], "attribute": "name"},
    ]
    assert value(osworld_browser.site_facts(guest, f"{HOME}/shop.html", infos, ["x"])) == ["12", "who"]
    assert value(osworld_browser.site_facts(guest, "https://nosuch.example/", infos, ["x"])) == ["x"]


def test_a_place_that_is_found_on_a_site(guest: Guest) -> None:
    found = value(osworld_browser.recreation_page(guest, "camp", 1, f"{HOME}/parks.html"))
    assert found == {"expected": {"camp": "Free on Friday"}}
    assert len(list_pages(guest) or []) == 2
    assert front(guest) == f"{HOME}/shop.html"


def test_how_chromium_looks(guest: Guest) -> None:
    data = osworld_browser.appearance(guest)
    assert value(data)["mode"] == "0"
    assert readers.appearance(data) == "system"


def test_the_tree_has_what_osworlds_rules_look_for(guest: Guest) -> None:
    tree = osworld_tree.xml(osworld_apps.tree(guest))
    rules = [{"selectors": ["application[name=Chromium] entry[name=Address\\ and\\ search\\ bar][st|showing=true]"]}]
    assert score("check_accessibility_tree", tree, rules) == 1
    assert score("check_accessibility_tree", tree, [{"selectors": ["[attr|tag=h3]"]}]) == 1


def test_facts_of_the_desktop(guest: Guest) -> None:
    guest.write("~/Desktop/a.desktop", b"[Desktop Entry]\nName=A\n")
    assert value(osworld.desktop_shortcuts(guest))["a.desktop"] == "[Desktop Entry]\nName=A\n"
    assert value(osworld.command(guest, "python -c 'print(1)' | cat; pwd", True))["stdout"] == "1\n/home/user\n"
    assert value(osworld.command(guest, ["nosuch"])) is None
    assert value(osworld.screen_size(guest)) == {"width": 1920, "height": 1080}
    assert value(osworld.window_size(guest, "chromium"))["width"] > 500
    assert osworld.wallpaper(guest)
    rules = osworld_dates.rules(
        osworld.clock(guest), rules={"relativeTime": {"from": "tomorrow"}, "expected": {"time": "{Year}"}}
    )
    assert rules["expected"]["time"].isdecimal()


def test_what_vlc_plays(guest: Guest) -> None:
    made = guest.run(["ffmpeg", "-f", "lavfi", "-i", "sine=duration=60", "a b.wav"], cwd="~")
    assert made.exit_code == 0, made.stderr
    guest.launch(["vlc", "--no-qt-privacy-ask", "--aout=dummy", "--loop", "a b.wav"], cwd="~")
    guest.wait_for_window(app="vlc")
    wait_until(lambda: b"playing" in osworld_apps.vlc_status(guest), timeout_s=20, what="VLC to play")
    status = osworld_apps.vlc_status(guest)
    assert b"a%20b.wav" in status


def test_what_chromium_has_written_once_it_is_closed(guest: Guest) -> None:
    """The last one, since it closes the browser."""
    assert readers.extension_names(osworld_browser.preference_files(guest)) != []
    preferences = browser.profile(guest, "Preferences")
    assert readers.font_sizes(preferences)["default_font_size"] == 16
    assert readers.colour_scheme(preferences) == "system"
    assert f"{HOME}/shop.html" in [row[0] for row in readers.history(browser.profile(guest, "History"))]
    assert readers.cookies(browser.profile(guest, "Cookies")) == []
    assert readers.setting(browser.profile(guest, "Local State", "~/.config/chromium"), at="browser") is not None
