"""Cases of GIMP's settings. `xcf` has those of its images."""

from __future__ import annotations

from tests.support.cases import differs, malformed, reads

GIMPRC = rb"""# GIMP gimprc
(undo-levels 20)
(show-tooltips no)
(theme "Light \"2\"")
(monitor-xresolution 96.5) # dots
(default-image
    (width 640)
    (unit pixels))
(color 1 0.5)
"""

READERS = {
    "gimp.settings": [
        reads(
            GIMPRC,
            {
                "undo-levels": 20,
                "show-tooltips": False,
                "theme": 'Light "2"',
                "monitor-xresolution": 96.5,
                "default-image": [["width", 640], ["unit", "pixels"]],
                "color": [1, 0.5],
            },
        ),
        differs(b"# nothing was changed\n", {}),
        malformed(b"(undo-levels 20", "its parentheses do not match"),
        malformed(b")", "its parentheses do not match"),
        malformed(b"(" * 100, "its parentheses do not match"),
        malformed(b'(theme "Light)', "a text in it has no end"),
        malformed(b"undo-levels 20", "'undo-levels' is none"),
        malformed(b"\xff", "it is not text"),
    ],
}
