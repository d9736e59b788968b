"""Three digests of a task: what names the job, what names the verdict, what the proof rests on beside them.

All are SHA-256 over canonical JSON of parts of the task file and the source files of the functions that they name.
A function's sources are its module's file and, transitively, the modules of its own package that it imports; where a
module is a package, all files in its folder (templates, pictures). Other data files count if the module lists them,
relative to the top package: `ASSETS = ("assets/names.txt",)`. Nothing is imported for it, but for a module that hands on by a
`__getattr__` what others define: then the sources are those of the module that defines the function.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from osarena import registry
from osarena.errors import TaskError, UsageError
from osarena.tasks.model import Task

Address = tuple[str, str]  # kind of function, address

_TOLD = {"id", "version", "instruction", "values", "apps", "platforms", "channels", "limits", "setup"}


def episode_digest(task: Task) -> str:
    """64 hex digits that change when what an agent meets may change: the text, the values, the set-up, the limits."""
    # Most tasks have no `finish`; what they were named before there was one still names them.
    told = task.model_dump(by_alias=True, include=_TOLD | ({"finish"} if task.finish else set()))
    return _digest(told, episode_functions(task))


def grader_digest(task: Task) -> str:
    """64 hex digits that change when the verdict on the same evidence may change."""
    return _digest({"check": task.check}, grader_functions(task))


def proof_digest(task: Task) -> str:
    """64 hex digits that change when the solution, a counterexample or a play of theirs changes."""
    shown = task.model_dump(by_alias=True, include={"solution", "counterexamples", "facts", "twin"})
    return _digest(shown, [("play", address) for address in play_addresses(task)])


def episode_functions(task: Task) -> list[Address]:
    """The makers and sites of a task, and its steps that are not osarena's own."""
    makers = [("maker", spec["maker"]) for spec in task.values.values() if isinstance(spec, Mapping) and "maker" in spec]
    sites = [("site", call.parameters["site"]) for call in task.setup if call.step == "sites.serve" and "site" in call.parameters]
    steps = [("step", call.step) for call in (*task.setup, *task.finish) if not _is_built_in(call.step)]
    return [*makers, *sites, *steps]


def grader_functions(task: Task) -> list[Address]:
    """The probes, readers and metrics that the check names."""
    return list(_addresses_in(task.check))


def play_addresses(task: Task) -> list[str]:
    """The plays that solution and counterexamples name by address."""
    calls = [task.solution, *task.counterexamples]
    return [call.play for call in calls if call is not None and isinstance(call.play, str)]


def _addresses_in(check: Any) -> Iterator[Address]:
    if isinstance(check, list):
        for part in check:
            yield from _addresses_in(part)
    if not isinstance(check, Mapping):
        return
    for key in ("all", "any", "mean", "not"):
        yield from _addresses_in(check.get(key))
    if isinstance(check.get("metric"), str):
        yield "metric", check["metric"]
        for operand in (check.get("actual"), check.get("expected")):
            if isinstance(operand, Mapping):
                yield from [("probe", operand["get"])] if "get" in operand else []
                yield from [("reader", operand["as"])] if "as" in operand else []


def _is_built_in(step: str) -> bool:
    """Whether a step is osarena's own. One that there is not is none, so that its name is found to be wrong."""
    specs = registry.module_specs("step", step)
    return bool(specs) and all(spec.name.startswith("osarena.") for spec in specs)


