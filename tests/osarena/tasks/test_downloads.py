"""Files from the web: fetched once, gone on with where they broke off, and what they were when they are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from osarena.errors import StoreError, TaskError
from osarena.tasks import downloads
from osarena.tasks.model import Task
from osarena.tasks.values import draw_values
from tests.support.content import demo_record

DATA = bytes(range(256)) * 1000


@dataclass
class Web:
    """A server with one file, which may break off."""

    url: str
    data: bytes = DATA
    etag: str = '"one"'
    breaks_after: int | None = None
    asked: list[str | None] = field(default_factory=list)


@pytest.fixture
def web() -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            served.asked.append(wanted)
            if self.path != "/file":
                self.send_error(404)
                return
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.headers["If-Range"] == served.etag else 0
            self.send_response(206 if start else 200)
            self.send_header("ETag", served.etag)
            self.send_header("Content-Length", str(len(served.data) - start))
            self.end_headers()
            rest = served.data[start:]
            self.wfile.write(rest if served.breaks_after is None else rest[: served.breaks_after])

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Web(f"http://127.0.0.1:{server.server_port}/file")
    Thread(target=server.serve_forever, daemon=True).start()
    yield served
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OSARENA_DOWNLOADS", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


def test_a_file_is_fetched_once_and_told_of_on_the_way(web: Web, client: httpx.Client) -> None:
    told: list[tuple[int, int | None]] = []
    record = downloads.fetch(web.url, client, lambda done, total: told.append((done, total)))
    assert record.size == len(DATA)
    assert told[-1] == (len(DATA), len(DATA))
    assert downloads.read(web.url) == DATA
    assert downloads.fetch(web.url, client) == record
    assert web.asked == [None]


def test_a_file_that_breaks_off_is_gone_on_with(web: Web, client: httpx.Client) -> None:
    web.breaks_after = 100_000
    assert downloads.fetch(web.url, client).size == len(DATA)
    assert web.asked == [None, "bytes=100000-", "bytes=200000-"]
    assert downloads.read(web.url) == DATA


def test_what_is_there_of_a_file_is_kept_for_the_next_command(web: Web, client: httpx.Client) -> None:
    web.breaks_after = 10_000
    with pytest.raises(TaskError, match="file"):
        downloads.fetch(web.url, client)
    web.breaks_after = None
    downloads.fetch(web.url, client)
    assert web.asked[-1] == "bytes=30000-"
    assert downloads.read(web.url) == DATA


def test_of_a_file_that_has_changed_meanwhile_nothing_old_is_kept(web: Web, client: httpx.Client) -> None:
    web.breaks_after = 10_000
    with pytest.raises(TaskError):
        downloads.fetch(web.url, client)
    web.data, web.etag, web.breaks_after = DATA[::-1], '"two"', None
    downloads.fetch(web.url, client)
    assert downloads.read(web.url) == DATA[::-1]


def test_a_file_that_is_lost_must_come_back_as_it_was(web: Web, client: httpx.Client, cache: Path) -> None:
    downloads.fetch(web.url, client)
    (data,) = cache.glob("*/data")
    data.unlink()
    with pytest.raises(TaskError, match="osarena task fetch"):
        downloads.read(web.url)
    web.data = b"another"
    with pytest.raises(TaskError, match="not what it was when it was first fetched"):
        downloads.fetch(web.url, client)
    web.data = DATA
    downloads.fetch(web.url, client)
    assert downloads.read(web.url) == DATA


def test_a_file_that_was_changed_in_the_cache_is_refused(web: Web, cache: Path) -> None:
    downloads.keep(web.url, DATA)
    (data,) = cache.glob("*/data")
    data.write_bytes(b"changed")
    with pytest.raises(TaskError, match="was changed in the cache"):
        downloads.read(web.url)


@pytest.mark.parametrize(
    ("url", "words"),
    [("/missing", "answers 404"), ("http://127.0.0.1:9/x", "refused"), ("nonsense", "protocol"), ("ftp://a/b", "protocol")],
)
def test_what_cannot_be_fetched_is_an_error_that_names_it(web: Web, client: httpx.Client, url: str, words: str) -> None:
    url = web.url.replace("/file", url) if url.startswith("/") else url
    with pytest.raises(TaskError, match=words) as caught:
        downloads.fetch(url, client)
    assert url in str(caught.value)


def test_a_cache_that_cannot_be_written_is_an_error(web: Web, client: httpx.Client, cache: Path) -> None:
    cache.write_text("in the way")
    with pytest.raises(StoreError, match="cannot keep"):
        downloads.fetch(web.url, client)


def test_a_task_has_the_file_as_a_value(web: Web) -> None:
    values = {"book": {"download": web.url}, "other": 1, "again": {"download": web.url}}
    task = Task.model_validate(
        demo_record(values=values, instruction="Do it.", setup=[], check={"infeasible": "…"}, counterexamples=[])
    )
    assert downloads.urls_of(task) == [web.url]
    with pytest.raises(TaskError, match=r"\$\.values\.book: http.*has not been fetched; `osarena task fetch SUITE`"):
        draw_values(task, 0)
    assert draw_values(downloads.without_files(task), 0) == {"book": "", "other": 1, "again": ""}
    downloads.keep(web.url, DATA)
    assert draw_values(task, 0)["again"] == DATA
