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
from dataclasses import asdict
from typing import Any

from eisfit.bulk.job import Job
from eisfit.bulk.piece import Piece, fit_piece
from eisfit.errors import EisfitError
from eisfit.store.spectra_table import SpectraTable


def main() -> None:
    """Fit pieces until the standard input is closed or the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends its workers
    told: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=_listen, args=(told,), daemon=True).start()
    answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)  # what a library prints does not get among the answers
    from eisfit.fitting import batch  # noqa: F401  # now, not with the first piece

    job: Job = pickle.loads(base64.b64decode(told.get()["job"]))  # of the parent, and of nobody else
    table = SpectraTable(job.data)
    print(json.dumps({"ready": os.getpid()}), file=answers)
    while True:
        answer: dict[str, Any]
        try:
            answer = asdict(fit_piece(job, table, Piece(**told.get())))
        except EisfitError as error:
            answer = {"refused": str(error)}
        except Exception as error:  # of one of the rows: the parent finds out which
            answer = {"lost": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers)


def _listen(told: queue.Queue[dict[str, Any]]) -> None:
    """Hand on what the parent tells, and end the process, whatever it does, when the parent is gone."""
    for line in sys.stdin:
        told.put(json.loads(line))
    os._exit(0)
