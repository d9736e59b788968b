"""The task file (`osarena/task@1`) and a variant of it: one task for one seed.

The pydantic models are the schema: `osarena task schema` prints it as JSON Schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from osarena.grading.model import Check
from osarena.registry import mark

SCHEMA = "osarena/task@1"

# A maker `(rng: random.Random, **parameters) -> Mapping | dataclass` returns files (bytes) and data together.
maker = mark("maker")
# A play `(screen: Screen, values: Mapping[str, Any], **differences) -> None` does the task by hand.
play = mark("play")
# A site `(data) -> osarena.sites.Site` is a small web application with its state.
site = mark("site")
# A set-up step `(context: StepContext, **parameters) -> None` brings about what its docstring promises, or raises SetupError.
step = mark("step")


def _object_schema(properties: dict[str, Any], description: str, *, is_open: bool = False) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": is_open,
    }


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(_Strict):
    """When an episode ends by itself."""

    steps: int = Field(default=50, ge=1, le=1000, description="Decisions of the agent.")
    time_s: float = Field(default=600, gt=0, le=86_400, description="From the first observation to the end, in seconds.")


class Tags(_Strict):
    """What a task is like, to choose tasks and to split scores by. The application is the first part of the id."""

    skills: list[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9 -]*$")]] = Field(
        default=[], description='What it takes, e.g. "formulas", "look up", "forms".'
    )
    difficulty: Literal["easy", "medium", "hard"] = Field(default="medium", description="For a person who knows the application.")
    length: Literal["short", "medium", "long"] = Field(
        default="medium", description="Actions of the solution: short is under 10, medium under 20, long all above."
    )
    reads_screen: bool = Field(
        default=False, description="Whether it takes reading something that only the screen tells, beyond finding controls."
    )


class StepCall(BaseModel):
    """One set-up step: its address and its parameters."""

    model_config = ConfigDict(extra="allow", frozen=True)
    step: str = Field(description='Address of a step, e.g. "files.put".')

    @property
    def parameters(self) -> Mapping[str, Any]:
        """All but the address."""
        return self.__pydantic_extra__ or {}


class PlayCall(BaseModel):
    """A play by address and its differences, or a plain list of screen steps; "answer" is what it finishes with."""

    model_config = ConfigDict(extra="allow", frozen=True)
    play: str | list[dict[str, Any]] = Field(description='Address of a play, e.g. "calc.total_by_region", or a list of steps.')

    @property
    def differences(self) -> Mapping[str, Any]:
        """All but the address."""
        return self.__pydantic_extra__ or {}


class Counterexample(BaseModel):
    """Something wrong that must score 0 because the leaf `fails`, and only that one, fails.

    Either the play with a difference, or a staged wrong state (`stage`: set-up steps run after the set-up), or for a
    task that asks a question a wrong `answer`, alone or together with a stage.
    """

    model_config = ConfigDict(extra="allow", frozen=True)
    why: str = Field(min_length=1, description="What is wrong, in words.")
    fails: str = Field(description="The name of the one comparison of the check that fails.")
    play: str | list[dict[str, Any]] | None = None
    stage: list[StepCall] | None = None
    answer: str | None = Field(default=None, description="What the agent answers when it finishes.")

    @model_validator(mode="after")
    def _is_one_thing(self) -> Counterexample:
        if self.play is not None and self.stage is not None:
            raise ValueError('a counterexample has "play" or "stage", not both')
        if self.play is None and self.stage is None and self.answer is None:
            raise ValueError('a counterexample needs "play", "stage" or "answer"')
        if self.play is None and self.differences:
            raise ValueError(f'without "play" there is nothing that takes {", ".join(map(repr, self.differences))}')
        return self

    @property
    def differences(self) -> Mapping[str, Any]:
        """The parameters that make the play go wrong."""
        return self.__pydantic_extra__ or {}


_PAIR = {"type": "array", "minItems": 2, "maxItems": 2}
_SOME = {"type": "array", "minItems": 1}

# How `osarena.tasks.values` reads a value, for the JSON Schema; the loader says more clearly what is wrong with one.
_VALUE_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": ["string", "number", "boolean", "array", "null"], "description": "A literal; texts may use earlier values."},
        _object_schema({"choice": _SOME}, "One of them."),
        _object_schema({"sample": _SOME, "count": {"type": ["integer", "string"]}}, "A list of so many different ones."),
        _object_schema({"int": _PAIR}, "A whole number between the two, both included."),
        _object_schema({"date": _PAIR}, "A day between the two, both included, as ISO text."),
        _object_schema({"maker": {"type": "string"}}, "What a maker returns for the other keys.", is_open=True),
        _object_schema({"download": {"type": "string"}}, "A file from the web, by its address."),
        _object_schema({"literal": {}}, "The thing itself."),
    ]
}


class Task(_Strict):
    """One task file."""

    schema_: Literal["osarena/task@1"] = Field(alias="schema")
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*/[a-z0-9][a-z0-9_-]*$", description="application/name")]
    version: int = Field(ge=1)
    instruction: str = Field(min_length=1)
    values: dict[str, Annotated[Any, WithJsonSchema(_VALUE_SCHEMA)]] = {}
    apps: list[str] = Field(min_length=1)
    platforms: list[Literal["linux", "windows"]] = ["linux"]
    channels: list[Literal["gui", "shell"]] = ["gui"]
    tags: Tags = Tags()
    limits: Limits = Limits()
    setup: list[StepCall] = []
    finish: list[StepCall] = Field(
        default=[], description="What is done when the agent has stopped, before anything is looked at, such as saving for it."
    )
    check: dict[str, Any] = Field(description='A tree of "metric", "all", "any", "not" and "infeasible"; see osarena.grading.')
    solution: PlayCall | None = None
    counterexamples: list[Counterexample] = []
    # Values that the task asks to look up may lie in the desktop; the proof's leak scan passes over them.
    facts: list[str] = []
    needs: list[str] = Field(
        default=[], description="What no desktop of osarena's has, such as a live web site; with any of it the task is not run."
    )
    # The feasible twin of an infeasible task, and the other way round.
    twin: str | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """A task for one seed: every placeholder filled in."""

    task: Task
    suite: str
    seed: int
    values: Mapping[str, Any]
    instruction: str
    setup: tuple[StepCall, ...]
    finish: tuple[StepCall, ...]
    check: Check
    # Of the task as it is written, so the same for every seed (see `osarena.tasks.digests`).
    episode_digest: str  # instruction, values, set-up, limits, channels, sources of makers and sites, assets
    grader_digest: str  # the check and the sources of its probes, readers and metrics

    @property
    def name(self) -> str:
        """`suite:id`, as rows and the command line say it."""
        return f"{self.suite}:{self.task.id}"
