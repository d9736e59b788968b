"""Who may import whom: DESIGN's layers, held by a walk over every module's imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = {
    "osarena": ROOT / "osarena",
    "osarena_guest": ROOT / "vm/osarena_guest",
    "osarena_tasks": ROOT / "tasks/osarena_tasks",
    "osarena_agents": ROOT / "agents/osarena_agents",
    "osarena_evaluators": ROOT / "evaluators/osarena_evaluators",
}
VOCABULARY = {"osarena.types", "osarena.errors", "osarena.registry", "osarena_guest.protocol"}

# What each room may import beside itself and the vocabulary. A room is a module or package right below a source root.
MAY_IMPORT: dict[str, set[str]] = {
    "osarena.errors": set(),
    "osarena.registry": set(),
    "osarena.types": set(),
    "osarena.perception": set(),
    "osarena.guest": set(),
    "osarena.images": set(),
    "osarena.providers": {"osarena.guest", "osarena.images"},
    "osarena.agent": set(),
    "osarena.sites": {"osarena.guest"},
    "osarena.grading": {"osarena.guest", "osarena.sites"},
    "osarena.tasks": {"osarena.guest", "osarena.sites", "osarena.grading", "osarena.perception"},
    "osarena.players": {
        "osarena.agent", "osarena.tasks", "osarena.grading", "osarena.guest", "osarena.perception", "osarena.recording",
    },
    "osarena.recording": {"osarena.agent", "osarena.perception"},
    "osarena.env": {
        "osarena.agent", "osarena.guest", "osarena.providers", "osarena.perception",
        "osarena.tasks", "osarena.grading", "osarena.sites",
    },
    "osarena.runner": {
        "osarena.agent", "osarena.guest", "osarena.providers", "osarena.tasks", "osarena.grading", "osarena.sites",
        "osarena.env", "osarena.players", "osarena.recording",
    },
    "osarena.report": {"osarena.runner", "osarena.recording", "osarena.grading", "osarena.tasks"},
    "osarena.web": {"osarena.guest", "osarena.providers", "osarena.perception", "osarena.tasks"},
    "osarena_agents": {"osarena.agent", "osarena.perception"},
    "osarena_evaluators": {"osarena.grading", "osarena.guest", "osarena.sites", "osarena.perception"},
    "osarena_tasks": {"osarena.tasks", "osarena.players", "osarena.sites"},
    "osarena_guest": set(),
}  # fmt: skip

# The composition roots: they see everything below them.
ROOTS = {"osarena.cli", "osarena"}
# The fake machine is the real guest app over a desktop in memory, so this one module reaches beyond the wire format.
EXCEPTIONS = {("osarena.guest.fake", "osarena_guest")}


def modules() -> Iterator[tuple[str, Path]]:
    for package, folder in SOURCES.items():
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            yield ".".join((package, *(part for part in parts if part != "__init__"))), path


def imported_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(name: str) -> str:
    """`osarena.guest.client` -> `osarena.guest`; content packages are one room each."""
    package, *rest = name.split(".")
    return f"osarena.{rest[0]}" if package == "osarena" and rest else package


def violations(name: str, path: Path) -> Iterator[str]:
    room = room_of(name)
    if room in ROOTS:
        return
    for target in imported_names(path):
        if target.split(".")[0] not in SOURCES:
            continue
        is_vocabulary = any(target == word or target.startswith(word + ".") for word in VOCABULARY) and room != "osarena_guest"
        is_exception = any(name == module and target.startswith(prefix) for module, prefix in EXCEPTIONS)
        if room_of(target) != room and not is_vocabulary and not is_exception and room_of(target) not in MAY_IMPORT[room]:
            yield f"{name} imports {target}"


@pytest.mark.parametrize(("name", "path"), [pytest.param(*module, id=module[0]) for module in modules()])
def test_imports_go_downward_only(name: str, path: Path) -> None:
    assert list(violations(name, path)) == []


def test_the_protocol_needs_the_standard_library_alone() -> None:
    names = {name.split(".")[0] for name in imported_names(SOURCES["osarena_guest"] / "protocol.py")}
    assert names <= {"__future__", "json", "struct", "collections", "functools", "typing"}


def test_a_wrong_import_is_noticed(tmp_path: Path) -> None:
    module = tmp_path / "agent.py"
    module.write_text("from osarena.players.oracle import Oracle\nfrom osarena_evaluators.metrics import tables\n")
    assert len(list(violations("osarena_agents.cheat", module))) == 2


def test_source_roots_hold_one_package_each_and_are_none_themselves() -> None:
    for root in ("agents", "evaluators", "tasks", "vm"):
        assert not (ROOT / root / "__init__.py").exists()
