"""Routes that run programs: `/execute`, `/setup/launch`, `/run_python`, `/run_bash_script`.

They run as the desktop's user inside its sandbox; programs over pyautogui become typed actions.
"""

from __future__ import annotations

import secrets
import shlex
import time
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, Response, jsonify

from osarena.guest.client import Completed, Guest
from osarena.guest.wait import wait_until
from osarena.web.osworld.desktop import BridgedDesktop, expanded
from osarena.web.osworld.fields import Refused, flag, json_body, seconds, text
from osarena.web.osworld.hands import perform, pyautogui_program
from osarena.web.osworld.shims import ENVIRONMENT

_COMMAND_S, _PYTHON_S, _SCRIPT_S, _VERIFICATION_S = 120.0, 30.0, 100.0, 5.0
_MARGIN_S = 60.0


def add_commands(app: Flask, desktop: BridgedDesktop) -> None:
    """Add the routes of this group."""

    @app.post("/execute")
    @app.post("/setup/execute")
    def execute() -> Response:
        return jsonify({"status": "success"} | _executed(desktop, _argv(json_body())))

    @app.post("/execute_with_verification")
    @app.post("/setup/execute_with_verification")
    def execute_with_verification() -> Response:
        body = json_body()
        answer = _executed(desktop, _argv(body))
        verification = body.get("verification") or {}
        if not isinstance(verification, dict):
            raise Refused(400, "verification must be an object")
        if not verification:
            return jsonify({"status": "success"} | answer)
        limit_s, interval_s = seconds(body, "max_wait_time", 10), seconds(body, "check_interval", 1)
        waited_s = _verified_within(desktop, verification, limit_s, interval_s)
        if waited_s is None:
            more = answer | {"status": "verification_failed", "verification": "failed", "wait_time": limit_s}
            raise Refused(500, "the command did not bring about what it should", **more)
        return jsonify({"status": "success"} | answer | {"verification": "passed", "wait_time": waited_s})

    @app.post("/setup/launch")
    def launch() -> Response:
        body = json_body()
        argv = _argv(body)
        with desktop.guest() as guest:
            guest.launch(argv, env=ENVIRONMENT)
        named = body["command"] if isinstance(body["command"], str) else " ".join(argv)
        return Response(f"{named} launched successfully", mimetype="text/plain")

    @app.post("/run_python")
    def run_python() -> Response:
        return jsonify(_python(desktop, text(json_body(), "code")))

    @app.post("/run_bash_script")
    def run_bash_script() -> Response:
        return jsonify(_bash(desktop, json_body()))


# --- a command ---------------------------------------------------------------------------------------------------------


def _argv(body: Mapping[str, Any]) -> list[str]:
    """The program and its arguments that a request names, with `command` as a list or a text, and `shell`."""
    command = body.get("command")
    is_list = isinstance(command, list) and all(isinstance(word, str) and "\0" not in word for word in command)
    if not command or not (is_list or (isinstance(command, str) and "\0" not in command)):
        raise Refused(400, "command is required, as a text or a list of texts")
    if flag(body, "shell"):
        return ["/bin/sh", "-c", *([command] if isinstance(command, str) else command)]
    try:
        words = shlex.split(command) if isinstance(command, str) else command
    except ValueError as error:
        raise Refused(400, f"the command cannot be split into words: {error}") from error
    if not words:
        raise Refused(400, "command is empty")
    return [expanded(word) if word.startswith("~/") else word for word in words]


def _executed(desktop: BridgedDesktop, argv: list[str]) -> dict[str, Any]:
    """Output, error and return code of a command."""
    program = pyautogui_program(argv)
    refusal = ""
    if program is not None:
        performed = perform(desktop, program)
        if performed.is_translated:
            return {"output": "", "error": performed.problem, "returncode": int(bool(performed.problem))}
        refusal = performed.problem
    with desktop.guest() as guest:
        done = guest.run(argv, timeout_s=_COMMAND_S, env=ENVIRONMENT)
    if done.exit_code is None:
        raise Refused(500, f"the command was stopped after {_COMMAND_S:g} seconds")
    errors = _decoded(done.stderr)
    if refusal and done.exit_code != 0:
        errors += f"\nosarena ran this as a program, since it cannot be translated into actions: {refusal}\n"
    return {"output": _decoded(done.stdout), "error": errors, "returncode": done.exit_code}


