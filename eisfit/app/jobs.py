"""Tasks in processes of their own, so that pages answer while they run; each can be stopped."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from eisfit.app.tasks import Task
from eisfit.errors import EisfitError

RUNNING, DONE, FAILED, STOPPED = "running", "done", "failed", "stopped"
_TOLD_EVERY_S = 0.1
BEHIND_PAGES = 5  # steps of priority, where the system knows them: pages answer first


class Job:
    """A task that runs in another process.

    Parameters
    ----------
    task : Task
        What to do.
    finished : callable
        Called with this job when it has ended, however that was; in a thread of its own.
    """

    def __init__(self, task: Task, finished: Callable[[Job], None]) -> None:
        self.task, self.state = task, RUNNING
        self.over = False  # whether `finished` has been called, too
        self.answer: Any = None
        self.sentence, self.step, self.share = "", "starting", 0.0
        self.began = time.monotonic()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=work, args=(theirs, task), daemon=True)
        self._process.start()
        theirs.close()
        self._thread = threading.Thread(target=self._listen, args=(ours, finished), daemon=True)
        self._thread.start()

    @property
    def left_s(self) -> float | None:
        """Seconds that are left of the step that runs, as far as can be told."""
        passed = time.monotonic() - self.began
        return passed * (1 / self.share - 1) if 0.05 < self.share < 1 and passed > 1 else None

    def stop(self) -> None:
        """End it; nothing of it is kept."""
        if self.state == RUNNING:
            self.state, self.sentence = STOPPED, f"{self.task.name}: stopped; nothing of it is kept"
            self._process.terminate()

    def wait(self, timeout_s: float) -> bool:
        """Wait until it has ended; tell whether it has."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _listen(self, connection: Connection, finished: Callable[[Job], None]) -> None:
        outcome: tuple[str, Any] | None = None
        while True:
            try:
                kind, value = connection.recv()
            except (EOFError, OSError):
                break
            if kind == "told":
                self._told(*value)
            else:
                outcome = kind, value
        self._process.join()
        if self.state == RUNNING:
            self._end(outcome)
        try:
            finished(self)
        finally:
            self.over = True

    def _told(self, step: str, share: float) -> None:
        if step.partition(":")[0] != self.step.partition(":")[0]:
            self.began = time.monotonic()
        self.step, self.share = step, share

    def _end(self, outcome: tuple[str, Any] | None) -> None:
        if outcome is None:
            self.sentence = (
                f"{self.task.name}: its process was lost (exit code {self._process.exitcode}), and nothing else is; "
                "start it again"
            )
            self.state = FAILED
        elif outcome[0] == DONE:
            self.answer, self.share, self.state = outcome[1], 1.0, DONE
        else:
            self.sentence, self.state = outcome[1], FAILED


class _Telling:
    """A progress that is sent to the other process, not too often."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self.last = connection, 0.0

    def __call__(self, text: str, number: int) -> None:
        self.connection.send(("told", (text, 0.0)))

    def told(self, text: str, done: int, total: int) -> None:
        """Tell how much of a step is done."""
        now = time.monotonic()
        if done == total or now - self.last > _TOLD_EVERY_S:
            self.last = now
            self.connection.send(
                ("told", (f"{text}: {done} of {total}" if total else text, done / max(total, 1)))
            )


def work(connection: Connection, task: Task) -> None:
    """Do a task in this process, and send what came of it; the process ends with the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the server, and that ends this
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(BEHIND_PAGES)
    try:
        connection.send((DONE, task.run(_Telling(connection))))
    except EisfitError as error:
        connection.send((FAILED, str(error)))
    except Exception as error:
        sentence = (
            f"{task.name}: an error of eisfit itself ({type(error).__name__}: {error}); please report it"
        )
        connection.send((FAILED, sentence))
    connection.close()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
