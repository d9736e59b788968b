"""Set-up steps on a real desktop: what they promise can be seen there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from osarena.guest.devtools import list_pages
from osarena.providers.base import MachineSpec
from osarena.providers.local import LocalProvider
from osarena.sites import Sites
from osarena.tasks.model import StepCall
from osarena.tasks.steps import StepContext, run_steps
from osarena.types.observation import Observe

pytestmark = [pytest.mark.desktop, pytest.mark.usefixtures("demo")]


@pytest.fixture(scope="module")
def provider() -> Iterator[LocalProvider]:
    provider = LocalProvider()
    yield provider
    provider.close()


@pytest.fixture
def context(provider: LocalProvider) -> Iterator[StepContext]:
    spec = MachineSpec()
    with provider.machine(spec) as machine, Sites(machine.guest, share=machine.address.share) as sites:
        yield StepContext(machine.guest, sites, spec.screen)


def run(context: StepContext, *calls: dict[str, Any]) -> None:
    run_steps([StepCall.model_validate(call) for call in calls], context)


def names(context: StepContext, role: str) -> list[str]:
    tree = context.guest.observe(Observe(screenshot=False, cursor=False)).tree
    assert tree is not None
    return [node.name for node in tree.root.walk() if node.role == role]


def test_applications_are_open_with_what_they_show(context: StepContext) -> None:
    run(
        context,
        {"step": "files.put", "path": "~/Documents/my notes.txt", "content": "Grüße\n"},
        {"step": "apps.open", "path": "~/Documents/my notes.txt"},
        {"step": "apps.open", "path": "~/Documents"},
        {"step": "apps.launch", "app": "xfce4-terminal"},
    )
    assert [name for name in names(context, "status bar") if name.startswith("1 file")]
    run(context, {"step": "windows.activate", "title": "my notes.txt"}, {"step": "windows.close", "app": "xfce4-terminal"})
    windows = context.guest.windows()
    assert [window.app.lower() for window in windows] == ["thunar", "mousepad"]
    assert [window.is_focused for window in windows] == [False, True]


def test_a_site_is_loaded_in_the_browser_under_its_own_name(context: StepContext) -> None:
    run(
        context,
        {"step": "sites.serve", "site": "board.board", "host": "board.example", "data": {"notices": ["Lost: one glove"]}},
        {"step": "browser.open", "urls": ["http://board.example/", "http://board.example/more"]},
    )
    assert sorted(tab["url"] for tab in list_pages(context.guest) or []) == ["http://board.example/", "http://board.example/more"]
    assert "Board" in names(context, "document web")


def test_a_setting_is_the_desktop_s(context: StepContext) -> None:
    call = {"step": "settings.xfconf", "channel": "xfce4-panel", "property": "/panels/dark-mode", "value": True}
    run(context, call)
    read = context.guest.run(["xfconf-query", "--channel", "xfce4-panel", "--property", "/panels/dark-mode"])
    assert read.stdout == b"true\n"
