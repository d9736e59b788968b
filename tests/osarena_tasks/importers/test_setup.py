"""Configurations of public task files, as our steps."""

from __future__ import annotations

from typing import Any

import pytest

from osarena.errors import TaskError
from osarena_tasks.importers.envelope import Step
from osarena_tasks.importers.programs import Ubuntu, Windows
from osarena_tasks.importers.setup import Downloads, Place, steps_of

BOOK = "https://files.example/book.xlsx"


def translated(type_: str, *, is_finish: bool = False, windows: bool = False, **parameters: Any) -> list[dict[str, Any]]:
    dialect = Windows() if windows else Ubuntu()
    return steps_of([Step(type=type_, parameters=parameters)], Place(Downloads(), dialect, is_finish), "$.config")


def test_files_are_values_that_the_host_puts_into_the_desktop() -> None:
    downloads = Downloads()
    file = {"url": BOOK, "path": "/home/user/{odd}.xlsx"}
    steps = steps_of([Step(type="download", parameters={"files": [file, file]})], Place(downloads, Ubuntu()), "$")
    assert steps == [{"step": "files.put", "path": "/home/user/{{odd}}.xlsx", "content": "{file_1}"}] * 2
    assert downloads.values() == {"file_1": {"download": BOOK}}


@pytest.mark.parametrize(
    ("command", "expected", "app"),
    [
        (["google-chrome", "--remote-debugging-port=1337"], ["chromium"], "chromium"),
        (["/usr/bin/thunderbird"], ["/usr/bin/thunderbird"], "thunderbird"),
        (["nautilus", "/home/user/Projects"], ["thunar", "/home/user/Projects"], "thunar"),
        (["libreoffice", "--calc"], ["libreoffice", "--calc"], "libreoffice-calc"),
        ("VLC_VERBOSE=-1 vlc --no-audio /home/user/a.mp4", "VLC_VERBOSE=-1 vlc --no-audio /home/user/a.mp4", "vlc"),
        (["code", "/home/user/Desktop/a.py"], ["code", "/home/user/Desktop/a.py"], None),
    ],
)
def test_programs_are_started_by_the_names_that_they_have_here(command: Any, expected: Any, app: str | None) -> None:
    assert translated("launch", command=command) == [{"step": "apps.start", "command": expected} | ({"app": app} if app else {})]


@pytest.mark.parametrize(
    "command", [["socat", "tcp-listen:9222,fork", "tcp:localhost:1337"], 'ncat.exe -k -l 0.0.0.0 9222 --sh-exec "ncat.exe x"']
)
def test_bridges_to_the_browser_are_left_out(command: Any) -> None:
    assert translated("launch", command=command) == []


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (
            ["python", "-c", "import pyautogui; pyautogui.hotkey('ctrl', 's');"],
            "import pyautogui; pyautogui.hotkey('ctrl', 's');",
        ),
        ("python3 -c \"import pyautogui; pyautogui.press('enter')\"", "import pyautogui; pyautogui.press('enter')"),
        (
            ["python", "-c", "import pyautogui; pyautogui.click({SCREEN_WIDTH_HALF}, 5)"],
            "import pyautogui; pyautogui.click({{SCREEN_WIDTH_HALF}}, 5)",
        ),
    ],
)
def test_programs_for_the_keyboard_are_read_not_run(command: Any, code: str) -> None:
    assert translated("execute", command=command) == [{"step": "inputs.pyautogui", "code": code}]


def test_other_commands_may_fail_as_theirs_may() -> None:
    (step,) = translated("command", command="mkdir -p {a}/.config/google-chrome/Default", shell="true")
    assert step["command"] == "mkdir -p {{a}}/.config/chromium/Default"
    assert (step["step"], step["must_succeed"]) == ("shell.run", False)
    (step,) = translated("execute", command="echo {CLIENT_PASSWORD} | sudo -S true", shell=True)
    assert step["command"] == "echo password | sudo -S true"


def test_windows_are_found_by_the_titles_that_they_have_here() -> None:
    (step,) = translated("activate_window", window_name="Google Chrome")
    assert step == {"step": "windows.activate", "title": "Chromium", "is_whole_title": False, "must_exist": True}
    (step,) = translated("close_window", is_finish=True, window_name="a.txt", strict="True")
    assert step == {"step": "windows.close", "title": "a.txt", "is_whole_title": True, "must_exist": False}
    (step,) = translated("activate_window", window_name="vlc", by_class=True)
    assert step["app"] == "vlc"


def test_where_they_sleep_the_desktop_comes_to_rest() -> None:
    assert translated("sleep", seconds=2) == [{"step": "screen.rest", "timeout_s": 2.0}]
    assert translated("sleep", seconds=60) == [{"step": "screen.rest", "timeout_s": 10.0}]


@pytest.mark.parametrize(("path", "app"), [("/home/user/a.xlsx", None), ("/home/user/a.odd", "mousepad")])
def test_a_file_is_opened_with_what_opens_it(path: str, app: str | None) -> None:
    assert translated("open", path=path) == [{"step": "apps.open", "path": path} | ({"app": app} if app else {})]


def test_windows_files_stay_as_they_are() -> None:
    (step,) = translated("launch", windows=True, command=["google-chrome", "C:\\x.html"])
    assert step == {"step": "apps.start", "command": ["google-chrome", "C:\\x.html"]}


@pytest.mark.parametrize(
    ("type_", "parameters", "words"),
    [
        ("opne", {"path": "x"}, r"\$\.config\[0\]\.type: there is no step 'opne' \(there are activate_window, "),
        ("open", {}, r"\$\.config\[0\]\.parameters: open needs path"),
        ("open", {"path": "x", "pth": 1}, r"open takes no pth \(it takes path\)"),
        ("sleep", {"seconds": "2"}, r"\.seconds: a number, not '2'"),
        ("launch", {"command": 5}, r"\.command: a text, or a list of words, not 5"),
        ("launch", {"command": []}, r"\.command: a text, or a list of words"),
        ("download", {"files": [{"url": 1, "path": "x"}]}, r"\.files\[0\]: a file to download has url and path"),
        ("chrome_open_tabs", {"urls_to_open": "x"}, r"urls_to_open: a list of addresses, not 'x'"),
        ("execute", {"command": "python -c import pyautogui"}, "no program for keyboard and pointer can be found"),
    ],
)
def test_what_is_not_known_is_an_error_that_names_its_place(type_: str, parameters: dict[str, Any], words: str) -> None:
    with pytest.raises(TaskError, match=words):
        translated(type_, **parameters)
