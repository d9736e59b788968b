"""Cases of presentations, PDF files and their pages."""

from __future__ import annotations

import io
from collections.abc import Sequence

from pptx import Presentation
from pypdf import PdfWriter

from tests.support.cases import differs, fails, holds, malformed, reads, unusable
from tests.support.office import archive, replaced

_SLIDE = "http://schemas.openxmlformats.org/presentationml/2006/main"


def pptx(slides: Sequence[tuple[str, str, str]]) -> bytes:
    """A .pptx with the title, the text and the notes of each slide."""
    presentation = Presentation()
    for title, text, notes in slides:
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = text
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    saved = io.BytesIO()
    presentation.save(saved)
    return saved.getvalue()


def blank_pages(*sizes: tuple[float, float]) -> bytes:
    """A PDF file with empty pages of these sizes."""
    writer = PdfWriter()
    for width, height in sizes:
        writer.add_blank_page(width, height)
    saved = io.BytesIO()
    writer.write(saved)
    return saved.getvalue()


def written_page(text: str) -> bytes:
    """A PDF file with one page that says this."""
    stream = f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >> stream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    body, places = "%PDF-1.4\n", list[int]()
    for number, text_of_object in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj {text_of_object} endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 6\n0000000000 65535 f \n{table}{trailer}".encode()


TALK = pptx([("Aim", "One\nTwo", "Speak up"), ("End", "Thanks", "")])
_FURNISHED_SLIDE = f"""<p:sld show="0" xmlns:p="{_SLIDE}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:cSld><p:spTree>
<p:sp><p:nvPr><p:ph type="ftr"/></p:nvPr><a:p><a:r><a:t>Course</a:t></a:r></a:p></p:sp>
<p:sp><p:nvPr><p:ph type="sldNum"/></p:nvPr><a:p><a:fld type="slidenum"><a:t>1</a:t></a:fld></a:p></p:sp>
<p:sp><p:nvPr/><a:p><a:r><a:t>free</a:t></a:r></a:p></p:sp></p:spTree></p:cSld>
<p:transition spd="med"><p:fade/></p:transition></p:sld>"""
FURNISHED = replaced(TALK, {"ppt/slides/slide1.xml": _FURNISHED_SLIDE})

_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        *(("office", "office"), ("draw", "drawing"), ("presentation", "presentation"), ("style", "style")),
        *(("text", "text"), ("smil", "smil-compatible")),
    )
)
ODP = archive(
    {
        "content.xml": f"""<office:document-content {_NAMES}><office:automatic-styles><style:style style:name="dp1">
<style:drawing-page-properties presentation:visibility="hidden" smil:type="fade" presentation:display-footer="true"
 presentation:display-page-number="true"/></style:style></office:automatic-styles><office:body><office:presentation>
<presentation:footer-decl presentation:name="ftr1">Course</presentation:footer-decl>
<draw:page draw:style-name="dp1" presentation:use-footer-name="ftr1"><draw:frame presentation:class="title"><draw:text-box>
<text:p>Aim</text:p></draw:text-box></draw:frame><draw:frame presentation:class="outline"><text:p>One</text:p></draw:frame>
<presentation:notes><draw:frame presentation:class="notes"><text:p>Speak up</text:p></draw:frame></presentation:notes>
</draw:page><draw:page/></office:presentation></office:body></office:document-content>"""
    }
)
MALFORMED = [
    malformed(b"PK", "it is not a readable archive"),
    malformed(archive({"a": "b"}), "it is neither a .pptx nor an .odp presentation"),
    malformed(archive({"content.xml": "<x/>"}), "it is an OpenDocument file, but not a presentation"),
    malformed(archive({"ppt/presentation.xml": "<x"}), "is not usable XML"),
]
PAGES = blank_pages((595, 842), (842, 595))
PAGE = written_page("Good morning")
NO_PDF = [malformed(b"", "it is not a readable PDF file"), malformed(b"%PDF-1.7\nnothing", "it is not a readable PDF file")]

READERS = {
    "slides.texts": [
        reads(TALK, [["Aim", "One", "Two"], ["End", "Thanks"]]),
        reads(ODP, [["Aim", "One"], [""]]),
        differs(FURNISHED, [["", "free"], ["End", "Thanks"]]),
        *MALFORMED,
    ],
    "slides.notes": [
        reads(TALK, ["Speak up", ""]),
        reads(ODP, ["Speak up", ""]),
        differs(pptx([("a", "b", "")]), [""]),
        *MALFORMED,
    ],
    "slides.hidden": [reads(FURNISHED, [""]), reads(ODP, ["Aim"]), differs(TALK, []), *MALFORMED],
    "slides.transitions": [reads(FURNISHED, ["fade", ""]), reads(ODP, ["fade", ""]), differs(TALK, ["", ""]), *MALFORMED],
    "slides.footers": [
        reads(FURNISHED, [{"text": "Course", "number": True}, {"text": "", "number": False}]),
        reads(ODP, [{"text": "Course", "number": True}, {"text": "", "number": False}]),
        differs(TALK, [{"text": "", "number": False}, {"text": "", "number": False}]),
        *MALFORMED,
    ],
    "pdf.pages": [reads(PAGE, ["Good morning"]), differs(PAGES, ["", ""]), *NO_PDF],
    "pdf.page_count": [reads(PAGES, 2), differs(PAGE, 1), *NO_PDF],
    "pdf.page_sizes": [reads(PAGES, [[595, 842], [842, 595]]), differs(PAGE, [[595, 842]]), *NO_PDF],
    "pdf.image_counts": [reads(PAGES, [0, 0]), differs(PAGE, [0]), *NO_PDF],
}

METRICS = {
    "pages.contain": [
        holds(["Aim\n• One", "End"], [["Aim", "One"], ["End"]], words="2 pages"),
        holds(["A new aim"], [["A  new\naim"]]),
        fails(["End", "Aim"], [["Aim"], ["End"]], words="page 1: expected 'Aim' in 'End'"),
        fails(["Aim"], [["Aim"], ["End"]], words="expected 2 pages, found 1"),
        unusable("Aim", [["Aim"]], words="expected a list, found 'Aim'"),
        unusable([1], [["Aim"]], words="expected text, found 1"),
    ],
}
