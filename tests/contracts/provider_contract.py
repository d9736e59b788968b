"""What every provider of desktops promises; `test_<name>_provider.py` inherits it for each."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from osarena.errors import GuestError, MachineError, NoSuchFile
from osarena.guest.client import Guest, GuestAddress
from osarena.guest.wait import wait_until
from osarena.providers.base import Machine, MachineSpec, Provider, Snapshot
from osarena.types.actions import Click, Hotkey, TypeText
from osarena.types.dom import PageElement
from osarena.types.geometry import Point, Size
from osarena.types.observation import Observe, Settle

_CONNECT = """
import json, sys
from pathlib import Path
from osarena.guest.client import GuestAddress, connect
kind, target, token, share = json.load(sys.stdin)
guest = connect(GuestAddress(kind, target, token, Path(share) if share else None))
pixels = guest.observe().pixels
print(json.dumps(pixels.shape))
"""


_SHOP = b"""<!doctype html><title>Shop</title><label>Search <input id="search"></label>
<button onclick="document.title = search.value + (stock.checked ? ' in stock' : '')">Go</button>
<label><input id="stock" type="checkbox"> In stock</label>"""


class ProviderContract:
    """Inherit this, with a fixture `provider`."""

    spec = MachineSpec(screen=Size(1024, 768))
    ready_within_s = 20.0
    # A text editor that opens the file named by its last argument, and saves with Ctrl+S.
    editor: tuple[str, ...] = ()
    # A browser that opens the page named by its last argument.
    browser: tuple[str, ...] = ()

    @pytest.fixture(scope="class")
    @classmethod
    def provider(cls) -> Iterator[Provider]:
        """One provider for all tests of the class; it is closed at the end."""
        raise NotImplementedError

    @pytest.fixture
    def machine(self, provider: Provider) -> Iterator[Machine]:
        with provider.machine(self.spec) as machine:
            yield machine

    def kill(self, machine: Machine) -> None:
        """Make a desktop die, as a crash would."""
        raise NotImplementedError

    def traces(self, provider: Provider) -> set[str]:
        """What a provider has on this host now, beside the provider itself: processes, folders, sockets."""
        raise NotImplementedError

    def test_a_machine_is_ready_when_it_is_handed_out(self, provider: Provider) -> None:
        began = time.monotonic()
        with provider.machine(self.spec) as machine:
            assert time.monotonic() - began < self.ready_within_s
            seen = machine.guest.observe()
            assert seen.pixels is not None
            assert seen.pixels.shape == (self.spec.screen.height, self.spec.screen.width, 3)
            assert seen.tree is not None
            assert machine.problem() is None
            assert all(isinstance(value, str) for value in machine.facts().values())

    def test_what_is_typed_is_seen_and_can_be_read_as_a_file(self, machine: Machine) -> None:
        guest = machine.guest
        guest.write("~/Desktop/note.txt", b"first ")
        guest.launch([*self.editor, _home(guest, "Desktop/note.txt")])
        guest.wait_for_window(title="note.txt", timeout_s=20)
        wait_until(lambda: any(window.is_focused for window in guest.windows()), timeout_s=10, what="the editor's focus")
        before = guest.observe(Observe(settle=Settle(still_s=0.15, deadline_s=5))).frame_hash
        guest.perform([Hotkey(("ctrl", "end")), TypeText("second")])
        wait_until(lambda: guest.observe().frame_hash != before, timeout_s=5, what="a changed screen")
        guest.perform([Hotkey(("ctrl", "s"))])
        wait_until(lambda: b"second" in guest.read("~/Desktop/note.txt"), timeout_s=5, what="the saved file")
        assert guest.run(["cat", _home(guest, "Desktop/note.txt")]).stdout.rstrip() == b"first second"

    def test_the_page_in_a_browser_is_known_where_it_is_on_the_screen(self, machine: Machine) -> None:
        guest = machine.guest
        assert self.elements(guest) == {}
        guest.write("~/shop.html", _SHOP)
        guest.launch([*self.browser, _home(guest, "shop.html")])
        guest.wait_for_window(title="Shop", timeout_s=30)
        wait_until(lambda: len(self.elements(guest)) == 3, timeout_s=20, what="the page's elements")
        search, go, stock = self.elements(guest).items()
        assert (search[0], go[0], stock[0]) == ("Search", "Go", "In stock")
        guest.perform([Click(search[1][1]), TypeText("tea"), Click(stock[1][1])])
        wait_until(lambda: self.elements(guest)["Search"][0].text == "tea", timeout_s=10, what="the typed text")
        wait_until(lambda: "checked" in self.elements(guest)["In stock"][0].states, timeout_s=10, what="the check")
        guest.perform([Click(go[1][1])])
        guest.wait_for_window(title="tea in stock", timeout_s=10)

    @staticmethod
    def elements(guest: Guest) -> dict[str, tuple[PageElement, Point]]:
        """The elements of the pages that can be seen, by name, and where on the screen to click them."""
        dom = guest.observe(Observe(screenshot=False, tree=False, dom=True, dom_s=5)).dom
        assert dom is not None
        pairs = [(page, element) for page in dom.pages for element in page.elements]
        return {element.name: (element, page.on_screen(element.box).center) for page, element in pairs}

    def test_a_restored_machine_is_clean(self, machine: Machine) -> None:
        guest = machine.guest
        guest.write("~/left.txt", b"secret of the last episode")
        guest.write("/tmp/left.txt", b"secret of the last episode")
        guest.launch([*self.editor, _home(guest, "left.txt")])
        guest.wait_for_window(title="left.txt", timeout_s=20)
        machine.restore()
        guest = machine.guest
        for path in ("~/left.txt", "/tmp/left.txt"):
            with pytest.raises(NoSuchFile):
                guest.read(path)
        assert guest.observe(Observe(tree=False)).windows == ()
        assert machine.problem() is None

    def test_machines_at_once_are_apart(self, provider: Provider) -> None:
        with ExitStack() as stack:
            machines = [stack.enter_context(provider.machine(self.spec)) for _ in range(2)]
            for number, machine in enumerate(machines):
                machine.guest.write("~/number", str(number).encode())
            assert [machine.guest.read("~/number") for machine in machines] == [b"0", b"1"]
            assert len({machine.address for machine in machines}) == 2

    def test_a_worker_process_connects_by_the_address(self, machine: Machine) -> None:
        done = subprocess.run(
            [sys.executable, "-c", _CONNECT],
            input=json.dumps(_as_json(machine.address)),
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(done.stdout) == [self.spec.screen.height, self.spec.screen.width, 3]

    def test_a_dead_desktop_is_told_of_and_restore_brings_another(self, machine: Machine) -> None:
        guest = machine.guest
        self.kill(machine)
        wait_until(machine.problem, timeout_s=10, what="a problem")
        with pytest.raises(GuestError):
            guest.observe()
        machine.restore()
        assert machine.problem() is None
        assert machine.guest.observe().pixels is not None

    def test_a_snapshot_is_refused_where_it_is_not_offered(self, provider: Provider, machine: Machine, tmp_path) -> None:
        if provider.capabilities.snapshots:
            pytest.skip("this provider makes snapshots")
        with pytest.raises(MachineError):
            machine.snapshot()
        with pytest.raises(MachineError):
            provider.machine(self.spec, start=Snapshot(provider.name, "any", tmp_path))

    def test_leaving_the_context_removes_the_desktop(self, provider: Provider) -> None:
        before = self.traces(provider)
        with provider.machine(self.spec) as machine:
            machine.guest.observe()
            assert self.traces(provider) > before
        assert self.traces(provider) == before

    def test_requirements_name_what_is_needed(self, provider: Provider) -> None:
        for requirement in provider.requirements():
            assert requirement.name
            assert requirement.detail
            assert requirement.is_met or requirement.remedy


def _home(guest: Guest, name: str) -> str:
    """The absolute path of a file in the desktop's home."""
    return guest.run(["sh", "-c", "echo ~"]).stdout.decode().strip().replace("~", "/home/user") + f"/{name}"


def _as_json(address: GuestAddress) -> list[str | None]:
    return [address.kind, address.target, address.token, str(address.share) if address.share else None]
