"""JSON with comments, and YAML, from an agent: values of plain kinds."""

from __future__ import annotations

import re
from typing import Any

from osarena.errors import EvidenceMissing
from osarena_evaluators.osworld._operands import library
from osarena_evaluators.readers import json
from osarena_evaluators.readers.text import text

_MAX_YAML_BYTES = 512 << 10  # some seconds
# With merges ("<<"), a few lines of aliases could make a mapping of any size.
_MAX_MERGED_ALIASES = 20
# What has no end goes to the end of the file: else each start of one would be looked at anew.
_TEXT = r'("(?:\\.|[^"\\])*(?:"|\\?\Z))'
_COMMENT = re.compile(_TEXT + r"|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_LAST_COMMA = re.compile(_TEXT + r"|,(?=\s*[\]}])", re.DOTALL)
# What PyYAML raises beside its own errors, for dates and numbers that are none, and for what is nested too deep.
_DAMAGED = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def json_with_comments(data: bytes) -> Any:
    """The value of a JSON file in which there may be comments and commas at the end, as VS Code reads and writes it.

    Raises:
        EvidenceMissing: it is none.
    """
    plain = _COMMENT.sub(lambda found: found[1] or " ", text(data))
    return json.value(_LAST_COMMA.sub(lambda found: found[1] or "", plain).encode())


def yaml(data: bytes) -> Any:
    """The value of a YAML file, of plain kinds only: a tag that would make anything else makes it unusable.

    Raises:
        EvidenceMissing: it is no YAML, or larger than 512 KiB.
    """
    pyyaml = library("yaml", "install PyYAML")
    if len(data) > _MAX_YAML_BYTES:
        raise EvidenceMissing(f"it has {len(data)} bytes, which is too much to look at")
    words = text(data)
    try:
        if "<<" in words and _aliases(pyyaml, words) > _MAX_MERGED_ALIASES:
            raise EvidenceMissing("it merges too many mappings to look at")
        return pyyaml.safe_load(words)
    except (pyyaml.YAMLError, *_DAMAGED) as error:
        raise EvidenceMissing(f"it is not YAML: {str(error)!r:.200}") from error


def _aliases(pyyaml: Any, words: str) -> int:
    return sum(isinstance(event, pyyaml.AliasEvent) for event in pyyaml.parse(words, Loader=pyyaml.SafeLoader))
