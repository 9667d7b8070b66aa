"""Where pieces are fitted: in this process, or in others that may die."""

from __future__ import annotations

import base64
import contextlib
import json
import pickle
import queue
import threading
from collections import deque
from dataclasses import dataclass
from typing import Any, Protocol

from eisfit.bulk.job import Job
from eisfit.bulk.piece import Piece, fit_piece
from eisfit.engine.backends.cpu import available_cores
from eisfit.errors import EisfitError, InputError
from eisfit.store.spectra_table import SpectraTable
from eisfit.tools.child_processes import ONE_THREAD, how_ended, started
from eisfit.tools.nearest import did_you_mean

KINDS = ("inline", "processes", "dask")
_FRUITLESS = 3  # workers in a row that end before they are ready


@dataclass(frozen=True)
class End:
    """How a piece ended.

    Parameters
    ----------
    piece : Piece
        Which.
    lost : str
        Why it is not done, such as that its worker died; empty where it is done.
    """

    piece: Piece
    lost: str = ""


class Executor(Protocol):
    """Where pieces are fitted."""

    room: int
    """How many pieces it takes before one has ended."""

    def give(self, piece: Piece) -> None:
        """Take a piece."""

    def next_end(self) -> End:
        """Wait until one of the pieces given has ended.

        Raises
        ------
        EisfitError
            If the data cannot be read, the fits not be written, or the settings not be used.
        """

    def close(self) -> None:
        """End at once; pieces that are under way are given up."""


class Inline:
    """The process itself, one piece after another."""

    def __init__(self, job: Job) -> None:
        self.job, self.table, self.room = job, SpectraTable(job.data), 1
        self.given: deque[Piece] = deque()

    def give(self, piece: Piece) -> None:
        """Take a piece."""
        self.given.append(piece)

    def next_end(self) -> End:
        """Fit the next piece."""
        piece = self.given.popleft()
        try:
            fit_piece(self.job, self.table, piece)
        except EisfitError:
            raise
        except Exception as error:  # of one of the rows: halving finds out which
            return End(piece, f"{type(error).__name__}: {error}")
        return End(piece)

    def close(self) -> None:
        """Do nothing: no piece is under way."""


class Processes:
    """Worker processes of this machine, each with one thread; one that dies is replaced.

    Parameters
    ----------
    job : Job
        What they fit.
    number : int, optional
        Of workers; as many as there are cores if not given.
    """

    def __init__(self, job: Job, number: int | None = None) -> None:
        self.room = number or available_cores()
        self._job = base64.b64encode(pickle.dumps(job)).decode()
        self._answers: queue.Queue[tuple[_Worker, dict[str, Any] | None]] = queue.Queue()
        self._idle: list[_Worker] = []
        self._all: list[_Worker] = []
        self._fruitless = 0

    def give(self, piece: Piece) -> None:
        """Hand a piece to a worker that has none, or to a new one."""
        worker = self._idle.pop() if self._idle else self._new()
        worker.give(piece)

    def next_end(self) -> End:
        """Wait until a worker has done its piece, or is dead."""
        while True:
            worker, answer = self._answers.get()
            if answer is not None and "ready" in answer:
                worker.ready, self._fruitless = True, 0
                continue
            piece, worker.piece = worker.piece, None
            if answer is None:
                self._bury(worker)
                if piece is None:
                    continue
                return End(piece, f"its worker process ended ({worker.how_ended()})")
            self._idle.append(worker)
            assert piece is not None
            if "refused" in answer:
                raise InputError(answer["refused"])
            return End(piece, answer.get("lost", ""))

    def close(self) -> None:
        """End all workers."""
        for worker in self._all:
            worker.process.kill()
        for worker in self._all:
            worker.process.wait()
            worker.let_go()
        self._all, self._idle = [], []

    @property
    def workers(self) -> list[int]:
        """Process numbers of the workers that were started and not found dead."""
        return [worker.process.pid for worker in self._all]

    def _new(self) -> _Worker:
        worker = _Worker(self._job, self._answers)
        self._all.append(worker)
        return worker

    def _bury(self, worker: _Worker) -> None:
        self._all.remove(worker)
        worker.let_go()
        if worker in self._idle:
            self._idle.remove(worker)
        if not worker.ready:
            self._fruitless += 1
            if self._fruitless >= _FRUITLESS:
                raise InputError(
                    f"{_FRUITLESS} worker processes in a row ended before they began ({worker.how_ended()}); what they "
                    "said stands above: give --executor inline to fit in this process"
                )


class _Worker:
    """One worker process, the piece that it has, and a thread that listens to it."""

    def __init__(self, job: str, answers: queue.Queue[tuple[_Worker, dict[str, Any] | None]]) -> None:
        self.piece: Piece | None = None
        self.ready = False
        self.process = started("eisfit.bulk.worker", ONE_THREAD, text=True, encoding="utf-8", bufsize=1)
        self._tell({"job": job})
        threading.Thread(target=self._listen, args=(answers,), daemon=True).start()

    def give(self, piece: Piece) -> None:
        """Tell the process of a piece."""
        self.piece = piece
        self._tell({"first": piece.first, "last": piece.last, "place": str(piece.place)})

    def how_ended(self) -> str:
        """Return by which signal or with which code it ended."""
        return how_ended(self.process)

    def let_go(self) -> None:
        """Close what led to the process."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()

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


def executor_of(text: str, job: Job) -> Executor:
    """Return the executor of a text.

    Parameters
    ----------
    text : str
        ``inline``, ``processes``, ``processes:4``, or ``dask://127.0.0.1:8786``.
    job : Job
        What it fits.

    Raises
    ------
    InputError
        If it is none of these.
    """
    kind, _, rest = text.partition(":")
    if text == "inline":
        return Inline(job)
    if kind == "processes" and (not rest or (rest.isdigit() and int(rest) > 0)) and text.rstrip(":") == text:
        return Processes(job, int(rest) if rest else None)
    if kind == "dask" and rest.startswith("//") and len(rest) > 2:
        from eisfit.bulk.dask_workers import Dask

        return Dask(job, rest.removeprefix("//"))
    raise InputError(
        f"--executor {text!r}{did_you_mean(kind, KINDS)}: give inline, processes, processes:N with N at least 1, or "
        "dask://HOST:PORT"
    )