def _digest(record: Mapping[str, Any], functions: Iterable[Address]) -> str:
    sources = {}
    for kind, address in functions:
        for module in _modules_of(kind, address):
            sources.update(_sources_of(module))
    text = json.dumps([record, sources], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _modules_of(kind: str, address: str) -> list[str]:
    """The modules in which the function of an address may be defined: one for each package that has one of its name."""
    specs = registry.module_specs(kind, address)
    if not specs:
        raise TaskError(f"there is no {kind} {address!r}")
    return [_definer(kind, address) if _hands_on(spec) else spec.name for spec in specs]


def _hands_on(spec: ModuleSpec) -> bool:
    """Whether a module has a `__getattr__`."""
    if spec.origin is None:
        return False
    return "__getattr__" in _defined_in(spec.origin, Path(spec.origin).stat().st_mtime_ns)


def _definer(kind: str, address: str) -> str:
    try:
        return registry.find_function(kind, address).__module__
    except UsageError as error:
        raise TaskError(str(error)) from error


def _sources_of(module: str) -> dict[str, str]:
    """Digest of each file that a module (`<package>.makers.name`) is made of, by its path in the package."""
    package = module.rsplit(".", 2)[0]
    folder = _folder_of(package)
    digests: dict[str, str] = {}
    seen: set[str] = set()
    pending = [module]
    while pending:
        name = pending.pop()
        spec = _spec_or_none(name)
        if name in seen or spec is None or spec.origin is None:
            continue
        seen.add(name)
        imports, assets = _read_module(spec.origin, Path(spec.origin).stat().st_mtime_ns, name, package)
        pending += imports
        for path in [*_files_of(spec, package), *_asset_files(folder, assets)]:
            digests[path.relative_to(folder.parent).as_posix()] = _file_digest(path, path.stat().st_mtime_ns)
    return digests


def _folder_of(package: str) -> Path:
    spec = _spec_or_none(package)
    if spec is None or not spec.submodule_search_locations:
        raise TaskError(f"{package} is not a package in a folder")
    return Path(spec.submodule_search_locations[0])


def _spec_or_none(name: str) -> ModuleSpec | None:
    try:
        return find_spec(name)
    except ModuleNotFoundError:
        return None


def _files_of(spec: ModuleSpec, package: str) -> list[Path]:
    origin = Path(str(spec.origin))
    return _tree(origin.parent) if origin.name == "__init__.py" and _lies_below_a_home(spec.name, package) else [origin]


def _lies_below_a_home(name: str, package: str) -> bool:
    """Whether it is package.makers.name, not package.makers."""
    return name.count(".") >= package.count(".") + 2


def _asset_files(folder: Path, assets: Iterable[str]) -> list[Path]:
    found = []
    for asset in assets:
        path = folder / asset
        if not path.exists():
            raise TaskError(f"ASSETS names {asset!r}, which is not in {folder}")
        found += _tree(path) if path.is_dir() else [path]
    return found


def _tree(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


@lru_cache(maxsize=4096)
def _file_digest(path: Path, _mtime_ns: int) -> str:
    return sha256(path.read_bytes()).hexdigest()


@lru_cache(maxsize=1024)
def _read_module(origin: str, _mtime_ns: int, name: str, package: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The modules of its own package that a module may import, and its ASSETS."""
    tree = _parsed(origin)
    parent = name if Path(origin).name == "__init__.py" else name.rpartition(".")[0]
    # A package that only holds modules runs its `__init__` when one of them is imported, but not the functions in there.
    nodes = tree.body if Path(origin).name == "__init__.py" and not _lies_below_a_home(name, package) else ast.walk(tree)
    imports = {found for node in nodes for found in _imported(node, parent) if f"{found}.".startswith(f"{package}.")}
    assets = [asset for node in tree.body for asset in _declared_assets(node)]
    return tuple(sorted(imports)), tuple(assets)


@lru_cache(maxsize=1024)
def _defined_in(origin: str, _mtime_ns: int) -> frozenset[str]:
    """The names of the functions that a module defines."""
    return frozenset(node.name for node in _parsed(origin).body if isinstance(node, ast.FunctionDef))


def _parsed(origin: str) -> ast.Module:
    try:
        return ast.parse(Path(origin).read_bytes(), filename=origin)
    except SyntaxError as error:
        raise TaskError(f"{origin}:{error.lineno}: {error.msg}") from error


def _imported(node: ast.AST, parent: str) -> Iterator[str]:
    match node:
        case ast.Import(names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module, names, level):
            base = parent.rsplit(".", level - 1)[0] if level else ""
            stem = ".".join(part for part in (base, module) if part)
            yield stem
            yield from (f"{stem}.{alias.name}" for alias in names)


def _declared_assets(node: ast.stmt) -> list[str]:
    match node:
        case ast.Assign([ast.Name("ASSETS")], value) | ast.AnnAssign(ast.Name("ASSETS"), _, value) if value is not None:
            return [str(item) for item in ast.literal_eval(value)]
        case _:
            return []
