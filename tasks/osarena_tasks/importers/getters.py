"""Getters of OSWorld's task files as operands of a check: literals, or what a probe fetches as what a reader makes of it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from osarena.errors import TaskError
from osarena_tasks.importers.envelope import Getter
from osarena_tasks.importers.setup import Downloads, escaped

Operand = Any
Arguments = Mapping[str, Any]
DependsOn = Literal["files", "command", "live"]


@dataclass
class Context:
    """What the getters of one task share.

    `outputs` has, by the name of a file in the cache, the parameters of the step of `postconfig` that writes it.
    """

    downloads: Downloads
    outputs: Mapping[str, Arguments] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One getter: its arguments, where it stands, and whether its value is what is expected."""

    arguments: Arguments
    context: Context
    where: str
    is_expected: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of getter: what makes its operand, the arguments that it takes, and what it depends on.

    A check of "files" can be made from what is on the disk, one of "command" needs a program's output, one of "live" asks a
    running application.
    """

    build: Callable[[Call], Operand]
    depends_on: DependsOn
    needed: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    needs_site: bool = False
    needs_account: bool = False


def operand_of(getter: Getter, context: Context, where: str, *, is_expected: bool = False) -> Operand:
    """The operand in a check's record.

    What is expected must not be missing in a check, even where it is the agent who makes it: a file is `None` then.

    Raises:
        TaskError: a type that there is not, or arguments that it does not take; the text starts with `where`.
    """
    kind = GETTERS.get(getter.type)
    if kind is None:
        raise TaskError(f"{where}.type: there is no getter {getter.type!r}{_nearest(getter.type, GETTERS)}")
    given = getter.arguments
    if missing := [name for name in kind.needed if name not in given]:
        raise TaskError(f"{where}: {getter.type} needs {', '.join(missing)}{_nearest(missing[0], given)}")
    known = (*kind.needed, *kind.optional, "dest")
    if unknown := sorted(set(given) - set(known)):
        raise TaskError(f"{where}: {getter.type} takes no {unknown[0]!r}{_nearest(unknown[0], known)}")
    return kind.build(Call(given, context, where, is_expected))


def _nearest(name: str, known: Mapping[str, Any] | Sequence[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f" (near: {', '.join(close)})" if close else f" (known: {', '.join(list(known)[:12])})" if known else ""


# --- ways to build an operand -----------------------------------------------------------------------------------------


def _fetched(probe: str, reader: str = "", /, **fixed: Any) -> Callable[[Call], Operand]:
    """A source that takes nothing from the file."""
    return lambda _: {"get": probe, **({"as": reader} if reader else {}), **escaped(fixed)}


def _profile(name: str, reader: str, /, **options: Any) -> Callable[[Call], Operand]:
    """A file of Chromium's profile."""
    return _fetched("browser.profile", reader, name=name, **options)


def _local_state(at: str, default: Any) -> Callable[[Call], Operand]:
    return _profile("Local State", "osworld_browser.setting", folder="~/.config/chromium", at=at, default=default)


def _with_arguments(probe: str, reader: str = "", /, **names: str) -> Callable[[Call], Operand]:
    """A source with arguments of the file under names of ours, those that are there."""

    def build(call: Call) -> Operand:
        taken = {ours: escaped(call.arguments[theirs]) for ours, theirs in names.items() if theirs in call.arguments}
        return {"get": probe, **({"as": reader} if reader else {}), **taken}

    return build


def _front_address(reader: str, **names: str) -> Callable[[Call], Operand]:
    """The address of the tab in front."""
    return _with_arguments("browser.tabs", f"osworld_browser.{reader}", prefix="goto_prefix", **names)


def _literal(name: str) -> Callable[[Call], Operand]:
    return lambda call: escaped(call.arguments[name])


# --- files ------------------------------------------------------------------------------------------------------------


