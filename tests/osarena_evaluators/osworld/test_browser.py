"""Metrics of what a browser shows and keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from osarena_evaluators.osworld._addresses import address_key
from tests.support.osworld import (
    Case,
    fault,
    judge_in_a_grading,
    lacking,
    malformed,
    parameters,
    print_counts,
    right,
    try_any_evidence,
    wrong,
)


def bookmark(name: str, url: str) -> dict[str, str]:
    return {"type": "url", "name": name, "url": url}


BAR = {
    "bookmark_bar": {
        "children": [
            bookmark("A", "https://a.example/"),
            {"type": "folder", "name": "Liked Authors", "children": [bookmark("B", "https://b.example/")]},
        ]
    }
}
GITHUB, DOCS = {"url": "https://github.com/"}, {"url": "https://docs.python.org/3/"}
TABS = {"type": "url", "urls": ["https://github.com", "https://docs.python.org/3/"]}
TWICE = {"type": "url", "urls": ["https://github.com", "https://github.com"]}
COOKIES = [[1, ".example.org", "a"], [2, "www.shop.example", "b"]]
SHORTCUTS = {"a.desktop": "[Desktop Entry]\nName=Play 2048\nExec=/usr/bin/chrome --app-id=abc\n"}


def url(address: str) -> dict[str, Any]:
    return {"type": "url", "url": address}


def page(style: str, attribute: str = "") -> bytes:
    return f'<html><style>{style}</style><body style="{attribute}">x</body></html>'.encode()


CASES: dict[str, list[Case]] = {
    "is_expected_active_tab": [
        right("https://www.nfl.com/scores", url("https://nfl.com/scores")),
        right({"url": "https://www.shop.co.uk/"}, url("https://shop.com")),
        wrong("https://nfl.com/scores?week=2", url("https://nfl.com/scores"), words="expected the page"),
        wrong("https://example.org", url("https://example.com"), words="expected the page"),
        right("https://example.org", url("https://example.com"), published=True),
        malformed(None, url("https://nfl.com"), words="expected text"),
        malformed("", url("https://nfl.com"), words="no address"),
        fault("https://nfl.com", {"type": "title"}, words="type is one of url"),
    ],
    "is_expected_active_tab_approximate": [
        right("https://www.nfl.com/scores?week=2", url("https://nfl.com/scores")),
        wrong("https://www.nfl.com/scores", url("https://nfl.com/scores"), published=True, words="expected the page"),
        wrong("https://nfl.com/news", url("https://nfl.com/scores"), words="expected the page"),
        malformed({"title": "x"}, url("https://nfl.com"), words="expected text"),
        fault("https://nfl.com", None, words="expected a rule"),
    ],
    "is_expected_url_pattern_match": [
        right("https://a.example/manchester/", {"expected": ["/manch", "^https"]}),
        right({"url": "https://a.example/manchester/"}, {"expected": ["/manchester/"]}),
        wrong("https://a.example/", {"expected": ["example", "/manch"]}, words="matches '/manch'"),
        malformed(None, {"expected": ["x"]}, words="expected text"),
        fault("https://a.example/", {"expected": ["["]}, words="no regular expression"),
    ],
    "is_expected_search_query": [
        right({"url": "https://google.com/search?q=nereida"}, {"expect": {"pattern": r"search\?q=nereida(?:&|$)"}}),
        wrong({"url": "https://google.com/"}, {"expect": {"pattern": "q=nereida"}}, words="matches 'q=nereida'"),
        malformed({}, {"expect": {"pattern": "a"}}, words="expected text"),
        fault({"url": "https://google.com/"}, {"expect": {}}, words="has no 'pattern'"),
    ],
    "is_expected_tabs": [
        right([DOCS, GITHUB], TABS),
        wrong([GITHUB], TABS, words="expected the pages"),
        wrong([GITHUB, DOCS], TWICE, words="expected the pages"),
        right([GITHUB, DOCS], TWICE, published=True),
        malformed([{"title": "x"}], TABS, words="expected text"),
        malformed(None, TABS, words="expected a list"),
        fault([GITHUB], {"type": "url"}, words="has no 'urls'"),
    ],
    "is_expected_bookmarks": [
        right(BAR, {"type": "bookmark_bar_folders_names", "names": ["Liked Authors"]}),
        right(BAR, {"type": "bookmark_bar_websites_urls", "urls": ["https://a.example/"]}),
        right(BAR, {"type": "liked_authors_websites_urls", "urls": [["https://c.example/", "https://b.example/"]]}),
        right(BAR, {"type": "liked_authors_websites_urls", "urls": ["https://b.example/"], "folder": "Liked Authors"}),
        wrong(BAR, {"type": "bookmark_bar_folders_names", "names": ["Work"]}, words="expected the folders"),
        wrong(BAR, {"type": "bookmark_bar_websites_urls", "urls": []}, words="expected the bookmarks"),
        wrong(BAR, {"type": "liked_authors_websites_urls", "urls": ["https://c.example/"]}, words="expected the bookmarks"),
        wrong(BAR, {"type": "liked_authors_websites_urls", "urls": [], "folder": "Work"}, words="no folder 'Work'"),
        malformed({}, {"type": "bookmark_bar_folders_names", "names": []}, words="expected names with values"),
        fault(BAR, {"type": "all"}, words="no rule about bookmarks"),
    ],
    "is_expected_installed_extensions": [
        right(["Zoom Chrome Extension", "Momentum"], {"expected": ["Zoom for Google Chrome"]}),
        wrong(["Momentum"], {"expected": ["React"]}, words="expected the extension 'React'"),
        malformed([3], {"expected": ["React"]}, words="expected text"),
        fault([], {"expected": "React"}, words="cannot be 'React'"),
    ],
    "is_cookie_deleted": [
        right(COOKIES, {"type": "domains", "domains": [".amazon.com", "ample.org"]}),
        right([], {"type": "domains", "domains": [".amazon.com"]}),
        wrong(COOKIES, {"type": "domains", "domains": ["shop.example"]}, words="still a cookie of 'www.shop.example'"),
        wrong([[1, "smile.amazon.com"]], {"type": "domains", "domains": [".amazon.com"]}, words="still a cookie"),
        right([[1, "smile.amazon.com"]], {"type": "domains", "domains": [".amazon.com"]}, published=True),
        malformed(None, {"type": "domains", "domains": ["a"]}, words="expected a list"),
        malformed([[1]], {"type": "domains", "domains": ["a"]}, words="more than 1 columns"),
        fault([], {"type": "names"}, words="type is one of domains"),
    ],
    "check_history_deleted": [
        right([["https://a.example", "t"]], {"type": "keywords", "keywords": ["youtube"]}),
        wrong([["https://youtube.com/x", "t"]], {"type": "keywords", "keywords": ["youtube"]}, words="still has"),
        malformed(None, {"type": "keywords", "keywords": ["youtube"]}, words="expected a list"),
        fault([], {"type": "keywords"}, words="has no 'keywords'"),
    ],
    "check_font_size": [
        right({"default_font_size": 20}, {"type": "value", "value": 20}),
        right({"default_font_size": 20}, {"type": "range", "min": 16, "max": 99}),
        wrong({"default_font_size": 16}, {"type": "range", "min": 16, "max": 99}, words="between 16 and 99"),
        wrong({"default_font_size": 16}, {"type": "value", "value": 20}, words="expected the size 20"),
        malformed({}, {"type": "value", "value": 20}, words="the size of a font"),
        fault({"default_font_size": 16}, {"type": "range", "min": 3}, words="has no 'max'"),
    ],
    "check_enabled_experiments": [
        right(["b@1", "a@2"], {"type": "names", "names": ["a", "b"]}),
        wrong(["b@1", "a@2"], {"type": "names", "names": ["a", "b"]}, published=True, words="expected the experiments"),
        wrong(["a@1"], {"type": "names", "names": []}, words="expected the experiments"),
        malformed([None], {"type": "names", "names": []}, words="expected text"),
        fault([], {"type": "names", "names": "a"}, words="cannot be 'a'"),
    ],
    "is_shortcut_on_desktop": [
        right(SHORTCUTS, {"type": "name", "name": "Play 2048"}),
        right(SHORTCUTS, {"type": "exec", "exec": "--app-id=abc"}),
        wrong(SHORTCUTS, {"type": "name", "name": "Play"}, words="expected a shortcut with Name=Play"),
        wrong({"a": "Name=M\n"}, {"type": "name", "name": "Maps"}, words="Name=Maps"),
        right({"a": "Name=M\n"}, {"type": "name", "name": "Maps"}, published=True),
        malformed({"a": None}, {"type": "name", "name": "Maps"}, words="expected text"),
        fault(SHORTCUTS, {"type": "url", "url": "x"}, words="type is one of name, exec"),
    ],
    "is_added_to_steam_cart": [
        right({"content": "The Dota 2 Official Soundtrack"}, {"items": ["Dota 2"]}),
        wrong({"content": "empty"}, {"items": ["Dota 2"]}, words="expected 'Dota 2'"),
        malformed({}, {"items": ["Dota 2"]}, words="expected text"),
        fault({"content": ""}, {}, words="has no 'items'"),
    ],
    "check_html_background_image": [
        right(page("body { background-image: url('a.png') }"), {"value": "a.png"}),
        right(page("body { background : red url( a.png ) }"), {"value": "a.png"}),
        right(page("", "background-image:url(a.png)"), {"value": "a.png"}),
        wrong(page("body { background-image: url('b.png') }"), {"value": "a.png"}, words="expected 'a.png'"),
        wrong(page("/* background-image: url('a.png') */"), {"value": "a.png"}, words="expected 'a.png'"),
        wrong(page('body { background-image:url("a.png") }'), {"value": "a.png"}, published=True, words="expected background"),
        malformed(b"\xff\xfe\x00", {"value": "a.png"}, words="not text"),
        fault(page(""), {}, words="has no 'value'"),
    ],
}


@pytest.mark.parametrize(("name", "case"), parameters(CASES))
def test_a_metric(name: str, case: Case) -> None:
    case.check(name)


@pytest.mark.parametrize("name", sorted(CASES))
def test_any_evidence_scores_or_is_unusable(name: str) -> None:
    try_any_evidence(CASES, name)


def test_a_grading_scores_what_is_right(tmp_path: Path) -> None:
    judge_in_a_grading(CASES, "osworld", tmp_path)


def test_every_name_has_cases_of_each_kind(capsys: pytest.CaptureFixture[str]) -> None:
    print_counts(CASES, capsys)
    assert lacking(CASES, "browser") == []


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("github.com", "http://www.GitHub.com/", True),
        ("https://github.com", "http://github.com", False),
        ("https://amazon.com/x", "https://www.amazon.de/x", True),
        ("https://amazon.com/x", "https://amazon.com.au/x", True),
        ("https://ac.example.org.uk", "https://ac.example.org", True),
        ("https://github.io", "https://github.com", False),
        ("http://localhost:8080/a", "http://localhost:8080/a", True),
        ("http://127.0.0.1/a", "http://127.0.0.2/a", False),
        ("chrome://settings/", "chrome://settings", True),
        ("https://a.example/b?c#d", "https://a.example/b?c#e", False),
    ],
)
def test_when_two_addresses_are_of_the_same_page(one: str, other: str, is_same: bool) -> None:
    assert (address_key(one) == address_key(other)) is is_same
