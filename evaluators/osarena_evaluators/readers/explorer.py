"""What WindowsAgentArena's getters tell of the File Explorer: folders, libraries, archives, tags, and how a folder is shown.

How a folder is shown is read from the accessibility tree, and was not verified on a live Windows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import PureWindowsPath
from typing import Any

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers._trees import Node, children, name_of, nodes_in, walk
from osarena_evaluators.readers.archives import parse_xml, qualified

_LIBRARY = "http://schemas.microsoft.com/windows/2009/library"
_VIEW = "Shell Folder View"
_HEADER = "header"

Entry = Mapping[str, Any]


@reader
def lists_files(data: bytes, *, ending: str) -> str:
    """ "true" if a text names just the files in a folder with an ending, one a line; from the probe `waa.gathered`."""
    gathered = _gathered(data)
    text, entries = gathered.text(0), gathered.folder(0)
    if text is None or entries is None:
        return "false"
    named = {line.strip() for line in text.split("\n") if line.strip()}
    return _word(named == {path for path in _files_in(entries) if path.lower().endswith(ending)})


@reader
def are_in_archive(data: bytes, *, archive: str, ending: str) -> str:
    """ "true" if all files in a folder with an ending are in its folder `archive`, and nothing else; from `waa.gathered`."""
    entries = _gathered(data).folder(0) or []
    inside = _files_in(entries, archive)
    outside = [path for path in _files_in(entries) if path.lower().endswith(ending)]
    return _word(bool(inside) and not outside and all(path.lower().endswith(ending) for path in inside))


@reader
def is_moved(data: bytes, *, moved: str) -> str:
    """ "true" if a file is in the second folder of the probe `waa.gathered`, and not in the first any more, else "false"."""
    gathered = _gathered(data)
    before, after = (gathered.folder(number) or [] for number in (0, 1))
    wanted = moved.replace("\\", "/").casefold()
    is_there, is_left = (any(str(one.get("path")).casefold() == wanted for one in entries) for entries in (after, before))
    return _word(is_there and not is_left)


@reader
def contains(data: bytes, *, part: str) -> str:
    """ "true" if a file of text has this in it, else "false"; from the probe `waa.gathered`."""
    text = _gathered(data).text(0)
    return _word(text is not None and part in text)


@reader
def library_folders(data: bytes) -> list[str]:
    """The folders of a library (.library-ms), sorted."""
    root = parse_xml(data, "the library")
    if root.tag != qualified(_LIBRARY, "libraryDescription"):
        raise EvidenceMissing(f"it is no library: {root.tag:.100}")
    found = root.iter(qualified(_LIBRARY, "simpleLocation"))
    urls = [(place.findtext(qualified(_LIBRARY, "url")) or "").strip() for place in found]
    return sorted(filter(None, urls), key=str.casefold)


@reader
def title_in_front(data: bytes) -> str:
    """The title of the window that has the focus; from the probe `screen.windows`."""
    front = next((window for window in nodes_in(_json(data)) if window.get("is_focused")), None)
    if front is None:
        raise EvidenceMissing("no window has the focus")
    return str(front.get("title") or "")


@reader
def shows_details(data: bytes, *, shown: str) -> bool:
    """Whether a window shows a folder in the view "Details", which alone has a header; from the probe `waa.explorer`."""
    return any(_is_header(node) for view in _views(data, shown) for node in walk([view]))


@reader
def is_sorted_by_time(data: bytes, *, shown: str) -> bool:
    """Whether a window lists what is in a folder by when it was changed, up or down; from the probe `waa.explorer`.

    As Windows does, folders stand together, below the files where the latest is first. At most a second apart is the same time.
    """
    entries = {str(entry.get("path")): entry for entry in _entries(_mapping(_json(data)).get("entries"))}
    known = {name.casefold(): entry for name, entry in entries.items() if "/" not in name}
    known |= {PureWindowsPath(name).stem.casefold(): entry for name, entry in entries.items() if "/" not in name} | known
    for view in _views(data, shown):
        listed = [known[name] for node in walk([view]) if _is_item(node) and (name := name_of(node).casefold()) in known]
        if len(listed) > 1 and (_is_order(listed, latest_first=True) or _is_order(listed, latest_first=False)):
            return True
    return False


def _is_order(entries: list[Entry], *, latest_first: bool) -> bool:
    key: Callable[[Entry], tuple[bool, int]] = lambda entry: (  # noqa: E731
        (entry.get("kind") == "folder") == latest_first,
        int(_time(entry)) * (-1 if latest_first else 1),
    )
    keys = [key(entry) for entry in entries]
    return keys == sorted(keys)


def _time(entry: Entry) -> float:
    time = entry.get("mtime")
    if not isinstance(time, int | float) or not abs(time) < 1e12:
        raise EvidenceMissing(f"it is no listing of a folder: the time {time!r:.100}")
    return time


def _views(data: bytes, folder: str) -> list[Node]:
    """The lists of files in the windows that show a folder, which have its name in their title."""
    name = PureWindowsPath(folder).name.casefold()
    applications = nodes_in(_mapping(_json(data)).get("tree"))
    windows = [window for application in applications for window in children(application)]
    shown = [window for window in windows if name in name_of(window).casefold()]
    found = [node for node in walk(shown) if name_of(node) == _VIEW]
    if not found:
        raise EvidenceMissing(f"no window of the File Explorer shows {folder}")
    return found


def _is_header(node: Node) -> bool:
    return _HEADER in (name_of(node).casefold(), str(node.get("role", "")).casefold())


def _is_item(node: Node) -> bool:
    return "item" in str(node.get("role", "")) or str(node.get("role", "")) in ("table row", "table cell")


class _Gathered:
    """What the probe `waa.gathered` found."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        self._folders, self._files = (_listed(found.get(name)) for name in ("folders", "files"))

    def folder(self, number: int) -> list[Entry] | None:
        """What is in a folder and below, `None` where there is no such folder."""
        found = self._folders[number] if number < len(self._folders) else None
        return None if found is None else _entries(found)

    def text(self, number: int) -> str | None:
        """The text of a file, `None` where there is none."""
        found = self._files[number] if number < len(self._files) else None
        return found if isinstance(found, str) else None


def _gathered(data: bytes) -> _Gathered:
    return _Gathered(_mapping(_json(data)))


def _files_in(entries: list[Entry], folder: str = "") -> list[str]:
    """The names of the files right in a folder, by its path below the one that was listed."""
    prefix = f"{folder}/".casefold() if folder else ""
    paths = [str(entry.get("path")) for entry in entries if entry.get("kind") == "file"]
    names = [path[len(prefix) :] for path in paths if path.casefold().startswith(prefix)]
    return [name for name in names if "/" not in name]


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise EvidenceMissing(f"it is not what the probe says: {error}") from error


def _mapping(found: Any) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise EvidenceMissing("it is not what the probe says, which is an object")
    return found


def _listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []


def _entries(found: Any) -> list[Entry]:
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise EvidenceMissing("it is no listing of a folder")
    return found


def _word(is_so: bool) -> str:
    return "true" if is_so else "false"
