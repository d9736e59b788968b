"""Pages of HTML, as a list of what is in them one after the other."""

from __future__ import annotations

from html.parser import HTMLParser

# One thing of a page: a text, or a tag with its attributes.
Part = tuple[str, tuple[tuple[str, str], ...]] | str

_MAX_CHARACTERS = 4_000_000


class _Parts(HTMLParser):
    """Collects the parts. It never fails, whatever it is fed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[Part] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append((tag, tuple(sorted((name, value or "") for name, value in attrs))))

    def handle_data(self, data: str) -> None:
        if self.parts and isinstance(self.parts[-1], str):
            data = self.parts.pop() + data  # type: ignore[operator]
        self.parts.append(data)


def page_parts(text: str) -> list[Part]:
    """Tags and texts in their order, white space in texts as one space, and without texts of nothing else."""
    parts = [" ".join(part.split()) if isinstance(part, str) else part for part in raw_parts(text)]
    return [part for part in parts if part]


def raw_parts(text: str) -> list[Part]:
    """The same with white space as it is."""
    parser = _Parts()
    parser.feed(text[:_MAX_CHARACTERS])
    parser.close()
    return parser.parts
