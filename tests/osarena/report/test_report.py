from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from osarena.errors import UsageError
from osarena.grading.model import Verdict
from osarena.report.frames import contact_sheet, frames_of
from osarena.report.html import render
from osarena.report.tables import report_on
from osarena.runner.lock import lock
from osarena.runner.model import Grading, Result, Status
from osarena.runner.store import RowWriter
from tests.support.runs import odd, run_suite, task_record, write_suite

IDENTITY = {
    "suite": "core",
    "agent": {"name": "navi", "arguments": {}, "spec": "navi"},
    "provider": {"name": "fake", "arguments": {}},
    "machine": {"screen": {"width": 640, "height": 480}},
}


def planned(job_id: str, task: str, seed: int = 0) -> dict[str, object]:
    return {"id": job_id, "task": f"core:{task}", "seed": seed, "trial": 0, "episode_digest": "e", "grader_digest": "g"}


def run_folder(folder: Path, outcomes: list[tuple[str, Status | None, float | None, str]]) -> Path:
    """A run folder with one planned job for each (task, status, score, reason); without a status it has no row."""
    jobs = [planned(f"job{number}", task, number) for number, (task, *_) in enumerate(outcomes)]
    with RowWriter(folder) as writer:
        lock(folder, IDENTITY, jobs, {"python": "3.11", "started": "2026-01-01"})
        for number, (task, status, score, reason) in enumerate(outcomes):
            if status is None:
                continue
            job_id = f"job{number}"
            result = Result(job_id, f"core:{task}", "e", "navi", number, 0, status, "finished", 5, reason, usage={"calls": 2})
            graded = None if score is None else Grading(job_id, "g", Verdict(score, reason))
            writer.append(result, graded)
    return folder


MIXED: list[tuple[str, Status | None, float | None, str]] = [
    ("calc/a", Status.SCORED, 1.0, "good"),
    ("calc/a", Status.SCORED, 0.5, "half"),
    ("calc/b", Status.AGENT_ERROR, None, "crashed"),
    ("web/c", Status.DESKTOP_ERROR, None, "dead"),
    ("web/c", None, None, ""),
]


def test_the_plan_is_what_a_run_is_measured_against(tmp_path: Path) -> None:
    report = report_on(run_folder(tmp_path / "run", MIXED))
    score = report.score
    assert (score.jobs, score.counted, score.not_run, score.solved) == (5, 3, 1, 1)
    assert (score.mean, score.worst, score.best) == (0.5, 0.3, 0.7)
    assert score.interval == pytest.approx((0.1253, 0.8747), abs=1e-4)
    assert score.status == {Status.SCORED: 2, Status.AGENT_ERROR: 1, Status.DESKTOP_ERROR: 1}
    assert not report.is_complete
    assert {app: (part.jobs, part.counted) for app, part in report.apps.items()} == {"calc": (3, 3), "web": (2, 0)}
    assert report.apps["web"].mean is None
    assert report.usage == {"calls": 8}


def test_infeasible_tasks_are_reported_apart(tmp_path: Path) -> None:
    impossible = task_record("cannot", check={"infeasible": "there is no printer"})
    del impossible["solution"]
    folder = tmp_path / "run"
    run_suite(write_suite(tmp_path, task_record(), impossible), folder, agent="infeasible")
    report = report_on(folder)
    assert {kind: (score.jobs, score.solved) for kind, score in report.kinds.items()} == {
        "feasible": (1, 0),
        "infeasible": (1, 1),
    }
    assert "Can it be done?" in render(report)


def test_rows_of_jobs_that_are_not_planned_do_not_count(tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "run", MIXED)
    with RowWriter(folder) as writer:
        writer.append(Result("other", "core:calc/z", "e", "navi", 0, 0, Status.AGENT_ERROR, "error", 0))
    assert report_on(folder).score.counted == 3


def test_json_has_what_its_description_says(tmp_path: Path) -> None:
    record = report_on(run_folder(tmp_path / "run", MIXED)).to_json()
    assert set(record) == {
        "run", "suite", "agent", "jobs", "counted", "not_run", "status", "solved", "mean", "interval", "worst", "best",
        "apps", "tasks", "kinds", "rows", "usage",
    }  # fmt: skip
    assert [row["score"] for row in record["rows"]] == [1.0, 0.5, 0.0, None, None]
    assert [row["status"] for row in record["rows"]] == ["SCORED", "SCORED", "AGENT_ERROR", "DESKTOP_ERROR", None]


def test_a_folder_without_a_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no run folder"):
        report_on(tmp_path)


class Page(HTMLParser):
    """Collects links, pictures and scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.pictures: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        values = dict(attrs)
        if tag == "a":
            self.links.append(str(values["href"]))
        if tag == "img":
            self.pictures.append(str(values["src"]))


def test_the_page_escapes_what_agents_and_desktops_say(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    text = render(report_on(run_folder(tmp_path / "run", [("calc/a", Status.AGENT_ERROR, None, evil)])))
    page = Page(text)
    assert not page.tags & {"script", "img"}
    assert "&lt;script&gt;alert(1)" in text


def test_the_page_stands_alone_and_its_links_lead_somewhere(tmp_path: Path) -> None:
    suite = write_suite(tmp_path, task_record("one"), task_record("two"))
    folder = tmp_path / "run"
    run_suite(suite, folder, seeds=(0, 1), **odd("raises"))
    page = Page(render(report_on(folder)))
    assert not page.tags & {"script", "link", "iframe"}
    assert len(page.pictures) == 4
    assert all(re.match(r"data:image/webp;base64,", picture) for picture in page.pictures)
    (folder / "lock.json").stat()
    assert all((folder / link).exists() for link in page.links), page.links
    assert any(link.endswith("trajectory.json") for link in page.links)


def test_the_page_says_what_has_no_score(tmp_path: Path) -> None:
    text = render(report_on(run_folder(tmp_path / "run", MIXED)))
    assert "2 of 5 planned episodes have no score" in text
    assert "0.300" in text
    assert "0.700" in text
    assert "prefers-color-scheme: dark" in text


def test_a_contact_sheet_has_the_first_and_the_last_look_at_each_task(tmp_path: Path) -> None:
    suite = write_suite(tmp_path, task_record("write"), task_record("write-more"))
    run = tmp_path / "run"
    run_suite(suite, run, seeds=(0, 1))
    report = report_on(run)
    frames = [frames_of(run, episode) for episode in report.episodes if episode.seed == 0]
    sheet = contact_sheet(report)
    assert all(len(paths) >= 2 for paths in frames)
    assert sheet.width > sheet.height > 300  # two pairs beside each other
    looks = [sheet.crop((x, 40, x + 720, 40 + 540)) for x in (16, 16 + 720 + 16)]
    for look, path in zip(looks, (frames[0][0], frames[0][-1]), strict=True):
        with Image.open(run / path) as image:
            shown = image.convert("RGB")
        assert ImageStat.Stat(ImageChops.difference(look.crop((0, 0, *shown.size)), shown)).mean == [0, 0, 0]


def test_there_is_no_contact_sheet_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no screenshots"):
        contact_sheet(report_on(run_folder(tmp_path / "run", MIXED)))
