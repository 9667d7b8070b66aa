"""Worker processes of this machine that fit pieces; one that dies is replaced."""

from __future__ import annotations

import base64
import contextlib
import json
import pickle
import queue
import threading
from collections import deque
from typing import Any

from eisfit.bulk.executors import End
from eisfit.bulk.job import Job
from eisfit.bulk.piece import Piece, Written
from eisfit.engine.backends.cpu import available_cores
from eisfit.errors import InputError
from eisfit.tools.child_processes import ONE_THREAD, how_ended, started

AHEAD = (
    3  # pieces that each worker has: one that is being written, one to fit, and one so that it never waits
)
_FRUITLESS = 3  # workers in a row that end before they are ready


class Processes:
    """Worker processes of this machine, each with one thread; one that dies is replaced.

    Parameters
    ----------
    number : int, optional
        Of workers; as many as there are cores if not given.
    pieces : int
        How many pieces there are at least: workers for them start at once, and load while the job is being looked at.
    """

    def __init__(self, number: int | None = None, pieces: int = 0) -> None:
        self._number = number or available_cores()
        self.room = AHEAD * self._number
        self._job = ""
        self._answers: queue.Queue[tuple[_Worker, dict[str, Any] | None]] = queue.Queue()
        self._fruitless = 0
        self._all = [_Worker(self._answers) for _ in range(min(self._number, pieces))]

    def begin(self, job: Job) -> None:
        """Tell the workers what they fit."""
        self._job = base64.b64encode(pickle.dumps(job)).decode()
        for worker in self._all:
            worker.begin(self._job)

    def give(self, piece: Piece) -> None:
        """Hand a piece to the worker that has fewest, or to a new one."""
        least = min(self._all, key=lambda worker: len(worker.pieces), default=None)
        if least is None or (least.pieces and len(self._all) < self._number):
            least = _Worker(self._answers)
            least.begin(self._job)
            self._all.append(least)
        least.give(piece)

    def next_end(self) -> End:
        """Wait until a worker has done a piece, or has died of one."""
        while True:
            worker, answer = self._answers.get()
            if answer is None:
                left, lost = self._bury(worker), worker.fitting
                for piece in left:
                    if piece != lost:  # it may be written by now, or it was not begun
                        self.give(piece)
                if lost is not None:
                    return End(lost, f"its worker process ended ({worker.how_ended()})")
                continue
            if "ready" in answer:
                worker.ready, self._fruitless = True, 0
                continue
            if "begun" in answer:
                worker.fitting = next(p for p in worker.pieces if p.first == answer["begun"])
                continue
            if "refused" in answer:
                raise InputError(answer["refused"])
            piece = worker.pieces.popleft()
            if worker.fitting == piece:
                worker.fitting = None
            if "lost" in answer:
                return End(piece, answer["lost"])
            return End(piece, written=Written.of(answer))

    def close(self) -> None:
        """End all workers."""
        for worker in self._all:
            worker.process.kill()
        for worker in self._all:
            worker.let_go()
        self._all = []

    @property
    def workers(self) -> list[int]:
        """Process numbers of the workers that were started and not found dead."""
        return [worker.process.pid for worker in self._all]

    def _bury(self, worker: _Worker) -> deque[Piece]:
        """Let a dead worker go, and return the pieces that it had."""
        self._all.remove(worker)
        worker.let_go()
        if not worker.ready:
            self._fruitless += 1
            if self._fruitless >= _FRUITLESS:
                raise InputError(
                    f"{_FRUITLESS} worker processes in a row ended before they began ({worker.how_ended()}); what they "
                    "said stands above: give --executor inline to fit in this process"
                )
        return worker.pieces


class _Worker:
    """One worker process, the pieces that it has in their order, and a thread that listens to it."""

    def __init__(self, answers: queue.Queue[tuple[_Worker, dict[str, Any] | None]]) -> None:
        self.pieces = deque[Piece]()
        self.fitting: Piece | None = None
        self.ready = False
        self.process = started("eisfit.bulk.worker", ONE_THREAD, text=True, encoding="utf-8", bufsize=1)
        threading.Thread(target=self._listen, args=(answers,), daemon=True).start()

    def begin(self, job: str) -> None:
        """Tell the process what it fits."""
        self._tell({"job": job})

    def give(self, piece: Piece) -> None:
        """Tell the process of a piece."""
        self.pieces.append(piece)
        self._tell({"first": piece.first, "last": piece.last, "part": piece.part})

    def how_ended(self) -> str:
        """Return by which signal or with which code it ended."""
        return how_ended(self.process)

    def let_go(self) -> None:
        """Close what led to the process, and wait until it has ended."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        self.process.wait()

    def _tell(self, order: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):  # it has died: its closed output tells of that
            self.process.stdin.write(json.dumps(order) + "\n")

    def _listen(self, answers: queue.Queue[tuple[_Worker, dict[str, Any] | None]]) -> None:
        assert self.process.stdout is not None
        with contextlib.suppress(ValueError):  # half a line of a process that was killed
            for line in self.process.stdout:
                answers.put((self, json.loads(line)))
        self.process.stdout.close()
        answers.put((self, None))
