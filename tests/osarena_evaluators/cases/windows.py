"""Cases of what is read from a desktop with Windows: the registry, settings, shortcuts, permissions, browsers."""

from __future__ import annotations

import json

from tests.support.cases import ReaderCase, differs, lacks, malformed, reads
from tests.support.windows import hive, nested, night_light, shortcut, zipped

CURRENT = "Software\\Microsoft\\Windows\\CurrentVersion"
NIGHT = "windows.data.bluelightreduction.settings"
NIGHT_KEY = f"{CURRENT}\\CloudStore\\Store\\DefaultAccount\\Current\\default${NIGHT}\\{NIGHT}"
DESKTOP = {"WallPaper": "C:\\a.jpg", "Żółw": ["one", "two"], "": 7, "Big": b"\x01" * 40_000, "Long": 1 << 40, "Wait": "0"}
REGISTRY = hive({"Control Panel": {"Desktop": DESKTOP, "Colors": {}}, "Software": {"Ünïcode ż": {}}})
PLAIN = hive(nested("Control Panel\\Desktop", {"WallPaper": ""}))
DAMAGED = REGISTRY[:0x24] + b"\xff\xff\xff\x00" + REGISTRY[0x28:]
NO_HIVE = (malformed(b"MZ", "it is no hive of a registry"), malformed(DAMAGED, "the hive is damaged"))


def night(data: bytes) -> bytes:
    return hive(nested(NIGHT_KEY, {"Data": data}))


STORAGE = f"{CURRENT}\\StorageSense\\Parameters\\StoragePolicy"
ZONE = hive({"TimeZoneKeyName": "Pacific Standard Time"})
ZONES = hive({"Pacific Standard Time": {"Display": "(UTC-08:00) Pacific Time (US & Canada)"}, "UTC": {"Display": "(UTC)"}})
PACKAGES = hive({"Microsoft.Paint_11.2_x64__8wekyb3d8bbwe": {}, "www.pwabuilder.com-5C9AE_1.0.0.0_neutral__3qk": {}})

CHROME = "C:\\Program Files\\Google\\Chrome\\Application\\chrome_proxy.exe"
APP_LINK = shortcut(CHROME, texts={0x04: "Play 2048", 0x20: "--app-id=abc", 0x10: "C:\\"}, with_list=True)
APP_PARTS = {"target": CHROME, "description": "Play 2048", "working_directory": "C:\\", "command_line_arguments": "--app-id=abc"}
FOLDER_LINK = shortcut("C:\\Users\\Żaneta\\Projects", is_wide=True)
URL = b"\xef\xbb\xbf[InternetShortcut]\r\nURL=https://a.example/\r\n"

READ_ONLY = (
    b"C:\\Users\\Docker\\Pictures\\Vacation Photos WIN-1\\TestAccount:(OI)(CI)(RX)\r\n"
    b"                                          NT AUTHORITY\\SYSTEM:(I)(OI)(CI)(F)\r\n"
    b"                                          BUILTIN\\Administrators:(I)(OI)(CI)(F)\r\n\r\n"
    b"Successfully processed 1 files; Failed processing 0 files\r\n"
)
PREFERENCES = json.dumps(
    {
        "edge": {"super_duper_secure_mode": {"enabled": True}},
        "default_search_provider": {"synced_guid": "g-01"},
        "webkit": {"webprefs": {"default_font_size": 24}},
        "profile": {"default_content_setting_values": {"cookies": 4}},
    }
).encode()
NAMED = json.dumps({"default_search_provider_data": {"template_url_data": {"short_name": "Ecosia"}}}).encode()
NO_PREFERENCES = (malformed(b"{", "it is not JSON"), malformed(b"[]", "it is no file of preferences"))
ENGINES = {"names": {"g-01": "Bing"}, "ids": ["guid", "synced_guid"], "default": "Unknown"}

