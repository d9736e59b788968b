"""The inner order of Office Open XML files (.xlsx, .docx, .pptx): which part refers to which."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from posixpath import basename, dirname, join, normpath
from typing import TYPE_CHECKING
from zipfile import ZipFile

from osarena.errors import EvidenceMissing
from osarena_evaluators.readers.archives import parse_xml, qualified, read_member

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True, slots=True)
class Relation:
    """What one part says of another: the last word of the relation's type ("chart"), and the other's path."""

    kind: str
    target: str
    is_external: bool = False


def part(archive: ZipFile, path: str) -> Element:
    """The root element of a part. Raises EvidenceMissing where it is not there or no XML."""
    return parse_xml(read_member(archive, path), path)


def relations(archive: ZipFile, path: str) -> dict[str, Relation]:
    """The relations of a part by their ids, in the order in which they are written; none where it has none."""
    listing = join(dirname(path), "_rels", f"{basename(path)}.rels")
    if listing not in archive.namelist():
        return {}
    found = part(archive, listing).iterfind(qualified(_PACKAGE, "Relationship"))
    return {relation.get("Id", ""): _relation(relation, dirname(path)) for relation in found}


def _relation(relation: Element, folder: str) -> Relation:
    target, is_external = relation.get("Target", ""), relation.get("TargetMode") == "External"
    path = target if is_external else normpath(join("/", folder, target)).lstrip("/")
    return Relation(relation.get("Type", "").rpartition("/")[2], path, is_external)


def related(archive: ZipFile, path: str, kind: str) -> list[str]:
    """The paths of the parts that a part is related to in this way ("chart")."""
    return [relation.target for relation in relations(archive, path).values() if relation.kind == kind]


def target_of(archive: ZipFile, path: str, link: str) -> str:
    """The path of the part that a relation of `path` leads to. Raises EvidenceMissing where there is no such relation."""
    relation = relations(archive, path).get(link)
    if relation is None:
        raise EvidenceMissing(f"{path} refers to a part {link!r}, which is not there")
    return relation.target


def digest(archive: ZipFile, path: str) -> str:
    """The SHA-256 of a part, empty where there is none."""
    return sha256(read_member(archive, path)).hexdigest() if path in archive.namelist() else ""
