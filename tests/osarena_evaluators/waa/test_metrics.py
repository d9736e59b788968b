"""WindowsAgentArena's own metrics: literal cases, the published behaviour, and any evidence at all."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from osarena.errors import EvidenceMissing, UsageError
from osarena.grading.model import Verdict
from osarena.grading.resolve import parse_check
from osarena.registry import find_function
from osarena_evaluators.osworld import names as osworld
from osarena_evaluators.osworld.scoring import judge_by
from osarena_evaluators.waa import score
from osarena_evaluators.waa._shortcuts import app_id
from osarena_evaluators.waa.names import NAMES, OWN, SAME, deviations, find_metric
from tests.support.evaluators import verdict_on
from tests.support.osworld import (
    KINDS,
    Case,
    fault,
    judge_in_a_grading,
    malformed,
    parameters,
    print_counts,
    right,
    try_any_evidence,
    wrong,
)
from tests.support.windows import shortcut


class WaaCase(Case):
    """A case of a metric that is found by WindowsAgentArena's name."""

    def verdict(self, name: str) -> Verdict:
        return judge_by(find_metric(name), name, self.actual, self.expected, self.options)


def ours(cases: Mapping[str, Sequence[Case]]) -> dict[str, list[Case]]:
    return {
        name: [WaaCase(**{field.name: getattr(case, field.name) for field in fields(case)}) for case in some]
        for name, some in cases.items()
    }


GAME = "https://www.mathsisfun.com/games/2048.html"
URL_FILE = f"[{{000214A0-0000-0000-C000-000000000046}}]\r\nProp3=19,11\r\n[InternetShortcut]\r\nIDList=\r\nURL={GAME}\r\n"
APP = json.dumps(
    {"data": {"description": "Play 2048", "command_line_arguments": f"--profile-directory=Default --app-id={app_id(GAME)}"}}
)
OTHER_APP = json.dumps({"data": {"description": "", "command_line_arguments": f"--app-id={app_id('https://a.example/')}"}})
BAR = {
    "bookmark_bar": {
        "children": [
            {"type": "url", "name": "A", "url": "https://a.example/"},
            {"type": "url", "name": "B", "url": "https://b.example/"},
            {"type": "folder", "name": "Liked Authors", "children": [{"type": "url", "url": "https://c.example/"}]},
        ]
    }
}
SITES = {"type": "bookmark_bar_websites_urls", "urls": ["https://a.example/"]}
DOMAINS = {"type": "domains", "domains": [".amazon.com"]}
KEYWORDS = {"type": "keywords", "keywords": ["youtube"]}
RESIZE = {"expected_qt_video_resize": 0}
DOWNLOADS = {"recording_file_path": "C:\\Users\\Docker\\Downloads"}