def _cloud_file(call: Call) -> Operand:
    given = [call.context.downloads.placeholder(url) for url in _given_paths(call)]
    return given[0] if len(given) == 1 else given


def _vm_file(call: Call) -> Operand:
    paths = [escaped(path) for path in _given_paths(call)]
    if _is_on(call.arguments.get("time_suffix", False)) and len(paths) == 1:
        date_format = {"date_format": escaped(call.arguments["time_format"])} if "time_format" in call.arguments else {}
        return {"get": "osworld.dated_file", "path": paths[0], **date_format}
    if len(paths) > 1:
        return {"get": "osworld.files", "paths": paths, "as": "osworld.files", "count": len(paths)}
    if call.is_expected:
        return {"get": "osworld.files", "paths": paths, "as": "osworld.file"}
    return {"get": "file", "path": paths[0]}


def _given_paths(call: Call) -> list[str]:
    """The paths of the files that the metric is given: the first, or those whose numbers are under `gives`."""
    path, is_many = call.arguments["path"], _is_on(call.arguments.get("multi", False))
    paths = path if is_many else [path]
    if not (isinstance(paths, list) and paths and all(isinstance(one, str) for one in paths)):
        raise TaskError(f"{call.where}.path: {'a list of paths' if is_many else 'one path'}, not {path!r:.80}")
    gives = call.arguments.get("gives", [0])
    if not isinstance(gives, list) or not set(gives) & set(range(len(paths))):
        raise TaskError(f"{call.where}.gives: numbers from 0 to {len(paths) - 1}, not {gives!r:.80}")
    return [one for number, one in enumerate(paths) if number in gives]


def _cache_file(call: Call) -> Operand:
    name, outputs = call.arguments["path"], call.context.outputs
    step = outputs.get(name)
    if step is None:
        raise TaskError(f"{call.where}.path: no step of postconfig writes {name!r}{_nearest(str(name), outputs)}")
    stream = "output_file" if step.get("stdout") == name else "errors_file"
    return _command(step, stream)


def _content(call: Call) -> Operand:
    asked = call.arguments["file_type"], call.arguments["file_content"]
    if asked != ("xlsx", "last_row"):
        raise TaskError(f"{call.where}: of file_type and file_content there is xlsx and last_row, not {asked}")
    return {"get": "file", "path": escaped(call.arguments["path"]), "as": "osworld.last_row"}


def _directory(call: Call) -> Operand:
    path = str(call.arguments["path"])
    name = path.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return {"get": "folder.listing", "path": escaped(path), "as": "osworld.directory_tree", "name": escaped(name)}


def _gimp_file(call: Call) -> Operand:
    return {"get": "file", "path": f"~/.config/GIMP/2.10/{escaped(call.arguments['file_name'])}"}


def _in_slide(reader: str) -> Callable[[Call], Operand]:
    def build(call: Call) -> Operand:
        path, slide = escaped(call.arguments["ppt_file_path"]), _number(call, "slide_index")
        # Both take the slide: the probe for files beside the presentation, the reader for those in it.
        return {"get": "osworld.presentation", "path": path, "slide": slide, "as": reader, "index": slide}

    return build


# --- output of programs -----------------------------------------------------------------------------------------------


def _command(given: Arguments, stream: str) -> Operand:
    command, shell = escaped(given["command"]), _is_on(given.get("shell", False))
    return {"get": "osworld.command", "command": command, "shell": shell, "as": f"osworld.{stream}"}


def _command_stream(stream: str) -> Callable[[Call], Operand]:
    return lambda call: _command(call.arguments, stream)


def _relative_time(call: Call) -> Operand:
    rules = call.arguments["rules"]
    relative = rules.get("relativeTime") if isinstance(rules, Mapping) else None
    if not (isinstance(relative, Mapping) and "from" in relative and isinstance(rules.get("expected"), Mapping)):
        raise TaskError(f"{call.where}.rules: rules about relative times have `expected`, and `relativeTime` with `from`")
    return {"get": "osworld.clock", "as": "osworld_dates.rules", "rules": escaped(rules)}


