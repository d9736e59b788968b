"""Writing a trajectory while it happens, off the path of the episode.

A thread of its own encodes what is shown and writes the file again after each step, so that whenever the process is
killed, the trajectory on the disk is whole up to the last step that was written, and every picture it names is there.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import queue
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from PIL import Image

from osarena.agent import Brief, Decision, Usage
from osarena.errors import StoreError
from osarena.recording.trajectory import VERSION
from osarena.types.actions import to_json
from osarena.types.observation import Observation, Pixels
from osarena.types.tree import Node, Tree


@dataclass(frozen=True, slots=True)
class Header:
    """What a trajectory says of itself before its first step; both mappings must be JSON."""

    session_id: str
    agent: str
    agent_version: str
    agent_extra: Mapping[str, Any] = field(default_factory=dict)
    episode: Mapping[str, Any] = field(default_factory=dict)  # task, seed, trial, digests …


class Recorder:
    """Records one episode into a folder. Used as a context; leaving it waits until everything is written.

    Every method raises StoreError once the folder could not be written; the episode is then not worth going on with.
    """

    def __init__(self, folder: Path, header: Header) -> None:
        self._folder = folder
        self._header = header
        self._writer = _Writer(folder, _empty_document(header))
        self._usage = Usage()
        self._steps = 0

    def __enter__(self) -> Self:
        self._writer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._writer.stop()

    def begin(self, brief: Brief, observation: Observation) -> None:
        """Record what the agent was told, and its first look."""
        text = {"type": "text", "text": brief.instruction}
        told = {
            "platform": brief.platform,
            "screen_size": [brief.screen.width, brief.screen.height],
            "coordinate_space": "pixels",
            "channels": list(brief.channels),
            "max_steps": brief.max_steps,
        }
        message = [text, *self._picture(observation)]
        self._add_step("user", message, extra={"osarena": told | self._look(observation)})

    def step(self, decision: Decision, observation: Observation, *, reward: float) -> None:
        """Record one decision and what was seen after it."""
        calls = _calls(decision, self._steps + 1)
        seen: dict[str, Any] = {"content": [*_problem(observation), *self._picture(observation)]}
        if calls:
            seen["source_call_id"] = calls[-1]["tool_call_id"]
        usage = decision.usage
        own = self._look(observation) | {"reward": reward, "env_ms": _rounded(observation.raw.timings_ms)}
        extra: dict[str, Any] = {"osarena": own}
        if decision.extra:
            extra["agent"] = decision.extra
        fields: dict[str, Any] = {"tool_calls": calls} if calls else {}
        if decision.thought:
            fields["reasoning_content"] = decision.thought
        self._usage += usage
        self._add_step(
            "agent",
            decision.thought,
            **fields,
            observation={"results": [seen]},
            metrics=_metrics(usage),
            llm_call_count=usage.calls,
            extra=extra,
        )

    def finish(self, outcome: Mapping[str, Any], *, notes: str = "", usage: Usage | None = None) -> None:
        """Record how the episode ended.

        Args:
            outcome: JSON (status, score …).
            notes: the reason in words.
            usage: what all of the episode has cost, a step that failed among it; by default the sum of the steps.
        """
        usage = usage or self._usage
        final = {
            "total_prompt_tokens": usage.prompt_tokens,
            "total_completion_tokens": usage.completion_tokens,
            "total_cached_tokens": usage.cached_tokens,
            "total_cost_usd": usage.cost_usd,
            "total_steps": self._steps,
        }
        ending: dict[str, Any] = {"final_metrics": final, "extra": {"osarena": dict(self._header.episode) | dict(outcome)}}
        self._writer.put(_Ending(ending | ({"notes": notes} if notes else {})))

    def _add_step(self, source: str, message: Any, **fields: Any) -> None:
        self._steps += 1
        head = {"step_id": self._steps, "source": source, "message": message, "timestamp": _now()}
        self._writer.put(_Step(head | fields))

    def _picture(self, observation: Observation) -> list[dict[str, Any]]:
        pixels = observation.raw.pixels
        if pixels is None:
            return []
        path = self._writer.frame(pixels, observation.raw.frame_hash)
        return [{"type": "image", "source": {"media_type": "image/webp", "path": path}}]

    def _look(self, observation: Observation) -> dict[str, Any]:
        """What osarena itself says of a look."""
        raw = observation.raw
        seen: dict[str, Any] = {"obs_hash": raw.frame_hash, "consistent": raw.consistent, "settled": raw.settled}
        if raw.tree is not None:
            seen["a11y_path"] = self._writer.tree(raw.tree)
        return seen


@dataclass(frozen=True, slots=True)
class _Frame:
    path: str
    pixels: Pixels


@dataclass(frozen=True, slots=True)
class _Tree:
    path: str
    tree: Tree


@dataclass(frozen=True, slots=True)
class _Step:
    record: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Ending:
    fields: dict[str, Any]


_Item = _Frame | _Tree | _Step | _Ending


class _Writer:
    """The thread that writes. It takes items in order, so a step is written after the pictures that it names."""

    # A whole screen in memory is 6 MB: an episode that is faster than the encoder waits at this many items.
    _AHEAD = 64
    # After this long the disk does not just lag.
    _STUCK_S = 60.0

    def __init__(self, folder: Path, document: dict[str, Any]) -> None:
        self._folder = folder
        self._document = document
        self._queue: queue.Queue[_Item | None] = queue.Queue(self._AHEAD)
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
        self._failure: OSError | None = None
        self._frames: dict[str | bytes, str] = {}
        self._trees = 0
        self._last_tree: Tree | None = None
        self._is_dirty = False

    def start(self) -> None:
        try:
            for name in ("frames", "trees"):
                (self._folder / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot write {self._folder}: {error.strerror}") from error
        self._thread.start()

    def stop(self) -> None:
        self._queue.put(None)
        self._thread.join()
        self._check()

    def put(self, item: _Item) -> None:
        self._check()
        try:
            self._queue.put(item, timeout=self._STUCK_S)
        except queue.Full:
            raise StoreError(f"cannot write {self._folder}: nothing was written for {self._STUCK_S} s") from None

    def frame(self, pixels: Pixels, frame_hash: str) -> str:
        """The path of a picture; one that was shown before is not written again."""
        key = frame_hash or blake2b(pixels.tobytes(), digest_size=16).digest()
        if key not in self._frames:
            self._frames[key] = f"frames/{len(self._frames):04}.webp"
            self.put(_Frame(self._frames[key], pixels))
        return self._frames[key]

    def tree(self, tree: Tree) -> str:
        """The path of a tree; the same object as last time is not written again."""
        if tree is not self._last_tree:
            self._last_tree = tree
            self._trees += 1
            self.put(_Tree(f"trees/{self._trees - 1:04}.json.gz", tree))
        return f"trees/{self._trees - 1:04}.json.gz"

    def _check(self) -> None:
        if self._failure is not None:
            raise StoreError(f"cannot write {self._folder}: {self._failure.strerror}") from self._failure

    def _work(self) -> None:
        while (item := self._queue.get()) is not None:
            self._attempt(item)
        self._attempt(None)

    def _attempt(self, item: _Item | None) -> None:
        """Write one item, or nothing any more once that has failed; `None` means that no item follows."""
        if self._failure is not None:
            return
        try:
            if item is not None:
                self._write(item)
            # With more items waiting, the document will be written soon enough.
            if self._is_dirty and self._queue.empty():
                self._write_document()
        except OSError as error:
            self._failure = error

    def _write(self, item: _Item) -> None:
        match item:
            case _Frame(path, pixels):
                self._put_file(path, _encode_frame(pixels))
            case _Tree(path, tree):
                self._put_file(path, _encode_tree(tree))
            case _Step(record):
                self._document["steps"].append(record)
                self._is_dirty = True
            case _Ending(fields):
                self._document |= fields
                # Without a step (a desktop that was never ready) there is no trajectory.
                self._is_dirty = bool(self._document["steps"])

    def _write_document(self) -> None:
        self._put_file("trajectory.json", json.dumps(self._document, indent=1).encode())
        self._is_dirty = False

    def _put_file(self, name: str, data: bytes) -> None:
        path = self._folder / name
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        unfinished.write_bytes(data)
        unfinished.replace(path)


def _empty_document(header: Header) -> dict[str, Any]:
    agent: dict[str, Any] = {"name": header.agent, "version": header.agent_version}
    if header.agent_extra:
        agent["extra"] = dict(header.agent_extra)
    return {
        "schema_version": VERSION,
        "session_id": header.session_id,
        "agent": agent,
        "steps": [],
        "extra": {"osarena": dict(header.episode)},
    }


def _calls(decision: Decision, step: int) -> list[dict[str, Any]]:
    calls = []
    for number, action in enumerate(decision.actions, start=1):
        arguments = to_json(action)
        name = arguments.pop("action")
        calls.append({"tool_call_id": f"{step}.{number}", "function_name": name, "arguments": arguments})
    return calls


def _problem(observation: Observation) -> list[dict[str, Any]]:
    return [{"type": "text", "text": observation.last_error}] if observation.last_error else []


def _metrics(usage: Usage) -> dict[str, Any]:
    record = asdict(usage)
    del record["calls"]
    return record


def _rounded(times_ms: Mapping[str, float]) -> dict[str, float]:
    return {name: round(ms, 1) for name, ms in times_ms.items()}


def _encode_frame(pixels: Pixels) -> bytes:
    # Lossless; "method 0" is faster than PNG (37 to 58 ms for 1080p) and half its size.
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "WEBP", lossless=True, quality=0, method=0)
    return buffer.getvalue()


def _encode_tree(tree: Tree) -> bytes:
    """The nodes as a flat list, parents before children; `parent` is an index into it, -1 for the root."""
    nodes = []
    pending = [(tree.root, -1)]
    while pending:
        node, parent = pending.pop()
        nodes.append({"parent": parent} | _node(node))
        pending.extend((child, len(nodes) - 1) for child in reversed(node.children))
    record = {"truncated": tree.truncated, "nodes": nodes}
    return gzip.compress(json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass"), compresslevel=1, mtime=0)


def _node(node: Node) -> dict[str, Any]:
    record = {
        "role": node.role,
        "name": node.name,
        "description": node.description,
        "text": node.text,
        "value": node.value,
        "states": sorted(node.states),
        "actions": list(node.actions),
        "box": None if node.box is None else [node.box.x, node.box.y, node.box.width, node.box.height],
    }
    return {name: value for name, value in record.items() if value not in ("", [], None)}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
