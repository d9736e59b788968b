"""`osarena task fetch`: the files of tasks from the web, all or some, and what cannot be had."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner

from osarena.cli.main import app
from osarena.errors import UsageError
from osarena.tasks import downloads
from tests.support.content import demo_record, write_task


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("OSARENA_DOWNLOADS", str(tmp_path / "cache"))
    (tmp_path / "web").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "web" / name).write_text(name * 1000)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "web")))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def task(folder: Path, name: str, *urls: str) -> None:
    values = {f"file_{number}": {"download": url} for number, url in enumerate(urls)}
    record = demo_record(
        id=f"notes/{name}", values=values, instruction="Do it.", setup=[], check={"infeasible": "…"}, counterexamples=[]
    )
    write_task(folder, {key: value for key, value in record.items() if key != "solution"}, f"mine/notes/{name}.json")


def fetched(*arguments: str, code: int = 0) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["task", "fetch", *arguments, "--json"])
    assert result.exit_code == code, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_files_are_fetched_once(web: str, tmp_path: Path) -> None:
    task(tmp_path, "one", f"{web}/a.txt", f"{web}/b.txt")
    task(tmp_path, "two", f"{web}/a.txt")
    suite = str(tmp_path / "mine")
    assert fetched(suite) == {"files": 2, "fetched": 2, "bytes": 10_000, "failed": []}
    assert downloads.read(f"{web}/b.txt") == b"b.txt" * 1000
    assert fetched(suite)["fetched"] == 0
    told = CliRunner().invoke(app, ["task", "fetch", suite]).stdout
    assert told == "2 of 2 files are in the cache (0.0 MB)\n"


def test_files_of_some_tasks_alone(web: str, tmp_path: Path) -> None:
    task(tmp_path, "one", f"{web}/b.txt")
    task(tmp_path, "two", f"{web}/a.txt")
    assert fetched(str(tmp_path / "mine"), "--task", "notes/two")["files"] == 1
    assert downloads.record_of(f"{web}/b.txt") is None
    with pytest.raises(UsageError):
        raise CliRunner().invoke(app, ["task", "fetch", str(tmp_path / "mine"), "--task", "x/*"]).exception or AssertionError


def test_what_cannot_be_had_hides_nothing_else(web: str, tmp_path: Path) -> None:
    task(tmp_path, "one", f"{web}/missing.txt", f"{web}/a.txt", "http://127.0.0.1:9/x")
    found = fetched(str(tmp_path / "mine"), code=1)
    assert (found["files"], found["fetched"]) == (3, 1)
    assert {failure["file"] for failure in found["failed"]} == {f"{web}/missing.txt", "http://127.0.0.1:9/x"}
    told = CliRunner().invoke(app, ["task", "fetch", str(tmp_path / "mine")])
    assert "missing.txt: the server answers 404" in told.stdout
    assert "1 of 3 files are in the cache" in told.stdout
    seen = json.loads(CliRunner().invoke(app, ["task", "check", str(tmp_path / "mine"), "--json"]).stdout)["seen"]
    assert [(one["runs"], one["files"], one["files_missing"]) for one in seen] == [("once fetched", 3, 2)]
