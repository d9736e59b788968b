"""Agents' pyautogui programs become typed actions, and nothing that they write is run."""

from __future__ import annotations

import time

import pytest

from osarena.errors import AgentError
from osarena.perception.frames import CoordinateFrame
from osarena.perception.pyautogui_calls import Hand
from osarena.perception.pyautogui_text import follow, translate
from osarena.types.actions import (
    Action,
    Click,
    Drag,
    Finish,
    Hotkey,
    KeyDown,
    KeyUp,
    Move,
    Press,
    Scroll,
    Shell,
    TypeText,
    Wait,
    from_json,
    to_json,
)
from osarena.types.geometry import Point, Size

SCREEN = Size(1920, 1080)


def _translate(text: str) -> list[Action]:
    actions = translate(text, screen=SCREEN)
    for action in actions:
        assert from_json(to_json(action)) == action, "the guest would refuse it"
    return actions


GOLDEN: list[tuple[str, list[Action]]] = [
    ("pyautogui.click(100, 200)", [Click(Point(100, 200))]),
    ("pyautogui.click(x=100.4, y=199.6, clicks=2, interval=0.1, button='right')", [Click(Point(100, 200), "right", 2)]),
    ("pyautogui.click((3, 4), button='secondary')", [Click(Point(3, 4), "right")]),
    ("pyautogui.click()", [Click()]),
    ("pyautogui.mouseDown(5, 6)\ntime.sleep(1)\npyautogui.mouseUp()", [Drag((Point(5, 6), Point(5, 6)), duration_s=1.0)]),
    ("pyautogui.hotkey(keys=['ctrl', 's'])", [Hotkey(("ctrl", "s"))]),
    ("pyautogui.write(text='a')\npyautogui.press(key='b')", [TypeText("a"), Press("b")]),
    ("pyautogui.click(5, 6, 2, 0.25, 'middle', 0.5)", [Click(Point(5, 6), "middle", 2)]),
    ("pyautogui.doubleClick(1, 2)", [Click(Point(1, 2), count=2)]),
    ("pyautogui.tripleClick(1, 2, duration=1)", [Click(Point(1, 2), count=3)]),
    ("pyautogui.rightClick(1, 2)\npyautogui.middleClick()", [Click(Point(1, 2), "right"), Click(button="middle")]),
    ("pyautogui.moveTo(7, 8, duration=0.5)", [Move(Point(7, 8))]),
    ("pyautogui.moveTo(7, 8, 0.7, pyautogui.easeInQuad)", [Move(Point(7, 8))]),
    (
        "pyautogui.moveTo(1, 2)\npyautogui.dragTo(7, 8, duration=1.0, button='left', mouseDownUp=True)",
        [Move(Point(1, 2)), Drag((Point(1, 2), Point(7, 8)), duration_s=1.0)],
    ),
    ("pyautogui.moveTo(7, 8); pyautogui.moveRel(-2, 3)", [Move(Point(7, 8)), Move(Point(5, 11))]),
    ("pyautogui.moveTo(7, 8)\npyautogui.move(1, 0)", [Move(Point(7, 8)), Move(Point(8, 8))]),
    (
        "pyautogui.moveTo(7, 8)\npyautogui.dragTo(9, 10, 0.5, button='left')",
        [Move(Point(7, 8)), Drag((Point(7, 8), Point(9, 10)), duration_s=0.5)],
    ),
    ("pyautogui.click(7, 8)\npyautogui.drag(10, 0)", [Click(Point(7, 8)), Drag((Point(7, 8), Point(17, 8)))]),
    (
        "pyautogui.mouseDown(1, 2)\ntime.sleep(0.5)\npyautogui.moveTo(5, 6)\npyautogui.moveTo(9, 9)\npyautogui.mouseUp()",
        [Drag((Point(1, 2), Point(5, 6), Point(9, 9)), duration_s=0.5)],
    ),
    ("pyautogui.moveTo(1, 2)\npyautogui.mouseDown()\npyautogui.mouseUp()", [Move(Point(1, 2)), Click(Point(1, 2))]),
    ("pyautogui.scroll(-5)", [Scroll(dy=5)]),
    ("pyautogui.scroll(3, x=10, y=20)", [Scroll(Point(10, 20), dy=-3)]),
    ("pyautogui.hscroll(4)\npyautogui.vscroll(1)", [Scroll(dx=4), Scroll(dy=-1)]),
    ("pyautogui.scroll(-250)", [Scroll(dy=100), Scroll(dy=100), Scroll(dy=50)]),
    ("pyautogui.write('Héllo\\n', interval=0.05)", [TypeText("Héllo\n")]),
    ("pyautogui.typewrite(['a', 'enter'])", [Press("a"), Press("enter")]),
    ("pyautogui.press('pgdn', presses=3, interval=0.1)", [Press("pagedown", 3)]),
    ("pyautogui.press(['tab', 'return'])", [Press("tab"), Press("enter")]),
    ("pyautogui.hotkey('ctrl', 'shiftleft', 'esc')", [Hotkey(("ctrl", "shift", "escape"))]),
    ("pyautogui.hotkey(['Ctrl', 'S'])", [Hotkey(("ctrl", "S"))]),
    ("pyautogui.hotkey('ctrl+c')\npyautogui.hotkey('ctrl++')", [Hotkey(("ctrl", "c")), Hotkey(("ctrl", "+"))]),
    ("pyautogui.keyDown('shift')\npyautogui.keyUp('shift')", [KeyDown("shift"), KeyUp("shift")]),
    ("with pyautogui.hold('shift'):\n    pyautogui.press('left')", [KeyDown("shift"), Press("left"), KeyUp("shift")]),
    ("import time\ntime.sleep(0.5)\npyautogui.sleep(1)", [Wait(0.5), Wait(1.0)]),
    ("from time import sleep as nap\nimport pyautogui as pg\npg.press('a'); nap(1)", [Press("a"), Wait(1.0)]),
    ("from pyautogui import click\nclick(1, 2)", [Click(Point(1, 2))]),
    ("x, y = 10, 20\ny += 5\npyautogui.click(x * 2, y // 2 + 1)", [Click(Point(20, 13))]),
    ("points = [(1, 2), (3, 4)]\nfor x, y in points:\n    pyautogui.click(x, y)", [Click(Point(1, 2)), Click(Point(3, 4))]),
    ("for i in range(2):\n    pyautogui.write(f'row {i + 1}\\n')", [TypeText("row 1\n"), TypeText("row 2\n")]),
    ("for i, key in enumerate('ab'):\n    pyautogui.press(key, presses=i + 1)", [Press("a"), Press("b", 2)]),
    ("w, h = pyautogui.size()\npyautogui.click(w / 2, h - 1)", [Click(Point(960, 1079))]),
    ("pyautogui.click(pyautogui.size()[0] - 1, int('7'))", [Click(Point(1919, 7))]),
    ("p = (3, 4)\npyautogui.click(*p)", [Click(Point(3, 4))]),
    ("import pyautogui\npyautogui.PAUSE = 0.1\npyautogui.FAILSAFE = False\nprint('hi')\npyautogui.press('-')", [Press("-")]),
    ("'''A comment.'''\n# more\npyautogui.write('ab' * 2 + 'c')", [TypeText("ababc")]),
    ("WAIT", [Wait(1.0)]),
    (" DONE\n", [Finish("done")]),
    ("```FAIL```", [Finish("infeasible")]),
    ("I click it.\n```python\nimport pyautogui\npyautogui.click(1, 2)\n```", [Click(Point(1, 2))]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "actions"), GOLDEN, ids=[text for text, _ in GOLDEN])
