"""Getters of WindowsAgentArena's task files as operands of a check, where they are not as OSWorld's.

Places are those of a user's profile on Windows 11 with Chrome, Edge, VLC and VS Code installed for the user. No Windows ran when
this was written: what the places hold was taken from public documentation and from the public getters.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from osarena.errors import TaskError
from osarena_tasks.importers import getters
from osarena_tasks.importers.envelope import Getter
from osarena_tasks.importers.getters import Call, Context, Kind, Operand
from osarena_tasks.importers.setup import escaped

_CHROME = "~/AppData/Local/Google/Chrome/User Data"
_EDGE = "~/AppData/Local/Microsoft/Edge/User Data"
_LIBRARIES = "~/AppData/Roaming/Microsoft/Windows/Libraries"
_WALLPAPER = "~/AppData/Roaming/Microsoft/Windows/Themes/TranscodedWallpaper"
_TIME_ZONES = (
    "HKLM\\SYSTEM\\CurrentControlSet\\Control\\TimeZoneInformation",
    "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Time Zones",
)
_PACKAGES = (
    "HKCU\\Software\\Classes\\Local Settings\\Software\\Microsoft\\Windows\\CurrentVersion\\AppModel\\Repository\\Packages"
)
# The one web application that a task installs; the getter has no arguments.
_WEB_APP = "pwabuilder"
# What the getter of archives looks for, whatever the task.
_SECRET_MEMBER = "OldProjects/example.txt"

# Names that a task's evaluator writes otherwise than its instruction, so that nobody could make the file.
_MISSPELT: Mapping[str, str] = MappingProxyType({"DownloadssBackup.zip": "DownloadsBackup.zip"})

_PROVIDER = "485bf7d3-0215-45af-87dc-5388680000"
_CHROME_ENGINES = {
    f"{_PROVIDER}01": "Google",
    f"{_PROVIDER}02": "Yahoo!",
    f"{_PROVIDER}03": "Bing",
    f"{_PROVIDER}92": "DuckDuckGo",
}
_EDGE_ENGINES = {
    f"{_PROVIDER}01": "Bing",
    f"{_PROVIDER}02": "Yahoo!",
    f"{_PROVIDER}03": "Google",
    f"{_PROVIDER}15": "Yandex",
    f"{_PROVIDER}92": "DuckDuckGo",
}
# What "Clear browsing data on close" leaves: the data of hosted applications.
_CLEARED = ("browsing_history", "cache", "cookies", "download_history", "form_data", "passwords", "site_settings")
_ON_EXIT = {**dict.fromkeys(_CLEARED, True), "hosted_apps_data": False}
# Of what a site may do with its cookies: keep them until the browser is closed.
_SESSION_ONLY = 4
_EDGE_FONTS = {"default_fixed_font_size": 13, "default_font_size": 16}


def operand_of(getter: Getter, context: Context, where: str, *, is_expected: bool = False) -> Operand:
    """The operand in a check's record: what is Windows' own here, all else as for OSWorld.

    Raises:
        TaskError: a type that there is not, or arguments that it does not take; the text starts with `where`.
    """
    getter = Getter(type=getter.type, **{name: _spelt(value) for name, value in getter.arguments.items()})
    kind = _OWN.get(getter.type)
    if kind is None and getter.type in getters.GETTERS:
        return getters.operand_of(getter, context, where, is_expected=is_expected)
    if kind is None:
        close = difflib.get_close_matches(getter.type, GETTERS, n=3, cutoff=0.5)
        raise TaskError(f"{where}.type: there is no getter {getter.type!r}" + (f" (near: {', '.join(close)})" if close else ""))
    _require_arguments(getter, kind, where)
    return kind.build(Call(getter.arguments, context, where, is_expected))


def _require_arguments(getter: Getter, kind: Kind, where: str) -> None:
    if missing := [name for name in kind.needed if name not in getter.arguments]:
        raise TaskError(f"{where}: {getter.type} needs {', '.join(missing)}")
    known = (*kind.needed, *kind.optional, "dest")
    if unknown := sorted(set(getter.arguments) - set(known)):
        raise TaskError(f"{where}: {getter.type} takes no {unknown[0]!r} (it takes {', '.join(known)})")


def _spelt(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    for wrong, right in _MISSPELT.items():
        value = value.replace(wrong, right)
    return value


# --- ways to build an operand -----------------------------------------------------------------------------------------

Build = Callable[[Call], Operand]


def _fetched(probe: str, reader: str = "", /, **fixed: Any) -> Build:
    """A source that takes nothing from the file."""
    return lambda _: {"get": probe, **({"as": reader} if reader else {}), **escaped(fixed)}


def _preference(profile: str, reader: str, /, *, file: str = "Default/Preferences", **options: Any) -> Build:
    """A file of JSON in a browser's profile."""
    return _fetched("file", f"{reader}", path=f"{profile}/{file}", **options)


