"""Real applications on a real desktop, for tests of what goes in and comes out."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from osarena.guest.client import Guest
from osarena.guest.wait import wait_until
from osarena.providers import local
from osarena.types.observation import Observe, Settle, Window

STILL = Settle(still_s=0.12, deadline_s=5.0)

_LOCAL_STATE = Path(local.__file__).parent / "home/.config/chromium/Local State"
# The page tells in its title what is in its text area and how far it is scrolled.
_PAGE = """<meta charset="utf-8"><title>empty</title>
<textarea id="text" autofocus rows="8" cols="60" oninput="tell()"></textarea>
<button onclick="clicks.push([event.ctrlKey, event.shiftKey, event.detail]); tell()">press me</button>
<div style="width: 4000px; height: 4000px"></div>
<script>
clicks = [];
function tell() { document.title = [scrollX, scrollY, JSON.stringify(clicks), text.value].join("|"); }
addEventListener("scroll", tell); addEventListener("load", tell);
</script>"""


@contextmanager
def mousepad(guest: Guest, home: Path, name: str = "note.txt", text: str = "") -> Iterator[Window]:
    """The text editor with a file open."""
    guest.write(f"~/{name}", text.encode())
    with _running(guest, ["mousepad", "--disable-server", str(home / name)], app="mousepad", title=name) as window:
        yield window


@contextmanager
def chromium_page(guest: Guest, home: Path) -> Iterator[Window]:
    """The browser with a page that has the focus in an empty text area; see `page_state`."""
    guest.write("~/page.html", _PAGE.encode())
    # Else the name of a tab tells how much memory its page takes, and no event tells when that changes.
    guest.write("~/.chromium/Local State", _LOCAL_STATE.read_bytes())
    argv = ["chromium", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync", "--force-renderer-accessibility"]
    argv += ["--disable-background-networking", f"--user-data-dir={home}/.chromium", (home / "page.html").as_uri()]
    with _running(guest, argv, app="chromium", title="0|0|") as window:
        yield window


def page_state(guest: Guest) -> tuple[int, int, str, str]:
    """What the page of `chromium_page` tells: pixels scrolled right and down, clicks, text."""
    (window,) = (window for window in guest.windows() if window.app.lower() == "chromium")
    # The browser puts marks of direction around a title with right-to-left letters in it.
    title = re.sub("[\u200e\u200f\u202a-\u202e]", "", window.title)
    x, y, clicks, text = title.removesuffix(" - Chromium").split("|", 3)
    return int(x), int(y), clicks, text


@contextmanager
def _running(guest: Guest, argv: list[str], *, app: str, title: str) -> Iterator[Window]:
    pid = guest.launch(argv)
    window = guest.wait_for_window(app=app, title=title)
    try:
        guest.observe(Observe(screenshot=False, tree=False, settle=STILL))
        yield window
    finally:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        wait_until(lambda: window.id not in {other.id for other in guest.windows()}, timeout_s=10, what=f"{app} to be gone")
