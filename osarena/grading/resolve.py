"""From a check's JSON to a `Check` whose names and parameters are known to be right.

::

    {"metric": address, "actual": operand, "expected": operand, "options": {…}, "name": words}
    {"all": [check, …]}    {"any": [check, …]}    {"mean": [check, …]}    {"not": check}    {"infeasible": reason}

An operand is a literal, a source `{"get": probe, "as": reader, **parameters}`, or a given file
`{"value": bytes, "as": reader, **options}`.
"""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from osarena.errors import TaskError, UsageError
from osarena.grading.model import All, Any_, Check, Given, Infeasible, Leaf, Mean, Not, Operand, Source, leaves
from osarena.registry import find_function
from osarena.types.encoding import encode

_LEAF_KEYS = frozenset({"name", "metric", "actual", "expected", "options"})
_SUBJECTS = {"Guest": "guest", "SiteStates": "sites", "Ending": "ending"}
_OF_SEVERAL: Mapping[str, type[All | Any_ | Mean]] = {"all": All, "any": Any_, "mean": Mean}
_COMPOSITES = (*_OF_SEVERAL, "not", "infeasible")


def parse_check(record: Any, *, where: str = "check") -> Check:
    """The check that a JSON value describes; every name in it resolves and takes the parameters that it is given.

    Raises:
        TaskError: it is not a check; the text starts with the JSON path, below `where`.
    """
    check = _parse(record, where)
    for name, count in Counter(leaf.name for leaf in leaves(check)).items():
        if count > 1:
            raise TaskError(f"{where}: {count} comparisons are called {name!r}; give each a name of its own")
    return check


def functions(check: Check) -> Iterator[tuple[str, str]]:
    """Kind and address of every probe, reader and metric that a check names, in order, with repetitions."""
    for leaf in leaves(check):
        yield "metric", leaf.metric
        for operand in (leaf.actual, leaf.expected):
            if isinstance(operand, Source):
                yield "probe", operand.probe
            if operand is not None and operand.reader:
                yield "reader", operand.reader


def _parse(record: Any, where: str) -> Check:
    if not isinstance(record, Mapping):
        raise TaskError(f"{where}: expected a check, an object, but found {record!r:.80}")
    kinds = [key for key in ("metric", *_COMPOSITES) if key in record]
    if len(kinds) != 1:
        raise TaskError(
            f'{where}: a check has exactly one of "metric", "all", "any", "mean", "not", "infeasible"; found {list(record)}'
        )
    kind = kinds[0]
    if kind == "metric":
        return _parse_leaf(record, where)
    if extra := sorted(set(record) - {kind}):
        raise TaskError(f'{where}: beside "{kind}" there may be nothing else; found {", ".join(extra)}')
    return _parse_composite(kind, record[kind], f"{where}.{kind}")


def _parse_composite(kind: str, body: Any, where: str) -> Check:
    if kind == "infeasible":
        if not isinstance(body, str) or not body:
            raise TaskError(f"{where}: expected the reason why the task cannot be done, but found {body!r:.80}")
        return Infeasible(body)
    if kind == "not":
        return Not(_parse(body, where))
    if not isinstance(body, list) or not body:
        raise TaskError(f"{where}: expected a list with at least one check, but found {body!r:.80}")
    parts = tuple(_parse(part, f"{where}[{index}]") for index, part in enumerate(body))
    return _OF_SEVERAL[kind](parts)


def _parse_leaf(record: Mapping[str, Any], where: str) -> Leaf:
    if extra := sorted(set(record) - _LEAF_KEYS):
        raise TaskError(f"{where}: unknown {', '.join(extra)}; a comparison has {', '.join(sorted(_LEAF_KEYS))}")
    metric, name, options = record["metric"], record.get("name", record["metric"]), record.get("options", {})
    takes = signature_of("metric", metric, f"{where}.metric")
    if not isinstance(name, str) or not name:
        raise TaskError(f"{where}.name: expected words, but found {name!r:.80}")
    if not isinstance(options, Mapping):
        raise TaskError(f"{where}.options: expected an object, but found {options!r:.80}")
    if "actual" not in record:
        raise TaskError(f'{where}: "actual" is missing: what {metric} looks at')
    has_expected = "expected" in record
    if has_expected and "expected" not in takes.all:
        raise TaskError(f'{where}: {metric} takes no "expected"')
    if not has_expected and "expected" in takes.required:
        raise TaskError(f'{where}: {metric} needs "expected"')
    takes.without("expected").require(options, f"{where}.options", metric)
    _require_encodable(options, f"{where}.options")
    actual = _parse_operand(record["actual"], f"{where}.actual")
    expected = _parse_operand(record["expected"], f"{where}.expected") if has_expected else None
    return Leaf(name, metric, actual, expected, dict(options))


