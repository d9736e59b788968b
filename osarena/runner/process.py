"""One worker process, seen from the runner: started from a server that has the imports done already, heard, killed."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import time
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from osarena.runner import forks, wire
from osarena.runner.forks import STARTING, context
from osarena.runner.plan import AgentSpec

logger = logging.getLogger(__name__)

# How long a worker may take to write down where it stands before it is killed.
_LAST_WORDS_S = 0.3


class SilentError(Exception):
    """The worker has said nothing until the deadline."""


class GoneError(Exception):
    """The worker process has ended by itself; the text says how.

    `is_its_own` is false where it did nothing to that end: somebody has killed it (the kernel does when memory runs out), or
    nobody has seen how it ended, because the server that it was forked from, with which it dies, has ended too.
    """

    def __init__(self, exit_code: int | None, *, is_seen: bool) -> None:
        killer = signal.Signals(-exit_code) if is_seen and exit_code is not None and exit_code < 0 else None
        self.is_its_own = is_seen and killer is not signal.SIGKILL
        how = f"was killed by {killer.name}" if killer else f"ended with exit code {exit_code}"
        super().__init__(f"the worker process {how if is_seen else 'ended with the server of workers'}")


class AbortedError(Exception):
    """The run is being stopped at once."""


class WorkerProcess:
    """A worker that was told to make its agent. It dies with this process, whatever kills that."""

    def __init__(self, agent: AgentSpec, log: Path) -> None:
        ours, theirs = multiprocessing.Pipe()
        arguments: dict[str, Any] = dict(agent.arguments)
        self._connection: Connection = ours
        self._process = context().Process(target=_work, args=(theirs, agent.name, arguments, str(log)), daemon=True)
        with STARTING:
            self._process.start()
            self._server = forks.server()
        theirs.close()

    @property
    def pid(self) -> int:
        """The process id, which is the id of its process group too."""
        assert self._process.pid is not None
        return self._process.pid

    def send(self, order: wire.Order) -> None:
        """Give it a job. Raises GoneError."""
        try:
            wire.send(self._connection, order.to_json())
        except OSError as error:
            raise self._gone() from error

    def receive(self, deadline: float, abort: Connection) -> dict[str, Any]:
        """Its next message.

        Args:
            deadline: on the clock of `time.monotonic()`.
            abort: becomes readable when the run is stopped at once.

        Raises:
            SilentError: nothing came until the deadline. GoneError: the process has ended. AbortedError: `abort` became readable.
        """
        ready = wait([self._connection, abort], max(deadline - time.monotonic(), 0))
        if abort in ready:
            raise AbortedError
        if not ready:
            raise SilentError
        try:
            return wire.receive(self._connection)
        except (EOFError, OSError) as error:
            raise self._gone() from error

    def kill(self, *, last_words: bool = False) -> None:
        """End it and what it has started; with `last_words`, its log tells where each of its threads stood."""
        if last_words and self._process.is_alive():
            self._signal(signal.SIGUSR1)
            self._process.join(_LAST_WORDS_S)
        self._signal(signal.SIGKILL)
        self._process.join()
        self._connection.close()

    def _signal(self, number: signal.Signals) -> None:
        try:
            if number is signal.SIGKILL:
                os.killpg(self.pid, number)
            else:
                os.kill(self.pid, number)
        except ProcessLookupError:
            # It has not come to make its own group yet, or has ended; `kill` does nothing for one that has ended.
            self._process.kill()

    def _gone(self) -> GoneError:
        self._process.join(5)
        return GoneError(self._process.exitcode, is_seen=forks.is_serving(self._server))


def _work(connection: Connection, agent: str, arguments: dict[str, Any], log: str) -> None:
    from osarena.runner.worker import work  # which the runner itself has no need of

    work(connection, agent, arguments, log)
