"""Metrics of what programs keep: VLC, GIMP, LibreOffice, Thunderbird."""

from __future__ import annotations

from pathlib import Path

import pytest

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

MODULES = ("vlc", "settings", "mail")


def status(state: str = "playing", **info: str) -> bytes:
    told = "".join(f'<info name="{name}">{value}</info>' for name, value in info.items())
    meta = f'<information><category name="meta">{told}</category></information>'
    return f"<?xml version='1.0' encoding='utf-8'?><root><state>{state}</state>{meta}</root>".encode()


def registry(name: str, value: str) -> bytes:
    oor = "http://openoffice.org/2001/registry"
    prop = f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop>'
    item = f'<item oor:path="/org.openoffice.Setup/L10N">{prop}</item>'
    return f'<oor:items xmlns:oor="{oor}">{item}</oor:items>'.encode()


def letter(subject: str, *, status: str = "0001") -> str:
    return f"From - Mon Jan 01\nX-Mozilla-Status: {status}\nX-Mozilla-Keys: $label1\nSubject: {subject}\n\nHello.\n\n"


def setting(name: str, default: str, other: str) -> list[Case]:
    """Cases of a setting in vlcrc."""
    key = f"expected_{name.replace('-', '_')}"
    return [
        right(f"[qt]\n{name}={other}\n".encode(), {key: int(other)}),
        right(b"[qt]\n", {key: default}),
        right(f"#{name}={other}\n".encode(), {key: default}),
        right(f"#{name}={other}\n".encode(), {key: other}, published=True),
        wrong(f"{name}={other}\n".encode(), {key: default}, words="expected"),
        malformed(b"\xff\xff", {key: default}, words="not text"),
        fault(b"", {}, words=f"has no '{key}'"),
    ]


FILE, ADDRESS = {"type": "file_name", "file_name": "a song.mp3"}, {"type": "url", "url": "https://a.example/b/list.m3u8"}
SCREEN = {"width": 1920, "height": 1080}
FOLDER = {"recording_file_path": "/home/user/Desktop"}
GIMPRC = b'# made\n\n   \n(undo-levels 5)\n(theme "Dark Compact")\n(undo-levels 100)\n(default-view (show-menubar no))\n'
PREFS = b'// made\nuser_pref("a.b", 1);\nuser_pref("c", "it\\"s");\n'
ONE = {"method": "eq", "ref": 1}
FILTERS = (
    b'version="9"\nlogging="no"\nname="Bills"\nenabled="yes"\ntype="17"\naction="Mark read"\naction="Move to folder"\n'
    b'actionValue="mailbox://nobody@Local%20Folders/Bills"\ncondition="AND (subject,contains,invoice) AND (from,is,\\"a, b\\")"\n'
)
CONDITIONS = ["AND (subject,contains,invoice)", 'AND (from,is,"a, b")']
MAILS = (letter("one") + letter("two")).encode()