def _parse_operand(record: Any, where: str) -> Operand:
    if isinstance(record, Mapping) and "get" in record:
        return _parse_source(record, where)
    _require_encodable(record, where)
    if isinstance(record, Mapping) and "as" in record:
        return _parse_given(record, where)
    return Given(record)


def _parse_source(record: Mapping[str, Any], where: str) -> Source:
    probe, reader = record["get"], record.get("as", "")
    rest = {key: value for key, value in record.items() if key not in ("get", "as")}
    _require_encodable(rest, where)
    takes = signature_of("probe", probe, f"{where}.get")
    subject_of(probe, f"{where}.get")
    parameters = {key: value for key, value in rest.items() if key in takes.all}
    options = {key: value for key, value in rest.items() if key not in takes.all}
    takes.require(parameters, where, probe)
    if reader:
        signature_of("reader", reader, f"{where}.as").require(options, where, f"{probe} as {reader}", also=takes.all)
    elif options:
        takes.require(rest, where, probe)
    return Source(probe, parameters, reader, options)


def _parse_given(record: Mapping[str, Any], where: str) -> Given:
    reader, value = record["as"], record.get("value")
    if not isinstance(value, bytes):
        raise TaskError(f'{where}: beside "as" there must be "get", or "value" with a file\'s bytes; found {value!r:.80}')
    options = {key: value for key, value in record.items() if key not in ("value", "as")}
    signature_of("reader", reader, f"{where}.as").require(options, where, reader)
    return Given(value, reader, options)


def _require_encodable(value: Any, where: str) -> None:
    try:
        encode(value)
    except TypeError as error:
        raise TaskError(f"{where}: {error}") from error


# --- parameters by signature ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Parameters:
    """The names of a function's parameters after its first one."""

    all: frozenset[str]
    required: frozenset[str]
    takes_any: bool = False  # any other names as well

    def without(self, name: str) -> Parameters:
        """The same but for one."""
        return Parameters(self.all - {name}, self.required - {name}, self.takes_any)

    def require(self, given: Mapping[str, Any], where: str, owner: str, *, also: frozenset[str] = frozenset()) -> None:
        """Raise TaskError unless `given` has all that is required and nothing unknown; `also` is named among the known."""
        if not self.takes_any and (unknown := sorted(set(given) - self.all)):
            known = ", ".join(sorted(self.all | also)) or "nothing"
            raise TaskError(f"{where}: {owner} takes no {', '.join(map(repr, unknown))} (it takes {known})")
        if missing := sorted(self.required - set(given)):
            raise TaskError(f"{where}: {owner} needs {', '.join(map(repr, missing))}")


def signature_of(kind: str, address: Any, where: str) -> Parameters:
    """What the function at an address takes beside its first parameter.

    Raises:
        TaskError: there is no such function.
    """
    if not isinstance(address, str):
        raise TaskError(f"{where}: expected the address of a {kind}, but found {address!r:.80}")
    try:
        return parameters_of(find_function(kind, address))
    except UsageError as error:
        raise TaskError(f"{where}: {error}") from error


def subject_of(probe: str, where: str) -> str:
    """What a probe looks at, by the annotation of its first parameter: "guest", "sites" or "ending".

    Raises:
        TaskError: it is annotated with anything else.
    """
    first = next(iter(inspect.signature(find_function("probe", probe)).parameters.values()), None)
    annotation = getattr(first, "annotation", None)
    name = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "nothing")
    subject = _SUBJECTS.get(name.rpartition(".")[2])
    if subject is None:
        raise TaskError(f"{where}: the first parameter of {probe} is annotated with {name}, not one of {', '.join(_SUBJECTS)}")
    return subject


def parameters_of(function: Callable[..., Any]) -> Parameters:
    """What a function takes beside its first parameter."""
    others = list(inspect.signature(function).parameters.values())[1:]
    named = [other for other in others if other.kind in (other.POSITIONAL_OR_KEYWORD, other.KEYWORD_ONLY)]
    return Parameters(
        frozenset(parameter.name for parameter in named),
        frozenset(parameter.name for parameter in named if parameter.default is parameter.empty),
        any(other.kind is other.VAR_KEYWORD for other in others),
    )
