"""Which pages a browser lists, and the way to it from the host."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from osarena.errors import GuestError
from osarena.guest.client import Completed, Guest
from osarena.guest.devtools import list_pages, remote_debugging
from tests.support.answers import answering


class Answering(Guest):
    """A guest whose every program prints this."""

    def __init__(self, exit_code: int | None, stdout: bytes) -> None:
        self._answer = Completed(exit_code, stdout, b"")
        self.share = None

    def run(self, argv: Any, **_rest: Any) -> Completed:
        return self._answer


def test_pages_are_some_of_the_targets() -> None:
    targets = b'[{"type": "page", "url": "http://a.example/"}, {"type": "service_worker", "url": "http://a.example/w.js"}, 3]'
    assert list_pages(Answering(0, targets)) == [{"type": "page", "url": "http://a.example/"}]


@pytest.mark.parametrize(("exit_code", "said"), [(1, b""), (None, b""), (0, b"<html>")])
def test_a_browser_that_does_not_answer_lists_nothing(exit_code: int | None, said: bytes) -> None:
    assert list_pages(Answering(exit_code, said)) is None


class Sharing(Guest):
    """A guest that starts programs here, with its share at another place."""

    def __init__(self, share: Path) -> None:
        self.share = share
        self.started: list[subprocess.Popen[bytes]] = []

    def launch(self, argv: Sequence[str], **_rest: Any) -> int:
        words = [word.replace("/run/osarena", str(self.share)) for word in argv]
        self.started.append(subprocess.Popen([sys.executable, *words[1:]]))
        return self.started[-1].pid


def browser() -> AbstractContextManager[int]:
    return answering(lambda path: json.dumps({"path": path}).encode())


def ask(url: str, headers: dict[str, str]) -> Any:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=20)
    connection.request("GET", "/json/version", headers=headers)
    return json.load(connection.getresponse())


def test_the_way_in_takes_a_token_and_ends_with_the_context(tmp_path: Path) -> None:
    guest = Sharing(tmp_path)
    with browser() as port, remote_debugging(guest, port=port) as endpoint:
        for _ in range(2):
            assert ask(endpoint.url, endpoint.headers) == {"path": "/json/version"}
        for headers in ({}, {"X-Osarena-Token": "guess"}):
            with pytest.raises((http.client.HTTPException, OSError)):
                ask(endpoint.url, headers)
    assert guest.started[0].wait(20) == 0
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OSError, match="refused"):
        ask(endpoint.url, endpoint.headers)


def test_the_way_in_is_closed_when_its_time_is_up(tmp_path: Path) -> None:
    guest = Sharing(tmp_path)
    with browser() as port, remote_debugging(guest, port=port, timeout_s=0.2):
        assert guest.started[0].wait(20) == 0


def test_a_link_that_the_desktop_puts_in_the_place_of_its_socket_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.sock"
    share = tmp_path / "share"
    share.mkdir()

    class Cheating(Sharing):
        def launch(self, argv: Sequence[str], **_rest: Any) -> int:
            (share / Path(argv[-2]).name).symlink_to(elsewhere)
            return 1

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(elsewhere))
        listener.listen()
        with pytest.raises(GuestError, match="is no socket"), remote_debugging(Cheating(share)):
            pass
    assert os.listdir(share) == []


def test_a_desktop_that_shares_no_folder_has_no_way_in() -> None:
    with pytest.raises(GuestError, match="this one has none"), remote_debugging(Answering(0, b"")):
        pass
