"""Getters of WindowsAgentArena's task files become operands that a check takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from osarena.errors import TaskError
from osarena.grading.resolve import parse_check
from osarena_tasks.importers.envelope import Getter, read_task_file
from osarena_tasks.importers.getters import Context
from osarena_tasks.importers.setup import Downloads
from osarena_tasks.importers.windows_getters import GETTERS, operand_of

# Public task files, where they are.
FILES = sorted(Path("/work/shared/compat/waa").glob("*/*.json"))
DOCKER = "C:\\Users\\Docker"

# All 58 getters of results, and those of what is expected, with arguments such as the files have.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "vm_file": {"path": f"{DOCKER}\\a.txt", "dest": "a.txt"},
    "vlc_config": {"dest": "vlcrc"},
    "vm_command_line": {"command": ["code", "--list-extensions"]},
    "is_file_saved_desktop": {"filename": "a.txt", "textcontent": "230 {days}"},
    "url_dashPart": {"goto_prefix": "https://www.", "partIndex": -1, "needDeleteId": False, "returnType": "string"},
    "check_if_timer_started": {"hours": 0, "minutes": 30, "seconds": 0},
    "check_if_world_clock_exists": {"city": "Rome", "country": "Italy"},
    "vm_file_exists_in_vm_folder": {"folder_name": f"{DOCKER}\\Documents", "file_name": "draft.txt"},
    "enable_do_not_track": {},
    "open_tabs_info": {},
    "page_info": {"url": "https://a.example/", "load_state": "load"},
    "profile_name": {},
    "shortcuts_on_desktop": {},
    "history": {"dest": "history.sqlite"},
    "enabled_experiments": {},
    "bookmarks": {},
    "cookie_data": {"dest": "Cookies"},
    "active_tab_url_parse": {"goto_prefix": "https://www.", "parse_keys": ["a"], "replace": {"a": "b"}},
    "enable_enhanced_safety_browsing": {},
    "data_delete_automacally": {},
    "active_tab_info": {"goto_prefix": "https://"},
    "chrome_font_size": {},
    "default_search_engine": {},
    "enable_do_not_track_from_edge": {},
    "favorites": {},
    "history_for_edge": {"dest": "history.sqlite"},
    "profile_name_from_edge": {},
    "data_delete_automacally_from_edge": {},
    "edge_font_size": {},
    "cookie_data_for_edge": {"dest": "Cookies"},
    "edge_default_download_folder": {},
    "default_search_engine_from_edge": {},
    "enable_enhanced_safety_browsing_from_edge": {},
    "validate_pwa_installed": {},
    "url_shortcuts_on_desktop": {},
    "edge_home_page": {},
    "all_png_file_names": {"folder_path": "C:/Users/Docker/Pictures", "file_path": "C:/Users/Docker/Pictures/png_files.txt"},
    "is_all_docx_in_archive": {"folder_path": "C:/Users/Docker/Documents"},
    "vm_folder_exists_in_documents": {"folder_name": "Work"},
    "are_all_images_tagged": {"directory": f"{DOCKER}\\Pictures\\Summer Trip", "tag": "2023Vacation"},
    "vm_active_window_title": {},
    "is_details_view": {"folder_path": f"{DOCKER}\\Documents"},
    "vm_library_folders": {"library_name": "Arena"},
    "vm_file_exists_in_desktop": {"file_name": "Projects - Shortcut.lnk"},
    "are_files_sorted_by_modified_time": {"directory": f"{DOCKER}\\Documents"},
    "is_files_moved_downloads": {"folder_name": "Old", "file_name": "a.txt"},
    "zipped_folder_in_desktop": {"filename": f"{DOCKER}\\Desktop\\OldProjects.7z", "password": "12345"},
    "is_directory_read_only_for_user": {"directory": f"{DOCKER}\\Pictures", "user": "TestAccount"},
    "is_file_hidden": {"file_path": f"{DOCKER}\\a.txt"},
    "is_file_desktop": {"filename": "example.txt"},
    "is_red_circle_present_on_canvas": {"filepath": f"{DOCKER}\\Downloads\\Screenshot.png"},
    "image_dimension_matches_input": {"filepath": f"{DOCKER}\\a.png", "width": 800, "height": "600"},
    "system_notifications": {},
    "night_light_state": {},
    "system_timezone": {},
    "desktop_background": {},
    "storage_sense_run_frequency": {},
    "vm_wallpaper": {"dest": "wallpaper.png"},
}
EXPECTED: dict[str, dict[str, Any]] = {
    "rule": {"rules": {"expected": True}},
    "cloud_file": {"path": "https://a.example/a.docx", "dest": "a.docx"},
    "rule_relativeTime": {"rules": {"relativeTime": {"from": "next Monday"}, "expected": {"time": "{Year}"}}},
    "pdf_from_url": {"path": "https://a.example/", "dest": "a.pdf"},
}


def operand(kind: str, arguments: dict[str, Any] | None = None) -> Any:
    getter = Getter(type=kind, **(ARGUMENTS[kind] if arguments is None else arguments))
    return operand_of(getter, Context(Downloads()), "evaluator.result")


def resolves(found: Any) -> None:
    parse_check({"metric": "waa.exact_match", "actual": found, "expected": {"expected": True}})


@pytest.mark.parametrize("kind", ARGUMENTS)
def test_every_getter_of_results_becomes_an_operand(kind: str) -> None:
    found = operand(kind)
    assert "get" in found
    resolves(found)


@pytest.mark.parametrize("kind", EXPECTED)
def test_every_getter_of_what_is_expected_becomes_an_operand(kind: str) -> None:
    found = operand_of(Getter(type=kind, **EXPECTED[kind]), Context(Downloads()), "x", is_expected=True)
    parse_check({"metric": "waa.exact_match", "actual": 1, "expected": found})


def test_there_are_58_and_what_they_rest_on() -> None:
    assert len(ARGUMENTS) == 58
    assert set(ARGUMENTS) | set(EXPECTED) <= set(GETTERS)
    live = {kind for kind in ARGUMENTS if GETTERS[kind].depends_on == "live"}
    assert live == {
        *("url_dashPart", "check_if_timer_started", "check_if_world_clock_exists", "open_tabs_info", "page_info"),
        *("active_tab_url_parse", "active_tab_info", "vm_active_window_title", "is_details_view"),
        "are_files_sorted_by_modified_time",
    }


@pytest.mark.skipif(not FILES, reason="the public task files are not here")
def test_every_getter_of_the_public_files_resolves() -> None:
    count = 0
    for path in FILES:
        evaluator = read_task_file(json.loads(path.read_text())).evaluator
        for number, getter in enumerate(filter(None, evaluator.result)):
            resolves(operand_of(getter, Context(Downloads()), f"{path.name} result {number}"))
            count += 1
        for number, getter in enumerate(filter(None, evaluator.expected)):
            found = operand_of(getter, Context(Downloads()), f"{path.name} expected {number}", is_expected=True)
            parse_check({"metric": "waa.exact_match", "actual": 1, "expected": found})
            count += 1
    assert count > 100


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("profile_name_from_edge", "~/AppData/Local/Microsoft/Edge/User Data/Default/Preferences"),
        ("enabled_experiments", "~/AppData/Local/Google/Chrome/User Data/Local State"),
        ("cookie_data_for_edge", "~/AppData/Local/Microsoft/Edge/User Data/Default/Network/Cookies"),
        ("vlc_config", "~/AppData/Roaming/vlc/vlcrc"),
        ("vm_library_folders", "~/AppData/Roaming/Microsoft/Windows/Libraries/Arena.library-ms"),
        ("vm_file_exists_in_vm_folder", f"{DOCKER}\\Documents/draft.txt"),
        ("is_file_desktop", "~/Desktop/example.txt"),
    ],
)
def test_places_are_those_of_windows(kind: str, found: str) -> None:
    assert operand(kind)["path"] == found


def test_a_shortcut_has_to_be_one() -> None:
    assert operand("vm_file_exists_in_desktop")["as"] == "shortcuts.is_link"
    assert operand("vm_file_exists_in_desktop", {"file_name": "a.txt"})["get"] == "waa.exists"


def test_braces_are_literal_and_a_misspelt_name_is_the_instructions() -> None:
    assert operand("is_file_saved_desktop")["part"] == "230 {{days}}"
    assert operand("vm_file", {"path": f"{DOCKER}\\DownloadssBackup.zip"})["path"] == f"{DOCKER}\\DownloadsBackup.zip"


@pytest.mark.parametrize(
    ("kind", "arguments", "words"),
    [
        ("night_lights", {}, r"evaluator.result.type: there is no getter 'night_lights' \(near: night_light_state"),
        ("is_file_hidden", {}, "evaluator.result: is_file_hidden needs file_path"),
        ("is_file_hidden", {"file_path": "a", "path": "b"}, "evaluator.result: is_file_hidden takes no 'path'"),
        ("check_if_timer_started", {"hours": "x", "minutes": 1, "seconds": 1}, "evaluator.result.hours: a whole number, not 'x'"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(kind: str, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(TaskError, match=words):
        operand(kind, arguments)
