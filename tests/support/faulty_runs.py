"""Whole runs of agents against a server that is not well: each task of their suite is about one fault of the server.

The word that a task wants written names the fault (see `FAULTS`). Everything goes well until the first step is done; what the
server answers then is the fault, again and again, until it is well.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from osarena.types.actions import Action, Click, Finish, Hotkey, TypeText
from osarena.types.geometry import Point, Size
from osarena_agents.dialects import Reading, View, find_dialect
from tests.support.model_server import Answer, Asked, Dropped, Garbage, ModelServer, Say, Status, ToolUse, Truncated
from tests.support.processes import osarena
from tests.support.runs import task_record, write_suite

# Neither as words nor as a call is this anything that an agent could do.
_BABBLE = Say("Let me think about it.", [ToolUse("juggle", {"balls": 3})])
_TOO_LONG = b'{"error": {"message": "prompt is too long: 210000 tokens > 200000 maximum", "type": "invalid_request_error"}}'

FAULTS: Mapping[str, Answer | None] = {
    "nothing": None,
    "garbage": Garbage(),
    "silence": Say("too late", delay_s=60),
    "limit": Status(429, retry_after="60"),
    "breakdown": Status(500),
    "truncation": Truncated(),
    "hangup": Dropped(),
    "cut": Dropped(in_body=True),
    "babble": _BABBLE,
    "length": Status(400, body=_TOO_LONG),
}


@dataclass(frozen=True)
class Trained:
    """An agent, and a model for it that knows how the tasks are solved."""

    agent: str
    model: str  # SERVER in it is where the models are
    dialect: str
    screen: Size
    # A place in the text of the editor.
    text: Point
    # How many steps are done, by what the model was told.
    done: Callable[[Asked], int]

    def solves(self, asked: Asked) -> Say:
        """The next step: click into the text and write the word, save, finish."""
        steps: list[tuple[Action, ...]] = [(Click(self.text), TypeText(word_of(asked))), (Hotkey(("ctrl", "s")),), (Finish(),)]
        dialect, actions = find_dialect(self.dialect), steps[self.done(asked)]
        if self.dialect == "waa" and isinstance(actions[0], Finish):
            return Say("```decision\nDONE\n```")
        reply = dialect.write(Reading(actions, "So."), View(self.screen, sent=dialect.picture_size(self.screen)))
        decision = "\n```decision\nCOMMAND\n```" if self.dialect == "waa" else ""
        return Say(reply.text + decision, [ToolUse(call.name, call.arguments, call.id) for call in reply.tool_calls])


def told_steps(asked: Asked) -> int:
    """How many steps a prompt tells of that names them all."""
    return len(re.findall(r"^Step \d+: ", asked.text, re.MULTILINE))


def replies(asked: Asked) -> int:
    """How often the model has said something, in a conversation that holds all of it."""
    return sum(message["role"] == "assistant" for message in asked.body["messages"])


def word_of(asked: Asked) -> str:
    """The word that the task is about."""
    found = re.search(r"Write (\w+) into", asked.text)
    assert found, asked.text
    return found[1]


@dataclass
class FaultyServer:
    """What the server answers to a trained model's agent."""

    trained: Trained
    is_well: bool = False
    asked: list[Asked] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        fault = FAULTS[word_of(asked)]
        if fault is None or self.is_well or self.trained.done(asked) == 0:
            return self.trained.solves(asked)
        return fault

    def words(self) -> set[str]:
        """What it was asked about since this was called last."""
        words = {word_of(asked) for asked in self.asked}
        self.asked.clear()
        return words


def fault_suite(folder: Path, *words: str, **changes: Any) -> Path:
    """A suite with a task about each of these words."""
    records = [task_record(word, values={"word": {"choice": [word]}}, **changes) for word in words]
    return write_suite(folder, *records)


@dataclass
class Runs:
    """The same command again and again: `osarena run` with a trained agent in a folder.

    Args:
        suite: its folder.
        options: ``name=value`` for the agent.
        where: more words of the command.
    """

    folder: Path
    suite: Path
    trained: Trained
    server: ModelServer
    monkeypatch: pytest.MonkeyPatch
    options: tuple[str, ...] = ()
    where: tuple[str, ...] = ("--provider", "fake")

    def run(self) -> dict[str, Any]:
        """Run it to its end; the report as JSON, with what was printed as ``printed``."""
        for name, value in self.server.environ.items():
            self.monkeypatch.setenv(name, value)
        given = (f"model={self.trained.model}", *self.options)
        arguments = [part for option in given for part in ("--agent-arg", option.replace("SERVER", self.server.url))]
        screen = f"{self.trained.screen.width}x{self.trained.screen.height}"
        where = ("--screen", screen, "--out", "run", "--json", "--parallel", "2", *self.where)
        command = ("run", "--suite", str(self.suite), "--agent", self.trained.agent, *arguments, *where)
        _, stdout, stderr = osarena(*command, cwd=self.folder, timeout_s=200)
        assert stdout, stderr
        report: dict[str, Any] = json.loads(stdout)
        return report | {"printed": stderr}

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """All rows of results in their order, by the word of the task."""
        found: dict[str, list[dict[str, Any]]] = {}
        for line in (self.folder / "run/rows.jsonl").read_text().splitlines():
            row = json.loads(line)
            if row["row"] == "result":
                found.setdefault(row["task"].rpartition("/")[2], []).append(row)
        return found


def counted(rows: Mapping[str, list[dict[str, Any]]]) -> Counter[str]:
    """How many rows of each word are in the denominator."""
    return Counter(word for word, some in rows.items() for row in some if row["status"] in ("SCORED", "AGENT_ERROR"))
