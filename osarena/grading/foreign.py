"""Programs that an agent has written, run where they can do no harm: a sandbox without network, this machine's files, or us.

It sees Python with the libraries that are installed beside osarena, and a folder in memory with the files that it is given.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osarena.errors import CheckerError
from osarena.grading import foreign_main
from osarena.grading.scratch import writing

_INSTALL = "install it (Debian: apt-get install bubblewrap)"
_FOLDER_BYTES = 64 << 20
_MAX_ANSWER_BYTES = 1 << 20
_ENVIRONMENT = {
    "HOME": "/program",
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
    # A game opens a window and plays sounds that are nowhere.
    "SDL_VIDEODRIVER": "dummy",
    "SDL_AUDIODRIVER": "dummy",
}


@dataclass(frozen=True, slots=True)
class Returned:
    """What a function returned: `None`, a truth value, a number; or, of anything else, whether it counts as true."""

    value: bool | int | float | None


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a function returned nothing.

    `stage` is "compile", "import", "find", "call" or "end"; `missing` the name of a module that was not found; `is_own` tells
    whether the module called raised the error itself, and none of the others.
    """

    stage: str
    words: str
    missing: str = ""
    is_own: bool = False


def call_python(files: Mapping[str, bytes], module: str, function: str, *, timeout_s: float = 40.0) -> Returned | Failed:
    """Call a function without arguments, of a module among some files, which may import the others.

    Whoever wrote the files can make up the answer, but reaches nothing with it.

    Args:
        files: their bytes by name, in one folder.
        module: the name of one of them, with ".py".

    Raises:
        CheckerError: a sandbox cannot be made here.
    """
    request = {"files": {name: b64encode(data).decode() for name, data in files.items()}, "module": module, "function": function}
    try:
        with writing():
            done = subprocess.run(
                [*_sandbox(), sys.executable, "-I", "-B", "-c", Path(foreign_main.__file__).read_text()],
                input=json.dumps(request).encode(),
                capture_output=True,
                timeout=timeout_s,
                check=False,
            )
    except subprocess.TimeoutExpired:
        return Failed("end", f"it had not ended after {timeout_s:g} s")
    except OSError as error:
        raise CheckerError(f"bwrap cannot be started: {error}") from error
    if done.stderr.startswith(b"bwrap: "):
        raise CheckerError(f"a sandbox cannot be made here: {done.stderr.decode('utf-8', 'replace').strip():.300}")
    return _answer(done.stdout, done.returncode)


def _answer(output: bytes, exit_code: int) -> Returned | Failed:
    try:
        answer: Any = json.loads(output) if len(output) <= _MAX_ANSWER_BYTES else None
    except (ValueError, RecursionError):
        answer = None
    match answer:
        case {"returned": None | bool() | int() | float() as value}:
            return Returned(value)
        case {
            "stage": "compile" | "import" | "find" | "call" as stage,
            "words": str(words),
            "missing": str(missing),
            "is_own": bool(is_own),
        }:
            return Failed(stage, words[:300], missing[:100], is_own)
    return Failed("end", f"it ended without an answer (exit code {exit_code})")


def _sandbox() -> list[str]:
    """bwrap and its options."""
    program = shutil.which("bwrap")
    if program is None:
        raise CheckerError(f"a program of the agent's is run in a sandbox, which needs bubblewrap: {_INSTALL}")
    options = [*_identity(), "--die-with-parent", "--new-session", "--clearenv"]
    for name, value in _ENVIRONMENT.items():
        options += ["--setenv", name, value]
    options += ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev"]
    for link in ("bin", "lib", "lib32", "lib64", "sbin"):
        options += ["--symlink", f"usr/{link}", f"/{link}"]
    for folder in ("/tmp", "/program"):
        options += ["--size", str(_FOLDER_BYTES), "--perms", "1777", "--tmpfs", folder]
    for folder in _folders_of_python():
        options += ["--ro-bind", folder, folder]
    return [program, *options, "--remount-ro", "/", "--chdir", "/program", "--"]


def _identity() -> list[str]:
    """Apart from everything, as nobody. A limit on processes does not hold for root, not even for one that is called nobody in a
    user namespace of its own, so there the program itself changes to nobody."""
    if os.geteuid() != 0:
        return ["--unshare-all", "--uid", str(foreign_main.NOBODY), "--gid", str(foreign_main.NOBODY)]
    apart = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    return [*apart, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]


def _folders_of_python() -> Iterator[str]:
    """What is needed of Python and its libraries, where it is not below /usr: a virtual environment, a build of one's own."""
    own = Path(sys.executable).parent.parent
    for folder in dict.fromkeys((str(own), sys.base_prefix)):
        if folder not in ("/usr", "/"):
            yield folder
