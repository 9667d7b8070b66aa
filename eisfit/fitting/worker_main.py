"""A process that fits the blocks of spectra which it is handed, until its standard input is closed."""

from __future__ import annotations

import os
import pickle
import queue
import signal
import sys
import threading
from typing import Any, BinaryIO


def main() -> None:
    """Answer each block with what came of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends its workers
    told: queue.SimpleQueue[Any] = queue.SimpleQueue()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints does not get among the answers
    threading.Thread(target=_listen, args=(sys.stdin.buffer, told), daemon=True).start()
    task, first = told.get()
    from eisfit.fitting.batch import fitted_block

    put(answers, "ready")
    while True:
        block = told.get()
        try:
            answer: Any = fitted_block(task, block, first)
        except Exception as error:
            answer = error
        put(answers, answer)


def put(pipe: BinaryIO, value: Any) -> None:
    """Write a value."""
    pickle.dump(value, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def _listen(orders: BinaryIO, told: queue.SimpleQueue[Any]) -> None:
    """Hand on what the parent tells, and end the process, whatever it does, when the parent is gone."""
    try:
        while True:
            told.put(pickle.load(orders))  # of the parent, and of nobody else
    except (EOFError, pickle.UnpicklingError):
        os._exit(0)