READERS = {
    "registry.value": [
        reads(REGISTRY, "C:\\a.jpg", below="control panel\\DESKTOP", name="wallpaper"),
        reads(REGISTRY, ["one", "two"], below="Control Panel\\Desktop", name="Żółw"),
        reads(REGISTRY, 7, below="Control Panel\\Desktop"),
        reads(REGISTRY, b"\x01" * 40_000, below="Control Panel\\Desktop", name="Big"),
        reads(hive({"a": {"b": {"x": 1}}}, lists=b"ri"), 1, below="a\\b", name="x"),
        reads(hive({"a": {"b": {"x": 1}}}, lists=b"li"), 1, below="a\\b", name="x"),
        reads(hive({"a": {"b": {"x": b""}}}, lists=b"lf"), b"", below="a\\b", name="x"),
        differs(PLAIN, "", below="Control Panel\\Desktop", name="WallPaper"),
        differs(REGISTRY, "none", below="Control Panel\\Nothing", name="x", default="none"),
        malformed(hive({"a": {}}, lists=b"xx"), "there is no list of keys", below="a"),
        *NO_HIVE,
    ],
    "registry.values": [
        reads(REGISTRY, DESKTOP, below="Control Panel\\Desktop"),
        differs(REGISTRY, {}, below="Nothing"),
        *NO_HIVE,
    ],
    "registry.keys": [
        reads(REGISTRY, ["Desktop", "Colors"], below="Control Panel"),
        reads(REGISTRY, ["Ünïcode ż"], below="software"),
        differs(REGISTRY, [], below="Control Panel\\Colors"),
        *NO_HIVE,
    ],
    "windows_settings.notifications_are_off": [
        reads(hive(nested(f"{CURRENT}\\PushNotifications", {"ToastEnabled": 0})), "True"),
        differs(hive(nested(f"{CURRENT}\\PushNotifications", {"ToastEnabled": 1})), "False"),
        differs(hive({}), "False"),
        *NO_HIVE,
    ],
    "windows_settings.background_is_plain": [reads(PLAIN, "True"), differs(REGISTRY, "False"), *NO_HIVE],
    "windows_settings.storage_sense_days": [
        reads(hive(nested(STORAGE, {"01": 1, "2048": 7})), "7"),
        differs(hive(nested(STORAGE, {"01": 0, "2048": 7})), None),
        differs(hive(nested(STORAGE, {"01": 1})), None),
        *NO_HIVE,
    ],
    "windows_settings.night_light": [
        reads(night(night_light((19, 0), (7, 0))), [True, "07:00 PM", "07:00 AM"]),
        reads(night(night_light((21, 30), (6, 45))), [True, "09:30 PM", "06:45 AM"]),
        reads(night(night_light((12, 0), (0, 0))), [True, "12:00 PM", "12:00 AM"]),
        reads(night(night_light((12, 0), (0, 0))), [True, "00:00 PM", "00:00 AM"], published=True),
        differs(night(night_light()), [True]),
        differs(night(night_light(is_on=False)), False),
        differs(hive({}), False),
        malformed(night(b"CB\x01\x00"), "are of another form"),
        malformed(night(night_light((99, 0), (7, 0))), "the time 99:0"),
        malformed(hive(nested(NIGHT_KEY, {"Data": "x"})), "are no bytes"),
        *NO_HIVE,
    ],
    "windows_settings.time_zone": [
        reads(zipped({"0": ZONE, "1": ZONES}), "(UTC-08:00) Pacific Time (US & Canada)"),
        differs(zipped({"0": hive({"TimeZoneKeyName": "UTC"}), "1": ZONES}), "(UTC)"),
        lacks(zipped({"0": hive({"TimeZoneKeyName": "Mars"}), "1": ZONES}), "knows no time zone 'Mars'"),
        lacks(zipped({"0": hive({}), "1": ZONES}), "names no time zone"),
        malformed(b"x", "it is not a readable archive"),
        malformed(zipped({"0": ZONE}), "1 cannot be read"),
    ],
    "windows_settings.app_is_installed": [
        reads(PACKAGES, "app_installed", name="PWABuilder"),
        differs(PACKAGES, "app_not_installed", name="Spotify"),
        malformed(b"MZ", "it is no hive", name="x"),
    ],
    "shortcuts.link": [
        reads(APP_LINK, APP_PARTS),
        reads(shortcut("C:\\é.txt", texts={0x04: "café"}, is_unicode=False), {"target": "C:\\é.txt", "description": "café"}),
        differs(FOLDER_LINK, {"target": "C:\\Users\\Żaneta\\Projects"}),
        differs(shortcut(texts={0x20: "-x"}), {"target": "", "command_line_arguments": "-x"}),
        malformed(b"", "it is no shortcut of Windows"),
        malformed(APP_LINK[:-3], "the shortcut is damaged"),
    ],
    "shortcuts.is_link": [reads(APP_LINK, True), differs(b"", False), ReaderCase("malformed", APP_LINK[:-3], value=False)],
    "shortcuts.on_desktop": [
        reads(
            zipped({"2048.lnk": APP_LINK, "a.url": URL}),
            {
                "2048.lnk": json.dumps({"data": APP_PARTS | {"target": CHROME}}),
                "a.url": "[InternetShortcut]\nURL=https://a.example/\n",
            },
        ),
        differs(zipped({"empty.lnk": b""}), {}),
        malformed(b"x", "it is not a readable archive"),
    ],
    "ntfs.is_hidden": [
        reads(b"A   H                C:\\Users\\Docker\\Documents\\secret.txt\r\n", "true"),
        differs(b"A                    C:\\Users\\Docker\\HH.txt\r\n", "false"),
        differs(b"     R               C:\\a\r\n", "false"),
        malformed(b"File not found - C:\\a\r\n", "there is no such file"),
    ],
    "ntfs.is_read_only_for": [
        reads(READ_ONLY, True, user="TestAccount"),
        reads(b"C:\\a b Testaccount:(R)\r\n", True, user="TestAccount"),
        reads(b"C:\\a PC\\T:(DENY)(W)\r\n     PC\\T:(RX,W)\r\n", True, user="T"),
        differs(READ_ONLY, False, user="SYSTEM"),
        differs(READ_ONLY, False, user="Account"),
        differs(b"C:\\a PC\\T:(RX,WD)\r\n", False, user="T"),
        differs(b"C:\\a PC\\T:(DENY)(R)\r\n     PC\\T:(R)\r\n", False, user="T"),
        malformed(b"The system cannot find the file specified.\r\n", "it says nothing of permissions", user="T"),
    ],
    "windows_browsers.is_on": [
        reads(PREFERENCES, 1.0, at="edge.super_duper_secure_mode.enabled"),
        reads(PREFERENCES, 1.0, at="webkit.webprefs", wanted={"default_font_size": 24}),
        differs(PREFERENCES, 0.0, at="enable_do_not_track"),
        differs(b'{"enable_do_not_track": 1}', 0.0, at="enable_do_not_track"),
        malformed(b"{", "it is not JSON", at="a"),
    ],
    "windows_browsers.is_value": [
        reads(PREFERENCES, "true", at="profile.default_content_setting_values.cookies", wanted=4),
        differs(b"{}", "false", at="profile.default_content_setting_values.cookies", wanted=4),
        malformed(b"[]", "it is no file of preferences", at="a", wanted=1),
    ],
    "windows_browsers.with_defaults": [
        reads(PREFERENCES, {"default_font_size": 24, "x": 1}, at="webkit.webprefs", defaults={"x": 1, "default_font_size": 16}),
        differs(b"{}", {"default_font_size": 16}, at="webkit.webprefs", defaults={"default_font_size": 16}),
        malformed(b"[]", "it is no file of preferences", at="a", defaults={}),
    ],
    "windows_browsers.search_engine": [
        reads(PREFERENCES, "Bing", **ENGINES),
        reads(NAMED, "Ecosia", **ENGINES),
        differs(b"{}", "Unknown", **ENGINES),
        malformed(b"[]", "it is no file of preferences", **ENGINES),
    ],
}
