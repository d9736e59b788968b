"""OSWorld's and WindowsAgentArena's task files as they are found, with all that their authors were free to leave out.

Format: https://github.com/xlang-ai/OSWorld (evaluation_examples) and https://github.com/microsoft/WindowsAgentArena.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from osarena.errors import TaskError


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _as_flag(value: Any) -> Any:
    """Some files write a boolean as the word."""
    return {"true": True, "false": False}.get(value.lower(), value) if isinstance(value, str) else value


def _without_empty(value: Any) -> Any:
    """An empty object stands for none where nothing is compared with."""
    return None if value == {} else value


Flag = Annotated[bool, BeforeValidator(_as_flag)]


class _Found(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Step(_Found):
    """One step of a configuration."""

    type: str
    parameters: Mapping[str, Any] = {}


class Getter(BaseModel):
    """Where a value comes from: its kind, and arguments."""

    model_config = ConfigDict(extra="allow", frozen=True)
    type: str

    @property
    def arguments(self) -> Mapping[str, Any]:
        """All but the kind."""
        return self.__pydantic_extra__ or {}


_MaybeGetter = Annotated[Getter | None, BeforeValidator(_without_empty)]


class Evaluator(_Found):
    """What is compared. The lists are parallel; `options` may be shorter, or missing."""

    func: Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1)]
    result: Annotated[list[_MaybeGetter], BeforeValidator(_as_list)] = []
    expected: Annotated[list[_MaybeGetter], BeforeValidator(_as_list)] = []
    options: Annotated[list[Mapping[str, Any] | None], BeforeValidator(_as_list)] = []
    conj: Literal["and", "or"] = "and"
    postconfig: list[Step] = []

    @property
    def is_infeasible(self) -> bool:
        """Whether the task cannot be done, and is to be refused."""
        return self.func == ["infeasible"]


class Ours(_Found):
    """What a file may say to osarena beside what its format knows: how the task is solved, and how not."""

    solution: Mapping[str, Any] | None = None
    counterexamples: list[Mapping[str, Any]] = []


class TaskFile(_Found):
    """A task file."""

    id: str
    instruction: str
    config: list[Step] = []
    related_apps: list[str] = []
    evaluator: Evaluator
    proxy: bool = False
    osarena: Ours = Ours()


def read_task_file(record: Any) -> TaskFile:
    """The task file in a JSON value.

    Raises:
        TaskError: it is of another form; the text names the JSON path.
    """
    try:
        return TaskFile.model_validate(record)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(["$", *(str(part) for part in problem["loc"])])
        raise TaskError(f"{where}: {problem['msg']}, not {problem['input']!r:.80}") from error
