"""The applications of a fake desktop, and the layouts that it can start with.

``fake-notes [PATH]``   a small text editor (``xdg-open PATH`` is the same)
``fake-browser [PATH]`` a browser that shows a page with a field, a button and a check box; its title tells what was sought
``fake-buttons SEED``   four coloured buttons without captions, at places drawn from the seed; it fills a 160x120 screen
                        and remembers the first button that was pressed: it writes the file ``~/pressed/COLOUR``
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from osarena_guest.desktop import GuestProblem
from osarena_guest.fake_desktop import Colour, FakeDesktop, FakeWindow, Widget

HOME = "/home/user"
LAYOUTS = ("empty", "notes")
APPLICATIONS = ("fake-notes", "fake-browser", "fake-buttons", "xdg-open")
COLOURS: Mapping[str, Colour] = {"red": (204, 51, 51), "green": (46, 139, 66), "blue": (51, 85, 204), "yellow": (221, 187, 34)}
# Columns and rows of the places where "fake-buttons" may put a button, and the size of a place in pixels.
GRID, PLACE = (4, 3), 40
PRESSED = f"{HOME}/pressed.txt"


def make_layout(name: str, size: tuple[int, int]) -> FakeDesktop:
    """A fresh desktop: "empty", or "notes" with the editor open.

    Raises:
        GuestProblem: there is no such layout.
    """
    if name not in LAYOUTS:
        raise GuestProblem("bad_request", f"there is no fake layout {name!r}; known are {', '.join(LAYOUTS)}")
    desktop = FakeDesktop(size)
    if name == "notes":
        open_notes(desktop)
    return desktop


def start(desktop: FakeDesktop, argv: Sequence[str]) -> None:
    """Open an application's window; paths in `argv` are absolute.

    Raises:
        GuestProblem: there is no such application.
    """
    match list(argv):
        case ["fake-notes"]:
            open_notes(desktop)
        case ["fake-notes" | "xdg-open", path]:
            open_notes(desktop, path)
        case ["fake-browser"] | ["fake-browser", _]:
            open_browser(desktop)
        case ["fake-buttons", seed]:
            open_buttons(desktop, int(seed))
        case _:
            raise GuestProblem("bad_request", f"there is no program {argv[0]!r}")


def open_notes(desktop: FakeDesktop, path: str = "") -> FakeWindow:
    """Open the text editor on a file, which need not exist yet. `path` is absolute, or empty for a new text."""
    name = path.rpartition("/")[2]
    text = desktop.files.get(path, b"").decode("utf-8", "replace")
    offset = 20 * len(desktop.windows)
    widgets = [
        Widget("text", "Text", (10, 64, 460, 200), text=text, caret=len(text)),
        Widget("label", "File name:", (10, 34, 80, 22)),
        Widget("entry", "File name", (90, 34, 200, 22), text=name, caret=len(name)),
        Widget("push button", "Save", (300, 34, 80, 22), on_click=_save),
        Widget("push button", "Clear", (390, 34, 80, 22), on_click=_ask_to_clear),
        Widget("check box", "Final newline", (10, 270, 160, 20)),
    ]
    title = f"{name or 'Untitled'} - Notes"
    return desktop.open(FakeWindow(title, "fake-notes", (40 + offset, 60 + offset, 480, 300), widgets, on_save=_save))


def _save(desktop: FakeDesktop, window: FakeWindow) -> None:
    name = window.widget("File name").text
    if not name:
        _tell(desktop, "Give the file a name.")
        return
    text = window.widget("Text").text
    if window.widget("Final newline").is_checked and not text.endswith("\n"):
        text += "\n"
    desktop.files[f"{HOME}/Desktop/{name}"] = text.encode()
    window.title = f"{name} - Notes"


def _ask_to_clear(desktop: FakeDesktop, window: FakeWindow) -> None:
    def clear(desktop: FakeDesktop, dialog: FakeWindow) -> None:
        text = window.widget("Text")
        text.text, text.caret = "", 0
        desktop.close(dialog)

    _tell(desktop, "Discard the text?", Widget("push button", "Discard", (20, 70, 90, 24), on_click=clear))


def _tell(desktop: FakeDesktop, message: str, *buttons: Widget) -> None:
    def close(desktop: FakeDesktop, dialog: FakeWindow) -> None:
        desktop.close(dialog)

    x, y = (desktop.size[0] - 260) // 2, (desktop.size[1] - 110) // 2
    widgets = [
        Widget("label", message, (20, 34, 220, 22)),
        *buttons,
        Widget("push button", "Cancel" if buttons else "Close", (150, 70, 90, 24), on_click=close),
    ]
    desktop.open(FakeWindow("Question" if buttons else "Message", "fake-notes", (x, y, 260, 110), widgets))


def open_browser(desktop: FakeDesktop) -> FakeWindow:
    """Open the browser on the page of a shop."""
    url = "http://shop.example/"
    widgets = [
        Widget("entry", "Address", (10, 30, 400, 22), text=url, caret=len(url)),
        Widget("entry", "Search", (20, 80, 200, 22)),
        Widget("push button", "Go", (230, 80, 60, 22), on_click=_seek),
        Widget("check box", "In stock", (20, 112, 120, 20)),
    ]
    window = FakeWindow("Shop - Browser", "fake-browser", (40, 60, 480, 300), widgets, page=(0, 60, 480, 240), url=url)
    return desktop.open(window)


def _seek(_desktop: FakeDesktop, window: FakeWindow) -> None:
    stock = " in stock" if window.widget("In stock").is_checked else ""
    window.title = f"{window.widget('Search').text}{stock} - Browser"


def open_buttons(desktop: FakeDesktop, seed: int) -> FakeWindow:
    """Open the window with the coloured buttons in the top left corner; the same seed puts them at the same places."""
    columns, rows = GRID
    places = random.Random(seed).sample(range(columns * rows), len(COLOURS))
    widgets = [
        Widget(
            "push button",
            name,
            (place % columns * PLACE, place // columns * PLACE, PLACE, PLACE),
            colour=colour,
            on_click=_remember(name),
        )
        for place, (name, colour) in zip(places, COLOURS.items(), strict=True)
    ]
    box = (0, 0, columns * PLACE, rows * PLACE)
    return desktop.open(FakeWindow("Buttons", "fake-buttons", box, widgets, has_title_bar=False))


def _remember(name: str) -> Callable[[FakeDesktop, FakeWindow], None]:
    def press(desktop: FakeDesktop, _window: FakeWindow) -> None:
        if not any(path.startswith(f"{HOME}/pressed/") for path in desktop.files):
            desktop.files[f"{HOME}/pressed/{name}"] = name.encode()

    return press