def test_program_becomes_actions(text: str, actions: list[Action]) -> None:
    assert _translate(text) == actions


def test_movement_may_start_at_the_known_pointer() -> None:
    assert translate("pyautogui.dragRel(5, 5)", screen=SCREEN, pointer=Point(1, 1)) == [Drag((Point(1, 1), Point(6, 6)))]
    assert translate("pyautogui.click(*pyautogui.position())", screen=SCREEN, pointer=Point(1, 1)) == [Click(Point(1, 1))]


REFUSED = [
    ("pyautogui.dragTo(1, 2)", "where the pointer is"),
    ("pyautogui.moveRel(1, 2)", "where the pointer is"),
    ("pyautogui.mouseDown(1, 2)", "without its mouseUp"),
    ("pyautogui.mouseUp()", "without its mouseDown"),
    ("pyautogui.mouseDown(1, 2)\npyautogui.press('a')\npyautogui.mouseUp()", "can only move"),
    ("pyautogui.click('button.png')", "by its picture"),
    ("pyautogui.press('hyper')", "no key 'hyper'"),
    ("pyautogui.click(1, 2, button='fourth')", "no mouse button"),
    ("pyautogui.click(1, 2, force=True)", "takes no force"),
    ("pyautogui.click(1)", "y is None"),
    ("pyautogui.click(1, 2, clicks=0)", "clicks is 0"),
    ("pyautogui.click(float('nan'), 2)", "beyond a billion"),
    ("pyautogui.screenshot()", "not available"),
    ("pyautogui.sleep(3600)", "no time from 0"),
    ("pyautogui.scroll(10 ** 6)", "not available"),
    ("pyautogui.scroll(1000000)", "not a number of"),
    ("x = 5", "does nothing"),
    ("", "does nothing"),
    ("click the button", "not Python"),
    ("pyautogui.click(a, b)", "no variable a"),
    ("import os", "os is not available"),
    ("pyautogui.click(1, 2)\nimport pyperclip", "line 2: pyperclip is not available"),
    ("if True:\n    pyautogui.click(1, 2)", "line 1: if True:"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED, ids=[text for text, _ in REFUSED])
def test_what_cannot_be_done_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(AgentError, match=reason):
        _translate(text)


HOSTILE = [
    "__import__('os').system('touch /tmp/owned')",
    "getattr(pyautogui, 'click')(1, 2)",
    "pyautogui.__class__",
    "pyautogui.__getattribute__('click')(1, 2)",
    "pyautogui.click.__globals__['os'].system('id')",
    "().__class__.__bases__[0].__subclasses__()",
    "pyautogui.write('{0.__class__}'.format(pyautogui))",
    "pyautogui.write(f'{pyautogui.click!r:>1000000000}')",
    "pyautogui.write(f'{1:>1000000000}')",
    "eval('pyautogui.click(1, 2)')",
    "exec('import os')",
    "open('/etc/passwd').read()",
    "import os\nos.system('id')",
    "import pyautogui.os",
    "from pyautogui import os\nos.system('id')",
    "from os import system\nsystem('id')",
    "from time import *\nsleep(1)",
    "pyautogui = 5\npyautogui.os.system('id')",
    "time.sleep.__self__",
    "lambda: pyautogui.click(1, 2)",
    "[pyautogui.click(i, i) for i in range(10**9)]",
    "pyautogui.write(''.join(str(i) for i in range(10**9)))",
    "pyautogui.write('a' * 10**10)",
    "pyautogui.write('a' * 999999999)",
    "pyautogui.write(str(10**10**10))",
    "pyautogui.click(10**10**10, 1)",
    "pyautogui.click(9 ** 9 ** 9 ** 9, 1)",
    "pyautogui.click(1 << 10**9, 1)",
    "pyautogui.click(round(1, -10**9), 1)",
    "pyautogui.click(round(1, -1000000000), 1)",
    "pyautogui.write('%1000000000d' % 1)",
    "pyautogui.hotkey(*range(1000000000))",
    "pyautogui.hotkey(*enumerate(range(1000000000)))",
    "for i in range(10**9):\n    pass",
    "for i in range(1000000000):\n    pass\npyautogui.press('a')",
    "for i in range(1000):\n    pyautogui.press('a')",
    "for i in range(1000):\n  for j in range(1000):\n    for k in range(1000):\n      x = 1",
    "while True:\n    pyautogui.press('a')",
    "def f():\n    f()\nf()",
    "class A: pass",
    "x = [1]\n" + "x = [x, x]\n" * 60 + "pyautogui.write(str(x))",
    "x = ['a' * 9999] * 1\n" + "x = x + x\n" * 60 + "pyautogui.write(f'{x}')",
    "x = 'a'\n" + "x = x + x\n" * 60 + "pyautogui.write(x)",
    "x = 1\n" + "x = x * 1000\n" * 60 + "pyautogui.click(x, x)",
    "(" * 5000 + ")" * 5000,
    "pyautogui.click(" + "1+" * 9000 + "1, 1)",
    "pyautogui.click(" + "-" * 9000 + "1, 1)",
    "pyautogui.write(" + "[" * 150 + "]" * 150 + ")",
    "pyautogui.press('a')\n" * 5000,
    "\0",
    "pyautogui.write(b'bytes')",
    "9" * 10_000,
    "pyautogui.click(int('9' * 9000), 1)",
    "x: int = 5\npyautogui.click(x, x)",
    "del pyautogui\npyautogui.click(1, 1)",
    "global x\nx = 1",
    "assert pyautogui.click(1, 1)",
    "raise SystemExit",
    "match 1:\n  case 1: pyautogui.click(1, 1)",
    "async def f(): pass",
    "pyautogui.click(x := 5, x)",
    "pyautogui.click(**{'x': 1, 'y': 2})",
    "pyautogui.click(1 if 1 else 2, 1)",
]


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:60] for text in HOSTILE])
def test_hostile_text_is_refused_at_once(text: str) -> None:
    started = time.perf_counter()
    with pytest.raises(AgentError):
        _translate(text)
    assert time.perf_counter() - started < 2


