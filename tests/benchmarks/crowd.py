"""`python -m tests.benchmarks.crowd`: many desktops beside each other, whose agent waits for a slow model.

Runs `osarena run --suite core --agent navi --parallel 16 --model http://127.0.0.1:PORT/v1#stub` against a server on loopback that
takes two seconds for each answer, once for each kind of marks, and says where the time goes: what the model takes, what the
agent takes itself (marks, prompt, reading the reply), and what the desktop takes (action, stillness, screen and tree). The
desktops' side is fast enough where the workers spend most of their time waiting for the model.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.support.model_server import Asked, ModelServer, Say
from tests.support.processes import Command

_DEEDS = (
    'computer.mouse.scroll(dir="down")',
    'computer.mouse.scroll(dir="up")',
    "computer.mouse.move_abs(x=0.5, y=0.5)",
    'computer.keyboard.press("pagedown")',
    'computer.keyboard.press("tab")',
)


@dataclass(frozen=True)
class Crowd:
    """What became of one run. Times are sums over its steps, in seconds."""

    marks: str
    jobs: int
    counted: int
    steps: int
    asked: int
    wall_s: float
    agent_s: float
    desktop_s: float
    setup_s: float
    check_s: float
    busy: float  # of the processors, from 0 to 1


def main(arguments: list[str]) -> int:
    """Exit status 1 where a job has no counted row."""
    options = _parser().parse_args(arguments)
    crowds = [_run(marks, options) for marks in options.marks]
    _print(crowds, options)
    return 0 if all(crowd.counted == crowd.jobs for crowd in crowds) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parallel", type=int, default=16)
    parser.add_argument("--delay", type=float, default=2.0, help="seconds that the model takes")
    parser.add_argument("--marks", nargs="+", default=["tree", "tree+ocr+icons"])
    parser.add_argument("--done", type=float, default=0.08, help="chance that an answer ends the episode")
    parser.add_argument("--suite", default="core")
    return parser


def _run(marks: str, options: argparse.Namespace) -> Crowd:
    chance = random.Random(0)

    def answer(_: Asked) -> Say:
        if chance.random() < options.done:
            return Say("Enough.\n```decision\nDONE\n```")
        return Say(f"I look around.\n```decision\nCOMMAND\n```\n```python\n{chance.choice(_DEEDS)}\n```")

    with tempfile.TemporaryDirectory(prefix="osarena-crowd-") as folder, ModelServer(answer, delay_s=options.delay) as server:
        began, idle = time.monotonic(), _idle_s()
        out = Path(folder) / "run"
        who = ("--agent", "navi", "--agent-arg", f"marks={marks}", "--model", server.spec)
        command = Command(["run", "--suite", options.suite, *who, "--parallel", str(options.parallel), "--out", str(out)])
        code, said, stderr = command.finish(timeout_s=3600)
        wall_s = time.monotonic() - began
        if not (out / "rows.jsonl").is_file():
            raise SystemExit(f"exit code {code}\n{said}\n{stderr}")
        print(said, flush=True)
        rows = [json.loads(line) for line in (out / "rows.jsonl").read_text().splitlines()]
        planned = len(json.loads((out / "lock.json").read_text())["jobs"])
        asked = len(server.asked)
    results = [row for row in rows if row["row"] == "result"]
    counted = Counter(row["job_id"] for row in results if row["status"] in ("SCORED", "AGENT_ERROR"))
    assert set(counted.values()) <= {1}, "a job has two counted rows"
    spent = {name: sum(row["timings_s"].get(name, 0.0) for row in results) for name in ("agent", "desktop", "setup", "check")}
    busy = 1 - (_idle_s() - idle) / (_processors() * wall_s)
    steps = sum(row["steps"] for row in results)
    times = (spent["agent"], spent["desktop"], spent["setup"], spent["check"])
    return Crowd(marks, planned, len(counted), steps, asked, wall_s, *times, busy)


def _print(crowds: list[Crowd], options: argparse.Namespace) -> None:
    title = f"{options.parallel} desktops, {_processors()} processors, a model that takes {options.delay:g} s"
    table = Table(title=title, title_justify="left")
    columns = (
        "marks",
        "jobs",
        "counted rows",
        "steps",
        "wall s",
        "steps/s",
        "agent itself ms",
        "desktop ms",
        "waits for model",
        "busy",
    )
    for column in columns:
        table.add_column(column, justify="left" if column == "marks" else "right")
    for crowd in crowds:
        waited_s = crowd.asked * options.delay
        table.add_row(
            crowd.marks,
            str(crowd.jobs),
            str(crowd.counted),
            str(crowd.steps),
            f"{crowd.wall_s:.0f}",
            f"{crowd.steps / crowd.wall_s:.2f}",
            f"{(crowd.agent_s - waited_s) / crowd.steps * 1000:.0f}",
            f"{crowd.desktop_s / crowd.steps * 1000:.0f}",
            f"{waited_s / (crowd.agent_s + crowd.desktop_s):.0%}",
            f"{crowd.busy:.0%}",
        )
    console = Console(width=150)
    console.print(table)
    console.print(
        "agent itself, desktop: per step; waits for model: of the time of all steps; busy: the processors, of the whole run"
    )


def _idle_s() -> float:
    """Seconds that the processors have idled together."""
    return float(Path("/proc/uptime").read_text().split()[1])


def _processors() -> int:
    return sum(line.startswith("processor") for line in Path("/proc/cpuinfo").read_text().splitlines())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
