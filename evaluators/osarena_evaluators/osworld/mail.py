"""What Thunderbird keeps: preferences, filters, folders of messages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.osworld._files import File, found, wanted
from osarena_evaluators.osworld._operands import given, given_records, has_fields, holds
from osarena_evaluators.osworld._rules import matches
from osarena_evaluators.readers.text import text
from osarena_evaluators.readers.thunderbird import preferences

DEVIATIONS: Mapping[str, str] = MappingProxyType(
    {
        "check_thunderbird_folder": (
            "The public one leaves out every message that is not empty, so any file passes; ours compares the messages."
        ),
        "check_thunderbird_filter": (
            "The public one sees only the last of several actions, and conditions in one order; ours sees each action, and "
            "conditions in any order."
        ),
        "check_thunderbird_prefs": (
            "The public one forgets what must not be where the same preference must be something; ours checks both."
        ),
    }
)

_MAX_BYTES, _MAX_FILTER_LINE = 64 << 20, 8_000
_LINE = re.compile(r'^(\w+)="((?:[^"\\]|\\.)*)"\s*$')
_CONDITION = re.compile(r'\b(?:AND|OR) \([\w ]+,[\w \']+,(?:"[^"]+"|[^)]+)\)|\bALL\b')
_START = re.compile(r"^From .*\n", re.MULTILINE)
_STATUS = re.compile(r"^X-Mozilla-Status: *([0-9a-fA-F]{1,8})\s*$", re.MULTILINE)
_DELETED = 0x8
_PER_FILTER = ("action", "actionValue")


@metric
def check_thunderbird_prefs(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if prefs.js has each preference in `expect` as its rule says, and none in `unexpect` as its rule says.

    Both have rules by name: `{"mail.pane": {"method": "eq", "ref": 1}}`. What is not set fails the former, passes the latter.
    """
    expect, unexpect = (given(expected, key, Mapping, default={}) for key in ("expect", "unexpect"))
    there = preferences(found(actual))
    for name, rule in expect.items():
        is_so = matches(there.get(name), rule)
        if name not in there or not is_so:
            return Verdict(0.0, f"{name}: expected {quote(rule)}, found {quote(there.get(name))}")
    for name, rule in unexpect.items():
        is_so = matches(there.get(name), rule) and not (published and name in expect)
        if name in there and is_so:
            return Verdict(0.0, f"{name}: expected not {quote(rule)}, found {quote(there[name])}")
    return Verdict(1.0)


@metric
def check_thunderbird_filter(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if each filter in `expect` is among those in msgFilterRules.dat, and none in `unexpect` is.

    A filter has `name`, `enabled` ("yes"), `type` ("17"), `action`, `actionValue` and `condition`, a list such as
    `["AND (subject,contains,invoice)"]`; what is not given may be anything.
    """
    expect, unexpect = given_records(expected, "expect"), given_records(expected, "unexpect")
    filters = list(_filters(text(found(actual))))
    missing = [wish for wish in expect if not any(_is_filter(one, wish, published) for one in filters)]
    present = [wish for wish in unexpect if any(_is_filter(one, wish, published) for one in filters)]
    if missing:
        return Verdict(0.0, f"expected the filter {quote(missing[0])}, found {quote(filters)}")
    return holds(not present, f"there should be no filter {quote(present and present[0])}")


@metric
def check_thunderbird_folder(
    actual: File | list[File],
    expected: File | list[File],
    *,
    ignore_status: bool = False,
    ignore_keys: bool = False,
    remove_deleted: bool = True,
    remove_duplicate: bool = True,
    published: bool = False,
) -> Verdict:
    """1 if folders of messages (mbox), or single messages, have the same messages in any order, letter by letter.

    Thunderbird's status of a message, or its marks (keys), can be ignored. What is deleted and what is there twice does not
    count, unless the last two options are off.
    """
    there, gold = (files if isinstance(files, list | tuple) else [files] for files in (actual, expected))
    if len(there) != len(gold):
        raise (EvidenceMissing if len(there) < len(gold) else CheckerError)(f"expected {len(gold)} folders, found {len(there)}")
    for number, (one, other) in enumerate(zip(there, gold, strict=True), start=1):
        kept, wished = (_messages(words, remove_deleted) for words in (_words(found(one)), wanted(_words, other)))
        one_side, other_side = (
            [_normal(message, ignore_status, ignore_keys) for message in messages] for messages in (kept, wished)
        )
        if remove_duplicate:
            one_side, other_side = list(set(one_side)), list(set(other_side))
        if sorted(one_side) != sorted(other_side) and not published:
            return Verdict(0.0, f"folder {number}: expected {len(other_side)} messages, found others ({len(one_side)})")
    return Verdict(1.0)


def _filters(words: str) -> Iterator[dict[str, Any]]:
    """The filters of a file, each with its actions as pairs of action and value."""
    last: dict[str, Any] | None = None
    for line in words.splitlines():
        rule = _LINE.match(line)
        if rule is None or len(line) > _MAX_FILTER_LINE:
            if line.strip():
                raise EvidenceMissing(f"it is no file of filters: {quote(line)}")
            continue
        key, value = rule[1], re.sub(r"\\(.)", r"\1", rule[2])
        if key == "name":
            if last is not None:
                yield last
            last = {"name": value, "actions": []}
        elif last is not None:
            _take(last, key, value)
    if last is not None:
        yield last


def _take(filter_: dict[str, Any], key: str, value: str) -> None:
    if key == "action":
        filter_["actions"].append([value, None])
    elif key == "actionValue" and filter_["actions"]:
        filter_["actions"][-1][1] = value
    elif key == "condition":
        filter_["condition"] = _CONDITION.findall(value)
    else:
        filter_[key] = value


def _is_filter(filter_: dict[str, Any], wish: Mapping[str, Any], published: bool) -> bool:
    fields = {key: value for key, value in wish.items() if key not in _PER_FILTER}
    if not published and isinstance(fields.get("condition"), list):
        conditions = sorted(map(str, fields.pop("condition")))
        if sorted(filter_.get("condition", [])) != conditions:
            return False
    actions = filter_["actions"][-1:] if published else filter_["actions"]
    pairs = [dict(zip(_PER_FILTER, pair, strict=True)) for pair in actions] or [{}]
    asked = {key: wish[key] for key in _PER_FILTER if key in wish}
    return has_fields(filter_, fields) and any(has_fields(pair, asked) for pair in pairs)


def _words(data: bytes) -> str:
    """The text of a folder, in whichever encoding its messages are."""
    if len(data) > _MAX_BYTES:
        raise EvidenceMissing(f"it has {len(data)} bytes, which is too much to look at")
    if b"\0" in data:
        raise EvidenceMissing("it is no folder of messages, and no message")
    return data.decode("utf-8", "surrogateescape").replace("\r\n", "\n")


def _messages(words: str, remove_deleted: bool) -> list[str]:
    """The messages of a folder, without the lines that start them; a file without such a line is one message."""
    messages = [message for message in _START.split(words) if message.strip()]
    return [message for message in messages if not (remove_deleted and _is_deleted(message))]


def _is_deleted(message: str) -> bool:
    status = _STATUS.search(message)
    return status is not None and bool(int(status[1], 16) & _DELETED)


def _normal(message: str, ignore_status: bool, ignore_keys: bool) -> str:
    if ignore_status:
        message = re.sub(r"^X-Mozilla-Status2?:.*\n", "", message, flags=re.MULTILINE)
    if ignore_keys:
        message = re.sub(r"^X-Mozilla-Keys:.*\n", "", message, flags=re.MULTILINE)
    return message.strip()
