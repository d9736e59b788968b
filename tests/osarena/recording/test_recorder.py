from __future__ import annotations

import gzip
import json
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from osarena.agent import Brief, Decision, Usage
from osarena.errors import StoreError
from osarena.recording import recorder as recorder_module
from osarena.recording.recorder import Header, Recorder
from osarena.recording.trajectory import read_trajectory
from osarena.types.actions import Click, Finish, TypeText
from osarena.types.geometry import Box, Point, Size
from osarena.types.observation import Observation, Pixels, RawObservation
from osarena.types.tree import Node, Tree

HEADER = Header("job1", "navi", "1.2", episode={"task": "core:calc/total", "seed": 3})
BRIEF = Brief("Add it up.", screen=Size(8, 6))


def pixels(shade: int) -> Pixels:
    image = np.full((6, 8, 3), shade, np.uint8)
    image[0, 0] = (1, 2, 3)
    return image


def look(step: int, shade: int, *, tree: Tree | None = None, error: str = "") -> Observation:
    raw = RawObservation(pixels(shade), frame_hash=f"h{shade}", tree=tree, timings_ms={"settle": 101.234})
    return Observation(step, BRIEF.screen, raw, error)


def record(folder: Path) -> dict[str, Any]:
    with Recorder(folder, HEADER) as recorder:
        recorder.begin(BRIEF, look(0, 10))
        typed = Decision([Click(Point(3, 4)), TypeText("ä")], "I type.", Usage(100, 7, 50, 0.25, 2), {"raw": "reply"})
        recorder.step(typed, look(1, 20), reward=0.0)
        recorder.step(Decision([]), look(2, 10, error="nothing to do"), reward=0.0)
        recorder.step(Decision([Finish()]), look(3, 20), reward=1.0)
        recorder.finish({"ended": "finished", "score": 1.0}, notes="as it should be")
    loaded: dict[str, Any] = json.loads((folder / "trajectory.json").read_text())
    return loaded


def test_a_trajectory_holds_every_field_that_the_format_asks_for(tmp_path: Path) -> None:
    document = record(tmp_path)
    assert read_trajectory(tmp_path).schema_version == "ATIF-v1.8"
    assert document["agent"] == {"name": "navi", "version": "1.2"}
    assert document["session_id"] == "job1"
    first, typed, idle, _ = document["steps"]
    assert first["source"] == "user"
    assert first["message"][0] == {"type": "text", "text": "Add it up."}
    assert first["extra"]["osarena"]["coordinate_space"] == "pixels"
    assert typed["reasoning_content"] == "I type."
    assert typed["tool_calls"] == [
        {
            "tool_call_id": "2.1",
            "function_name": "click",
            "arguments": {"point": [3, 4], "button": "left", "count": 1, "modifiers": []},
        },
        {"tool_call_id": "2.2", "function_name": "type_text", "arguments": {"text": "ä"}},
    ]
    assert typed["observation"]["results"][0]["source_call_id"] == "2.2"
    assert typed["metrics"] == {"prompt_tokens": 100, "completion_tokens": 7, "cached_tokens": 50, "cost_usd": 0.25}
    assert typed["llm_call_count"] == 2
    assert typed["extra"]["agent"] == {"raw": "reply"}
    assert typed["extra"]["osarena"]["env_ms"] == {"settle": 101.2}
    assert idle["observation"]["results"][0]["content"][0] == {"type": "text", "text": "nothing to do"}
    assert document["final_metrics"]["total_cost_usd"] == 0.25
    assert document["extra"]["osarena"] == {"task": "core:calc/total", "seed": 3, "ended": "finished", "score": 1.0}
    assert document["notes"] == "as it should be"


def test_a_step_that_failed_counts_among_what_the_episode_has_cost(tmp_path: Path) -> None:
    with Recorder(tmp_path, HEADER) as recorder:
        recorder.begin(BRIEF, look(0, 10))
        recorder.step(Decision([], usage=Usage(100, 7, 50, 0.25, 2)), look(1, 20), reward=0.0)
        recorder.finish({"ended": "error"}, usage=Usage(130, 9, 50, 0.5, 3))
    metrics = json.loads((tmp_path / "trajectory.json").read_text())["final_metrics"]
    assert (metrics["total_prompt_tokens"], metrics["total_cost_usd"], metrics["total_steps"]) == (130, 0.5, 2)


