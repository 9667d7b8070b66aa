"""A process that fits the pieces it is told of on its standard input, until that is closed."""

from __future__ import annotations

import base64
import json
import os
import pickle
import queue
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from typing import Any, TextIO

from eisfit.bulk.job import Job
from eisfit.bulk.piece import Fitted, Piece, Written, fitted_piece
from eisfit.errors import EisfitError
from eisfit.store.spectra_table import SpectraTable


def main() -> None:
    """Fit pieces until the standard input is closed or the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends its workers
    told: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=_listen, args=(told,), daemon=True).start()
    answers = Answers(os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8"))
    os.dup2(2, 1)  # what a library prints does not get among the answers
    from eisfit.fitting import batch  # noqa: F401  # now, not with the first piece

    job: Job = pickle.loads(base64.b64decode(told.get()["job"]))  # of the parent, and of nobody else
    table = SpectraTable(job.data)
    answers.tell({"ready": os.getpid()})
    writer, writing = ThreadPoolExecutor(1), None
    while True:
        piece = Piece(**told.get())
        answers.tell({"begun": piece.first})
        found = _tried(partial(fitted_piece, job, table, piece))
        if writing is not None:
            writing.result()  # at most one waits for the disk while another one is fitted
        writing = writer.submit(_write, found, answers)


def _tried(call: Callable[[], Any]) -> Any:
    """Return what a call returns; of what it raises, the answer."""
    try:
        return call()
    except EisfitError as error:
        return {"refused": str(error)}
    except Exception as error:  # of one of the rows: the parent finds out which
        return {"lost": f"{type(error).__name__}: {error}"}


def _write(found: Any, answers: Answers) -> None:
    """Write the fits of a piece, and answer; the disk takes its time while the next piece is fitted."""
    if isinstance(found, Fitted):
        found = _tried(found.write)
    answers.tell(asdict(found) if isinstance(found, Written) else found)


class Answers:
    """Lines to the parent, one at a time."""

    def __init__(self, pipe: TextIO) -> None:
        self._pipe, self._lock = pipe, threading.Lock()

    def tell(self, answer: dict[str, Any]) -> None:
        """Write an answer."""
        with self._lock:
            self._pipe.write(json.dumps(answer) + "\n")


def _listen(told: queue.Queue[dict[str, Any]]) -> None:
    """Hand on what the parent tells, and end the process, whatever it does, when the parent is gone."""
    for line in sys.stdin:
        told.put(json.loads(line))
    os._exit(0)