def _verified_within(desktop: BridgedDesktop, verification: Mapping[str, Any], limit_s: float, interval_s: float) -> float | None:
    """Seconds until all that is to be verified held, `None` where it did not in time."""
    start = time.monotonic()
    with desktop.guest() as guest:
        holds = wait_until(
            lambda: _holds(guest, verification) or (time.monotonic() - start >= limit_s and "too late"),
            timeout_s=limit_s + _MARGIN_S,
            what="the verification of a command",
            interval_s=interval_s,
        )
    return time.monotonic() - start if holds is True else None


def _holds(guest: Guest, verification: Mapping[str, Any]) -> bool:
    title, command = verification.get("window_exists"), verification.get("command_success")
    if title is not None and not any(str(title).lower() in window.title.lower() for window in guest.windows()):
        return False
    if command is None:
        return True
    return guest.run(["/bin/sh", "-c", str(command)], timeout_s=_VERIFICATION_S, env=ENVIRONMENT).exit_code == 0


# --- programs in the body of a request ------------------------------------------------------------------------------------


def _python(desktop: BridgedDesktop, code: str) -> dict[str, Any]:
    if "pyautogui" in code and (performed := perform(desktop, code)).is_translated:
        return _python_answer("", performed.problem, int(bool(performed.problem)))
    with desktop.guest() as guest:
        done = _run_file(guest, ["python3"], code, ".py", timeout_s=_PYTHON_S)
    if done.exit_code is None:
        unfinished = {"error": "TimeoutExpired", "need_more": False, "output": None}
        raise Refused(500, "Execution timeout: Code took too long to execute", **unfinished)
    errors = _decoded(done.stderr) or (f"Process exited with code {done.exit_code}" if done.exit_code else "")
    return _python_answer(_decoded(done.stdout), errors, done.exit_code)


def _python_answer(output: str, errors: str, code: int) -> dict[str, Any]:
    return {
        "status": "error" if code else "success",
        "message": "\n".join(filter(None, (output, errors))),
        "need_more": False,
        "output": output,
        "error": errors,
        "return_code": code,
    }


def _bash(desktop: BridgedDesktop, body: Mapping[str, Any]) -> dict[str, Any]:
    """What a script printed, both streams in one."""
    if not isinstance(body.get("script"), str) or not body["script"]:
        raise _unscripted(400, "Script not supplied!")
    timeout_s = seconds(body, "timeout", _SCRIPT_S)
    folder = expanded(text(body, "working_dir")) if body.get("working_dir") else None
    with desktop.guest() as guest:
        if folder is not None and guest.run(["test", "-d", folder]).exit_code != 0:
            raise _unscripted(400, f"Working directory does not exist: {folder}")
        both = ["/bin/bash", "-c", 'exec /bin/bash "$0" 2>&1']
        done = _run_file(guest, both, body["script"], ".sh", timeout_s=timeout_s, cwd=folder)
    if done.exit_code is None:
        raise _unscripted(500, f"Script execution timed out after {timeout_s:g} seconds")
    status = "error" if done.exit_code else "success"
    return {"status": status, "output": _decoded(done.stdout), "error": "", "returncode": done.exit_code}


def _unscripted(status: int, words: str) -> Refused:
    return Refused(status, words, output=words, error="", returncode=-1)


def _run_file(
    guest: Guest, argv: Sequence[str], program: str, ending: str, *, timeout_s: float, cwd: str | None = None
) -> Completed:
    """Run a program from a file that is there while it runs."""
    path = f"/tmp/osworld-{secrets.token_hex(8)}{ending}"
    guest.write(path, program.encode("utf-8", "surrogatepass"), mode=0o700)
    try:
        return guest.run([*argv, path], timeout_s=timeout_s, env=ENVIRONMENT, cwd=cwd)
    finally:
        guest.run(["rm", "-f", path])


def _decoded(output: bytes) -> str:
    return output.decode(errors="replace")
