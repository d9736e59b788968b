"""Programs of an agent in their sandbox: what they return, and what they cannot reach. It is a real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from osarena.errors import CheckerError
from osarena.grading.foreign import Failed, Returned, call_python

TEST = b"import game\n\ndef test():\n    return game.play()\n"


def play(program: str, test: bytes = TEST, *, timeout_s: float = 40) -> Returned | Failed:
    return call_python({"game.py": program.encode(), "suite.py": test}, "suite.py", "test", timeout_s=timeout_s)


def failure(program: str, test: bytes = TEST, *, timeout_s: float = 40) -> Failed:
    came = play(program, test, timeout_s=timeout_s)
    assert isinstance(came, Failed)
    return came


@pytest.mark.parametrize(
    ("value", "returned"), [("True", True), ("0", 0), ("0.5", 0.5), ("None", None), ("[]", False), ("'yes'", True)]
)
def test_a_value_comes_back(value: str, returned: object) -> None:
    assert play(f"def play(): return {value}") == Returned(returned)


@pytest.mark.parametrize(
    ("program", "test", "stage", "words"),
    [
        ("", b"def test(:", "compile", "SyntaxError"),
        ("", b"x = 1", "find", "has no attribute 'test'"),
        ("def play(:", TEST, "import", "SyntaxError"),
        ("import nonsuch", TEST, "import", "No module named 'nonsuch'"),
        ("def play(): raise ValueError('lost')", TEST, "call", "ValueError: lost"),
        ("import sys\ndef play(): sys.exit()", TEST, "call", "SystemExit"),
        ("import os\ndef play(): os._exit(3)", TEST, "end", "exit code 3"),
        ("import os\ndef play(): os.kill(os.getpid(), 11)", TEST, "end", "without an answer"),
    ],
)
def test_why_there_is_no_value(program: str, test: bytes, stage: str, words: str) -> None:
    came = failure(program, test)
    assert came.stage == stage
    assert words in came.words


def test_a_module_that_is_missing_is_named_with_who_wanted_it() -> None:
    theirs, own = failure("import nonsuch"), failure("", b"import nonsuch")
    assert (theirs.missing, theirs.is_own) == ("nonsuch", False)
    assert (own.missing, own.is_own) == ("nonsuch", True)


def test_what_it_prints_is_no_answer() -> None:
    assert play("import os\ndef play():\n    print('{\"returned\": true}', flush=True)\n    return False") == Returned(False)


def test_one_that_never_ends_is_stopped() -> None:
    assert failure("def play():\n    while True: pass", timeout_s=2).words == "it had not ended after 2 s"


def test_it_cannot_start_more_than_some_processes() -> None:
    program = """
import os, time
def play():
    for count in range(300):
        try:
            child = os.fork()
        except BlockingIOError:
            return count
        if not child:
            time.sleep(60)
            os._exit(0)
    return count
"""
    came = play(program)
    assert isinstance(came, Returned)
    assert came.value is not None
    assert 10 < came.value < 64


def test_it_sees_neither_this_machines_files_nor_its_processes(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("token")
    program = f"""
import os
def play():
    seen = [path for path in ({str(tmp_path)!r}, "/etc/passwd", "/root", "/home", "/run", "/var", {str(Path(__file__))!r})
            if os.path.exists(path)]
    processes = [name for name in os.listdir("/proc") if name.isdigit()]
    assert not seen and len(processes) < 5, (seen, processes)
    assert "PATH" in os.environ and not any("TOKEN" in name for name in os.environ)
    return os.getuid() == 65534
"""
    assert play(program) == Returned(True)


def test_it_reaches_no_network() -> None:
    program = "import socket\ndef play():\n    return [name for _, name in socket.if_nameindex()] != ['lo']"
    assert play(program) == Returned(False)


def test_it_writes_in_its_own_folder_alone_and_not_much() -> None:
    assert play("def play():\n    open('saved.txt', 'w').write('9')\n    return open('saved.txt').read() == '9'") == Returned(
        True
    )
    assert "Read-only" in failure("def play(): open('/usr/x', 'w')").words
    assert "too large" in failure("def play(): open('x', 'wb').write(bytes(17 << 20))").words


def test_without_bubblewrap_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CheckerError, match="apt-get install bubblewrap"):
        play("")


def test_a_sandbox_that_cannot_be_made_is_no_fault_of_the_agent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    with pytest.raises(CheckerError, match="No permissions to create"):
        play("")
