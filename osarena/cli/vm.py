"""`osarena vm`: what machines are made from: built, listed, removed."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from osarena.images.root import RootRecipe
    from osarena.images.store import RootImage

app = typer.Typer(help="Build, list and remove what machines are made from.", no_args_is_help=True)

# Stages that come by the hundred.
_DETAILS = ("Unpacking", "Setting up")

BUILD_HELP = """`root` is a root file system of Debian 12 with the desktop and all of its applications, made by mmdebstrap from
Debian's packages, from where this machine takes its own. It takes some minutes and about 3 GB. What it is made of, with versions
and a digest, is written down beside it. Nothing is done where it is there already, unless the list of packages has changed.

Examples:

  osarena vm build root

  osarena vm build root --again       # with today's versions of all packages

  osarena run --suite core --agent oracle --root built

Images lie in /var/cache/osarena/images for root, else in ~/.cache/osarena/images, or where OSARENA_IMAGES says. With --json, one
object on standard output: name, suite, architecture, digest, packages (versions by name), size_bytes, built, folder.
"""
LIST_HELP = """With --json, one object on standard output: images, a list of objects as `osarena vm build --json` prints them."""


@app.command(epilog=BUILD_HELP)
def build(
    what: Annotated[Literal["root"], typer.Argument(help="What to build.")],
    again: Annotated[bool, typer.Option("--again", help="Build it anew, though it is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")] = False,
) -> None:
    """Build what machines are made from, unless it is there."""
    from osarena.images import root

    assert what == "root"
    recipe = root.desktop_recipe()
    image = None if again else root.built(recipe)
    if image is None:
        image = _build_root(recipe)
    if as_json:
        print(json.dumps(_record(image)))
        return
    applications = f"{len(image.packages)} packages, {image.size_bytes / 1e9:.2f} GB"
    print(f"{image.name}: Debian {image.suite}, {applications}, built {image.built}")
    print(image.folder)


@app.command("list", epilog=LIST_HELP)
def list_images(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")] = False,
) -> None:
    """List what was built."""
    from rich.console import Console
    from rich.table import Table

    from osarena.images.store import images_folder, root_images

    images = root_images()
    if as_json:
        print(json.dumps({"images": [_record(image) for image in images]}))
        return
    if not images:
        print(f"no image in {images_folder()}; `osarena vm build root` makes one")
        return
    table = Table("image", "system", "packages", "size", "built", box=None, header_style="", pad_edge=False)
    for image in images:
        size = f"{image.size_bytes / 1e9:.2f} GB"
        table.add_row(
            image.name, f"{image.suite} {image.architecture}", str(len(image.packages)), size, image.built[:16].replace("T", " ")
        )
    Console(highlight=False).print(table)


@app.command()
def remove(name: Annotated[str, typer.Argument(help="As `osarena vm list` has it.")]) -> None:
    """Remove an image."""
    from osarena.images.store import remove as remove_image

    print(f"removed {name} ({remove_image(name) / 1e9:.2f} GB)")


def _build_root(recipe: RootRecipe) -> RootImage:
    """Build it, and tell of it on standard error: on a terminal in a line that changes, elsewhere in one for each main stage."""
    from rich.console import Console

    from osarena.images.root import build

    began = time.monotonic()
    if not sys.stderr.isatty():
        return build(recipe, lambda stage: None if stage.startswith(_DETAILS) else print(stage, file=sys.stderr, flush=True))
    with Console(stderr=True).status("building a root file system") as status:
        return build(recipe, lambda stage: status.update(f"{time.monotonic() - began:4.0f} s  {stage}"))


def _record(image: RootImage) -> dict[str, object]:
    names = ("name", "suite", "architecture", "recipe", "digest", "size_bytes", "built")
    return {name: getattr(image, name) for name in names} | {"packages": dict(image.packages), "folder": str(image.folder)}
