"""Workers of a Dask cluster, which a scheduler of the user hands pieces to."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from eisfit.bulk.executors import End
from eisfit.bulk.job import Job
from eisfit.bulk.piece import Piece, fit_piece
from eisfit.errors import EisfitError, InputError
from eisfit.store.spectra_table import SpectraTable

PER_WORKER = 4  # pieces that each worker has at most
_LOOPBACK = re.compile(r"(127\.\d+\.\d+\.\d+|localhost|\[::1\]):\d+")
_WAIT_S = 10.0


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
            from distributed import Client, as_completed
        except ImportError:
            raise InputError("dask:// needs Dask: pip install 'eisfit-heteroionic[dask]'") from None
        try:
            self._client: Any = Client(address, timeout=_WAIT_S)
        except (OSError, TimeoutError) as error:
            raise InputError(f"dask://{address}: no scheduler answers there ({error}): start one") from None
        workers = len(self._client.scheduler_info()["workers"])
        if not workers:
            self._client.close()
            raise InputError(f"dask://{address}: the scheduler has no workers: start some")
        self.room = PER_WORKER * workers
        self._job, self._pieces = job, dict[Any, Piece]()
        self._ended: Any = as_completed()

    def give(self, piece: Piece) -> None:
        """Hand a piece to the scheduler."""
        order = (str(self._job.data), piece.first, piece.last, str(piece.place))
        future = self._client.submit(fit_on_worker, self._job, *order, pure=False)
        self._pieces[future.key] = piece
        self._ended.add(future)

    def next_end(self) -> End:
        """Wait until a worker has done a piece, or Dask has given it up."""
        future = next(self._ended)
        piece, error = self._pieces.pop(future.key), future.exception()
        future.release()
        if isinstance(error, EisfitError):
            raise InputError(str(error))
        return End(piece, "" if error is None else f"its worker ended ({type(error).__name__})")

    def close(self) -> None:
        """Take back what is not done."""
        self._client.close()


def fit_on_worker(job: Job, data: str, first: int, last: int, place: str) -> None:
    """Fit a piece where Dask runs it."""
    fit_piece(job, _table(data), Piece(first, last, Path(place)))


@lru_cache(maxsize=4)
def _table(data: str) -> SpectraTable:
    return SpectraTable(data)
