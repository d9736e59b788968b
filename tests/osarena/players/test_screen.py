"""A play's screen: finding, waiting and handing out."""

from __future__ import annotations

import re

import pytest

from osarena.errors import TaskError
from osarena.players.screen import Screen
from osarena.players.script import play_script
from osarena.players.seek import NotOnScreenError
from osarena.types.actions import Click, Drag, Hotkey, Press, Scroll, TypeText
from osarena.types.geometry import Box, Point
from osarena.types.tree import Node
from tests.support.looks import Acts, LookedAt, desktop, element

OK = element("push button", "OK", at=(100, 200))
CANCEL = element("push button", "Cancel", at=(150, 200))
DIALOG = element("dialog", "Save Document?", OK, CANCEL)


# What comes is waited for as long as a busy machine may take; what never comes is not.
PATIENCE_S, IN_VAIN_S = 30.0, 0.3


def screen_of(*roots: Node, acts: Acts | None = None, patience_s: float = PATIENCE_S) -> Screen:
    return Screen(LookedAt(*roots), acts or Acts(), patience_s=patience_s)


def test_element_is_found_by_role_and_name_or_pattern() -> None:
    screen = screen_of(desktop(DIALOG))
    assert screen.find("push button", "Cancel") is CANCEL
    assert screen.find(name=re.compile("^Canc")) is CANCEL
    assert screen.find("push button") is OK
    assert screen.find_all("push button") == [OK, CANCEL]
    assert not screen.is_there("push button", "Cance")


def test_a_program_that_quits_is_asked_for_no_tree() -> None:
    guest = LookedAt(desktop(element("frame", "talk.odp - Impress", OK)), titles=["Mail", "talk.odp - Impress"], window_looks=4)
    Screen(guest, Acts(), patience_s=PATIENCE_S).inside("frame", re.compile(r"^talk\.odp")).wait_gone()
    assert (guest.looks, guest.trees) == (5, 0)


def test_a_frame_that_is_no_window_is_gone_when_the_tree_has_it_no_longer() -> None:
    guest = LookedAt(*[desktop(element("frame", "Mail"))] * 3, desktop(), titles=["Calendar"])
    Screen(guest, Acts(), patience_s=PATIENCE_S).inside("frame", "Mail").wait_gone()
    assert guest.looks == 4


def test_states_narrow_the_search() -> None:
    other = element("push button", "OK", states="focused")
    assert screen_of(desktop(OK, other)).find("push button", "OK", states=["focused"]) is other


def test_missing_element_says_what_there_is_instead() -> None:
    with pytest.raises(NotOnScreenError, match=r"push button 'Okay'.*there is push button 'OK', .*'Cancel'"):
        screen_of(desktop(DIALOG)).find("push button", "Okay")


def test_waiting_ends_when_the_element_is_there_and_still() -> None:
    moving = [desktop(element("push button", "OK", at=(x, 0))) for x in (10, 20, 30, 30)]
    acts = Acts()
    screen_of(desktop(), *moving, acts=acts).click("push button", "OK")
    assert acts.actions == [Click(Point(40, 5))]


def test_waiting_in_vain_ends_with_an_error_that_names_what_was_awaited() -> None:
    with pytest.raises(NotOnScreenError, match=r"waited for push button 'Send' on the screen within 0.3 s; there is push button"):
        screen_of(desktop(DIALOG), patience_s=IN_VAIN_S).wait_for("push button", "Send")
    with pytest.raises(NotOnScreenError, match="dialog to go away"):
        screen_of(desktop(DIALOG), patience_s=IN_VAIN_S).wait_gone("dialog")
    with pytest.raises(NotOnScreenError, match="the answer"):
        screen_of(desktop(), patience_s=IN_VAIN_S).wait_until(lambda screen: screen.is_there("label"), what="the answer")


def test_screen_narrowed_to_a_dialog_sees_nothing_else() -> None:
    behind = element("push button", "OK", at=(5, 5))
    screen = screen_of(desktop(behind, DIALOG), desktop(behind, DIALOG), desktop(behind))
    dialog = screen.inside("dialog", "Save Document?")
    assert dialog.find("push button", "OK") is OK
    dialog.wait_gone()
    with pytest.raises(NotOnScreenError, match=r"in dialog 'Save Document\?' \(which is not there\); there is push button 'OK'"):
        dialog.find("push button", "OK")


