"""Settings of GIMP and LibreOffice. Those of VS Code are in `records`, VLC's in `vlc`, Thunderbird's in `mail`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any

from osarena.errors import CheckerError, EvidenceMissing
from osarena.grading.model import Verdict, metric
from osarena.grading.words import quote
from osarena_evaluators.osworld._files import File, found
from osarena_evaluators.osworld._operands import given, given_texts, holds
from osarena_evaluators.readers.archives import parse_xml, qualified
from osarena_evaluators.readers.text import text

DEVIATIONS: Mapping[str, str] = MappingProxyType(
    {
        "check_config_status": (
            "The public one takes any line with the value, and of a quoted value only the last word; ours the last line with the "
            "key, and the whole value."
        ),
        "check_libre_locale": "The public one fails where no locale is set; ours scores 0 with the reason.",
    }
)

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)(?:"|\\?$)|([^\s()"]+)')
_REGISTRY = "http://openoffice.org/2001/registry"


@metric
def check_config_status(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if GIMP's settings have a `key` with a `value`: `(theme "Dark")`; a key of two words has them both at a line's start."""
    key, value = given(expected, "key", (str, list)), str(given(expected, "value", (str, int)))
    names = [key] if isinstance(key, str) else given_texts(expected, "key")
    if len(names) not in (1, 2):
        raise CheckerError(f"a key in the task is one word or two, not {quote(key)}")
    lines = list(_published_lines(found(actual)) if published else _lines(found(actual)))
    if not published:
        names, value = [_plain(name) for name in names], _plain(value)
    values = [line[-1] for line in lines if line[: len(names)] == names]
    is_so = value in values if published else values[-1:] == [value]
    return holds(is_so, f"expected {quote(key)} to be {quote(value)}, found {quote(values)}")


@metric
def check_libre_locale(actual: File, expected: Mapping[str, Any], *, published: bool = False) -> Verdict:
    """1 if LibreOffice's locale, in registrymodifications.xcu, matches one of the patterns under `locale_set`: "en-*"."""
    patterns, root = given_texts(expected, "locale_set"), parse_xml(found(actual), "LibreOffice's settings")
    name = qualified(_REGISTRY, "name")
    values = {
        prop.get(name): prop.findtext("value") or ""
        for item in root.iter("item")
        if str(item.get(qualified(_REGISTRY, "path"))).endswith("L10N")
        for prop in item.iterfind("prop")
    }
    locale = values.get("ooSetupSystemLocale", values.get("ooLocale"))
    if locale is None:
        if published:
            raise EvidenceMissing("the public function fails where no locale is set")
        return Verdict(0.0, "LibreOffice has no locale of its own")
    return holds(any(fnmatchcase(locale, like) for like in patterns), f"expected one of {quote(patterns)}, found {quote(locale)}")


def _lines(data: bytes) -> Iterator[list[str]]:
    """The words of each line of a file of GIMP's settings, without parentheses, quotes and comments."""
    for line in text(data).split("\n"):
        if not line.lstrip().startswith("#"):
            words = [quoted or word for quoted, word in _TOKEN.findall(line)]
            if words:
                yield words


def _published_lines(data: bytes) -> Iterator[list[str]]:
    for line in text(data).split("\n"):
        words = line.strip().lstrip("(").rstrip(")").split()
        if words and not line.startswith("#"):
            yield words


def _plain(word: str) -> str:
    return word.strip('()" ')
