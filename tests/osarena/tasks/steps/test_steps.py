"""Set-up steps on the fake desktop: what they promise is true afterwards, or they say why not."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from osarena import registry
from osarena.errors import GuestError, SetupError, UsageError
from osarena.guest.client import Completed, Guest
from osarena.providers.base import MachineSpec
from osarena.providers.fake import FakeProvider
from osarena.sites import Sites
from osarena.tasks import applications
from osarena.tasks.model import StepCall
from osarena.tasks.steps import StepContext, run_steps
from osarena.tasks.steps.files import modified
from osarena.tasks.steps.settings import xfconf
from osarena.types.geometry import Size

SCREEN = Size(640, 480)


@pytest.fixture
def context() -> Iterator[StepContext]:
    with FakeProvider().machine(MachineSpec(screen=SCREEN)) as machine, Sites(machine.guest) as sites:
        yield StepContext(machine.guest, sites, SCREEN)


def run(context: StepContext, *calls: dict[str, Any]) -> None:
    run_steps([StepCall.model_validate(call) for call in calls], context)


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake desktop's editor is an application that opens .txt files."""
    known = applications.Application("fake-notes", ("fake-notes",), "fake-notes", frozenset({".txt"}))
    monkeypatch.setattr(applications, "APPLICATIONS", {"fake-notes": known})


def test_files_are_put_and_removed(context: StepContext) -> None:
    run(
        context,
        {"step": "files.put", "path": "~/a.txt", "content": "Grüße"},
        {"step": "files.put", "path": "~/b/run.sh", "content": b"\x00", "mode": "755"},
        {"step": "files.put_all", "path": "~/c", "files": {"d.txt": "d", "e/f.txt": b"f"}},
        {"step": "files.folder", "path": "~/empty"},
        {"step": "files.remove", "path": "~/a.txt"},
    )
    found = {entry.path: (entry.kind, entry.mode) for entry in context.guest.list_files("~")}
    assert found["b/run.sh"] == ("file", 0o755)
    assert (context.guest.read("~/c/d.txt"), context.guest.read("~/c/e/f.txt")) == (b"d", b"f")
    assert found["empty"][0] == "folder"
    assert "a.txt" not in found


@pytest.mark.usefixtures("notes")
def test_an_open_file_has_a_window_whose_tree_answers(context: StepContext) -> None:
    run(
        context,
        {"step": "files.put", "path": "~/Desktop/a.txt", "content": "x"},
        {"step": "apps.open", "path": "~/Desktop/a.txt"},
    )
    (window,) = context.guest.windows()
    assert window.title == "a.txt - Notes"


@pytest.mark.usefixtures("notes")
def test_a_program_that_need_not_show_may_stay_away(context: StepContext) -> None:
    absent = {"step": "apps.start", "command": ["fake-browser"], "app": "fake-notes", "timeout_s": 0.2}
    run(context, absent | {"must_appear": False})
    with pytest.raises(SetupError, match="no window of fake-notes"):
        run(context, absent)


@pytest.mark.usefixtures("notes")
def test_windows_are_activated_and_closed(context: StepContext) -> None:
    run(
        context,
        {"step": "apps.launch", "app": "fake-notes"},
        {"step": "apps.open", "path": "~/Desktop/b.txt"},
        {"step": "windows.activate", "title": "Untitled"},
        {"step": "windows.close", "title": "b.txt"},
    )
    (window,) = context.guest.windows()
    assert (window.title, window.is_focused) == ("Untitled - Notes", True)


@pytest.mark.usefixtures("demo")
def test_a_site_is_served(context: StepContext) -> None:
    run(context, {"step": "sites.serve", "site": "board.board", "host": "a.example", "data": {"notices": ["x"]}})
    assert context.sites.state("a.example")["notices"] == ["x"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"step": "files.remove", "path": "~/none"}, "setup[0] files.remove: ~/none was to be removed, but was not there"),
        ({"step": "shell.run", "command": "false"}, "setup[0] shell.run: 'false' ended with exit code 1: "),
        (
            {"step": "shell.run", "command": ["nothing"]},
            "setup[0] shell.run: ['nothing'] ended with exit code 127: nothing: not found",
        ),
        ({"step": "windows.wait", "title": "none", "timeout_s": 0.1}, "setup[0] windows.wait: "),
        (
            {"step": "apps.open", "path": "a.xyz"},
            'setup[0] apps.open: no application is known for .xyz files; name one with "app"',
        ),
        ({"step": "apps.launch", "app": "doom"}, "setup[0] apps.launch: there is no application 'doom' (known: libreoffice-calc"),
        ({"step": "browser.open", "urls": []}, "setup[0] browser.open: browser.open needs at least one address"),
    ],
)
def test_a_promise_that_is_not_kept_is_one_clear_error(context: StepContext, call: dict[str, Any], message: str) -> None:
    with pytest.raises(SetupError) as caught:
        run(context, call)
    assert str(caught.value).startswith(message)


