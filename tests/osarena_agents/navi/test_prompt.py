"""What Navi's model is told."""

from __future__ import annotations

from osarena.agent import Brief
from osarena.perception.marks import Mark
from osarena.types.geometry import Box, Size
from osarena.types.observation import Observation, RawObservation, Window
from osarena.types.tree import Node, Tree
from osarena_agents.navi.prompt import as_deed, mark_as_text, step_prompt, system_prompt

SAVE = Mark(7, Node("push button", "Save", states=frozenset({"enabled", "focused"})), Box(100, 40, 40, 20))
BRIEF = Brief("Save $5 {all}.", screen=Size(400, 200), max_steps=9)


def look(clipboard: str = "") -> Observation:
    windows = (
        Window(1, "Notes", "notes", Box(0, 0, 1, 1), 0, is_minimized=True),
        Window(2, "Shop", "web", Box(0, 0, 1, 1), 1, is_focused=True),
    )
    tree = Tree(Node("desktop frame", "main", states=frozenset({"enabled"})))
    return Observation(3, Size(400, 200), RawObservation(tree=tree, windows=windows, clipboard=clipboard))


def test_a_mark_is_told_in_the_fractions_that_clicks_are_told_in() -> None:
    assert mark_as_text(SAVE, Size(400, 200)) == '7 push button "Save" [focused] [0.250 0.200 0.350 0.300]'


def test_the_step_says_how_things_stand() -> None:
    text = step_prompt(BRIEF, look("copied"), [SAVE], "Step 2: WAIT -> done", "half is done")
    assert "# The task\nSave $5 {all}.\n" in text
    assert "# What you noted\nhalf is done\n" in text
    assert "# What you have done\nStep 2: WAIT -> done\n" in text
    assert '"Shop" (web, has the focus)\n"Notes" (notes, minimised)\n' in text
    assert "# The clipboard\ncopied\n" in text
    assert '7 push button "Save"' in text
    assert text.rstrip().endswith("Step 4 of 9. What comes next?")
    assert "desktop frame" not in text


def test_without_pictures_the_whole_screen_is_told() -> None:
    assert 'desktop frame "main"' in step_prompt(BRIEF, look(), [], "", "", outline=9)


def test_a_long_clipboard_is_cut() -> None:
    text = step_prompt(BRIEF, look("x" * 5000), [], "", "")
    assert "x" * 500 + "… (5000 characters in all)" in text
    assert "x" * 501 not in text


def test_the_rules_name_only_functions_that_can_be_carried_out() -> None:
    linux, windows = Brief("", "linux"), Brief("", "windows")
    assert "switch_to_application" in system_prompt(linux, "both", has_tree=True)
    assert "switch_to_application" not in system_prompt(linux, "both", has_tree=False)
    assert "open_program" not in system_prompt(linux, "both", has_tree=True)
    assert "open_program" in system_prompt(windows, "both", has_tree=True)
    assert "400 x 200 pixels" in system_prompt(BRIEF, "none", has_tree=True)


def test_numbers_of_a_past_step_are_told_with_what_they_stood_for() -> None:
    said = "Now.\n```python\ncomputer.mouse.move_id(id=7)\ncomputer.mouse.single_click()\n```"
    assert as_deed(said, "COMMAND", [SAVE]) == (
        'computer.mouse.move_id(id=7)\ncomputer.mouse.single_click()\n  (then 7 was push button "Save" [focused])'
    )
    assert as_deed(said, "WAIT", [SAVE]) == "WAIT"
