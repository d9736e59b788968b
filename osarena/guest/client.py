"""`Guest`: one desktop's guest agent, over HTTP on a unix socket or loopback. Deadlines always, a token always."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from osarena.errors import GuestError
from osarena.guest.looks import Looks, settle_to_json, window_from_json
from osarena.guest.wire import Wire, make_transport
from osarena.types.actions import Action, Drag, Shell, TypeText, Wait, to_json
from osarena.types.observation import Observe, RawObservation, Settle, Window

_MARGIN_S = 25.0  # within the connection's own deadline, so that the guest says which of the two was late
_SECONDS_PER_CHARACTER = 0.02


@dataclass(frozen=True, slots=True)
class GuestAddress:
    """Where a guest listens and how to prove that one may talk to it. It can be pickled and sent to a worker.

    `share` is a host folder that the desktop sees as `/run/osarena` (raw frames, relay sockets), or `None`.
    """

    kind: Literal["unix", "tcp", "fake"]
    target: str  # socket path, "host:port", or the name of a fake desktop
    token: str
    share: Path | None = None


@dataclass(frozen=True, slots=True)
class Completed:
    """What a program in the desktop did. `exit_code` is `None` where it was stopped at its deadline."""

    exit_code: int | None
    stdout: bytes
    stderr: bytes


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What became of one action; `output` is what a `Shell` action printed (both streams), `None` for others."""

    ok: bool
    ms: float
    detail: str = ""
    output: str | None = None