CASES = ours(
    {
        "exact_match": [
            right("true", {"expected": True}),
            right("True", {"expected": "true"}),
            right(1.0, {"expected": True}),
            right("7\r\n", {"expected": "7"}),
            right([True, "07:00 PM"], {"expected": [True, "07:00 PM"]}),
            wrong("false", {"expected": True}, words="expected True, found 'false'"),
            wrong("7", {"expected": "30"}, words="expected '30', found '7'"),
            wrong(None, {"expected": "Thomas"}, words="found None"),
            fault("a", {}, words="has no 'expected'"),
        ],
        "is_expected_bookmarks": [
            right(BAR, SITES),
            right(BAR, {"type": "bookmark_bar_folders_names", "names": ["Liked Authors"]}),
            right(BAR, {"type": "liked_authors_websites_urls", "urls": ["https://c.example/"]}),
            wrong(BAR, {**SITES, "urls": ["https://d.example/"]}, words="expected the bookmark 'https://d.example/'"),
            wrong(BAR, {"type": "bookmark_bar_folders_names", "names": ["Work"]}, words="expected the bookmark 'Work'"),
            malformed([], SITES, words="expected names with values"),
            fault(BAR, {"type": "other"}, words="no rule about bookmarks"),
        ],
        "is_cookie_deleted": [
            right([[1, "example.org"]], DOMAINS),
            right([], DOMAINS),
            wrong([[1, "www.amazon.com"]], DOMAINS, words="still a cookie of 'www.amazon.com'"),
            malformed(None, DOMAINS, words="expected a list, found None"),
            fault([], {"type": "x"}, words="the rule's type"),
        ],
        "check_history_deleted": [
            right([["https://example.org/", "x", 1]], KEYWORDS),
            wrong([["https://www.youtube.com/watch", "x", 1]], KEYWORDS, words="still has"),
            wrong([], KEYWORDS, words="the history is empty"),
            malformed(None, KEYWORDS, words="expected a list"),
            fault([], {"type": "x"}, words="the rule's type"),
        ],
        "check_edge_font_size": [
            right({"default_font_size": 20}, {"type": "value", "value": 20}),
            right({"default_font_size": 20}, {"type": "range", "min": 20, "max": 25}),
            wrong({"default_font_size": 25}, {"type": "range", "min": 20, "max": 25}, words="to below 25, found 25"),
            wrong({"default_font_size": 16}, {"type": "value", "value": 20}, words="expected the size 20, found 16"),
            malformed({"default_font_size": "16"}, {"type": "value", "value": 20}, words="found '16'"),
            fault({"default_font_size": 16}, {"type": "x"}, words='"value" or "range"'),
        ],
        "is_shortcut_on_desktop": [
            right({"2048.lnk": APP}, {"type": "url", "description": GAME}),
            right({"2048.url": URL_FILE}, {"type": "url", "url": GAME}),
            right({"x.lnk": json.dumps({"data": {"command_line_arguments": f'--app="{GAME}"'}})}, {"type": "url", "url": GAME}),
            right({"2048.lnk": APP}, {"type": "description", "description": "Play 2048"}),
            right({"2048.lnk": OTHER_APP}, {"type": "name", "name": "2048"}),
            wrong({"2048.lnk": OTHER_APP}, {"type": "url", "url": GAME}, words="expected a shortcut with the url"),
            wrong({"x.lnk": "[]", "y.url": "[["}, {"type": "description", "description": "x"}, words="the description 'x'"),
            wrong({}, {"type": "name", "name": "x"}, words="found []"),
            malformed([], {"type": "name", "name": "x"}, words="expected names with values"),
            malformed({"a.lnk": 3}, {"type": "name", "name": "x"}, words="expected text, found 3"),
            fault({}, {"type": "id"}, words="name, description, url"),
        ],
        "is_url_shortcut_on_desktop": [
            right({"2048.url": URL_FILE}, {"type": "url", "url_content": f"URL={GAME}"}),
            right({"2048.url": URL_FILE}, {"type": "url", "url_content": "mathsisfun"}),
            wrong(
                {"2048.url": URL_FILE},
                {"type": "url", "url_content": "https://www.mathsisfun.com/games"},
                words="expected a shortcut",
            ),
            wrong({}, {"type": "url", "url_content": "x"}, words="found {}"),
            malformed(None, {"type": "url", "url_content": "x"}, words="expected names with values"),
            fault({}, {"type": "name"}, words='the rule\'s type is "url"'),
        ],
        "check_qt_video_resize": [
            right(b"[qt]\r\nqt-video-autoresize=0\r\n", RESIZE),
            right(b"qt-video-autoresize=0\n", {"expected_qt_video_autoresize": "0"}),
            wrong(b"#qt-video-autoresize=0\n", RESIZE, words="expected qt-video-autoresize=0, found 1"),
            malformed(None, RESIZE, words="there is no such file"),
            fault(b"", {}, words="has no 'expected_qt_video_resize'"),
        ],
        "is_vlc_recordings_folder": [
            right(b"input-record-path=C:\\Users\\Docker\\Downloads\r\n", DOWNLOADS),
            right(b"input-record-path=c:/users/docker/Downloads/\n", DOWNLOADS),
            wrong(b"input-record-path=C:\\Users\\Docker\\Desktop\n", DOWNLOADS, words="expected recordings in"),
            wrong(b"input-record-path=\n", DOWNLOADS, words="names no folder"),
            malformed(b"\xff", DOWNLOADS, words="it is not text"),
            fault(b"", {"recording_file_path": ""}, words="in no folder"),
        ],
    }
)
PUBLISHED = ours(
    {
        "exact_match": [
            wrong("true", {"expected": True}, words="found 'true'", published=True),
            wrong("7\r\n", {"expected": "7"}, words="found", published=True),
            right(1.0, {"expected": True}, published=True),
        ],
        "is_cookie_deleted": [
            right(None, DOMAINS, published=True),
            right([[1, "mail.amazon.com"]], DOMAINS, published=True),
            wrong([[1, ".amazon.com"]], DOMAINS, words="still a cookie", published=True),
        ],
        "check_history_deleted": [right([], KEYWORDS, published=True)],
        "is_shortcut_on_desktop": [
            wrong({"2048.lnk": APP}, {"type": "url", "description": GAME}, words="the rule has no url", published=True),
            wrong({"2048.lnk": APP}, {"type": "url", "url": GAME}, words="expected a shortcut", published=True),
            right({"2048.url": URL_FILE}, {"type": "url", "url": GAME}, published=True),
            right({"x": "Name=2048\n"}, {"type": "name", "name": "2048"}, published=True),
            wrong({"2048.lnk": OTHER_APP}, {"type": "name", "name": "2048"}, words="expected Name=2048", published=True),
        ],
        "is_url_shortcut_on_desktop": [
            right({"a.url": URL_FILE}, {"type": "url", "url_content": "https://www.mathsisfun.com/games"}, published=True)
        ],
        "check_qt_video_resize": [right(b"#qt-video-autoresize=0\n", RESIZE, published=True)],
        "is_vlc_recordings_folder": [
            wrong(b"input-record-path=C:\\Users\\Docker\\Downloads\\\n", DOWNLOADS, words="expected recordings", published=True)
        ],
    }
)


@pytest.mark.parametrize(("name", "case"), parameters(CASES))
def test_a_metric(name: str, case: Case) -> None:
    case.check(name)


@pytest.mark.parametrize(("name", "case"), parameters(PUBLISHED))
def test_a_metric_as_published(name: str, case: Case) -> None:
    case.check(name)