def _rows(profile: str, file: str, reader: str) -> Build:
    """A database in a browser's profile."""
    return _fetched("database", f"osworld_browser.{reader}", path=f"{profile}/Default/{file}")


def _registry(reader: str) -> Build:
    return _fetched("waa.hive", f"windows_settings.{reader}", key="HKCU")


def _path(call: Call, *names: str) -> str:
    """The path that some arguments make together."""
    return "/".join(str(escaped(call.arguments[name])).rstrip("\\/") for name in names)


def _existing(folder: str, name: str, *, reader: str = "json.value", is_folder: bool = False) -> Build:
    """Whether something is there; of a shortcut, whether it is one."""

    def build(call: Call) -> Operand:
        path = f"{folder}/{_path(call, name)}" if folder else _path(call, "folder_name", name)
        if path.lower().endswith(".lnk"):
            return {"get": "file", "path": path, "as": "shortcuts.is_link"}
        return {"get": "waa.exists", "path": path, "as": reader, **({"folder": True} if is_folder else {})}

    return build


def _png_names(call: Call) -> Operand:
    folder, file = _path(call, "folder_path"), _path(call, "file_path")
    return {"get": "waa.gathered", "folders": [folder], "files": [file], "as": "explorer.lists_files", "ending": ".png"}


def _documents_archived(call: Call) -> Operand:
    folder = _path(call, "folder_path")
    return {"get": "waa.gathered", "folders": [folder], "as": "explorer.are_in_archive", "archive": "Archive", "ending": ".docx"}


def _moved_downloads(call: Call) -> Operand:
    folders = ["~/Downloads", "~/OldDownloads"]
    return {
        "get": "waa.gathered",
        "folders": folders,
        "as": "explorer.is_moved",
        "moved": _path(call, "folder_name", "file_name"),
    }


def _saved_text(call: Call) -> Operand:
    file, part = f"~/Desktop/{_path(call, 'filename')}", escaped(call.arguments["textcontent"])
    return {"get": "waa.gathered", "folders": [], "files": [file], "as": "explorer.contains", "part": part}


def _shown_folder(reader: str, argument: str) -> Build:
    """How a window of the File Explorer shows a folder. Both the probe and the reader have to know which."""

    def build(call: Call) -> Operand:
        path = _path(call, argument)
        return {"get": "waa.explorer", "folder": path, "as": f"explorer.{reader}", "shown": path}

    return build


def _image_size(call: Call) -> Operand:
    sides = {side: _number(call, side) for side in ("width", "height")}
    return {"get": "file", "path": _path(call, "filepath"), "as": "paint.has_size", **sides}


def _timer(call: Call) -> Operand:
    return {"get": "screen.tree", "as": "clock.runs_timer"} | {
        part: _number(call, part) for part in ("hours", "minutes", "seconds")
    }


def _command_line(call: Call) -> Operand:
    command, shell = escaped(call.arguments["command"]), call.arguments.get("shell", False)
    is_shell = shell.lower() == "true" if isinstance(shell, str) else bool(shell)
    return {"get": "waa.command", "command": command, "shell": is_shell, "as": "osworld.output"}


def _relative_time(call: Call) -> Operand:
    operand: dict[str, Any] = getters.GETTERS["rule_relativeTime"].build(call)
    return operand | {"get": "waa.clock"}


