"""Reading the pyautogui programs that agents write, as typed actions. The text is looked at, never run.

What is understood: calls of the functions of `pyautogui_calls` and of `time.sleep`, variables, numbers, texts, lists, the
arithmetic of plain values, f-strings, and `for` over a list or a `range`. All else is refused with the reason, so that
the agent can mend it. Models that were taught further functions bring them along as `Verb`s.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from osarena.errors import AgentError
from osarena.perception.pyautogui_calls import Hand, call, sleep
from osarena.types.actions import Action, Finish, Shell, Wait
from osarena.types.geometry import Point, Size

# Limits of one text. None of them is reached by what an agent does in one step.
_LONGEST_TEXT, _MOST_ACTIONS, _MOST_STEPS, _MOST_ARGUMENTS = 20_000, 200, 2_000, 100
_LARGEST_NUMBER, _LARGEST_VALUE = 10**9, 10_000

# What a whole text may be instead of a program.
_WORDS: Mapping[str, Action] = {"WAIT": Wait(1.0), "DONE": Finish("done"), "FAIL": Finish("infeasible")}
_FENCE = re.compile(r"```(?:\w*[ \t]*\n)?(.*?)```", re.DOTALL)

_ARITHMETIC: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def _round(number: float, digits: int = 0) -> float:
    """As `round`, for digits after the point alone: `round(1, -10**9)` would compute for days."""
    if not 0 <= digits <= 12:
        raise AgentError(f"round takes 0 to 12 digits, not {digits}")
    return round(number, digits) if digits else round(number)


# What a function beside pyautogui's does: it is given the hand, the values and the named values, and may give a value.
Verb = Callable[[Hand, Sequence[Any], Mapping[str, Any]], Any]

_PLAIN: Mapping[str, Callable[..., Any]] = {
    "int": int, "float": float, "str": str, "round": _round, "abs": abs, "len": len, "min": min, "max": max,
}  # fmt: skip
_SETTINGS = ("PAUSE", "FAILSAFE")


def translate(text: str, *, screen: Size, pointer: Point | None = None, allow_shell: bool = False) -> list[Action]:
    """The actions that a pyautogui program would carry out, in order.

    A text in a Markdown fence is read without it. The words WAIT, DONE and FAIL stand for waiting a second, and for
    finishing with the task done or infeasible.

    Args:
        screen: what `pyautogui.size()` says.
        pointer: where the pointer is, for movements that start there; they are refused where it is not known.
        allow_shell: whether a program that cannot be read becomes a `Shell` that runs it in the desktop.

    Raises:
        AgentError: it cannot be read; the text says which line and why.
    """
    source = _without_fence(text).strip()
    if source in _WORDS:
        return [_WORDS[source]]
    hand = Hand(screen, pointer)
    try:
        follow(source, hand)
        return hand.actions
    except AgentError:
        if allow_shell and 0 < len(source) <= _LONGEST_TEXT and "\0" not in source:
            return [Shell("python3 -c " + _quoted_for_shell(source))]
        raise


def follow(source: str, hand: Hand, verbs: Mapping[str, Verb] | None = None, *, may_hold: bool = False) -> None:
    """Add what a program does to the hand's actions.

    Args:
        source: the program, without a fence.
        verbs: the functions that it may call beside pyautogui's, by their full names: "terminate", "computer.mouse.drag".
        may_hold: whether it may press a mouse button that a later program releases, with the same hand.

    Raises:
        AgentError: it cannot be read; the text says which line and why.
    """
    _Reader(hand, verbs or {}, may_hold).read(source)


def _without_fence(text: str) -> str:
    found = _FENCE.search(text)
    return found.group(1) if found else text


def _quoted_for_shell(text: str) -> str:
    return "'" + text.replace("'", "'\"'\"'") + "'"


@dataclass(slots=True)
class _Reader:
    """Walks over the statements of one text with its variables, and counts its steps."""

    hand: Hand
    verbs: Mapping[str, Verb]
    may_hold: bool = False
    variables: dict[str, Any] = field(default_factory=dict)
    # Names of the text for modules ("pyautogui", "time") and for functions ("pyautogui.click").
    modules: dict[str, str] = field(default_factory=lambda: {"pyautogui": "pyautogui", "time": "time"})
    functions: dict[str, str] = field(default_factory=dict)
    steps: int = 0
    has_called_verb: bool = False

    def read(self, source: str) -> None:
        if len(source) > _LONGEST_TEXT:
            raise AgentError(f"the text has {len(source)} characters; at most {_LONGEST_TEXT} are read")
        try:
            self._block(ast.parse(source).body)
        except (SyntaxError, ValueError, OverflowError, TypeError, ArithmeticError, LookupError) as error:
            raise AgentError(f"this is not Python that can be read: {error}") from error
        except (RecursionError, MemoryError) as error:
            raise AgentError("the text is nested too deeply") from error
        if self.hand.held is not None and self.may_hold:
            return
        if self.hand.held is not None:
            raise AgentError("pyautogui.mouseDown without its mouseUp in the same text")
        if not self.hand.actions and not self.has_called_verb:
            raise AgentError("the text does nothing")

    # --- statements

    def _block(self, statements: Sequence[ast.stmt]) -> None:
        for statement in statements:
            try:
                self._statement(statement)
            except AgentError as error:
                if str(error).startswith("line "):
                    raise
                raise AgentError(f"line {statement.lineno}: {error}") from error

    def _statement(self, statement: ast.stmt) -> None:
        self._count()
        match statement:
            case ast.Expr(value=ast.Call() as called):
                self._call_statement(called)
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                pass
            case ast.Import(names=names):
                self._import(names)
            case ast.ImportFrom(module="pyautogui" | "time" as module, names=names, level=0):
                self.functions |= {name.asname or name.name: f"{module}.{name.name}" for name in names}
            case ast.Assign(targets=[target], value=value):
                self._assign(target, value)
            case ast.AugAssign(target=ast.Name(id=name), op=op, value=value):
                self.variables[name] = _compute(op, self._variable(name), self._value(value))
            case ast.For(target=target, iter=over, body=body, orelse=[]):
                for item in self._items(over):
                    self._count()
                    self._bind(target, item)
                    self._block(body)
            case ast.With(items=[ast.withitem(context_expr=ast.Call() as held, optional_vars=None)], body=body):
                self._hold(held, body)
            case _:
                raise AgentError(f"{_described(statement)} cannot be translated into actions")

    def _hold(self, called: ast.Call, body: Sequence[ast.stmt]) -> None:
        """`with pyautogui.hold(keys):`"""
        if self._name_of(called.func) != "pyautogui.hold":
            raise AgentError(f"{_described(called)} cannot be held")
        (keys,), _ = self._arguments(called)
        for key in keys if isinstance(keys, list | tuple) else [keys]:
            call(self.hand, "keyDown", [key], {})
        self._block(body)
        for key in reversed(keys) if isinstance(keys, list | tuple) else [keys]:
            call(self.hand, "keyUp", [key], {})

    def _import(self, names: Sequence[ast.alias]) -> None:
        for name in names:
            if any(verb.startswith(f"{name.name}.") for verb in self.verbs) and name.asname is None:
                continue
            if name.name not in ("pyautogui", "time"):
                raise AgentError(f"{name.name} is not available; only pyautogui and time are")
            self.modules[name.asname or name.name] = name.name

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        match target:
            case ast.Attribute(value=ast.Name(id=module), attr=attribute) if self.modules.get(module) == "pyautogui":
                if attribute not in _SETTINGS:
                    raise AgentError(f"pyautogui.{attribute} cannot be set")
            case _:
                self._bind(target, self._value(value))

    def _bind(self, target: ast.expr, value: Any) -> None:
        match target:
            case ast.Name(id=name):
                self.variables[name] = value
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                if not isinstance(value, list | tuple) or len(value) != len(parts):
                    raise AgentError(f"{len(parts)} names for {value!r:.60}")
                for part, item in zip(parts, value, strict=True):
                    self._bind(part, item)
            case _:
                raise AgentError(f"{_described(target)} cannot be assigned to")

    def _items(self, over: ast.expr) -> Iterator[Any]:
        match over:
            case ast.Call(func=ast.Name(id="range"), args=arguments, keywords=[]):
                return iter(range(*[self._whole(argument) for argument in arguments]))
            case ast.Call(func=ast.Name(id="enumerate"), args=[argument], keywords=[]):
                return iter(enumerate(self._items(argument)))
        value = self._value(over)
        if not isinstance(value, list | tuple | str):
            raise AgentError(f"a loop goes over a list, a text or a range, not over {value!r:.60}")
        return iter(value)

    def _whole(self, expression: ast.expr) -> int:
        value = self._value(expression)
        if not isinstance(value, int):
            raise AgentError(f"range takes whole numbers, not {value!r:.60}")
        return value

    # --- calls

    def _call_statement(self, called: ast.Call) -> None:
        name = self._name_of(called.func)
        if name in _PLAIN or name == "print":
            return
        arguments, keywords = self._arguments(called)
        if name in self.verbs:
            self._call_verb(name, arguments, keywords)
        elif name == "time.sleep":
            sleep(self.hand, *arguments, **keywords)
        else:
            call(self.hand, name.removeprefix("pyautogui."), arguments, keywords)
        if len(self.hand.actions) > _MOST_ACTIONS:
            raise AgentError(f"the text does more than {_MOST_ACTIONS} things")

    def _call_verb(self, name: str, arguments: list[Any], keywords: dict[str, Any]) -> Any:
        self.has_called_verb = True
        return self.verbs[name](self.hand, arguments, keywords)

    def _name_of(self, function: ast.expr) -> str:
        """The full name of a function that a text may call."""
        if (dotted := _dotted(function)) in self.verbs:
            return dotted
        match function:
            case ast.Attribute(value=ast.Name(id=module), attr=attribute) if module in self.modules:
                name = f"{self.modules[module]}.{attribute}"
            case ast.Name(id=name) if name in self.functions:
                name = self.functions[name]
            case ast.Name(id=name) if name in _PLAIN or name == "print":
                return name
            case _:
                others = "".join(f", {verb}" for verb in sorted(self.verbs))
                raise AgentError(f"{_described(function)} cannot be called; only functions of pyautogui, time.sleep{others} can")
        if name.startswith("time.") and name != "time.sleep":
            raise AgentError(f"{name} is not available; time.sleep is")
        return name

    def _arguments(self, called: ast.Call) -> tuple[list[Any], dict[str, Any]]:
        arguments: list[Any] = []
        for argument in called.args:
            if isinstance(argument, ast.Starred):
                arguments.extend(islice(self._items(argument.value), _MOST_ARGUMENTS + 1))
            else:
                arguments.append(self._value(argument))
        if len(arguments) > _MOST_ARGUMENTS:
            raise AgentError(f"a call with more than {_MOST_ARGUMENTS} values")
        if any(keyword.arg is None for keyword in called.keywords):
            raise AgentError("** cannot be translated; write the arguments out")
        return arguments, {str(keyword.arg): self._value(keyword.value) for keyword in called.keywords}

    # --- values

    def _value(self, expression: ast.expr) -> Any:
        self._count()
        match expression:
            case ast.Constant(value=int() | float() | str() | None as value):
                return _bounded(value)
            case ast.Name(id=name):
                return self._variable(name)
            case ast.Tuple(elts=parts):
                return _bounded(tuple(map(self._value, parts)))
            case ast.List(elts=parts):
                return _bounded(list(map(self._value, parts)))
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
                return self._signed(sign, self._value(operand))
            case ast.BinOp(left=left, op=op, right=right):
                return _compute(op, self._value(left), self._value(right))
            case ast.JoinedStr(values=parts):
                return _bounded("".join(str(self._value(part)) for part in parts))
            case ast.FormattedValue(value=inner, conversion=-1, format_spec=None):
                return self._value(inner)
            case ast.Subscript(value=whole, slice=index):
                return self._item(self._value(whole), self._value(index))
            case ast.Call():
                return self._called_value(expression)
            case ast.Attribute(value=ast.Name(id=module), attr=attribute) if self.modules.get(module) == "pyautogui":
                if attribute.startswith("ease") or attribute == "linear":
                    return attribute  # how a movement looks
        raise AgentError(f"{_described(expression)} cannot be translated")

    def _called_value(self, called: ast.Call) -> Any:
        name = self._name_of(called.func)
        if name == "pyautogui.size" and not called.args:
            return self.hand.size
        if name == "pyautogui.position" and not called.args:
            return self.hand.coordinates()
        if name in self.verbs:
            return _bounded(self._call_verb(name, *self._arguments(called)))
        if name not in _PLAIN:
            raise AgentError(f"{name} gives no value here")
        arguments, keywords = self._arguments(called)
        if keywords:
            raise AgentError(f"{name} takes no {', '.join(keywords)} here")
        return _bounded(_PLAIN[name](*arguments))

    def _variable(self, name: str) -> Any:
        if name not in self.variables:
            raise AgentError(f"there is no variable {name}")
        return self.variables[name]

    @staticmethod
    def _signed(sign: ast.unaryop, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise AgentError(f"{value!r:.40} is no number")
        return -value if isinstance(sign, ast.USub) else value

    @staticmethod
    def _item(value: Any, index: Any) -> Any:
        if not isinstance(value, list | tuple | str) or not isinstance(index, int) or not -len(value) <= index < len(value):
            raise AgentError(f"{value!r:.40} has no item {index!r:.40}")
        return value[index]

    def _count(self) -> None:
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise AgentError(f"the text takes more than {_MOST_STEPS} steps; shorten its loops")


def _dotted(function: ast.expr) -> str:
    """`computer.mouse.drag` of the expression that says so; empty for any other expression."""
    match function:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=owner, attr=attribute):
            return f"{_dotted(owner)}.{attribute}"
    return ""


def _compute(op: ast.operator, left: Any, right: Any) -> Any:
    """The result of plain arithmetic. The operands are bounded already, and so is what is made of them."""
    function = _ARITHMETIC.get(type(op))
    if function is None:
        raise AgentError(f"{_described(op)} is not available")
    match left, right:
        case (int() | float(), int() | float()):
            return _bounded(function(left, right))
        case (str(), str()) | (list(), list()) if isinstance(op, ast.Add):
            return _bounded(left + right)
        case (str() | list() as whole, int() as times) if isinstance(op, ast.Mult):
            return _repeated(whole, times)
        case (int() as times, str() | list() as whole) if isinstance(op, ast.Mult):
            return _repeated(whole, times)
    raise AgentError(f"{left!r:.40} and {right!r:.40} cannot be combined so")


def _repeated(whole: str | list[Any], times: int) -> str | list[Any]:
    if _size(whole) * max(times, 0) > _LARGEST_VALUE:
        raise AgentError(f"a value of more than {_LARGEST_VALUE} parts")
    return whole * times


def _bounded(value: Any) -> Any:
    """The value, which is small enough to be shown, copied and computed with."""
    if isinstance(value, int | float) and not abs(value) <= _LARGEST_NUMBER:
        raise AgentError("a number beyond a billion")
    if _size(value) > _LARGEST_VALUE:
        raise AgentError(f"a value of more than {_LARGEST_VALUE} parts")
    return value


def _size(value: Any) -> int:
    """How many characters and items there are in a value, at all levels; lists of lists of the same list count it each time."""
    if isinstance(value, str):
        return len(value) + 1
    return 1 + sum(map(_size, value)) if isinstance(value, list | tuple) else 1


def _described(node: ast.AST) -> str:
    """The piece of text as it is written, shortened."""
    try:
        written = ast.unparse(node).split("\n")[0]
    except (RecursionError, ValueError, AttributeError, KeyError):
        written = type(node).__name__
    return f"{written:.60}" if written else type(node).__name__
