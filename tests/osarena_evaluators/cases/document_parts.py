"""Cases of what documents have beside their text."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from tests.support.cases import differs, malformed, reads
from tests.support.office import archive, docx, odt, replaced

_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def linked(document: bytes, parts: Mapping[str, tuple[str, str]]) -> bytes:
    """A .docx with parts that it is related to: kind and XML by name. Their ids are their names."""
    listed = "".join(f'<Relationship Id="{n}" Type="{_LINKS}/{kind}" Target="{n}.xml"/>' for n, (kind, _) in parts.items())
    listing = f'<Relationships xmlns="{_PACKAGE}">{listed}</Relationships>'
    return replaced(
        document, {"word/_rels/document.xml.rels": listing} | {f"word/{name}.xml": xml for name, (_, xml) in parts.items()}
    )


PLAIN = docx("<w:p><w:r><w:t>Only text</w:t></w:r></w:p>")
PLAIN_ODT = odt("<text:p>Only text</text:p>")
MALFORMED = [
    malformed(b"PK", "it is not a readable archive"),
    malformed(archive({"a": "b"}), "it is neither a .docx nor an .odt document"),
    malformed(archive({"word/document.xml": "<x"}), "word/document.xml is not usable XML"),
]

CHANGED = docx(
    "<w:p><w:ins w:author='Ada'><w:r><w:t>new</w:t></w:r></w:ins>"
    "<w:del w:author='Bo'><w:r><w:delText>old</w:delText></w:r></w:del>"
    "<w:r><w:rPr><w:rPrChange w:author='Ada'/></w:rPr><w:t>bold</w:t></w:r></w:p>"
)
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
CHANGED_ODT = odt(
    "<text:tracked-changes><text:changed-region><text:deletion>"
    f"<office:change-info><dc:creator {_DC}>Bo</dc:creator></office:change-info><text:p>old</text:p></text:deletion>"
    "</text:changed-region></text:tracked-changes><text:p>text</text:p>"
)
_COMMENT = f"<w:comments {_WORD}><w:comment w:author='Ada'><w:p><w:r><w:t>Really?</w:t></w:r></w:p></w:comment></w:comments>"
COMMENTED = linked(PLAIN, {"comments": ("comments", _COMMENT)})
COMMENTED_ODT = odt(
    f"<text:p>a<office:annotation><dc:creator {_DC}>Bo</dc:creator><text:p>No.</text:p></office:annotation>b</text:p>"
)

_FOOTER = (
    f"<w:ftr {_WORD}><w:p><w:r><w:t>Page </w:t></w:r><w:r><w:fldChar w:fldCharType='begin'/></w:r>"
    "<w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>1</w:t></w:r>"
    "<w:r><w:fldChar w:fldCharType='end'/></w:r><w:r><w:t> of </w:t></w:r><w:fldSimple w:instr='NUMPAGES'><w:r/></w:fldSimple>"
    "</w:p></w:ftr>"
)
_SECTION = f"<w:p/><w:sectPr xmlns:r='{_LINKS}'><w:footerReference r:id='f'/><w:headerReference r:id='h'/></w:sectPr>"
_HEADER = f"<w:hdr {_WORD}><w:p><w:r><w:t>Lease</w:t></w:r></w:p></w:hdr>"
FRAMED = linked(docx(_SECTION), {"f": ("footer", _FOOTER), "h": ("header", _HEADER)})
_PAGES = (
    "<x xmlns:style='urn:oasis:names:tc:opendocument:xmlns:style:1.0'"
    " xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'>"
    "<style:master-page><style:header style:display='false'><text:p>off</text:p></style:header><style:footer><text:p>Page "
    "<text:page-number>1</text:page-number> of <text:page-count>2</text:page-count>.</text:p></style:footer>"
    "</style:master-page></x>"
)
FRAMED_ODT = replaced(PLAIN_ODT, {"styles.xml": _PAGES})

_STYLES = f"<w:styles {_WORD}><w:style w:styleId='C1'><w:name w:val='toc 1'/></w:style></w:styles>"
_ENTRY = "<w:p><w:pPr><w:pStyle w:val='C1'/></w:pPr><w:r><w:t>{}</w:t><w:tab/><w:t>{}</w:t></w:r></w:p>"
LISTED = replaced(
    docx(
        "<w:p><w:r><w:t>Report</w:t></w:r></w:p><w:p/><w:sdt><w:sdtContent>"
        + _ENTRY.format("Aim", 1)
        + _ENTRY.format("Method 2", 12)
        + "</w:sdtContent></w:sdt><w:p><w:r><w:t>Aim</w:t></w:r></w:p>"
    ),
    {"word/styles.xml": _STYLES},
)
LISTED_ODT = odt(
    "<text:p>Report</text:p><text:table-of-content><text:index-body>"
    "<text:index-title><text:p>Contents</text:p></text:index-title>"
    "<text:p>Aim<text:tab/>1</text:p><text:p><text:a>Method<text:tab/>2</text:a></text:p></text:index-body></text:table-of-content>"
)

_PICTURE = (
    "<w:p><w:r><w:drawing><wp:inline xmlns:wp='http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing'>"
    f"<wp:extent cx='1800000' cy='900000'/><a:blip xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'"
    f" xmlns:r='{_LINKS}' r:embed='p'/></wp:inline></w:drawing></w:r></w:p>"
)
PICTURED = linked(docx(_PICTURE), {"p": ("image", "a picture")})
_FRAME = (
    "<text:p xmlns:draw='urn:oasis:names:tc:opendocument:xmlns:drawing:1.0' xmlns:xlink='http://www.w3.org/1999/xlink'"
    " xmlns:svg='urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0'><draw:frame svg:width='5cm' svg:height='2.5cm'>"
    "<draw:image xlink:href='Pictures/p.png'/></draw:frame><draw:frame svg:width='50%'><draw:image/></draw:frame></text:p>"
)
PICTURED_ODT = replaced(odt(_FRAME), {"Pictures/p.png": "a picture"})
SHOWN = {"sha256": sha256(b"a picture").hexdigest(), "width_mm": 50.0, "height_mm": 25.0}
STYLED = odt("<text:p text:style-name='Title'>a</text:p><text:p>b</text:p><text:h text:style-name='Heading 2'>c</text:h>")

READERS = {
    "document_parts.images": [
        reads(PICTURED, [SHOWN]),
        reads(PICTURED_ODT, [SHOWN, {"sha256": "", "width_mm": 0.0, "height_mm": 0.0}]),
        differs(PLAIN, []),
        differs(PLAIN_ODT, []),
        *MALFORMED,
    ],
    "office.styles": [
        reads(STYLED, [["Heading 2", "c"]], only=["Heading *"]),
        differs(PLAIN_ODT, [], only=["Title", "Heading *"]),
    ],
    "document_parts.changes": [
        reads(
            CHANGED,
            [
                {"kind": "insertion", "author": "Ada", "text": "new"},
                {"kind": "deletion", "author": "Bo", "text": "old"},
                {"kind": "format", "author": "Ada", "text": ""},
            ],
        ),
        reads(CHANGED_ODT, [{"kind": "deletion", "author": "Bo", "text": "old"}]),
        differs(PLAIN, []),
        differs(PLAIN_ODT, []),
        *MALFORMED,
    ],
    "document_parts.comments": [
        reads(COMMENTED, [{"author": "Ada", "text": "Really?"}]),
        reads(COMMENTED_ODT, [{"author": "Bo", "text": "No."}]),
        differs(PLAIN, []),
        differs(PLAIN_ODT, []),
        *MALFORMED[:2],
    ],
    "document_parts.footer": [
        reads(FRAMED, "Page {page} of {pages}"),
        reads(FRAMED_ODT, "Page {page} of {pages}."),
        differs(PLAIN, ""),
        differs(PLAIN_ODT, ""),
        *MALFORMED,
    ],
    "document_parts.header": [
        reads(FRAMED, "Lease"),
        differs(FRAMED_ODT, ""),
        differs(PLAIN, ""),
        *MALFORMED,
    ],
    "document_parts.contents": [
        reads(LISTED, [{"after": "Report", "entries": ["Aim", "Method 2"]}]),
        reads(LISTED_ODT, [{"after": "Report", "entries": ["Aim", "Method"]}]),
        differs(PLAIN, []),
        differs(PLAIN_ODT, []),
        *MALFORMED,
    ],
}
