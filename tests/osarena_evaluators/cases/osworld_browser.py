"""Cases of what OSWorld's getters fetch from Chromium: settings, databases, addresses, parts of pages."""

from __future__ import annotations

import json
from typing import Any

from tests.support.cases import differs, lacks, malformed, reads
from tests.support.databases import database
from tests.support.office import archive

FRESH = b"{}"
NO_JSON = "it is not JSON"
SETTINGS = json.dumps(
    {
        "enable_do_not_track": True,
        "session": {"restore_on_startup": 4},
        "safebrowsing": {"enabled": False, "enhanced": True},
        "profile": {"name": "Thomas", "default_content_setting_values": {"cookies": 4}},
        "webkit": {"webprefs": {"default_font_size": 20}},
        "browser": {"theme": {"color_scheme2": 2, "color_scheme": 1}},
    }
).encode()
LIGHT = b'{"browser": {"theme": {"color_scheme": "1"}}, "extensions": {"theme": {"system_theme": true}}}'
PLAIN = b'{"browser": {"theme": {"color_scheme2": 2}}, "extensions": {"theme": {"system_theme": 0}}}'


def appearance(saved: bytes | None, mode: str | None = None) -> bytes:
    return json.dumps({"mode": mode, "saved": saved and saved.decode()}).encode()


INSTALLED = {
    "a": {"path": "/home/user/Desktop/helloExtension", "location": 4},
    "b": {"path": "b/1.0_0", "manifest": {"name": "Zoom"}},
    "c": 3,
}
EXTENSIONS = archive({"Preferences": b"{}", "Secure Preferences": json.dumps({"extensions": {"settings": INSTALLED}}).encode()})
NO_EXTENSIONS = (malformed(archive({}), "Chromium has no file of settings"), malformed(b"x", "readable archive"))

COOKIES = database(
    "CREATE TABLE cookies (creation_utc INTEGER, host_key TEXT, name TEXT, encrypted_value BLOB)",
    "INSERT INTO cookies VALUES (1, '.example.org', 'a', x'00ff')",
)
HISTORY = database(
    "CREATE TABLE urls (id INTEGER PRIMARY KEY, url, title, visit_count, last_visit_time)",
    "INSERT INTO urls VALUES (1, 'http://a/', 'A', 2, 13439910914051914)",
)
EMPTY = database("CREATE TABLE cookies (creation_utc, host_key)", "CREATE TABLE urls (url, title, last_visit_time)")
NO_DATABASE = (malformed(b"x", "it is not a readable archive"), lacks(database("CREATE TABLE a (x)"), "no such table"))


def tab(url: Any) -> bytes:
    return json.dumps([{"url": url, "title": "A"}, {"url": "http://other/", "title": "B"}]).encode()


NO_TAB = (malformed(b"[]", "no page is open"), malformed(b"{", NO_JSON), malformed(tab(3), "no page is open"))
CARS = tab("https://cars.example/list?puDay=4&models=a,b&city=Z%C3%BCrich#top")
SHOP = tab(
    "https://www.shop.example/shop/mens-clothing/x/Men_regular_size_t,Price_discount_range/L,50_PERCENT_%20off%20%26%20more?id=1"
)
HALF = "50_PERCENT_ off & more"
SHOP_KEYS = {"parse_keys": ["Men_regular_size_t", "Price_discount_range"]}


def element(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "lines": [], "h3": None, "span": None, "value": None, **more}


def page(url: str = "https://shop.example/Toys?S=4", **parts: list[Any]) -> bytes:
    return json.dumps({"url": url, "parts": parts}).encode()


PRICES = page(p=[element("12"), element("13")], r=[element("SEANYC", lines=["SEA", "NYC"])], i=[element("", value="Ann")])
CRUMBS = page(c=[element("", span="Toys"), element("", span="Boys")])
VALUES = [
    {"selector": "p", "field": "text", "keys": {"1": "price", "2": "none"}},
    {"selector": "r", "field": "lines", "keys": {"0": "from", "1": "to"}},
    {"selector": "i", "field": "value", "keys": {"0": "name"}},
]
ON_PAGE = [{"selector": "p", "field": "text", "texts": ["12", "14", "is_other_exist"]}]
FILTERS = {
    "texts": [{"selector": "c", "field": "span", "texts": ["Toys", "Kids", "Price Low-High"]}],
    "in_url": {"spiderman": "Spider-Man", "S=4": "Price Low-High", "Toys": "Toys", "spider-man": "Spider-Man"},
    "ignore_case": True,
}

