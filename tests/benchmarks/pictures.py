"""`python -m tests.benchmarks.pictures FOLDER [SOURCES]`: pictures of the marks that Navi's model is shown, to be looked at.

On a sheet in Calc, on a dialog in front of it, and on the page of a shop in Chromium. SOURCES are those of Navi's `marks`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from osarena.env.desktop import DesktopEnv
from osarena.types.actions import Hotkey
from osarena_agents.navi.agent import marked_picture
from osarena_agents.sight import Sight
from tests.benchmarks.start_desktops import start_desktops

# Tasks with what is pressed on their start desktops, and how the picture is called.
_SCENES = {
    "calc/total-by-region": (("calc", None), ("dialog", Hotkey(("ctrl", "h")))),
    "chromium/gift-order": (("chromium", None),),
}


def main(folder: Path, sources: str) -> None:
    """Write the pictures as WebP of few colours, which is small and loses nothing that a person would see."""
    folder.mkdir(parents=True, exist_ok=True)
    sight = Sight(sources)
    for task, env in start_desktops("core", list(_SCENES)):
        for name, action in _SCENES[task]:
            if action is not None:
                env.step(action)
            path = folder / f"{name}.webp"
            marks = _picture(env, sight, path)
            print(f"{path}: {marks} marks, {path.stat().st_size / 1000:.0f} KB", flush=True)


def _picture(env: DesktopEnv, sight: Sight, path: Path) -> int:
    """Write what is on the screen with its marks; their number."""
    sight.reset()
    marks = sight.look(env.observation)
    drawn = Image.fromarray(marked_picture(env.observation.screenshot, marks, env.observation.screen))
    drawn.quantize(128, dither=Image.Dither.NONE).convert("RGB").save(path, lossless=True, quality=100, method=6)
    return len(marks)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(sys.argv[2:] or ["tree"]))
