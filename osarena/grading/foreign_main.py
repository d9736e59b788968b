"""What runs in the sandbox of `foreign`, as it stands: it knows nothing of osarena.

It reads one JSON request from standard input: {"files": {name: base64}, "module": name, "function": name}, and writes one answer:
{"returned": value} or {"stage": where it failed, "words": why, "missing": the module that was not found, "is_own": whether the
module called raised it itself, and none of the others}.
"""

import base64
import importlib
import json
import os
import resource
import sys
import traceback
from typing import Any

NOBODY = 65534
_FOLDER = "/program"
_MAX_PROCESSES = 64
_MAX_FILE_BYTES = 16 << 20


def main() -> None:
    """Answer the request."""
    request = json.load(sys.stdin)
    answers = _take_standard_streams()
    _be_nobody()
    for limit, most in ((resource.RLIMIT_NPROC, _MAX_PROCESSES), (resource.RLIMIT_FSIZE, _MAX_FILE_BYTES)):
        resource.setrlimit(limit, (most, most))
    for name, data in request["files"].items():
        with open(os.path.join(_FOLDER, name), "wb") as file:
            file.write(base64.b64decode(data))
    answer = _call(os.path.join(_FOLDER, request["module"]), request["function"])
    os.write(answers, json.dumps(answer).encode())
    os._exit(0)  # threads that the program has left behind are not waited for


def _be_nobody() -> None:
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)


def _take_standard_streams() -> int:
    """Where the answer goes; what the program prints goes nowhere."""
    answers = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    return answers


def _call(path: str, function: str) -> dict[str, Any]:
    stage = "compile"
    try:
        with open(path, "rb") as file:
            compile(file.read(), path, "exec")
        stage = "import"
        sys.path.insert(0, _FOLDER)
        module = importlib.import_module(os.path.basename(path).removesuffix(".py"))
        stage = "find"
        found = getattr(module, function)
        stage = "call"
        value = found()
        return {"returned": value if value is None or isinstance(value, (bool, int, float)) else bool(value)}
    except BaseException as error:  # noqa: BLE001  whatever the program does, sys.exit included, is an answer
        words = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        missing = (error.name or "") if isinstance(error, ModuleNotFoundError) else ""
        frames = traceback.extract_tb(error.__traceback__)
        return {"stage": stage, "words": words[:300], "missing": missing, "is_own": bool(frames) and frames[-1].filename == path}


if __name__ == "__main__":
    main()