# --- pages ------------------------------------------------------------------------------------------------------------

# The categories of active_tab_html_parse, with the arguments that say where values are: Playwright's selector for each name,
# and what of its elements counts. Where `numbered`, an argument has the keys by number.
_VALUES: Mapping[str, Mapping[str, tuple[str, str, bool]]] = {
    "class": {
        "class_multiObject": ("css=.{}", "text", True),
        "class_multiObject_child": ("css=.{}", "lines", True),
        "class_multiObject_only_child": ("css=.{}", "h3", True),
        "class_singleObject": ("css=.{}", "text", False),
    },
    "label": {"labelObject": ("text={}", "text", False)},
    "xpath": {"xpathObject": ("xpath={}", "text", False)},
    "input": {"inputObject": ("xpath={}", "value", False)},
}
# Those that say which texts should be there.
_PRESENCE: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "class": {"class_multiObject_search_exist": ("css=.{}", "text")},
    "class&url": {
        "class_multiObject": ("css=.{}", "text"),
        "class_multiObject_li": ("css=.{} li.catAllProducts", "span"),
    },
}
_IN_URL = ("url_include_expected", "url_include_expected_multichoice")
_HTML_ARGUMENTS = tuple(dict.fromkeys(name for table in (_VALUES, _PRESENCE) for names in table.values() for name in names))


def _html(call: Call) -> Operand:
    category = call.arguments["category"]
    if category not in (*_VALUES, *_PRESENCE):
        raise TaskError(f"{call.where}.category: there is no {category!r}{_nearest(str(category), (*_VALUES, *_PRESENCE))}")
    wanted = [
        {"selector": selector.format(name), "field": what, "keys": keys if is_numbered else {"0": keys}}
        for argument, (selector, what, is_numbered) in _VALUES.get(category, {}).items()
        for name, keys in call.arguments.get(argument, {}).items()
    ]
    present = [
        {"selector": selector.format(name), "field": what, "texts": texts}
        for argument, (selector, what) in _PRESENCE.get(category, {}).items()
        for name, texts in call.arguments.get(argument, {}).items()
    ]
    in_url = {text: text for text in call.arguments.get(_IN_URL[0], [])} | dict(call.arguments.get(_IN_URL[1], {}))
    selectors = list(dict.fromkeys(one["selector"] for one in (*wanted, *present)))
    source = {"get": "osworld_browser.page_parts", "selectors": selectors, "as": "osworld_page.content"}
    return escaped(source | {"values": wanted, "texts": present, "in_url": in_url, "ignore_case": category == "class&url"})


def _url_part(call: Call) -> Operand:
    kind = call.arguments["returnType"]
    if kind not in ("string", "json") or (kind == "json") > ("key" in call.arguments):
        raise TaskError(f'{call.where}.returnType: "string", or "json" with a `key`, not {kind!r}')
    operand = _front_address("url_part")(call)
    operand |= {"index": _number(call, "partIndex"), "without_query": _is_on(call.arguments.get("needDeleteId", False))}
    return operand | ({"key": escaped(call.arguments["key"])} if kind == "json" else {})


def _url_parameters(call: Call) -> Operand:
    operand = _front_address("url_parameters", parse_keys="parse_keys", replace="replace")(call)
    return operand | {"split_list": _is_on(call.arguments.get("split_list", False))}


def _recreation(call: Call) -> Operand:
    if call.arguments["selector"] != "class":
        raise TaskError(f"{call.where}.selector: there is class, not {call.arguments['selector']!r}")
    order = {"order": _number(call, "order")} if "order" in call.arguments else {}
    return {
        "get": "osworld_browser.recreation_page",
        "class_name": escaped(call.arguments["class"]),
        **order,
        "as": "json.value",
    }


# --- small things -----------------------------------------------------------------------------------------------------