def test_frames_are_lossless_and_the_same_frame_is_stored_once(tmp_path: Path) -> None:
    document = record(tmp_path)
    paths = [step["observation"]["results"][0]["content"][-1]["source"]["path"] for step in document["steps"][1:]]
    assert paths == ["frames/0001.webp", "frames/0000.webp", "frames/0001.webp"]
    assert sorted(path.name for path in (tmp_path / "frames").iterdir()) == ["0000.webp", "0001.webp"]
    assert np.array_equal(np.asarray(Image.open(tmp_path / "frames/0001.webp").convert("RGB")), pixels(20))
    assert read_trajectory(tmp_path).frames()[-1] == "frames/0001.webp"


def test_actions_come_back_from_the_calls(tmp_path: Path) -> None:
    record(tmp_path)
    decisions = [step.actions() for step in read_trajectory(tmp_path).decisions()]
    assert decisions == [[Click(Point(3, 4)), TypeText("ä")], [], [Finish()]]


def test_a_tree_is_stored_flat_however_deep_it_is(tmp_path: Path) -> None:
    node = Node("label", "deepest", states=frozenset({"showing"}), box=Box(1, 2, 3, 4))
    for _ in range(5000):
        node = Node("panel", children=(node,))
    tree = Tree(Node("desktop frame", children=(node,)), truncated=True)
    with Recorder(tmp_path, HEADER) as recorder:
        recorder.begin(BRIEF, look(0, 10, tree=tree))
        recorder.step(Decision([]), look(1, 10, tree=tree), reward=0.0)
    (path,) = (tmp_path / "trees").iterdir()
    stored = json.loads(gzip.decompress(path.read_bytes()))
    assert stored["truncated"] is True
    assert len(stored["nodes"]) == 5002
    assert stored["nodes"][-1] == {"parent": 5000, "role": "label", "name": "deepest", "states": ["showing"], "box": [1, 2, 3, 4]}


def test_encoding_is_off_the_path_of_the_episode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    may_go_on = threading.Event()

    def slow(_pixels: Pixels) -> bytes:
        may_go_on.wait(10)
        return b"picture"

    monkeypatch.setattr(recorder_module, "_encode_frame", slow)
    with Recorder(tmp_path, HEADER) as recorder:
        recorder.begin(BRIEF, look(0, 10))
        recorder.step(Decision([]), look(1, 20), reward=0.0)
        assert not (tmp_path / "trajectory.json").exists()  # and yet we are here
        may_go_on.set()
    assert len(read_trajectory(tmp_path).steps) == 2


def test_a_recording_that_is_cut_off_is_whole_as_far_as_it_got(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, HEADER)
    with recorder:
        recorder.begin(BRIEF, look(0, 10))
        recorder.step(Decision([], "first"), look(1, 20), reward=0.0)
    trajectory = read_trajectory(tmp_path)
    assert [step.source for step in trajectory.steps] == ["user", "agent"]
    assert trajectory.final_metrics is None
    assert not list(tmp_path.glob("**/.*"))


def test_without_a_first_look_there_is_no_trajectory(tmp_path: Path) -> None:
    with Recorder(tmp_path, HEADER) as recorder:
        recorder.finish({"ended": "error"})
    with pytest.raises(StoreError, match="cannot read"):
        read_trajectory(tmp_path)


def test_a_folder_that_cannot_be_written_is_said_at_the_next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = threading.Event()

    def refuse(_self: Path, _data: bytes) -> int:
        failed.set()
        raise OSError(28, "No space left on device")

    recorder = Recorder(tmp_path, HEADER)
    recorder.__enter__()
    monkeypatch.setattr(Path, "write_bytes", refuse)
    recorder.begin(BRIEF, look(0, 10))
    failed.wait(10)
    with pytest.raises(StoreError, match="No space left on device"):
        recorder.__exit__(None, None, None)
    with pytest.raises(StoreError, match="No space left on device"):
        recorder.step(Decision([]), look(1, 20), reward=0.0)