def test_what_cannot_be_read_becomes_a_shell_command_only_where_that_is_allowed() -> None:
    text = "import os\nos.remove('it\\'s.txt')"
    with pytest.raises(AgentError):
        translate(text, screen=SCREEN)
    (action,) = translate(text, screen=SCREEN, allow_shell=True)
    assert isinstance(action, Shell)
    assert action.command == "python3 -c 'import os\nos.remove('\"'\"'it\\'\"'\"'s.txt'\"'\"')'"
    assert translate("pyautogui.press('a')", screen=SCREEN, allow_shell=True) == [Press("a")]


def test_long_error_names_the_line_once() -> None:
    with pytest.raises(AgentError, match=r"^line 3: there is no variable z$"):
        _translate("pyautogui.press('a')\nfor i in range(2):\n    pyautogui.click(z, i)")


def test_program_can_speak_in_a_frame_of_its_own() -> None:
    hand = Hand(SCREEN, Point(960, 540), CoordinateFrame(SCREEN, Size(1, 1)))
    follow("pyautogui.click(x=0.25, y=0.5)\nw, h = pyautogui.size()\npyautogui.moveTo(w, h)\npyautogui.moveRel(-0.5, 0)", hand)
    assert hand.actions == [Click(Point(480, 540)), Move(Point(1919, 1079)), Move(Point(959, 1079))]
    with pytest.raises(AgentError, match="outside of 0 … 1, 0 … 1"):
        follow("pyautogui.click(0.5, 200)", hand)


def test_program_can_call_functions_that_were_brought_along() -> None:
    said: list[object] = []
    verbs = {
        "computer.mouse.nudge": lambda _hand, values, named: said.append((values, named)),
        "lucky": lambda _hand, _values, _named: 7,
    }
    hand = Hand(SCREEN, None)
    follow("import computer\ncomputer.mouse.nudge(lucky() + 1, far=2)", hand, verbs)
    assert said == [([8], {"far": 2})]
    assert hand.actions == []
    with pytest.raises(AgentError, match=r"computer\.mouse\.push cannot be called; only functions of .*computer\.mouse\.nudge"):
        follow("computer.mouse.push()", hand, verbs)


def test_a_button_may_be_held_from_one_program_to_the_next() -> None:
    hand = Hand(SCREEN, Point(1, 2))
    follow("pyautogui.mouseDown()", hand, may_hold=True)
    follow("pyautogui.moveTo(7, 8)", hand, may_hold=True)
    assert (hand.held, hand.actions) == ("left", [])
    follow("pyautogui.mouseUp()", hand, may_hold=True)
    assert (hand.held, hand.actions) == (None, [Drag((Point(1, 2), Point(7, 8)))])