@dataclass(frozen=True, slots=True)
class ActionReport:
    """What became of the actions of one `perform`, in order; it ends at the first that failed."""

    results: tuple[ActionResult, ...]

    @property
    def problem(self) -> str:
        """Why the last action failed, or an empty string."""
        return "" if not self.results or self.results[-1].ok else self.results[-1].detail


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One entry of a folder listing; `path` is relative to the folder, `mtime` in seconds since 1970."""

    path: str
    kind: Literal["file", "folder", "link", "other"]
    size: int
    mtime: float
    mode: int


class Guest:
    """One desktop. Not for use from several threads at once: one worker drives one desktop."""

    def __init__(self, wire: Wire, *, share: Path | None = None) -> None:
        self._wire = wire
        self._looks = Looks(share)
        self.share = share  # the host folder that the desktop sees as /run/osarena, or None

    # --- seeing and acting

    def observe(self, want: Observe = Observe()) -> RawObservation:
        """One look, in one round trip. Unchanged parts come from the last look; pixels cannot be written to."""
        spends_s = want.settle.deadline_s if want.settle else 0.0
        spends_s += (want.tree_s if want.tree else 0.0) + (want.dom_s if want.dom else 0.0)
        return self._looks.understand(
            self._wire.send("POST", "/v1/observe", body=self._looks.request(want), spends_s=spends_s, attempts=2)
        )

    def perform(self, actions: Sequence[Action], *, settle: Settle | None = None) -> ActionReport:
        """Carry out the actions in order, at most once, then wait until the desktop is still.

        Raises:
            GuestError: the guest does not answer, refuses one of the actions (then none was carried out), or has lost
                its desktop. An action that merely could not be done is told of in the report.
        """
        spends_s = sum(map(_spends_s, actions)) + (settle.deadline_s if settle else 0.0)
        body = {
            "key": uuid4().hex,
            "actions": [to_json(action) for action in actions],
            "settle": settle_to_json(settle),
            "timeout_s": spends_s + _MARGIN_S,
        }
        # The same key both times: where the first request did arrive, the second is given its answer.
        answer = self._wire.ask("POST", "/v1/perform", body=body, spends_s=spends_s, attempts=2)
        return ActionReport(tuple(ActionResult(**result) for result in answer["results"]))

    # --- programs and files

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout_s: float = 30.0,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
    ) -> Completed:
        """Run a program to its end as the desktop's user."""
        body = {
            "argv": list(argv),
            "timeout_s": timeout_s,
            "stdin": b64encode(stdin).decode(),
            "env": dict(env or {}),
            "cwd": cwd,
        }
        answer = self._wire.ask("POST", "/v1/run", body=body, spends_s=timeout_s)
        return Completed(answer["exit_code"], b64decode(answer["stdout"]), b64decode(answer["stderr"]))

    def launch(self, argv: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: str | None = None) -> int:
        """Start a program that stays, and return its process id."""
        body = {"argv": list(argv), "env": dict(env or {}), "cwd": cwd, "detach": True}
        return int(self._wire.ask("POST", "/v1/run", body=body)["pid"])

    def read(self, path: str) -> bytes:
        """A regular file's bytes.

        Raises:
            NoSuchFile: nothing there, or not a regular file.
            FileTooLarge: it has more than 256 MiB.
        """
        return self._wire.send("GET", "/v1/files", params={"path": path})

    def write(self, path: str, data: bytes, *, mode: int = 0o644) -> None:
        """Write a file, making its parent folders."""
        self._wire.send("PUT", "/v1/files", params={"path": path, "mode": f"{mode:o}"}, content=data)

    def remove(self, path: str) -> None:
        """Remove a file or a whole folder.

        Raises:
            NoSuchFile: nothing there.
        """
        self._wire.send("DELETE", "/v1/files", params={"path": path})

    def make_folder(self, path: str) -> None:
        """Make a folder and its parents; it may exist already."""
        self._wire.send("POST", "/v1/files/folder", body={"path": path})

    def list_files(self, path: str) -> tuple[FileEntry, ...]:
        """Everything below a folder, sorted by path; links are not followed.

        Raises:
            NoSuchFile: no such folder.
            GuestError: there is too much in it to be listed.
        """
        answer = self._wire.ask("GET", "/v1/files/list", params={"path": path})
        if answer["truncated"]:
            raise GuestError(f"{path} holds more than {len(answer['entries'])} entries")
        return tuple(
            FileEntry(entry["path"], entry["kind"], entry["size"], entry["mtime"], entry["mode"]) for entry in answer["entries"]
        )

    # --- windows

    def windows(self) -> tuple[Window, ...]:
        """The top-level windows, bottom of the stack first."""
        return tuple(window_from_json(record) for record in self._wire.ask("GET", "/v1/windows")["windows"])

    def activate_window(self, window: int) -> None:
        """Bring a window to the front and give it the focus."""
        self._wire.send("POST", "/v1/windows/activate", body={"id": window})

    def close_window(self, window: int) -> None:
        """Ask a window to close, as its close button does."""
        self._wire.send("POST", "/v1/windows/close", body={"id": window})

    def wait_for_window(self, *, title: str | None = None, app: str | None = None, timeout_s: float = 30.0) -> Window:
        """The topmost window whose title and class contain these (ignoring case), once there is one.

        Raises:
            GuestError: none came up in time.
        """
        return window_from_json(self._wait_for_window(title, app, timeout_s, gone=False)["window"])

    def wait_for_no_window(self, *, title: str | None = None, app: str | None = None, timeout_s: float = 30.0) -> None:
        """Return once no such window is left.

        Raises:
            GuestError: one was still there at the end.
        """
        self._wait_for_window(title, app, timeout_s, gone=True)

    def _wait_for_window(self, title: str | None, app: str | None, timeout_s: float, *, gone: bool) -> dict[str, Any]:
        body = {"title": title, "app": app, "gone": gone, "timeout_s": timeout_s}
        return self._wire.ask("POST", "/v1/windows/wait", body=body, spends_s=timeout_s)

    # --- the desktop as a whole

    def relay(self, host: str, port: int, target: str) -> None:
        """Make connections to `host:port` inside the desktop go to `target` ("unix:/run/osarena/x" or "tcp:host:port")."""
        self._wire.send("POST", "/v1/relay", body={"host": host, "port": port, "target": target})

    def stop_session(self) -> None:
        """Stop every process of the desktop but the guest, so that its files hold still. There is no way back but `restore`."""
        self._wire.send("POST", "/v1/session/stop", body={}, spends_s=_MARGIN_S)

    def start_recording(self, *, fps: int = 10) -> None:
        """Start filming the screen."""
        self._wire.send("POST", "/v1/record/start", body={"fps": fps})

    def stop_recording(self) -> bytes:
        """Stop filming and return the mp4."""
        return self._wire.send("POST", "/v1/record/stop", body={}, spends_s=_MARGIN_S)

    def health(self, *, wait_s: float = 0.0) -> dict[str, Any]:
        """The guest's word on the desktop (see `protocol`), once it is ready or has a problem, at most after `wait_s`."""
        return self._wire.ask("GET", "/v1/health", params={"wait_s": f"{wait_s:g}"}, spends_s=wait_s)

    def close(self) -> None:
        """Close the connection. May be called twice."""
        self._wire.close()


def connect(address: GuestAddress, *, timeout_s: float = 30.0) -> Guest:
    """Connect to the guest at an address; the first request is what finds out whether it answers.

    Args:
        timeout_s: how long the guest may take for what should take no time; what waits or runs has its own time on top.
    """
    wire = Wire(make_transport(address), token=address.token, timeout_s=timeout_s)
    return Guest(wire, share=address.share if address.kind == "unix" else None)


def _spends_s(action: Action) -> float:
    """Seconds that an action may take by its own word."""
    match action:
        case Wait(seconds=seconds) | Drag(duration_s=seconds) | Shell(timeout_s=seconds):
            return seconds
        case TypeText(text=text):
            return len(text) * _SECONDS_PER_CHARACTER
        case _:
            return 0.0
