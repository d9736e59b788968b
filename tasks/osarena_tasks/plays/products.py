"""Plays with pictures for a web shop, in GIMP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from osarena.players.screen import Screen
from osarena.tasks.model import play
from osarena_tasks.plays._gimp import command, export, fill_number

_TURNS = {"left": "Rotate 90° counter-clockwise", "right": "Rotate 90° clockwise"}
_OTHER = {"left": "right", "right": "left"}


@play
def prepare(
    screen: Screen,
    values: Mapping[str, Any],
    *,
    turn: Literal["upright", "upside down"] = "upright",
    is_centred: bool = True,
    on_white: bool = False,
    overwrite: bool = False,
    copy_as: str = "",
) -> None:
    """Turn the picture, crop it to what is on it, scale that, put it into the middle of a square, and export."""
    product = values["product"]
    side = product["turn"] if turn == "upright" else _OTHER[product["turn"]]
    command(screen, _TURNS[side], "Rotate the image")
    if overwrite:
        command(screen, "Overwrite", "Export the image back")
    command(screen, "Crop to Content", "Crop the image")
    _scale(screen, product["height"])
    _enlarge_canvas(screen, product["canvas"], is_centred=is_centred)
    if on_white:
        command(screen, "Flatten Image", "Merge all layers")
    for name in [f"{product['name']}-shop.png", *([copy_as] if copy_as else [])]:
        export(screen, f"~/Documents/{name}", "PNG")


def _scale(screen: Screen, height: int) -> None:
    """Width and height are chained, so that the width follows."""
    command(screen, "Scale Image...", "Change the size")
    dialog = screen.inside("dialog", "Scale Image")
    fill_number(screen, dialog, "Height:", height)
    dialog.click("push button", "Scale")
    dialog.wait_gone()


def _enlarge_canvas(screen: Screen, side: int, *, is_centred: bool) -> None:
    command(screen, "Canvas Size...", "Adjust the image")
    dialog = screen.inside("dialog", "Set Image Canvas Size")
    size = dialog.inside("panel", "Canvas Size")
    fill_number(screen, size, "Width:", side)
    fill_number(screen, size, "Height:", side)
    if is_centred:
        dialog.click("push button", "Center")
    dialog.click("push button", "Resize")
    dialog.wait_gone()
