"""Tasks run in processes of their own: told, stopped, lost."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from eisfit.app.jobs import DONE, FAILED, STOPPED, Job
from eisfit.app.tasks import Export, Open, Task
from eisfit.tools.progress import Progress, told_by
from support.folders import folder_of


@dataclass(frozen=True)
class Sleep(Task):
    """Tell half, then do nothing for a minute, or end itself."""

    killed: bool = False

    def run(self, progress: Progress) -> Any:
        told_by(progress)("sleeping", 1, 2)
        if self.killed:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(60)


@dataclass(frozen=True)
class Faulty(Task):
    """Fail as no task should."""

    def run(self, progress: Progress) -> Any:
        raise ZeroDivisionError("oh")


def test_a_folder_is_read_in_another_process(tmp_path: Path) -> None:
    ended: list[Job] = []
    folder = folder_of(tmp_path / "data", {"cell_20C.csv": 20.0, "cell_40C.csv": 40.0})
    job = Job(Open("reading files", (str(folder),)), ended.append)
    assert job.wait(60)
    assert ended == [job]
    assert job.state == DONE
    assert [len(a.files) for a in job.answer.actions] == [2]


def test_a_task_is_stopped_at_once() -> None:
    job = Job(Sleep("sleep"), lambda ended: None)
    while job.share < 0.5:
        time.sleep(0.01)
    began = time.monotonic()
    job.stop()
    assert job.wait(5)
    assert time.monotonic() - began < 2
    assert job.state == STOPPED
    assert job.sentence == "sleep: stopped; nothing of it is kept"


def test_a_lost_process_is_said() -> None:
    job = Job(Sleep("sleep", killed=True), lambda ended: None)
    assert job.wait(60)
    assert job.state == FAILED
    assert "its process was lost (exit code -9), and nothing else is; start it again" in job.sentence


@pytest.mark.parametrize(
    ("task", "sentence"),
    [
        (Faulty("divide"), "divide: an error of eisfit itself (ZeroDivisionError: oh); please report it"),
        (Open("reading", ("/nowhere/at/all",)), "/nowhere/at/all: there is no such folder or file"),
        (Export("x", Path("/nowhere.h5"), "x.docx"), "x.docx: there is no such export; known: results.xlsx"),
    ],
)
def test_what_goes_wrong_is_one_sentence(task: Task, sentence: str) -> None:
    job = Job(task, lambda ended: None)
    assert job.wait(60)
    assert job.state == FAILED
    assert sentence in job.sentence
