"""What OSWorld's getters fetch from the desktop beside its browser and its other programs: files, output, facts of the screen.

What a probe finds may be what a check compares *with*, though it depends on the agent. So where these find nothing they mostly
say that, as a missing member of an archive or as JSON's null, and leave it to the metric to score 0.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import PurePosixPath

from osarena.errors import CheckerError, EvidenceMissing, NoSuchFile
from osarena.grading.model import live_probe, probe
from osarena.guest.client import Guest
from osarena_evaluators.probes._parts import as_json, packed, read_if_there
from osarena_evaluators.probes.command import output_of_ours
from osarena_evaluators.readers.archives import open_archive
from osarena_evaluators.readers.osworld_slides import linked_files

_COMMAND_TIMEOUT_S = 120.0
_PICTURE = re.compile(r"^/backdrop/screen0/monitor(\S*)/workspace0/last-image\s+(\S.*?)\s*$", re.MULTILINE)
_MAX_SHORTCUT_BYTES = 1 << 20
# The types that OSWorld asks for, without those that it names twice.
_VIDEOS = (
    "3gp 3gpp 3gpp2 avi divx dv fli flv mp2t mp4 mp4v-es mpeg mpeg-system msvideo ogg quicktime vnd.divx vnd.mpegurl"
    " vnd.rn-realvideo webm x-anim x-avi x-flc x-fli x-flv x-m4v x-matroska x-mpeg x-mpeg-system x-mpeg2 x-ms-asf"
    " x-ms-asf-plugin x-ms-asx x-ms-wm x-ms-wmv x-ms-wmx x-ms-wvx x-msvideo x-nsv x-ogm+ogg x-theora x-theora+ogg"
).split()
# On OSWorld's desktops Python goes by this name, too.
_WITH_PYTHON = 'command -v python >/dev/null || python() { python3 "$@"; }\n'
_ASK_FOR_PLAYERS = 'for kind in "$@"; do xdg-mime query default "video/$kind"; done; true'


@probe
def files(guest: Guest, paths: Sequence[str]) -> bytes:
    """Some files as a zip archive with a member for each that is there, named by its number from 0."""
    return packed({str(number): data for number, path in enumerate(paths) if (data := read_if_there(guest, path)) is not None})


@probe
def dated_file(guest: Guest, path: str, date_format: str = "%Y_%m_%d") -> bytes:
    """A file with today's date, by the desktop's clock, before the ending of its name: "report2026_05_03.csv".

    Raises:
        NoSuchFile: there is no such file.
    """
    today = output_of_ours(guest, ("date", f"+{date_format}")).decode("utf-8", "replace").strip()
    place = PurePosixPath(path)
    return guest.read(str(place.with_name(f"{place.stem}{today}{place.suffix}")) if place.suffix else path)


@live_probe
def command(guest: Guest, command: str | Sequence[str], shell: bool = False) -> bytes:
    """What a program did, as JSON: `exit_code` (null after 120 s), `stdout`, `stderr`; or null where there is no such program.

    A text is split into words as a shell does, or with `shell` handed to one. It runs in the home folder.
    """
    try:
        done = guest.run(_argv(command, shell), timeout_s=_COMMAND_TIMEOUT_S, cwd="~")
    except NoSuchFile:
        return b"null"
    stdout, stderr = (stream.decode("utf-8", "replace") for stream in (done.stdout, done.stderr))
    return as_json({"exit_code": done.exit_code, "stdout": stdout, "stderr": stderr})


@live_probe
def clock(guest: Guest) -> bytes:
    """The desktop's time with its distance from UTC: "2026-05-03T14:05:00+0200"."""
    return output_of_ours(guest, ("date", "+%Y-%m-%dT%H:%M:%S%z"))


@live_probe
def screen_size(guest: Guest) -> bytes:
    """`width` and `height` of the screen in pixels, as JSON."""
    width, height = guest.health()["screen"]
    return as_json({"width": width, "height": height})


@live_probe
def window_size(guest: Guest, app: str) -> bytes:
    """`width` and `height` of the topmost window of a class, ignoring case, as JSON; null where there is none."""
    sizes = [{"width": one.box.width, "height": one.box.height} for one in guest.windows() if one.app.lower() == app.lower()]
    return as_json(sizes[-1] if sizes else None)


@live_probe
def wallpaper(guest: Guest) -> bytes:
    """The picture behind the icons of XFCE's desktop.

    Raises:
        EvidenceMissing: none is set.
        NoSuchFile: the one that is set is not there.
    """
    listed = output_of_ours(guest, ("xfconf-query", "--channel", "xfce4-desktop", "--list", "--verbose"))
    pictures = _PICTURE.findall(listed.decode("utf-8", "replace"))
    if not pictures:
        raise EvidenceMissing("no picture is set as the desktop's background")
    # XFCE also has pictures for monitors that it has never seen, which it calls by their numbers alone: "monitor0".
    return guest.read(next((path for monitor, path in pictures if not monitor.isdecimal()), pictures[0][1]))


@live_probe
def video_players(guest: Guest) -> bytes:
    """The programs that open the known types of films, one a line: "vlc.desktop"."""
    done = guest.run(("sh", "-c", _ASK_FOR_PLAYERS, "sh", *_VIDEOS), timeout_s=60.0)
    if done.exit_code is None:
        raise CheckerError("xdg-mime did not end within 60 s")
    return done.stdout


@probe
def desktop_shortcuts(guest: Guest) -> bytes:
    """The texts of the shortcuts that lie on the desktop, by their names, as JSON."""
    try:
        entries = guest.list_files("~/Desktop")
    except NoSuchFile:
        return b"{}"
    names = [entry.path for entry in entries if entry.path.endswith(".desktop") and "/" not in entry.path]
    found = {name: read_if_there(guest, f"~/Desktop/{name}") for name in names}
    return as_json(
        {name: data.decode("utf-8", "replace") for name, data in found.items() if data and len(data) <= _MAX_SHORTCUT_BYTES}
    )


@probe
def presentation(guest: Guest, path: str, slide: int) -> bytes:
    """A zip archive of a presentation, the member "main", and of the files that one of its slides refers to, by their paths.

    Raises:
        NoSuchFile: there is no such presentation.
    """
    main = guest.read(path)
    try:
        linked = linked_files(open_archive(main), slide)
    except EvidenceMissing:  # the reader will say so
        linked = []
    found = {place: read_if_there(guest, place) for place in linked}
    return packed({"main": main} | {place: data for place, data in found.items() if data is not None})


@probe
def google_drive_file(guest: Guest) -> bytes:
    """A file of a Google Drive, for which there is no account: raises CheckerError."""
    raise CheckerError("this check needs a Google account with its Drive, which is not supported")


def _argv(command: str | Sequence[str], shell: bool) -> list[str]:
    """The words of a command as OSWorld's desktops take them: of a list for a shell, the first is its line."""
    if shell:
        line, *more = [command] if isinstance(command, str) else command
        return ["sh", "-c", _WITH_PYTHON + line, *more]
    words = shlex.split(command) if isinstance(command, str) else list(command)
    return ["sh", "-c", _WITH_PYTHON + 'python "$@"', *words] if words[:1] == ["python"] else words
