"""A whole fake desktop for `create_app`: the same routes as a real one, everything in memory."""

from __future__ import annotations

from osarena_guest.a11y.fake import FakeAccessibility
from osarena_guest.clipboard.fake import FakeClipboard
from osarena_guest.desktop import Desktop
from osarena_guest.dom.fake import FakeDom
from osarena_guest.fake_apps import make_layout
from osarena_guest.fake_programs import FakePrograms, FakeSession
from osarena_guest.inputs.fake import FakeInputs
from osarena_guest.screen.fake import FakeScreen
from osarena_guest.windows.fake import FakeWindows


def make_fake(layout: str, size: tuple[int, int] = (640, 480)) -> Desktop:
    """A fresh desktop with a layout of `fake_apps`; its model is in `extras["fake"]`.

    Raises:
        GuestProblem: there is no such layout.
    """
    model = make_layout(layout, size)
    return Desktop(
        platform="fake",
        screen=FakeScreen(model),
        inputs=FakeInputs(model),
        tree=FakeAccessibility(model),
        windows=FakeWindows(model),
        clipboard=FakeClipboard(model),
        dom=FakeDom(model),
        programs=FakePrograms(model),
        session=FakeSession(model),
        extras={"fake": model},
    )