@pytest.mark.usefixtures("demo")
def test_steps_of_another_package_are_found_and_named(context: StepContext) -> None:
    with pytest.raises(SetupError, match=r"^setup\[1\] demo_steps.fail: no luck today$"):
        run(context, {"step": "files.folder", "path": "~/x"}, {"step": "demo_steps.fail", "words": "no luck today"})


def test_a_step_that_there_is_not_is_refused(context: StepContext) -> None:
    with pytest.raises(UsageError, match=r"there is no step 'files.copy'"):
        run(context, {"step": "files.copy"})


def test_a_condition_that_does_not_come_true_is_a_set_up_error(context: StepContext) -> None:
    with pytest.raises(SetupError, match=r"pigs to fly"):
        context.wait_until(lambda: False, timeout_s=0.05, what="pigs to fly")


class Recorder(Guest):
    """A guest whose programs answer what a test says."""

    def __init__(self, *answers: Completed) -> None:
        self.asked: list[list[str]] = []
        self._answers = list(answers)

    def run(self, argv: Any, **_rest: Any) -> Completed:
        self.asked.append([*argv])
        return self._answers.pop(0)


def settings_context(*outputs: tuple[int, str]) -> tuple[StepContext, Recorder]:
    guest = Recorder(*(Completed(code, text.encode(), text.encode()) for code, text in outputs))
    return StepContext(guest, Sites(guest), SCREEN), guest


def test_a_setting_is_written_with_its_type_and_read_back() -> None:
    context, guest = settings_context((0, ""), (0, "false\n"))
    xfconf(context, "xfce4-panel", "/panels/dark-mode", False)
    query = ["xfconf-query", "--channel", "xfce4-panel", "--property", "/panels/dark-mode"]
    assert guest.asked == [[*query, "--create", "--type", "bool", "--set", "false"], query]


def test_a_list_setting_is_an_array() -> None:
    context, guest = settings_context((0, ""), (0, "Value is an array with 2 items:\n\n1\n0.500000\n"))
    xfconf(context, "c", "/p", [1, 0.5])
    words = ["--force-array", "--type", "int", "--set", "1", "--type", "double", "--set", "0.500000"]
    assert guest.asked[0][5:] == ["--create", *words]


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        (((1, "no such channel"),), "xfconf-query cannot set c /p: no such channel"),
        (((0, ""), (0, "2\n")), "c /p was set to 1, but reads '2'"),
    ],
)
def test_a_setting_that_does_not_take_is_an_error(outputs: tuple[tuple[int, str], ...], message: str) -> None:
    context, _ = settings_context(*outputs)
    with pytest.raises(SetupError) as caught:
        xfconf(context, "c", "/p", 1)
    assert str(caught.value) == message


def test_files_are_dated_by_the_desktops_clock() -> None:
    context, guest = settings_context((0, ""), (1, ""))
    with pytest.raises(SetupError, match=r"^~/Trip/b.jpg cannot be dated 'soon': "):
        modified(context, "~/Trip", {"a.jpg": "2025-03-14 09:30:00", "b.jpg": "soon"})
    assert guest.asked[0] == ["touch", "--no-create", "--date", "2025-03-14 09:30:00", "a.jpg"]


def test_every_step_says_what_it_promises_and_annotates_what_it_takes() -> None:
    for address in registry.list_functions("step"):
        function = registry.find_function("step", address)
        hints = get_type_hints(function)
        assert inspect.getdoc(function), address
        assert all(name in hints for name in inspect.signature(function).parameters), address
        assert next(iter(hints.values())) is StepContext, address


def test_a_guest_that_fails_under_a_step_is_a_set_up_error(tmp_path: Path) -> None:
    with FakeProvider(faults=["refuses=/v1/files"]).machine(MachineSpec(screen=SCREEN)) as machine, Sites(machine.guest) as sites:
        with pytest.raises(SetupError, match=r"^setup\[0\] files.put: ") as caught:
            run(StepContext(machine.guest, sites, SCREEN), {"step": "files.put", "path": "~/x", "content": ""})
    assert isinstance(caught.value.__cause__, GuestError)
