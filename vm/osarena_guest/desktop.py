"""What the routes need of a desktop: one protocol per concern, and the bundle that `create_app` is given.

Each of `screen/`, `inputs/`, `a11y/`, `windows/` and `clipboard/` holds one implementation per platform (`x11`, later
`windows`) and a deterministic `fake`, `dom/` one per browser and a `fake`. All methods may be called from several threads of
the server; backends lock where they must.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


class GuestProblem(Exception):
    """Something the host must be told; `kind` is one of `protocol.ERROR_TYPES`."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


BAND = 32  # rows of a frame that are hashed together


@dataclass(frozen=True, slots=True)
class Frame:
    """One capture of the whole screen.

    `pixels` is BGRX, 4 bytes a pixel, rows top to bottom, without padding. `hash` changes exactly when a pixel does.
    `bands` are the hashes of every `BAND` rows, top to bottom; empty where a screen does not keep them.
    """

    width: int
    height: int
    pixels: bytes | memoryview
    hash: str
    bands: tuple[bytes, ...] = ()


Rectangle = tuple[int, int, int, int]  # x, y, width, height in screen pixels


class Screen(Protocol):
    """What is shown."""

    size: tuple[int, int]

    def grab(self) -> Frame:
        """The screen as it is now; the same `Frame` object as last time where nothing was drawn since."""

    def changed_at(self) -> float:
        """`time.monotonic()` of the last change of a pixel that the server told of."""

    def damage_since(self, mark: int) -> tuple[int, Sequence[Rectangle]]:
        """A new mark, and the rectangles that were drawn on since `mark` (0: everything)."""


# A row of protocol.TREE_COLUMNS.
Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class TreeReading:
    """The accessibility tree at one moment.

    `version` changes exactly when a row or `truncated` does; `rows` is the same object as last time while it is the same.
    """

    version: str
    rows: Sequence[Row]
    truncated: bool = False


class Accessibility(Protocol):
    """What assistive technology sees."""

    def read(self, *, nodes: int, seconds: float) -> TreeReading:
        """The showing elements and visible non-empty cells of every application, within both budgets."""

    def focused(self) -> Row | None:
        """The element with the keyboard focus, as a row with parent -1."""

    def terminal_text(self) -> str | None:
        """What the focused (else the topmost) terminal shows, or `None` where no terminal is open."""

    def changed_at(self) -> float:
        """`time.monotonic()` of the last event that an application sent."""


class Inputs(Protocol):
    """Keyboard and pointer. Keys are names as in `protocol`; coordinates are screen pixels."""

    def move(self, x: int, y: int) -> None:
        """Put the pointer there."""

    def button(self, name: str, *, down: bool) -> None:
        """Press or release a button where the pointer is."""

    def click(self, name: str, *, count: int = 1) -> None:
        """Click where the pointer is, so often that it belongs together (twice: a double click), however busy the desktop is."""

    def scroll(self, dx: int, dy: int) -> None:
        """Turn the wheel by notches where the pointer is."""

    def key(self, name: str, *, down: bool) -> None:
        """Press or release a key."""

    def type_text(self, text: str) -> None:
        """Type any Unicode text."""

    def pointer(self) -> tuple[int, int]:
        """Where the pointer is."""

    def release_all(self) -> None:
        """Release every key and button that is still held."""

    def drain(self, *, timeout_s: float) -> bool:
        """Wait until the application in front has taken in what was pressed; whether it did within that time."""


class Windows(Protocol):
    """Top-level windows, as `{"id", "title", "app", "box": [x, y, w, h], "stacking", "focused", "minimized"}`."""

    def list(self) -> list[dict[str, Any]]:
        """The windows, bottom of the stack first; panels and the desktop itself are not windows."""

    def activate(self, window: int) -> None:
        """Bring it to the front and focus it. Raises GuestProblem where it is gone."""

    def close(self, window: int) -> None:
        """Ask it to close. Raises GuestProblem where it is gone."""

    def front_process(self) -> int | None:
        """The process of the window in front, or `None` where there is none or it does not say."""


class Clipboard(Protocol):
    """What was last copied."""

    def text(self) -> str | None:
        """The text, or `None` where there is none."""


@dataclass(frozen=True, slots=True)
class DomReading:
    """The pages that can be seen at one moment, as records of the protocol. `truncated` says that some of it may be missing."""

    pages: Sequence[dict[str, Any]]
    truncated: bool = False


class Dom(Protocol):
    """What web browsers know of the pages that they show."""

    def read(self, *, elements: int, seconds: float) -> DomReading:
        """The pages, bottom of the stack first, each with at most so many elements, within that time."""


class Programs(Protocol):
    """Processes and files of the desktop's user."""

    def run(
        self, argv: Sequence[str], *, timeout_s: float, stdin: bytes, env: dict[str, str], cwd: str | None
    ) -> tuple[int | None, bytes, bytes]:
        """Run to the end: exit code (None: stopped at its deadline), standard output, standard error."""

    def launch(self, argv: Sequence[str], *, env: dict[str, str], cwd: str | None) -> int:
        """Start and leave running; the process id."""

    def read(self, path: str) -> bytes:
        """A regular file. Raises GuestProblem("no_such_file") or ("too_large")."""

    def write(self, path: str, data: bytes, *, mode: int) -> None:
        """Write a file, making its folders."""

    def remove(self, path: str) -> None:
        """Remove a file or a folder with all in it. Raises GuestProblem("no_such_file")."""

    def make_folder(self, path: str) -> None:
        """Make a folder and its parents."""

    def list_files(self, path: str) -> list[dict[str, Any]]:
        """All entries below a folder, sorted (see the protocol). Raises GuestProblem("no_such_file")."""

    def stop_all(self) -> None:
        """Stop every process of the desktop but the guest."""


class Session(Protocol):
    """The desktop's own processes: X server, buses, window manager, panel."""

    def problem(self) -> str | None:
        """Which of them has died, in words, or `None` while all are well."""

    def processes(self) -> dict[str, int]:
        """Name and process id of each."""

    def is_ready(self) -> bool:
        """Whether the panel is there and the window manager answers."""


class Recorder(Protocol):
    """Films the screen, one film at a time."""

    def start(self, *, fps: int) -> None:
        """Start filming. Raises GuestProblem("bad_request") where a film is being made already."""

    def stop(self) -> bytes:
        """Stop filming; the mp4. Raises GuestProblem("bad_request") where no film is being made."""


class Relays(Protocol):
    """Host names inside the desktop whose ports lead out of it."""

    def add(self, host: str, port: int, target: str) -> None:
        """Make connections to `host:port` inside the desktop go to `target` ("unix:/path" or "tcp:host:port")."""


@dataclass(slots=True)
class Desktop:
    """Everything `create_app` needs, injected."""

    platform: str
    screen: Screen
    inputs: Inputs
    tree: Accessibility
    windows: Windows
    clipboard: Clipboard
    dom: Dom
    programs: Programs
    session: Session
    recorder: Recorder | None = None  # None: this desktop cannot be filmed
    relays: Relays | None = None  # None: this desktop cannot relay
    share: str | None = None  # folder shared with the host, for raw frames and relay sockets
    extras: dict[str, Any] = field(default_factory=dict)
