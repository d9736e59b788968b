"""Finding what packages bring along: agents, providers, suites, and functions by their address.

A package announces itself by an entry point; osarena imports no content package by name.

=========================  ============================================================================
group                      entry point
=========================  ============================================================================
``osarena.agents``         ``navi = "osarena_agents.navi:Navi"``: a class that satisfies `osarena.agent.Agent`
``osarena.providers``      ``local = "osarena.providers.local:LocalProvider"``
``osarena.tasks``          ``osarena = "osarena_tasks"``: a package with suites/, makers/, plays/ and sites/
``osarena.evaluators``     ``osarena = "osarena_evaluators"``: a package with probes/, readers/ and metrics/
=========================  ============================================================================

The address ``tables.rows_match`` of a metric is ``<package>/metrics/tables.py:rows_match``; a name without a dot is
short for ``name.name``. A module is imported when it is first needed, and a function counts only if it carries its mark.
It may be defined elsewhere, where a module hands it on by a `__getattr__` (and tells of its names by a `__dir__`).
"""

from __future__ import annotations

import difflib
import pkgutil
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.metadata import entry_points
from importlib.util import find_spec
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

from osarena.errors import UsageError

P = ParamSpec("P")
R = TypeVar("R")

_KIND = "__osarena_kind__"

# Where functions of each kind live: entry point group and subpackage.
_HOMES: dict[str, tuple[str, str]] = {
    "probe": ("osarena.evaluators", "probes"),
    "reader": ("osarena.evaluators", "readers"),
    "metric": ("osarena.evaluators", "metrics"),
    "maker": ("osarena.tasks", "makers"),
    "play": ("osarena.tasks", "plays"),
    "site": ("osarena.tasks", "sites"),
    "step": ("osarena.steps", "steps"),
}


def mark(kind: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator that announces a function as a probe, reader, metric, maker, play, site or step."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        setattr(function, _KIND, kind)
        return function

    return decorate


@lru_cache(maxsize=4096)
def find_function(kind: str, address: str) -> Callable[..., Any]:
    """The function at an address.

    Raises:
        UsageError: there is none, or it does not carry the mark of its kind; the text names the closest ones.
    """
    module_name, _, function_name = address.partition(".")
    function_name = function_name or module_name
    handed_on: set[str] = set()
    for package in _packages(kind):
        module = _module_if_present(f"{package}.{module_name}")
        function = getattr(module, function_name, None) if module else None
        if getattr(function, _KIND, None) == kind:
            found: Callable[..., Any] = function  # type: ignore[assignment]
            return found
        if module and "__dir__" in vars(module):
            handed_on |= {f"{module_name}.{name}" for name in dir(module)}
    raise UsageError(f"there is no {kind} {address!r}{_suggest(address, {*list_functions(kind), *handed_on})}")


@lru_cache(maxsize=64)
def list_functions(kind: str) -> tuple[str, ...]:
    """The addresses of every function of a kind, sorted. Imports all their modules."""
    addresses = set()
    for package in _packages(kind):
        for module_name in _submodules(package):
            module = import_module(f"{package}.{module_name}")
            for name, value in vars(module).items():
                if getattr(value, _KIND, None) == kind and value.__module__ == module.__name__:
                    addresses.add(module_name if name == module_name else f"{module_name}.{name}")
    return tuple(sorted(addresses))


def module_specs(kind: str, address: str) -> tuple[ModuleSpec, ...]:
    """Where the module of an address lies, once for each package that has one of its name. It is not imported."""
    module_name = address.partition(".")[0]
    found = (find_spec(f"{package}.{module_name}") for package in _packages(kind))
    return tuple(spec for spec in found if spec is not None)


def find_class(group: str, name: str) -> Any:
    """What an entry point of a group, or a ``module:Class``, names.

    ``adapter:module:Class`` is the class that the entry point ``adapter`` names, with ``module:Class`` as its first argument:
    it makes one of ours out of a class that was written for another project.

    Raises:
        UsageError: neither an entry point nor an importable class; the text names what there is.
    """
    adapter, _, path = name.partition(":")
    if ":" in path:
        return partial(find_class(group, adapter), path)
    if path:
        return _load_by_path(name)
    points = {point.name: point for point in entry_points(group=group)}
    if name in points:
        return points[name].load()
    raise UsageError(
        f"there is no {group.removeprefix('osarena.').rstrip('s')} {name!r}{_suggest(name, points)}; "
        "give one of these, or your own as module:Class"
    )


def list_classes(group: str) -> tuple[str, ...]:
    """The names of a group's entry points, sorted."""
    return tuple(sorted({point.name for point in entry_points(group=group)}))


def content_packages(group: str) -> tuple[str, ...]:
    """The packages that announce themselves in a group."""
    return announced(group, tuple(sys.path))


@lru_cache(maxsize=64)
def announced(group: str, _path: tuple[str, ...]) -> tuple[str, ...]:
    """The packages of a group. Reading what all installed packages announce takes milliseconds, so it is done once."""
    return tuple(dict.fromkeys(point.value for point in entry_points(group=group)))


def _packages(kind: str) -> Iterator[str]:
    group, subpackage = _HOMES[kind]
    for package in content_packages(group):
        if find_spec(f"{package}.{subpackage}") is not None:
            yield f"{package}.{subpackage}"


def _submodules(package: str) -> Iterator[str]:
    for info in pkgutil.iter_modules(import_module(package).__path__):
        if not info.name.startswith("_"):
            yield info.name


def _module_if_present(name: str) -> ModuleType | None:
    return import_module(name) if find_spec(name) is not None else None


def _load_by_path(path: str) -> Any:
    module_name, _, class_name = path.partition(":")
    try:
        return getattr(import_module(module_name), class_name)
    except (ImportError, AttributeError) as error:
        raise UsageError(f"cannot load {path!r}: {error}") from error


def _suggest(name: str, known: Any) -> str:
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5) or names[:8]
    return f" (known: {', '.join(close)})" if close else " (none is installed)"