READERS = {
    "osworld_browser.setting": [
        reads(SETTINGS, "Thomas", at="profile.name"),
        differs(FRESH, "Google", at="a.b", default="Google"),
        differs(b'{"a": 1}', None, at="a.b"),
        malformed(b"{", NO_JSON, at="a"),
        malformed(b"[]", "expected a mapping", at="a"),
    ],
    "osworld_browser.is_on": [
        reads(SETTINGS, "true", any_of=["enable_do_not_track"]),
        reads(SETTINGS, "true", any_of=["safebrowsing.enabled", "safebrowsing.enhanced"]),
        differs(FRESH, "false", any_of=["enable_do_not_track"]),
        malformed(b"{", NO_JSON, any_of=["a"]),
    ],
    "osworld_browser.is_set": [
        reads(SETTINGS, "true", at="profile.default_content_setting_values"),
        differs(FRESH, "false", at="profile.default_content_setting_values"),
        malformed(b"{", NO_JSON, at="a"),
    ],
    "osworld_browser.opens_new_tab": [
        reads(FRESH, "true"),
        reads(b'{"session": {"restore_on_startup": 5}}', "true"),
        differs(SETTINGS, "false"),
        malformed(b"{", NO_JSON),
    ],
    "osworld_browser.font_sizes": [
        reads(SETTINGS, {"default_fixed_font_size": 13, "default_font_size": 20, "minimum_font_size": 13}),
        differs(FRESH, {"default_fixed_font_size": 13, "default_font_size": 16, "minimum_font_size": 13}),
        malformed(b"{", NO_JSON),
    ],
    "osworld_browser.colour_scheme": [
        reads(SETTINGS, "dark"),
        reads(LIGHT, "light"),
        reads(PLAIN, "light"),
        differs(FRESH, "system"),
        malformed(b"{", NO_JSON),
        malformed(b'{"browser": {"theme": 3}}', "expected a mapping"),
    ],
    "osworld_browser.appearance": [
        reads(appearance(SETTINGS, "1"), "light"),
        reads(appearance(SETTINGS, "Custom"), "dark"),
        reads(appearance(LIGHT), "light"),
        differs(appearance(None), "system"),
        malformed(b"[]", "expected a mapping"),
    ],
    "osworld_browser.extension_paths": [
        reads(EXTENSIONS, ["/home/user/Desktop/helloExtension", "b/1.0_0"]),
        differs(archive({"Preferences": FRESH}), []),
        *NO_EXTENSIONS,
    ],
    "osworld_browser.extension_names": [
        reads(EXTENSIONS, ["Zoom"]),
        differs(archive({"Preferences": FRESH}), []),
        *NO_EXTENSIONS,
    ],
    "osworld_browser.cookies": [reads(COOKIES, [[1, ".example.org", "a", b"\x00\xff"]]), differs(EMPTY, []), *NO_DATABASE],
    "osworld_browser.history": [reads(HISTORY, [["http://a/", "A", 13439910914051914]]), differs(EMPTY, []), *NO_DATABASE],
    "osworld_browser.address": [
        reads(tab("https://www.nfl.example/scores/"), "https://www.nfl.example/scores/", prefix="https://www."),
        reads(tab("http://nfl.example/"), "https://nfl.example"),
        reads(tab("https://a.example/Z%C3%BC%20rich%FFx"), "https://a.example/Zü%20rich%FFx"),
        reads(tab("chrome://settings/appearance"), "chrome://settings/appearance", prefix=""),
        differs(tab("about:blank"), "about:blank", prefix="https://www."),
        *NO_TAB,
    ],
    "osworld_browser.url_parameters": [
        reads(CARS, {"day": "4", "city": "Zürich"}, parse_keys=["puDay", "city"], replace={"puDay": "day"}),
        reads(CARS, {"models": ["a", "b"]}, parse_keys=["models"], split_list=True),
        differs(CARS, {"x": ""}, parse_keys=["x"]),
        malformed(b"[]", "no page is open", parse_keys=["x"]),
    ],
    "osworld_browser.url_part": [
        reads(tab("https://a.example/b/c-d?x=1"), {"time": "b"}, index=-2, key="time"),
        reads(tab("https://a.example/b/c-d?x=1"), "c-d", index=-1, without_query=True),
        lacks(tab("https://a.example/b"), "the address has 4 parts, none with the number 9", index=9),
        malformed(b"[]", "no page is open", index=0),
    ],
    "osworld_browser.shop_filters": [
        reads(
            SHOP,
            {
                "mens_clothing": True,
                "shirts": None,
                "short_sleeve": None,
                "Men_regular_size_t": "L",
                "Price_discount_range": HALF,
            },
            **SHOP_KEYS,
        ),
        reads(
            tab("https://shop.example/shirts/Sleeve_length,Product_department/short-sleeve,Shirts"),
            {"mens_clothing": None, "shirts": True, "short_sleeve": True, "Sleeve_length": "short-sleeve"},
            parse_keys=["Sleeve_length", "x"],
        ),
        differs(
            tab("https://shop.example/"),
            {
                "mens_clothing": None,
                "shirts": None,
                "short_sleeve": None,
                "Men_regular_size_t": None,
                "Price_discount_range": f"not_{HALF}",
            },
            **SHOP_KEYS,
        ),
        malformed(b"[]", "no page is open", **SHOP_KEYS),
    ],
    "osworld_page.content": [
        reads(PRICES, {"price": "13", "none": "", "from": "SEA", "to": "NYC", "name": "Ann"}, values=VALUES),
        reads(PRICES, {"12": True, "14": False, "is_other_exist": True}, texts=ON_PAGE),
        reads(CRUMBS, {"toys": True, "is_other_exist": True, "spider-man": False, "price low-high": True}, **FILTERS),
        differs(page(p=[]), {"12": False, "14": False, "is_other_exist": False}, texts=ON_PAGE),
        malformed(page(), "the page was not asked for 'p'", values=VALUES),
        malformed(b"[]", "it is not what selectors find on a page", values=VALUES),
        malformed(b'{"parts": {"p": [3]}}', "it is not what selectors find on a page", values=VALUES),
    ],
}
