"""The server that worker processes are forked from: it has imported what they need, so that a new worker costs little.

Imports next to nothing itself, so that the server can be started first of all and imports beside the runner.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
import threading
from functools import cache
from multiprocessing import forkserver, util
from multiprocessing.context import ForkServerContext
from pathlib import Path

# `multiprocessing` keeps tables that are not made for several threads: hold this while a process is started.
STARTING = threading.Lock()
_LAST = -1000  # after `multiprocessing` has removed its own
_PRELOADED = ["__main__", "osarena.runner.forks", "osarena.runner.worker", "osarena.players.oracle"]
_FOLDER = "OSARENA_WORKERS_FOLDER"  # in the environment of the server: where its socket lies


def context() -> ForkServerContext:
    """What makes processes by way of the server."""
    return multiprocessing.get_context("forkserver")


def prepare() -> None:
    """Start the server. May be called twice."""
    context().set_forkserver_preload(_PRELOADED)
    with STARTING:
        folder = _make_folder()
        os.environ[_FOLDER] = folder
        try:
            forkserver.ensure_running()
        finally:
            del os.environ[_FOLDER]


def server() -> int:
    """The number of the server's process, once a worker was started."""
    number: int = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    return number


def is_serving(number: int) -> bool:
    """Whether the server of this number runs. One that has ended stays in the table of processes until the next is started."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@cache
def _make_folder() -> str:
    """Where `multiprocessing` keeps its sockets from now on: goes with this process or, where that is killed, with the server."""
    folder = tempfile.mkdtemp(prefix="osarena-")
    _remove_at_exit(folder)
    before, tempfile.tempdir = tempfile.tempdir, folder
    try:
        util.get_temp_dir()  # is made in it, and remembered
    finally:
        tempfile.tempdir = before
    return folder


def _remove_at_exit(folder: str) -> None:
    util.Finalize(None, shutil.rmtree, [folder, True], exitpriority=_LAST)


# In the server, which lives a moment longer than the runner. What is forked from it runs no exit handlers.
if _FOLDER in os.environ:
    _remove_at_exit(os.environ[_FOLDER])
