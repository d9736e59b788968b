"""What was done, in words."""

from __future__ import annotations

import numpy as np

from osarena.types.geometry import Size
from osarena.types.observation import Observation, RawObservation
from osarena_agents.deeds import Deeds


def look(shade: int, error: str = "") -> Observation:
    return Observation(0, Size(2, 2), RawObservation(np.full((2, 2, 3), shade, np.uint8)), error)


def test_steps_are_told_with_what_became_of_them_as_far_as_that_is_known() -> None:
    deeds = Deeds()
    deeds.see(look(0))
    assert deeds.told(5, empty="None") == "None"
    for shade, wanted in ((0, "click"), (1, "type"), (1, "press")):
        deeds.see(look(shade))
        deeds.add(wanted, look(shade))
    assert deeds.told(5, empty="None") == (
        "Step 1: click -> done\nStep 2: type -> done, but nothing changed on the screen\nStep 3: press"
    )
    assert deeds.told(2, empty="None", outcomes=False) == "Step 2: type\nStep 3: press"
    assert deeds.told(0, empty="None") == "None"
    deeds.see(look(1, "no such key"))
    assert deeds.seen is not None
    assert deeds.told(1, empty="None") == "Step 3: press -> could not be carried out: no such key"


def test_what_became_of_a_step_of_several_lines_has_a_line_of_its_own() -> None:
    deeds = Deeds()
    assert deeds.seen is None
    deeds.add("move\nclick", look(0))
    deeds.see(look(1))
    assert deeds.told(5, empty="None") == "Step 1: move\nclick\n-> done"