def _number(call: Call, name: str) -> int:
    try:
        return int(call.arguments[name])
    except (TypeError, ValueError) as error:
        raise TaskError(f"{call.where}.{name}: a whole number, not {call.arguments[name]!r:.80}") from error


def _with(probe: str, reader: str, /, **names: str) -> Build:
    """A source with arguments of the file under names of ours."""
    return lambda call: {"get": probe, "as": reader, **{ours: escaped(call.arguments[theirs]) for ours, theirs in names.items()}}


_SETTING, _IS_ON, _NUMBER_ON = "osworld_browser.setting", "osworld_browser.is_on", "windows_browsers.is_on"

_OWN: Mapping[str, Kind] = {
    # Chrome's profile
    "bookmarks": Kind(_preference(_CHROME, "json.value", file="Default/Bookmarks", at="roots"), "files"),
    "cookie_data": Kind(_rows(_CHROME, "Network/Cookies", "cookies"), "files"),
    "history": Kind(_rows(_CHROME, "History", "history"), "files"),
    "profile_name": Kind(_preference(_CHROME, _SETTING, at="profile.name"), "files"),
    "enabled_experiments": Kind(
        _preference(_CHROME, _SETTING, file="Local State", at="browser.enabled_labs_experiments", default=[]), "files"
    ),
    "enable_do_not_track": Kind(_preference(_CHROME, _IS_ON, any_of=["enable_do_not_track"]), "files"),
    "enable_enhanced_safety_browsing": Kind(_preference(_CHROME, _IS_ON, any_of=["safebrowsing.enhanced"]), "files"),
    "data_delete_automacally": Kind(
        _preference(
            _CHROME, "windows_browsers.is_value", at="profile.default_content_setting_values.cookies", wanted=_SESSION_ONLY
        ),
        "files",
    ),
    "chrome_font_size": Kind(_preference(_CHROME, "osworld_browser.font_sizes"), "files"),
    "default_search_engine": Kind(
        _preference(
            _CHROME, "windows_browsers.search_engine", names=_CHROME_ENGINES, ids=["guid", "synced_guid"], default="Google"
        ),
        "files",
    ),
    "shortcuts_on_desktop": Kind(_fetched("waa.shortcuts", "shortcuts.on_desktop", endings=[".lnk", ".url"]), "files"),
    # Edge's profile
    "favorites": Kind(_preference(_EDGE, "json.value", file="Default/Bookmarks", at="roots"), "files"),
    "cookie_data_for_edge": Kind(_rows(_EDGE, "Network/Cookies", "cookies"), "files"),
    "history_for_edge": Kind(_rows(_EDGE, "History", "history"), "files"),
    "profile_name_from_edge": Kind(_preference(_EDGE, _SETTING, at="profile.name"), "files"),
    "enable_do_not_track_from_edge": Kind(_preference(_EDGE, _NUMBER_ON, at="enable_do_not_track"), "files"),
    "enable_enhanced_safety_browsing_from_edge": Kind(
        _preference(_EDGE, _NUMBER_ON, at="edge.super_duper_secure_mode.enabled"), "files"
    ),
    "data_delete_automacally_from_edge": Kind(
        _preference(_EDGE, _NUMBER_ON, at="browser.clear_data_on_exit", wanted=_ON_EXIT), "files"
    ),
    "edge_font_size": Kind(
        _preference(_EDGE, "windows_browsers.with_defaults", at="webkit.webprefs", defaults=_EDGE_FONTS), "files"
    ),
    "edge_default_download_folder": Kind(_preference(_EDGE, _SETTING, at="download.default_directory"), "files"),
    "edge_home_page": Kind(_preference(_EDGE, _SETTING, file="Default/Secure Preferences", at="homepage"), "files"),
    "default_search_engine_from_edge": Kind(
        _preference(_EDGE, "windows_browsers.search_engine", names=_EDGE_ENGINES, ids=["synced_guid"], default="Unknown"), "files"
    ),
    "url_shortcuts_on_desktop": Kind(_fetched("waa.shortcuts", "shortcuts.on_desktop", endings=[".url"]), "files"),
    "validate_pwa_installed": Kind(
        _fetched("waa.hive", "windows_settings.app_is_installed", key=_PACKAGES, name=_WEB_APP), "command"
    ),
    # files and folders
    "vm_file_exists_in_vm_folder": Kind(_existing("", "file_name"), "files", ("folder_name", "file_name")),
    "vm_file_exists_in_desktop": Kind(_existing("~/Desktop", "file_name"), "files", ("file_name",)),
    "vm_folder_exists_in_documents": Kind(_existing("~/Documents", "folder_name", is_folder=True), "files", ("folder_name",)),
    "is_file_desktop": Kind(_existing("~/Desktop", "filename", reader="text"), "files", ("filename",)),
    "is_file_saved_desktop": Kind(_saved_text, "files", ("filename", "textcontent")),
    "is_files_moved_downloads": Kind(_moved_downloads, "files", ("folder_name", "file_name")),
    "all_png_file_names": Kind(_png_names, "files", ("folder_path", "file_path")),
    "is_all_docx_in_archive": Kind(_documents_archived, "files", ("folder_path",)),
    "are_all_images_tagged": Kind(
        _with("folder", "tagged.all_tagged", path="directory", tag="tag"), "files", ("directory", "tag")
    ),
    "zipped_folder_in_desktop": Kind(
        lambda call: (
            _with("file", "tagged.has_secret_member", path="filename", password="password")(call) | {"member": _SECRET_MEMBER}
        ),
        "files",
        ("filename", "password"),
    ),
    "is_file_hidden": Kind(_with("waa.attributes", "ntfs.is_hidden", path="file_path"), "files", ("file_path",)),
    "is_directory_read_only_for_user": Kind(
        _with("waa.permissions", "ntfs.is_read_only_for", path="directory", user="user"), "files", ("directory", "user")
    ),
    "vm_library_folders": Kind(
        lambda call: {
            "get": "file",
            "path": f"{_LIBRARIES}/{_path(call, 'library_name')}.library-ms",
            "as": "explorer.library_folders",
        },
        "files",
        ("library_name",),
    ),
    "vlc_config": Kind(_fetched("file", path="~/AppData/Roaming/vlc/vlcrc"), "files"),
    "vm_wallpaper": Kind(_fetched("file", path=_WALLPAPER), "files"),
    "is_red_circle_present_on_canvas": Kind(_with("file", "paint.has_red_circle", path="filepath"), "files", ("filepath",)),
    "image_dimension_matches_input": Kind(_image_size, "files", ("filepath", "width", "height")),
    # settings
    "system_notifications": Kind(_registry("notifications_are_off"), "files"),
    "night_light_state": Kind(_registry("night_light"), "files"),
    "desktop_background": Kind(_registry("background_is_plain"), "files"),
    "storage_sense_run_frequency": Kind(_registry("storage_sense_days"), "files"),
    "system_timezone": Kind(_fetched("waa.hives", "windows_settings.time_zone", keys=list(_TIME_ZONES)), "files"),
    # output of programs
    "vm_command_line": Kind(_command_line, "command", ("command",), ("shell",)),
    "rule_relativeTime": Kind(_relative_time, "command", ("rules",)),
    # running applications
    "page_info": replace(getters.GETTERS["page_info"], optional=("load_state",)),  # which is waited for anyway
    "vm_active_window_title": Kind(_fetched("screen.windows", "explorer.title_in_front"), "live"),
    "is_details_view": Kind(_shown_folder("shows_details", "folder_path"), "live", ("folder_path",)),
    "are_files_sorted_by_modified_time": Kind(_shown_folder("is_sorted_by_time", "directory"), "live", ("directory",)),
    "check_if_timer_started": Kind(_timer, "live", ("hours", "minutes", "seconds")),
    "check_if_world_clock_exists": Kind(
        _with("screen.tree", "clock.has_city", city="city", country="country"), "live", ("city", "country")
    ),
}

# All that there are on Windows: those that are OSWorld's as well, and its own.
GETTERS: Mapping[str, Kind] = MappingProxyType({**getters.GETTERS, **_OWN})
