"""Settings of Windows as WindowsAgentArena's getters tell of them, read from the registry's hives.

The places and meanings are those that its authors found on Windows 11; none was verified on a live Windows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from osarena.errors import EvidenceMissing
from osarena.grading.model import reader
from osarena_evaluators.readers._bytes import Cursor
from osarena_evaluators.readers.archives import open_archive, read_member
from osarena_evaluators.readers.registry import keys, value

_CURRENT = "Software\\Microsoft\\Windows\\CurrentVersion"
_NIGHT_LIGHT = "windows.data.bluelightreduction.settings"
_NIGHT_LIGHT_KEY = f"{_CURRENT}\\CloudStore\\Store\\DefaultAccount\\Current\\default${_NIGHT_LIGHT}\\{_NIGHT_LIGHT}"
_STORAGE_KEY = f"{_CURRENT}\\StorageSense\\Parameters\\StoragePolicy"

# What the night light's settings are made of: Bond's compact binary, inside of a head of the same.
_BOND = b"CB\x01\x00"
_STOP, _BOOL, _STRUCT, _INT8 = 0, 2, 10, 14
_IS_ON, _HAS_HOURS, _START, _END = 0, 10, 20, 30
_HOUR, _MINUTE = 0, 1


@reader
def notifications_are_off(data: bytes) -> str:
    """ "True" if no application may notify, else "False"; from the hive of HKCU."""
    return _word(value(data, below=f"{_CURRENT}\\PushNotifications", name="ToastEnabled", default=1) == 0)


@reader
def background_is_plain(data: bytes) -> str:
    """ "True" if the desktop's background is no picture, else "False"; from the hive of HKCU."""
    return _word(not value(data, below="Control Panel\\Desktop", name="WallPaper", default=""))


@reader
def storage_sense_days(data: bytes) -> str | None:
    """After how many days Storage Sense runs ("7"), `None` where it is off; from the hive of HKCU."""
    if value(data, below=_STORAGE_KEY, name="01") != 1:
        return None
    days = value(data, below=_STORAGE_KEY, name="2048")
    return None if days is None else str(days)


@reader
def night_light(data: bytes, *, published: bool = False) -> bool | list[bool | str]:
    """When the night light is on: False for never, `[True]` from sunset, `[True, "07:00 PM", "07:00 AM"]` at set hours.

    From the hive of HKCU. With `published`, noon and midnight are "00:00 PM" and "00:00 AM", as the public getter has them.
    """
    settings = value(data, below=_NIGHT_LIGHT_KEY, name="Data")
    if settings is None:
        return False
    if not isinstance(settings, bytes):
        raise EvidenceMissing("the settings of the night light are no bytes")
    schedule = _schedule(settings)
    if not schedule.is_on:
        return False
    if not schedule.has_hours:
        return [True]
    return [True, *(_time(hour, minute, published=published) for hour, minute in (schedule.start, schedule.end))]


@reader
def time_zone(data: bytes) -> str:
    """The time zone as Windows shows it: "(UTC-08:00) Pacific Time (US & Canada)".

    From two hives in an archive: "0" of the key TimeZoneInformation, "1" of the key Time Zones, which has all that there are.
    """
    archive = open_archive(data)
    current, known = (read_member(archive, name) for name in ("0", "1"))
    name = value(current, name="TimeZoneKeyName")
    if not isinstance(name, str) or not name:
        raise EvidenceMissing("the registry names no time zone")
    shown = value(known, below=name, name="Display")
    if not isinstance(shown, str):
        raise EvidenceMissing(f"the registry knows no time zone {name!r}")
    return shown


@reader
def app_is_installed(data: bytes, *, name: str) -> str:
    """ "app_installed" if an installed package has this in its name, else "app_not_installed".

    From the hive of the key Packages in the user's repository of applications, where Edge enters web applications.
    """
    is_there = any(name.casefold() in package.casefold() for package in keys(data))
    return "app_installed" if is_there else "app_not_installed"


@dataclass(frozen=True, slots=True)
class _Schedule:
    is_on: bool = False
    has_hours: bool = True
    start: tuple[int, int] = (0, 0)
    end: tuple[int, int] = (0, 0)


def _schedule(settings: bytes) -> _Schedule:
    """What the night light's settings say: the part behind the second mark of Bond."""
    if settings.count(_BOND) < 2:
        raise EvidenceMissing("the settings of the night light are of another form")
    cursor = Cursor(settings, settings.index(_BOND, settings.index(_BOND) + 1) + len(_BOND))
    flags: dict[int, bool] = {}
    times: dict[int, tuple[int, int]] = {}
    for number, kind in _fields(cursor):
        if kind == _BOOL:
            flags[number] = cursor.number(1) != 0
        elif kind == _STRUCT and number in (_START, _END):
            times[number] = _hour_and_minute(cursor)
        else:  # its colour and what follows, which does not matter here
            break
    return _Schedule(flags.get(_IS_ON, False), flags.get(_HAS_HOURS, True), times.get(_START, (0, 0)), times.get(_END, (0, 0)))


def _hour_and_minute(cursor: Cursor) -> tuple[int, int]:
    """A time of day; what is 0 is left out."""
    parts = {number: cursor.number(1) for number, kind in _fields(cursor) if kind == _INT8}
    hour, minute = parts.get(_HOUR, 0), parts.get(_MINUTE, 0)
    if hour > 23 or minute > 59:
        raise EvidenceMissing(f"the settings of the night light have the time {hour}:{minute}")
    return hour, minute


def _fields(cursor: Cursor) -> Iterator[tuple[int, int]]:
    """Number and type of each field of a structure; whoever asks for the next has read the value of the last."""
    while (head := cursor.number(1)) & 0x1F != _STOP:
        number = head >> 5
        yield (cursor.number(1) if number == 6 else number), head & 0x1F


def _time(hour: int, minute: int, *, published: bool) -> str:
    shown = hour % 12 or (0 if published else 12)
    return f"{shown:02d}:{minute:02d} {'AM' if hour < 12 else 'PM'}"


def _word(is_so: bool) -> str:
    return "True" if is_so else "False"