def _is_on(value: Any) -> bool:
    """A boolean, which some files write as the word."""
    return value.lower() == "true" if isinstance(value, str) else bool(value)


def _number(call: Call, name: str) -> int:
    try:
        return int(call.arguments[name])
    except (TypeError, ValueError) as error:
        raise TaskError(f"{call.where}.{name}: a whole number, not {call.arguments[name]!r:.80}") from error


def _setting(at: str, default: Any = None) -> Callable[[Call], Operand]:
    return _profile("Preferences", "osworld_browser.setting", at=at, default=default)


_MANY = ("multi", "gives")
_URL = ("goto_prefix", "xpath", "selectors")
_DRIVE = ("settings_file", "path", "path_list", "query", "query_list")
_SAFE, _ENHANCED = "safebrowsing.enabled", "safebrowsing.enhanced"
_tree = _fetched("osworld_apps.tree", "osworld_tree.xml")
_window_size = _with_arguments("osworld.window_size", "json.value", app="app_class_name")
_page_info = _with_arguments("osworld_browser.page_info", "json.value", url="url")
_extensions = "osworld_browser.preference_files"

GETTERS: Mapping[str, Kind] = MappingProxyType(
    {
        # what is in the task itself
        "rule": Kind(_literal("rules"), "files", ("rules",)),
        "cloud_file": Kind(_cloud_file, "files", ("path",), _MANY),
        "time_diff_range": Kind(_literal("diff_range_in_minutes"), "files", ("diff_range_in_minutes",)),
        "rule_relativeTime": Kind(_relative_time, "command", ("rules",)),
        # files
        "vm_file": Kind(_vm_file, "files", ("path",), (*_MANY, "time_suffix", "time_format")),
        "content_from_vm_file": Kind(_content, "files", ("path", "file_type", "file_content")),
        "conference_city_in_order": Kind(
            lambda call: {"get": "file", "path": escaped(call.arguments["csv_path"]), "as": "osworld.column", "index": 2},
            "files",
            ("csv_path",),
        ),
        "list_directory": Kind(_directory, "files", ("path",)),
        "gimp_config_file": Kind(_gimp_file, "files", ("file_name",)),
        "vlc_config": Kind(_fetched("file", path="~/.config/vlc/vlcrc"), "files"),
        "audio_in_slide": Kind(_in_slide("osworld_slides.audio"), "files", ("ppt_file_path", "slide_index")),
        "background_image_in_slide": Kind(_in_slide("osworld_slides.background"), "files", ("ppt_file_path", "slide_index")),
        "shortcuts_on_desktop": Kind(_fetched("osworld.desktop_shortcuts", "json.value"), "files"),
        # output of programs
        "cache_file": Kind(_cache_file, "command", ("path",)),
        "vm_command_line": Kind(_command_stream("output"), "command", ("command",), ("shell",)),
        "vm_command_error": Kind(_command_stream("errors"), "command", ("command",), ("shell",)),
        "default_video_player": Kind(_fetched("osworld.video_players", "osworld.commonest_line"), "command"),
        "vm_wallpaper": Kind(_fetched("osworld.wallpaper"), "command"),
        # the screen and running programs
        "vm_screen_size": Kind(_fetched("osworld.screen_size", "json.value"), "live"),
        "vm_window_size": Kind(_window_size, "live", ("app_class_name",)),
        "vm_terminal_output": Kind(_fetched("screen.tree", "osworld.terminal_text"), "live"),
        "accessibility_tree": Kind(_tree, "live"),
        "vlc_playing_info": Kind(_fetched("osworld_apps.vlc_status"), "live"),
        "vscode_config": Kind(
            _with_arguments("osworld_apps.vscode_config", command="vscode_extension_command", path="path"),
            "live",
            ("vscode_extension_command", "path"),
        ),
        "replay": Kind(_with_arguments("osworld_apps.replay", "json.value", trajectory="trajectory"), "live", ("trajectory",)),
        # Chromium's profile
        "bookmarks": Kind(_profile("Bookmarks", "json.value", at="roots"), "files"),
        "cookie_data": Kind(_profile("Cookies", "osworld_browser.cookies"), "files"),
        "history": Kind(_profile("History", "osworld_browser.history"), "files"),
        "enabled_experiments": Kind(_local_state("browser.enabled_labs_experiments", []), "files"),
        "chrome_language": Kind(_local_state("intl.app_locale", "en-US"), "files"),
        "profile_name": Kind(_setting("profile.name"), "files"),
        "default_search_engine": Kind(
            _setting("default_search_provider_data.template_url_data.short_name", "Google"), "files"
        ),
        "chrome_font_size": Kind(_profile("Preferences", "osworld_browser.font_sizes"), "files"),
        "chrome_color_scheme": Kind(_profile("Preferences", "osworld_browser.colour_scheme"), "files"),
        "enable_do_not_track": Kind(_profile("Preferences", "osworld_browser.is_on", any_of=["enable_do_not_track"]), "files"),
        "enable_safe_browsing": Kind(_profile("Preferences", "osworld_browser.is_on", any_of=[_SAFE, _ENHANCED]), "files"),
        "enable_enhanced_safety_browsing": Kind(_profile("Preferences", "osworld_browser.is_on", any_of=[_ENHANCED]), "files"),
        "new_startup_page": Kind(_profile("Preferences", "osworld_browser.opens_new_tab"), "files"),
        "data_delete_automacally": Kind(
            _profile("Preferences", "osworld_browser.is_set", at="profile.default_content_setting_values"), "files"
        ),
        "find_unpacked_extension_path": Kind(_fetched(_extensions, "osworld_browser.extension_paths"), "files"),
        "find_installed_extension_name": Kind(_fetched(_extensions, "osworld_browser.extension_names"), "files"),
        # Chromium as it runs
        "open_tabs_info": Kind(_fetched("browser.tabs", "json.value"), "live"),
        "active_tab_info": Kind(_fetched("osworld_browser.active_page", "json.value"), "live", (), _URL),
        "active_url_from_accessTree": Kind(_front_address("address"), "live", (), _URL),
        "active_tab_url_parse": Kind(_url_parameters, "live", ("parse_keys",), (*_URL, "replace", "split_list")),
        "url_dashPart": Kind(_url_part, "live", ("partIndex", "returnType"), (*_URL, "needDeleteId", "key")),
        "url_path_parse": Kind(_front_address("shop_filters", parse_keys="parse_keys"), "live", ("parse_keys",), _URL),
        "macys_product_url_parse": Kind(_front_address("shop_filters", parse_keys="parse_keys"), "live", ("parse_keys",), _URL),
        "active_tab_html_parse": Kind(_html, "live", ("category",), (*_URL, *_HTML_ARGUMENTS, *_IN_URL)),
        "chrome_appearance_mode_ui": Kind(_fetched("osworld_browser.appearance", "osworld_browser.appearance"), "live"),
        # sites that are out there
        "page_info": Kind(_page_info, "live", ("url",), needs_site=True),
        "pdf_from_url": Kind(_with_arguments("osworld_browser.page_as_pdf", url="path"), "live", ("path",), needs_site=True),
        "info_from_website": Kind(
            _with_arguments("osworld_browser.site_facts", "json.value", url="url", infos="infos", backups="backups"),
            "live",
            ("url", "infos"),
            ("backups",),
            needs_site=True,
        ),
        "number_of_search_results": Kind(
            _fetched("osworld_browser.element_count", "json.value"), "live", needs_site=True
        ),
        "gotoRecreationPage_and_get_html_content": Kind(_recreation, "live", ("selector", "class"), ("order",), needs_site=True),
        "googledrive_file": Kind(_fetched("osworld.google_drive_file"), "live", (), _DRIVE, needs_site=True, needs_account=True),
    }
)  # fmt: skip
