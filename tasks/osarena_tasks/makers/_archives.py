"""Making zip-based documents the same, byte for byte, whenever they are made."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

_MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
_EPOCH = (2025, 1, 6, 9, 0, 0)
# What office libraries write the present time into, in docProps/core.xml.
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def without_clock(document: bytes) -> bytes:
    """The same office document (Office Open XML, OpenDocument) with every time stamp in it set to one fixed moment."""
    settled = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as source, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _STAMP.sub(rb"\g<1>2025-01-06T09:00:00Z\g<3>", data)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = source.getinfo(name).compress_type
            target.writestr(entry, data)
    return settled.getvalue()


def open_document(kind: str, parts: Mapping[str, str]) -> bytes:
    """An OpenDocument file with these XML parts; `kind` is the end of its media type: "text"."""
    media_type = f"application/vnd.oasis.opendocument.{kind}"
    entries = "".join(f'<m:file-entry m:full-path="{name}" m:media-type="text/xml"/>' for name in parts)
    manifest = (
        f'<m:manifest xmlns:m="{_MANIFEST}"><m:file-entry m:full-path="/" m:media-type="{media_type}"/>{entries}</m:manifest>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        # The type comes first and is not packed, so that programs recognise the file by its first bytes.
        target.writestr(zipfile.ZipInfo("mimetype", _EPOCH), media_type)
        for name, text in {**parts, "META-INF/manifest.xml": manifest}.items():
            target.writestr(zipfile.ZipInfo(name, _EPOCH), text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
