"""Plays with a poster in layers, in GIMP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from osarena.players.screen import Screen
from osarena.tasks.model import play
from osarena.types.tree import Node
from osarena_tasks.plays._gimp import command, export, title_of

_RAISE = {"above photo": ("Raise Layer", "Raise this layer one step"), "top": ("Layer to Top", "Move this layer to the top")}


@play
def finish(
    screen: Screen,
    values: Mapping[str, Any],
    *,
    draft: Literal["hide", "delete"] = "hide",
    rename: bool = True,
    sponsors: Literal["above photo", "top"] = "above photo",
    flip: Literal["first", "after saving", "after exporting"] = "first",
    copy_as: str = "",
) -> None:
    """Put the layers in order, save, and export."""
    poster = values["poster"]
    layers = screen.inside("tree table")
    if draft == "hide":
        _hide(screen, layers, "Draft")
    else:
        _delete(screen, layers, "Draft")
    _delete(screen, layers, poster["old_date"])
    if rename:
        _rename(screen, layers, poster["date"], f"Date {poster['year']}")
    _pick(layers, "Sponsors")
    command(screen, *_RAISE[sponsors])
    exports = [f"{poster['name']}.jpg", *([copy_as] if copy_as else [])]
    if flip == "after exporting":
        _export_all(screen, exports)
    if flip != "after saving":
        _flip(screen, layers, "Arrow")
    screen.hotkey("ctrl", "s")
    screen.wait_for("frame", title_of(f"{poster['name']}.xcf"))
    if flip == "after saving":
        _flip(screen, layers, "Arrow")
    if flip != "after exporting":
        _export_all(screen, exports)


def _export_all(screen: Screen, names: Sequence[str]) -> None:
    for name in names:
        export(screen, f"~/Desktop/{name}", "JPEG")


def _pick(layers: Screen, name: str) -> None:
    layers.click("table cell", name)
    layers.wait_for("table cell", name, states=["selected"])


def _hide(screen: Screen, layers: Screen, name: str) -> None:
    """Click the eye in a layer's row."""
    screen.click_on(layers.wait_until(lambda shown: _eye(shown, name), what=f"the eye of {name}"))
    layers.wait_until(lambda shown: "checked" not in eye.states if (eye := _eye(shown, name)) else None, what=f"{name} hidden")


def _eye(layers: Screen, name: str) -> Node | None:
    """The first cell of the row that has the name in it."""
    tops = [cell.box.y for cell in layers.find_all("table cell", name) if cell.box]
    return next((cell for cell in layers.find_all("table cell") if cell.box and cell.box.y in tops), None)


def _delete(screen: Screen, layers: Screen, name: str) -> None:
    _pick(layers, name)
    command(screen, "Delete Layer", "Delete this layer")
    layers.wait_gone("table cell", name)


def _rename(screen: Screen, layers: Screen, name: str, new_name: str) -> None:
    _pick(layers, name)
    command(screen, "Edit Layer Attributes...", "Edit the layer's name")
    dialog = screen.inside("dialog", "Layer Attributes")
    dialog.wait_for("text", states=["focused"])
    screen.hotkey("ctrl", "a")
    screen.type(f"{new_name}\n")
    dialog.wait_gone()
    layers.wait_for("table cell", new_name)


def _flip(screen: Screen, layers: Screen, name: str) -> None:
    _pick(layers, name)
    command(screen, "Flip Horizontally", "Flip drawable")