def test_a_grading_scores_what_is_right(tmp_path: Path) -> None:
    judge_in_a_grading(CASES, "waa", tmp_path)


def test_every_own_name_has_cases_of_each_kind_and_each_deviation_one_of_the_public_behaviour(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_counts(CASES, capsys)
    takes_anything = {"exact_match": {"malformed"}}  # None is a value like any other
    assert CASES.keys() == OWN.keys()
    for name, some in CASES.items():
        assert set(KINDS) - {case.kind for case in some} == takes_anything.get(name, set()), name
    assert PUBLISHED.keys() == deviations().keys() & OWN.keys()


@pytest.mark.parametrize("name", sorted(OWN))
def test_any_evidence_is_scored_or_unusable(name: str) -> None:
    try_any_evidence(CASES, name)


def test_the_45_names_are_here() -> None:
    assert len(NAMES | {"infeasible"}) == 45
    assert not SAME & OWN.keys()
    assert all(find_metric(name) is osworld.find_metric(name) for name in SAME)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_each_name_is_an_address_and_says_what_differs(name: str) -> None:
    metric = find_function("metric", f"waa.{name}")
    assert metric is find_metric(name)
    assert metric.__doc__
    assert ("published" in inspect.signature(metric).parameters) == (name in deviations())
    assert deviations().get(name, "The public one").startswith("The public one")


def test_an_unknown_name_is_an_error_with_the_closest_ones() -> None:
    with pytest.raises(UsageError, match=r"no metric 'exact_matches'; did you mean exact_match\?"):
        score("exact_matches", 1)
    with pytest.raises(UsageError, match=r"no metric 'waa.exact_matches' \(known: waa.exact_match"):
        find_function("metric", "waa.exact_matches")
    with pytest.raises(UsageError, match="takes no tolerance"):
        score("exact_match", 1, {"expected": 1}, tolerance=1)


def test_score_reads_files_and_takes_values(tmp_path: Path) -> None:
    (tmp_path / "vlcrc").write_text("qt-video-autoresize=0\n")
    assert score("check_qt_video_resize", tmp_path / "vlcrc", RESIZE) == 1
    assert score("exact_match", "true", {"expected": True}) == 1
    assert score("exact_match", "true", {"expected": True}, published=True) == 0
    with pytest.raises(EvidenceMissing, match="cannot be read"):
        score("check_qt_video_resize", tmp_path / "nothing", RESIZE)


@pytest.mark.parametrize(
    ("page", "identity"),
    [
        ("https://www.youtube.com/?feature=ytca", "agimnkijcaahngcdmfeangaknmldooml"),
        ("https://mail.google.com/mail/?usp=installed_webapp", "fmgjjmmmlfnkbppncabfkddbjimcfncm"),
        ("https://docs.google.com/document/?usp=installed_webapp", "mpnpojknpmmopombnjdcgaaiekajbnjb"),
    ],
)
def test_apps_of_the_browser_have_the_ids_under_which_they_are_known(page: str, identity: str) -> None:
    assert app_id(page) == identity


def test_a_check_takes_a_public_metric_with_its_options_and_without_what_has_a_default() -> None:
    file: dict[str, Any] = {"get": "file", "path": "a"}
    assert parse_check(
        {
            "metric": "osworld.compare_archive",
            "actual": file,
            "expected": b"",
            "options": {"file_type": "docx", "ignore_case": True},
        }
    )
    assert parse_check({"metric": "osworld.compare_table", "actual": file, "options": {"rules": []}})
    assert parse_check(
        {"metric": "osworld.compare_table", "actual": file, "expected": b"", "options": {"rules": [], "published": True}}
    )
    assert parse_check({"metric": "osworld.contains_page_break", "actual": file})
    assert parse_check({"metric": "waa.exact_match", "actual": 1, "expected": {"expected": 1}, "options": {"published": True}})


def test_public_metrics_judge_in_the_process_that_grades(tmp_path: Path) -> None:
    files = {"~/a.txt": b"one\n", "~/Desktop/a.lnk": shortcut("C:\\a"), "~/Desktop/b.lnk": b""}
    link = {"get": "file", "path": "~/Desktop/a.lnk", "as": "shortcuts.is_link"}
    leaves = [
        {
            "name": "text",
            "metric": "osworld.compare_text_file",
            "actual": {"get": "file", "path": "~/a.txt"},
            "expected": b"one\n",
        },
        {"name": "link", "metric": "waa.exact_match", "actual": link, "expected": {"expected": "true"}},
        {"name": "same", "metric": "waa.compare_text_file", "actual": {"get": "file", "path": "~/a.txt"}, "expected": b"two"},
        {
            "name": "none",
            "metric": "waa.exact_match",
            "actual": {**link, "path": "~/Desktop/c.lnk"},
            "expected": {"expected": True},
        },
    ]
    verdict = verdict_on({"any": leaves}, tmp_path, files)
    assert [part.score for part in verdict.parts] == [1, 1, 0, 0]
    assert verdict.parts[3].reason == "there is no file ~/Desktop/c.lnk"
