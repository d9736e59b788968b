"""LibreOffice's settings, as it writes those that differ from its own into registrymodifications.xcu."""

from __future__ import annotations

from osarena.errors import EvidenceMissing
from osarena_evaluators.readers.archives import parse_xml, qualified

_REGISTRY = "http://openoffice.org/2001/registry"


def registry(data: bytes) -> dict[tuple[str, str], str]:
    """The settings by path and name; where one is written twice, the last counts."""
    root = parse_xml(data, "registrymodifications.xcu")
    if root.tag != qualified(_REGISTRY, "items"):
        raise EvidenceMissing("it is no file of LibreOffice's settings")
    return {
        (item.get(qualified(_REGISTRY, "path"), ""), prop.get(qualified(_REGISTRY, "name"), "")): prop.findtext("value", "")
        for item in root.iter("item")
        for prop in item.iter("prop")
    }
