"""`osarena serve`: desktops for programs that speak another project's protocol."""

from __future__ import annotations

import json
import signal
import threading
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from osarena.web.osworld.serving import Ports

app = typer.Typer(help="Serve desktops to programs that speak another project's protocol.", no_args_is_help=True)

OSWORLD_HELP = """Agents and scripts made for OSWorld drive the desktop as they drive a virtual machine: 127.0.0.1 is its address,
and these are its ports. Programs over pyautogui are read and carried out as typed actions; everything else runs as the desktop's
user inside its sandbox. The desktop has Chromium and no network; files are downloaded by this machine.

The protocol has no token: whoever can reach the ports has the desktop. So they are on loopback alone, and only requests that name
localhost as their host are answered. Every user of this machine can send those.

Examples:

  osarena serve osworld

  osarena serve osworld --desktops 3 --port 5000 --chrome-port 9222 --vlc-port 8080

  curl http://127.0.0.1:5000/screenshot > screen.png

With several desktops, the second one has the next port of each kind, and so on; port 0 is any that is free. Ctrl-C ends them.
With --json, one line on standard output tells the ports: {"desktops": [{"server": 5000, "chrome": 9222, "vlc": 8080}]}.
"""


@app.command(epilog=OSWORLD_HELP)
def osworld(
    desktops: Annotated[int, typer.Option(min=1, max=64, help="How many, each on ports of its own.")] = 1,
    port: Annotated[int, typer.Option(min=0, max=65_000, help="Of OSWorld's server, the first desktop's.")] = 5000,
    chrome_port: Annotated[int, typer.Option(min=0, max=65_000, help="On which the browser is debugged.")] = 9222,
    vlc_port: Annotated[int, typer.Option(min=0, max=65_000, help="On which VLC answers (password: password).")] = 8080,
    host: Annotated[str, typer.Option(help="An address of loopback.")] = "127.0.0.1",
    provider: Annotated[str, typer.Option(help="Where desktops come from: local, fake, or module:Class.")] = "local",
    screen: Annotated[str, typer.Option(help="Size of the desktops in pixels.")] = "1920x1080",
    as_json: Annotated[bool, typer.Option("--json", help="Print the ports as one JSON object.")] = False,
) -> None:
    """Start desktops that answer as OSWorld's do, until Ctrl-C."""
    from osarena.cli.options import machine_spec, make_provider
    from osarena.web.osworld.serving import Ports, bridge, loopback

    address, spec, wanted = loopback(host), machine_spec(screen), Ports(port, chrome_port, vlc_port)
    with ExitStack() as stack:
        source = stack.enter_context(closing(make_provider(provider, {"spares": 0} if provider == "local" else {})))
        served = []
        for number in range(desktops):
            machine = stack.enter_context(source.machine(spec))
            served.append(stack.enter_context(bridge(machine, spec, wanted.of(number), host=address)))
        _tell(served, address, as_json=as_json)
        _wait_for_a_signal()


def _wait_for_a_signal() -> None:
    """Return at Ctrl-C or SIGTERM."""
    asked = threading.Event()
    former = {number: signal.signal(number, lambda *_: asked.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        asked.wait()
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _tell(served: Sequence[Ports], address: str, *, as_json: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    if as_json:
        ports = [{"server": one.server, "chrome": one.chrome, "vlc": one.vlc} for one in served]
        print(json.dumps({"desktops": ports}), flush=True)
        return
    console, host = Console(), f"[{address}]" if ":" in address else address
    table = Table("desktop", "OSWorld's server", "browser (CDP)", "VLC (HTTP)")
    for number, one in enumerate(served, 1):
        others = (f"http://{host}:{port}" if port else "-" for port in (one.chrome, one.vlc))
        table.add_row(str(number), f"http://{host}:{one.server}", *others, style=None)
    console.print(table)
    console.print(
        "served: screenshot, accessibility, terminal, execute, run_python, run_bash_script, file, list_directory, "
        "setup/launch, setup/upload, setup/download_file, setup/open_file, windows, wallpaper, recording",
        highlight=False,
    )
    console.print("There is no token: every program of this machine can use these ports. Ctrl-C ends the desktops.")
