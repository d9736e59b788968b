"""Getters of OSWorld's files become operands whose probes and readers there are, with parameters that they take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from osarena.errors import TaskError
from osarena.grading.resolve import parse_check
from osarena.tasks.placeholders import fill
from osarena_tasks.importers.envelope import Getter, read_task_file
from osarena_tasks.importers.getters import GETTERS, Context, operand_of
from osarena_tasks.importers.setup import Downloads

COMPAT = Path("/work/shared/compat")
FOLDERS = ("osworld", "osworld_windows")
OUTPUTS = {"out.txt": {"command": ["diff", "a", "b"], "stdout": "out.txt"}, "log.txt": {"command": "x", "stderr": "log.txt"}}

# At least one object of every type.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "rule": {"rules": {"expected": ["{x}"]}},
    "cloud_file": {"path": "https://example.org/a", "dest": "a"},
    "time_diff_range": {"diff_range_in_minutes": "60"},
    "rule_relativeTime": {"rules": {"relativeTime": {"from": "tomorrow"}, "expected": {"time": "{DoW}"}}},
    "vm_file": {"path": "/home/user/a", "dest": "a"},
    "content_from_vm_file": {"path": "/home/user/a.xlsx", "file_type": "xlsx", "file_content": "last_row"},
    "conference_city_in_order": {"csv_path": "/home/user/a.csv"},
    "list_directory": {"path": "/home/user/Desktop/photos/"},
    "gimp_config_file": {"file_name": "gimprc", "dest": "gimprc"},
    "audio_in_slide": {"ppt_file_path": "/a.pptx", "slide_index": "0", "dest": "a"},
    "background_image_in_slide": {"ppt_file_path": "/a.pptx", "slide_index": 1, "dest": "a"},
    "cache_file": {"path": "out.txt"},
    "vm_command_line": {"command": "ls", "shell": "true"},
    "vm_command_error": {"command": ["ls", "-l"]},
    "vm_window_size": {"app_class_name": "vlc"},
    "vscode_config": {"vscode_extension_command": "OpenProject", "path": "/home/user/a", "dest": "a"},
    "replay": {"trajectory": [{"type": "press", "param": "enter"}]},
    "active_tab_url_parse": {"parse_keys": ["a"], "goto_prefix": "https://www."},
    "url_dashPart": {"partIndex": -1, "returnType": "json", "key": "time", "needDeleteId": False},
    "url_path_parse": {"parse_keys": ["a"]},
    "macys_product_url_parse": {"parse_keys": ["a"]},
    "active_tab_html_parse": {"category": "xpath", "xpathObject": {"//h1": "title"}},
    "page_info": {"url": "https://example.org"},
    "pdf_from_url": {"path": "https://example.org", "dest": "a.pdf"},
    "info_from_website": {"url": "https://example.org", "infos": [{"action": "inner_text", "selector": "h1"}], "backups": ["a"]},
    "gotoRecreationPage_and_get_html_content": {"selector": "class", "class": "camp", "order": "1"},
    "googledrive_file": {"settings_file": "a", "path": ["a"], "dest": "a"},
}


def context() -> Context:
    return Context(Downloads(), OUTPUTS)


def operand(type_: str, /, *, is_expected: bool = False, **arguments: Any) -> Any:
    return operand_of(Getter(type=type_, **arguments), context(), "$.result", is_expected=is_expected)


def assert_resolves(made: Any) -> None:
    """As a part of a check, once its downloads are there."""
    filled = fill(made, {f"file_{number}": b"" for number in range(1, 40)})
    parse_check({"metric": "values.equal", "actual": filled, "expected": filled})


def test_there_are_all_types_that_osworld_exports() -> None:
    assert len(GETTERS) == 47 + 9


@pytest.mark.parametrize("type_", sorted(GETTERS))
@pytest.mark.parametrize("is_expected", [False, True])
def test_every_type_resolves(type_: str, is_expected: bool) -> None:
    assert_resolves(operand(type_, is_expected=is_expected, **ARGUMENTS.get(type_, {})))


def getters() -> Iterator[Any]:
    for folder in FOLDERS:
        for path in sorted((COMPAT / folder).glob("*/*.json")):
            yield pytest.param(path, id=f"{folder}-{path.parent.name}-{path.stem[:8]}")


@pytest.mark.skipif(not COMPAT.exists(), reason="the public task files are not here")
@pytest.mark.parametrize("path", list(getters()))
def test_every_getter_of_the_public_files_resolves(path: Path) -> None:
    evaluator = read_task_file(json.loads(path.read_text())).evaluator
    outputs = {
        step.parameters[stream]: step.parameters
        for step in evaluator.postconfig
        for stream in ("stdout", "stderr")
        if step.parameters.get(stream)
    }
    for side, found in (("result", evaluator.result), ("expected", evaluator.expected)):
        for getter in filter(None, found):
            assert_resolves(operand_of(getter, Context(Downloads(), outputs), side, is_expected=side == "expected"))


def test_files_of_the_web_are_values_of_the_task() -> None:
    shared = context()
    many = {"type": "cloud_file", "path": ["u/1", "u/2", "u/3"], "dest": ["1", "2", "3"], "multi": "true", "gives": [0, 2]}
    assert operand_of(Getter(**many), shared, "$") == ["{file_1}", "{file_2}"]
    assert operand_of(Getter(type="cloud_file", path="u/3", dest="3"), shared, "$") == "{file_2}"
    assert sorted(shared.downloads.values()) == ["file_1", "file_2"]


def test_files_of_the_desktop() -> None:
    assert operand("vm_file", path="/a") == {"get": "file", "path": "/a"}
    assert operand("vm_file", path="/a", is_expected=True) == {"get": "osworld.files", "paths": ["/a"], "as": "osworld.file"}
    assert operand("vm_file", path=["/a", "/b"], multi=True) == {"get": "file", "path": "/a"}
    assert operand("vm_file", path=["/a", "/b", "/c"], multi=True, gives=[2, 1]) == {
        "get": "osworld.files", "paths": ["/b", "/c"], "as": "osworld.files", "count": 2,
    }  # fmt: skip
    assert operand("vm_file", path="/a.csv", time_suffix=True, time_format="%Y") == {
        "get": "osworld.dated_file", "path": "/a.csv", "date_format": "%Y",
    }  # fmt: skip


def test_output_in_the_cache_is_that_of_the_command_that_writes_it() -> None:
    assert operand("cache_file", path="out.txt") == {
        "get": "osworld.command", "command": ["diff", "a", "b"], "shell": False, "as": "osworld.output_file",
    }  # fmt: skip
    assert operand("cache_file", path="log.txt")["as"] == "osworld.errors_file"
    with pytest.raises(TaskError, match=r"\$.result.path: no step of postconfig writes 'ou.txt' \(near: out.txt"):
        operand("cache_file", path="ou.txt")


def test_braces_of_the_file_stay_what_they_are() -> None:
    command = ["awk", "{print $7}"]
    assert fill(operand("vm_command_line", command=command), {})["command"] == command
    assert fill(operand("rule", rules={"{a}": "{b}"}), {}) == {"{a}": "{b}"}
    assert fill(operand("rule_relativeTime", **ARGUMENTS["rule_relativeTime"]), {})["rules"]["expected"] == {"time": "{DoW}"}


def test_parts_of_the_page() -> None:
    made = operand("active_tab_html_parse", category="class", class_multiObject={"a": {"1": "x"}}, class_singleObject={"b": "y"})
    assert made["selectors"] == ["css=.a", "css=.b"]
    assert made["values"] == [
        {"selector": "css=.a", "field": "text", "keys": {"1": "x"}},
        {"selector": "css=.b", "field": "text", "keys": {"0": "y"}},
    ]
    made = operand(
        "active_tab_html_parse", category="class&url", url_include_expected=["A"], url_include_expected_multichoice={"b": "C"}
    )
    assert (made["in_url"], made["ignore_case"]) == ({"A": "A", "b": "C"}, True)


WRONG = [
    ("vm_files", {}, r"\$.result.type: there is no getter 'vm_files' \(near: vm_file"),
    ("zzz", {}, r"there is no getter 'zzz' \(known: rule, "),
    ("vm_file", {"paths": "/a"}, r"\$.result: vm_file needs path \(near: paths\)"),
    ("vm_file", {"path": "/a", "give": [1]}, r"vm_file takes no 'give' \(near: gives"),
    ("vm_file", {"path": ["/a"]}, r"\$.result.path: one path, not \['/a'\]"),
    ("vm_file", {"path": "/a", "multi": True}, r"\$.result.path: a list of paths"),
    ("vm_file", {"path": ["/a"], "multi": True, "gives": [1]}, r"\$.result.gives: numbers from 0 to 0"),
    ("content_from_vm_file", {"path": "/a", "file_type": "csv", "file_content": "x"}, "there is xlsx and last_row"),
    ("active_tab_html_parse", {"category": "clas"}, r"\$.result.category: there is no 'clas' \(near: class"),
    ("url_dashPart", {"partIndex": "x", "returnType": "string"}, r"\$.result.partIndex: a whole number, not 'x'"),
    ("url_dashPart", {"partIndex": 1, "returnType": "json"}, "returnType"),
    ("rule_relativeTime", {"rules": {"expected": {}}}, r"\$.result.rules: rules about relative times"),
    ("gotoRecreationPage_and_get_html_content", {"selector": "id", "class": "x"}, r"\$.result.selector: there is class"),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "arguments", "words"), WRONG)
def test_what_is_wrong_in_a_file_is_told(type_: str, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(TaskError, match=words):
        operand(type_, **arguments)


def test_what_a_check_depends_on() -> None:
    assert {name for name, kind in GETTERS.items() if kind.needs_account} == {"googledrive_file"}
    assert {name for name, kind in GETTERS.items() if kind.needs_site} == {
        "page_info", "pdf_from_url", "info_from_website", "number_of_search_results",
        "gotoRecreationPage_and_get_html_content", "googledrive_file",
    }  # fmt: skip
    assert GETTERS["vm_file"].depends_on == "files"
    assert GETTERS["vm_command_line"].depends_on == "command"
    assert GETTERS["open_tabs_info"].depends_on == "live"