CASES: dict[str, list[Case]] = {
    "is_vlc_playing": [
        right(status(filename="a song.mp3"), FILE),
        right(status(uri="file:///home/user/a%20song.mp3"), FILE),
        right(status(filename="list.m3u8"), ADDRESS),
        right(status(filename="list.m3u8", url="https://a.example/b/list.m3u8"), ADDRESS),
        wrong(status("paused", filename="a song.mp3"), FILE, words="found 'paused'"),
        wrong(status(filename="not a song.mp3"), FILE, words="expected VLC to play 'a song.mp3'"),
        right(status(filename="not a song.mp3"), FILE, published=True),
        wrong(status(url="https://evil.example/?x=https://a.example/b/list.m3u8"), ADDRESS, words="expected VLC to play"),
        right(status(url="https://evil.example/?x=https://a.example/b/list.m3u8"), ADDRESS, published=True),
        malformed(b"<root>", FILE, words="not usable XML"),
        fault(status(), {"type": "title"}, words='"file_name" or "url"'),
    ],
    "is_vlc_fullscreen": [
        right({**SCREEN}, SCREEN),
        wrong({"width": 800, "height": 600}, SCREEN, words="expected a window of"),
        malformed(None, SCREEN, words="names with values"),
        malformed({**SCREEN}, None, words="there is no window"),
        fault({**SCREEN}, {"width": 1}, words="has no 'height'"),
    ],
    "is_vlc_recordings_folder": [
        right(b"[core]\ninput-record-path=/home/user/Desktop/\n", FOLDER),
        wrong(b"input-record-path=/home/user/Desktop/\n", FOLDER, published=True, words="expected recordings in"),
        wrong(b"#input-record-path=/home/user/Desktop\n", FOLDER, words="names no folder"),
        wrong(b"input-record-path=/tmp\n", FOLDER, words="found '/tmp'"),
        malformed(b"\xff", FOLDER, words="not text"),
        fault(b"", {}, words="has no 'recording_file_path'"),
    ],
    "check_qt_bgcone": setting("qt-bgcone", "1", "0"),
    "check_qt_max_volume": setting("qt-max-volume", "125", "200"),
    "check_qt_minimal_view": setting("qt-minimal-view", "0", "1"),
    "check_play_and_exit": setting("play-and-exit", "0", "1"),
    "check_one_instance_when_started_from_file": setting("one-instance-when-started-from-file", "1", "0"),
    "check_global_key_play_pause": [
        right(b"global-key-play-pause=Media Play Pause\n", {"expected_global_key_play_pause": 1}),
        right(b"#global-key-play-pause=x\n", {"expected_global_key_play_pause": "0"}),
        right(b"#global-key-play-pause=x\n", {"expected_global_key_play_pause": "1"}, published=True),
        wrong(b"global-key-play-pause=\n", {"expected_global_key_play_pause": 1}, words="expected the global key to be 1"),
        malformed(b"\xff", {"expected_global_key_play_pause": 1}, words="not text"),
        fault(b"", {"expected_global_key_play_pause": [1]}, words="cannot be [1]"),
    ],
    "check_qt_slider_colours": [
        right(b"qt-slider-colours=1;2;3;4;5;99\n", {"type": "blackish"}),
        right(b"qt-slider-colours=1;2;3\n", {"type": "match", "expected_qt_slider_colours": "1;2;3"}),
        right(b"#qt-slider-colours=1;2;3\n", {"type": "blackish"}, published=True),
        wrong(b"#qt-slider-colours=1;2;3\n", {"type": "blackish"}, words="expected blackish"),
        wrong(b"", {"type": "match", "expected_qt_slider_colours": "1;2;3"}, words="expected the colours 1;2;3"),
        malformed(b"qt-slider-colours=black\n", {"type": "blackish"}, words="expected colours"),
        fault(b"", {"type": "dark"}, words='"match" or "blackish"'),
    ],
    "check_config_status": [
        right(GIMPRC, {"key": "undo-levels", "value": "100"}),
        right(GIMPRC, {"key": "theme", "value": '"Dark Compact"'}),
        right(GIMPRC, {"key": ["default-view", "show-menubar"], "value": "no"}),
        wrong(GIMPRC, {"key": "undo-levels", "value": "5"}, words="found ['5', '100']"),
        right(b"(undo-levels 5)\n(undo-levels 100)\n", {"key": "undo-levels", "value": "5"}, published=True),
        wrong(GIMPRC, {"key": "toolbox", "value": "yes"}, words="expected 'toolbox' to be 'yes'"),
        malformed(b"\xff", {"key": "a", "value": "b"}, words="not text"),
        fault(GIMPRC, {"key": ["a", "b", "c"], "value": "b"}, words="one word or two"),
        fault(GIMPRC, {"key": "a"}, words="has no 'value'"),
    ],
    "check_libre_locale": [
        right(registry("ooSetupSystemLocale", "en-GB"), {"locale_set": ["de-*", "en-*"]}),
        right(registry("ooLocale", "en-GB"), {"locale_set": ["en-*"]}),
        wrong(registry("ooLocale", "fr-FR"), {"locale_set": ["en-*"]}, words="found 'fr-FR'"),
        wrong(registry("x", "y"), {"locale_set": ["en-*"]}, words="no locale"),
        malformed(registry("x", "y"), {"locale_set": ["en-*"]}, words="no locale is set", published=True),
        malformed(b"<a", {"locale_set": ["en-*"]}, words="not usable XML"),
        fault(registry("x", "y"), {}, words="has no 'locale_set'"),
    ],
    "check_thunderbird_prefs": [
        right(PREFS, {"expect": {"a.b": ONE, "c": {"method": "re", "ref": "^it"}}, "unexpect": {"d": ONE}}),
        wrong(PREFS, {"expect": {"d": ONE}}, words="d: expected"),
        wrong(PREFS, {"unexpect": {"a.b": ONE}}, words="a.b: expected not"),
        wrong(PREFS, {"expect": {"a.b": ONE}, "unexpect": {"a.b": ONE}}, words="a.b: expected not"),
        right(PREFS, {"expect": {"a.b": ONE}, "unexpect": {"a.b": ONE}}, published=True),
        malformed(b"nothing", {"expect": {}}, words="no file of preferences"),
        fault(PREFS, {"expect": {"a.b": {"method": "like", "ref": 1}}}, words="no method 'like'"),
    ],
    "check_thunderbird_filter": [
        right(FILTERS, {"expect": [{"name": "Bills", "enabled": "yes", "type": "17", "action": "Mark read"}]}),
        right(FILTERS, {"expect": [{"condition": CONDITIONS[::-1]}], "unexpect": [{"name": "Spam"}]}),
        wrong(FILTERS, {"expect": [{"condition": CONDITIONS[::-1]}]}, published=True, words="expected the filter"),
        wrong(FILTERS, {"expect": [{"action": "Mark read"}]}, published=True, words="expected the filter"),
        wrong(FILTERS, {"expect": [{"action": "Mark read", "actionValue": "x"}]}, words="expected the filter"),
        wrong(FILTERS, {"expect": [{"condition": CONDITIONS[:1]}]}, words="expected the filter"),
        wrong(FILTERS, {"unexpect": [{"name": "Bills"}]}, words="there should be no filter"),
        malformed(b"<html>", {"expect": []}, words="no file of filters"),
        fault(FILTERS, {"expect": "Bills"}, words="cannot be 'Bills'"),
    ],
    "check_thunderbird_folder": [
        right(MAILS, (letter("two") + letter("one") + letter("one") + letter("gone", status="0009")).encode()),
        right([MAILS, b""], [MAILS, b""]),
        right(
            letter("one", status="0005").encode(),
            letter("one").replace("$label1", "$label2").encode(),
            ignore_status=True,
            ignore_keys=True,
        ),
        right(b"Subject: one\n\nHi\n", b"Subject: one\n\nHi"),
        wrong(MAILS, letter("one").encode(), words="folder 1: expected 1 messages"),
        wrong(b"something else", MAILS, words="folder 1"),
        right(b"something else", MAILS, published=True),
        wrong(letter("one").encode() * 2, letter("one").encode(), remove_duplicate=False, words="found others (2)"),
        malformed(b"\0", MAILS, words="no folder of messages"),
        malformed([MAILS], [MAILS, MAILS], words="expected 2 folders, found 1"),
        fault(MAILS, b"\0", words="the file that the task compares with"),
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
    assert lacking(CASES, *MODULES) == []
