"""Metrics of values, texts, records, trees and the state of the operating system."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from osarena_evaluators.osworld import score
from tests.support.office import archive
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

MODULES = ("values", "text", "records", "trees", "system")


def database() -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE t (n)")
        connection.execute("INSERT INTO t VALUES (1)")
        connection.commit()
        return connection.serialize()


UBUNTU = "https://accessibility.ubuntu.example.org/ns"
TREE = (
    f'<desktop-frame xmlns:attr="{UBUNTU}/attributes" xmlns:st="{UBUNTU}/state">'
    '<application name="Thunderbird"><tool-bar attr:id="Head"><label name="To" st:visible="true">Ada L.</label></tool-bar>'
    "</application></desktop-frame>"
)
LABEL = "//tool-bar[@attr:id='Head']/label[@st:visible='true']"
FOLDER = {"children": [{"name": "a.jpg"}, {"name": "b.jpg"}]}
ZONE = "Local time: x\nUniversal time: y\nRTC time: z\nTime zone: UTC (UTC, +0000)\nSystem clock synchronized: yes\n"
SPEED = b"id,time,down\n1,2024-01-02T23:58,9\n"
PROGRAM = b"#!/usr/bin/python3\n\nfor x in y:\n\tprint(x)  \n"

SUITE = b"import snake\ndef test():\n    assert snake.feed(2) == 3\n    return True\n"
CASES: dict[str, list[Case]] = {
    "check_include_exclude": [
        right("use terminal\n", {"include": ["terminal"], "exclude": ["error"]}),
        right("", {}),
        wrong("no", {"include": ["terminal"]}, words="expected 'terminal'"),
        wrong("error", {"exclude": ["error"]}, words="should not be in"),
        malformed(None, {"include": []}, words="expected text"),
        fault("a", {"include": "a"}, words="cannot be 'a'"),
        fault("a", None, words="expected a rule"),
    ],
    "exact_match": [
        right("true\n", {"expected": "true\n"}),
        wrong("true", {"expected": "true\n"}, words="expected 'true\\n'"),
        wrong(None, {"expected": "a"}, words="found None"),
        fault("a", {}, words="has no 'expected'"),
    ],
    "compare_answer": [
        right("42", {"expected": "42"}),
        wrong("43", {"expected": "42"}, words="expected '42'"),
        wrong(None, {"expected": "a"}, words="found None"),
        fault("a", "42", words="expected a rule"),
    ],
    "match_in_list": [
        right("Bing", {"expected": ["Microsoft Bing", "Bing"]}),
        wrong("Google", {"expected": ["Bing"]}, words="expected one of"),
        wrong(["Bing"], {"expected": ["Bing"]}, words="expected one of"),
        fault("Bi", {"expected": "Bing"}, words="cannot be 'Bing'"),
        right("Bi", {"expected": "Bing"}, published=True),
        malformed(3, {"expected": "Bing"}, words="expected text", published=True),
    ],
    "is_in_list": [
        right(["/a", "/b"], {"expected": "/b"}),
        right("in /b here", {"expected": "/b"}),
        wrong(["/a"], {"expected": "/b"}, words="expected '/b' among"),
        malformed(None, {"expected": "/b"}, words="expected a list"),
        fault([], {}, words="has no 'expected'"),
    ],
    "literal_match": [
        right("Ada", "ada", ignore_case=True),
        right(["A", 1], ["a", "1"], type="list", ignore_case=True),
        wrong("Ada", "ada", words="expected 'ada'"),
        wrong(["a"], ["a", "b"], words="expected ['a', 'b']", type="list"),
        malformed("a", ["a"], words="expected a list", type="list"),
        fault("a", "a", words='is "str" or "list"', type="set"),
        fault(["a"], "a", words="expected a list in the task", type="list"),
    ],
    "fuzzy_match": [
        right("abc", {"expected": "abc"}),
        wrong("abcd", {"expected": "abxx"}, score=0.5, words="expected 'abxx'"),
        malformed(None, {"expected": "abc"}, words="expected text"),
        fault("a", {"expected": 3}, words="cannot be 3"),
    ],
    "check_direct_json_object": [
        right({"a": "1", "b": 2}, {"expected": {"a": "1"}}),
        right("{'a': '1'}", {"expected": {"a": "1"}}),
        right('{"a": "it\'s"}', {"expected": {"a": "it's"}}),
        right({"l": ["b", "a"]}, {"expected": {"l": ["a", "b"]}, "ignore_list_order": True}),
        right({"a": "in New York"}, {"expected": {"a": "York"}, "expect_in_result": True}),
        right({"a": ["x", "y"]}, {"expected": {"a": ["y"]}, "expect_in_result": True}),
        right({"a": "y"}, {"expected": {"a": ["x", "y"]}, "expect_in_result": True}),
        wrong({"a": "2"}, {"expected": {"a": "1"}}, words="a: expected '1'"),
        wrong({"l": ["b", "b"]}, {"expected": {"l": ["a", "b"]}, "ignore_list_order": True}, words="l: expected"),
        wrong({}, {"expected": {"a": "York"}, "expect_in_result": True}, words="a: expected"),
        wrong({"l": ["b", "a"]}, {"expected": {"l": ["a", "b"]}, "ignore_list_order": True}, words="l", published=True),
        malformed("{", {"expected": {"a": "1"}}, words="expected names with values as JSON"),
        malformed(None, {"expected": {"a": "1"}}, words="expected names with values"),
        fault({"a": 1}, {"expected": {}}, words="expects nothing"),
        fault({"a": 1}, {"expected": {"a": "__EVALUATION_FAILED__"}}, words="could not be worked out"),
        fault({"a": 1}, {"expected": {"a": 1}, "expect_in_result": True}, words="texts or lists"),
        right({"a": 1}, {"expected": {}}, published=True),
        wrong({"a": 1}, {"expected": {"a": "__EVALUATION_FAILED__"}}, words="could not", published=True),
    ],
    "compare_text_file": [
        right(b"a\r\nb\n", b"a\nb\n"),
        right(b" A\t\nb ", b"a b", ignore_blanks=True, ignore_case=True),
        wrong(b"a\nc\n", b"a\nb\n", words="line 2: expected 'b', found 'c'"),
        wrong(b"a", b"a\n", words="expected 2 lines, found 1"),
        malformed(b"\xff\xff", b"a", words="not text"),
        malformed(None, b"a", words="there is no such file"),
        fault(b"a", b"\xff\xff", words="the file that the task compares with"),
    ],
    "compare_config": [
        right(b"project", {"expected": "project"}),
        wrong(b"other", {"expected": "project"}, words="line 1: expected 'project'"),
        malformed(b"\xff", {"expected": "project"}, words="not text"),
        fault(b"a", {"expected": None}, words="cannot be None"),
    ],
    "diff_text_file": [
        right(b"a\nb\n", b"a\nb\n"),
        wrong(b"a\nb\nx\ny\n", b"a\nb\nc\nd\n", score=0.5, words="50%"),
        malformed(b"\xff", b"a", words="not text"),
        fault(b"a", None, words="compares with a file"),
    ],
    "compare_python_pure_text": [
        right(PROGRAM, b"for x in y:\n    print(x)\n"),
        wrong(b"```\nfor x in y:\n    print(x)\n", PROGRAM, words="line 1"),
        malformed(b"\xff", PROGRAM, words="not text"),
        fault(PROGRAM, b"\xff", words="the file that the task compares with"),
    ],
    "compare_result_files": [
        right(b"It is 5.00001.\n", b"5\n"),
        right(b"same text", b"same text\n"),
        wrong(b"15", b"5", words="expected the number '5'"),
        wrong(b"other", b"same", words="line 1"),
        right(b"15", b"5", published=True),
        malformed(b"\xff", b"5", words="not text"),
        fault(b"5", b"\xff", words="the file that the task compares with"),
    ],
    "compare_terminal_and_txt": [
        right(b"$ ls\na\n", "$ ls\na\n"),
        wrong(b"$ ls\n", "$ ls\na\n", words="line 2"),
        malformed(b"\xff", "a", words="not text"),
        fault(b"a", 3, words="expected a terminal's text"),
    ],
    "file_contains": [
        right(b"a b c", {"expected": ["a", "c"]}),
        wrong(b"a", {"expected": ["a", "c"]}, words="expected 'c'"),
        malformed(b"\xff", {"expected": []}, words="not text"),
        fault(b"a", {"expected": "abc"}, words="cannot be 'abc'"),
    ],
    "check_list": [
        right(b"one\ntwo\n", {"expect": ["^o", "w"], "unexpect": ["x"]}),
        right(b"", {"unexpect": [".+"]}),
        wrong(b"one\n", {"expect": ["^t"]}, words="no line matches '^t'"),
        wrong(b"one\n", {"unexpect": [".+"]}, words="no line should match"),
        malformed(b"\xff", {}, words="not text"),
        fault(b"a", {"expect": ["("]}, words="no regular expression"),
    ],
    "check_line_number": [
        right(b"12:00:01 a\nx\n23:59:60 b\n", {"expected": "2"}),
        wrong(b"12:00\n", {"expected": 1}, words="expected 1 lines with a time of day, found 0"),
        malformed(b"\xff", {"expected": 1}, words="not text"),
        fault(b"a", {"expected": "two"}, words="expects a number of lines"),
    ],
    "is_extension_installed": [
        right("ms-python.python\nother\n", {"type": "contain", "expected": "ms-python.python"}),
        right("njpwerner.autodocstring", {"type": "contain", "expected": "autodocstring"}),
        right("ls: '|': No such file\n/home/user/Desktop:\ntest.py\n", {"type": "contain", "expected": "test.py"}),
        right("a.b", {"type": "not_contain", "expected": "a.c"}),
        wrong(
            "ms-python.python-envs\n", {"type": "contain", "expected": "ms-python.python"}, words="expected 'ms-python.python'"
        ),
        wrong("a.b", {"type": "not_contain", "expected": "a.b"}, words="expected no 'a.b'"),
        right("ms-python.python-envs\n", {"type": "contain", "expected": "ms-python.python"}, published=True),
        malformed(None, {"type": "contain", "expected": "a"}, words="expected text"),
        fault("a", {"type": "has", "expected": "a"}, words='"contain" or "not_contain"'),
    ],
    "check_json": [
        right(
            b'{"a": {"b": ["x", "y"]}, "v": "1.2"}',
            {
                "expect": [{"key": ["a", "b", 1], "method": "eq", "ref": "y"}, {"key": ["v"], "method": "re", "ref": r"^1\."}],
                "unexpect": [{"key": ["a", "c"], "method": "eq", "ref": 1}],
            },
        ),
        right(b"name: Ada\nurl: &u x\nsame: *u\n", {"expect": [{"key": ["same"], "method": "eq", "ref": "x"}]}, is_yaml=True),
        wrong(b'{"a": 1}', {"expect": [{"key": ["a"], "method": "gt", "ref": 1}]}, words="a: expected gt 1, found 1"),
        wrong(b'{"a": 1}', {"expect": [{"key": ["a", "b"], "method": "eq", "ref": 1}]}, words="found nothing"),
        wrong(b'{"a": 1}', {"unexpect": [{"key": ["a"], "method": "eq", "ref": 1}]}, words="expected not eq 1"),
        malformed(b"{", {}, words="not JSON"),
        malformed(b"a: !!python/object/apply:os.system ['true']", {}, words="not YAML", is_yaml=True),
        malformed(b"a: &a {b: 1}\n<<: [" + b"*a," * 30 + b"]", {}, words="merges too many", is_yaml=True),
        fault(b"{}", {"expect": [{"key": ["a"], "method": "like", "ref": 1}]}, words="no method 'like'"),
        fault(b"{}", {"expect": {}}, words="cannot be {}"),
    ],
    "is_included_all_json_objects": [
        right(b'{"a": 1, "b": 2}', b'{"a": 1}'),
        wrong(b"{}", b'{"a": 1}', words="expected {'a': 1}"),
        right(b"{}", b'{"a": 1}', published=True),
        malformed(b"[]", b'{"a": 1}', words="names with values"),
        fault(b"{}", b"[]", words="the file that the task compares with"),
    ],
    "check_json_settings": [
        right(b'{\n// mine\n"a.b": 50, "u": "http://x", /* c */\n}', {"expected": {"a.b": 50, "u": "http://x"}}),
        wrong(b'{"a.b": 51}', {"expected": {"a.b": 50}}, words="'a.b'"),
        malformed(b"[1]", {"expected": {}}, words="names with values"),
        malformed(b'{"a": 1,}', {"expected": {"a": 1}}, words="not JSON", published=True),
        fault(b"{}", {"expected": []}, words="cannot be []"),
    ],
    "check_json_keybindings": [
        right(b'// Place\n[\n// here\n{"key": "ctrl+j", "command": "c"},]', {"expected": {"key": "ctrl+j", "command": "c"}}),
        wrong(b'[{"key": "ctrl+k"}]', {"expected": {"key": "ctrl+j"}}, words="expected the shortcut"),
        malformed(b"{}", {"expected": {}}, words="expected a list of shortcuts"),
        right(b'// Place\n[{"key": "k"}]', {"expected": {"key": "k"}}, published=True),
        malformed(b'// Place\n[\n// x\n{"key": "k"}]', {"expected": {"key": "k"}}, words="not JSON", published=True),
        fault(b"[]", {"expected": "k"}, words="cannot be 'k'"),
    ],
    "check_csv": [
        right(b"url,user\nimap://x,ada\n", {"expect": [{"user": "ada"}], "unexpect": [{"user": "bob"}]}),
        wrong(b"url,user\nimap://x,ada\n", {"expect": [{"user": "bob"}]}, words="no row has"),
        wrong(b"url,user\nimap://x,ada\n", {"unexpect": [{"user": "ada"}]}, words="no row should have"),
        malformed(b"", {"unexpect": [{"user": "ada"}]}, words="it is empty"),
        right(b"", {"unexpect": [{"user": "ada"}]}, published=True),
        fault(b"a\n1\n", {"expect": ["a"]}, words="must be mappings"),
    ],
    "run_sqlite3": [
        right(database(), {"sql": "SELECT count(*) FROM t"}),
        wrong(database(), {"sql": "SELECT n FROM t WHERE n > 1"}, words="finds nothing"),
        wrong(database(), {"sql": "SELECT n - 1 FROM t"}, words="finds 0"),
        malformed(b"no", {"sql": "SELECT 1"}, words="it is not a readable"),
        fault(database(), {}, words="has no 'sql'"),
    ],
    "check_accessibility_tree": [
        right(TREE, [{"xpath": LABEL}]),
        right(TREE, [{"xpath": LABEL, "text": "Ada L."}, {"xpath": "count(//label) = 1"}]),
        wrong(TREE, [{"xpath": LABEL, "text": "Ada"}], words="0% as expected"),
        wrong(TREE, [{"xpath": LABEL, "text": "Ada", "exact": False}], score=2 / 3, words="67%"),
        wrong(TREE, [{"xpath": "//button"}], words="there is nothing in the tree"),
        malformed("<a", [{"xpath": "//a"}], words="not usable XML"),
        malformed(None, [{"xpath": "//a"}], words="expected a tree"),
        fault(TREE, [{"xpath": "//["}], words="finds nothing in any tree"),
        fault(TREE, [{}], words="has no 'selectors'"),
        fault(TREE, {}, words="a list of rules"),
        fault(TREE, [{"xpath": "//a"}], words="not from 'beos'", osname="beos"),
    ],
    "check_gnome_favorite_apps": [
        right("['a.desktop', 'b.desktop']\n", {"expected": ["b.desktop", "a.desktop"]}),
        wrong("@as []", {"expected": ["a.desktop"]}, words="found []"),
        wrong("['a', 'b']", {"expected": ["a", "a"]}, words="expected ['a', 'a']"),
        wrong("['a', 'a', 'b']", {"expected": ["a", "b", "b"]}, words="expected"),
        right("['a', 'a', 'b']", {"expected": ["a", "b", "b"]}, published=True),
        malformed("__import__('os')", {"expected": []}, words="expected a list of texts"),
        fault("[]", {"expected": "a"}, words="cannot be 'a'"),
    ],
    "check_moved_jpgs": [
        right(FOLDER, {"expected": ["b.jpg", "a.jpg"]}),
        wrong(FOLDER, {"expected": ["a.jpg"]}, words="expected ['a.jpg']"),
        malformed({}, {"expected": ["a.jpg"]}, words="expected a list"),
        wrong({"children": [{"name": "a"}, {"name": "a"}, {"name": "b"}]}, {"expected": ["a", "b", "b"]}, words="expected"),
        right({"children": [{"name": "a"}, {"name": "a"}, {"name": "b"}]}, {"expected": ["a", "b", "b"]}, published=True),
        fault(FOLDER, None, words="expected a rule"),
    ],
    "is_in_vm_clickboard": [
        right({"expected": "x"}, "a x b"),
        right({"expected": ["x", "y"]}, "a x y"),
        right("a x b", {"expected": "x"}),
        wrong({"expected": ["x", "y"]}, "a x", words="expected 'y' in the clipboard"),
        malformed(None, {"expected": "x"}, words="expected text"),
        malformed(None, "x", words="no rule about the clipboard"),
        malformed({"expected": "x"}, None, words="expected text"),
        fault({"expected": "x"}, 3, words="expects a rule or"),
        fault("x", {"expected": 3}, words="cannot be 3"),
    ],
    "is_utc_0": [
        right(ZONE),
        right("Time zone: Atlantic/Faroe (WET, +0000)"),
        wrong("Time zone: Europe/Berlin (CET, +0100)", words="found +0100"),
        malformed("command not found", words="not what timedatectl prints"),
        right(ZONE, published=True),
        wrong("Time zone: UTC (UTC, +0000)", words="found", published=True),
    ],
    "check_text_enlarged": [
        right("1.25\n"),
        wrong("1.0", words="larger than by 1"),
        malformed("large", words="expected a factor"),
    ],
    "compare_time_in_speedtest_results": [
        right(SPEED, "60", now="00:05"),
        wrong(SPEED, 60, now="00:05", published=True, words="1433 minutes apart"),
        wrong(SPEED, 60, now="12:00", words="expected a result of the last 60 minutes"),
        malformed(b"id,time\n", 60, now="12:00", words="no result of a speed test"),
        fault(SPEED, "soon", words="a number of minutes"),
        fault(SPEED, 60, now="noon", words="`now` is a time of day"),
    ],
    "check_python_file_by_test_suite": [
        right([b"def feed(n): return n + 1\n"], SUITE, file_names=["snake.py"]),
        right(
            [b"def feed(n): return n + 1\n"],
            b"from snake import *\ndef all(): return 7",
            file_names=["snake.py"],
            test_function_name="all",
        ),
        wrong([b"def feed(n): return n\n"], SUITE, words="AssertionError", file_names=["snake.py"]),
        wrong([b"import pigs\n"], SUITE, words="No module named 'pigs'", file_names=["snake.py"]),
        wrong([b"", None], b"import food\ndef test(): pass", words="No module named 'food'", file_names=["snake.py", "food.py"]),
        wrong([b""], b"def test(): return 0.25", words="returned 0.25", score=0.25, file_names=["snake.py"]),
        wrong([b""], b"def test(): return float('nan')", words="returned nan", file_names=["snake.py"]),
        malformed([None], SUITE, words="none of the program's files", file_names=["snake.py"]),
        fault([b""], b"def test(:", words="the task's test file cannot be used", file_names=["snake.py"]),
        fault([b""], b"import pigs", words="needs the module pigs", file_names=["snake.py"]),
        fault([b""], SUITE, words="a name for each of the 1 files"),
        fault([b""], SUITE, words="without folders", file_names=["../snake.py"]),
    ],
    "check_file_exists": [
        right(archive({"a.txt": "", "b/c.txt": ""}), "b/c.txt"),
        wrong(archive({"a.txt": ""}), "c.txt", words="expected a file 'c.txt'"),
        malformed(b"no", "a.txt", words="archive"),
        fault(archive({"a.txt": ""}), None, words="the name of a file"),
    ],
}
# Equality takes any value for what it is, and of some functions there is no right case.
EXCEPT = {"exact_match", "compare_answer", "check_python_file_by_gold_file"}


@pytest.mark.parametrize(("name", "case"), parameters(CASES))
def test_a_metric(name: str, case: Case) -> None:
    case.check(name)


# Where the rule comes first, it is no evidence.
@pytest.mark.parametrize("name", sorted(CASES.keys() - {"is_in_vm_clickboard"}))
def test_any_evidence_scores_or_is_unusable(name: str) -> None:
    try_any_evidence(CASES, name)


def test_a_grading_scores_what_is_right(tmp_path: Path) -> None:
    judge_in_a_grading(CASES, "osworld", tmp_path)


def test_every_name_has_cases_of_each_kind(capsys: pytest.CaptureFixture[str]) -> None:
    print_counts(CASES, capsys)
    assert set(lacking(CASES, *MODULES)) <= EXCEPT


@pytest.mark.parametrize("published", [False, True])
def test_a_program_of_the_agent_runs_away_from_this_machine(published: bool, tmp_path: Path) -> None:
    trap = tmp_path / "ran"
    program = f"open({str(trap)!r}, 'w')".encode()
    suite = b"def test():\n    import program\n"
    wrong([program], suite, words="No such file", file_names=["program.py"], published=published).check(
        "check_python_file_by_test_suite"
    )
    fault([program], b"", words="never been written", published=published).check("check_python_file_by_gold_file")
    assert not trap.exists()


def test_files_from_disk_keep_their_names_for_the_test(tmp_path: Path) -> None:
    (tmp_path / "snake.py").write_text("def length(): return 3\n")
    (tmp_path / "suite.py").write_text("import snake\ndef grown(): return snake.length() / 4\n")
    paths = [tmp_path / "snake.py"]
    assert score("check_python_file_by_test_suite", paths, tmp_path / "suite.py", test_function_name="grown") == 0.75


def test_css_selectors_need_a_library_that_is_named() -> None:
    rule = {"selectors": ["tool-bar[attr|id=Head] label[name=To]"]}
    case = right(TREE, [rule]) if find_spec("cssselect") else fault(TREE, [rule], words="install cssselect")
    case.check("check_accessibility_tree")


def test_entities_of_a_tree_are_not_put_in() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    wrong(bomb, [{"xpath": "/a", "text": "bbbbbbbb"}], words="0% as expected").check("check_accessibility_tree")


def test_yaml_that_refers_to_itself_ends() -> None:
    rule = {"expect": [{"key": [0], "method": "eq", "ref": [[]]}]}
    wrong(b"&a [*a]", rule, words="expected eq", is_yaml=True).check("check_json")


def test_a_deep_json_is_unusable() -> None:
    malformed(json.dumps("x").encode() + b"[" * 100_000, {}, words="not JSON").check("check_json")
