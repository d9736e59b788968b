from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from osarena.errors import StoreError
from osarena.recording.trajectory import read_trajectory

WHOLE: dict[str, Any] = {
    "schema_version": "ATIF-v1.8",
    "session_id": "s",
    "trajectory_id": "t",
    "agent": {"name": "a", "version": "1", "model_name": "m", "tool_definitions": [{"name": "click"}], "extra": {}},
    "steps": [
        {"step_id": 1, "source": "system", "message": "Be brief.", "observation": {"results": [{}]}},
        {"step_id": 2, "source": "user", "message": [{"type": "text", "text": "Go."}],
         "timestamp": "2026-01-01T00:00:00Z", "extra": {"x": 1}},
        {
            "step_id": 3,
            "source": "agent",
            "message": "",
            "model_name": "m",
            "reasoning_effort": "low",
            "reasoning_content": "hm",
            "tool_calls": [{"tool_call_id": "c", "function_name": "wait", "arguments": {"seconds": 1}, "extra": {}}],
            "observation": {
                "results": [
                    {
                        "source_call_id": "c",
                        "content": [
                            {"type": "text", "text": "seen"},
                            {"type": "image", "source": {"media_type": "image/png", "path": "imgs/1.png"}},
                        ],
                        "subagent_trajectory_ref": [{"trajectory_id": "u"}],
                        "extra": {},
                    }
                ]
            },
            "metrics": {
                "prompt_tokens": 1, "completion_tokens": 1, "cached_tokens": 0, "cost_usd": 0.1, "prompt_token_ids": [1],
                "completion_token_ids": [2], "logprobs": [-0.5], "extra": {},
            },
            "llm_call_count": 1,
            "is_copied_context": True,
            "extra": {},
        },
    ],
    "notes": "n",
    "final_metrics": {
        "total_prompt_tokens": 1, "total_completion_tokens": 1, "total_cached_tokens": 0, "total_cost_usd": 0.1, "total_steps": 3,
        "extra": {},
    },
    "continued_trajectory_ref": "next.json",
    "subagent_trajectories": [{}],
    "extra": {},
}  # fmt: skip


def written(folder: Path, change: Callable[[dict[str, Any]], object] | None = None) -> Path:
    document = copy.deepcopy(WHOLE)
    if change:
        change(document)
    path = folder / "trajectory.json"
    path.write_text(json.dumps(document))
    return path


def test_every_field_of_the_format_is_read(tmp_path: Path) -> None:
    trajectory = read_trajectory(written(tmp_path))
    assert trajectory.model_dump(exclude_none=True) == WHOLE
    assert trajectory.frames()[-1] == "imgs/1.png"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.update(schema_version="ATIF-v1.4"), "schema_version"),
        (lambda d: d.pop("agent"), "agent: Field required"),
        (lambda d: d["agent"].pop("version"), "agent.version: Field required"),
        (lambda d: d.update(steps=[]), "steps"),
        (lambda d: d.update(colour="blue"), "colour: Extra inputs"),
        (lambda d: d["steps"][2].update(step_id=4), "step_id counts 1, 2, 3"),
        (lambda d: d["steps"][1].update(reasoning_content="hm"), "a user step has no reasoning_content"),
        (lambda d: d["steps"][0].update(tool_calls=[]), "a system step has no tool_calls"),
        (lambda d: d["steps"][1].pop("message"), "steps.1.message: Field required"),
        (
            lambda d: d["steps"][2]["observation"]["results"][0].update(source_call_id="x"),
            "source_call_id 'x' is no call of step 3",
        ),
        (lambda d: d["steps"][2]["tool_calls"][0].update(arguments="x"), "steps.2.tool_calls.0.arguments"),
        (lambda d: d["steps"][1]["message"][0].update(type="image"), "a part of type 'image' has a source"),
        (lambda d: d["steps"][2]["metrics"].update(prompt_tokens="many"), "prompt_tokens"),
    ],
)
def test_a_document_that_breaks_a_rule_is_refused_with_the_field(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], words: str
) -> None:
    with pytest.raises(StoreError, match=r"is not a trajectory of the form ATIF-v1\.8") as caught:
        read_trajectory(written(tmp_path, change))
    assert words in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot read .*trajectory\.json"):
        read_trajectory(tmp_path)
