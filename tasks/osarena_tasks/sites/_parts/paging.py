"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from flask import request

from osarena_tasks.sites._parts.forms import read_number

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list: its items, its number and that of the last page (both from 1), and how long the whole list is."""

    items: Sequence[T]
    number: int
    last: int
    count: int

    def url(self, number: int) -> str:
        """The address of another page of the same list: the request's own, with its filters."""
        query = {key: value for key, value in request.args.items() if key != "page" and value}
        return f"{request.path}?{urlencode({**query, 'page': number})}"


def asked_page(found: Sequence[T], *, size: int) -> Page[T]:
    """The page that the request asks for by `page`, or the nearest that there is."""
    last = max((len(found) - 1) // size + 1, 1)
    number = min(max(read_number(request.args.get("page")), 1), last)
    return Page(found[(number - 1) * size : number * size], number, last, len(found))
