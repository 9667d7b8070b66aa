"""Workers of a Dask cluster, which a scheduler of the user hands pieces to."""

from __future__ import annotations

import logging
import queue
import re
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from eisfit.bulk.executors import End
from eisfit.bulk.job import Job
from eisfit.bulk.piece import Piece, Written, fit_piece
from eisfit.errors import EisfitError, InputError
from eisfit.store.spectra_table import SpectraTable

PER_WORKER = 4  # pieces that each worker has at most
_LOOPBACK = re.compile(r"(127\.\d+\.\d+\.\d+|localhost|\[::1\]):\d+")
_WAIT_S = 10.0
_LOOK_S = 5.0  # without an end of a piece, after which it is asked whether the scheduler still answers
_WITHOUT_WORKERS_S = 120.0  # new ones may come, such as those of another job of a cluster


class Dask:
    """The workers of a Dask scheduler; they see the files under the same names.

    Parameters
    ----------
    job : Job
        What they fit.
    address : str
        ``HOST:PORT`` of a scheduler on this machine, or ``tls://HOST:PORT``, with the certificates that the
        configuration of Dask names.

    Raises
    ------
    InputError
        If the address is another machine without TLS, Dask is not installed, or nothing answers there.
    """

    def __init__(self, job: Job, address: str) -> None:
        if not (address.startswith("tls://") or _LOOPBACK.fullmatch(address)):
            raise InputError(
                f"dask://{address}: whoever reaches an open scheduler runs what he likes: give dask://127.0.0.1:PORT, "
                "or dask://tls://HOST:PORT with certificates in the configuration of Dask"
            )
        try:
            from distributed import Client
        except ImportError:
            raise InputError("dask:// needs Dask: pip install 'eisfit-heteroionic[dask]'") from None
        for name in ("distributed.client", "distributed.utils"):  # what ends a batch is told in one sentence
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._address = address
        self._client: Any = self._connected(Client)
        try:
            workers = len(self._known()["workers"])
        except TimeoutError:
            raise self._gone(f"has not answered for {_WAIT_S:g} s") from None
        if not workers:
            self._client.close()
            raise InputError(f"dask://{address}: the scheduler has no workers: start some")
        self.room = PER_WORKER * workers
        self._job = job
        self._pieces = dict[str, tuple[Piece, Any]]()
        self._ended = queue.SimpleQueue[str]()
        self._workers_seen = time.monotonic()

    def begin(self, job: Job) -> None:
        """Take the job."""
        self._job = job

    def give(self, piece: Piece) -> None:
        """Hand a piece to the scheduler.

        Raises
        ------
        InputError
            If the scheduler is gone.
        """
        try:
            future = self._client.submit(fit_on_worker, self._job, piece, pure=False)
        except Exception as error:  # Dask has several for a connection that is closed
            raise self._gone(f"is gone ({type(error).__name__})") from error
        self._pieces[future.key] = piece, future
        future.add_done_callback(lambda done: self._ended.put(done.key))

    def next_end(self) -> End:
        """Wait until a worker has done a piece, or Dask has given it up.

        Raises
        ------
        InputError
            If the scheduler does not answer any more, or has lost its workers or what it was given.
        """
        while True:
            try:
                key = self._ended.get(timeout=_LOOK_S)
            except queue.Empty:
                self._check_answers()
                continue
            piece, future = self._pieces.pop(key)
            if future.status not in ("finished", "error"):
                raise self._gone("has lost what it was given")
            error = future.exception(timeout=_WAIT_S)
            written, lost = None, "" if error is None else f"its worker ended ({type(error).__name__})"
            if error is None:
                try:
                    written = future.result(timeout=_WAIT_S)
                except Exception as failure:  # what is told went with the worker: the next one finds the file
                    lost = f"what is told of it is lost ({type(failure).__name__})"
            future.release()
            if isinstance(error, EisfitError):
                raise InputError(str(error))
            return End(piece, lost, written)

    def close(self) -> None:
        """Take back what is not done."""
        self._client.close(timeout=_LOOK_S)

    def _connected(self, client: Callable[..., Any]) -> Any:
        """Return a client of the scheduler; one that is stopped takes the connection, and then never answers."""
        made = queue.SimpleQueue[Any]()

        def connect() -> None:
            try:
                made.put(client(self._address, timeout=_WAIT_S))
            except Exception as error:
                made.put(error)

        threading.Thread(target=connect, daemon=True).start()
        try:
            found = made.get(timeout=_WAIT_S + _LOOK_S)
        except queue.Empty:
            raise self._gone(f"has not answered for {_WAIT_S + _LOOK_S:g} s") from None
        if isinstance(found, (OSError, TimeoutError)):
            raise InputError(
                f"dask://{self._address}: no scheduler answers there ({found}): start one"
            ) from None
        if isinstance(found, Exception):
            raise found
        return found

    def _known(self) -> Any:
        """Return what the scheduler says of itself; TimeoutError if it says nothing."""
        return self._client.sync(self._client.scheduler.identity, callback_timeout=_WAIT_S)

    def _check_answers(self) -> None:
        """Raise InputError if the scheduler does not answer any more, or has had no workers for a long time."""
        if self._client.status == "closed":
            raise self._gone("is gone")
        try:
            known = self._known()
        except TimeoutError:
            raise self._gone(f"has not answered for {_WAIT_S:g} s") from None
        except Exception:  # the connection breaks: Dask tries for some seconds to have it back
            return
        now = time.monotonic()
        if known["workers"]:
            self._workers_seen = now
        elif now - self._workers_seen > _WITHOUT_WORKERS_S:
            raise self._gone(f"has had no workers for {_WITHOUT_WORKERS_S:g} s")

    def _gone(self, how: str) -> InputError:
        return InputError(
            f"dask://{self._address}: the scheduler {how}; the chunks that are done stay: start it and its workers, "
            "and give the same command again"
        )


def fit_on_worker(job: Job, piece: Piece) -> Written:
    """Fit a piece where Dask runs it."""
    return fit_piece(job, _table(str(job.data)), piece)


@lru_cache(maxsize=4)
def _table(data: str) -> SpectraTable:
    return SpectraTable(data)