def test_window_is_awaited_by_its_title() -> None:
    screen = Screen(LookedAt(desktop(), titles=["sales.xlsx - Calc"]), Acts(), patience_s=IN_VAIN_S)
    screen.wait_for_window("sales.xlsx")
    with pytest.raises(NotOnScreenError, match=r"titled 'q3\.xlsx'"):
        screen.wait_for_window("q3.xlsx")


def test_acts_are_handed_out_one_by_one_and_described() -> None:
    acts = Acts()
    screen = screen_of(desktop(DIALOG), acts=acts)
    screen.double_click("push button", "OK")
    screen.right_click("push button", "Cancel")
    screen.type("a\tb")
    screen.press("down", 3)
    screen.hotkey("ctrl", "s")
    screen.drag(OK, Point(9, 9))
    screen.scroll(OK, dy=-2)
    assert acts.actions == [
        Click(Point(110, 205), count=2),
        Click(Point(160, 205), button="right"),
        TypeText("a\tb"),
        Press("down", 3),
        Hotkey(("ctrl", "s")),
        Drag((Point(110, 205), Point(9, 9))),
        Scroll(Point(110, 205), 0, -2),
    ]
    assert acts.thoughts[0] == "Double-click push button 'OK'"
    assert acts.thoughts[3] == "Press down 3 times"


def test_filling_a_field_types_over_what_it_holds() -> None:
    acts = Acts()
    screen_of(desktop(element("entry", "Name", text="old")), acts=acts).fill("entry", "Name", "new")
    assert acts.actions[1:] == [Hotkey(("ctrl", "a")), TypeText("new")]


def test_reading_gives_text_before_name() -> None:
    screen = screen_of(desktop(element("entry", "Name", text="Eva"), OK))
    assert screen.read("entry", "Name") == "Eva"
    assert screen.read("push button") == "OK"


def test_scrolling_goes_on_until_the_element_lies_in_the_area() -> None:
    area = Node("document web", box=Box(0, 0, 100, 100))
    hidden = desktop(area, element("link", "Next", at=(0, 400)))
    shown = desktop(area, element("link", "Next", at=(0, 40)))
    acts = Acts()
    guest = LookedAt(hidden, hidden, shown)
    assert Screen(guest, acts, patience_s=PATIENCE_S).scroll_to(area, "link", "Next").box == Box(0, 40, 20, 10)
    assert acts.actions == [Scroll(Point(50, 50), 0, 3)]
    with pytest.raises(NotOnScreenError, match="link 'Last'"):
        screen_of(shown, patience_s=IN_VAIN_S).scroll_to(area, "link", "Last")


def test_script_of_json_steps_is_played() -> None:
    acts = Acts()
    steps = [
        {"do": "fill", "role": "entry", "name": "Name", "text": "Eva"},
        {"do": "click", "inside": {"role": "dialog"}, "role": "push button", "name_like": "^O"},
        {"do": "hotkey", "keys": ["ctrl", "s"]},
        {"do": "press", "key": "enter"},
        {"do": "wait_gone", "role": "alert"},
    ]
    play_script(screen_of(desktop(element("entry", "Name"), DIALOG), acts=acts), steps)
    assert acts.actions == [Click(Point(10, 5)), TypeText("Eva"), Click(Point(110, 205)), Hotkey(("ctrl", "s")), Press("enter")]


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"do": "destroy"}, r"play\[0\]: there is no step 'destroy'; known are click"),
        ({"role": "label"}, r"there is no step None"),
        ({"do": "type", "words": "x"}, r"play\[0\] type: .*'words'"),
        ({"do": "click", "name_like": "("}, r"play\[0\]"),
    ],
)
def test_wrong_script_is_a_task_error_that_names_the_step(step: dict[str, str], words: str) -> None:
    with pytest.raises(TaskError, match=words):
        play_script(screen_of(desktop(DIALOG)), [step])
