"""Reading trajectories: the fields of ATIF-v1.8 as models, and what osarena wants to know of one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from osarena.errors import StoreError
from osarena.types.actions import Action, from_json

VERSION = "ATIF-v1.8"

# Fields that only a step of the agent may have.
_AGENTS_OWN = ("model_name", "reasoning_effort", "reasoning_content", "tool_calls", "metrics", "llm_call_count")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class ImageSource(_Model):
    """Where a picture or sound lies; `path` is relative to the trajectory, absolute, or a URL."""

    media_type: Literal["image/png", "image/jpeg", "image/gif", "image/webp", "audio/mpeg", "audio/wav", "audio/ogg"]
    path: str


class ContentPart(_Model):
    """One piece of a message or an observation."""

    type: Literal["text", "image", "audio"]
    text: str | None = None
    source: ImageSource | None = None

    @model_validator(mode="after")
    def _has_what_its_type_says(self) -> Self:
        if (self.text is None) == (self.type == "text") or (self.source is None) == (self.type != "text"):
            raise ValueError(f"a part of type {self.type!r} has a {'text' if self.type == 'text' else 'source'} and nothing else")
        return self


class ToolCall(_Model):
    """One action of the agent."""

    tool_call_id: str
    function_name: str
    arguments: dict[str, Any]
    extra: dict[str, Any] | None = None


class SubagentRef(_Model):
    """A trajectory of a helper of the agent."""

    trajectory_id: str | None = None
    session_id: str | None = None
    trajectory_path: str | None = None
    extra: dict[str, Any] | None = None


class ObservationResult(_Model):
    """What one call, or the step as a whole, brought to light."""

    source_call_id: str | None = None
    content: str | list[ContentPart] | None = None
    subagent_trajectory_ref: list[SubagentRef] | None = None
    extra: dict[str, Any] | None = None


class StepObservation(_Model):
    """What the agent saw after its actions."""

    results: list[ObservationResult]


class Metrics(_Model):
    """What one decision cost."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cached_tokens: int | None = None
    cost_usd: float | None = None
    prompt_token_ids: list[int] | None = None
    completion_token_ids: list[int] | None = None
    logprobs: list[float] | None = None
    extra: dict[str, Any] | None = None


class Step(_Model):
    """One step, numbered from 1."""

    step_id: int = Field(ge=1)
    source: Literal["system", "user", "agent"]
    message: str | list[ContentPart]
    timestamp: str | None = None
    model_name: str | None = None
    reasoning_effort: str | float | None = None
    reasoning_content: str | None = None
    tool_calls: list[ToolCall] | None = None
    observation: StepObservation | None = None
    metrics: Metrics | None = None
    llm_call_count: int | None = None
    is_copied_context: bool | None = None
    extra: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _keeps_the_rules(self) -> Self:
        if self.source != "agent":
            given = [name for name in _AGENTS_OWN if getattr(self, name) is not None]
            if given:
                raise ValueError(f"a {self.source} step has no {', '.join(given)}")
        calls = {call.tool_call_id for call in self.tool_calls or ()}
        for result in self.observation.results if self.observation else ():
            if result.source_call_id is not None and result.source_call_id not in calls:
                raise ValueError(f"source_call_id {result.source_call_id!r} is no call of step {self.step_id}")
        return self

    def actions(self) -> list[Action]:
        """The step's calls as actions of osarena (raises AgentError for calls that are none)."""
        return [from_json({"action": call.function_name} | call.arguments) for call in self.tool_calls or ()]


class AgentInfo(_Model):
    """Who acted."""

    name: str
    version: str
    model_name: str | None = None
    tool_definitions: list[dict[str, Any]] | None = None
    extra: dict[str, Any] | None = None


class FinalMetrics(_Model):
    """What the whole episode cost."""

    total_prompt_tokens: int | None = None
    total_completion_tokens: int | None = None
    total_cached_tokens: int | None = None
    total_cost_usd: float | None = None
    total_steps: int | None = None
    extra: dict[str, Any] | None = None


class Trajectory(_Model):
    """One episode."""

    schema_version: Literal["ATIF-v1.8"]
    session_id: str | None = None
    trajectory_id: str | None = None
    agent: AgentInfo
    steps: list[Step] = Field(min_length=1)
    notes: str | None = None
    final_metrics: FinalMetrics | None = None
    continued_trajectory_ref: str | None = None
    subagent_trajectories: list[dict[str, Any]] | None = None
    extra: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _numbers_its_steps(self) -> Self:
        numbers = [step.step_id for step in self.steps]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError(f"step_id counts 1, 2, 3 …, but is {numbers[:20]}")
        return self

    def decisions(self) -> Iterator[Step]:
        """The agent's steps, in order."""
        return (step for step in self.steps if step.source == "agent")

    def frames(self) -> list[str]:
        """Paths of the pictures that the agent was shown, in order, relative to the trajectory."""
        return [path for step in self.steps for path in _pictures(step)]


def read_trajectory(path: Path) -> Trajectory:
    """The trajectory of a file (or of the `trajectory.json` in a folder).

    Raises:
        StoreError: it cannot be read, or is not of the form ATIF-v1.8; the text names the field.
    """
    file = path / "trajectory.json" if path.is_dir() else path
    try:
        return Trajectory.model_validate_json(file.read_bytes())
    except OSError as error:
        raise StoreError(f"cannot read {file}: {error.strerror}") from error
    except ValidationError as error:
        # Of the branches of a union, the one that was followed furthest is the one that was meant.
        fault = max(error.errors(include_url=False), key=lambda fault: len(fault["loc"]))
        where = ".".join(str(part) for part in fault["loc"]) or "the file"
        raise StoreError(f"{file} is not a trajectory of the form {VERSION}: {where}: {fault['msg']}") from error


def _pictures(step: Step) -> Iterator[str]:
    contents = [step.message, *(result.content for result in (step.observation.results if step.observation else ()))]
    for content in contents:
        for part in content if isinstance(content, list) else ():
            if part.type == "image" and part.source is not None:
                yield part.source.path
